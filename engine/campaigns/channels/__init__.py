"""The ways that a message can take: one file per channel, found by itself.

A channel says of which parts its messages are made, how long each may be and whether it is escaped, and how a message
has to tell its reader the way out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType

from engine.campaigns import sms
from engine.errors import NotFound
from engine.phrases import Phrase

TEXT = "text"  # the part that every message has
HTML = "html"


def utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Unit:
    """In what a length is counted; `n_of` says a number of them."""

    size: Callable[[str], int]
    n_of: Phrase


CHARACTERS = Unit(len, Phrase("{n} characters"))
BYTES = Unit(utf8_bytes, Phrase("{n} bytes"))
UNITS = Unit(utf16_units, Phrase("{n} characters (an emoji counts as two)"))
SMS_PARTS = Unit(sms.parts, Phrase("{n} SMS parts"))


@dataclass(frozen=True)
class Part:
    """A part of a message, of 1 to `longest` units. One that is not `needed` may be absent."""

    key: str
    title: Phrase
    longest: int
    unit: Unit = CHARACTERS
    escaped: bool = False
    one_line: bool = False
    needed: bool = True

    def said(self, n: int) -> Phrase:
        return Phrase(self.unit.n_of.message, n=n)


@dataclass(frozen=True)
class OptOut:
    """How a message tells the way out: a pattern that finds it in any language, and an example in each."""

    pattern: re.Pattern[str]
    examples: Mapping[str, str]

    def told(self, text: str) -> bool:
        return self.pattern.search(text) is not None


# a word for it, and not just “stop by”
WAYS_OUT = re.compile(
    r"\bSTOP\b|(?i:\b(?:reply|text|send|write)\b[^.\n]{0,12}\bstop\b|unsubscribe|opt[ -]?out)|退订|拒收"
)
BY_REPLY = OptOut(
    WAYS_OUT,
    MappingProxyType({"en": "Reply STOP and I won't write again.", "zh": "不想再收到的话，回复 T 退订。"}),
)


@dataclass(frozen=True)
class Channel:
    """`borrows`: the channel whose templates serve where this one has none of its own.

    `charged`: each part of an SMS is paid for.
    """

    key: str
    title: Phrase
    place: int
    parts: tuple[Part, ...]
    opt_out: OptOut | None = BY_REPLY
    borrows: str | None = None
    charged: bool = False

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)


@cache
def channels() -> Mapping[str, Channel]:
    """All channels by key, the most general first."""
    found = [
        import_module(f"{__name__}.{module.name}").CHANNEL for module in iter_modules([str(Path(__file__).parent)])
    ]
    return MappingProxyType({channel.key: channel for channel in sorted(found, key=lambda one: (one.place, one.key))})


def channel_named(key: str) -> Channel:
    """Raises NotFound, which names those that there are."""
    found = channels().get(key.strip().lower())
    if found is None:
        raise NotFound(
            Phrase("There is no channel “{channel}”; choose one of: {channels}.", channel=key, channels=(*channels(),))
        )
    return found
