"""100,000 personalised messages in one run, beside the bare `render` of the same compiled Jinja template.

    python -m benchmarks rendering
    python -m benchmarks.rendering 5000      (a quick try)

What the bare render does not do: keep control characters out of what customers are called, cut what is too long,
refuse what is not known, keep to the channel's limit, and count the parts of each SMS. Each figure is the best of
several rounds in which the two take turns, so that a busy machine slows both; each round has readers of its own, whose
names have not been seen before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import jinja2

from benchmarks import Figures
from engine.campaigns.messages import Facts, write_all
from engine.campaigns.templates import Template, chosen, in_folder
from engine.places import shipped

N = 100_000
ROUNDS = 5
BAR = 0.60
CASES = (("win_back", "sms", "en"), ("win_back", "sms", "zh"), ("birthday", "text", "en"), ("win_back", "email", "zh"))


def run() -> Figures:
    rows = [_row(goal, channel, language, N) for goal, channel, language in CASES]
    return Figures(
        f"{N:,} personalised messages, one in four with a product, one in ten without a name",
        ("message", "language", "bare Jinja, a second", "Zhike, a second", "share of bare", "bar"),
        rows,
        ("SMS: with the parts of each. E-mail: subject, preview line and text; the bare render writes all three too.",),
    )


def _row(goal: str, channel: str, language: str, n: int) -> tuple[object, ...]:
    template = chosen(in_folder(shipped("templates")), goal, channel=channel, language=language)[0]
    rates = []
    for round_ in range(ROUNDS):
        readers = _readers(n, language, round_)
        bare, ours = _bare(template, readers), partial(write_all, [template], [0] * n, readers)
        rates.append((n / _seconds(bare), n / _seconds(ours)))
    bare_rate, our_rate = (max(column) for column in zip(*rates, strict=True))
    share = our_rate / bare_rate
    return (
        f"{goal}, {channel}",
        language,
        f"{bare_rate:,.0f}",
        f"{our_rate:,.0f}",
        f"{share:.0%}",
        f"at least {BAR:.0%}: {'kept' if share >= BAR else 'MISSED'}",
    )


def _readers(n: int, language: str, round_: int) -> list[Facts]:
    who, what, shop = ("李", "铁观音", "山间茶铺") if language == "zh" else ("Ann", "Oolong", "Hill Tea")
    names = [None if i % 10 == 3 else f"{who} {round_}.{i}" for i in range(n)]
    products = [f"{what} {i % 300}" if i % 4 == 0 else None for i in range(n)]
    return [Facts(names[i], products[i], i % 400, shop) for i in range(n)]


def _bare(template: Template, readers: Sequence[Facts]) -> Callable[[], list[tuple[str, ...]]]:
    environment = jinja2.Environment()
    parts = [environment.from_string(source) for source in (template.body, *template.extras.values())]
    contexts = [vars(facts) for facts in readers]
    return lambda: [tuple(part.render(context) for part in parts) for context in contexts]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    N = int(sys.argv[1]) if len(sys.argv) > 1 else N
    print(run())
