"""What the bot answers: texts, pictures, files and buttons, still without a language. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from engine import Language, Phrase

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


@dataclass(frozen=True)
class Title:
    """A line in bold."""

    phrase: Phrase


@dataclass(frozen=True)
class Item:
    """A line of a list."""

    phrase: Phrase


@dataclass(frozen=True)
class Quote:
    """Words of others, such as a message to be sent, as they are."""

    text: str


@dataclass(frozen=True)
class Gap:
    """An empty line."""


Line = Phrase | Title | Item | Quote | Gap
Lines = tuple[Line, ...]


@dataclass(frozen=True)
class Button:
    """Pressing it says `line`, as if the founder had typed it: a command with its words, at most 64 bytes."""

    label: Phrase
    line: str

    def __post_init__(self) -> None:
        if len(self.line.encode()) > 64:
            raise ValueError(f"a button says at most 64 bytes, this one {self.line!r}")


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Text:
    lines: Lines
    buttons: Buttons = ()


@dataclass(frozen=True)
class Picture:
    """A PNG."""

    content: bytes
    lines: Lines = ()
    buttons: Buttons = ()


@dataclass(frozen=True)
class File:
    name: str
    content: bytes
    lines: Lines = ()


Part = Text | Picture | File


@dataclass(frozen=True)
class Reply:
    """The answer to one message, in parts.

    `awaits`: the command that the founder's next free text or file completes.
    `in_place`: when a button was pressed, the first text takes the place of the message that bore it.
    `settled`: what the message whose button was pressed says from now on, beside the parts, which are new messages.
    `for_owner`: what the owner hears of it in their own chat, when somebody else asked.
    `ends`: chats whose work under way ends, because whoever asked for it is let in no more.
    `language`: the answer changes the language, and is itself in the new one.
    """

    parts: tuple[Part, ...]
    awaits: str | None = None
    in_place: bool = False
    settled: Text | None = None
    language: str | None = None
    for_owner: Text | None = None
    ends: tuple[int, ...] = ()


def says(*lines: Line, buttons: Buttons = ()) -> Reply:
    """An answer of one text."""
    return Reply((Text(lines, buttons),))


def in_a_row(facts: Iterable[str | Phrase]) -> Phrase:
    """Facts that are no list of equals, one after the other; at least one."""
    first, *others = facts
    row = Phrase("{fact}", fact=first)
    for other in others:
        row = Phrase("{row}, {fact}", row=row, fact=other)
    return row


def markup(lines: Lines, language: Language) -> list[str]:
    """The lines as Telegram's HTML, one piece for each line; nothing of the facts is taken for markup."""
    return [_marked(line, language) for line in lines]


def plain(lines: Lines, language: Language) -> str:
    """The lines as a terminal shows them."""
    return "\n".join(_unmarked(line, language) for line in lines)


def _marked(line: Line, language: Language) -> str:
    match line:
        case Title(phrase):
            return f"<b>{escape(phrase.say(language), quote=False)}</b>"
        case Item(phrase):
            return f"• {escape(phrase.say(language), quote=False)}"
        case Quote(text):
            return f"<blockquote>{escape(text, quote=False)}</blockquote>"
        case Gap():
            return ""
    return escape(line.say(language), quote=False)


def _unmarked(line: Line, language: Language) -> str:
    match line:
        case Title(phrase):
            return phrase.say(language)
        case Item(phrase):
            return f"  • {phrase.say(language)}"
        case Quote(text):
            return "\n".join(f"  │ {row}" for row in text.splitlines())
        case Gap():
            return ""
    return line.say(language)


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def messages(lines: Lines, language: Language, limit: int = TEXT_LIMIT) -> list[str]:
    """The lines as HTML messages of at most `limit` units each, parted between lines, never inside a tag.

    A single line that is longer by itself is cut and ends with an ellipsis.
    """
    pieces: list[list[str]] = []
    left = -1
    for piece, line in zip(markup(lines, language), lines, strict=True):
        size = units(piece)
        if size > limit:
            piece = _cut(line, language, limit)
            size = units(piece)
        left -= 1 + size
        if left < 0:
            pieces.append([])
            left = limit - size
        pieces[-1].append(piece)
    return [text for text in map("\n".join, pieces) if text.strip()]


def _cut(line: Line, language: Language, limit: int) -> str:
    words = line.text if isinstance(line, Quote) else _unmarked(line, language)
    kept = words
    while units(escape(kept, quote=False)) > limit - 40:
        kept = kept[: max(1, int(len(kept) * 0.9))]
    body = escape(kept, quote=False) + "…"
    return f"<blockquote>{body}</blockquote>" if isinstance(line, Quote) else body
