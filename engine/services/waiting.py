"""A file that waits in the chat until the founder has said what its columns are, and the card that asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlite_utils import Database

from engine.errors import EngineError, FileRefused, NotAllowed, NotFound, Unsure
from engine.intake import choices, receipt, understand
from engine.intake.choices import KINDS, Choice
from engine.intake.layouts import Kind
from engine.intake.layouts.by_name import WHO
from engine.intake.proposal import Guess, Proposal
from engine.intake.receipt import Receipt
from engine.intake.understanding import Understood
from engine.phrases import Phrase
from engine.places import write_privately
from engine.progress import Progress, silent
from engine.services import choosing
from engine.services.choosing import Choose
from engine.services.imports import import_file, tried
from engine.sheets import Say
from engine.shop import Shop
from engine.store import columns, imports, trail, transaction
from engine.store.columns import State, WaitingFile

NAME_LENGTH = 32  # of a copy's name: half a SHA-256
CHEAP_ROWS = 50_000  # so many are tried out in half a second


@dataclass(frozen=True)
class MappingCard:
    """What the columns of a file are taken for.

    `file` is its number among those that wait, None for one that does not; `trial` is what would come of the import
    if it is cheap to know and nothing is missing. `unsure` are the columns that decide over money and people, and are
    not sure. `question` is a date that may be two days.
    """

    file: int | None
    name: str
    kind: Kind
    guesses: tuple[Guess, ...]
    unsure: tuple[Guess, ...]
    missing: tuple[Phrase, ...]
    question: str | None
    day_first: bool | None
    rows: int
    trial: Receipt | None
    refusal: Phrase | None = None
    state: State = "waiting"
    instead: Kind | None = None  # what it may be just as well

    @property
    def fields(self) -> tuple[str, ...]:
        """What a column of such a file can be."""
        return KINDS[self.kind][1]

    @property
    def without_customer(self) -> bool:
        """Whether no column says who bought, so that the file tells of products and times only."""
        return self.kind == "orders" and not any(guess.field in WHO for guess in self.guesses)


@dataclass(frozen=True)
class ImportColumns:
    """How the columns of an import were read: field → header, and since when as the founder has set them."""

    id: int
    name: str
    columns: dict[str, str]
    set_on: date | None
    ask: bool


def try_file(shop: Shop, path: Path, *, name: str | None = None, choose: Choose | None = None) -> MappingCard:
    """What the file is taken for and what would come of its import; nothing is changed.

    Raises FileRefused if it can be read as nothing that is known.
    """
    name = name or path.name
    if not path.is_file():
        raise FileRefused(Phrase("There is no file {path}.", path=str(path)))
    with shop.open() as db:
        found = choosing.remembering(db, understand(path, name, choose or choosing.remembered(db)))
    return _card(found, shop, None, always=True)


def import_or_ask(
    shop: Shop, path: Path, *, name: str, who: str = "owner", progress: Progress = silent, say: Say = str
) -> Receipt | MappingCard:
    """Import the file, or keep it and ask: the receipt or the card. The same cause asks once."""
    with shop.open() as db:
        asked = columns.waiting_by_cause(db, shop.cause)
    if asked is not None:
        return show_columns(shop, asked.id)
    try:
        return import_file(shop, path, name=name, who=who, progress=progress, say=say)
    except Unsure:
        return _kept(shop, path, name)


def show_columns(shop: Shop, file: int) -> MappingCard:
    """The card of a file that waits. Raises NotAllowed, with what became of it, if it waits no longer."""
    return _changed(shop, file, lambda card, choice: choice)


def set_column(shop: Shop, file: int, position: int, field: str | None) -> MappingCard:
    """From now on the column at `position` is this field, None for not used, and no other column is."""

    def change(card: MappingCard, choice: Choice) -> Choice:
        if not 0 <= position < len(card.guesses) or (field is not None and field not in card.fields):
            raise NotAllowed(Phrase("This button fits another file: open the card anew with its last message."))
        return Choice(card.kind, choice.fields, choice.day_first).with_field(card.guesses[position].header, field)

    return _changed(shop, file, change)


def set_kind(shop: Shop, file: int, kind: str) -> MappingCard:
    """From now on the file is a list of this kind; what was said of columns is kept where it still makes sense."""

    def change(card: MappingCard, choice: Choice) -> Choice:
        known = next((known for known in KINDS if known == kind), None)
        if known is None:
            raise NotFound(Phrase("A file cannot be '{kind}'; it can be: {kinds}.", kind=kind, kinds=tuple(KINDS)))
        fields = {header: of for header, of in choice.fields.items() if of is None or of in KINDS[known][1]}
        return Choice(known, fields, choice.day_first)

    return _changed(shop, file, change)


def set_day_first(shop: Shop, file: int, day_first: bool) -> MappingCard:
    """From now on 03/04/2025 has its day first, or its month."""
    return _changed(shop, file, lambda card, choice: Choice(choice.kind, choice.fields, day_first))


def import_waiting(
    shop: Shop, file: int, *, who: str = "owner", progress: Progress = silent, say: Say = str
) -> Receipt:
    """Import a file as its card says, and remember that for the next one with the same header.

    Raises NotAllowed if it waits no longer, what `import_file` raises if it cannot be imported: then it waits on.
    """
    with shop.open() as db:
        waiting = columns.waiting(db, file)
        if trail.done_before(db, "imported", shop.cause) is None:
            waiting = _waiting(db, file)
            choice = _as_shown(shop, waiting).confirmed()
        else:
            choice = Choice()
    if waiting is None:
        raise _unknown(file)

    def also(db: Database, import_id: int) -> None:
        columns.end_wait(db, file, "imported", import_id)

    made = import_file(
        shop,
        _path(shop, waiting.sha256),
        name=waiting.name,
        who=who,
        progress=progress,
        say=say,
        choose=lambda headers: choice,
        also=also,
    )
    with shop.open() as db, transaction(db):
        # another update may have imported the same content in between
        columns.end_wait(db, file, "imported", made.id)
        _sweep(shop, db)
    return made


def drop_waiting(shop: Shop, file: int) -> str:
    """Put a file aside and remove it; its name. A second time changes nothing."""
    with shop.open() as db, transaction(db):
        waiting = columns.waiting(db, file)
        if waiting is None:
            raise _unknown(file)
        if waiting.state != "dropped":
            _waiting(db, file)
            columns.end_wait(db, file, "dropped")
        _sweep(shop, db)
    return waiting.name


def columns_of_import(shop: Shop, import_id: int) -> ImportColumns:
    """How an import was read. Raises NotFound if there is none of this number."""
    with shop.open() as db:
        return _of_import(db, import_id)


def ask_next_time(shop: Shop, import_id: int) -> ImportColumns:
    """Forget how files with the header of this import are read: the next one is asked about first."""
    with shop.open() as db, transaction(db):
        header = columns.header_of(db, import_id)
        if header is not None:
            columns.remember(db, header, None, shop.now())
        return _of_import(db, import_id)


def _of_import(db: Database, import_id: int) -> ImportColumns:
    stored = imports.by_id(db, import_id)
    header = columns.header_of(db, import_id)
    if stored is None or header is None:
        raise NotFound(Phrase("There is no import {id}.", id=import_id))
    made = receipt.from_text(stored.receipt)
    kept = columns.remembered(db, header)
    return ImportColumns(
        import_id,
        made.name,
        dict(made.columns),
        kept.on if kept is not None and kept.choice is not None else None,
        kept is not None and kept.choice is None,
    )


def _kept(shop: Shop, path: Path, name: str) -> MappingCard:
    """Keep a file that has to be asked about; its card."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    with shop.open() as db:
        found = understand(path, name, choosing.remembered(db))
    with shop.open() as db, transaction(db):
        # within the transaction: nobody sweeps it away before its row is there
        _write(_path(shop, sha256), content)
        file = columns.wait(
            db,
            name=name,
            sha256=sha256,
            header=choosing.header_key(found),
            card=found.proposal.choice.to_text(),
            cause=shop.cause,
            at=shop.now(),
        )
        _sweep(shop, db)
    return _card(found, shop, file)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_privately(path, content)
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=str(path.parent))
        ) from error


