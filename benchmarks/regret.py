"""What finding out costs: sales lost in 10,000 messages while a policy looks for the best of five versions.

Rates of 2, 2.5, 3, 3.5 and 5 %, in a random order; a regret is the sales that the best version alone would have
brought above those expected of the versions sent. Three ways to hear of outcomes: after every message, after batches
of 500, and after batches of 500 one batch late. "Found" is how often the version that all outcomes together make the
likeliest best is the best. 100 campaigns each, the same for all policies; seeds from 410,000 on, which were never used
while the policies were made.

"First a fifth evenly" is the usual test: 400 messages of each version, and the rest for the one with most wins. In
200,000 such campaigns it lost 62.9, and the winner was wrong in 19.5 % (a wrong one in 5.6 % takes 1,000 messages of
each, and loses 94). "First a fifth by Thompson" draws those 2,000 by Thompson sampling, heard of as told, and the rest
goes to the highest mean: it loses less, and is wrong as often.

The limits are those of the default: 45, 47 and 53 sales, found in 99 of 100. With rates of 20 to 40 %, or a prior that
is far off, it may lose 5 % more than Thompson sampling with Beta(1, 1) does. A few campaigns lose ten times what others
do, so 100 of them tell a mean to within some 5 % only: these rows, and Thompson's, are of 500 campaigns after every
message, and of 2,000 in batches.

Policies that are slow one at a time are left out there. `ZHIKE_QUICK=1` runs 10 campaigns each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations

import numpy as np
from numpy.random import Generator

from benchmarks import Figures
from engine.experiments.assign import assign, draw
from engine.experiments.betting import grown
from engine.experiments.evidence import Sent, comparison
from engine.experiments.modes import DEFAULT, KNOWING, MODES, InMode, way_named
from engine.experiments.plan import LearningPlan
from engine.experiments.policies import Policy, policies
from engine.experiments.policies.cooling import Cooling
from engine.experiments.policies.thompson import Thompson
from engine.experiments.priors import Beta, Level
from engine.experiments.tally import Tally

N = 10_000
BATCH = 500
RATES = (0.02, 0.025, 0.03, 0.035, 0.05)
HIGH = (0.2, 0.25, 0.3, 0.35, 0.4)
FIRST_SEED, CAMPAIGNS = 410_000, 100
COMPARED = {"each": 500, "500": 2000, "500 late": 2000}  # campaigns, to tell 5 % more from chance
LIMITS = (45.0, 47.0, 53.0)
FOUND = 0.99
MORE = 1.05
WRONG = (
    ("prior 30 %, rates 2-5 %", Level(level=0.3, wins=30.0), RATES),
    ("prior .3 %, rates 2-5 %", Level(level=0.003, wins=30.0), RATES),
    ("prior of versions alike, rates 2-5 %", Level(spread=0.15), RATES),
    ("rates 20-40 %", None, HIGH),
    ("prior .3 %, rates 20-40 %", Level(level=0.003, wins=30.0), HIGH),
)
# of each way to hear: messages at a time, and how many batches late
HEARD = {"each": (1, 0), "500": (BATCH, 0), "500 late": (BATCH, 1)}
EVEN_FIFTH, THOMPSON_FIFTH = "evenly", "by Thompson"
LOOK = 100  # one at a time, a verdict is looked for after so many
SLOW = ("by_segment", "linear_thompson", "linucb", "thompson_revenue", "top_two", "kl_ucb", "kl_ucb_plus")


@dataclass(frozen=True)
class Campaign:
    """One campaign's regret, and whether its best version was found."""

    regret: float
    found: bool


