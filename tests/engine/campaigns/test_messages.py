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
    LONGEST_FACT,
    Facts,
    as_html,
    clean,
    compiled,
    product_name,
    readers,
    write_all,
)
from engine.campaigns.templates import Template, parsed
from engine.errors import NotAllowed
from engine.phrases import Name

LONGEST = 600  # characters of a text


def template(body: str, channel: str = "text", language: str = "en") -> Template:
    return parsed(body, name="x", goal="win_back", channel=channel, language=language)


def test_the_fields_are_put_in_as_plain_text() -> None:
    body = "{{ name }}|{{ product }}|{{ last_order_days }}|{{ shop_name }}"
    assert compiled(template(body))(Facts("A & B <b>", "{{ name }}", 12, "T")).text == "A & B <b>|{{ name }}|12|T"


def test_a_missing_field_can_be_written_around() -> None:
    body = "Hi{% if name %} {{ name }}{% else %} there{% endif %}{{ ', ' ~ product if product else '' }}!"
    assert compiled(template(body))(Facts()).text == "Hi there!"
    assert compiled(template(body))(Facts("Ann", "tea")).text == "Hi Ann, tea!"


@pytest.mark.parametrize(
    ("field", "nearest"),
    [("nmae", "name"), ("products", "product"), ("shop", "shop_name")],
)
def test_an_unknown_field_is_told_with_the_nearest_known(field: str, nearest: str) -> None:
    said = f"uses the unknown field “{field}”; did you mean “{nearest}”? There are: {', '.join(FIELDS)}."
    with pytest.raises(NotAllowed, match=re.escape(said)):
        compiled(template("Hi {{ " + field + " }}"))


def test_an_unknown_field_that_is_like_none_is_told_without_a_guess() -> None:
    said = f"uses the unknown field “zodiac_sign”. There are: {', '.join(FIELDS)}."
    with pytest.raises(NotAllowed, match=re.escape(said)):
        compiled(template("Hi {{ zodiac_sign }}"))


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


