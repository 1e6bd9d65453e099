"""Forgetting a customer: who it is, what goes and what stays; what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.replies import Button, Gap, Item, Line, Reply, Text, Title, in_a_row, says
from bot.replies.segments import known_as
from engine import CustomerToForget, ForgottenCustomer, Money, Phrase, counted, customer_ref

SAID = ("events", "answers", "consents", "refusals", "plain_only")
MOST_COPIES = 5  # that are named
WORKED_OUT = (
    *("memberships", "standings", "stage_changes", "forecasts", "recommendations", "updated_customers"),
    *("who_for_products", "due_purchases", "contexts"),
)


def to_forget_reply(card: CustomerToForget) -> Reply:
    """The card that asks, with a button to confirm."""
    who = card.customer
    contacts = tuple(contact for contact in (who.email, who.phone) if contact)
    lines: list[Line] = [Title(Phrase("Forget {who}?", who=known_as(who)))]
    if contacts:
        lines.append(in_a_row(contacts))
    lines += [Gap(), Title(Phrase("What goes, for good")), *map(Item, _goes(card))]
    lines += [Gap(), Title(Phrase("What stays")), *map(Item, _stays(card))]
    lines += [Gap(), ELSEWHERE, *_copies(card.copies)]
    ref = customer_ref(who.id)
    buttons = ((Button(Phrase("Forget them for good"), f"/forget yes {ref}"),), (Button(Phrase("Keep"), "/forget no"),))
    return Reply((Text(tuple(lines), buttons),))


ELSEWHERE = Phrase(
    "Not in my hands: daily backups from before (gone after a week; one that is restored forgets them again), copies "
    "of the database that you made or a restore kept (only you delete those), files that you saved elsewhere, and "
    "what stands in a Telegram chat until you delete it there."
)
KEPT = Phrase("Nobody was forgotten; nothing was changed.")


def _copies(paths: Sequence[Path]) -> list[Line]:
    """Where copies lie that still have whoever is forgotten, and that nobody else deletes."""
    if not paths:
        return []
    return [
        Item(
            counted(
                "{n} copy of the database lies in {folder} and may still have them; delete it yourself: {names}",
                "{n} copies of the database lie in {folder} and may still have them; delete them yourself: {names}",
                n=len(paths),
                folder=str(paths[0].parent),
                names=tuple(path.name for path in paths[:MOST_COPIES]),
            )
        )
    ]


def forgotten_reply(done: ForgottenCustomer) -> Reply:
    """What became of it, in place of the card, without who it was."""
    lines: list[Line] = [Title(Phrase("Forgotten"))]
    if done.wiped:
        lines.append(
            Phrase(
                "Nothing about them is left in the database, in its write-ahead file or in a backup made from now on."
            )
        )
    else:
        lines.append(
            Phrase(
                "No answer of mine knows them any more. But another program is reading the database just now, or the "
                "disk has no room for a clean copy, so traces may still stand in its file. I try again by myself until "
                "they are gone."
            )
        )
    if done.n_orders:
        lines.append(
            counted(
                "{n} order stays as nobody's, so that your sums stay true.",
                "{n} orders stay as nobody's, so that your sums stay true.",
                n=done.n_orders,
            )
        )
    if done.files:
        lines.append(
            counted(
                "{n} file that named them was cleaned or removed.",
                "{n} files that named them were cleaned or removed.",
                n=len(done.files),
            )
        )
    lines += _copies(done.copies)
    lines.append(
        Phrase("A later file does not bring them back: what it tells of them is left out, which its receipt says.")
    )
    return Reply((Text(tuple(lines)),), in_place=True)


def let_back_reply(n: int) -> Reply:
    return says(
        counted(
            "{n} forgotten person may come back with your next file. What I knew of them is gone for good.",
            "{n} forgotten people may come back with your next file. What I knew of them is gone for good.",
            n=n,
        )
    )


def _goes(card: CustomerToForget) -> Iterable[Phrase]:
    yield counted(
        "who they are: name, place and {n} number or address under which your files know them",
        "who they are: name, place and {n} numbers and addresses under which your files know them",
        n=card.n_keys,
    )
    said, worked_out = (sum(card.rows.get(table, 0) for table in tables) for tables in (SAID, WORKED_OUT))
    if said:
        yield counted(
            "what they did, answered and wished: {n} entry",
            "what they did, answered and wished: {n} entries",
            n=said,
        )
    if worked_out:
        yield counted(
            "what I worked out of them, such as groups, stages, forecasts and recommendations: {n} entry",
            "what I worked out of them, such as groups, stages, forecasts and recommendations: {n} entries",
            n=worked_out,
        )
    n_messages = card.rows.get("sends", 0) + card.rows.get("reserves", 0)
    if n_messages:
        yield counted(
            "the text and address of {n} message to them; what waits to go out does not go",
            "the texts and addresses of {n} messages to them; what waits to go out does not go",
            n=n_messages,
        )
    if card.n_files:
        yield counted(
            "{n} of my files names them: a list loses their row, another file goes as a whole",
            "{n} of my files name them: a list loses their row, another file goes as a whole",
            n=card.n_files,
        )
    yield Phrase("messages and files in the chat on this machine that name them")


def _stays(card: CustomerToForget) -> Iterable[Phrase]:
    if card.orders:
        yield counted(
            "{n} order ({money}), as nobody's and under another number: your sums stay true, and accounts must be kept",
            "{n} orders ({money}), as nobody's and under other numbers: your sums stay true, and accounts must be kept",
            n=card.orders,
            money=Money(card.money, card.currency),
        )
    if card.n_sent:
        yield counted(
            "that {n} message went out to somebody, and what came of it: results of campaigns stay as they are",
            "that {n} messages went out to somebody, and what came of them: results of campaigns stay as they are",
            n=card.n_sent,
        )
    yield Phrase(
        "scrambled marks of their addresses and numbers (HMAC-SHA256), by which a later file does not bring them back"
    )
    yield Phrase("a line in the trail that somebody was forgotten, by whom and when, without who it was")
