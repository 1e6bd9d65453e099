"""How often a verdict is wrong, and what it costs to be right: simulated campaigns, per cent of them.

False *enough*: two or more equal variants, and one was called better at any look; looked at after every outcome, which
is at least as often as 1, 5 or 50 looks are. The worst of all cells is told: rates of 1, 5 and 20 %, and 20, 200 and
2,000 people per variant. Bandits choose in twenty waves; “late” are outcomes that come one wave late. “Extended” adds
as many people as were planned, twice, whenever there was no verdict.
Plan size and sends until a verdict are multiples of what one fixed look takes to see the same difference as often.
Miss: the interval of the difference was ever wrong. Width: at the planned end, against Newcombe's.
A worst cell is found in some campaigns and told from others, with the 95 % interval of the simulation itself: the worst
of nine counts is too high by their luck alone. By proof no share of two variants is above 2 / ENOUGH = 4.8 %.

`python -m benchmarks.honest_verdicts quick` tries it with few campaigns, and other seeds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import ceil

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks import Figures
from benchmarks.made_campaigns import MAKERS, Campaigns, Floats, Make, Numbers, house, ucb1, uniform
from engine.experiments.betting import BOLDNESS, ENOUGH, Bets, chance_of_enough, grown
from engine.experiments.evidence import Sent, drawn_bets, paired_bets
from engine.experiments.intervals import newcombe, wilson
from engine.experiments.plan import LearningPlan, shown_by
from engine.experiments.policies import policies
from engine.experiments.power import detectable_rate, sends_needed
from engine.experiments.sequences import difference_sequence
from engine.experiments.verdict import FEWEST_WINS, HOPELESS

Flags = NDArray[np.bool_]
Cell = tuple[float, int]

REPORTED = 11272026  # the seed of the reported run, which nothing was tuned on
RATES = (0.01, 0.05, 0.2)
SIZES = (20, 200, 2000)
LARGE = 1000  # people per variant
CLEAR = 0.02  # a worst cell below this needs no second count
MORE_FOR_COSTS = 3  # times as many campaigns: the size of a plan is where their share crosses a line
AT_ONCE = 250  # campaigns, so that they fit into memory
SIZES_TRIED = (1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35, 1.4, 1.5)


def bets_on(
    campaigns: Campaigns, k: int, j: int, planned: Floats, base: float, difference: float | Floats = 0.0
) -> Bets:
    """Games: campaigns × 2. `planned`: before each message, how many to all variants together."""
    sends = int(planned[0]) // campaigns.n_variants
    base = LearningPlan(sends, base, shown_by(base, sends)).middle
    variant, y = campaigns.variant, campaigns.outcome
    if campaigns.chances is None:
        return _pairs(campaigns, k, j, planned, base, difference)
    of_k, both = campaigns.chances[..., k], campaigns.chances[..., k] + campaigns.chances[..., j]
    to_come = np.maximum(planned - np.arange(len(y)), 0)[:, None] * both
    inside = (variant == k) | (variant == j)
    return drawn_bets(y, variant == k, of_k / both, to_come, base, np.asarray(difference), inside)


def _pairs(campaigns: Campaigns, k: int, j: int, planned: Floats, base: float, difference: float | Floats) -> Bets:
    first, second = (_in_turn(campaigns, which) for which in (k, j))
    n = len(first) // 2
    inside = ~np.isnan(first[:n]) & ~np.isnan(second[:n])
    each = np.maximum(planned[0] / campaigns.n_variants - np.arange(n), 0)[:, None]
    return paired_bets(np.nan_to_num(first[:n]), np.nan_to_num(second[:n]), each, base, np.asarray(difference), inside)


def _in_turn(campaigns: Campaigns, k: int) -> Floats:
    """The outcomes of one variant from the top, NaN below."""
    is_k = campaigns.variant == k
    order = np.argsort(~is_k, axis=0, kind="stable")
    return np.take_along_axis(np.where(is_k, campaigns.outcome, np.nan), order, axis=0)


def found(campaigns: Campaigns, planned: Floats, base: float) -> Numbers:
    """After how many messages each campaign had some variant that had beaten all others; n + 1: never.

    Campaigns by pairs: twice the pairs of two variants.
    """
    n, n_campaigns = campaigns.variant.shape
    reached = np.zeros((n_campaigns, campaigns.n_variants, campaigns.n_variants), np.int64)
    for k in range(campaigns.n_variants):
        for j in range(k):
            games = grown(bets_on(campaigns, k, j, planned, base))
            steps = np.where(np.isinf(games.highest) | (games.highest >= ENOUGH), games.reached, n + 1)
            steps = np.minimum(steps * (2 if campaigns.chances is None else 1), n + 1)
            reached[:, k, j], reached[:, j, k] = steps[:, 0], steps[:, 1]
    return reached.max(axis=2).min(axis=1)


@dataclass(frozen=True)
class Size:
    """How many campaigns: of a cell, and of the cell that was worst, counted anew; the same of the house's policies.

    of_width: for the width of intervals, with 20 people per variant; less with more people.
    """

    campaigns: int
    again: int
    of_policy: int
    policy_again: int
    of_width: int
    rates: tuple[float, ...] = RATES
    sizes: tuple[int, ...] = SIZES


FULL = Size(1000, 8000, 200, 4000, 60)
QUICK = Size(200, 500, 20, 40, 6, (0.05, 0.2), (20, 200))
OF_POLICIES = ((0.05, 200), (0.2, 40))  # rates and people per variant


@dataclass(frozen=True)
class Share:
    """So many of so many campaigns."""

    wrong: int
    of: int

    def __float__(self) -> float:
        return self.wrong / self.of

    def __str__(self) -> str:
        low, high = wilson(self.wrong, self.of)
        return f"{100 * float(self):.1f} ({100 * low:.1f}-{100 * high:.1f})"


def _cells(size: Size) -> list[Cell]:
    return [(rate, n) for rate in size.rates for n in size.sizes]


def _many(n_campaigns: int, n: int, n_variants: int = 2) -> int:
    """Fewer campaigns where they are large, and where they have more than two variants."""
    return n_campaigns * (4 if n <= 20 else 2 if n <= LARGE else 1) // (2 if n_variants == 2 else 8)


def _in_parts(n_campaigns: int, n_messages: int) -> list[int]:
    part = max(20, min(n_campaigns, AT_ONCE * 4000 // max(n_messages, 1)))
    return [min(part, n_campaigns - start) for start in range(0, n_campaigns, part)]


def false_enough(
    make: Make, cell: Cell, n_campaigns: int, rng: Generator, *, n_variants: int = 2, extensions: int = 0
) -> Share:
    """Of campaigns with equal variants: those in which one was ever called better."""
    rate, n = cell
    planned = np.repeat(np.arange(1, extensions + 2) * float(n * n_variants), n * n_variants)
    wrong = 0
    for part in _in_parts(n_campaigns, len(planned) * n_variants // 2):
        campaigns = make([rate] * n_variants, len(planned), part, rng)
        wrong += int((found(campaigns, planned, rate) <= len(planned)).sum())
    return Share(wrong, n_campaigns)


def misses(make: Make, cell: Cell, n_campaigns: int, rng: Generator) -> Share:
    """Of campaigns, half of them with a difference as large as the plan shows: the interval ever excluded the truth."""
    rate, n = cell
    wrong, planned = 0, np.full(2 * n, 2.0 * n)
    for other in (rate, detectable_rate(rate, n) or rate):
        for part in _in_parts(n_campaigns // 2, 2 * n):
            campaigns = make([rate, other], 2 * n, part, rng)
            highest = grown(bets_on(campaigns, 1, 0, planned, rate, other - rate)).highest
            wrong += int((highest >= ENOUGH).any(axis=1).sum())
    return Share(wrong, n_campaigns // 2 * 2)


def worst(count: Callable[[Cell, int], Share], size: Size, n_variants: int = 2) -> Share:
    return _worst_of({cell: _many(size.campaigns, cell[1], n_variants) for cell in _cells(size)}, count, size.again)


def _worst_of(campaigns: Mapping[Cell, int], count: Callable[[Cell, int], Share], again: int) -> Share:
    """Of the worst cell, in campaigns of its own: those that it was found by would tell of their luck."""
    shares = {cell: count(cell, n_campaigns) for cell, n_campaigns in campaigns.items()}
    cell = max(shares, key=lambda one: float(shares[one]))
    return shares[cell] if float(shares[cell]) < CLEAR else count(cell, again)


def naive(make: Make, size: Size, rng: Generator, looks: int, *, chance_to_win: bool = False) -> list[float]:
    """The same of |z| > 1.96, or a chance to win above 95 %, at equally many looks."""
    shares = []
    for rate, n in _cells(size):
        wrong, many = 0, _many(size.campaigns, n)
        for part in _in_parts(many, 2 * n):
            campaigns = make([rate, rate], 2 * n, part, rng)
            called = _naive_calls(campaigns, np.unique(np.linspace(0, 2 * n, looks + 1).round().astype(int))[1:])
            wrong += int((called[1 if chance_to_win else 0]).sum())
        shares.append(wrong / many)
    return shares


def _naive_calls(campaigns: Campaigns, at: Numbers) -> tuple[Flags, Flags]:
    wins = [np.cumsum(campaigns.outcome * (campaigns.variant == k), axis=0)[at - 1] for k in (0, 1)]
    sends = [np.cumsum(campaigns.variant == k, axis=0)[at - 1] for k in (0, 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (wins[0] + wins[1]) / (sends[0] + sends[1])
        z = (wins[0] / sends[0] - wins[1] / sends[1]) / np.sqrt(pooled * (1 - pooled) * (1 / sends[0] + 1 / sends[1]))
        means = [(w + 1) / (s + 2) for w, s in zip(wins, sends, strict=True)]
        spread = sum(m * (1 - m) / (s + 3) for m, s in zip(means, sends, strict=True))
        win = (means[0] - means[1]) / np.sqrt(spread)
    return (np.abs(np.nan_to_num(z)) > 1.96).any(axis=0), (np.abs(win) > 1.645).any(axis=0)


@dataclass(frozen=True)
class Cost:
    """Of one cell. plan, sends until a verdict: multiples of the fixed look's.

    never: when it is said in a campaign with nothing to find, as a share of the plan; None where too few buy. lost: the
    share of campaigns with something to find that lose their *enough* by it.
    """

    plan: float
    sends: float
    never: float | None
    lost: float


def costs(make: Make, size: Size, rng: Generator) -> list[Cost]:
    """Of each cell; the largest plan, which its luck may have made so, is told from campaigns of its own."""
    plans = {}
    for rate, n in _cells(size):
        other = detectable_rate(rate, n)
        if other is not None and other <= 0.95:
            plans[rate, n] = (other, _plan(make, (rate, n), other, size.campaigns * MORE_FOR_COSTS, rng))
    cell = max(plans, key=lambda one: plans[one][1])
    other, _ = plans[cell]
    plans[cell] = (other, _plan(make, cell, other, size.again, rng))
    return [_cost(make, rate, other, n, times, size, rng) for (rate, n), (other, times) in plans.items()]


def _plan(make: Make, cell: Cell, other: float, n_campaigns: int, rng: Generator) -> float:
    """The plan that shows the difference as often as one fixed look does, in multiples of the fixed look's."""
    rate, n = cell
    fixed = _fixed_power(rate, other, n, n_campaigns, rng)
    powers = [_power(make, rate, other, ceil(n * times), _many(n_campaigns, n), rng) for times in SIZES_TRIED]
    return float(np.interp(fixed, np.maximum.accumulate(powers), SIZES_TRIED))


