"""The words of a message: read from a call, checked against Telegram's limits."""

from __future__ import annotations

from typing import Any

from bot.localchat.arguments import Arguments
from bot.localchat.entities import Rich, html, plain
from bot.localchat.refusals import Json, bad_request

MAX_TEXT = 4096
MAX_CAPTION = 1024


def message_text(arguments: Arguments, *, may_be_empty: bool = False) -> Json:
    """The fields `text` and `entities` of a message. Raises Refused if it is empty, too long or not well-formed."""
    rich = _rich(arguments, "text", "entities")
    if not rich.text and not may_be_empty:
        raise bad_request("message text is empty")
    if len(rich) > MAX_TEXT:
        raise bad_request("message is too long")
    return _fields(rich, "text", "entities")


def caption(arguments: Arguments) -> Json:
    """The fields `caption` and `caption_entities`; none without a caption. Raises Refused as Telegram does."""
    rich = _rich(arguments, "caption", "caption_entities")
    if len(rich) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return _fields(rich, "caption", "caption_entities") if rich.text else {}


def typed(text: str) -> Json:
    """The fields of a text that the person typed."""
    return _fields(plain(text), "text", "entities")


def pieces(text: str) -> list[str]:
    """A typed text cut into messages, at the end of a line where there is one; none if it is blank."""
    rest, cut = text.strip(), []
    while rest:
        head = _head(rest)
        cut.append(head)
        rest = rest[len(head) :].strip()
    return cut


def _head(text: str) -> str:
    """The beginning that fits one message."""
    head = text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
    line = head.rfind("\n")
    return head if head == text or line < 1 else head[:line]


def typed_caption(text: str) -> Json:
    return _fields(plain(text), "caption", "caption_entities") if text.strip() else {}


def _rich(arguments: Arguments, text: str, entities: str) -> Rich:
    source, mode = arguments.text(text), arguments.text("parse_mode").lower()
    if mode == "html":
        return html(source)
    if mode not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    return plain(source, _checked(arguments.listed(entities) or []))


def _checked(entities: list[Any]) -> list[Json]:
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("type"), str):
            raise bad_request("can't parse MessageEntity: Object expected")
        if not all(isinstance(entity.get(side), int) for side in ("offset", "length")):
            raise bad_request("can't parse MessageEntity: offset and length must be of type Number")
    return entities


def _fields(rich: Rich, text: str, entities: str) -> Json:
    return {text: rich.text, **({entities: list(rich.entities)} if rich.entities else {})}
