"""From a template and what is known of a customer to the text that is sent.

A template may put in fields and choose between words with `if`; it has no loops, calls or arithmetic. So every
message is as bounded as its parts, whoever wrote the template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches

import pandas as pd
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine import columns as c
from engine.campaigns.templates import Template
from engine.errors import NotAllowed
from engine.phrases import Name, Phrase

LONGEST = {"text": 600}  # characters; WeChat's own limit is 600 in the stricter of its documents
LONGEST_FACT = 100
ESCAPED = {"text": False}

ALLOWED_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Name,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
)

# C0 and C1 controls, and the marks that turn the direction of all text after them
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Facts:
    """The fields that a template may use. A field that is not known is None."""

    name: str | None = None
    product: str | None = None
    last_order_days: int | None = None
    shop_name: str | None = None


# what stands in a sample text for what differs from customer to customer
BLANKS = {"en": Facts(name="[name]", product="[product]"), "zh": Facts(name="【姓名】", product="【商品】")}
FIELDS = tuple(field.name for field in fields(Facts))

Render = Callable[[Facts], str]


def compiled(template: Template) -> Render:
    """What writes this template's message for one customer after another.

    Raises NotAllowed here for a template that is not well formed, names an unknown field or uses more than
    fields and `if`; later, for a message that is empty or longer than its channel allows.
    """
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=ESCAPED.get(template.channel, True), keep_trailing_newline=False
    )
    try:
        tree = environment.parse(template.body)
        _check(template, tree)
        write = environment.from_string(tree).render
    except TemplateSyntaxError as error:
        raise NotAllowed(
            Phrase(
                "The message “{template}” has a mistake in line {line} of its text: {fault}.",
                template=template.name,
                line=error.lineno,
                fault=(error.message or "").rstrip(".").replace(". ", "; "),
            )
        ) from error
    longest = LONGEST.get(template.channel, max(LONGEST.values()))

    def render(facts: Facts) -> str:
        known = {name: clean(value) if isinstance(value, str) else value for name, value in vars(facts).items()}
        try:
            text = _CONTROLS.sub("", write(known)).strip()
        except (TemplateError, TypeError) as error:
            raise NotAllowed(
                Phrase("The message “{template}” cannot be written: {fault}.", template=template.name, fault=str(error))
            ) from error
        if not 0 < len(text) <= longest:
            raise NotAllowed(
                Phrase(
                    "The message “{template}” comes to {n} characters; it must have 1 to {longest}.",
                    template=template.name,
                    n=len(text),
                    longest=longest,
                )
            )
        return text

    return render


def readers(
    people: pd.DataFrame,
    ids: Iterable[int],
    picks: Mapping[int, int],
    products: Mapping[int, Name],
    *,
    language: str,
    shop_name: str | None,
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
        )
        for id_ in ids
        for name, days in [known[id_]]
    ]


def write_all(templates: Sequence[Template], variant: Iterable[int], readers: Iterable[Facts]) -> list[str]:
    """Each reader's message, from the template of this index. Raises as `compiled` does, for unused templates too."""
    renders = [compiled(template) for template in templates]
    return [renders[index](facts) for index, facts in zip(variant, readers, strict=True)]


def clean(text: str) -> str | None:
    """The fact in one line of at most 100 characters, without control characters; None if nothing is left."""
    text = _SPACES.sub(" ", _CONTROLS.sub("", text)).strip()
    return (text if len(text) <= LONGEST_FACT else text[: LONGEST_FACT - 1].rstrip() + "…") or None


def product_name(name: Name, language: str) -> str:
    """The product's name in the language; one that is all in capitals is set as a title would be."""
    text = name.in_language(language)
    return " ".join(word.capitalize() for word in text.split()) if text.isupper() else text


def _check(template: Template, tree: nodes.Template) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, ALLOWED_NODES):
            raise NotAllowed(
                Phrase(
                    "The message “{template}” uses “{what}” in line {line} of its text; "
                    "a message may only use fields and “if”.",
                    template=template.name,
                    what=type(node).__name__.lower(),
                    line=node.lineno,
                )
            )
    for field in sorted({node.name for node in tree.find_all(nodes.Name)} - set(FIELDS)):
        nearest = get_close_matches(field, FIELDS, n=1, cutoff=0.0)[0]
        raise NotAllowed(
            Phrase(
                "The message “{template}” uses the unknown field “{field}”; did you mean “{nearest}”? "
                "There are: {fields}.",
                template=template.name,
                field=field,
                nearest=nearest,
                fields=FIELDS,
            )
        )
