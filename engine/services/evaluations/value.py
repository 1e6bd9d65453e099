"""What customers will bring: what was expected on the shop's own past, and what came."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from engine.lifecycle.record import Total, TrackRecord
from engine.phrases import Money, Phrase, counted
from engine.progress import Progress
from engine.services.evaluations import Bar, Chart, Found, Row
from engine.services.evaluations.lifecycle import not_yet
from engine.services.forecasts import as_of, current_forecast, track_record
from engine.shop import Shop
from engine.store import meta


@dataclass(frozen=True)
class Value:
    @property
    def label(self) -> Phrase:
        return Phrase("what customers will bring")

    def found(self, shop: Shop, db: Database, *, refresh: bool, progress: Progress) -> Found:
        run = current_forecast(shop, db, refresh=refresh, progress=progress)
        record = track_record(run)
        if record is None or not has_money(record):
            return not_yet(run)
        currency = meta.read(db, "currency")
        return Found(
            verdict=verdicts(record)[0],
            facts=(_orders_off(record), _tested(record)),
            charts=(money_chart(record, currency), orders_chart(record)),
            numbers={"days": record.horizon, "tests": [_number(one) for one in record.totals]},
            as_of=as_of(run),
            computed_at=run.at,
        )


def has_money(record: TrackRecord) -> bool:
    """Whether the tests tell anything of money: in a shop where all is free they do not."""
    return any(one.money_expected > 0 for one in record.totals)


def verdicts(record: TrackRecord) -> tuple[Phrase, ...]:
    """By how much the money that came differed from what had been expected: on average, and in the worst test."""
    tests = [one for one in record.totals if one.money_expected > 0]
    if not tests:
        return ()
    misses = [one.money / one.money_expected - 1 for one in tests]
    worst = max(misses, key=abs)
    if len(misses) == 1:
        return (Phrase("In the one test that your past allows, {miss}.", miss=missed(worst)),)
    return (
        Phrase(
            "In {n} tests on your past, the money that came was {usual:.0%} off all in all; at worst, {worst}.",
            n=len(misses),
            # a test with more money counts for more
            usual=sum(abs(one.money - one.money_expected) for one in tests) / sum(one.money_expected for one in tests),
            worst=missed(worst),
        ),
    )


def _orders_off(record: TrackRecord) -> Phrase:
    """The same of the number of orders, which goes before the money."""
    expected, came = sum(one.orders_expected for one in record.totals), sum(one.orders for one in record.totals)
    return Phrase("Of {expected:,.0f} orders that were expected, {came:,} came.", expected=expected, came=came)


def missed(miss: float) -> Phrase:
    if round(miss, 2) == 0:
        return Phrase("as much came as was expected")
    if miss > 0:
        return Phrase("{share:.0%} more came than was expected", share=miss)
    return Phrase("{share:.0%} less came than was expected", share=-miss)


def money_chart(record: TrackRecord, currency: str | None, latest: int | None = None) -> Chart:
    """The money of each test, or of the latest: what was expected, and what came."""
    rows = tuple(
        _row(
            one,
            Bar(max(0.0, one.money_expected), _expected(Money(one.money_expected, currency)), "expected"),
            Bar(max(0.0, one.money), _came(Money(one.money, currency)), "came"),
        )
        for one in record.totals[-(latest or 0) :]
    )
    return Chart(Phrase("Money: expected, and what came"), _note(record), rows)


def orders_chart(record: TrackRecord) -> Chart:
    """The same of orders."""
    rows = tuple(
        _row(
            one,
            Bar(one.orders_expected, _expected(_orders(one.orders_expected)), "expected"),
            Bar(one.orders, _came(_orders(one.orders)), "came"),
        )
        for one in record.totals
    )
    return Chart(Phrase("Orders: expected, and what came"), _note(record), rows)


def _row(one: Total, *bars: Bar) -> Row:
    return Row(Phrase("from {origin}", origin=one.origin), bars)


def _note(record: TrackRecord) -> Phrase:
    return Phrase(
        "The {days} days from each day named. Pale: expected with the orders until then. Dark: what came.",
        days=record.horizon,
    )


def _expected(what: Money | Phrase) -> Phrase:
    return Phrase("{what:0} expected", what=what)


def _came(what: Money | Phrase) -> Phrase:
    return Phrase("{what:0} came", what=what)


def _orders(n: float) -> Phrase:
    return counted("{n} order", "{n} orders", n=round(n))


def _tested(record: TrackRecord) -> Phrase:
    first, last = record.totals[0].origin, record.totals[-1].origin
    if first == last:
        return Phrase(
            "Tested on {first}: what was expected for the {days} days after, and what came.",
            first=first,
            days=record.horizon,
        )
    return Phrase(
        "Tested on {n} days from {first} to {last}: what was expected for the {days} days after each, and what came.",
        n=len(record.totals),
        first=first,
        last=last,
        days=record.horizon,
    )


def _number(one: Total) -> dict[str, float | str]:
    return {
        "from": one.origin.isoformat(),
        "orders_expected": round(one.orders_expected, 2),
        "orders": one.orders,
        "money_expected": round(one.money_expected, 2),
        "money": round(one.money, 2),
    }


EVALUATOR = Value()
