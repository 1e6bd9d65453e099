"""What the founder has said of files' columns, remembered by header, and what has to be asked before a file is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from engine.errors import FileRefused, NotAllowed, Unsure
from engine.intake import choices
from engine.intake import fields as f
from engine.intake.choices import KINDS, Choice
from engine.intake.layouts import Kind
from engine.intake.proposal import Proposal
from engine.intake.understanding import Understood
from engine.phrases import Phrase
from engine.store import columns, imports

Choose = Callable[[Sequence[str]], Choice | None]


def said_columns(
    maps: Sequence[str],
    *,
    kind: Kind | None = None,
    day_first: bool | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
) -> Choose | None:
    """What `maps` such as "Bestellt am=order date" say of a file; None if nothing is said.

    A field is named by its id or one of its `names`, a column by its header; - is not used. Raises NotAllowed if a
    map has another shape; the result raises NotFound for a header or field that there is not.
    """
    pairs = [_pair(text) for text in maps]
    if not pairs and kind is None and day_first is None:
        return None

    def choose(headers: Sequence[str]) -> Choice:
        choice = Choice(kind, {}, day_first)
        for header, given in pairs:
            fields = KINDS[kind][1] if kind is not None else tuple(f.WORDS)
            of = choices.field_named(given, {field: (names or {}).get(field, ()) for field in fields})
            choice = choice.with_field(choices.header_named(header, headers), of)
        return choice

    return choose


def _pair(text: str) -> tuple[str, str]:
    header, sign, of = text.rpartition("=")
    if not sign or not header.strip() or not of.strip():
        raise NotAllowed(
            Phrase("“{text}” does not say what a column is; write --map HEADER=FIELD, as in --map Day=at.", text=text)
        )
    return header.strip(), of.strip()


def remembered(db: Database) -> Choose:
    """What was said of earlier files with the same header."""

    def choose(headers: Sequence[str]) -> Choice | None:
        found = columns.remembered(db, choices.key_of(headers))
        return None if found is None or found.choice is None else choices.from_text(found.choice).fitted(headers)

    return choose


def remembering(db: Database, found: Understood) -> Understood:
    """The same with a note of when the columns were set so, if they were; unclear if the founder wants to be asked."""
    kept = columns.remembered(db, header_key(found))
    if kept is None:
        return found
    if kept.choice is None:
        said = not found.proposal.choice.says_nothing
        return found if said else replace(found, proposal=replace(found.proposal, ask=True))
    if found.proposal.choice.confirms(choices.from_text(kept.choice)):
        note = Phrase("The columns were read as you set them on {day}.", day=kept.on)
        return replace(found, notes=(note, *found.notes))
    return found


def header_key(found: Understood) -> str:
    return choices.key_of(guess.header for guess in found.proposal.guesses)


def is_to_be_asked(db: Database, sha256: str) -> bool:
    """Whether the file with this content was imported, and the founder has since asked to set its columns anew."""
    earlier = imports.by_content(db, sha256)
    header = None if earlier is None else columns.header_of(db, earlier.id)
    kept = None if header is None else columns.remembered(db, header)
    return kept is not None and kept.choice is None


def refuse_unclear(found: Understood) -> None:
    """Raises FileRefused if a needed column is missing, Unsure if the founder has to be asked about one."""
    proposal = found.proposal
    if proposal.missing:
        raise FileRefused(
            Phrase(
                "{name} has no column for {missing}; its columns are: {headers}.",
                name=found.name,
                missing=proposal.missing,
                headers=tuple(guess.header for guess in proposal.guesses),
            )
        )
    if proposal.question is not None:
        raise Unsure(
            Phrase(
                "{name} was not imported: nothing in it shows whether {date} has the day first or the month; say "
                "--dates day-first or --dates month-first{also}.",
                name=found.name,
                date=proposal.question,
                also=_also(proposal),
            )
        )
    if proposal.instead is not None:
        raise Unsure(
            Phrase(
                "{name} was not imported: the same people stand in several rows, with dates and amounts. If it is "
                "{kind}, say {options}; if it is {instead}, say --kind {other}; and look with --dry-run first.",
                name=found.name,
                kind=KINDS[proposal.kind][0],
                options=f"--kind {proposal.kind} {_options(proposal)}".strip(),
                instead=KINDS[proposal.instead][0],
                other=proposal.instead,
            )
        )
    if proposal.unsure:
        raise Unsure(
            Phrase(
                "{name} was not imported, since it is not sure what some columns are; if this is right, say {options}, "
                "and look with --dry-run first.",
                name=found.name,
                options=_options(proposal),
            )
        )
    if proposal.ask:
        raise Unsure(
            Phrase(
                "{name} was not imported, since you asked to set its columns anew: look with --dry-run, then say what "
                "they are with --map.",
                name=found.name,
            )
        )


def _also(proposal: Proposal) -> str:
    return f" {_options(proposal)}" if proposal.unsure else ""


def _options(proposal: Proposal) -> str:
    return " ".join(f'--map "{guess.header}={guess.field}"' for guess in proposal.unsure)


def digest(sha256: str, found: Understood) -> str:
    """What tells the import of a file from another: its content, and what was said of its columns."""
    if found.proposal.choice.says_nothing:
        return sha256
    return hashlib.sha256(f"{sha256} {found.proposal.confirmed().to_text()}".encode()).hexdigest()


def keep(db: Database, import_id: int, found: Understood, *, said: bool, at: datetime) -> None:
    """Store which header the import had, and what was said of it; call in the transaction of the import."""
    columns.keep_header(db, import_id, header_key(found))
    if said:
        columns.remember(db, header_key(found), found.proposal.confirmed().to_text(), at)
