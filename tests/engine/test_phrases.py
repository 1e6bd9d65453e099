"""A phrase is a message with facts: it can be said, stored and said in another language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from gettext import NullTranslations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.phrases import ENGLISH, Language, Money, Name, Phrase, counted, from_json, in_percent, to_json


class Shouting(NullTranslations):
    """A language for tests: capitals, and one form for any number."""

    def gettext(self, message: str) -> str:
        return {", ": "、"}.get(message, message.replace("bought", "BOUGHT"))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid2.upper().replace("{N}", "{n}")


SHOUTED = Language("zh", Shouting())


@pytest.mark.parametrize(
    ("phrase", "english"),
    [
        (Phrase("buys about every {days} days", days=34), "buys about every 34 days"),
        (counted("{n} customer", "{n} customers", n=1), "1 customer"),
        (counted("{n} customer", "{n} customers", n=4338), "4,338 customers"),
        (Phrase("{sum} in all", sum=Money(8911407.9, "GBP")), "£8,911,407.90 in all"),
        (Phrase("{sum:0} in all", sum=Money(-1234.5, "CNY")), "-¥1,234 in all"),
        (Phrase("{sum}", sum=Money(3, None)), "3.00"),
        (Phrase("{sum}", sum=Money(3, "SEK")), "3.00 SEK"),
        (Phrase("{share:.0%} of them", share=0.256), "26% of them"),
        (Phrase("on {day}", day=date(2011, 12, 9)), "on 2011-12-09"),
        (Phrase("at {at}", at=datetime(2011, 12, 9, 8, 26)), "at 2011-12-09 08:26"),
        (Phrase("{items}", items=(Phrase("one"), "two")), "one, two"),
        (Phrase("bought {name}", name=Name(en="Tea", zh="茶")), "bought Tea"),
        (Phrase("no {{field}} here"), "no {field} here"),
    ],
)
def test_english(phrase: Phrase, english: str) -> None:
    assert str(phrase) == english == phrase.say(ENGLISH)


def test_another_language_reaches_the_facts() -> None:
    inner = counted("{n} piece", "{n} pieces", n=2)
    phrase = Phrase("bought {what}: {list}", what=inner, list=(Name(en="Tea", zh="茶"), Name(en="Cup")))
    assert phrase.say(SHOUTED) == "BOUGHT 2 PIECES: 茶、Cup"


@pytest.mark.usefixtures("eight_hours_ahead")
def test_a_time_with_a_zone_is_said_in_the_founder_s_own() -> None:
    late = datetime(2011, 12, 9, 16, 26, tzinfo=UTC)
    assert str(Phrase("at {at}", at=late)) == "at 2011-12-10 00:26"
    assert str(Phrase("on {at:%d/%m}", at=late.astimezone(timezone(timedelta(hours=-5))))) == "on 10/12"
    assert str(Phrase("at {at}", at=late.replace(tzinfo=None))) == "at 2011-12-09 16:26"


FACTS = st.one_of(
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.builds(Money, st.floats(-1e9, 1e9), st.sampled_from(["CNY", "GBP", None])),
    st.builds(Name, st.text(), st.text()),
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), FACTS), st.lists(FACTS, max_size=3))
def test_what_is_stored_is_said_the_same(facts: dict[str, object], many: list[object]) -> None:
    message = "".join(f"{{{name}}} " for name in facts) + "{many} {inner}"
    phrase = Phrase(message, **facts, many=tuple(many), inner=counted("{n} x", "{n} xs", n=2))
    assert from_json(to_json(phrase)) == phrase
    assert from_json(to_json(phrase)).say(SHOUTED) == phrase.say(SHOUTED)


@given(st.text())
def test_a_fact_is_never_a_format(text: str) -> None:
    assert str(Phrase("<{fact}>", fact=text)) == f"<{text}>"


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0%"), (0.004, "under 1%"), (0.005, "under 1%"), (0.0051, "1%"), (0.5, "50%"), (0.994, "99%"),
     (0.996, "over 99%"), (1.0, "100%"), (1.2, "120%")],
)  # fmt: skip
def test_what_is_there_is_not_nothing_and_what_is_not_all_not_everything(share: float, said: str) -> None:
    assert str(in_percent(share)) == said
