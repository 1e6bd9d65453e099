"""How often a verdict is wrong, and what it costs to be right: simulated campaigns, per cent of them.

False *enough*: two or more equal variants, and one was called better at any look; looked at after every outcome, which
is at least as often as 1, 5 or 50 looks are. The worst of all cells is told: rates of 1, 5 and 20 %, and 20, 200 and
2,000 people per variant. Bandits choose in twenty waves; “late” are outcomes that come one wave late. “Extended” adds
as many people as were planned, twice, whenever there was no verdict.
Plan size and sends until a verdict are multiples of what one fixed look takes to see the same difference as often.
Miss: the interval of the difference was ever wrong. Width: at the planned end, against Newcombe's.
The standard error of a share of 5 % is .49 for 2,000 campaigns, and the worst of nine such shares is told.

`python -m benchmarks.honest_verdicts quick` tries it with few campaigns, and other seeds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks import Figures
from engine.experiments.betting import BOLDNESS, ENOUGH, Bets, chance_of_enough, grown
from engine.experiments.evidence import Sent, drawn_bets, paired_bets
from engine.experiments.intervals import newcombe
from engine.experiments.plan import LearningPlan, shown_by
from engine.experiments.policies import goes_by_steps, policies
from engine.experiments.power import detectable_rate, sends_needed
from engine.experiments.sequences import difference_sequence
from engine.experiments.tally import Tally
from engine.experiments.verdict import FEWEST_WINS, HOPELESS

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

REPORTED = 27112026  # the seed of the reported run, which nothing was tuned on
RATES = (0.01, 0.05, 0.2)
SIZES = (20, 200, 2000)
N_WAVES = 20
DRAWS = 60
LARGE = 1000  # people per variant
AT_ONCE = 250  # campaigns, so that they fit into memory
SIZES_TRIED = (1.05, 1.15, 1.25, 1.35, 1.5)


@dataclass(frozen=True, eq=False)
class Campaigns:
    """Messages × campaigns: variant and outcome; messages × campaigns × variants: chances (None: no chance)."""

    variant: Numbers
    outcome: Floats
    chances: Floats | None
    n_variants: int


Choose = Callable[[Numbers, Numbers, Generator], Floats]


def weights_uniform(wins: Numbers, sends: Numbers, rng: Generator) -> Floats:
    return np.full(wins.shape, 1 / wins.shape[1])


def thompson(floor: float) -> Choose:
    """The chance to be best under Beta(1, 1), estimated by draws, above a floor shared by all variants."""

    def weights(wins: Numbers, sends: Numbers, rng: Generator) -> Floats:
        draws = rng.beta(1 + wins, 1 + sends - wins, (DRAWS, *wins.shape)).argmax(axis=2)
        best = np.stack([(draws == k).mean(axis=0) for k in range(wins.shape[1])], axis=1)
        return floor / wins.shape[1] + (1 - floor) * best

    return weights


def greedy(floor: float) -> Choose:
    def weights(wins: Numbers, sends: Numbers, rng: Generator) -> Floats:
        rates = (wins + 0.5) / (sends + 1) + 1e-9 * rng.random(wins.shape)
        best = rates == rates.max(axis=1, keepdims=True)
        return floor / wins.shape[1] + (1 - floor) * best

    return weights


def waved(
    rates: Sequence[float], n: int, n_campaigns: int, choose: Choose, rng: Generator, *, late: bool = False
) -> Campaigns:
    """Campaigns of n messages to all variants together, chosen in waves; each message is drawn by itself."""
    n_variants = len(rates)
    variant = np.empty((n, n_campaigns), np.int64)
    outcome, chances = np.empty((n, n_campaigns)), np.empty((n, n_campaigns, n_variants))
    known = [(np.zeros((n_campaigns, n_variants), np.int64), np.zeros((n_campaigns, n_variants), np.int64))]
    edges = np.unique(np.linspace(0, n, N_WAVES + 1).round().astype(int))
    for wave, (start, end) in enumerate(pairwise(edges.tolist())):
        wins, sends = known[max(0, wave - 1) if late else wave]
        weights = choose(wins, sends, rng)
        chances[start:end] = weights
        chosen = (rng.random((end - start, n_campaigns, 1)) > np.cumsum(weights, axis=1)[None]).sum(axis=2)
        chosen = np.minimum(chosen, n_variants - 1)
        came = rng.random(chosen.shape) < np.asarray(rates)[chosen]
        variant[start:end], outcome[start:end] = chosen, came
        each = [chosen == k for k in range(n_variants)]
        now_wins, now_sends = known[-1]
        known.append(
            (
                now_wins + np.stack([(of & came).sum(axis=0) for of in each], axis=1),
                now_sends + np.stack([of.sum(axis=0) for of in each], axis=1),
            )
        )
    return Campaigns(variant, outcome, chances, n_variants)


def balanced(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    """As `assign` shares out evenly: a random order of equal shares."""
    order = np.tile(np.arange(n) % len(rates), (n_campaigns, 1))
    variant = rng.permuted(order, axis=1).T
    outcome = (rng.random(variant.shape) < np.asarray(rates)[variant]).astype(float)
    return Campaigns(variant, outcome, np.full((n, n_campaigns, len(rates)), 1 / len(rates)), len(rates))


def ucb1(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    """Each outcome is known before the next message."""
    n_variants, everyone = len(rates), np.arange(n_campaigns)
    answers = rng.random((n, n_campaigns))
    variant, outcome = np.empty((n, n_campaigns), np.int64), np.empty((n, n_campaigns))
    wins, sends = np.zeros((n_campaigns, n_variants)), np.zeros((n_campaigns, n_variants))
    for t in range(n):
        if t < n_variants:
            best = np.full(n_campaigns, t)
        else:
            best = (wins / sends + np.sqrt(2 * np.log(t) / sends)).argmax(axis=1)
        came = answers[t] < np.asarray(rates)[best]
        variant[t], outcome[t] = best, came
        wins[everyone, best] += came
        sends[everyone, best] += 1
    return Campaigns(variant, outcome, None, n_variants)


def by_policy(name: str, rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    """Campaigns of one of the house's own policies, in waves, each outcome one wave late."""
    policy, n_variants = policies()[name], len(rates)
    drawn = not goes_by_steps(policy)
    variant, outcome = np.empty((n, n_campaigns), np.int64), np.empty((n, n_campaigns))
    chances = np.empty((n, n_campaigns, n_variants))
    edges = np.unique(np.linspace(0, n, 9).round().astype(int))
    for campaign in range(n_campaigns):
        told = np.zeros((3, n_variants), np.int64)  # wins, sends, and sends not yet answered
        pending = np.zeros((2, n_variants), np.int64)
        for start, end in pairwise(edges.tolist()):
            tally = Tally(told[1], told[0], told[2])
            if goes_by_steps(policy):
                chosen = policy.steps(tally, end - start)
            else:
                weights = policy.weights(tally, rng)
                chances[start:end, campaign] = weights
                chosen = rng.choice(n_variants, end - start, p=weights)
            came = rng.random(end - start) < np.asarray(rates)[chosen]
            variant[start:end, campaign], outcome[start:end, campaign] = chosen, came
            told[:2] += pending
            pending = np.stack(
                [np.bincount(chosen[came], minlength=n_variants), np.bincount(chosen, minlength=n_variants)]
            )
            told[2] = pending[1]
    return Campaigns(variant, outcome, chances if drawn else None, n_variants)


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


