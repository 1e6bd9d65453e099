"""What the customers will likely bring, who is worth most, who bought less than before, who is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from bot.replies import Button, File, Gap, Item, Line, Picture, Reply, Text, Title, says
from bot.replies.export import MOST_BYTES
from bot.replies.forecast import chance, money
from bot.replies.segments import days as in_days
from bot.replies.segments import known_as
from engine import (
    Bar,
    Chart,
    Expected,
    Group,
    Money,
    PeopleList,
    Phrase,
    Row,
    ValueReport,
    counted,
)

NOTES = 3
CARDS = 6  # of a list, that have a button
OTHER_DAYS = (30, 90, 365)  # that have one, too


def value_reply(report: ValueReport, picture: bytes | None) -> Reply:
    """A picture and the shop's total, then who matters, how sure it is, and buttons to the lists."""
    head: tuple[Line, ...] = (Title(headline(report)), total(report), *_before(report), *report.doubts)
    lines: list[Line] = []
    for people in (report.best, report.less, report.due):
        lines += [Title(title(people)), *_rows(people), Gap()]
    lines += [Title(Phrase("How sure is this?")), *report.sure, *_notes(report), basis(report)]
    if picture is None:
        return Reply((Text((*head, Gap(), *lines), _buttons(report)),))
    return Reply((Picture(picture, head), Text(tuple(lines), _buttons(report))))


def people_reply(people: PeopleList) -> Reply:
    """One list, with buttons to the cards of the first and to all of it."""
    lines: list[Line] = [Title(title(people)), *_rows(people)]
    more = people.total - len(people.rows)
    if more > 0:
        lines.append(counted("And {n} customer more.", "And {n} customers more.", n=more))
    csv = Button(Phrase("The whole list (CSV)"), f"/value {people.days} csv {people.which}")
    back = Button(Phrase("Back to what customers will bring"), f"/value {people.days}")
    buttons = (*_cards(people), (csv,), (back,)) if people.total else ((back,),)
    return Reply((Text(tuple(lines), buttons),))


def _cards(people: PeopleList) -> Iterator[tuple[Button, ...]]:
    """A button for the card of each of the first, two in a row."""
    cards = [
        Button(known_as(row.customer), line)
        for row in people.rows[:CARDS]
        for line in [f"/customer {row.customer.key}"]
        if len(line.encode()) <= 64
    ]
    for at in range(0, len(cards), 2):
        yield tuple(cards[at : at + 2])


def _notes(report: ValueReport) -> Sequence[Phrase]:
    """The most important notes, none of which says again what has been said."""
    return [note for note in report.notes if note not in report.sure][:NOTES]


def list_reply(name: str, content: bytes, path: str) -> Reply:
    """A list as a file, or where it lies if it is too large for the chat."""
    if len(content) > MOST_BYTES:
        return says(Phrase("{file} is too large for the chat; it is at {path}", file=name, path=path))
    return Reply((File(name, content, (Phrase("Forecasts, one row per customer."),)),))


def headline(report: ValueReport) -> Phrase:
    return Phrase(
        "What your customers will likely bring in {days} days, from {first} to {last}",
        days=report.days,
        first=report.as_of,
        last=report.as_of + timedelta(days=report.days - 1),
    )


def total(report: ValueReport) -> Phrase:
    return Phrase(
        "{money}, from {orders}",
        money=money(report.money, report.currency),
        orders=counted("{n} order", "{n} orders", n=round(report.orders.value)),
    )


def _before(report: ValueReport) -> list[Line]:
    if report.before is None:
        return []
    facts = {
        "days": report.days,
        "money": Money(report.before.money, report.currency),
        "orders": counted("{n} order", "{n} orders", n=report.before.orders),
    }
    if report.before.money_of_new <= 0:
        return [Phrase("The {days} days before brought {money:0}, from {orders}.", **facts)]
    return [
        Phrase(
            "The {days} days before brought {money:0}, from {orders}; {new:0} of it came from new customers, "
            "who come on top of the forecast.",
            new=Money(report.before.money_of_new, report.currency),
            **facts,
        )
    ]


