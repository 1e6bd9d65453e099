"""Who is called lost: how often that was right on the shop's own past, and which score tells it best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlite_utils import Database

from engine.lifecycle.caveats import NO_BETTER_THAN_CHANCE
from engine.lifecycle.kept import packed
from engine.lifecycle.record import LOST, Bin, Called, Measured, TrackRecord
from engine.lifecycle.scores import scores
from engine.phrases import Phrase, counted
from engine.progress import Progress
from engine.services.evaluations import Bar, Chart, Found, Row
from engine.services.forecasts import as_of, current_forecast, track_record, untested
from engine.shop import Shop
from engine.store.runs import Run

FEWEST_PER_HUNDRED = 50  # people; of fewer the numbers themselves are told
SHORT = 0.05  # of what a call promises: less is chance
COIN = 0.5  # what a score without any knowledge reaches


@dataclass(frozen=True)
class Lifecycle:
    @property
    def label(self) -> Phrase:
        return Phrase("who is leaving")

    def found(self, shop: Shop, db: Database, *, refresh: bool, progress: Progress) -> Found:
        run = current_forecast(shop, db, refresh=refresh, progress=progress)
        record = track_record(run)
        if record is None:
            return not_yet(run)
        return Found(
            verdict=verdict(record),
            facts=facts(record),
            charts=tuple(_charts(record)),
            numbers=numbers(run, record),
            as_of=as_of(run),
            computed_at=run.at,
        )


def not_yet(run: Run) -> Found:
    """What is said where the shop's past is too short for a test."""
    why = untested(run) or Phrase("The shop's own data cannot support a test yet.")
    return Found(why, (), (), numbers(run, None), as_of(run), run.at)


def verdict(record: TrackRecord) -> Phrase:
    """Of how many who were called lost on the last tested day that was right; first, whether chance does as well."""
    if record.of_chosen.auc_low <= COIN:
        return NO_BETTER_THAN_CHANCE
    called = next(one for one in record.latest if one.threshold == LOST)
    if not called.n_called:
        return Phrase(
            "It can be used to see who is likelier to stay away than others ({right} of 100 pairs were put in the "
            "right order), not yet to call anybody lost: on {origin}, the last day that can be tested, nobody was as "
            "sure to stay away as that takes ({lost:.0%}).",
            right=per_hundred(record.of_chosen.auc),
            origin=record.origins[-1],
            lost=LOST,
        )
    if called.n_called < FEWEST_PER_HUNDRED:
        return counted(
            "Of {n} customer expected on {origin} not to buy in the {days} days after, {right} did not; of any 100 "
            "customers {any} did not.",
            "Of {n} customers expected on {origin} not to buy in the {days} days after, {right} did not; of any 100 "
            "customers {any} did not.",
            n=called.n_called,
            right=called.n_right,
            origin=record.origins[-1],
            days=record.horizon,
            any=_of_any(record),
        )
    return Phrase(
        "Of 100 customers expected on {origin} not to buy in the {days} days after ({called:,} were), {right} did not; "
        "of any 100 customers {any} did not.",
        right=per_hundred(called.precision),
        origin=record.origins[-1],
        days=record.horizon,
        called=called.n_called,
        any=_of_any(record),
    )


def _of_any(record: TrackRecord) -> int:
    """How many of 100 customers did not buy, whatever was expected of them, on all days that were tested."""
    measured = record.of_chosen
    return per_hundred(measured.n_none / measured.n)


def since_then(record: TrackRecord) -> Phrase | None:
    """Why calls that were clearly less often right than they should be are fewer now; None where they were right."""
    if record.of_chosen.auc_low <= COIN:
        return None
    called = next(one for one in record.latest if one.threshold == LOST)
    right = called.precision
    if right is None or called.n_called < FEWEST_PER_HUNDRED or right >= LOST - SHORT:
        return None
    return Phrase(
        "That was less often right than it should be ({lost:.0%}), so chances have been set right by it since: "
        "today's, and the months under /lifecycle, which are counted with these, call fewer people lost.",
        lost=LOST,
    )


def facts(record: TrackRecord) -> tuple[Phrase, ...]:
    """How it was tested, and how many of those who left had been called."""
    measured = record.of_chosen
    (lost,) = [one for one in measured.calls if one.threshold == LOST]
    set_right = since_then(record)
    told = [*(() if set_right is None else (set_right,)), _tested(record, measured)]
    if measured.auc_low > COIN:
        told.append(record.reason)
    if lost.n_called and lost.recall is not None:
        told.append(
            Phrase(
                "Of 100 who did not buy, {caught} had been expected not to.",
                caught=per_hundred(lost.recall),
            )
        )
    return tuple(told)