def _changed(shop: Shop, file: int, change: Callable[[MappingCard, Choice], Choice]) -> MappingCard:
    """The card after a change of what was said."""
    with shop.open() as db:
        waiting = _waiting(db, file)
    before = choices.from_text(waiting.card)
    found = _read(shop, waiting, before)
    after = change(_card(found, shop, file, never=True), before)
    if after == before:
        return _card(found, shop, file)
    found = _read(shop, waiting, after)
    with shop.open() as db, transaction(db):
        _waiting(db, file)
        columns.keep_card(db, file, after.to_text())
    return _card(found, shop, file)


def _as_shown(shop: Shop, waiting: WaitingFile) -> Proposal:
    return _read(shop, waiting, choices.from_text(waiting.card)).proposal


def _read(shop: Shop, waiting: WaitingFile, choice: Choice) -> Understood:
    path = _path(shop, waiting.sha256)
    if not path.is_file():
        raise NotFound(Phrase("{name} is no longer here: send the file again.", name=waiting.name))
    return understand(path, waiting.name, lambda headers: None if choice.says_nothing else choice)


def _card(found: Understood, shop: Shop, file: int | None, *, always: bool = False, never: bool = False) -> MappingCard:
    proposal = found.proposal
    trial = refusal = None
    if not proposal.missing and not never and (always or found.table.n_rows <= CHEAP_ROWS):
        try:
            with shop.open() as db:
                trial = tried(db, found, shop.now().date())
        except EngineError as error:
            refusal = error.phrase
    return MappingCard(
        file,
        found.name,
        proposal.kind,
        proposal.guesses,
        proposal.unsure,
        proposal.missing,
        proposal.question,
        proposal.choice.day_first,
        found.table.n_rows,
        trial,
        refusal,
        instead=proposal.instead,
    )


def _waiting(db: Database, file: int) -> WaitingFile:
    """The file, which waits. Raises NotFound, or NotAllowed with what became of it."""
    waiting = columns.waiting(db, file)
    if waiting is None:
        raise _unknown(file)
    if waiting.state == "imported":
        raise NotAllowed(Phrase("{name} is imported already: this card is done.", name=waiting.name))
    if waiting.state == "dropped":
        raise NotAllowed(Phrase("{name} was put aside: send it again to import it.", name=waiting.name))
    if waiting.state == "replaced":
        raise NotAllowed(Phrase("You have sent {name} again since: use the newer card.", name=waiting.name))
    return waiting


def _unknown(file: int) -> NotFound:
    return NotFound(Phrase("There is no waiting file {id}: send it again.", id=file))


def _path(shop: Shop, sha256: str) -> Path:
    return _folder(shop) / sha256[:NAME_LENGTH]


def _folder(shop: Shop) -> Path:
    return shop.files / "waiting"


def _sweep(shop: Shop, db: Database) -> None:
    """Remove the copies of files that wait no longer."""
    awaited = {sha256[:NAME_LENGTH] for sha256 in columns.contents_awaited(db)}
    folder = _folder(shop)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in awaited:
            path.unlink(missing_ok=True)
