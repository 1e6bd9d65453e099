"""Learning on windows of the past which of the pairs that rankers propose are bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.fusion.combiners import Combined, Combiner
from engine.recommend.fusion.combiners.logistic import COMBINER as LINE
from engine.recommend.fusion.facts import NAMES, OWN, Facts
from engine.recommend.fusion.pairs import SAID, Pairs, features, proposed, scale_of
from engine.recommend.history import Floats, History, Ints, Singles
from engine.recommend.lists import BATCH
from engine.recommend.rankers import Kept, Ranker, rankers
from engine.recommend.windows import Window, horizon_days, sampled, window

HISTORY = "repeat"  # the ranker that tells of a customer's own past
BACK = (1.0, 1.5)  # horizons before the last purchase: where the windows begin
CUSTOMERS = 1_000  # of each window, drawn at random from more
FEWEST = 100  # pairs that were bought, of those to buy again and of those to discover
ROWS = 200_000  # pairs to learn from at once
BEFORE = 1.0  # horizons of purchases that a window needs before it


@dataclass(frozen=True)
class Lesson:
    """Pairs that were proposed in windows of the past, and which of them were bought then."""

    pairs: Pairs
    bought: np.ndarray
    buyers: Singles  # what the facts say of those who had bought by then, at most ROWS of them drawn at random
    back: np.ndarray  # which of them came back


@dataclass(frozen=True)
class Learned:
    """What was learned of pairs to buy again and of new ones; `scale` is a usual score of each ranker.

    `back` is what was learned of who comes back at all; None where everybody did, or nobody.
    """

    scale: Floats
    again: Combined
    new: Combined
    back: Combined | None = None

    def features(self, pairs: Pairs) -> Singles:
        """What the next two ask for, of the same pairs."""
        return features(pairs, self.scale)

    def probability(self, pairs: Pairs, table: Singles) -> Floats:
        """That a pair is bought within the horizon by somebody who comes back."""
        old = pairs.bought
        found = np.empty(len(old))
        for combined, which in ((self.again, old), (self.new, ~old)):
            if which.any():
                found[which] = combined.probability(table[which])
        return found

    def returning(self, buyers: Floats) -> Floats:
        """The chance that each comes back within the horizon, by the facts of them; 1 where it is not known."""
        return np.ones(len(buyers)) if self.back is None else self.back.probability(buyers.astype(np.float32))

    def speaker(self, pairs: Pairs, table: Singles, names: Sequence[str]) -> Ints:
        """The ranker that gives the reason for each pair; `names` are those of the rankers, in the order of the scores.

        Of what the customer had bought it is the one that tells of that, since whatever the others say of such a pair
        rests on the same purchases. Else it is the one with the largest share of those that know the pair, a personal
        one before one for all.
        """
        old = pairs.bought
        said = pairs.scores > 0
        shares = np.zeros(said.shape)
        for combined, which in ((self.again, old), (self.new, ~old)):
            if which.any():
                shares[which] = combined.shares(table[which], groups_of(names))
        if HISTORY in names:
            shares[old, names.index(HISTORY)] = np.inf
        personal = np.array([rankers()[name].personal for name in names])
        known, best = (np.where(which, shares, -np.inf) for which in (said & personal, said))
        none = np.isneginf(known).all(axis=1)
        speaker: Ints = np.where(none, best.argmax(axis=1), known.argmax(axis=1)).astype(np.int64)
        return speaker

    def kept(self) -> Kept:
        parts = {"again": self.again.kept(), "new": self.new.kept()}
        if self.back is not None:
            parts["back"] = self.back.kept()
        flat = {f"{which} {name}": value for which, kept in parts.items() for name, value in kept.items()}
        return {"scale": self.scale, **flat}

    @classmethod
    def resumed(cls, combiner: Combiner, kept: Kept) -> Learned:
        def part(which: str) -> Kept:
            start = f"{which} "
            return {name.removeprefix(start): kept[name] for name in kept if name.startswith(start)}

        again, new = combiner.resumed(part("again")), combiner.resumed(part("new"))
        return cls(np.asarray(kept["scale"]), again, new, LINE.resumed(back) if (back := part("back")) else None)


def groups_of(names: Sequence[str]) -> Ints:
    """To which of these rankers each feature belongs.

    The customer's own past with the product is what HISTORY tells in words; other facts speak for none of them.
    """
    groups = [at for at in range(len(names)) for _ in SAID]
    history = names.index(HISTORY) if HISTORY in names else -1
    return np.array([*groups, *(history if name in OWN else -1 for name in NAMES)], np.int64)


def lessons(history: History, used: Sequence[Ranker], rng: Generator, progress: Progress = silent) -> list[Lesson]:
    """One for each window of the past that is long enough ago; the latest first, none where nobody came back."""
    days = horizon_days(history)
    found = []
    for done, origin in enumerate(_origins(history, days)):
        progress(Phrase("Trying on orders up to {day} what came after", day=origin.date()), done / len(BACK))
        length = pd.Timedelta(days=days)
        whole = window(history, origin, origin + length)
        if whole.customers.size:
            found.append(_lesson(whole, used, rng))
    return found


def too_little(history: History) -> Phrase | None:
    """What is lacking for lessons to teach anything; None if there may be enough."""
    days = horizon_days(history)
    length = pd.Timedelta(days=days)
    bought = np.zeros(2, np.int64)  # again, new
    for origin in _origins(history, days):
        new = window(history, origin, origin + length).new
        bought += np.count_nonzero(~new), np.count_nonzero(new)
    if bought.min() >= FEWEST:
        return None
    return Phrase(
        "It learns from what customers who came back bought, which it takes {few} times for products they knew and "
        "{few} for new ones; so far there are {again} and {new}. Until then the fixed rule is used.",
        few=FEWEST,
        again=int(bought[0]),
        new=int(bought[1]),
    )


def learned(taught: Sequence[Lesson], combiner: Combiner, rng: Generator) -> Learned | None:
    """What the lessons teach; None where too few pairs were bought, or all were, in one of the two sorts."""
    if not taught:
        return None
    scores = np.concatenate([lesson.pairs.scores for lesson in taught])
    scale = scale_of(scores)
    tables = [features(lesson.pairs, scale) for lesson in taught]
    ends = np.cumsum([table.shape[0] for table in tables])[:-1]
    old = np.concatenate([lesson.pairs.bought for lesson in taught])
    came = np.concatenate([lesson.bought for lesson in taught])
    parts: list[Combined] = []
    for which in (old, ~old):
        at = np.flatnonzero(which)
        if at.size > ROWS:
            drawn = np.zeros(which.size, np.bool_)
            drawn[rng.choice(at, ROWS, replace=False)] = True
            which = drawn
        if came[which].sum() < FEWEST or (~came[which]).sum() < FEWEST:
            return None
        rows = [table[kept] for table, kept in zip(tables, np.split(which, ends), strict=True)]
        parts.append(combiner.fit(np.concatenate(rows), came[which], rng))
    back = np.concatenate([lesson.back for lesson in taught])
    buyers = np.concatenate([lesson.buyers for lesson in taught])
    again, new = parts
    return Learned(scale, again, new, None if back.all() else LINE.fit(buyers, back, rng))


def _origins(history: History, days: int) -> list[pd.Timestamp]:
    if history.bought.empty:
        return []
    since, length = history.bought[c.AT].min(), pd.Timedelta(days=days)
    return [at for back in BACK if (at := history.as_of - back * length) - since >= length * BEFORE]


def _lesson(whole: Window, used: Sequence[Ranker], rng: Generator) -> Lesson:
    one = sampled(whole, CUSTOMERS, rng)
    fitted = [ranker.fit(one.past, rng) for ranker in used]
    facts = Facts.of(one.past)
    parts = []
    for start in range(0, one.customers.size, BATCH):
        found = proposed(fitted, facts, one.customers[start : start + BATCH])
        parts.append(found._replace(row=found.row + start))
    pairs = Pairs(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    n = one.past.products.size
    came = np.isin(pairs.row * n + pairs.product, one.truth.row * n + one.truth.product)
    buyers = np.unique(one.past.bought[c.CUSTOMER].to_numpy(np.int64))
    if buyers.size > ROWS:
        buyers = rng.choice(buyers, ROWS, replace=False)
    return Lesson(pairs, came, facts.customers[buyers].astype(np.float32), np.isin(buyers, whole.customers))
