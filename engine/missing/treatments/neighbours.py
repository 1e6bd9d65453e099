"""Gaps get what the most similar customers have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.missing.fields import Field
from engine.missing.filling import as_cells, as_numbers, nothing_known, own, with_filled
from engine.missing.likeness import most_telling, points, predictors
from engine.missing.treatments import Treated
from engine.phrases import Phrase

AT_ONCE = 4_096  # rows whose neighbours are looked for together


@dataclass(frozen=True)
class Neighbours:
    """The mean of the `k` nearest customers of whom it is known, or for a choice what most of them have.

    Near is near in all other numbers, days and choices, on one scale; who lacks some is compared in the rest. Of more
    than `enough` customers a random `enough` are asked.

    Source: Troyanskaya et al. (2001), "Missing value estimation methods for DNA microarrays".
    """

    k: int = 5
    enough: int = 2_000
    words = Phrase("the most similar people")
    meaning = Phrase(
        "Every gap gets the average of the most similar customers, or what most of them have; for numbers, days and "
        "choices."
    )

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        why = own(frame, field) or nothing_known(frame, field)
        if why is None and not predictors(frame, field):
            return Phrase("Nothing else is known by which somebody could be similar; take the middle value.")
        return why

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        ordered = frame.sort_index()
        missing = ordered[field.key].isna().to_numpy()
        values = ordered[field.key].copy()
        if missing.any():
            values = pd.Series(self._answers(ordered, field, missing, rng), index=ordered.index[missing])
        made, filled = with_filled(frame, field, values)
        statement = Phrase(
            "{field}: {n} of {total} filled from the {k} most similar customers.",
            n=int(filled.sum()),
            total=len(frame),
            field=field.words,
            k=self.k,
        )
        return Treated(made, filled, statement)

    def _answers(self, frame: pd.DataFrame, field: Field, missing: NDArray[np.bool_], rng: Generator) -> object:
        """The value for each row with a gap, in the order of `frame`."""
        known = frame[field.key][~missing]
        if field.kind == "choice":
            levels = np.unique(known.astype(str))
            target = np.full((len(frame), len(levels)), np.nan)
            target[~missing] = (known.astype(str).to_numpy()[:, None] == levels[None, :]).astype(float)
            return levels[self._means(frame, field, target, missing, rng).argmax(axis=1)]
        numbers = as_numbers(frame[field.key], field).to_numpy(dtype=np.float64)
        return as_cells(pd.Series(self._means(frame, field, numbers[:, None], missing, rng)[:, 0]), field).to_numpy()

    def _means(
        self,
        frame: pd.DataFrame,
        field: Field,
        target: NDArray[np.float64],
        missing: NDArray[np.bool_],
        rng: Generator,
    ) -> NDArray[np.float64]:
        """The mean of `target` over each gap's nearest donors."""
        from sklearn.impute import KNNImputer

        where = most_telling(points(frame, predictors(frame, field)), target)
        donors = np.flatnonzero(~missing)
        if len(donors) > self.enough:
            donors = np.sort(rng.choice(donors, self.enough, replace=False))
        # a row of which nothing at all is known is as near to everyone
        table = np.hstack([np.zeros((len(frame), 1)), where])
        lacking = np.flatnonzero(np.isnan(table[donors]).all(axis=0))
        table = np.delete(table, lacking, axis=1)
        columns = slice(table.shape[1], None)
        imputer = KNNImputer(n_neighbors=min(self.k, len(donors)))
        found = np.empty((int(missing.sum()), target.shape[1]))
        with threadpool_limits(1):
            imputer.fit(np.hstack([table[donors], target[donors]]))
            receivers = np.flatnonzero(missing)
            for start in range(0, len(receivers), AT_ONCE):
                rows = receivers[start : start + AT_ONCE]
                found[start : start + AT_ONCE] = imputer.transform(np.hstack([table[rows], target[rows]]))[:, columns]
        return found


TREATMENT = Neighbours()
