"""Verdicts on real experiments: a mismatch told first, a bank's calls, and how often a rule changes its mind.

cookie_cats.csv.gz, 90,189 players of a game with a gate at level 30 or 40; bank_marketing.csv.gz, 45,211 calls of a
bank, by what was known of the client before (not an experiment: it shows the intervals, not a cause);
asos_experiments.parquet, 78 experiments with running totals at every half day. Of these, every comparison whose
metric is a share (its variance is that of outcomes of 0 and 1) is followed: at how many of its moments is a difference
called, how often is a call taken back, and how often is it called at any time although the last moment shows none?
Totals tell no order of people, so the house's stakes are the same for all who came in between two moments; planned is
what there was at the last.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import Figures
from engine.experiments.asymptotic import mixture_interval, tuned
from engine.experiments.betting import ENOUGH, MOST_STAKED, N_SPREAD, PLANNED, SPREAD, stake
from engine.experiments.evidence import Sent, evidence
from engine.experiments.intervals import newcombe
from engine.experiments.mismatch import mismatch
from engine.experiments.plan import LearningPlan
from engine.experiments.proportions import pooled_z
from engine.experiments.sequences import difference_sequence
from engine.experiments.several import sample_ratio
from engine.experiments.tally import Tally
from engine.experiments.verdict import verdict

DATA = Path(__file__).parents[2] / "shared" / "datasets"
SEED = 20261127
Floats = NDArray[np.float64]


def run() -> Figures:
    title = "Verdicts on real experiments"
    if not DATA.exists():
        return Figures(title, ("",), (), (f"the data sets are not at {DATA}",))
    rows = [*cookie_cats(), *bank(), *asos()]
    return Figures(title, ("data", "question", "answer"), rows)


def cookie_cats() -> list[tuple[object, ...]]:
    """The mismatch, then the verdict on both measures; players in the order of the file's ids, which are random."""
    players = pd.read_csv(DATA / "cookie_cats.csv.gz").sort_values("userid")
    is_40 = (players["version"] == "gate_40").to_numpy()
    sizes = [int((~is_40).sum()), int(is_40.sum())]
    caution = mismatch(sizes, [1, 1], ["gate 30", "gate 40"])
    rows: list[tuple[object, ...]] = [
        ("cookie cats", "groups", f"{sizes[0]:,} and {sizes[1]:,}, p = {sample_ratio(sizes, [1, 1])[1]:.4f}"),
        ("", "told first", str(caution)),
    ]
    for days in (1, 7):
        came = players[f"retention_{days}"].to_numpy().astype(np.int8)
        rows += _told(f"back after {days} days", is_40.astype(np.int64), came, ("gate 30", "gate 40"))
    return rows


def bank() -> list[tuple[object, ...]]:
    """Called on a mobile or another phone: who signed? In an order that is drawn, as the file's is by date."""
    calls = pd.read_csv(DATA / "bank_marketing.csv.gz", sep=";").sample(frac=1, random_state=SEED)
    known = calls[calls["contact"] != "unknown"]
    mobile = (known["contact"] == "cellular").to_numpy().astype(np.int64)
    signed = (known["y"].astype(str).isin(("yes", "1"))).to_numpy().astype(np.int8)
    return _told("bank: signed", mobile, signed, ("landline", "mobile"))


