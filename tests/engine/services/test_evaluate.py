"""Results put to the test: what every kind keeps, and what the words say of the numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.errors import NotFound, TooLittleData
from engine.lifecycle.record import Bin, Called, Measured, Total, TrackRecord
from engine.phrases import Phrase
from engine.services.evaluate import evaluate
from engine.services.evaluations import evaluations
from engine.services.evaluations import lifecycle as of_lifecycle
from engine.services.evaluations import value as of_value
from engine.services.value import value_report
from engine.shop import Shop
from engine.store import transaction
from tests.clock import noon
from tests.engine.services import shops

KINDS = sorted(evaluations())


@pytest.fixture(scope="module")
def leavers(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("leavers") / "shop.db", clock=noon)
    shops.fill_with_leavers(shop)
    return shop


@pytest.fixture
def young(tmp_path: Path) -> Shop:
    """A shop whose past is too short for any test."""
    shop = Shop(tmp_path / "young.db", clock=noon)
    with shop.open() as db, transaction(db):
        shops.add_import(db)
        shops.add_products(db, shops.GOODS)
        shops.add_customers(db, ({"key": f"A{number}"} for number in range(30)))
        shops.add_orders(db, (order for n in range(30) for order in shops.gifts(f"A{n}", n % 20)))
    return shop


def test_what_is_forecast_can_be_put_to_the_test() -> None:
    assert set(KINDS) >= {"lifecycle", "recommend", "segments", "value"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_the_promises(leavers: Shop, kind: str) -> None:
    evaluation = evaluate(leavers, kind)
    found = evaluation.found
    assert (evaluation.kind, evaluation.label) == (kind, evaluations()[kind])
    assert str(found.verdict).endswith(".")
    assert json.loads(json.dumps(dict(found.numbers), allow_nan=False))
    for chart in found.charts:
        assert chart.rows
        for bar in (bar for row in chart.rows for bar in row.bars):
            assert bar.value >= 0
            assert chart.full is None or bar.value <= chart.full
            assert bar.low is None or bar.high is None or bar.low <= bar.value <= bar.high
    assert evaluate(leavers, kind) == evaluation


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_fails_where_there_is_little(shop: Shop, young: Shop, kind: str) -> None:
    with pytest.raises(TooLittleData):
        evaluate(shop, kind)
    assert str(evaluate(young, kind).found.verdict)


@pytest.mark.parametrize("kind", ["lifecycle", "recommend", "value"])
def test_a_past_that_is_too_short_says_so(young: Shop, kind: str) -> None:
    found = evaluate(young, kind).found
    assert "cannot be tested on your own past yet" in str(found.verdict)
    assert (found.charts, found.facts, found.numbers["tested"]) == ((), (), False)


def test_measuring_again_is_computed_once_per_cause(leavers: Shop) -> None:
    run = value_report(leavers).run
    asked = leavers.caused_by("update 9")
    evaluate(asked, "value", refresh=True)
    anew = value_report(leavers).run
    assert anew > run
    evaluate(asked, "value", refresh=True)
    assert value_report(leavers).run == anew


def test_a_kind_that_is_not_there(shop: Shop) -> None:
    with pytest.raises(NotFound, match=r"“magic” cannot be put to the test; there are: .*lifecycle"):
        evaluate(shop, "magic")


MEASURED = Measured(
    score="recency",
    n=400,
    n_customers=150,
    n_none=200,
    auc=0.75,
    auc_low=0.7,
    auc_high=0.8,
    brier=0.2,
    brier_of_average=0.25,
    calls=(Called(0.65, 120, 90, 200), Called(0.8, 80, 64, 200)),
    bins=(Bin(0.2, 0.25, 200), Bin(0.8, 0.75, 200)),
)
RECORD = TrackRecord(
    horizon=90,
    origins=(date(2026, 3, 1), date(2026, 6, 1)),
    chosen="recency",
    reason=Phrase("because"),
    measured=(MEASURED,),
    latest=(Called(0.65, 150, 100, 120), Called(0.8, 100, 71, 120)),
    orders_ratio=1.0,
    totals=(Total(date(2026, 3, 1), 90, 100, 1000, 1100), Total(date(2026, 6, 1), 100, 90, 3000, 2400)),
)


def test_of_a_hundred_called_so_many_did_not_buy() -> None:
    assert str(of_lifecycle.verdict(RECORD)) == (
        "Of 100 customers expected on 2026-06-01 not to buy in the 90 days after (100 were), 71 did not; of any 100 "
        "customers 50 did not."
    )
    few = replace(RECORD, latest=(Called(0.65, 9, 9, 9), Called(0.8, 7, 5, 9)))
    assert str(of_lifecycle.verdict(few)) == (
        "Of 7 customers expected on 2026-06-01 not to buy in the 90 days after, 5 did not; of any 100 customers 50 did "
        "not."
    )
    none = replace(RECORD, latest=(Called(0.65, 9, 9, 9), Called(0.8, 0, 0, 9)))
    assert str(of_lifecycle.verdict(none)).startswith("It can be used to see who is likelier to stay away than")
    chance = replace(RECORD, measured=(replace(MEASURED, auc_low=0.49),))
    assert "no forecast told better than chance" in str(of_lifecycle.verdict(chance))


def test_calls_that_were_wrong_too_often_are_explained_beside_the_chances_of_today() -> None:
    set_right = of_lifecycle.since_then(RECORD)  # 71 of 100, where 80 % was said
    assert set_right is not None
    assert "less often right than it should be (80%)" in str(set_right)
    for good in (
        replace(RECORD, latest=(Called(0.65, 150, 100, 120), Called(0.8, 100, 75, 120))),
        replace(RECORD, latest=(Called(0.65, 150, 100, 120), Called(0.8, 49, 10, 120))),  # of few it may be chance
        replace(RECORD, measured=(replace(MEASURED, auc_low=0.49),)),
    ):
        assert of_lifecycle.since_then(good) is None


def test_how_it_was_tested_is_told() -> None:
    _, tested, reason, caught = map(str, of_lifecycle.facts(RECORD))
    assert tested == (
        "Tested on 2 days from 2026-03-01 to 2026-06-01, each with the orders until then and what came in the 90 days "
        "after: 150 customers."
    )
    assert reason == "because"
    assert caught == "Of 100 who did not buy, 32 had been expected not to."
    once = replace(RECORD, origins=RECORD.origins[:1])
    assert str(of_lifecycle.facts(once)[1]).startswith("Tested on 2026-03-01, with the orders until then")


def test_how_far_off_the_money_was() -> None:
    # 100 and 600 off, of 4,000
    assert list(map(str, of_value.verdicts(RECORD))) == [
        "In 2 tests on your past, the money that came was 18% off all in all; at worst, 20% less came than was "
        "expected."
    ]
    once = replace(RECORD, totals=RECORD.totals[:1])
    assert str(of_value.verdicts(once)[0]) == (
        "In the one test that your past allows, 10% more came than was expected."
    )
    exact = replace(RECORD, totals=(Total(date(2026, 3, 1), 90, 90, 1000, 1001),))
    assert "as much came as was expected" in str(of_value.verdicts(exact)[0])
    free = replace(RECORD, totals=(Total(date(2026, 3, 1), 90, 90, 0, 0),))
    assert (of_value.verdicts(free), of_value.has_money(free)) == ((), False)


def test_the_latest_tests_are_charted() -> None:
    chart = of_value.money_chart(RECORD, "CNY", 1)
    (row,) = chart.rows
    assert [str(bar.said) for bar in row.bars] == ["¥3,000 expected", "¥2,400 came"]
    assert len(of_value.money_chart(RECORD, None).rows) == len(of_value.orders_chart(RECORD).rows) == 2


def test_each_bar_of_forecasts_has_a_name() -> None:
    names = [str(of_lifecycle._ranked(Phrase("30 people"), at, 3)) for at in (1, 2, 3)]
    assert names == [
        "least likely to stay away: 30 people",
        "2 of 3 on the way up: 30 people",
        "most likely to stay away: 30 people",
    ]
