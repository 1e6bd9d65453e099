"""Gaps get what a model says that learns the field from all others."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engine.missing.fields import Field
from engine.missing.filling import as_cells, as_numbers, no_average, with_filled
from engine.missing.likeness import most_telling, points, predictors
from engine.missing.treatments import Treated
from engine.phrases import Phrase


@dataclass(frozen=True)
class Iterative:
    """Chained models: each gap, also of the other fields, is estimated from all others, `rounds` times over.

    Another field of which less than `few` is missing is worth no model of its own: its gaps get its mean.

    With `many` known customers or more the models are boosted trees, below that Bayesian ridge regression; they
    learn from at most `enough`. Estimates keep within the range of the known values.

    Source: van Buuren & Groothuis-Oudshoorn (2011), "mice: Multivariate Imputation by Chained Equations in R".
    """

    rounds: int = 3
    few: float = 0.05
    many: int = 500
    enough: int = 5_000
    words = Phrase("a model of all other facts")
    meaning = Phrase(
        "Every gap gets what a model estimates that learned from all other facts of those people whose value is known; "
        "for numbers and days."
    )

    def refusal(self, frame: pd.DataFrame, field: Field) -> Phrase | None:
        why = no_average(frame, field)
        if why is None and not predictors(frame, field):
            return Phrase("Nothing else is known from which a model could learn; take the middle value.")
        return why

    def apply(self, frame: pd.DataFrame, field: Field, rng: Generator) -> Treated:
        ordered = frame.sort_index()
        numbers = as_numbers(ordered[field.key], field).to_numpy(dtype=np.float64)
        missing = np.isnan(numbers)
        values = ordered[field.key]
        if missing.any():
            estimates = pd.Series(self._estimates(ordered, field, numbers, rng), index=ordered.index[missing])
            values = as_cells(estimates, field)
        made, filled = with_filled(frame, field, values)
        statement = Phrase(
            "{field}: {n} of {total} estimated by a model from all other facts.",
            n=int(filled.sum()),
            total=len(frame),
            field=field.words,
        )
        return Treated(made, filled, statement)

    def _estimates(
        self, frame: pd.DataFrame, field: Field, numbers: NDArray[np.float64], rng: Generator
    ) -> NDArray[np.float64]:
        """An estimate for each NaN of `numbers`, in their order."""
        from sklearn.exceptions import ConvergenceWarning

        missing = np.isnan(numbers)
        known = np.flatnonzero(~missing)
        centre, spread = numbers[known].mean(), numbers[known].std() or 1.0
        scaled = (numbers - centre) / spread
        table = np.hstack([most_telling(points(frame, predictors(frame, field)), scaled), scaled[:, None]])
        learned = known if len(known) <= self.enough else np.sort(rng.choice(known, self.enough, replace=False))
        # a column of which the learners know nothing teaches nothing
        table = table[:, ~np.isnan(table[learned]).all(axis=0)]
        lacking = np.isnan(table[:, :-1])
        table[:, :-1] = np.where(lacking & (lacking.mean(axis=0) < self.few), 0.0, table[:, :-1])
        model = self._model(len(known), int(rng.integers(2**31)))
        with threadpool_limits(1), warnings.catch_warnings():
            # few rounds are meant to be few
            warnings.simplefilter("ignore", ConvergenceWarning)
            # learned from those whose value is known, and from the others for how their gaps hang together
            model.fit(table[np.sort(np.concatenate([learned, np.flatnonzero(missing)[: self.enough]]))])
            found = model.transform(table[missing])[:, -1]
        estimates: NDArray[np.float64] = np.asarray(found * spread + centre, dtype=np.float64)
        return estimates.clip(numbers[known].min(), numbers[known].max())

    def _model(self, n_known: int, seed: int) -> Any:
        from sklearn.ensemble import HistGradientBoostingRegressor
        from sklearn.experimental import enable_iterative_imputer  # noqa: F401 - unlocks the class below
        from sklearn.impute import IterativeImputer
        from sklearn.linear_model import BayesianRidge

        many = n_known >= self.many
        one = HistGradientBoostingRegressor(random_state=seed, early_stopping=False) if many else BayesianRidge()
        return IterativeImputer(
            one,
            max_iter=self.rounds,
            initial_strategy="median",
            skip_complete=True,
            random_state=seed,
        )


TREATMENT = Iterative()
