"""A track record as plain values that the store can keep as JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from engine.phrases import Phrase, from_json, to_json

Kept = TypeVar("Kept")


def packed(value: Any) -> Any:
    """Dataclasses of numbers, text, days, phrases and tuples of these as mappings, lists, numbers and text."""
    if isinstance(value, Phrase):
        return to_json(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: packed(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (tuple, list)):
        return [packed(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def unpacked(kind: type[Kept], value: Any) -> Kept:
    """What `packed` made of a dataclass of this kind."""
    found: Kept = _unpacked(kind, value)
    return found


def _unpacked(kind: Any, value: Any) -> Any:
    if isinstance(kind, UnionType):
        if value is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
    if kind is Phrase:
        return from_json(value)
    if kind is date:
        return date.fromisoformat(value)
    if get_origin(kind) is tuple:
        part, *_ = get_args(kind)
        return tuple(_unpacked(part, one) for one in value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{name: _unpacked(hints[name], part) for name, part in value.items()})
    return value
