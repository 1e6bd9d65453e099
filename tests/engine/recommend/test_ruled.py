"""The rules hold in every result, whatever the rules, the products and the picks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.allowed import TOGETHER, allowed, margins, twins_of
from engine.recommend.barred import Facts
from engine.recommend.pinned import PINNED
from engine.recommend.ruled import Ruled, ruled
from engine.recommend.rules import Pause, Pin, Rules, categories_of, folded

TODAY = pd.Timestamp("2026-11-27")
KEYS = tuple("ABCDEFGH")
CUSTOMERS = (10, 11, 12)
CATEGORIES = ("Tea", "tea ", "Tea > Green", "Cup", None)
N = len(KEYS)

keys = st.sampled_from(KEYS)
some_keys = st.lists(keys, max_size=2, unique=True).map(tuple)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def catalogues(draw: st.DrawFn) -> pd.DataFrame:
    """Eight products with ids 1 to 8, some of which are the same thing as an earlier one."""

    rng = np.random.default_rng(draw(st.integers(0, 9_999)))

    def each(values: list[Any]) -> list[Any]:
        return [values[i] for i in rng.integers(0, len(values), N)]

    ids = np.arange(1, N + 1)
    twin = np.where(rng.random(N) < 0.3, 1, ids)
    number = [np.nan, 0.0, 1.0, 5.0, 20.0]
    return pd.DataFrame(
        {
            c.PRODUCT_KEY: KEYS,
            c.CATEGORY: pd.Series(each(list(CATEGORIES)), dtype=object),
            c.PRICE: each(number),
            c.STOCK: each([np.nan, -1.0, 0.0, 3.0]),
            c.COST: each(number),
            c.TWIN: twin,
        }
    ).set_index(ids)


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    """Up to four rules at once: with more, little is left to go wrong."""
    places = st.lists(st.tuples(keys, st.integers(1, 6), st.sampled_from([None, "vip"])), min_size=1, max_size=3)
    until = st.sampled_from(["2026-11-26", "2026-11-27"])
    values: dict[str, st.SearchStrategy[Any]] = {
        "in_stock": st.just(True),
        "least_price": st.sampled_from([0.0, 1.0, 5.0]),
        "most_price": st.sampled_from([5.0, 20.0]),
        "least_margin": st.sampled_from([0.0, 0.3]),
        "excluded": some_keys,
        "paused": st.tuples(st.builds(Pause, keys, until)),
        "pinned": places.map(lambda found: tuple(Pin(*one) for one in found)),
        "only_categories": st.sampled_from([("TEA",), ("Green", "cup")]),
        "other_categories": st.just(("cup",)),
        "rest_days": st.integers(1, 40),
        "most_per_category": st.integers(1, 2),
        "relevance": st.sampled_from([0.7, 0.3, 0.0]),
        "bought_with": st.sampled_from([("A",), ("B", "C")]),
    }
    on = draw(st.sets(st.sampled_from(sorted(values)), max_size=4))
    on |= draw(st.sampled_from([set[str](), {"most_per_category", "relevance"}, {"pinned", "most_per_category"}]))
    return Rules(**{"in_stock": False, **{name: draw(values[name]) for name in sorted(on)}})


@st.composite
def some_picks(draw: st.DrawFn) -> pd.DataFrame:
    rows = [
        (customer, product, rank)
        for customer in CUSTOMERS
        for rank, product in enumerate(draw(st.lists(st.integers(1, N), max_size=N, unique=True)), start=1)
    ]
    return picks_of(rows)


def picks_of(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=[c.CUSTOMER, c.PRODUCT, c.RANK], dtype=np.int64)
    frame[c.SCORE] = 1.0 / frame[c.RANK]
    frame[c.RANKER] = "repeat"
    frame[c.REASON] = pd.Series([Phrase("because")] * len(frame), dtype=object)
    frame[c.AGAIN] = True
    return frame


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    pair = st.tuples(st.sampled_from(CUSTOMERS), st.integers(1, N))
    refused = draw(st.lists(pair, max_size=5))
    bought = draw(st.lists(st.tuples(pair, st.integers(0, 60)), max_size=6))
    members = draw(st.lists(st.sampled_from(CUSTOMERS), max_size=2, unique=True))
    likeness = np.random.default_rng(draw(st.integers(0, 99))).random((N, N)).round(1)
    return Facts(
        refused=pd.DataFrame(refused, columns=[c.CUSTOMER, c.PRODUCT], dtype=np.int64),
        wanting_none=np.array(draw(st.lists(st.sampled_from(CUSTOMERS), max_size=1)), np.int64),
        bought=pd.DataFrame(
            [(*one, TODAY - pd.Timedelta(days=ago)) for one, ago in bought], columns=[c.CUSTOMER, c.PRODUCT, c.AT]
        ).astype({c.CUSTOMER: np.int64, c.PRODUCT: np.int64, c.AT: "datetime64[us]"}),
        members={"vip": np.array(members, np.int64)},
        similarity=csr_array((likeness + likeness.T) / 2),
        together=csr_array(np.rint((likeness + likeness.T) * 2)),
    )


def everything(test: Any) -> Any:
    """A law for all of it."""
    made = given(
        products=catalogues(),
        rules=some_rules(),
        picks=some_picks(),
        facts=some_facts(),
        top=maybe(st.integers(1, 6)),
    )
    return settings(max_examples=30)(made(test))


def pairs(shown: Ruled) -> list[tuple[int, int]]:
    return list(zip(shown.picks[c.CUSTOMER].tolist(), shown.picks[c.PRODUCT].tolist(), strict=True))


@everything
def test_every_result_obeys_every_rule(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    """Each rule as a founder would check it by eye, product by product."""
    shown = ruled(picks, rules, products, TODAY, facts, top=top)
    margin = pd.Series(margins(products), index=products.index)
    thing = pd.Series(twins_of(products), index=products.index)
    by_key = products.reset_index(names=c.PRODUCT).set_index(c.PRODUCT_KEY)[c.PRODUCT]
    anchors = [by_key[key] - 1 for key in rules.bought_with]
    out = {thing[by_key[key]] for key in rules.excluded}
    out |= {thing[by_key[pause.product]] for pause in rules.paused if pause.until >= "2026-11-27"}
    refused = {(who, thing[what]) for who, what in facts.refused.itertuples(index=False)}
    lately = {
        (who, thing[what])
        for who, what, at in facts.bought.itertuples(index=False)
        if rules.rest_days is not None and (TODAY - at).days <= rules.rest_days
    }
    for who, id_ in pairs(shown):
        one: dict[Any, Any] = products.loc[id_].to_dict()
        levels = categories_of(one[c.CATEGORY])
        assert who not in facts.wanting_none
        assert not (rules.in_stock and one[c.STOCK] <= 0)
        assert rules.least_price is None or one[c.PRICE] >= rules.least_price
        assert rules.most_price is None or one[c.PRICE] <= rules.most_price
        assert rules.least_margin is None or margin[id_] >= rules.least_margin
        assert thing[id_] not in out
        assert not rules.only_categories or levels & {folded(name) for name in rules.only_categories}
        assert not levels & {folded(name) for name in rules.other_categories}
        assert (who, thing[id_]) not in refused | lately
        if rules.bought_with:
            together = facts.together
            assert together is not None and id_ - 1 not in anchors
            assert max(together[anchor, id_ - 1] for anchor in anchors) >= TOGETHER
    for _, mine in shown.picks.groupby(c.CUSTOMER):
        assert mine[c.LIST_PLACE].tolist() == list(range(1, len(mine) + 1))
        assert top is None or len(mine) <= top
        assert thing[mine[c.PRODUCT]].is_unique
        if rules.most_per_category is not None:
            same = [folded(name) for name in products.loc[mine[c.PRODUCT], c.CATEGORY] if name is not None]
            assert max(map(same.count, same), default=0) <= rules.most_per_category
    pinned = {by_key[pin.product] for pin in rules.pinned}
    there = set(zip(picks[c.CUSTOMER].tolist(), picks[c.PRODUCT].tolist(), strict=True))
    assert all(pair in there or pair[1] in pinned for pair in pairs(shown))


@everything
def test_what_is_ruled_stays_as_it_is(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    once = ruled(picks, rules, products, TODAY, facts, top=top)
    who = picks[c.CUSTOMER].unique()
    again = ruled(once.picks, rules, products, TODAY, facts, top=top, customers=np.asarray(who, np.int64))
    pd.testing.assert_frame_equal(again.picks, once.picks, check_dtype=False)


@everything
def test_the_order_of_rows_says_nothing(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    shown = ruled(picks, rules, products, TODAY, facts, top=top)
    mixed = picks.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(ruled(mixed, rules, products, TODAY, facts, top=top).picks, shown.picks)


@everything
def test_one_customer_s_list_is_theirs_alone(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    shown = ruled(picks, rules, products, TODAY, facts, top=top)
    alone = ruled(picks[picks[c.CUSTOMER] == 11], rules, products, TODAY, facts, top=top)
    assert pairs(alone) == [pair for pair in pairs(shown) if pair[0] == 11]


@everything
def test_every_pick_is_shown_or_counted(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    unpinned = replace(rules, pinned=())
    shown = ruled(picks, unpinned, products, TODAY, facts)
    assert len(shown.picks) + sum(one.n for one in shown.left_out) == len(picks)
    if shown.picks.empty and len(picks):
        assert shown.nothing is not None
        assert shown.nothing.say()


@everything
def test_without_variety_the_order_is_kept(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    plain = replace(rules, relevance=1.0, pinned=())
    shown = ruled(picks, plain, products, TODAY, facts, top=top)
    for _, mine in shown.picks.groupby(c.CUSTOMER):
        assert mine[c.RANK].is_monotonic_increasing


@everything
def test_what_is_allowed_beforehand_is_what_is_let_through(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    """So drawing candidates from the allowed ones loses nothing."""
    mask = allowed(products, rules, TODAY.date(), facts.together).mask
    drawn = picks[mask[picks[c.PRODUCT].to_numpy() - 1]]
    everybody = np.array(CUSTOMERS)
    shown = ruled(picks, rules, products, TODAY, facts, top=top, customers=everybody)
    pd.testing.assert_frame_equal(
        ruled(drawn, rules, products, TODAY, facts, top=top, customers=everybody).picks, shown.picks
    )


@everything
def test_a_pinned_product_is_there_where_it_may_be(
    products: pd.DataFrame, rules: Rules, picks: pd.DataFrame, facts: Facts, top: int | None
) -> None:
    """At its place, or at the end of a shorter list; in the words of a pin where nobody else picked it."""
    one = replace(rules, pinned=(Pin("D", 2),), most_per_category=None)
    shown = ruled(picks, one, products, TODAY, facts, customers=np.array(CUSTOMERS)).picks
    without = ruled(picks, replace(one, pinned=()), products, TODAY, facts).picks
    bare = picks_of([(who, 4, 1) for who in CUSTOMERS])
    may = set(pairs(ruled(bare, replace(one, pinned=()), products, TODAY, facts)))
    for who in CUSTOMERS:
        mine = shown[shown[c.CUSTOMER] == who]
        assert (4 in mine[c.PRODUCT].tolist()) == ((who, 4) in may)
        if (who, 4) in may:
            (place,) = mine.loc[mine[c.PRODUCT] == 4, c.LIST_PLACE]
            assert place == min(2, len(mine))
            had = ((picks[c.CUSTOMER] == who) & (picks[c.PRODUCT] == 4)).any()
            assert had or mine.loc[mine[c.PRODUCT] == 4, c.REASON].tolist() == [PINNED]
        else:
            theirs = without[without[c.CUSTOMER] == who]
            assert mine[c.PRODUCT].tolist() == theirs[c.PRODUCT].tolist()


# ---- by hand ----


@pytest.fixture
def goods() -> pd.DataFrame:
    """Four teas, a cup and a pot."""
    return pd.DataFrame(
        {
            c.PRODUCT_KEY: ["T1", "T2", "T3", "T4", "P1", "P2"],
            c.CATEGORY: ["Tea", "Tea", "Tea", "Tea", "Ware", None],
            c.PRICE: [10.0, 20.0, 30.0, 40.0, 50.0, np.nan],
            c.STOCK: [5.0, 0.0, np.nan, 1.0, 2.0, 3.0],
            c.COST: [5.0, 5.0, 25.0, np.nan, 10.0, 1.0],
        },
        index=[1, 2, 3, 4, 5, 6],
    )


def list_of(picks: pd.DataFrame, rules: Rules, goods: pd.DataFrame, facts: Facts | None = None, **more: Any) -> str:
    shown = ruled(picks, rules, goods, TODAY, facts, **more)
    return " ".join(goods.loc[shown.picks[c.PRODUCT], c.PRODUCT_KEY])


SIX = [(7, product, product) for product in range(1, 7)]
FREE = Rules(in_stock=False)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (FREE, "T1 T2 T3 T4 P1 P2"),
        (Rules(), "T1 T3 T4 P1 P2"),  # T2 is sold out; of T3 the stock is not known
        (replace(FREE, least_price=20, most_price=40), "T2 T3 T4"),
        (replace(FREE, least_margin=0.5), "T1 T2 P1"),  # 5 of 10, 15 of 20, 40 of 50; T3 leaves 5 of 30
        (replace(FREE, only_categories=("ware",)), "P1"),
        (replace(FREE, other_categories=("ware",)), "T1 T2 T3 T4 P2"),
        (replace(FREE, excluded=("T1", "gone")), "T2 T3 T4 P1 P2"),
        (replace(FREE, paused=(Pause("T1", "2026-11-27"), Pause("T2", "2026-11-26"))), "T2 T3 T4 P1 P2"),
        (replace(FREE, most_per_category=2), "T1 T2 P1 P2"),
        (replace(FREE, pinned=(Pin("P2", 2),)), "T1 P2 T2 T3 T4 P1"),
        (replace(FREE, pinned=(Pin("P2", 1), Pin("P1", 2))), "P2 P1 T1 T2 T3 T4"),
        (replace(FREE, pinned=(Pin("T3", 40),)), "T1 T2 T4 P1 P2 T3"),
        (replace(FREE, pinned=(Pin("T4", 1),), most_per_category=2), "T4 T1 P1 P2"),
        (replace(FREE, pinned=(Pin("P1", 1, "vip"),)), "P1 T1 T2 T3 T4 P2"),
        (replace(FREE, pinned=(Pin("P1", 1, "others"),)), "T1 T2 T3 T4 P1 P2"),
        (Rules(pinned=(Pin("T2", 1),)), "T1 T3 T4 P1 P2"),  # a pin brings nothing back that is sold out
    ],
)
def test_by_hand(goods: pd.DataFrame, rules: Rules, expected: str) -> None:
    facts = Facts(members={"vip": np.array([7]), "others": np.array([8])})
    assert list_of(picks_of(SIX), rules, goods, facts) == expected


def test_a_pin_beyond_a_short_list_is_not_in_it(goods: pd.DataFrame) -> None:
    assert list_of(picks_of(SIX), replace(FREE, pinned=(Pin("P2", 4),)), goods, top=3) == "T1 T2 T3"


def test_a_refused_product_does_not_come_back_under_another_number(goods: pd.DataFrame) -> None:
    twins = goods.assign(**{c.TWIN: [1, 1, 3, 4, 5, 6]})
    facts = Facts(refused=pd.DataFrame({c.CUSTOMER: [7, 8], c.PRODUCT: [2, 5]}))
    assert list_of(picks_of(SIX), FREE, twins, facts) == "T3 T4 P1 P2"
    assert list_of(picks_of(SIX), replace(FREE, excluded=("T2",)), twins) == "T3 T4 P1 P2"
    assert list_of(picks_of(SIX), replace(FREE, pinned=(Pin("T2", 1),)), twins) == "T2 T3 T4 P1 P2"


def test_of_two_pins_that_are_one_thing_the_same_stays(goods: pd.DataFrame) -> None:
    twins = goods.assign(**{c.TWIN: [1, 1, 3, 4, 5, 6]})
    both = replace(FREE, pinned=(Pin("T1", 1), Pin("T2", 1)))
    once = ruled(picks_of(SIX[:1]), both, twins, TODAY)
    assert once.picks[c.PRODUCT].tolist() == [1], "picked or added, the first of the shop's products"
    assert ruled(once.picks, both, twins, TODAY).picks[c.PRODUCT].tolist() == [1]


def test_a_pin_goes_to_the_list_where_it_is_in_place(goods: pd.DataFrame) -> None:
    facts = Facts(bought=pd.DataFrame({c.CUSTOMER: [7], c.PRODUCT: [5], c.AT: [TODAY - pd.Timedelta(days=90)]}))
    pinned = replace(FREE, pinned=(Pin("P1", 1),))
    two = picks_of([(7, 1, 1), (7, 2, 2)])
    assert list_of(two, pinned, goods, facts, again=True) == "P1 T1 T2"
    assert list_of(two, pinned, goods, facts, again=False) == "T1 T2"


def test_what_was_bought_together(goods: pd.DataFrame) -> None:
    """T1 and P1 three times, T1 and T2 once."""
    together = np.zeros((6, 6))
    together[0, 4] = together[4, 0] = 3
    together[0, 1] = together[1, 0] = 1
    facts = Facts(together=csr_array(together))
    assert list_of(picks_of(SIX), replace(FREE, bought_with=("T1",)), goods, facts) == "P1"


def test_launches_get_their_share_beside_what_is_pinned(goods: pd.DataFrame) -> None:
    """P1 and P2 are new: of four places a quarter goes to one of them, whatever is pinned."""
    new = Facts(launched=np.array([5, 6]))
    fair = replace(FREE, launches=0.25)
    assert list_of(picks_of(SIX), fair, goods, new, top=4) == "T1 T2 T3 P1"
    assert list_of(picks_of(SIX), fair, goods, top=4) == "T1 T2 T3 T4"
    assert list_of(picks_of(SIX), replace(fair, pinned=(Pin("T4", 1),)), goods, new, top=5) == "T4 T1 T2 T3 P1"
    assert list_of(picks_of(SIX), replace(fair, excluded=("P1",)), goods, new, top=4) == "T1 T2 T3 P2"


def test_rules_that_leave_nothing_say_which_took_how_many(goods: pd.DataFrame) -> None:
    rules = Rules(least_price=45, only_categories=("Tea",), rest_days=30)
    shown = ruled(picks_of(SIX), rules, goods, TODAY)
    assert [(one.rule, one.n) for one in shown.left_out] == [("in_stock", 1), ("price", 4), ("only_categories", 1)]
    assert str(shown.nothing) == (
        "Your rules leave nothing to show: 1× sold out, 4× outside your prices, 1× of other categories. "
        "/rules shows them."
    )
    assert [str(note) for note in shown.notes] == [
        "Of 1 product the stock is not known: it counts as there.",
        "1 product without a price is left out, since its price cannot be judged.",
        "1 product without a category is left out.",
    ]


def test_who_asked_for_no_product_is_told_so(goods: pd.DataFrame) -> None:
    facts = Facts(wanting_none=np.array([7]))
    shown = ruled(picks_of(SIX), Rules(pinned=(Pin("P1", 1),)), goods, TODAY, facts)
    assert str(shown.nothing) == "This customer asked for no product, so none is shown."


def test_what_is_no_longer_there_is_not_shown(goods: pd.DataFrame) -> None:
    shown = ruled(picks_of([(7, 99, 1), (7, 1, 2)]), Rules(), goods, TODAY)
    assert ([(one.rule, one.n) for one in shown.left_out], len(shown.picks)) == ([("gone", 1)], 1)


@pytest.mark.parametrize("rules", [Rules(relevance=0.5), Rules(bought_with=("T1",))])
def test_a_rule_without_what_it_needs_is_not_skipped(goods: pd.DataFrame, rules: Rules) -> None:
    with pytest.raises(ValueError, match="is needed"):
        ruled(picks_of(SIX), rules, goods, TODAY)


def test_nothing_picked_is_nothing_shown(goods: pd.DataFrame) -> None:
    shown = ruled(picks_of([]), Rules(most_per_category=1), goods, TODAY)
    assert (len(shown.picks), shown.left_out, shown.nothing) == (0, (), None)
