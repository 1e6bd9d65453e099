"""What the founder may believe: one variant is better, not yet, or never with these people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, log10
from statistics import NormalDist
from typing import Literal

import numpy as np

from engine.experiments.betting import BOLDNESS, ENOUGH, LEAST, chance_of_enough
from engine.experiments.evidence import Evidence
from engine.experiments.intervals import wilson
from engine.experiments.plan import PLAN, worth_telling
from engine.experiments.power import POWER, clearly_better, detectable_rate, sends_needed
from engine.experiments.tally import Tally
from engine.phrases import Phrase, counted, in_people

# Sends per variant that nobody in this trade will make; a plan beyond it is no plan.
MOST_SENDS = 100_000

# Nothing more is to be hoped for where a difference as large as the plan can show would be told with a lower chance
# than this, once each variant has brought FEWEST_WINS or so. Of campaigns with such a difference at most 1 % lose their
# *enough* by it (benchmarks/honest_verdicts.py).
HOPELESS = 0.05
FEWEST_WINS = 5


@dataclass(frozen=True)
class Verdict:
    """`best` is the index of the better variant, and known only when it is *enough*."""

    state: Literal["enough", "not yet", "never"]
    sentence: Phrase
    best: int | None = None


def verdict(
    tally: Tally,
    evidence: Evidence,
    labels: Sequence[str],
    *,
    reachable: int | None = None,
    sends_per_week: float | None = None,
) -> Verdict:
    """`reachable`: how many people there are for all variants together, with those already sent to; None: no limit.

    `sends_per_week`: to each variant; None if the shop's pace is not known.
    """
    if tally.n_variants == 1:
        return Verdict("never", Phrase("Only one version was sent: there is nothing to compare it with."))
    silent = tuple(label for label, sends in zip(labels, tally.sends, strict=True) if sends == 0)
    if len(silent) == len(labels):
        return Verdict(
            "not yet",
            Phrase("No outcomes are recorded yet. Tell me them like this: {example}.", example=_example(tally, labels)),
        )
    best = _proven(evidence)
    if best is not None:
        return Verdict("enough", _won(tally, labels, best), best)
    if silent:
        return Verdict("not yet", Phrase("Not yet: nothing is recorded yet for {versions}.", versions=silent))
    return _undecided(_Race.of(tally, evidence, labels, reachable), sends_per_week)


def _example(tally: Tally, labels: Sequence[str]) -> str:
    """Counts as they could be told, of as many messages as are waiting."""
    if not tally.waiting.any():
        return "A 3/40, B 5/41"
    bought = (min(n // 2, 1 + place) for place, n in enumerate(tally.waiting.tolist()))
    return ", ".join(f"{label} {n}/{of}" for label, n, of in zip(labels, bought, tally.waiting.tolist(), strict=True))


@dataclass(frozen=True)
class _Race:
    """The leader against its runner-up, and what could still be sent. Sends are per variant."""

    leader: str
    counts: tuple[Phrase, ...]
    sends: int  # of that one of the two that has fewer
    base: float  # the rate of the two together
    to_show_seen: float  # sends until the difference seen is likely to be certain
    limit: float  # sends that are possible and worth it
    hopeless: bool  # a difference that can be shown at all would most likely show by now
    people: int | None
    all_sends: int
    extreme: Literal["nobody", "everybody"] | None

    @classmethod
    def of(cls, tally: Tally, evidence: Evidence, labels: Sequence[str], reachable: int | None) -> _Race:
        rates = tally.rates
        leader, second = sorted(range(rates.size), key=lambda k: -rates[k])[:2]
        wins, total = int(tally.wins.sum()), int(tally.sends.sum())
        sends = int(min(tally.sends[leader], tally.sends[second]))
        people = None if reachable is None else max(reachable, total)
        extreme: Literal["nobody", "everybody"] | None = None
        if wins == 0:
            # the rates that leave most hope: as high, or as low, as what was seen allows
            extreme, base = "nobody", wilson(0, total).high
        elif wins == total:
            extreme, base = "everybody", wilson(total, total).low
        else:
            both = [leader, second]
            base = float(tally.wins[both].sum() / tally.sends[both].sum())
        limit = min(MOST_SENDS, worth_telling(base), inf if people is None else people / rates.size)
        return cls(
            leader=labels[leader],
            counts=_counts(tally, labels),
            sends=sends,
            base=base,
            to_show_seen=_sends_to_show(rates[leader], rates[second], sends, float(evidence.now[leader, second])),
            limit=limit,
            hopeless=sends * base >= FEWEST_WINS and chance_left(evidence, base, sends, limit) < HOPELESS,
            people=people,
            all_sends=total,
            extreme=extreme,
        )


def _proven(evidence: Evidence) -> int | None:
    """The variant with evidence enough against every other; None if there is none."""
    n_variants = len(evidence.highest)
    for k in range(n_variants):
        if all(evidence.highest[k, j] >= ENOUGH for j in range(n_variants) if j != k):
            return k
    return None


def chance_left(evidence: Evidence, base: float, sends: float, limit: float) -> float:
    """The chance that some variant is called better by `limit` sends of each, if it is by what so many can show."""
    better = detectable_rate(base, limit / PLAN)
    if better is None:
        return 0.0
    variance = base * (1 - base)
    left = np.maximum(evidence.left, max(limit - sends, 0.0) * variance / 2)
    chances = chance_of_enough(evidence.now, left, np.full_like(left, BOLDNESS * (better - base) / variance))
    np.fill_diagonal(chances, 1.0)
    return float(chances.min(axis=1).max())


def _sends_to_show(rate: float, other: float, sends: int, wealth: float) -> float:
    """Sends per variant, with the `sends` there are, until a difference of this size is likely to be certain.

    The plan says how many it takes from the start. Where luck has been bad and the plan is used up, the wealth says
    how far it still is: what is left must carry the sum of bets over the line (see `betting`).
    """
    if not rate > other:
        return inf
    normal = NormalDist()
    still = normal.inv_cdf(POWER) - normal.inv_cdf(max(min(wealth / ENOUGH, 1.0), LEAST) / 2)
    mean = (rate + other) / 2
    more = 2 * mean * (1 - mean) * (still / (rate - other)) ** 2 / BOLDNESS
    return max(PLAN * sends_needed(other, rate), sends + max(more, 1.0))


def _undecided(race: _Race, sends_per_week: float | None) -> Verdict:
    better = clearly_better(race.base)
    to_show_clear = PLAN * sends_needed(race.base, better)
    if race.to_show_seen <= race.limit:
        more = _about(race.to_show_seen - race.sends)
        said = counted(
            "Not yet: {counts}. If {leader} stays this far ahead, about {n} more message of each version will tell.",
            "Not yet: {counts}. If {leader} stays this far ahead, about {n} more messages of each version will tell.",
            n=more,
            counts=race.counts,
            leader=race.leader,
        )
    elif race.hopeless or to_show_clear > race.limit:
        return Verdict("never", _hopeless(race, to_show_clear))
    elif race.sends < to_show_clear:
        more = _about(to_show_clear - race.sends)
        said = _too_close_so_far(race, better, more)
    elif race.sends < race.limit and race.extreme is None:
        smaller = detectable_rate(race.base, race.limit / PLAN) or better
        more = _about(race.limit - race.sends)
        said = _too_close_so_far(race, smaller, more)
    else:
        return Verdict("never", _hopeless(race, to_show_clear))
    return Verdict("not yet", _with_weeks(said, more, sends_per_week))


def _too_close_so_far(race: _Race, better: float, more: int) -> Phrase:
    if race.extreme == "nobody":
        return counted(
            "Not yet: nobody has bought after {sends} messages. About {n} more message of each version can show a "
            "clear difference.",
            "Not yet: nobody has bought after {sends} messages. About {n} more messages of each version can show a "
            "clear difference.",
            n=more,
            sends=race.all_sends,
        )
    if race.extreme == "everybody":
        return counted(
            "Not yet: everybody has bought after {sends} messages. About {n} more message of each version can show a "
            "clear difference.",
            "Not yet: everybody has bought after {sends} messages. About {n} more messages of each version can show a "
            "clear difference.",
            n=more,
            sends=race.all_sends,
        )
    return counted(
        "Not yet: {counts}, which may still be chance. If one really gets {better:.1%} where another gets {base:.1%}, "
        "about {n} more message of each version will tell.",
        "Not yet: {counts}, which may still be chance. If one really gets {better:.1%} where another gets {base:.1%}, "
        "about {n} more messages of each version will tell.",
        n=more,
        counts=race.counts,
        better=better,
        base=race.base,
    )


def _hopeless(race: _Race, to_show_clear: float) -> Phrase:
    if race.extreme == "nobody":
        said = Phrase(
            "Nobody has bought after {sends} messages, so the versions cannot be told apart.", sends=race.all_sends
        )
    elif race.extreme == "everybody":
        said = Phrase(
            "Everybody bought after {sends} messages, so the versions cannot be told apart.", sends=race.all_sends
        )
    else:
        said = Phrase("The versions cannot be told apart: {counts}.", counts=race.counts)
    return Phrase(
        "{finding} {reason}",
        finding=said,
        reason=_why_hopeless(race, to_show_clear),
    )


def _why_hopeless(race: _Race, to_show_clear: float) -> Phrase:
    visible = detectable_rate(race.base, race.limit / PLAN)
    if race.people is None or (visible is not None and to_show_clear <= race.limit):
        shown = clearly_better(race.base) if visible is None or race.extreme else visible
        return Phrase(
            "A clear difference, such as {better:.1%} against {base:.1%}, would most likely show by now.",
            better=shown,
            base=race.base,
        )
    if visible is None:
        return counted(
            "The {n} person you can reach is too few to show any difference.",
            "The {n} people you can reach are too few to show any difference.",
            n=race.people,
        )
    of, (many, few) = in_people(visible, race.base)
    return counted(
        "You can reach {n} person. So few show only a big difference, such as about {visible} buyers of {of} with one "
        "version and {base} of {of} with another.",
        "You can reach {n} people. So few show only a big difference, such as about {visible} buyers of {of} with one "
        "version and {base} of {of} with another.",
        n=race.people,
        visible=many,
        base=few,
        of=of,
    )


def _won(tally: Tally, labels: Sequence[str], best: int) -> Phrase:
    counts = _counts(tally, labels)
    if tally.n_variants == 2:
        return Phrase(
            "{best} works better: {counts}. However often you look, such a call is wrong at most 1 time in 20.",
            best=labels[best],
            counts=counts,
        )
    return Phrase(
        "{best} works best: {counts}. However often you look, such a call is wrong at most 1 time in 20.",
        best=labels[best],
        counts=counts,
    )


def _counts(tally: Tally, labels: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(
            "{label} {wins} of {sends} ({rate:.1%})", label=label, wins=int(wins), sends=int(sends), rate=wins / sends
        )
        if sends
        else Phrase("{label} nothing yet", label=label)
        for label, wins, sends in zip(labels, tally.wins, tally.sends, strict=True)
    )


def _with_weeks(said: Phrase, more: int, sends_per_week: float | None) -> Phrase:
    if not sends_per_week:
        return said
    return counted(
        "{verdict} At your pace that is about {n} week.",
        "{verdict} At your pace that is about {n} weeks.",
        n=ceil(more / sends_per_week),
        verdict=said,
    )


def _about(number: float) -> int:
    """Rounded up to two digits that count: more would promise what nobody knows."""
    whole = max(1, ceil(number))
    step: int = 10 ** max(0, floor(log10(whole)) - 1)
    return ceil(whole / step) * step
