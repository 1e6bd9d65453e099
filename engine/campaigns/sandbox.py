"""What a template may do, and what writes its text.

A template may put in fields and choose between words with `if`; it has no loops, calls, attributes or arithmetic. So
every message is as bounded as its parts, whoever wrote the template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.errors import NotAllowed
from engine.phrases import Name, Phrase

LONGEST_SOURCE = 100_000  # characters
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
# what a field may be called besides its own name
ALIASES: Mapping[str, str] = MappingProxyType(
    {"姓名": "name", "名字": "name", "商品": "product", "店名": "shop_name", "地址": "shop_address"}
)
# what may be said where a field is not known
STAND_INS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "name": {"en": "there", "zh": "朋友"},
        "product": {"en": "something you may like", "zh": "一样你可能喜欢的"},
        "shop_name": {"en": "our shop", "zh": "小店"},
    }
)

# C0 and C1 controls, marks that turn the direction of all text after them, and halves of characters
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Write = Callable[[Mapping[str, Any]], str]


class NotKnownError(Exception):
    """A template puts in a field that is not known of this reader."""


class Unknown:
    """Stands for a field that is not known: false where it is asked for, and nothing that can be put in."""

    __slots__ = ("field",)

    def __init__(self, field: str) -> None:
        self.field = field

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return other is None or (isinstance(other, Unknown) and other.field == self.field)

    def __hash__(self) -> int:
        return hash(self.field)

    def _refuse(self, *other: object) -> NoReturn:
        raise NotKnownError(self.field)

    __str__ = __html__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __iter__ = _refuse


def without_controls(text: str) -> str:
    return _CONTROLS.sub("", text)


def written_by(source: str, *, template: Name, language: str, fields: tuple[str, ...], escaped: bool) -> Write:
    """What writes `source` from a mapping that has a text, a number or an `Unknown` for each of `fields`.

    It is handed only text without control characters, and gives the same. `template` is what the message is called.
    Raises NotAllowed here for a source that is not well formed, too long, names an unknown field or uses more than
    fields and `if`; later, for a reader of whom a field is not known that is put in all the same.
    """
    if len(source) > LONGEST_SOURCE:
        raise NotAllowed(
            Phrase(
                "The message “{template}” is {n} characters long; at most {longest} can be read.",
                template=template,
                n=len(source),
                longest=LONGEST_SOURCE,
            )
        )
    compiled = _compiled(source, template, fields, escaped=escaped)
    facts: dict[str, Any] = {}
    # one context for all readers: making one takes several times as long as writing the text
    context, parts = compiled.new_context(facts, shared=True), compiled.root_render_func

    def write(known: Mapping[str, Any]) -> str:
        facts.update(known)
        try:
            return "".join(parts(context)).strip()
        except NotKnownError as error:
            raise _not_known(template, str(error), language) from error
        except (TemplateError, TypeError) as error:
            raise NotAllowed(
                Phrase("The message “{template}” cannot be written: {fault}.", template=template, fault=str(error))
            ) from error

    return write


def _compiled(source: str, template: Name, fields: tuple[str, ...], *, escaped: bool) -> Template:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=escaped, keep_trailing_newline=False
    )
    try:
        tree = environment.parse(source)
        _check(template, tree, fields)
        for data in tree.find_all(nodes.TemplateData):
            data.data = without_controls(data.data)
        for constant in tree.find_all(nodes.Const):
            if isinstance(constant.value, str):
                constant.value = without_controls(constant.value)
        return environment.from_string(tree)
    except TemplateSyntaxError as error:
        raise NotAllowed(
            Phrase(
                "The message “{template}” has a mistake in line {line} of its text: {fault}.",
                template=template,
                line=error.lineno,
                fault=(error.message or "").rstrip(".").replace(". ", "; "),
            )
        ) from error
    except (RecursionError, SyntaxError, MemoryError, ValueError) as error:
        # Python's own limits: blocks in blocks, and digits of a number
        raise NotAllowed(
            Phrase(
                "The message “{template}” has too many ifs within ifs, or too long a number; make it simpler.",
                template=template,
            )
        ) from error


def _check(template: Name, tree: nodes.Template, fields: tuple[str, ...]) -> None:
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, ALLOWED_NODES):
            raise NotAllowed(
                Phrase(
                    "The message “{template}” uses “{what}” in line {line} of its text; "
                    "a message may only use fields and “if”.",
                    template=template,
                    what=_as_typed(node),
                    line=node.lineno,
                )
            )
    for node in tree.find_all(nodes.Name):
        node.name = ALIASES.get(node.name, node.name)
    for field in sorted({node.name for node in tree.find_all(nodes.Name)} - set(fields)):
        near = get_close_matches(field, [*fields, *ALIASES], n=1)
        raise NotAllowed(
            Phrase(
                "The message “{template}” uses the unknown field “{field}”; did you mean “{nearest}”? "
                "There are: {fields}.",
                template=template,
                field=field,
                nearest=near[0],
                fields=fields,
            )
            if near
            else Phrase(
                "The message “{template}” uses the unknown field “{field}”. There are: {fields}.",
                template=template,
                field=field,
                fields=fields,
            )
        )


def _as_typed(node: nodes.Node) -> str:
    """The sign or word by which the owner finds it in the text."""
    if isinstance(node, nodes.Getattr):
        return f".{node.attr}"
    if isinstance(node, nodes.Filter):
        return f"|{node.name}"
    signs: Mapping[type[nodes.Node], str] = {nodes.Call: "()", nodes.Getitem: "[]"}
    return signs.get(type(node), type(node).__name__.lower())


def _not_known(template: Name, field: str, language: str) -> NotAllowed:
    around = f"{{% if {field} %}}…{{% endif %}}"
    stand_ins = STAND_INS.get(field)
    if stand_ins is None:
        return NotAllowed(
            Phrase(
                "The message “{template}” puts in “{field}”, which is not known of everybody: write {around} around "
                "what is said of it.",
                template=template,
                field=field,
                around=around,
            )
        )
    example = f'{{{{ {field} or "{stand_ins.get(language, stand_ins["en"])}" }}}}'
    return NotAllowed(
        Phrase(
            "The message “{template}” puts in “{field}”, which is not known of everybody: write {example}, or {around} "
            "around what is said of it.",
            template=template,
            field=field,
            around=around,
            example=example,
        )
    )
