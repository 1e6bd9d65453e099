"""Who is one person: pairs with their reason, and buttons to say so or not."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Gap, Item, Line, Reply, Text, Title
from engine import Money, Phrase, SamePeople, Settled, Side, StoredPair, counted

LONGEST = 40  # letters of a name or key
SHOWN = 4  # pairs of either kind in one message
KINDS = {
    "id": Phrase("the same number"),
    "email": Phrase("the same e-mail"),
    "phone": Phrase("the same phone"),
}


def same_reply(found: SamePeople, skipped_suspected: int = 0, skipped_merged: int = 0) -> Reply:
    """Some pairs of either kind; who may be one person goes first, since it wants an answer."""
    return Reply((_text((), found, skipped_suspected, skipped_merged),), in_place=True)


def settled_reply(settled: Settled, left: SamePeople) -> Reply:
    """What holds of a pair now, and the pairs that are left."""
    return Reply((_text((*_told(settled, left), Gap()), left, 0, 0),), in_place=True)


def _text(first: tuple[Line, ...], found: SamePeople, skipped_suspected: int, skipped_merged: int) -> Text:
    lines: list[Line] = list(first)
    buttons: list[tuple[Button, ...]] = []
    if not (first or found.n_suspected or found.n_merged):
        lines.append(Phrase("Nobody is known under two keys: each customer has come with one number, e-mail or phone."))
    if found.n_suspected:
        lines.append(
            Title(counted("{n} pair may be one person", "{n} pairs may be one person each", n=found.n_suspected))
        )
        for pair in _by_number(found.suspected):
            lines += _lines(pair, found.currency)
            buttons.append((_button(pair, "one"), _button(pair, "two")))
    if found.n_merged:
        lines += [Gap()] if found.n_suspected else []
        lines.append(
            Title(
                counted(
                    "{n} pair is counted as one person", "{n} pairs are counted as one person each", n=found.n_merged
                )
            )
        )
        for pair in _by_number(found.merged):
            lines += _lines(pair, found.currency)
            buttons.append((_undo(pair),))
    return Text(tuple(lines), (*buttons, *_pages(found, skipped_suspected, skipped_merged)))


def _by_number(pairs: Sequence[StoredPair]) -> list[StoredPair]:
    """Those of one message as they are counted; the most doubtful are in the first message."""
    return sorted(pairs, key=lambda pair: pair.id)


def _lines(pair: StoredPair, currency: str | None) -> list[Line]:
    return [
        Phrase("{id}. {reason}: {value}", id=str(pair.id), reason=KINDS[pair.kind], value=_short(pair.value)),
        Item(_side(pair.a, currency)),
        Item(_side(pair.b, currency)),
    ]


def _side(side: Side, currency: str | None) -> Phrase:
    facts = dict.fromkeys(_short(fact) for fact in (side.key, side.name, side.email, side.phone) if fact)
    bought = (
        Phrase(
            "{orders}, {money}",
            orders=counted("{n} order", "{n} orders", n=side.n_orders),
            money=Money(side.revenue, currency),
        )
        if side.n_orders
        else Phrase("no orders")
    )
    return Phrase("{facts}", facts=(*facts, bought))


def _short(text: str) -> str:
    """So that some pairs fit into one message, whatever a file calls its customers."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _button(pair: StoredPair, answer: str) -> Button:
    label = (
        Phrase("{id}: one person", id=str(pair.id)) if answer == "one" else Phrase("{id}: two people", id=str(pair.id))
    )
    return Button(label, f"/same {answer} {pair.id}")


def _undo(pair: StoredPair) -> Button:
    return Button(Phrase("{id}: undo, they are two", id=str(pair.id)), f"/same two {pair.id}")


def _pages(found: SamePeople, suspected: int, merged: int) -> tuple[tuple[Button, ...], ...]:
    """Forward where there is more of either kind, and back to the start."""
    more_suspected = found.n_suspected > suspected + len(found.suspected)
    more_merged = found.n_merged > merged + len(found.merged)
    row = []
    if suspected or merged:
        row.append(Button(Phrase("From the start"), "/same"))
    if more_suspected or more_merged:
        line = f"/same page {suspected + len(found.suspected)} {merged + len(found.merged)}"
        row.append(Button(Phrase("More"), line))
    return (tuple(row),) if row else ()


def _told(settled: Settled, left: SamePeople) -> tuple[Line, ...]:
    pair = settled.pair
    facts = {"a": _short(pair.a.key), "b": _short(pair.b.key)}
    if pair.a.customer == pair.b.customer:
        told = Phrase("{a} and {b} are one person.", **facts)
        undo = Phrase("To undo it: /same two {id}", id=str(pair.id))
        if any(shown.id == pair.id for shown in left.merged):
            undo = Phrase("To undo it, press “{button}” below.", button=_undo(pair).label)
    else:
        told = Phrase("{a} and {b} are two people, and no file will make them one again.", **facts)
        undo = Phrase("To undo it: /same one {id}", id=str(pair.id))
    news = (Item(what) for of_campaign in settled.campaigns for what in of_campaign.what)
    return (told, undo, *news) if settled.changed else (Phrase("That was so before; nothing was changed."), told)
