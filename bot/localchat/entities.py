"""Text with its entities: Telegram's HTML subset, and what Telegram finds in plain text by itself.

Offsets and lengths count UTF-16 code units.
Source: the wording and the grammar follow TDLib, td/telegram/MessageEntity.cpp, `parse_html`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from bot.localchat.refusals import Json, bad_request

KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "blockquote": "blockquote", "span": "spoiler", "tg-spoiler": "spoiler",
}  # fmt: skip
CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
START_NAME = re.compile(r"[^\s>]*")
ATTRIBUTE = re.compile(r"""\s*([^\s=>"'/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?""")
FOUND = {
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])"),
    "url": re.compile(r"https?://[^\s<>\"'，。；：！？、（）《》“”]*[\w/=&#%-]"),
    "mention": re.compile(r"(?<!\w)@[A-Za-z]\w{4,31}\b", re.ASCII),
}
VERBATIM = {"code", "pre", "text_link", "url", "mention", "bot_command"}


@dataclass(frozen=True)
class Rich:
    """A text and its entities, in order."""

    text: str
    entities: tuple[Json, ...] = ()

    def __len__(self) -> int:
        return units(self.text)


@dataclass(frozen=True)
class _Tag:
    name: str
    start: int
    extra: Json = field(default_factory=dict)


def units(text: str) -> int:
    """The length of `text` in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str, given: list[Json] | None = None) -> Rich:
    """`text` without surrounding blanks, with the entities `given` and those that show by themselves."""
    return _finished(text, given or [])


def html(source: str) -> Rich:
    """The text that Telegram's HTML `source` means. Raises Refused as Telegram does."""
    parts: list[str] = []
    entities: list[Json] = []
    open_tags: list[_Tag] = []
    at = offset = 0
    while at < len(source):
        if source[at] == "<":
            closing = source.startswith("</", at)
            at = (_close if closing else _open)(source, at, offset, open_tags, entities)
            continue
        character = CHARACTER.match(source, at)
        piece = unescape(character[0]) if character else source[at]
        at = character.end() if character else at + 1
        parts.append(piece)
        offset += units(piece)
    if open_tags:
        name = open_tags[-1].name
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag \"{name}\"")
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return _finished("".join(parts), entities)


def _open(source: str, at: int, offset: int, open_tags: list[_Tag], _: list[Json]) -> int:
    """Reads a start tag; where the text goes on."""
    named = START_NAME.match(source, at + 1)
    name = named[0].lower() if named else ""
    end = at + 1 + len(name)
    if end >= len(source):
        raise _unparsable("Unclosed start tag", source, at)
    if name not in KINDS:
        raise _unparsable(f'Unsupported start tag "{name}"', source, at)
    given: dict[str, str] = {}
    while (attribute := ATTRIBUTE.match(source, end)) and attribute.end() > end:
        given[attribute[1].lower()] = unescape((attribute[2] or "").strip("\"'"))
        end = attribute.end()
    while source[end : end + 1].isspace():
        end += 1
    if not source.startswith(">", end):
        raise _unparsable("Unclosed start tag", source, at)
    if name == "span" and given.get("class") != "tg-spoiler":
        raise _unparsable('Tag "span" must have class "tg-spoiler"', source, at)
    open_tags.append(_Tag(name, offset, _extra(name, given)))
    return end + 1


def _close(source: str, at: int, offset: int, open_tags: list[_Tag], entities: list[Json]) -> int:
    """Reads an end tag and adds the entity that it ends; where the text goes on."""
    if not open_tags:
        raise _unparsable("Unexpected end tag", source, at)
    end = source.find(">", at)
    if end < 0:
        raise _unparsable("Unclosed end tag", source, at)
    name, tag = source[at + 2 : end].strip().lower(), open_tags.pop()
    if name and name != tag.name:
        raise _unparsable("Unmatched end tag", source, at, f', expected "</{tag.name}>", found "</{name}>"')
    entity: Json = {"type": KINDS[tag.name], "offset": tag.start, "length": offset - tag.start, **tag.extra}
    if tag.name == "pre" and entities and _same_span(entities[-1], entity):
        # <pre><code class="language-x">…</code></pre> is one entity
        entity.update(entities.pop(), type="pre")
    if entity["type"] != "text_link" or "://" in entity["url"]:
        entities.append(entity)
    return end + 1


def _same_span(inner: Json, outer: Json) -> bool:
    return inner["type"] == "code" and (inner["offset"], inner["length"]) == (outer["offset"], outer["length"])


def _extra(name: str, given: dict[str, str]) -> Json:
    if name == "a":
        return {"url": given.get("href", "")}
    if name == "code" and given.get("class", "").startswith("language-"):
        return {"language": given["class"].removeprefix("language-")}
    if name == "blockquote" and "expandable" in given:
        return {"type": "expandable_blockquote"}
    return {}


def _finished(text: str, entities: list[Json]) -> Rich:
    """Cuts the blanks at both ends, drops what became empty, adds what shows by itself, and sorts."""
    cut = units(text) - units(text.lstrip())
    text = text.strip()
    whole = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, whole)
        if start < end:
            kept.append({**entity, "offset": start, "length": end - start})
    kept += _found(text, [(e["offset"], e["offset"] + e["length"]) for e in kept if e["type"] in VERBATIM])
    return Rich(text, tuple(sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))))


def _found(text: str, taken: list[tuple[int, int]]) -> list[Json]:
    """The commands, links and mentions in `text`, none over a span that is taken."""
    found = []
    for kind, pattern in FOUND.items():
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            end = start + units(match[0])
            if all(end <= a or start >= b for a, b in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return found


def _unparsable(what: str, source: str, at: int, more: str = "") -> Exception:
    """Telegram's complaint about the tag that begins at `at`."""
    return bad_request(f"can't parse entities: {what} at byte offset {len(source[:at].encode())}{more}")