def _fixed_power(rate: float, other: float, n: int, n_campaigns: int, rng: Generator) -> float:
    first, second = rng.binomial(n, rate, 20 * n_campaigns), rng.binomial(n, other, 20 * n_campaigns)
    pooled = (first + second) / (2 * n)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.nan_to_num((second - first) / n / np.sqrt(pooled * (1 - pooled) * 2 / n))
    return float((z > 1.96).mean())


def _power(make: Make, rate: float, other: float, n: int, n_campaigns: int, rng: Generator) -> float:
    planned, right = np.full(2 * n, 2.0 * n), 0
    for part in _in_parts(n_campaigns, 2 * n):
        campaigns = make([rate, other], 2 * n, part, rng)
        right += int((found(campaigns, planned, rate) <= 2 * n).sum())
    return right / n_campaigns


def _cost(make: Make, rate: float, other: float, n: int, times: float, size: Size, rng: Generator) -> Cost:
    plan = ceil(n * times)
    planned = np.full(2 * plan, 2.0 * plan)
    sends, nevers, lost, many = 0.0, [], 0, _many(size.campaigns * MORE_FOR_COSTS, n)
    for part in _in_parts(many, 2 * plan):
        different = make([rate, other], 2 * plan, part, rng)
        sends += float(np.minimum(found(different, planned, rate), 2 * plan).sum())
        never, enough = _never(different, planned, rate, other)
        lost += int(((never < enough) & (enough <= 2 * plan)).sum())
        same = make([rate, rate], 2 * plan, part, rng)
        nevers.append(_never(same, planned, rate, other)[0])
    never = float(np.median(np.minimum(np.concatenate(nevers), 2 * plan))) / (2 * plan)
    few = plan * rate < FEWEST_WINS
    return Cost(times, sends / many / (2 * n), None if few else never, lost / many)


