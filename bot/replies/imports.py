"""The receipt of an import."""

from __future__ import annotations

from bot.replies import Button, File, Gap, Item, Line, Reply, Text, Title, says
from engine import KeptColumn, Money, Phrase, Receipt, counted, kind_words, preset_labels


def receipt_reply(receipt: Receipt, rejected: bytes | None) -> Reply:
    """What was read and what was not; the rejected rows as a file."""
    if receipt.already:
        return says(
            Phrase("I have read this very file before: nothing was changed."),
            *figures(receipt),
            buttons=_next(receipt),
        )
    lines: list[Line] = [Title(Phrase("I have read {name}", name=receipt.name)), *figures(receipt)]
    if receipt.reasons:
        lines += [Gap(), Title(Phrase("Left out, and why"))]
        lines += [
            Item(counted("{n} row: {reason}", "{n} rows: {reason}", n=n, reason=Phrase(reason)))
            for reason, n in sorted(receipt.reasons.items(), key=lambda item: -item[1])
        ]
    remarks = _remarks(receipt)
    if remarks:
        lines += [Gap(), Title(Phrase("Good to know")), *(Item(remark) for remark in remarks)]
    parts: list[Text | File] = [Text(tuple(lines), _next(receipt))]
    if rejected is not None:
        caption = Phrase("The rows that were left out, with the reason for each.")
        parts.insert(0, File("rejected-rows.csv", rejected, (caption,)))
    return Reply(tuple(parts))


def figures(receipt: Receipt) -> list[Line]:
    """The rows, and what they hold."""
    lines: list[Line] = [
        counted("{n} row: {parts}", "{n} rows: {parts}", n=receipt.rows, parts=_parts(receipt)),
    ]
    if receipt.kind == "orders":
        lines += _sold(receipt)
    elif receipt.kind == "customers":
        lines.append(counted("{n} customer", "{n} customers", n=receipt.customers))
        lines += _kept(receipt)
    elif receipt.kind == "events":
        lines += _done(receipt)
    else:
        lines.append(counted("{n} product", "{n} products", n=receipt.products))
    return lines


KINDS = {
    "number": Phrase("numbers"),
    "scale": Phrase("scales"),
    "choice": Phrase("choices"),
    "yes_no": Phrase("yes or no"),
    "date": Phrase("dates"),
    "tags": Phrase("several at once"),
    "text": Phrase("words"),
}
NAMED = 6  # attributes of a kind


def _kept(receipt: Receipt) -> list[Line]:
    """Which columns beyond the known fields were kept, by kind."""
    if not receipt.attributes:
        return []
    n = len(receipt.attributes)
    lines: list[Line] = [counted("{n} more column kept of each", "{n} more columns kept of each", n=n)]
    for kind, what in KINDS.items():
        names = [column.name for column in receipt.attributes if column.kind == kind]
        if names:
            more = (Phrase("and {n} more", n=len(names) - NAMED),) if len(names) > NAMED else ()
            lines.append(Item(Phrase("{what}: {said}", what=what, said=(*names[:NAMED], *more))))
    missing = sorted((column for column in receipt.attributes if column.missing), key=_most_missing)
    if missing:
        told = tuple(Phrase("{name} {n}", name=column.name, n=column.missing) for column in missing[:NAMED])
        more = (Phrase("and {n} more", n=len(missing) - NAMED),) if len(missing) > NAMED else ()
        lines.append(Phrase("{what}: {said}", what=Phrase("Missing"), said=(*told, *more)))
    return lines


def _most_missing(column: KeptColumn) -> tuple[int, str]:
    return -column.missing, column.name


def _done(receipt: Receipt) -> list[Line]:
    """What people did, by kind."""
    people = counted("{n} customer", "{n} customers", n=receipt.customers)
    lines: list[Line] = [
        counted("{n} event of {people}", "{n} events of {people}", n=receipt.events, people=people),
    ]
    if receipt.first is not None and receipt.last is not None:
        lines.append(Phrase("from {first} to {last}", first=receipt.first, last=receipt.last))
    kinds = list(receipt.kinds.items())
    lines += [Item(Phrase("{what}: {said}", what=kind_words(kind), said=n)) for kind, n in kinds[:MOST_KINDS]]
    if len(kinds) > MOST_KINDS:
        lines.append(Item(Phrase("and {n} more", n=len(kinds) - MOST_KINDS)))
    return lines