def run() -> Figures:
    quick = bool(os.environ.get("ZHIKE_QUICK"))
    usual = dict.fromkeys(HEARD, 10 if quick else CAMPAIGNS)
    many = usual if quick else COMPARED
    rows: list[tuple[str, ...]] = []
    with ProcessPoolExecutor() as pool:
        measure = partial(measured, pool=pool, campaigns=usual)

        def add(name: str, made: dict[str, list[Campaign]], word: str = "") -> None:
            rows.append(_row(name, made, word))
            print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)

        default = measure(way_named(DEFAULT))
        add(f"{DEFAULT} (default)", default, _kept(default))
        add(KNOWING, measure(way_named(KNOWING)))
        flat = {rates: measure(Thompson(Beta(1, 1)), rates=rates, campaigns=many) for rates in (RATES, HIGH)}
        add("Thompson, Beta(1, 1)", flat[RATES])
        add("first a fifth evenly, then the winner", measure(EVEN_FIFTH))
        add("first a fifth by Thompson, then the winner", measure(THOMPSON_FIFTH))
        add("Thompson, Beta(1, 1), rates 20-40 %", flat[HIGH])
        for title, prior, rates in WRONG:
            believing = Cooling() if prior is None else Cooling(prior=prior)
            here = measure(InMode(believing, MODES["earn"]), rates=rates, campaigns=many)
            over = any(_mean(here[way]) > MORE * _mean(flat[rates][way]) for way in HEARD)
            add(f"default, {title}", here, "MORE THAN 5 % ABOVE" if over else "at most 5 % above")
        for name, policy in sorted(policies().items(), key=lambda one: one[0] in SLOW):
            add(name, measure(policy, heard=[way for way in HEARD if way != "each" or name not in SLOW]))
    header = ("", *(f"{word} {way}" for way in HEARD for word in ("lost,", "found,")), "")
    notes = (
        f"Mean of {usual['each']:,} campaigns of {N:,} messages ± standard error, in the rows of Thompson's and of the "
        f"default with other rates or priors of {many['each']:,} (each) or {many['500']:,}; limits of the default: "
        + ", ".join(f"{limit:g} ({way})" for limit, way in zip(LIMITS, HEARD, strict=True))
        + f", found in {FOUND:.0%}.",
        "know keeps a fifth of the messages for each of five versions until a verdict, which the table has it look for "
        f"after every batch (or {LOOK} messages).",
    )
    return Figures("Sales lost while finding out", header, rows, notes)


def measured(
    policy: Policy | str,
    *,
    pool: ProcessPoolExecutor,
    campaigns: Mapping[str, int],
    rates: tuple[float, ...] = RATES,
    heard: Iterable[str] = tuple(HEARD),
) -> dict[str, list[Campaign]]:
    """What every campaign lost, for each way to hear of outcomes."""
    made: dict[str, list[Campaign]] = {}
    for way in heard:
        one: Callable[[int], Campaign] = partial(campaign, policy=policy, rates=rates, way=way)
        made[way] = list(pool.map(one, range(FIRST_SEED, FIRST_SEED + campaigns[way]), chunksize=5))
    return made


def campaign(seed: int, policy: Policy | str, rates: tuple[float, ...], way: str) -> Campaign:
    rng = np.random.default_rng(seed)
    truth = rng.permutation(rates)
    batch, late = HEARD[way]
    if isinstance(policy, str):
        tally = _fifth_first(policy, truth, rng, batch, late)
    elif isinstance(policy, InMode) and policy.mode.settles:
        tally = _until_proven(policy, truth, rng, batch, late)
    elif batch == 1:
        tally = _one_by_one(policy, truth, rng)
    else:
        tally = _in_batches(policy, truth, rng, batch, late)
    lost = float((tally.sends * (truth.max() - truth)).sum())
    return Campaign(lost, bool(Thompson().weights(tally, rng).argmax() == truth.argmax()))


def _one_by_one(policy: Policy, truth: np.ndarray, rng: Generator, n: int = N) -> Tally:
    tally = replace(Tally.empty(truth.size), left=n)
    chances = truth.tolist()
    for luck in rng.random(n).tolist():
        variant = draw(policy, tally, rng)
        tally = tally.after(variant, luck < chances[variant])
    return tally


def _in_batches(policy: Policy, truth: np.ndarray, rng: Generator, batch: int, late: int, n: int = N) -> Tally:
    known = Tally.empty(truth.size)
    sent: list[tuple[int, bool]] = []
    waiting: list[list[tuple[int, bool]]] = []
    for begin in range(0, n, batch):
        waits = np.bincount([variant for part in waiting for variant, _ in part], minlength=truth.size)
        known = replace(known, waiting=waits, left=n - begin - batch)
        chosen = assign(policy, known, batch, rng).variant
        won = rng.random(batch) < truth[chosen]
        waiting.append(list(zip(chosen.tolist(), won.tolist(), strict=True)))
        if len(waiting) > late:
            sent += waiting.pop(0)
            known = _tally(sent, truth.size)
    return _tally(sent + [one for part in waiting for one in part], truth.size)