def _never(campaigns: Campaigns, planned: Floats, rate: float, other: float) -> tuple[Numbers, Numbers]:
    """After how many messages *never* is said, and *enough*; n + 1: not at all. As in `verdict`, but by the plan."""
    n = len(campaigns.variant)
    bets = bets_on(campaigns, 1, 0, planned, rate)
    games = grown(bets, with_path=True)
    step = 2 if campaigns.chances is None else 1
    ends = np.minimum(games.at * step, n) - 1
    wins = np.cumsum(campaigns.outcome, axis=0)[ends]
    base = (wins / (ends + 1)[:, None])[..., None]
    variance = np.maximum(base * (1 - base), 1e-9)
    drift = BOLDNESS * (other - rate) / variance
    chances = chance_of_enough(games.path, bets.left[np.minimum(games.at, len(bets.left) - 1)], drift)
    hopeless = (chances.max(axis=2) < HOPELESS) & (wins >= 2 * FEWEST_WINS)
    first = np.where(hopeless.any(axis=0), step * games.at[hopeless.argmax(axis=0)], n + 1)
    return first, np.minimum(step * games.reached.min(axis=1), n + 1)


def widths(make: Make, size: Size, rng: Generator) -> list[float]:
    """Per cell, how wide the interval is at the planned end, in mean, against Newcombe's; the widest is told anew."""
    ratios = {cell: _width(make, cell, max(4, size.of_width * 5 // (cell[1] // 4)), rng) for cell in _cells(size)}
    cell = max(ratios, key=lambda one: ratios[one])
    ratios[cell] = _width(make, cell, size.of_width * (5 if cell[1] <= LARGE else 1), rng)
    return list(ratios.values())


def _width(make: Make, cell: Cell, n_campaigns: int, rng: Generator) -> float:
    rate, n = cell
    campaigns = make([rate, rate], 2 * n, n_campaigns, rng)
    plan = LearningPlan(n, rate, shown_by(rate, n))
    ours, newcombes = 0.0, 0.0
    for at in range(n_campaigns):
        chances = None if campaigns.chances is None else campaigns.chances[:, at]
        sent = Sent(campaigns.variant[:, at], campaigns.outcome[:, at].astype(np.int8), chances)
        low, high = difference_sequence(sent, plan, 1, 0)
        first, second = sent.of(0), sent.of(1)
        if not first.size or not second.size:
            continue
        below, above = newcombe(int(first.sum()), first.size, int(second.sum()), second.size)
        ours, newcombes = ours + high - low, newcombes + above - below
    return ours / newcombes


def _worst(shares: Sequence[float]) -> str:
    return f"{100 * max(shares):.1f}"


def run(size: Size = FULL, seed: int = REPORTED) -> Figures:
    with ProcessPoolExecutor() as pool:
        made = [pool.submit(row, name, size, seed, at) for at, name in enumerate(MAKERS, 1)]
        made += [pool.submit(row_of_policy, name, size, seed, at) for at, name in enumerate(policies(), 100)]
        rows = [*_naive_rows(size, np.random.default_rng([seed, 0])), *(one.result() for one in made)]
    header = (
        *("rule", "who gets which", "false enough", "extended twice", "3 variants", "5 variants", "miss"),
        *("plan (worst)", "sends to verdict", "never at", "lost by it", "width (widest)"),
    )
    return Figures("Verdicts that stay true", header, rows, _notes(size))


def _naive_rows(size: Size, rng: Generator) -> list[tuple[str, ...]]:
    once, often = (naive(uniform, size, rng, looks) for looks in (1, 50))
    wins = naive(uniform, size, rng, 50, chance_to_win=True)
    blank = ("", "", "", "")
    return [
        ("one fixed look (z)", "equal shares", _worst(once), *blank, "1.00", "1.00", "", "", ""),
        ("z at 50 looks", "equal shares", _worst(often), *blank, "invalid", "", "", "", ""),
        ("chance to win > 95 % at 50 looks", "equal shares", _worst(wins), *blank, "invalid", "", "", "", ""),
    ]


def row(name: str, size: Size, seed: int, at: int) -> tuple[str, ...]:
    """Each row has a stream of its own, so that rows may be made at the same time; told as soon as it is there."""
    made = _row(name, size, np.random.default_rng([seed, at]))
    print(*made, sep=" | ", file=sys.stderr, flush=True)
    return made


def _row(name: str, size: Size, rng: Generator) -> tuple[str, ...]:
    make = MAKERS[name]

    def same(cell: Cell, n: int, **more: int) -> Share:
        return false_enough(make, cell, n, rng, **more)

    three, five = (worst(partial(same, n_variants=k), size, k) for k in (3, 5))
    longer = "" if make is ucb1 else str(worst(partial(same, extensions=2), size))
    missed = worst(lambda cell, n: misses(make, cell, n, rng), size)
    head = ("this", name, str(worst(same, size)), longer, str(three), str(five), str(missed))
    width = widths(make, size, rng)
    tail = f"{np.mean(width):.2f} ({max(width):.2f})"
    if make not in (uniform, ucb1):
        return (*head, "", "", "", "", tail)
    cost = costs(make, size, rng)
    plans = [one.plan for one in cost]
    return (
        *head,
        f"{np.mean(plans):.2f} ({max(plans):.2f})",
        f"{np.mean([one.sends for one in cost]):.2f}",
        f"{np.median([one.never for one in cost if one.never is not None]):.2f}",
        _worst([one.lost for one in cost]),
        tail,
    )


def row_of_policy(name: str, size: Size, seed: int, at: int) -> tuple[str, ...]:
    rng = np.random.default_rng([seed, at])
    campaigns = dict.fromkeys(OF_POLICIES, size.of_policy)
    two, three = (
        _worst_of(campaigns, partial(false_enough, house(name), rng=rng, n_variants=k), size.policy_again)
        for k in (2, 3)
    )
    made = ("this", f"policy {name}", str(two), "", str(three), *[""] * 7)
    print(*made, sep=" | ", file=sys.stderr, flush=True)
    return made


def _notes(size: Size) -> tuple[str, ...]:
    counts = " / ".join(f"{_many(size.campaigns, n):,} with {n:,}" for n in size.sizes)
    return (
        f"Rates {', '.join(f'{rate:.0%}' for rate in size.rates)}; campaigns a cell by people per variant: {counts}; a "
        f"quarter of that with 3 or 5 variants; of the worst cell {size.again:,} new ones, with their 95 % interval. "
        f"Of the house's policies {size.of_policy:,} campaigns a cell and {size.policy_again:,} of the worst, in eight "
        "waves, outcomes one wave late.",
        f"A difference of 5 % and {detectable_rate(0.05, 400):.1%} takes one fixed look "
        f"{sends_needed(0.05, detectable_rate(0.05, 400) or 1):.0f} messages of each.",
    )


if __name__ == "__main__":
    print(run(QUICK, 1) if sys.argv[1:] == ["quick"] else run())
