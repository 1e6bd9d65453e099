"""What to forecast with, tried on earlier days of the same shop.

At each origin, a day whose horizon has passed since, every score learns from what was known then and forecasts all who
had bought by then; its probabilities are set right by the origins before. What happened is compared.

The purchase model that was least off in the number of orders tells who stays away, too, unless another score clearly
told it better and its probabilities were not clearly further off: a score that only ranks well puts all orders and all
money of the shop at a wrong level (`python -m benchmarks forecast_totals`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine.lifecycle.measures import Outcomes, Ranked, called, further_off, measured, ranked
from engine.lifecycle.models import FittedPurchases, models
from engine.lifecycle.purchases import Floats, Purchases, day_at
from engine.lifecycle.recalibration import PRIOR, Calibration, calibration
from engine.lifecycle.record import THRESHOLDS, Total, TrackRecord
from engine.lifecycle.scores import score as score_named
from engine.lifecycle.scores import scores
from engine.lifecycle.scores_of_models import FittedModel
from engine.lifecycle.testable import FEWEST_CUSTOMERS, origins, untestable
from engine.lifecycle.totals import total
from engine.phrases import Phrase
from engine.progress import Progress

SAMPLE = 20_000  # customers, drawn at random from more
UNTESTED = "bgnbd"  # the score and the model where nothing could be tried
CLEAR = 1.645  # standard errors behind the best: by luck in 5 of 100 cases where two are alike
FEWEST_ORDERS = 20  # expected: how far fewer are off is chance


@dataclass(frozen=True)
class Backtest:
    """`score` and `model` are the names of what to forecast with, `calibration` sets the score's probabilities right.
    `untested` says why there is no `record`.
    """

    score: str
    model: str
    calibration: Calibration
    record: TrackRecord | None = None
    untested: Phrase | None = None


@dataclass(frozen=True)
class _Tried:
    """What was forecast at one origin: P(no order) by score, orders by model as it was fitted; and what happened."""

    outcomes: Outcomes
    then: Purchases
    p_none: Mapping[str, Floats]
    n_orders: Mapping[str, Floats]
    fitted: Mapping[str, FittedPurchases]

    @property
    def day(self) -> int:
        return self.then.as_of


def backtest(past: Purchases, horizon: int, rng: Generator, progress: Progress) -> Backtest:
    """All scores on the origins of `past`; on a sample of customers where there are more than SAMPLE."""
    sample = past.sample(SAMPLE, rng)
    known = [then for day in origins(past, horizon) if (then := sample.before(day)).n]
    days = [then.as_of for then in known]
    outcomes = [_outcomes(sample, then, horizon) for then in known]
    why = untestable(past, horizon, outcomes, days)
    if why is not None:
        return Backtest(UNTESTED, UNTESTED, PRIOR, untested=why)
    tried = []
    for i, (then, outcome) in enumerate(zip(known, outcomes, strict=True)):
        progress(Phrase("Trying the forecast as of {day}", day=day_at(then.as_of).date()), i / len(known))
        tried.append(_try(then, outcome, horizon, rng))
    return _chosen(past, tried, horizon)


def _outcomes(sample: Purchases, then: Purchases, horizon: int) -> Outcomes:
    n_orders = sample.followed(then, horizon)
    return Outcomes(then.customers, n_orders == 0, n_orders)


def _try(then: Purchases, outcomes: Outcomes, horizon: int, rng: Generator) -> _Tried:
    p_none, n_orders, models_then = {}, {}, {}
    for name, score in scores().items():
        fitted = score.fit(then, horizon, rng)
        if fitted is None:
            continue
        p_none[name] = fitted.p_none(then)
        if isinstance(fitted, FittedModel) and name in models():
            n_orders[name] = fitted.n_orders(then)
            models_then[name] = fitted.purchases
    return _Tried(outcomes, then, p_none, n_orders, models_then)


def _chosen(past: Purchases, tried: Sequence[_Tried], horizon: int) -> Backtest:
    names, common = _comparable(tried)
    outcomes = [one.outcomes for one in common]
    told = {name: _set_right(tried, name) for name in names}
    p_none = {name: [told[name][one.day] for one in common] for name in names}
    order = {name: ranked(outcomes, p_none[name]) for name in names}
    model = _model(tried)
    usual = p_none.get(model)
    trusted = [name for name in names if usual is None or not _clear(*further_off(outcomes, p_none[name], usual))]
    chosen = choice(order, model, trusted)
    record = TrackRecord(
        horizon=horizon,
        origins=tuple(day_at(one.day).date() for one in common),
        chosen=chosen,
        reason=_reason(chosen, order, trusted),
        measured=tuple(measured(name, outcomes, p_none[name], order[name]) for name in names),
        latest=tuple(called(threshold, outcomes[-1].none, p_none[chosen][-1]) for threshold in THRESHOLDS),
        orders_ratio=_orders_ratio(tried, model),
        totals=_totals(past, tried, horizon, told[chosen], model),
    )
    return Backtest(chosen, model, _calibration(tried, chosen), record)


def _totals(
    past: Purchases, tried: Sequence[_Tried], horizon: int, p_none: Mapping[int, Floats], model: str
) -> tuple[Total, ...]:
    """Of the origins that have the chosen score and model, set right by the origins before; of very few orders none."""
    found = [
        total(past, one.then, one.fitted[model], horizon, p_none[one.day])
        for one in tried
        if one.day in p_none and model in one.fitted and one.then.n >= FEWEST_CUSTOMERS
    ]
    return tuple(one for one in found if one.orders_expected >= FEWEST_ORDERS)


def _comparable(tried: Sequence[_Tried]) -> tuple[list[str], list[_Tried]]:
    """The scores to compare and the origins that all of them have: without those that can be tried on too few."""
    names = [name for name in scores() if any(name in one.p_none for one in tried)]
    while True:
        common = [one for one in tried if all(name in one.p_none for name in names)]
        if any(one.outcomes.can_rank for one in common) or len(names) == 1:
            return names, common
        fewest = min(names, key=lambda name: (sum(name in one.p_none for one in tried), -score_named(name).effort))
        names.remove(fewest)


def _set_right(tried: Sequence[_Tried], name: str) -> dict[int, Floats]:
    """A score's forecasts by the origins that it has, as they would have been told then."""
    there = [one for one in tried if name in one.p_none]
    return {one.day: _calibration(there[:i], name)(one.p_none[name]) for i, one in enumerate(there)}


