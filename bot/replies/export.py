"""The whole shop as files."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import File, Item, Line, Part, Reply, Text, Title, says
from engine import Exported, Phrase, counted

PERSONAL = ("customers.csv", "answers.csv", "events.csv")
# what Telegram takes from a bot
MOST_BYTES = 50_000_000


def exported_reply(made: Sequence[Exported]) -> Reply:
    """Where the files are."""
    return says(Title(Phrase("Your shop, as files")), *(Item(_told(exported)) for exported in made), *_again(made))


def exported_files(made: Sequence[tuple[Exported, bytes]]) -> Reply:
    """The files themselves; of one that is too large for the chat, where it lies."""
    fitting: list[Part] = [
        File(exported.path.name, content, (_rows(exported),))
        for exported, content in made
        if len(content) <= MOST_BYTES
    ]
    lines: list[Line] = [
        Phrase("{file} is too large for the chat; it is at {path}", file=exported.path.name, path=str(exported.path))
        for exported, content in made
        if len(content) > MOST_BYTES
    ]
    return Reply((*fitting, Text((*lines, *_again([exported for exported, _ in made])))))


def _told(exported: Exported) -> Phrase:
    return Phrase("{path}: {rows}", path=str(exported.path), rows=_rows(exported))


def _rows(exported: Exported) -> Phrase:
    return counted("{n} row", "{n} rows", n=exported.rows)


def _again(made: Sequence[Exported]) -> list[Line]:
    """How the files are read back: in the order in which they were written."""
    names = tuple(exported.path.name for exported in made)
    back = Phrase("They open in any spreadsheet, and I can read them back, in this order: {files}.", files=names)
    if len(names) == 1:
        back = Phrase("It opens in any spreadsheet, and I can read it back.")
    if not any(exported.path.name in PERSONAL for exported in made):
        return [back]
    return [back, Phrase("Your customers' data are among it, so keep it to yourself.")]