Make = Callable[[Sequence[float], int, int, Generator], Campaigns]


def uniform(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
    return balanced(rates, n, n_campaigns, rng)


def bandit(choose: Choose, *, late: bool = False) -> Make:
    def make(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
        return waved(rates, n, n_campaigns, choose, rng, late=late)

    return make


def house(name: str) -> Make:
    def make(rates: Sequence[float], n: int, n_campaigns: int, rng: Generator) -> Campaigns:
        return by_policy(name, rates, n, n_campaigns, rng)

    return make


MAKERS: dict[str, Make] = {
    "equal shares": uniform,
    "Thompson, floor 5 %": bandit(thompson(0.05)),
    "Thompson, floor 20 %": bandit(thompson(0.2)),
    "Thompson, floor 5 %, late": bandit(thompson(0.05), late=True),
    "greedy, floor 5 %": bandit(greedy(0.05)),
    "greedy, floor 20 %": bandit(greedy(0.2)),
    "UCB1, outcome by outcome": ucb1,
}


@dataclass(frozen=True)
class Size:
    """How many campaigns: of a cell, of a cell of the house's policies, and for the width of intervals."""

    campaigns: int
    of_policy: int
    of_width: int
    rates: tuple[float, ...] = RATES
    sizes: tuple[int, ...] = SIZES


FULL = Size(2000, 500, 30)
QUICK = Size(300, 40, 6, (0.05, 0.2), (20, 200))
OF_POLICIES = ((0.05, 200), (0.2, 40))  # rates and people per variant


def _cells(size: Size) -> list[tuple[float, int]]:
    return [(rate, n) for rate in size.rates for n in size.sizes]


def _many(n_campaigns: int, n: int, n_variants: int = 2) -> int:
    """Half as many campaigns where they are large, an eighth of them if they have more than two variants too."""
    return n_campaigns if n <= LARGE else n_campaigns // (8 if n_variants > 2 else 2)


def _in_parts(n_campaigns: int, n_messages: int) -> list[int]:
    part = max(20, min(n_campaigns, AT_ONCE * 4000 // max(n_messages, 1)))
    return [min(part, n_campaigns - start) for start in range(0, n_campaigns, part)]


def false_enough(
    make: Make,
    cells: Sequence[tuple[float, int]],
    n_campaigns: int,
    rng: Generator,
    *,
    n_variants: int = 2,
    extensions: int = 0,
) -> list[float]:
    """Per cell, the share of campaigns with equal variants in which one was ever called better."""
    shares = []
    for rate, n in cells:
        total, wrong = n * n_variants, 0
        many = _many(n_campaigns, n, n_variants)
        planned = np.repeat(np.arange(1, extensions + 2) * float(total), total)
        for part in _in_parts(many, len(planned) * n_variants // 2):
            campaigns = make([rate] * n_variants, len(planned), part, rng)
            wrong += int((found(campaigns, planned, rate) <= len(planned)).sum())
        shares.append(wrong / many)
    return shares


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
    found_costs = []
    for rate, n in _cells(size):
        other = detectable_rate(rate, n)
        if other is None or other > 0.95:
            continue
        fixed = _fixed_power(rate, other, n, size.campaigns, rng)
        powers = [_power(make, rate, other, ceil(n * times), size, rng) for times in SIZES_TRIED]
        times = float(np.interp(fixed, np.maximum.accumulate(powers), SIZES_TRIED))
        found_costs.append(_cost(make, rate, other, n, times, size, rng))
    return found_costs


def _fixed_power(rate: float, other: float, n: int, n_campaigns: int, rng: Generator) -> float:
    first, second = rng.binomial(n, rate, 20 * n_campaigns), rng.binomial(n, other, 20 * n_campaigns)
    pooled = (first + second) / (2 * n)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.nan_to_num((second - first) / n / np.sqrt(pooled * (1 - pooled) * 2 / n))
    return float((z > 1.96).mean())


def _power(make: Make, rate: float, other: float, n: int, size: Size, rng: Generator) -> float:
    planned, right, many = np.full(2 * n, 2.0 * n), 0, _many(size.campaigns, n)
    for part in _in_parts(many, 2 * n):
        campaigns = make([rate, other], 2 * n, part, rng)
        right += int((found(campaigns, planned, rate) <= 2 * n).sum())
    return right / many


def _cost(make: Make, rate: float, other: float, n: int, times: float, size: Size, rng: Generator) -> Cost:
    plan = ceil(n * times)
    planned = np.full(2 * plan, 2.0 * plan)
    sends, nevers, lost, many = 0.0, [], 0, _many(size.campaigns, n)
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


def misses(make: Make, size: Size, rng: Generator) -> list[float]:
    """Per cell and difference, the share of campaigns whose interval ever excludes the true difference."""
    shares = []
    for rate, n in _cells(size):
        for other in (rate, detectable_rate(rate, n)):
            if other is None:
                continue
            wrong, planned, many = 0, np.full(2 * n, 2.0 * n), _many(size.campaigns, n)
            for part in _in_parts(many, 2 * n):
                campaigns = make([rate, other], 2 * n, part, rng)
                highest = grown(bets_on(campaigns, 1, 0, planned, rate, other - rate)).highest
                wrong += int((highest >= ENOUGH).any(axis=1).sum())
            shares.append(wrong / many)
    return shares


def widths(make: Make, size: Size, rng: Generator) -> list[float]:
    """Per cell, how wide the interval is at the planned end, in mean, against Newcombe's."""
    ratios = []
    for rate, n in _cells(size):
        many = _many(size.of_width, n)
        campaigns = make([rate, rate], 2 * n, many, rng)
        plan = LearningPlan(n, rate, shown_by(rate, n))
        ours, newcombes = 0.0, 0.0
        for at in range(many):
            chances = None if campaigns.chances is None else campaigns.chances[:, at]
            sent = Sent(campaigns.variant[:, at], campaigns.outcome[:, at].astype(np.int8), chances)
            low, high = difference_sequence(sent, plan, 1, 0)
            first, second = sent.of(0), sent.of(1)
            if not first.size or not second.size:
                continue
            below, above = newcombe(int(first.sum()), first.size, int(second.sum()), second.size)
            ours, newcombes = ours + high - low, newcombes + above - below
        ratios.append(ours / newcombes)
    return ratios


def _worst(shares: Sequence[float]) -> str:
    return f"{100 * max(shares):.1f}"


def run(size: Size = FULL, seed: int = REPORTED) -> Figures:
    rng = np.random.default_rng(seed)
    rows: list[tuple[object, ...]] = []
    once, often = (naive(uniform, size, rng, looks) for looks in (1, 50))
    rows.append(("one fixed look (z)", "equal shares", _worst(once), "", "", "", "1.00", "1.00", "", "", "", ""))
    rows.append(("z at 50 looks", "equal shares", _worst(often), *[""] * 3, "invalid", *[""] * 5))
    wins = naive(uniform, size, rng, 50, chance_to_win=True)
    rows.append(("chance to win > 95 % at 50 looks", "equal shares", _worst(wins), *[""] * 3, "invalid", *[""] * 5))
    for name, make in MAKERS.items():
        rows.append(_row(name, make, size, rng))
        print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    for name in policies():
        shares = false_enough(house(name), OF_POLICIES, size.of_policy, rng)
        three = false_enough(house(name), OF_POLICIES, size.of_policy, rng, n_variants=3)
        rows.append(("this", f"policy {name}", _worst(shares), "", _worst(three), *[""] * 7))
        print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
    header = (
        *("rule", "who gets which", "false enough", "extended twice", "3 and 5 variants", "miss", "plan (worst)"),
        *("sends to verdict", "never at", "lost by it", "width", "widest"),
    )
    return Figures("Verdicts that stay true", header, rows, _notes(size))


def _row(name: str, make: Make, size: Size, rng: Generator) -> tuple[object, ...]:
    cells, n = _cells(size), size.campaigns
    same = false_enough(make, cells, n, rng)
    longer = _worst(false_enough(make, cells, n, rng, extensions=2)) if make is not ucb1 else ""
    many = [share for k in (3, 5) for share in false_enough(make, cells, n, rng, n_variants=k)]
    head = ("this", name, _worst(same), longer, _worst(many), _worst(misses(make, size, rng)))
    width = widths(make, size, rng)
    tail = (f"{np.mean(width):.2f}", f"{max(width):.2f}")
    if make not in (uniform, ucb1):
        return (*head, "", "", "", "", *tail)
    cost = costs(make, size, rng)
    plans = [one.plan for one in cost]
    return (
        *head,
        f"{np.mean(plans):.2f} ({max(plans):.2f})",
        f"{np.mean([one.sends for one in cost]):.2f}",
        f"{np.median([one.never for one in cost if one.never is not None]):.2f}",
        _worst([one.lost for one in cost]),
        *tail,
    )


def _notes(size: Size) -> tuple[str, ...]:
    return (
        f"{size.campaigns:,} campaigns a cell, half of that with 2,000 people per variant, an eighth if also more than "
        f"two variants (of the house's policies {size.of_policy:,} in eight waves, outcomes one wave late); people per "
        f"variant {', '.join(f'{n:,}' for n in size.sizes)}; rates {', '.join(f'{rate:.0%}' for rate in size.rates)}.",
        f"A difference of 5 % and {detectable_rate(0.05, 400):.1%} takes one fixed look "
        f"{sends_needed(0.05, detectable_rate(0.05, 400) or 1):.0f} messages of each.",
    )


if __name__ == "__main__":
    print(run(QUICK, 1) if sys.argv[1:] == ["quick"] else run())
