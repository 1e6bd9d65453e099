"""Rankers that were made one, asked for lists and for reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.fusion.combiners import Combiner, combiners
from engine.recommend.fusion.facts import Facts
from engine.recommend.fusion.learning import Learned, learned, lessons, too_little
from engine.recommend.fusion.pairs import Pairs, proposed
from engine.recommend.history import Floats, History, Ints
from engine.recommend.lists import BATCH, Candidates, kept_by, places, said_by
from engine.recommend.metrics import Lists, in_batches
from engine.recommend.mixing import Mix, Mixing
from engine.recommend.rankers import Fitted, Kept, rankers
from engine.recommend.trials import Listing, Recommender

# tifu_knn and item_to_item say nothing beside these: on Online Retail, July to September, lists were as good without
# them for half the time
MEMBERS = ("repeat", "ease", "user_neighbours", "als", "content", "popular")
LEARNED = " learned"  # among what is kept, beside the names of rankers


@dataclass(frozen=True)
class Blend(Recommender):
    """All `members` made one by `combiner`, or mixed by the stated rule where the past is too short to learn from."""

    combiner: Combiner
    members: tuple[str, ...] = MEMBERS

    @property
    def name(self) -> str:
        return f"blend_{self.combiner.name}"

    @property
    def label(self) -> Phrase:
        return self.combiner.label

    def lacking(self, history: History) -> Phrase | None:
        return too_little(history)

    def fit_watched(self, history: History, rng: Generator, progress: Progress) -> FittedBlend | Mix:
        return self.fit(history, rng, progress)

    def fit(self, history: History, rng: Generator, progress: Progress = silent) -> FittedBlend | Mix:
        used = [rankers()[name] for name in self.members if rankers()[name].lacking(history) is None]
        found = learned(
            lessons(history, used, rng, lambda doing, share: progress(doing, 0.7 * share)), self.combiner, rng
        )
        if found is None:
            return Mixing().fit(history, rng, progress)
        fitted = []
        for done, ranker in enumerate(used):
            progress(Phrase("Learning from what was bought"), 0.7 + 0.3 * done / len(used))
            fitted.append(ranker.fit(history, rng))
        return FittedBlend(history, tuple(ranker.name for ranker in used), tuple(fitted), Facts.of(history), found)

    def resumed(self, history: History, kept: Mapping[str, Kept]) -> FittedBlend | Mix:
        """As fitted before, by what was kept then, on a history that has grown since."""
        if LEARNED not in kept:
            return Mixing().resumed(history, kept)
        own = kept[LEARNED]
        names = tuple(own["members"].tolist())
        fitted = tuple(rankers()[name].resumed(history, kept.get(name, {})) for name in names)
        return FittedBlend(history, names, fitted, Facts.of(history), Learned.resumed(self.combiner, own))


@dataclass(frozen=True)
class FittedBlend(Listing):
    history: History
    names: tuple[str, ...]
    fitted: tuple[Fitted, ...]
    facts: Facts
    learned: Learned

    def candidates(self, customers: Ints) -> Candidates:
        pairs = proposed(self.fitted, self.facts, customers)
        table = self.learned.features(pairs)
        score = self.learned.probability(pairs, table)
        order = np.lexsort((pairs.product, -score, pairs.row))
        speaker = self.learned.speaker(pairs, table, self.names)
        return Candidates(pairs.row, pairs.product, score, speaker).only(order)

    def returning(self, customers: Ints) -> Floats:
        return self.learned.returning(self.facts.customers[customers])

    def reasons(self, customers: Ints, products: Ints, ranker: Ints) -> list[Phrase]:
        return said_by(self.fitted, customers, products, ranker)

    def kept(self) -> Mapping[str, Kept]:
        own = {**self.learned.kept(), "members": np.array(self.names)}
        return {LEARNED: own, **kept_by(self.names, self.fitted)}

    def lists(self, customers: Ints, k: int, *, new: bool) -> Lists:
        return self.both(customers, k)[new]

    def both(self, customers: Ints, k: int) -> tuple[Lists, Lists]:
        new = []

        def of_batch(batch: Ints) -> Lists:
            pairs = proposed(self.fitted, self.facts, batch)
            new.append(self._listed(_unbought(pairs), k))
            return self._listed(pairs, k)

        every = in_batches(customers, BATCH, of_batch)
        found = iter(new)
        return every, in_batches(customers, BATCH, lambda _: next(found))

    def _listed(self, pairs: Pairs, k: int) -> Lists:
        score = self.learned.probability(pairs, self.learned.features(pairs))
        order = np.lexsort((pairs.product, -score, pairs.row))
        row = pairs.row[order]
        return Lists(row, pairs.product[order], places(row)).first(k)


def _unbought(pairs: Pairs) -> Pairs:
    return pairs.only(np.flatnonzero(~pairs.bought))


def blends() -> tuple[Blend, ...]:
    """One for each combiner, the one that explains itself best first."""
    known = combiners()
    return tuple(Blend(known[name]) for name in sorted(known, key=lambda name: name != "logistic"))
