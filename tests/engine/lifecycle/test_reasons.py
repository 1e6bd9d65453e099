"""One sentence says why a customer is in a stage."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.lifecycle.reasons import Standing, percent, reason
from engine.lifecycle.stages import EVERY
from engine.phrases import Phrase
from tests.engine.lifecycle.made import RULES

BUYER = Standing("use", False, 3, 20, 0.4, None, None, 0)
VISITOR = Standing("interest", False, 0, None, None, "view", 5, 2)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (replace(VISITOR, stage="unknown", sign=None), "neither an order nor a visit is in your data"),
        (replace(VISITOR, stage="awareness"), "seen once: view, 5 days ago"),
        (VISITOR, "no order yet; 2 visits, the latest sign: view, 5 days ago"),
        (replace(VISITOR, stage="evaluation", sign="cart", sign_days=1), "cart, 1 day ago, and no order yet"),
        (
            replace(BUYER, stage="purchase", purchase_days=1),
            "the only order was 20 days ago; who orders again usually does so within 40 days",
        ),
        (BUYER, "ordered on 3 days, the last time 20 days ago: 60% likely to order again in the next 90 days"),
        (replace(BUYER, p_none=0.9), "ordered on 3 days, the last time 20 days ago: as usual for them"),
        (
            replace(BUYER, stage="loyalty", p_none=0.55, purchase_days=4),
            "ordered on 4 days, the last time 20 days ago: as usual for them",
        ),
        (replace(BUYER, p_none=None), "ordered on 3 days, the last time 20 days ago"),
        (
            replace(BUYER, stage="churn", p_none=0.8),
            "the last order was 20 days ago: 80% likely to order nothing in the next 90 days",
        ),
        (
            replace(BUYER, warned=True, p_none=0.7999),
            "the last order was 20 days ago: 79% likely to order nothing in the next 90 days",
        ),
        (
            replace(BUYER, warned=True, p_none=0.9, sign="view", sign_days=2),
            "the last order was 20 days ago: 90% likely to order nothing in the next 90 days; but view, 2 days ago",
        ),
        (replace(BUYER, stage="loyalty", sign="referral", sign_days=2), "referral, 2 days ago"),
    ],
)
def test_the_sentence(one: Standing, said: str) -> None:
    assert str(reason(one, RULES, lambda kind: Phrase("{word}", word=kind))) == said


@pytest.mark.parametrize("stage", EVERY)
@pytest.mark.parametrize("one", [BUYER, VISITOR, replace(BUYER, p_none=None, warned=True)])
def test_there_is_always_one(stage: str, one: Standing) -> None:
    said = str(reason(replace(one, stage=stage), RULES, lambda kind: Phrase("{word}", word=kind)))
    assert said
    assert "None" not in said
    assert "nan" not in said


def test_percents_are_rounded_down() -> None:
    assert [percent(chance) for chance in (0.0, 0.29, 0.799, 0.8, 0.649, 1.0)] == [0, 0.29, 0.79, 0.8, 0.64, 1]
