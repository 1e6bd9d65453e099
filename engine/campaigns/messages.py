"""From a template and what is known of a customer to the message that is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

import pandas as pd

from engine import columns as c
from engine.campaigns import sms
from engine.campaigns.channels import HTML, TEXT, Part, channel_named
from engine.campaigns.sandbox import ALIASES, Unknown, Write, without_controls, written_by
from engine.campaigns.templates import Template
from engine.errors import NotAllowed
from engine.phrases import Name, Phrase

LONGEST_FACT = 100
MOST_REMEMBERED = 200_000  # facts that are cleaned once

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Facts:
    """The fields that a template may use. A field that is not known is None."""

    name: str | None = None
    product: str | None = None
    last_order_days: int | None = None
    shop_name: str | None = None
    shop_address: str | None = None


# what stands in a sample text for what differs from customer to customer
BLANKS = {"en": Facts(name="[name]", product="[product]"), "zh": Facts(name="【姓名】", product="【商品】")}
FIELDS = tuple(field.name for field in fields(Facts))
_UNKNOWN = {field: Unknown(field) for field in FIELDS}


class Written(NamedTuple):
    """One message. `parts`: of how many parts an SMS is; 0 on other channels. A part that there is not is None.

    An e-mail whose template has no HTML has its text as HTML.
    """

    text: str
    parts: int = 0
    subject: str | None = None
    preheader: str | None = None
    html: str | None = None
    title: str | None = None


Render = Callable[[Facts], Written]


@dataclass(frozen=True)
class _PartWriter:
    """Writes one part within its limits."""

    template: Name
    part: Part
    write: Write

    def __call__(self, known: Mapping[str, Any]) -> str:
        text = self.write(known)
        size = self.part.unit.size(text)
        if not 0 < size <= self.part.longest:
            raise self._refusal(size)
        if self.part.one_line and "\n" in text:
            return " ".join(text.split())
        return text

    def _refusal(self, size: int) -> NotAllowed:
        if self.part.key == TEXT:
            return NotAllowed(
                Phrase(
                    "The message “{template}” comes to {size}; it must have 1 to {longest}.",
                    template=self.template,
                    size=self.part.said(size),
                    longest=self.part.longest,
                )
            )
        return NotAllowed(
            Phrase(
                "The {part} of the message “{template}” comes to {size}; it must have 1 to {longest}.",
                part=self.part.title,
                template=self.template,
                size=self.part.said(size),
                longest=self.part.longest,
            )
        )


def compiled(template: Template) -> Render:
    """What writes this template's message for one customer after another.

    Raises NotAllowed here for a template that is not well formed, lacks a part, names an unknown field or uses more
    than fields and `if`; later, for a message of which a part is empty or longer than its channel allows.
    """
    channel = channel_named(template.channel)
    sources = {TEXT: template.body, **template.extras}
    for part in channel.parts:
        if part.needed and not sources.get(part.key, "").strip() and part.key != TEXT:
            raise NotAllowed(
                Phrase(
                    "The message “{template}” has no {part}: begin it with a line such as “{key}: …”.",
                    template=template.title,
                    part=part.title,
                    key=part.key,
                )
            )
    used = tuple(field for field in FIELDS if _names(field, sources.values()))
    writers = {
        part.key: _PartWriter(
            template.title,
            part,
            written_by(
                sources[part.key],
                template=template.title,
                language=template.language,
                fields=FIELDS,
                escaped=part.escaped,
            ),
        )
        for part in channel.parts
        if part.key in sources
    }
    text, others, charged = writers.pop(TEXT), tuple(writers.items()), channel.charged
    has_html = channel.part(HTML) is not None

    def render(facts: Facts) -> Written:
        known = {field: _known(field, getattr(facts, field)) for field in used}
        body = text(known)
        if not others:
            return Written(body, sms.parts(body) if charged else 0)
        more = {key: write(known) for key, write in others}
        if has_html and HTML not in more:
            more[HTML] = as_html(body, more.get("preheader"))
        return Written(body, 0, **more)

    return render


def readers(
    people: pd.DataFrame,
    ids: Iterable[int],
    picks: Mapping[int, int],
    products: Mapping[int, Name],
    *,
    language: str,
    shop_name: str | None,
    shop_address: str | None = None,
) -> list[Facts]:
    """What the messages may say to each of `ids`, in their order.

    `people` has the columns customer, name and recency_days; `picks` is the product for each customer who has one.
    """
    names = {id_: product_name(name, language) for id_, name in products.items()}
    known = dict(
        zip(people[c.CUSTOMER].tolist(), zip(people[c.NAME], people[c.RECENCY_DAYS], strict=True), strict=True)
    )
    return [
        Facts(
            None if pd.isna(name) else name,
            names.get(picks.get(id_, -1)),
            None if pd.isna(days) else int(days),
            shop_name,
            shop_address,
        )
        for id_ in ids
        for name, days in [known[id_]]
    ]


def write_all(templates: Sequence[Template], variant: Iterable[int], readers: Iterable[Facts]) -> list[Written]:
    """Each reader's message, from the template of this index. Raises as `compiled` does, for unused templates too."""
    renders = [compiled(template) for template in templates]
    return [renders[index](facts) for index, facts in zip(variant, readers, strict=True)]


def clean(text: str) -> str | None:
    """The fact in one line of at most 100 characters, without control characters; None if nothing is left."""
    # most are clean, and this is seen at once
    if not text.isprintable() or "  " in text:
        text = _SPACES.sub(" ", without_controls(text))
    text = text.strip()
    return (text if len(text) <= LONGEST_FACT else text[: LONGEST_FACT - 1].rstrip() + "…") or None


def product_name(name: Name, language: str) -> str:
    """The product's name in the language; one that is all in capitals is set as a title would be."""
    text = name.in_language(language)
    return " ".join(word.capitalize() for word in text.split()) if text.isupper() else text


_cleaned = lru_cache(MOST_REMEMBERED)(clean)


def _known(field: str, value: str | int | None) -> Any:
    if isinstance(value, str):
        value = _cleaned(value)
    return _UNKNOWN[field] if value is None else value


def _names(field: str, sources: Iterable[str]) -> bool:
    words = (field, *(alias for alias, meant in ALIASES.items() if meant == field))
    return any(word in source for source in sources for word in words)


def as_html(text: str, preheader: str | None = None) -> str:
    """A text as the HTML of an e-mail, for a template that brings none: its paragraphs and lines as they are.

    The preheader is what inboxes show behind the subject; whoever opens the e-mail does not see it.
    """
    paragraphs = escape(text, quote=False).replace("\n\n", "</p><p>").replace("\n", "<br>")
    hidden = f'<div style="display:none">{escape(preheader, quote=False)}</div>' if preheader else ""
    return f"<!doctype html><html><body>{hidden}<p>{paragraphs}</p></body></html>"
