"""The receipt of an import."""

from __future__ import annotations

from bot.replies import Button, File, Gap, Item, Line, Reply, Text, Title, says
from engine import Money, Phrase, Receipt, counted


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
    else:
        lines.append(counted("{n} product", "{n} products", n=receipt.products))
    return lines


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
    if receipt.duplicates:
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
    if not receipt.changed:
        return []
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
    return [
        counted(
            "{n} product known before was completed or corrected by this file.",
            "{n} products known before were completed or corrected by this file.",
            n=receipt.changed,
        )
    ]


def _next(receipt: Receipt) -> tuple[tuple[Button, ...], ...]:
    return (
        (Button(Phrase("Who are my customers?"), "/segments"),),
        (Button(Phrase("Columns"), f"/columns of {receipt.id}"),),
    )