def _told(
    what: str, variant: NDArray[np.int64], outcome: NDArray[np.int8], labels: tuple[str, str]
) -> list[tuple[object, ...]]:
    share = float(variant.mean())
    sent = Sent(variant, outcome, np.tile([1 - share, share], (len(variant), 1)))
    plan = LearningPlan(len(variant) // 2, float(outcome[:1000].mean()))
    counts = [(int(sent.of(k).sum()), sent.of(k).size) for k in (0, 1)]
    found = verdict(Tally.of(counts), evidence(sent, plan), labels, reachable=len(variant))
    ours, fixed = difference_sequence(sent, plan, 1, 0), newcombe(*counts[0], *counts[1])
    p = pooled_z(*counts[0], *counts[1]).p
    return [
        (what, "the house's verdict", f"{found.state}: {found.sentence}"),
        ("", "difference, at any look", f"{ours.low:+.2%} to {ours.high:+.2%}"),
        ("", "difference, at one look (Newcombe)", f"{fixed.low:+.2%} to {fixed.high:+.2%}, z-test p = {p:.4f}"),
    ]


def asos() -> list[tuple[object, ...]]:
    totals = pd.read_parquet(DATA / "asos_experiments.parquet").dropna()
    totals = totals[(totals[["count_c", "count_t"]] > 1).all(axis=1)]
    calls: dict[str, list[Floats]] = {"z at every look": [], "normal-mixture sequence": [], "the house's bets": []}
    ids = set()
    for (experiment, *_), course in totals.groupby(["experiment_id", "variant_id", "metric_id"]):
        course = course.sort_values("time_since_start")
        if len(course) < 5 or not _is_share(course):
            continue
        ids.add(experiment)
        for name, signs in _calls(course).items():
            calls[name].append(signs)
    rows: list[tuple[object, ...]] = [
        ("asos", "comparisons of shares", f"{len(calls['z at every look'])} in {len(ids)} experiments")
    ]
    for name, courses in calls.items():
        ever = sum(bool(signs.any()) for signs in courses)
        back = sum(bool(((signs[:-1] != 0) & (signs[1:] != signs[:-1])).any()) for signs in courses)
        flips = sum(int((signs[1:] != signs[:-1]).sum()) for signs in courses)
        lost = sum(bool(signs.any()) and signs[-1] == 0 for signs in courses)
        rows.append(
            (
                "",
                name,
                f"calls a difference at some moment in {ever}, takes a call back in {back}, changes its mind "
                f"{flips} times, and has none at the end after all in {lost}",
            )
        )
    return rows


def _is_share(course: pd.DataFrame) -> bool:
    mean, variance = course["mean_c"].to_numpy(), course["variance_c"].to_numpy()
    return bool((mean < 1).all() and np.allclose(variance, mean * (1 - mean), rtol=1e-3))


def _calls(course: pd.DataFrame) -> dict[str, Floats]:
    """At each moment 1 (the treatment is called better), -1 (worse) or 0."""
    n_c, n_t = course["count_c"].to_numpy(), course["count_t"].to_numpy()
    a, b = course["mean_c"].to_numpy(), course["mean_t"].to_numpy()
    se = np.sqrt(course["variance_c"].to_numpy() / n_c + course["variance_t"].to_numpy() / n_t)
    z = (b - a) / se
    rho = tuned((n_c + n_t)[-1])
    mixtures = [mixture_interval(d, s, int(n), rho) for d, s, n in zip(b - a, se, n_c + n_t, strict=True)]
    sequence = np.array([1.0 if low > 0 else -1.0 if high < 0 else 0.0 for low, high in mixtures])
    return {
        "z at every look": np.where(z > 1.96, 1.0, np.where(z < -1.96, -1.0, 0.0)),
        "normal-mixture sequence": sequence,
        "the house's bets": _bets(n_c, n_t, a, b),
    }


def _bets(n_c: Floats, n_t: Floats, a: Floats, b: Floats) -> Floats:
    """As `evidence`, with the same stakes for all who came in since the moment before: their order plays no role."""
    planned = float((n_c + n_t)[-1])
    share = float(n_t[-1]) / planned
    wins_c, wins_t = (np.round(n * rate) for n, rate in ((n_c, a), (n_t, b)))
    fractions = MOST_STAKED * SPREAD ** np.arange(N_SPREAD)
    logs = {side: np.log([PLANNED, *[(1 - PLANNED) / N_SPREAD] * N_SPREAD]) for side in (1, -1)}
    calls, called = np.zeros(len(n_c)), 0
    known, won = 0.0, 0.0
    before = np.zeros(4)
    for at in range(len(n_c)):
        now = np.array([wins_t[at], n_t[at] - wins_t[at], wins_c[at], n_c[at] - wins_c[at]])
        guess = (won + 20 * a[0]) / (known + 20)
        gains = np.array([(1 - guess) * (1 - share), -guess * (1 - share), -(1 - guess) * share, guess * share])
        left = (planned - known) * guess * (1 - guess) * share * (1 - share)
        for side in (1, -1):
            worst = float((-side * gains).max())
            wealth = np.exp(np.minimum(logs[side], 600)).sum()
            one = float(stake(np.array(wealth), np.array(left), np.array(worst), ENOUGH))
            for which, staked in enumerate([one, *(fractions / worst)]):
                logs[side][which] += np.maximum(now - before, 0) @ np.log1p(staked * side * gains)
            if not called and np.exp(np.minimum(logs[side], 600)).sum() >= ENOUGH:
                called = side
        calls[at] = called
        before, known, won = now, float(now.sum()), float(now[0] + now[2])
    return calls


if __name__ == "__main__":
    print(run())