MOST_KINDS = 12


def _sold(receipt: Receipt) -> list[Line]:
    """The orders and what they brought in; in a file of returns alone, these."""
    lines: list[Line] = []
    if receipt.first is not None and receipt.last is not None:
        lines += [
            Phrase(
                "{orders} of {customers}, {revenue} in all",
                orders=counted("{n} order", "{n} orders", n=receipt.orders),
                customers=counted("{n} customer", "{n} customers", n=receipt.customers),
                revenue=Money(receipt.revenue, receipt.currency),
            ),
            Phrase("from {first} to {last}", first=receipt.first, last=receipt.last),
        ]
    elif receipt.returns.rows:
        lines.append(
            counted(
                "No new order; {n} return, worth {money}",
                "No new order; {n} returns, worth {money}",
                n=receipt.returns.rows,
                money=Money(receipt.returns.money, receipt.currency),
            )
        )
    else:
        lines.append(Phrase("No new order"))
    return lines


def _parts(receipt: Receipt) -> tuple[Phrase, ...]:
    parts = [Phrase("{n} in", n=receipt.accepted)]
    if receipt.without_customer:
        parts.append(Phrase("{n} in without a customer", n=receipt.without_customer))
    if receipt.rejected:
        parts.append(Phrase("{n} left out", n=receipt.rejected))
    return tuple(parts)


def _remarks(receipt: Receipt) -> list[Phrase]:
    remarks = [*_corrected(receipt), *receipt.notes]
    if receipt.proposes is not None:
        remarks.append(
            Phrase(
                "Such data look like this line of business: {business}. /preset {name} makes me read them so; nothing "
                "was switched by itself.",
                business=preset_labels()[receipt.proposes],
                name=receipt.proposes,
            )
        )
    if receipt.duplicates and receipt.kind == "events":
        remarks.append(
            counted(
                "{n} event is exactly like another; it was kept, since the same can happen twice.",
                "{n} events are exactly like others; they were kept, since the same can happen twice.",
                n=receipt.duplicates,
            )
        )
    if receipt.duplicates and receipt.kind in ("orders", "products"):
        remarks.append(
            counted(
                "{n} row is exactly like another; it was kept, since the same thing can be sold twice.",
                "{n} rows are exactly like others; they were kept, since the same thing can be sold twice.",
                n=receipt.duplicates,
            )
        )
    if receipt.kind == "orders" and receipt.currency is None:
        remarks.append(Phrase("The file names no currency, so sums are shown without one."))
    return remarks


def _corrected(receipt: Receipt) -> list[Phrase]:
    told = _described_otherwise(receipt) if receipt.changed else []
    if receipt.answers_changed:
        told.append(
            counted(
                "{n} answer of an earlier file was replaced by this one's.",
                "{n} answers of earlier files were replaced by this one's.",
                n=receipt.answers_changed,
            )
        )
    return told


def _described_otherwise(receipt: Receipt) -> list[Phrase]:
    if receipt.kind == "orders":
        return [
            counted(
                "{n} order of an earlier file was corrected by this one.",
                "{n} orders of an earlier file were corrected by this one.",
                n=receipt.changed,
            )
        ]
    if receipt.kind == "customers":
        return [
            counted(
                "{n} customer known before was completed or corrected by this file.",
                "{n} customers known before were completed or corrected by this file.",
                n=receipt.changed,
            )
        ]
    if receipt.kind == "events":
        return [
            counted(
                "{n} event of an earlier file was corrected by this one.",
                "{n} events of an earlier file were corrected by this one.",
                n=receipt.changed,
            )
        ]
    return [
        counted(
            "{n} product known before was completed or corrected by this file.",
            "{n} products known before were completed or corrected by this file.",
            n=receipt.changed,
        )
    ]


def _next(receipt: Receipt) -> tuple[tuple[Button, ...], ...]:
    rows: tuple[tuple[Button, ...], ...] = ((Button(Phrase("Who are my customers?"), "/segments"),),)
    if receipt.pairs:
        rows += ((Button(Phrase("Who may be one person?"), "/same"),),)
    if receipt.proposes is not None:
        label = Phrase("Preset: {business}", business=preset_labels()[receipt.proposes])
        rows += ((Button(label, f"/preset {receipt.proposes}"),),)
    return (*rows, (Button(Phrase("Columns"), f"/columns of {receipt.id}"),))