def _tested(record: TrackRecord, measured: Measured) -> Phrase:
    first, last = record.origins[0], record.origins[-1]
    if first == last:
        return counted(
            "Tested on {first}, with the orders until then and what came in the {days} days after: {n} customer.",
            "Tested on {first}, with the orders until then and what came in the {days} days after: {n} customers.",
            n=measured.n_customers,
            first=first,
            days=record.horizon,
        )
    return counted(
        "Tested on {tests} days from {first} to {last}, each with the orders until then and what came in the {days} "
        "days after: {n} customer.",
        "Tested on {tests} days from {first} to {last}, each with the orders until then and what came in the {days} "
        "days after: {n} customers.",
        n=measured.n_customers,
        tests=len(record.origins),
        first=first,
        last=last,
        days=record.horizon,
    )


def per_hundred(share: float | None) -> int:
    return round(100 * (share or 0.0))


def _charts(record: TrackRecord) -> Iterator[Chart]:
    yield _calibration(record.of_chosen, record.horizon)
    if any(one.n_called for one in record.of_chosen.calls):
        yield _thresholds(record)
    yield _scores(record)


def _calibration(measured: Measured, days: int) -> Chart:
    return Chart(
        title=Phrase("Forecast, and what happened"),
        note=Phrase(
            "Share of people without an order in {days} days, those with similar forecasts together. "
            "Pale: forecast. Dark: what happened.",
            days=days,
        ),
        rows=tuple(_bin(one, at, len(measured.bins)) for at, one in enumerate(measured.bins, start=1)),
        full=1.0,
    )


def _bin(one: Bin, at: int, n_bins: int) -> Row:
    return Row(
        _ranked(counted("{n} person", "{n} people", n=one.n), at, n_bins),
        (
            Bar(one.predicted, Phrase("{share:.0%} forecast", share=one.predicted), "expected"),
            Bar(one.observed, Phrase("{share:.0%} happened", share=one.observed), "came"),
        ),
    )


def _ranked(people: Phrase, at: int, n_bins: int) -> Phrase:
    """The name of those in the bar that is `at`-th of `n_bins`, the least likely to stay away being the first."""
    if n_bins == 1:
        return people
    if at == 1:
        return Phrase("least likely to stay away: {people}", people=people)
    if at == n_bins:
        return Phrase("most likely to stay away: {people}", people=people)
    return Phrase("{at} of {n_bins} on the way up: {people}", at=at, n_bins=n_bins, people=people)


def _thresholds(record: TrackRecord) -> Chart:
    """How often a call is right, and how many of those who leave it reaches."""
    return Chart(
        title=Phrase("How often the warning is right"),
        note=counted(
            "On {n} day. Dark: of those called, how many did not buy. Pale: of all who did not buy, how many were "
            "called.",
            "On {n} days together. Dark: of those called, how many did not buy. Pale: of all who did not buy, how many "
            "were called.",
            n=len(record.origins),
        ),
        rows=tuple(_called(one) for one in record.of_chosen.calls if one.n_called),
        full=1.0,
    )


def _called(one: Called) -> Row:
    label = counted(
        "called {word} ({threshold:.0%} or more): {n} person",
        "called {word} ({threshold:.0%} or more): {n} people",
        n=one.n_called,
        threshold=one.threshold,
        word=Phrase("lost") if one.threshold == LOST else Phrase("about to leave"),
    )
    bars = []
    if one.precision is not None:
        bars.append(Bar(one.precision, Phrase("{share:.0%} right", share=one.precision), "came"))
    if one.recall is not None:
        bars.append(Bar(one.recall, Phrase("{share:.0%} caught", share=one.recall), "expected"))
    return Row(label, tuple(bars))


def _scores(record: TrackRecord) -> Chart:
    ranked = sorted(record.measured, key=lambda one: -one.auc)
    return Chart(
        title=Phrase("Which method tells best"),
        note=Phrase(
            "Of two customers, one who bought and one who did not: how often of 100 the right one is put first. "
            "The line is a coin. Dark: the method in use."
        ),
        rows=tuple(
            Row(
                _words(one.score),
                (
                    Bar(
                        one.auc,
                        Phrase("{right} of 100", right=per_hundred(one.auc)),
                        "chosen" if one.score == record.chosen else "other",
                        one.auc_low,
                        one.auc_high,
                    ),
                ),
            )
            for one in ranked
        ),
        full=1.0,
        mark=COIN,
    )


def _words(score: str) -> Phrase:
    """What a score is called; one that is there no more by its name."""
    known = scores().get(score)
    return Phrase("{name}", name=score) if known is None else known.words


def numbers(run: Run, record: TrackRecord | None) -> dict[str, Any]:
    """The track record for programs."""
    if record is None:
        return {"tested": False, "days": run.settings["days"], "score": run.method}
    calls = [{**packed(one), "precision": one.precision, "recall": one.recall} for one in record.of_chosen.calls]
    return {
        "tested": True,
        "days": record.horizon,
        "score": record.chosen,
        "tested_until": (record.origins[-1] + timedelta(days=record.horizon)).isoformat(),
        "calls": calls,
        **{key: value for key, value in packed(record).items() if key not in ("horizon", "chosen", "reason")},
    }


EVALUATOR = Lifecycle()
