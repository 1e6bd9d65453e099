"""Names and keys that last as long as they are true, on customers made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.feature_table import Feature, FeatureTable
from engine.phrases import Phrase
from engine.segments.continuing import continued
from engine.segments.describe import Segment
from engine.segments.facts import Facts
from engine.segments.segmentation import Segmentation
from engine.segments.standing import Standing

AS_OF = pd.Timestamp(2026, 11, 21)


def behaviour(orders: list[int], days: list[int], money: list[float]) -> pd.DataFrame:
    n = len(orders)
    return pd.DataFrame(
        {
            c.RECENCY_DAYS: days,
            c.FREQUENCY: orders,
            c.MONETARY: money,
            c.TENURE_DAYS: [400] * n,
            c.ORDER_VALUE: [m / o for m, o in zip(money, orders, strict=True)],
            c.ITEMS_PER_ORDER: [1.0] * n,
            c.N_PRODUCTS: [1] * n,
            c.GAP_DAYS: [30.0] * n,  # so that quiet is more than 45 days, long gone more than 120
        },
        index=pd.RangeIndex(1, n + 1, name=c.CUSTOMER),
    )


BUYING = behaviour([6] * 10 + [1] * 10, [5] * 10 + [60] * 9 + [5], [900.0] * 10 + [10.0] * 10)
FIRST = np.array([True] * 10 + [False] * 10)
LABELS = np.array([0] * 10 + [1] * 10, dtype=np.intp)
FEATURES = tuple(Feature(key, Phrase("orders"), "count", "behavioural") for key in (c.RECENCY_DAYS, c.FREQUENCY))
TABLE = FeatureTable(BUYING[[c.RECENCY_DAYS, c.FREQUENCY]].astype("float64"), FEATURES)

QUIET = Phrase("{who}, {when}", who=Phrase("One-time buyers"), when=Phrase("quiet for a while"))
GONE = Phrase("{who}, {when}", who=Phrase("One-time buyers"), when=Phrase("long gone"))


@pytest.mark.parametrize(
    ("name", "members", "hedged"),
    [
        (Phrase("Regulars"), FIRST, [False]),
        (Phrase("Regulars"), ~FIRST, None),
        (Phrase("Mostly regulars"), FIRST, [False]),  # of all is of most
        (QUIET, ~FIRST, [False, False]),  # 9 of 10
        (GONE, ~FIRST, None),
        (Phrase("Customers"), FIRST, []),
        (Phrase("Regular heroes"), FIRST, None),  # a word that nobody knows is not claimed again
        (Phrase("{name} ({number})", name=Phrase("Regulars"), number=2), FIRST, [False]),
        (Phrase("{name}: more orders", name=Phrase("Customers")), FIRST, None),  # more than whom?
    ],
)
def test_whether_a_name_is_still_true(name: Phrase, members: np.ndarray, hedged: list[bool] | None) -> None:
    claims = Standing(TABLE, BUYING, LABELS, "CNY").claims(name, members, ())
    assert (None if claims is None else [claim.hedged for claim in claims]) == hedged


def test_a_comparison_holds_against_whom_it_was_made() -> None:
    base = Phrase("Customers")
    standing = Standing(TABLE, BUYING, LABELS, "CNY")
    more, fewer = (Phrase(f"{{name}}: {word} orders", name=base) for word in ("more", "fewer"))
    assert standing.claims(more, FIRST, [(fewer, ~FIRST)]) == ()
    assert standing.claims(fewer, FIRST, [(more, ~FIRST)]) is None


def test_traits_of_people() -> None:
    words = (
        Feature("city", Phrase("city"), "choice", "geographic"),
        Feature("height", Phrase("height"), "number", "demographic"),
        Feature("fun", Phrase("fun"), "scale", "psychographic"),
    )
    columns = {
        "city": ["Bath"] * 7 + ["York"] * 13,
        "height": [25.0] * 10 + [60.0] * 10,
        "fun": [4.0, 5.0] * 5 + [1.0, 2.0] * 5,
    }
    frame = pd.DataFrame(columns, index=BUYING.index)
    standing = Standing(FeatureTable(frame, words), BUYING, LABELS, None)
    bath = Phrase("in {place}", place=Phrase("{field}", field="Bath"))
    assert standing.claims(bath, FIRST, ()) is None  # 7 of 10
    mostly = standing.claims(Phrase("mostly {trait}", trait=bath), FIRST, ())
    assert mostly is not None
    assert [claim.share for claim in mostly] == [0.7]
    assert str(mostly[0].told()) == "70% of them: in Bath."
    tall = Phrase("{what}: {low} or more", what=Phrase("height"), low=Phrase("{number}", number="50"))
    old = standing.claims(tall, ~FIRST, ())
    assert old is not None
    assert standing.claims(Phrase("high on {what}", what=Phrase("fun")), FIRST, ()) is not None
    assert standing.claims(Phrase("high on {what}", what=Phrase("fun")), ~FIRST, ()) is None
    assert standing.claims(Phrase("low on {what}", what=Phrase("fun")), ~FIRST, ()) is not None


def segment(key: str, name: str, n: int, *, by_method: bool = False, ways_out: tuple[Phrase, ...] = ()) -> Segment:
    facts = Facts(ways_out=ways_out, hedges=(Phrase("{n} of them.", n=n),))
    return Segment(key, Phrase(name), Phrase("."), (), n, 0.5, 0.5, {}, facts, by_method)


def found(*segments: Segment) -> Segmentation:
    keys = np.repeat([one.key for one in segments], [one.size for one in segments])
    labels = pd.Series(keys, index=BUYING.index, dtype=object)
    return Segmentation("kmeans", len(segments), segments, labels, {}, AS_OF, 1)


def test_the_old_name_stays_where_it_is_true_and_others_call_it_so() -> None:
    earlier = (segment("regulars", "Regulars", 10), segment("lost", "Long lost", 10))
    moved = Phrase("One more order would move some to {name}.", name=Phrase("“{name}”", name=Phrase("Repeat buyers")))
    now = found(
        segment("repeat-buyers", "Repeat buyers", 10), segment("quiet", "One-time buyers", 10, ways_out=(moved,))
    )
    before = pd.Series(["regulars"] * 10 + ["lost"] * 10, index=BUYING.index, dtype=object)
    step = continued(now, earlier, before, TABLE, BUYING, "CNY")
    first, second = step.found.segments
    assert (first.key, str(first.name)) == ("regulars", "Regulars")
    assert first.facts.hedges == ()  # of the old name, which is true of all
    assert (second.key, str(second.name)) == ("lost", "One-time buyers")
    assert second.facts.hedges == (Phrase("{n} of them.", n=10),)
    assert str(second.facts.ways_out[0]) == "One more order would move some to “Regulars”."
    assert step.found.labels.unique().tolist() == ["regulars", "lost"]
    assert {key: match.before for key, match in step.matches.items()} == {"regulars": "regulars", "lost": "lost"}


def test_a_new_group_takes_no_key_and_no_name_that_lasts() -> None:
    earlier = (segment("one", "Regulars", 6), segment("two", "One-time buyers", 14))
    now = found(
        segment("two", "Repeat buyers", 6), segment("regulars", "Regulars", 4), segment("x", "One-time buyers", 10)
    )
    # the 4 regulars had been among the one-time buyers, of whom 10 are left: they are new
    before = pd.Series(["one"] * 6 + ["two"] * 14, index=BUYING.index, dtype=object)
    step = continued(now, earlier, before, TABLE, BUYING, "CNY")
    assert [(one.key, str(one.name)) for one in step.found.segments] == [
        ("one", "Regulars"),
        ("regulars", "Regulars (2)"),
        ("two", "One-time buyers"),
    ]


def test_everybody_is_continued_by_everybody_only() -> None:
    everybody = (segment("all-customers", "All customers", 20),)
    two = found(segment("a", "Regulars", 10), segment("b", "One-time buyers", 10))
    before = pd.Series(["all-customers"] * 20, index=BUYING.index, dtype=object)
    assert continued(two, everybody, before, TABLE, BUYING, None).found == two
    same = continued(found(*everybody), everybody, before, TABLE, BUYING, None)
    assert same.matches["all-customers"].overlap == 1


def test_what_a_method_names_is_never_renamed() -> None:
    earlier = (segment("champions", "Champions", 10), segment("lost", "Lost", 10))
    now = found(segment("lost", "Lost", 10, by_method=True), segment("champions", "Champions", 10, by_method=True))
    before = pd.Series(["champions"] * 10 + ["lost"] * 10, index=BUYING.index, dtype=object)
    step = continued(now, earlier, before, TABLE, BUYING, None)
    assert [(one.key, str(one.name)) for one in step.found.segments] == [("lost", "Lost"), ("champions", "Champions")]
