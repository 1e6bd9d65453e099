"""The receipt of an import."""

from __future__ import annotations

from bot.replies import Button, File, Gap, Item, Line, Picture, Reply, Text, Title, says
from engine import KeptColumn, Limit, Money, Phrase, Receipt, counted, kind_words, preset_labels

CAMPAIGNS = 3  # told in the chat; each has its /results
ODD = 3  # findings shown in the chat; the check-up has all
REASONS = 4  # shown in the chat; the file of rows has all


def receipt_reply(receipt: Receipt, rejected: bytes | None, picture: bytes | None) -> Reply:
    """What was read and what was not: a picture with the figures, then what to know; the rejected rows as a file."""
    if receipt.already:
        return says(
            Phrase("I have read this very file before: nothing was changed."),
            *figures(receipt),
            buttons=_next(receipt),
        )
    head: tuple[Line, ...] = (Title(Phrase("I have read {name}", name=receipt.name)), *figures(receipt))
    sections = [section for section in _sections(receipt) if section]
    lines = tuple(line for section in sections for line in (Gap(), *section))
    parts: list[Text | File | Picture] = []
    if rejected is not None:
        caption = Phrase("The rows that were left out, with the reason for each.")
        parts.append(File("rejected-rows.csv", rejected, (caption,)))
    if picture is None:
        parts.append(Text((*head, *lines), _next(receipt)))
    elif lines:
        parts += [Picture(picture, head), Text(lines[1:], _next(receipt))]
    else:
        parts.append(Picture(picture, head, _next(receipt)))
    return Reply(tuple(parts))


def _sections(receipt: Receipt) -> list[list[Line]]:
    """The most important first."""
    return [_campaigns(receipt), _limits(receipt), _odd(receipt), _left_out(receipt), _good_to_know(receipt)]


def _campaigns(receipt: Receipt) -> list[Line]:
    """What the orders say came of campaigns, the newest first."""
    if not receipt.campaigns:
        return []
    told = receipt.campaigns[::-1]
    lines: list[Line] = [Title(Phrase("What came of your messages"))]
    lines += [Item(what) for news in told[:CAMPAIGNS] for what in news.what]
    if len(told) > CAMPAIGNS:
        rest = len(told) - CAMPAIGNS
        lines.append(Item(counted("and {n} more campaign", "and {n} more campaigns", n=rest)))
    return lines


def _limits(receipt: Receipt) -> list[Line]:
    if not receipt.limits:
        return []
    return [Title(Phrase("What it cannot tell yet")), *(Item(_limit(limit)) for limit in receipt.limits)]


def _limit(limit: Limit) -> Phrase:
    return limit.what if limit.then is None else Phrase("{what} {then}", what=limit.what, then=limit.then)


def _odd(receipt: Receipt) -> list[Line]:
    odd = [finding.what for finding in receipt.findings if finding.is_fault]
    if not odd:
        return []
    rest = len(odd) - ODD
    lines: list[Line] = [Title(Phrase("Worth a look")), *(Item(what) for what in odd[:ODD])]
    if rest > 0:
        lines.append(
            Item(counted("{n} more thing: press “How clean is it?”", "{n} more: press “How clean is it?”", n=rest))
        )
    return lines


def _left_out(receipt: Receipt) -> list[Line]:
    reasons = sorted(receipt.reasons.items(), key=lambda item: -item[1])
    if not reasons:
        return []
    rest = sum(n for _, n in reasons[REASONS:])
    lines: list[Line] = [
        Title(Phrase("Left out, and why")),
        *(
            Item(counted("{n} row: {reason}", "{n} rows: {reason}", n=n, reason=Phrase(reason)))
            for reason, n in reasons[:REASONS]
        ),
    ]
    if rest:
        lines.append(Item(counted("{n} row for other reasons", "{n} rows for other reasons", n=rest)))
    return lines


def _good_to_know(receipt: Receipt) -> list[Line]:
    remarks = _remarks(receipt)
    return [Title(Phrase("Good to know")), *(Item(remark) for remark in remarks)] if remarks else []


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
        lines += [*_sums(receipt), Phrase("from {first} to {last}", first=receipt.first, last=receipt.last)]
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


def _sums(receipt: Receipt) -> list[Line]:
    """Orders and money, of known customers and of nobody."""
    lines: list[Line] = []
    if receipt.orders or not receipt.unnamed_orders:
        lines.append(
            Phrase(
                "{orders} of {customers}, {revenue} in all",
                orders=counted("{n} order", "{n} orders", n=receipt.orders),
                customers=counted("{n} customer", "{n} customers", n=receipt.customers),
                revenue=Money(receipt.revenue, receipt.currency),
            )
        )
    if receipt.unnamed_orders:
        lines.append(
            counted(
                "{n} order without a customer, {revenue} in all",
                "{n} orders without a customer, {revenue} in all",
                n=receipt.unnamed_orders,
                revenue=Money(receipt.unnamed_revenue, receipt.currency),
            )
        )
    return lines


def _parts(receipt: Receipt) -> tuple[Phrase, ...]:
    parts = [Phrase("{n} in", n=receipt.accepted)] if receipt.accepted or not receipt.without_customer else []
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
    if receipt.duplicates and receipt.kind == "products":
        remarks.append(
            counted(
                "{n} row is exactly like another; it was kept, since the same thing can be sold twice.",
                "{n} rows are exactly like others; they were kept, since the same thing can be sold twice.",
                n=receipt.duplicates,
            )
        )
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
    """Where to go from here; a file without customers leads to what it can tell."""
    customers = Button(Phrase("Who are my customers?"), "/segments")
    clean = Button(Phrase("How clean is it?"), f"/quality {receipt.id}")
    business = Button(Phrase("How is business?"), "/sales")
    rows: tuple[tuple[Button, ...], ...] = ((customers,),)
    if receipt.kind == "orders":
        rows = ((customers,), (business, clean)) if receipt.customers else ((business,), (clean,))
    elif receipt.kind == "customers":
        rows = ((customers,), (clean,))
    if receipt.campaigns and not receipt.already:
        told = receipt.campaigns[::-1][:CAMPAIGNS]
        rows = (
            tuple(
                Button(Phrase("Results of {id}", id=str(news.campaign)), f"/results {news.campaign}") for news in told
            ),
            *rows,
        )
    if receipt.pairs:
        rows += ((Button(Phrase("Who may be one person?"), "/same"),),)
    if receipt.proposes is not None:
        label = Phrase("Preset: {business}", business=preset_labels()[receipt.proposes])
        rows += ((Button(label, f"/preset {receipt.proposes}"),),)
    return (*rows, (Button(Phrase("Columns"), f"/columns of {receipt.id}"),))
