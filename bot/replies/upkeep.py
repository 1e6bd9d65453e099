"""What is said of the database file: its backups, going back to one, whether it is sound, its key."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.replies import Gap, Item, Line, Reply, Title, says
from engine import Converted, Going, Health, Phrase, counted


def backup_reply(path: Path, *, how_back: bool) -> Reply:
    """Where the backup is; in the chat also how to come back to it."""
    lines: list[Line] = [
        Phrase("The backup is at {path}", path=str(path)),
        Phrase(
            "Nothing deletes it but you: who is forgotten later is still in it, so delete it once you need it no more."
        ),
    ]
    if how_back:
        lines.append(
            Phrase(
                "It was looked through and is whole. To go back to it, stop Zhike where it runs and say: "
                "zhike restore {path}",
                path=str(path),
            )
        )
    return says(*lines)


YOURS = Phrase("Nothing deletes that copy but you: who is forgotten is still in it.")


def health_reply(health: Health) -> Reply:
    notes = [Item(note) for note in health.notes]
    if not health.faults:
        return says(Phrase("{path} is sound.", path=str(health.path)), *notes)
    return says(
        Phrase("{path} has faults: restore a backup, or ask for help with this list.", path=str(health.path)),
        *(Item(Phrase("{fault}", fault=fault)) for fault in health.faults),
        *notes,
    )


def going_reply(going: Going, *, done: bool, database: Path) -> Reply:
    """What going back to a backup would mean, or has meant."""
    head = (
        Phrase("{database} is again what it was in {backup}.", database=str(database), backup=str(going.backup))
        if done
        else Phrase("Going back to {backup} would mean:", backup=str(going.backup))
    )
    lines: list[Line] = [Title(head), Item(_holds(going))]
    if going.now is not None:
        lines.append(Item(_since(going)))
    elif going.kept is not None or not done:
        lines.append(Item(Phrase("What there is now cannot be read, so what is lost cannot be told.")))
    if done:
        lines += _carried(going)
        if going.kept is not None:
            lines += [Gap(), Phrase("What was there before is kept at {path}", path=str(going.kept)), YOURS]
    else:
        lines += [
            Gap(),
            Phrase("Who has said no since stays unsubscribed, and what was sent since is not sent again."),
            Phrase("Nothing was changed yet. Do it with: zhike restore {backup} --yes", backup=str(going.backup)),
        ]
    return says(*lines)


def _holds(going: Going) -> Phrase:
    rows = going.then.rows
    if going.then.last_import is None:
        return Phrase("The backup has no data of customers or orders in it.")
    return Phrase(
        "The backup holds {customers} and {orders}; its newest import is of {at}.",
        customers=_counted("customers", rows.get("customers", 0)),
        orders=_counted("orders", rows.get("orders", 0)),
        at=_moment(going.then.last_import),
    )


def _since(going: Going) -> Phrase:
    lost = tuple(_counted(name, n) for name, n in going.lost.items())
    if not lost:
        return Phrase("Nothing has been added since.")
    assert going.now is not None
    if going.now.last_import is None or going.now.last_import == going.then.last_import:
        return Phrase("Added since, and not in it: {lost}.", lost=lost)
    return Phrase(
        "Added since, and not in it: {lost}. The newest import now is of {at}; import those files again.",
        lost=lost,
        at=_moment(going.now.last_import),
    )


def _carried(going: Going) -> list[Line]:
    lines: list[Line] = []
    if going.refusals:
        lines.append(
            Item(
                counted(
                    "{n} customer who has said no since stays unsubscribed.",
                    "{n} customers who have said no since stay unsubscribed.",
                    n=going.refusals,
                )
            )
        )
    if going.sent:
        lines.append(
            Item(
                counted(
                    "{n} message that went out since is not sent again.",
                    "{n} messages that went out since are not sent again.",
                    n=going.sent,
                )
            )
        )
    if going.doubtful:
        lines.append(
            Item(
                counted(
                    "Of {n} message it is not known whether it went out since; it is not sent by itself.",
                    "Of {n} messages it is not known whether they went out since; they are not sent by themselves.",
                    n=going.doubtful,
                )
            )
        )
    return lines


def _counted(table: str, n: int) -> Phrase:
    match table:
        case "customers":
            return counted("{n} customer", "{n} customers", n=n)
        case "orders":
            return counted("{n} order", "{n} orders", n=n)
        case "products":
            return counted("{n} product", "{n} products", n=n)
        case "imports":
            return counted("{n} imported file", "{n} imported files", n=n)
        case "campaigns":
            return counted("{n} campaign", "{n} campaigns", n=n)
    return counted("{n} message to customers", "{n} messages to customers", n=n)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


KEY_STORY = (
    Phrase("From here on nothing in the database can be read without its key: not by you, not by us, not by anybody."),
    Phrase("If the key is lost, the database and all its backups are lost. Keep a copy of it elsewhere, on paper too."),
)


def encrypted_reply(made: Converted) -> Reply:
    if not made.changed and not made.backups:
        return says(Phrase("{path} is encrypted already.", path=str(made.store)))
    return says(
        Phrase("{path} is encrypted.", path=str(made.store)),
        *_also(made),
        *KEY_STORY,
        Phrase(
            "The old files were removed, but the free space of a disk may still hold pieces of them; copies that you "
            "made elsewhere are as they were."
        ),
        Phrase("Lists and files that Zhike writes for other programs stay readable."),
    )


def decrypted_reply(made: Converted) -> Reply:
    if not made.changed and not made.backups:
        return says(Phrase("{path} is not encrypted.", path=str(made.store)))
    return says(
        Phrase("{path} is no longer encrypted: whoever has the file can read it.", path=str(made.store)), *_also(made)
    )


def _also(made: Converted) -> list[Line]:
    return [Item(Phrase("{path}", path=str(path))) for path in made.backups]