def title(people: PeopleList) -> Phrase:
    match people.which:
        case "best":
            return Phrase("Who is worth most in the next {days} days", days=people.days)
        case "less":
            if not people.total:
                return Phrase("Likely to buy less than before: nobody whose pace is known")
            return counted(
                "Likely to buy less than before: {n} customer, who used to bring {usual:0} in {days} days and will "
                "bring about {money:0} (who has as good as left is not among them)",
                "Likely to buy less than before: {n} customers, who used to bring {usual:0} in {days} days and will "
                "bring about {money:0} (who has as good as left is not among them)",
                n=people.total,
                usual=Money(people.usual, people.currency),
                money=Money(people.money, people.currency),
                days=people.days,
            )
    facts = {"first": people.due.first, "last": people.due.last}
    if not people.total:
        return Phrase("Due from {first} to {last}: nobody of whom a day can be told", **facts)
    return counted(
        "Due from {first} to {last}: {n} customer", "Due from {first} to {last}: {n} customers", n=people.total, **facts
    )


def _rows(people: PeopleList) -> list[Line]:
    say = {"best": _best, "less": _less, "due": _due}[people.which]
    return [Item(say(row, people)) for row in people.rows]


def _best(row: Expected, people: PeopleList) -> Phrase:
    if not people.tells_who:
        money = Money(row.forecast.money.value, people.currency)
        return Phrase("{who}: about {money:0}", who=known_as(row.customer), money=money)
    return Phrase(
        "{who}: about {money:0}; orders again: {chance}",
        who=known_as(row.customer),
        money=Money(row.forecast.money.value, people.currency),
        chance=chance(row.forecast),
    )


def _less(row: Expected, people: PeopleList) -> Phrase:
    last = row.last_order_at
    return Phrase(
        "{who}: usually {usual:0}, now about {money:0}; last order {ago} ago",
        who=known_as(row.customer),
        usual=Money(row.forecast.usual_money or 0.0, people.currency),
        money=Money(row.forecast.money.value, people.currency),
        ago=in_days(0 if last is None else (people.as_of - last.date()).days),
    )


def _due(row: Expected, people: PeopleList) -> Phrase:
    day = row.forecast.next_order
    return Phrase(
        "{who}: around {day}; about {money:0} in {days} days",
        who=known_as(row.customer),
        day=None if day is None else day.value,
        money=Money(row.forecast.money.value, people.currency),
        days=people.days,
    )


def basis(report: ValueReport) -> Phrase:
    """From which data and when this was computed."""
    return counted(
        "From the orders of {n} customer as of {as_of}; computed on {computed:%Y-%m-%d %H:%M}.",
        "From the orders of {n} customers as of {as_of}; computed on {computed:%Y-%m-%d %H:%M}.",
        n=report.n_customers,
        as_of=report.as_of,
        computed=report.computed_at,
    )


def _buttons(report: ValueReport) -> tuple[tuple[Button, ...], ...]:
    line = f"/value {report.days}"
    less = Button(Phrase("Likely to buy less"), f"{line} less")
    due = Button(Phrase("Due this week"), f"{line} due")
    filled = tuple(button for button, people in ((less, report.less), (due, report.due)) if people.total)
    return (
        (Button(Phrase("Most valuable next"), f"{line} best"),),
        *((filled,) if filled else ()),
        tuple(
            Button(counted("In {n} day", "In {n} days", n=days), f"/value {days}")
            for days in OTHER_DAYS
            if days != report.days
        ),
        *(((Button(Phrase("How good are these forecasts?"), "/evaluate value"),),) if report.is_own else ()),
        (Button(Phrase("All as a list (CSV)"), f"{line} csv"), Button(Phrase("Compute again"), f"{line} again")),
    )


def charts(report: ValueReport) -> list[Chart]:
    """What the picture shows: money by group of customers, and what such forecasts were worth before."""
    groups = Chart(
        Phrase("Expected money in {days} days", days=report.days),
        Phrase("By the number of orders so far; together {money:0}", money=Money(report.money.value, report.currency)),
        tuple(Row(_group(group), (Bar(max(0.0, group.money), _worth(group, report)),)) for group in report.groups),
    )
    return [groups] if report.tests is None else [groups, report.tests]


def _worth(group: Group, report: ValueReport) -> Phrase:
    return Phrase("{money:0}", money=Money(group.money, report.currency))


def _group(group: Group) -> Phrase:
    who = counted("{n} customer", "{n} customers", n=group.n)
    if group.last == group.first:
        return counted("{n} order: {who}", "{n} orders: {who}", n=group.first, who=who)
    if group.last is None:
        return Phrase("{n} orders or more: {who}", n=group.first, who=who)
    return Phrase("{first} to {last} orders: {who}", first=group.first, last=group.last, who=who)
