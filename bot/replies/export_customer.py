"""A person's own data, as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.replies import File, Reply, Text, says
from bot.replies.segments import known_as
from engine import PersonalData, Phrase, counted

READING = Phrase("The first file is for people, the second for programs.")
CARE = Phrase("They are theirs: make sure that it is they who ask before you pass them on.")


def personal_files(data: PersonalData, text: bytes, json: bytes) -> Reply:
    """The files themselves."""
    files = (File(f"{data.name}.txt", text), File(f"{data.name}.json", json))
    return Reply((*files, Text((_what(data), READING, CARE))))


def personal_files_at(data: PersonalData, paths: Sequence[Path]) -> Reply:
    """Where they are."""
    return says(_what(data), Phrase("They are at {paths}.", paths=tuple(map(str, paths))), CARE)


def _what(data: PersonalData) -> Phrase:
    return counted(
        "All that I keep of {who}, to hand over to them: {n} entry, what I worked out of them included.",
        "All that I keep of {who}, to hand over to them: {n} entries, what I worked out of them included.",
        n=data.n_rows,
        who=known_as(data.customer),
    )
