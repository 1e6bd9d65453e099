"""Messages: what a template may do, and what comes out whatever the facts are."""

from __future__ import annotations

import re
import unicodedata

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.campaigns.messages import (
    FIELDS,
    LONGEST,
    LONGEST_FACT,
    Facts,
    clean,
    compiled,
    product_name,
    readers,
    write_all,
)
from engine.campaigns.templates import Template, parsed
from engine.errors import NotAllowed
from engine.phrases import Name


def template(body: str) -> Template:
    return parsed(body, name="x", goal="win_back", channel="text", language="en")


def test_the_fields_are_put_in_as_plain_text() -> None:
    body = "{{ name }}|{{ product }}|{{ last_order_days }}|{{ shop_name }}"
    assert compiled(template(body))(Facts("A & B <b>", "{{ name }}", 12, "T")) == "A & B <b>|{{ name }}|12|T"


def test_a_missing_field_can_be_written_around() -> None:
    body = "Hi{% if name %} {{ name }}{% else %} there{% endif %}{{ ', ' ~ product if product else '' }}!"
    assert compiled(template(body))(Facts()) == "Hi there!"
    assert compiled(template(body))(Facts("Ann", "tea")) == "Hi Ann, tea!"


@pytest.mark.parametrize(
    ("field", "nearest"),
    [("nmae", "name"), ("products", "product"), ("shop", "shop_name"), ("range", "name")],
)
def test_an_unknown_field_is_told_with_the_nearest_known(field: str, nearest: str) -> None:
    said = f"uses the unknown field “{field}”; did you mean “{nearest}”? There are: {', '.join(FIELDS)}."
    with pytest.raises(NotAllowed, match=re.escape(said)):
        compiled(template("Hi {{ " + field + " }}"))


@pytest.mark.parametrize(
    "body",
    [
        "{% for i in range(10**9) %}x{% endfor %}",
        "{{ 'a' * 500000000 }}",
        "{{ name.__class__.__mro__ }}",
        "{{ name['__class__'] }}",
        "{{ name|center(1000000000) }}",
        "{{ '%0900000000d' % 1 }}",
        "{{ name.format(1) }}",
        "{{ cycler() }}",
        "{% set x = name %}{{ x }}",
        "{% include '/etc/passwd' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% extends 'base' %}",
        "{% filter upper %}x{% endfilter %}",
        "{{ 2 ** 99999999 }}",
        "{{ [name, name] }}",
    ],
)
def test_a_template_can_only_choose_and_put_in(body: str) -> None:
    with pytest.raises(NotAllowed, match="a message may only use fields and “if”"):
        compiled(template(body))


def test_a_mistake_is_told_with_its_line() -> None:
    with pytest.raises(NotAllowed, match=r"mistake in line 2 of its text: Unexpected end of template; .* is 'if'\.$"):
        compiled(template("Hi\n{% if name %}there"))


def test_a_comparison_with_nothing_is_told() -> None:
    with pytest.raises(NotAllowed, match="cannot be written"):
        compiled(template("{% if last_order_days > 30 %}x{% endif %}y"))(Facts())


@pytest.mark.parametrize("body", ["", "{% if name %}Hi{% endif %}", "x" * (LONGEST["text"] + 1)])
def test_a_message_is_neither_empty_nor_too_long(body: str) -> None:
    with pytest.raises(NotAllowed, match=f"it must have 1 to {LONGEST['text']}"):
        compiled(template(body))(Facts())


def test_a_channel_that_is_not_plain_is_escaped() -> None:
    page = parsed("{{ name }}", name="x", goal="win_back", channel="html", language="en")
    assert compiled(page)(Facts("<b>")) == "&lt;b&gt;"


@settings(max_examples=80, deadline=None)
@given(name=st.text(max_size=300), product=st.none() | st.text(max_size=300))
def test_whatever_a_name_holds_the_message_stays_one_line_of_text(name: str, product: str | None) -> None:
    text = compiled(template("Hi {{ name }}: {{ product }}."))(Facts(name, product))
    assert not any(unicodedata.category(mark) == "Cc" for mark in text)
    assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    assert len(text) <= 2 * LONGEST_FACT + len("Hi : .")


def test_facts_are_cleaned() -> None:
    assert clean(" Li\r\n\tWei\x07\x00 ") == "Li Wei"
    assert clean("\u202eevil") == "evil"
    assert clean(" \n ") is None
    assert clean("x" * 101) == "x" * 99 + "…"


def test_a_name_in_capitals_is_set_as_a_title() -> None:
    assert product_name(Name("WHITE HANGING T-LIGHT HOLDER", ""), "en") == "White Hanging T-light Holder"
    assert product_name(Name("Oolong TGY", "铁观音"), "en") == "Oolong TGY"
    assert product_name(Name("Oolong TGY", "铁观音"), "zh") == "铁观音"


def test_readers_are_in_the_order_asked_for_and_lack_what_is_not_known() -> None:
    people = pd.DataFrame(
        {c.CUSTOMER: [1, 2, 3], c.NAME: ["Ann", None, "Cy"], c.RECENCY_DAYS: [5.0, float("nan"), 7.0]}
    )
    facts = readers(people, [3, 2], {3: 10, 2: 99}, {10: Name("Tea", "茶")}, language="zh", shop_name=None)
    assert facts == [Facts("Cy", "茶", 7, None), Facts(None, None, None, None)]


def test_each_reader_gets_the_text_of_their_variant() -> None:
    texts = [template("a {{ name }}"), template("b {{ name }}")]
    assert write_all(texts, [1, 0, 1], [Facts("X"), Facts("Y"), Facts("Z")]) == ["b X", "a Y", "b Z"]


def test_an_unused_variant_is_checked_too() -> None:
    with pytest.raises(NotAllowed, match="unknown field"):
        write_all([template("a"), template("{{ nope }}")], [0], [Facts()])
