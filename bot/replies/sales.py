"""How business goes."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Picture, Reply, Text, Title
from engine import Money, Phrase, SalesReport, Sold, counted

SHOWN = 5  # products and places in the chat
FEWEST_ORDERS = 30  # below, the busiest day and hour are chance
FEWEST_A_DAY = 0.5  # on the best day of the week; below, the days differ by tenths

WEEKDAYS = (
    Phrase("Mondays"),
    Phrase("Tuesdays"),
    Phrase("Wednesdays"),
    Phrase("Thursdays"),
    Phrase("Fridays"),
    Phrase("Saturdays"),
    Phrase("Sundays"),
)


def sales_reply(report: SalesReport, picture: bytes | None) -> Reply:
    """A picture of orders over time, then what stands out, in words."""
    lines: list[Line] = [*_when(report)]
    if report.best:
        lines += [
            Gap(),
            Title(Phrase("What sells best")),
            *(Item(_product(sold, report)) for sold in report.best[:SHOWN]),
        ]
    if report.places:
        places = (Item(_place(sold, report)) for sold in report.places[:SHOWN])
        lines += [Gap(), Title(Phrase("Where to")), *places]
    rest = [*_gone(report), *_nobody(report)]
    lines += [Gap(), *rest] if rest else []
    head: tuple[Line, ...] = (Title(Phrase("How business goes")), _total(report), _average(report))
    buttons = _next(report)
    if picture is None:
        return Reply((Text((*head, *lines), buttons),))
    if not lines:
        return Reply((Picture(picture, head, buttons),))
    return Reply((Picture(picture, head), Text(tuple(lines), buttons)))


def _total(report: SalesReport) -> Phrase:
    return counted(
        "{n} order from {first} to {last}, {money} in all",
        "{n} orders from {first} to {last}, {money} in all",
        n=report.n_orders,
        first=report.first,
        last=report.last,
        money=Money(report.revenue, report.currency),
    )


def _average(report: SalesReport) -> Phrase:
    return Phrase("{money} an order on average", money=Money(report.revenue / report.n_orders, report.currency))


def _when(report: SalesReport) -> list[Line]:
    lines: list[Line] = []
    if report.n_orders < FEWEST_ORDERS:
        return lines
    # a day of the week says something once it has come round four times
    if (report.last - report.first).days >= 28 and max(report.weekdays) >= FEWEST_A_DAY:
        best, worst = (pick(range(7), key=report.weekdays.__getitem__) for pick in (max, min))
        lines.append(
            Phrase(
                "Most orders come on {best} ({most:.1f} a day), fewest on {worst} ({least:.1f}).",
                best=WEEKDAYS[best],
                most=report.weekdays[best],
                worst=WEEKDAYS[worst],
                least=report.weekdays[worst],
            )
        )
    if report.hours:
        hour = max(range(24), key=report.hours.__getitem__)
        lines.append(
            Phrase(
                "The busiest hour is {hour}:00 to {next}:00, with {share:.0%} of all orders.",
                hour=str(hour),
                next=str(hour + 1),
                share=report.hours[hour] / report.n_orders,
            )
            if not report.n_untimed
            else Phrase(
                "The busiest hour is {hour}:00 to {next}:00, with {share:.0%} of the orders that tell "
                "their time of day.",
                hour=str(hour),
                next=str(hour + 1),
                share=report.hours[hour] / sum(report.hours),
            )
        )
        if report.n_untimed:
            lines.append(
                counted(
                    "{n} order has a date and no time of day; the hours are told without it.",
                    "{n} orders have a date and no time of day; the hours are told without them.",
                    n=report.n_untimed,
                )
            )
    return lines


def _product(sold: Sold, report: SalesReport) -> Phrase:
    return counted(
        "{name}: {money} ({share:.0%}), {n} piece",
        "{name}: {money} ({share:.0%}), {n} pieces",
        n=round(sold.n),
        name=sold.name,
        money=Money(sold.revenue, report.currency),
        share=sold.share,
    )


def _place(sold: Sold, report: SalesReport) -> Phrase:
    return counted(
        "{name}: {money} ({share:.0%}), {n} order",
        "{name}: {money} ({share:.0%}), {n} orders",
        n=round(sold.n),
        name=sold.name,
        money=Money(sold.revenue, report.currency),
        share=sold.share,
    )


def _gone(report: SalesReport) -> list[Line]:
    lines: list[Line] = []
    if report.n_gone:
        lines.append(
            Phrase(
                "Refunded, returned or cancelled: {n} of {all} rows ({share:.1%}).",
                n=report.n_gone,
                all=report.n_rows,
                share=report.n_gone / report.n_rows,
            )
        )
    if report.n_in_part:
        lines.append(
            Phrase(
                "Refunded in part: {n} of {all} rows ({share:.1%}).",
                n=report.n_in_part,
                all=report.n_rows,
                share=report.n_in_part / report.n_rows,
            )
        )
    return lines


def _nobody(report: SalesReport) -> list[Line]:
    if not report.n_without_customer:
        return []
    if report.n_without_customer == report.n_orders:
        return [Phrase("None of the orders names a customer, so this is what they can tell.")]
    return [
        counted(
            "{n} of these orders names no customer.",
            "{n} of these orders name no customer.",
            n=report.n_without_customer,
        )
    ]


def _next(report: SalesReport) -> tuple[tuple[Button, ...], ...]:
    clean = Button(Phrase("How clean are the data?"), "/quality")
    if report.n_without_customer == report.n_orders:
        return ((clean,),)
    return ((Button(Phrase("Who are my customers?"), "/segments"),), (clean,))