def _tally(sent: Sequence[tuple[int, bool]], n_variants: int) -> Tally:
    variants = np.array([variant for variant, _ in sent], dtype=np.int64)
    wins = np.array([won for _, won in sent], dtype=np.int64)
    counts = [np.bincount(variants, weights, minlength=n_variants) for weights in (None, wins)]
    return Tally(counts[0], counts[1].astype(np.int64))


def _fifth_first(how: str, truth: np.ndarray, rng: Generator, batch: int, late: int) -> Tally:
    """What is sent to the winner alone does not change who was called one."""
    n_first = N // 5
    if how == EVEN_FIFTH:
        sends = np.full(truth.size, n_first // truth.size)
        first = Tally(sends, rng.binomial(sends, truth))
    elif batch == 1:
        first = _one_by_one(Thompson(Beta(1, 1)), truth, rng, n_first)
    else:
        first = _in_batches(Thompson(Beta(1, 1)), truth, rng, batch, late, n_first)
    best = int(rng.choice(np.flatnonzero(first.means == first.means.max())))
    sends = first.sends + (N - n_first) * (np.arange(truth.size) == best)
    return Tally(sends, np.where(np.arange(truth.size) == best, sends, 0))


def _until_proven(policy: InMode, truth: np.ndarray, rng: Generator, batch: int, late: int) -> Tally:
    """Of five versions each has the same share until a verdict; then nearly all is sent to the one that is proven.

    So what the evidence will be can be worked out at once, and the verdict is heard at the next look.
    """
    empty = Tally.empty(truth.size)
    shares = policy.weights(empty, rng)
    at_once = LOOK if batch == 1 else batch
    parts = [assign(policy, empty, at_once, rng).variant for _ in range(N // at_once)]
    variants = np.concatenate(parts) if batch > 1 else rng.choice(truth.size, N, p=shares)
    won = rng.random(N) < truth[variants]
    best, after = _proven(Sent(variants, won.astype(np.int8), np.tile(shares, (N, 1))))
    heard = min(N, at_once * (-(-after // at_once) + late))
    first = _tally(list(zip(variants[:heard].tolist(), won[:heard].tolist(), strict=True)), truth.size)
    rest = rng.multinomial(N - heard, policy.weights(replace(first, proven=best), rng))
    return Tally(first.sends + rest, first.wins + rng.binomial(rest, truth))


def _proven(sent: Sent) -> tuple[int, int]:
    """The version that is proven first, as a verdict has it, and after how many messages; more than all: never."""
    n_variants, plan = sent.n_variants, LearningPlan.of(N, sent.n_variants)
    reached = np.zeros((n_variants, n_variants), dtype=np.int64)
    for k, j in combinations(range(n_variants), 2):
        of_both = np.append(np.flatnonzero((sent.variant == k) | (sent.variant == j)), N)
        games = grown(comparison(sent, plan, k, j, np.zeros(1), n_variants)[0]).reached[0]
        reached[k, j], reached[j, k] = of_both[games - 1] + 1
    after = reached.max(axis=1)
    return int(after.argmin()), int(after.min())


def _mean(campaigns: Sequence[Campaign]) -> float:
    return float(np.mean([one.regret for one in campaigns]))


def _kept(made: dict[str, list[Campaign]]) -> str:
    means, found = ([f(made[way]) for way in HEARD] for f in (_mean, _found))
    good = all(mean <= limit for mean, limit in zip(means, LIMITS, strict=True)) and min(found) >= FOUND
    return "within the limits" if good else "OVER THE LIMITS"


def _found(campaigns: Sequence[Campaign]) -> float:
    return float(np.mean([one.found for one in campaigns]))


def _row(name: str, made: dict[str, list[Campaign]], word: str) -> tuple[str, ...]:
    cells: list[str] = []
    for way in HEARD:
        if way not in made:
            cells += ["–", "–"]
            continue
        regrets = [one.regret for one in made[way]]
        error = np.std(regrets, ddof=1) / np.sqrt(len(regrets))
        cells += [f"{np.mean(regrets):.1f} ± {error:.1f}", f"{_found(made[way]):.0%}"]
    return (name, *cells, word)