@pytest.mark.parametrize(
    ("body", "typed"),
    [
        ("{{ ''.__class__ }}", ".__class__"),
        ("{{ name|upper }}", "|upper"),
        ("{{ name[0] }}", "[]"),
        ("{{ cycler() }}", "()"),
        ("{% for i in name %}x{% endfor %}", "for"),
    ],
)
def test_what_may_not_be_used_is_named_as_it_was_typed(body: str, typed: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        compiled(template(body))
    assert f"uses “{typed}” in line 1" in str(refused.value)


def test_a_mistake_is_told_with_its_line() -> None:
    with pytest.raises(NotAllowed, match=r"mistake in line 2 of its text: Unexpected end of template; .* is 'if'\.$"):
        compiled(template("Hi\n{% if name %}there"))


@pytest.mark.parametrize(
    "body",
    [
        "{{ last_order_days }}",
        "{% if last_order_days > 30 %}x{% endif %}y",
        "{{ 'x' ~ last_order_days }}",
        "{{ 'x' if 3 in last_order_days else 'y' }}",
    ],
)
def test_what_is_not_known_is_never_put_in(body: str) -> None:
    said = "puts in “last_order_days”, which is not known of everybody: write {% if last_order_days %}…{% endif %}"
    with pytest.raises(NotAllowed, match=re.escape(said)):
        compiled(template(body))(Facts())


def test_something_else_can_stand_for_what_is_not_known() -> None:
    with pytest.raises(NotAllowed, match=re.escape('write {{ name or "there" }}, or {% if name %}…{% endif %}')):
        compiled(template("Hi {{ name }}"))(Facts())
    with pytest.raises(NotAllowed, match=re.escape('{{ name or "朋友" }}')):
        compiled(template("{{ name }}你好", language="zh"))(Facts())
    assert compiled(template('Hi {{ name or "there" }}'))(Facts()).text == "Hi there"
    assert compiled(template("{% if name == none %}Hi{% endif %}"))(Facts()).text == "Hi"


def test_fields_have_chinese_names_too() -> None:
    assert compiled(template('{{ 姓名 or "朋友" }}，{{ 商品 }}'))(Facts(None, "茶")).text == "朋友，茶"


@pytest.mark.parametrize("body", ["", "{% if name %}Hi{% endif %}", "x" * (LONGEST + 1)])
def test_a_message_is_neither_empty_nor_too_long(body: str) -> None:
    with pytest.raises(NotAllowed, match=f"it must have 1 to {LONGEST}"):
        compiled(template(body))(Facts())


def test_ten_megabytes_are_not_written() -> None:
    with pytest.raises(NotAllowed, match=r"is 10,000,000 characters long; at most 100,000 can be read"):
        compiled(template("x" * 10_000_000))
    with pytest.raises(NotAllowed, match=r"comes to 1,000,000 characters; it must have 1 to 20,000"):
        compiled(template("---\nsubject: x\n---\n" + "{{name}}" * 10_000, "email"))(Facts("x" * LONGEST_FACT))


@pytest.mark.parametrize(
    "body",
    [
        "{% if name %}" * 2_000 + "x" + "{% endif %}" * 2_000,
        "{{ " + "(" * 5_000 + "name" + ")" * 5_000 + " }}",
        "{{ " + "not " * 5_000 + "name }}",
        "{{ " + "9" * 6_000 + " }}",
    ],
    ids=["blocks", "brackets", "nots", "digits"],
)
def test_what_is_too_deep_is_refused(body: str) -> None:
    with pytest.raises(NotAllowed, match=r"make it simpler|mistake in line 1"):
        compiled(template(body))(Facts("Ann"))


def test_each_channel_has_its_own_limit() -> None:
    assert compiled(template("中" * 600, "wechat"))(Facts()).text == "中" * 600
    with pytest.raises(NotAllowed, match="comes to 4,002 bytes; it must have 1 to 4,000"):
        compiled(template("中" * 1_334, "wecom"))(Facts())
    with pytest.raises(NotAllowed, match="comes to 11 SMS parts; it must have 1 to 10"):
        compiled(template("a" * 1_531, "sms"))(Facts())
    with pytest.raises(NotAllowed, match="comes to 66 bytes; it must have 1 to 64"):
        compiled(template("---\ntitle: " + "中" * 22 + "\n---\nx", "wechat"))(Facts())


def test_an_sms_tells_its_parts_for_each_reader() -> None:
    render = compiled(template("Hi {{ name }}" + "." * 150, "sms"))
    assert [render(Facts(name)).parts for name in ("Al", "Alexander", "李")] == [1, 2, 3]
    assert compiled(template("Hi"))(Facts()).parts == 0


def test_an_email_is_escaped_in_its_html_alone() -> None:
    source = "---\nsubject: For {{ name }}\n---\nHi {{ name }}\n--- html\n<b>{{ name }}</b>"
    written = compiled(template(source, "email"))(Facts('<i>"A & B"'))
    assert (written.subject, written.text) == ('For <i>"A & B"', 'Hi <i>"A & B"')
    assert written.html == "<b>&lt;i&gt;&#34;A &amp; B&#34;</b>"
    assert written.preheader is None


def test_an_email_needs_a_subject() -> None:
    with pytest.raises(NotAllowed, match="has no subject: begin it with a line such as “subject: …”"):
        compiled(template("Hi", "email"))


def test_a_text_becomes_html_as_it_is() -> None:
    page = "<!doctype html><html><body>{}<p>Hi &lt;A&gt; &amp; B,</p><p>line<br>line</p></body></html>"
    assert as_html("Hi <A> & B,\n\nline\nline") == page.format("")
    hidden = '<div style="display:none">A &lt;b&gt;</div>'
    assert as_html("Hi <A> & B,\n\nline\nline", "A <b>") == page.format(hidden)
    source = "---\nsubject: x\npreheader: A <b>\n---\nHi <A> & B,\n\nline\nline"
    assert compiled(template(source, "email"))(Facts()).html == page.format(hidden)


def test_telegram_is_escaped() -> None:
    assert compiled(template("{{ name }}", "telegram"))(Facts("<b>")).text == "&lt;b&gt;"


@settings(max_examples=80)
@given(name=st.text(max_size=300), product=st.none() | st.text(max_size=300))
def test_whatever_a_name_holds_the_message_stays_one_line_of_text(name: str, product: str | None) -> None:
    text = compiled(template("Hi {{ name or 'x' }}: {{ product or 'x' }}."))(Facts(name, product)).text
    assert not any(unicodedata.category(mark) == "Cc" for mark in text)
    assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    assert len(text) <= 2 * LONGEST_FACT + len("Hi : .")


@settings(max_examples=60)
@given(name=st.text(max_size=200), product=st.text("<>&\"'{}%/ab", max_size=60))
def test_whatever_a_name_holds_html_has_the_tags_of_its_template_alone(name: str, product: str) -> None:
    body = "---\nsubject: x\n---\n{{ name or 'x' }} {{ product or 'x' }}"
    own = compiled(
        template(body + "\n--- html\n<b>{{ name or 'x' }}</b><i title='{{ product or 'x' }}'>y</i>", "email")
    )
    made = compiled(template(body, "email"))
    facts = Facts(name, product)
    for render, n_tags in ((own, 4), (made, 7)):
        html = render(facts).html or ""
        assert html.count("<") == html.count(">") == n_tags
    # nothing ends the attribute either
    assert (own(facts).html or "").count("'") == 2


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
    written = write_all(texts, [1, 0, 1], [Facts("X"), Facts("Y"), Facts("Z")])
    assert [message.text for message in written] == ["b X", "a Y", "b Z"]


def test_an_unused_variant_is_checked_too() -> None:
    with pytest.raises(NotAllowed, match="unknown field"):
        write_all([template("a"), template("{{ nope }}")], [0], [Facts()])
