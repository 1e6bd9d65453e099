"""Rules that an owner writes, in both languages: read by hand, and never a traceback."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.segments.conditions import All, Any, Comparison, Condition, Not, RuleField, in_words, truth
from engine.segments.rule_language import DEEPEST, Vocabulary, read_rule

AS_OF = date(2026, 11, 21)
ORDERS = RuleField("orders", Phrase("orders"), "count", ("orders", "number of orders", "订单数"))
LAST = RuleField("last", Phrase("last order"), "days", ("last order", "最近下单"), ago=True)
REVENUE = RuleField("revenue", Phrase("revenue"), "money", ("revenue", "消费", "消费金额"))
CITY = RuleField("city", Phrase("city"), "place", ("city", "城市"))
GENDER = RuleField("gender", Phrase("gender"), "word", ("gender", "性别"), meant={"女": "female", "women": "female"})
TAGS = RuleField("interests", Phrase("interests"), "tags", ("interests", "兴趣"))
MEMBER = RuleField("member", Phrase("member"), "yes_no", ("member", "会员"))
SHARE = RuleField("share", Phrase("discount share"), "share", ("discount share", "折扣占比"))
VOCABULARY = Vocabulary((ORDERS, LAST, REVENUE, CITY, GENDER, TAGS, MEMBER, SHARE))

NAN = float("nan")
PEOPLE = pd.DataFrame(
    {
        "orders": [5.0, 1.0, 3.0, 0.0, 3.0],
        "last": [10.0, 100.0, 60.0, NAN, 30.0],
        "revenue": [1500.0, 1000.0, 0.1 + 0.2, 0.0, 20_000.0],
        "city": ["上海市", "Beijing", " beijing ", None, "上海"],
        "gender": ["female", "male", None, "female", "male"],
        "interests": ["green tea; pots", "coffee", "茶;咖啡", None, "Tea"],
        "member": [1.0, 0.0, NAN, 1.0, 0.0],
        "share": [0.5, 0.1, NAN, NAN, 0.3],
    },
    index=pd.Index([1, 2, 3, 4, 5]),
)


def who(rule: str) -> list[int]:
    return PEOPLE.index[truth(read_rule(rule, VOCABULARY), PEOPLE, AS_OF).yes].tolist()


@pytest.mark.parametrize(
    ("rule", "people"),
    [
        ("orders >= 3 and last order < 60 days", [1, 5]),
        ("消费 >= 1000 且 城市 = 上海", [1, 5]),
        ("interests has tea", [1, 5]),
        ("兴趣包含茶", [3]),
        ("interests = tea", [5]),
        ("（订单数＞＝3 或 消费≥1.5万） 且 非（城市 = 上海）", [3]),
        ("消费大于1000且城市是上海", [1, 5]),
        ("消费 1万元以上", [5]),
        ("revenue = 0.3", [3]),
        ("revenue > 0.3", [1, 2, 5]),
        ("revenue >= ¥1,000", [1, 2, 5]),
        ("revenue at least 1k and orders at most 1", [2]),
        ("orders between 3 and 5", [1, 3, 5]),
        ("订单数 从3到4", [3, 5]),
        ("最近下单 60天以内", [1, 3, 5]),
        ("最近下单在2个月内", [1, 3, 5]),
        ("last order more than 8 weeks ago", [2, 3]),
        # 2026-10-22 is 30 days before
        ("last order >= 2026-10-22", [1, 5]),
        ("最近下单 早于 2026年10月22日", [2, 3]),
        ("city = Beijing", [2, 3]),
        ("city = Beijing or 上海", [1, 2, 3, 5]),
        ("city in (Beijing, 上海) and orders > 3", [1]),
        ("city = Beijing, orders >= 3", [3]),
        ("城市不是上海", [2, 3]),
        ("not city = 上海", [2, 3]),
        ("city is unknown", [4]),
        ("city is known, gender is unknown", [3]),
        ("gender = women", [1, 4]),
        ("性别=女 或 会员", [1, 4]),
        ("member = no", [2, 5]),
        ("非 会员", [2, 5]),
        ("not (member or orders > 4)", [2, 5]),
        ("discount share >= 30%", [1, 5]),
        ("折扣占比 < 0.3", [2]),
        ("last order > 0 or last order <= 0", [1, 2, 3, 5]),
        ("兴趣没有tea", [2, 3]),
        ("orders >= 3 or orders = 1 and city = Beijing", [1, 2, 3, 5]),
    ],
)
def test_whom_a_rule_means(rule: str, people: list[int]) -> None:
    assert who(rule) == people


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            "ordres > 3",
            "“ordres” is nothing that I know of your customers; did you mean “orders”? You can use: “orders”",
        ),
        ("订单书 > 3", "did you mean “订单数”"),
        ("orders > 3 and zodiac = lion", "“zodiac” is nothing that I know of your customers. You can use:"),
        ("city = Beijing or ordres >= 3", "“ordres” is nothing that I know"),
        ("", "The rule is empty"),
        ("。", "The rule is empty"),
        ("orders", "After “orders” must come a sign and a value, such as >= 3"),
        ("orders >= three", "“three” is no number: after “orders” >= comes a number, such as 3."),
        ("orders >=", "“…” is no number"),
        ("city > 3", "“city” is a word and no number, so > says nothing"),
        ("city =", "After “city” = a word is missing"),
        ("orders has 3", "“orders” is a number"),
        ("revenue > 60 days", "“days” does not go with “revenue”"),
        ("orders > 2026-01-01", "“orders” is no date"),
        ("last order > 2026-13-01", "“2026-13-01” is no day of the calendar"),
        ("last order between 2026-01-01 and 60 days", "two dates or with two numbers"),
        ("orders between 3", "Between what?"),
        ("member = perhaps", "“member” is yes or no"),
        ("(orders > 3", "A bracket “(” is not closed"),
        ("orders > 3)", "A bracket “)” is closed that was not opened"),
        ("orders > 3 orders > 4", "“orders > 4” is left over"),
        ('city = "Beijing', "A quotation mark is not closed"),
        ("orders > 3 and", "is nothing that I know"),
        ("(" * 20 + "orders > 3" + ")" * 20, f"More than {DEEPEST} brackets"),
        ("not " * 20 + "member", f"More than {DEEPEST} brackets"),
        (" and ".join(["orders > 3"] * 31), "more than 30 conditions"),
        ("orders > " + "1" * 600, "The rule has 609 letters"),
        ("__import__('os').system('true')", "is nothing that I know"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(rule: str, said: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        read_rule(rule, VOCABULARY)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            "orders >= 3 and last order < 60 days",
            "orders: 3 or more and last order: less than 60 days ago",
        ),
        ("消费>1.5万 且 (城市=上海 或 会员)", "revenue: more than ¥15,000 and (city: “上海” or member: yes)"),
        ("not orders < 3", "orders: 3 or more"),
        ("interests has tea, coffee", "interests: with “tea” or “coffee” in it"),
        ("gender = 女", "gender: “women”"),
        ("not (member and orders = 1)", "not (member: yes and orders: 1)"),
        ("last order <= 2026-05-03", "last order: 2026-05-03 or earlier"),
        ("discount share >= 30%", "discount share: 30% or more"),
    ],
)
def test_a_rule_in_words(rule: str, words: str) -> None:
    assert str(in_words(read_rule(rule, VOCABULARY), "CNY")) == words


def test_more_is_asked_for_only_where_a_word_is_unknown() -> None:
    asked = []

    def more() -> tuple[RuleField, ...]:
        asked.append(1)
        return (SHARE,)

    few = Vocabulary((ORDERS,), more)
    read_rule("orders > 3", few)
    assert asked == []
    assert read_rule("discount share > 3%", few) == Comparison(SHARE, ">", (0.03,))
    assert asked == [1]


PIECES = st.sampled_from(
    [
        *("orders", "订单数", "last order", "最近下单", "revenue", "消费", "city", "城市", "兴趣", "member", "zodiac"),
        *(">=", "<", "=", "≠", "＞", "has", "包含", "is", "not", "between", "and", "or", "且", "或", "非", "到"),
        *(
            "(",
            ")",
            "（",
            "）",
            ",",
            "，",
            "、",
            '"',
            "“",
            "”",
            "3",
            "1.5万",
            "60 days",
            "60天内",
            "2026-05-03",
            "上海",
        ),
        *("unknown", "是", "yes", "%", "{", "}", "\\", "*", ".", "以上", " "),
    ]
)


@given(st.lists(PIECES, max_size=25).map(" ".join) | st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_whatever_is_written_is_a_rule_or_one_sentence(text: str) -> None:
    try:
        condition = read_rule(text, VOCABULARY)
    except NotAllowed as refused:
        assert str(refused)
        return
    found = truth(condition, PEOPLE, AS_OF)
    assert not (found.yes & found.no).any()
    assert str(in_words(condition, "CNY"))


NUMBERS = st.builds(
    Comparison,
    st.sampled_from([ORDERS, LAST, REVENUE, SHARE]),
    st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
    st.tuples(st.floats(0, 200)),
)
TEXTS = st.builds(
    Comparison,
    st.sampled_from([CITY, TAGS, GENDER]),
    st.sampled_from(["=", "!=", "has", "has not"]),
    st.tuples(st.sampled_from(["上海", "Tea", "female", "beijing"])),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    NUMBERS | TEXTS,
    lambda some: (
        st.builds(Not, some)
        | st.lists(some, min_size=1, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(some, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts)))
    ),
    max_leaves=8,
)


@given(CONDITIONS, CONDITIONS)
def test_what_is_missing_satisfies_nothing_and_not_is_turned_round(one: Condition, other: Condition) -> None:
    yes = truth(one, PEOPLE, AS_OF).yes
    assert np.array_equal(truth(Not(Not(one)), PEOPLE, AS_OF).yes, yes)
    # De Morgan
    left, right = Not(All((one, other))), Any((Not(one), Not(other)))
    assert np.array_equal(truth(left, PEOPLE, AS_OF).yes, truth(right, PEOPLE, AS_OF).yes)
    nothing = PEOPLE.assign(**dict.fromkeys(("orders", "last", "revenue", "share"), np.nan)).assign(
        **dict.fromkeys(("city", "gender", "interests"))
    )
    known = truth(one, nothing, AS_OF)
    assert not known.yes.any()
    assert not known.no.any()