def _calibration(tried: Sequence[_Tried], name: str) -> Calibration:
    there = [one for one in tried if name in one.p_none]
    return calibration([one.p_none[name] for one in there], [one.outcomes.none for one in there])


def choice(order: Mapping[str, Ranked], model: str, trusted: Sequence[str]) -> str:
    """The purchase model, unless a trusted score's AUC is clearly higher on the same forecasts; of several such the
    simplest whose AUC is not clearly lower than theirs. `order` has the simplest first. Without the model, of all.
    """
    better = [name for name in trusted if model not in order or _clear(*order[model].behind(order[name]))]
    if not better:
        return model
    best = max(better, key=lambda name: order[name].auc)
    return next(name for name in better if not _clear(*order[name].behind(order[best])))


def _clear(apart: float, error: float) -> bool:
    return apart > CLEAR * error


def _model(tried: Sequence[_Tried]) -> str:
    """The simplest purchase model not clearly worse at the number of orders (squared error)."""
    names = [name for name in scores() if all(name in one.n_orders for one in tried)]
    if not names:
        return UNTESTED
    came = np.concatenate([one.outcomes.n_orders for one in tried])
    expected = {name: np.concatenate([one.n_orders[name] for one in tried]) for name in names}
    errors = {name: (expected[name] - came) ** 2 for name in names}
    best = min(names, key=lambda name: errors[name].mean())
    worse = {name: errors[name] - errors[best] for name in names}
    return next(name for name in names if not _clear(worse[name].mean(), worse[name].std() / np.sqrt(came.size)))


def _orders_ratio(tried: Sequence[_Tried], model: str) -> float:
    """Orders that came over those that the model expected."""
    there = [one for one in tried if model in one.n_orders]
    expected = float(sum(one.n_orders[model].sum() for one in there))
    return float(sum(one.outcomes.n_orders.sum() for one in there)) / max(expected, 1e-9)


def _reason(chosen: str, order: Mapping[str, Ranked], trusted: Sequence[str]) -> Phrase:
    best = max(order, key=lambda name: order[name].auc)
    words = score_named(chosen).words
    if len(order) == 1:
        return Phrase("Your past is long enough to try one thing only: {score}.", score=words)
    if chosen == best and all(_clear(*order[name].behind(order[best])) for name in order if name != best):
        return Phrase("On your own past this told best who would stay away: {score}.", score=words)
    if best not in trusted and _clear(*order[chosen].behind(order[best])):
        return Phrase(
            "On your own past {other} told better who would stay away, but its chances were too far off, so I go by "
            "this: {score}.",
            other=score_named(best).words,
            score=words,
        )
    return Phrase("On your own past nothing told clearly better who would stay away than this: {score}.", score=words)
