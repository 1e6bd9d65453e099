"""Who the customers are, in groups."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Gap, Item, Line, Picture, Reply, Text, Title
from engine import (
    SEGMENT_METHODS,
    BasisChoice,
    Customer,
    CustomerRow,
    Money,
    Phrase,
    SegmentFacts,
    SegmentMembers,
    SegmentReport,
    StoredSegment,
    counted,
    method_called,
)

SHOWN = 10
USUAL = ("behavioural",)


def segments_reply(
    report: SegmentReport,
    picture: bytes | None,
    places: bytes | None = None,
    *,
    news: Sequence[Line] = (),
    more: Sequence[tuple[Button, ...]] = (),
) -> Reply:
    """A picture of all segments, one of places where they are grouped by these, then each in words with a button to
    its people; `news` is what has changed since last time, with buttons to `more` of it.
    """
    lines: list[Line] = [*news, Gap()] if news else []
    for segment in report.segments:
        people = [report.people[segment.id]] if segment.id in report.people else []
        hedges = report.facts[segment.id].hedges if segment.id in report.facts else ()
        lines += [Title(segment.name), segment.sentence, *people, *hedges, *conditions(segment), Gap()]
    lines += [basis(report), *way_of(report), *report.caveats]
    if report.statements:
        lines += [
            Gap(),
            Phrase("What was left out, and how gaps were treated:"),
            *(Item(statement) for statement in report.statements),
        ]
    buttons: list[tuple[Button, ...]] = [
        (Button(segment.name, f"/segments show {segment.id}"),) for segment in report.segments
    ]
    if report.drawing is not None and len(report.segments) > 1:
        buttons.append(
            (
                Button(Phrase("How they differ"), "/segments profile"),
                Button(Phrase("Map"), "/segments map"),
                Button(Phrase("Shares"), "/segments shares"),
            )
        )
    if "tree" in report.quality and len(report.segments) > 1:
        buttons.append((Button(Phrase("The tree"), "/segments tree"),))
    buttons += more
    buttons.append((Button(Phrase("Look for groups again"), "/segments again"),))
    buttons.append((Button(Phrase("Group them by something else"), "/segments by"),))
    buttons.append((Button(Phrase("Group them in another way"), "/segments how"),))
    buttons.append((Button(Phrase("My own rules"), "/segments rules"),))
    maps = [] if places is None else [Picture(places, (Phrase("Where your customers are."),))]
    if picture is None:
        return Reply((*maps, Text((Title(headline(report)), Gap(), *lines), tuple(buttons))))
    return Reply((Picture(picture, (headline(report),)), *maps, Text(tuple(lines), tuple(buttons))))


def conditions(segment: StoredSegment) -> list[Line]:
    """The rules of a segment; that there are none, unless it is everybody."""
    if not segment.rules and segment.share_of_customers < 1:
        return [Phrase("No simple condition tells this group: go by the list.")]
    return [Item(rule) for rule in segment.rules]


def methods_reply(methods: Sequence[str]) -> Reply:
    """The ways of grouping, with a button each."""
    names = [*SEGMENT_METHODS, *(method for method in methods if method not in SEGMENT_METHODS)]
    buttons = tuple(
        (Button(method_called(method), f"/segments how {method}"),) for method in names if method in methods
    )
    return Reply((Text((Phrase("How should I group your customers?"),), buttons),))


def choices_reply(choices: tuple[BasisChoice, ...]) -> Reply:
    """What customers can be grouped by, with a button each for what something is known of."""
    here = [choice for choice in choices if choice.has_data]
    buttons = [(Button(choice.label, f"/segments {choice.name}"),) for choice in here]
    if len(here) > 1:
        everything = " ".join(choice.name for choice in here)
        buttons.append((Button(Phrase("All of these together"), f"/segments {everything}"),))
    buttons += [
        (Button(Phrase("How they buy, with all habits"), f"/segments {choice.name}:all"),)
        for choice in here
        if choice.parts
    ]
    lines: list[Line] = [Title(Phrase("What shall I group your customers by?"))]
    absent = tuple(choice.label for choice in choices if not choice.has_data)
    if absent:
        lines.append(Phrase("No file has told anything yet of: {bases}.", bases=absent))
    return Reply((Text(tuple(lines), tuple(buttons)),))


def headline(report: SegmentReport) -> Phrase:
    n = len(report.segments)
    if n == 1:
        return Phrase("I see no separate groups among your customers.")
    return counted("Your customers fall into {n} group.", "Your customers fall into {n} groups.", n=n)


def way_of(report: SegmentReport) -> list[Line]:
    """In which way they are grouped, where that is the owner's choice, or only a look."""
    if report.is_look:
        return [Phrase("This was only a look: your groups stay as they were. With --keep these take their place.")]
    if report.is_usual_way:
        return []
    way = method_called(report.method)
    if report.asked_k != "auto":
        way = counted("{way}, {n} group", "{way}, {n} groups", n=report.k, way=way)
    return [Phrase("The way of grouping is the one you chose: {way}. It stays so until you choose another.", way=way)]


def basis(report: SegmentReport) -> Phrase:
    """From which data and when this was found."""
    if report.bases != USUAL:
        return _other_basis(report)
    if not report.has_money:
        return Phrase(
            "From what your files tell of {customers}; worked out on {computed:%Y-%m-%d}.",
            customers=counted("{n} customer", "{n} customers", n=report.n_customers),
            computed=report.computed_at,
        )
    if report.is_fresh:
        return Phrase(
            "From the orders of {customers} as of {as_of}.",
            customers=counted("{n} customer", "{n} customers", n=report.n_customers),
            as_of=report.as_of,
        )
    return Phrase(
        "From the orders of {customers} as of {as_of}; computed on {computed:%Y-%m-%d %H:%M}.",
        customers=counted("{n} customer", "{n} customers", n=report.n_customers),
        as_of=report.as_of,
        computed=report.computed_at,
    )


def _other_basis(report: SegmentReport) -> Phrase:
    n = counted("{n} customer", "{n} customers", n=report.n_customers)
    if not report.has_money:
        # without an order there is no day up to which orders count
        return Phrase(
            "{customers}, grouped by: {bases}; worked out on {computed:%Y-%m-%d}.",
            customers=n,
            bases=report.basis_labels,
            computed=report.computed_at,
        )
    if report.is_fresh:
        return Phrase(
            "{customers}, grouped by: {bases}; as of {as_of}.",
            customers=n,
            bases=report.basis_labels,
            as_of=report.as_of,
        )
    return Phrase(
        "{customers}, grouped by: {bases}; as of {as_of}, computed on {computed:%Y-%m-%d %H:%M}.",
        customers=n,
        bases=report.basis_labels,
        as_of=report.as_of,
        computed=report.computed_at,
    )


def picture_reply(picture: bytes, about: Phrase) -> Reply:
    """One more picture of the segments."""
    return Reply((Picture(picture, (about,), ((Button(Phrase("Back to all segments"), "/segments"),),)),))


def members_reply(members: SegmentMembers) -> Reply:
    """One segment, what sets it apart, and its best customers."""
    segment: StoredSegment = members.segment
    lines: list[Line] = [
        Title(segment.name),
        segment.sentence,
        *members.facts.hedges,
        *conditions(segment),
        *_trusted(members.facts),
        *_listed(Phrase("What sets them apart"), members.facts.contrasts),
        *_listed(Phrase("What would move them"), members.facts.ways_out),
        Gap(),
        *_people(members),
    ]
    buttons = (
        (Button(Phrase("Draft a campaign for them"), f"/campaign for {segment.id}"),),
        (Button(Phrase("All of them as a list (CSV)"), f"/segments csv {segment.id}"),),
        (Button(Phrase("Back to all segments"), "/segments"),),
    )
    return Reply((Text(tuple(lines), buttons),))


def _trusted(facts: SegmentFacts) -> list[Line]:
    """How far the rules can be trusted, where they do not name all of them and nobody else."""
    if facts.covered is None or facts.right is None or min(facts.covered, facts.right) > 0.995:
        return []
    return [
        Phrase(
            "These rules fit {covered:.0%} of them; of all whom the rules fit, {right:.0%} are in this group.",
            covered=facts.covered,
            right=facts.right,
        )
    ]


def _listed(title: Phrase, phrases: tuple[Phrase, ...]) -> list[Line]:
    return [Gap(), Title(title), *(Item(phrase) for phrase in phrases)] if phrases else []


def _people(members: SegmentMembers) -> list[Line]:
    """The best customers, or with those who fit no group what is unusual about each."""
    unusual = members.facts.unusual
    if unusual:
        some = [row for row in members.customers if row.customer.id in unusual][:SHOWN]
        odd = [Item(Phrase("{who}: {what}", who=known_as(row.customer), what=unusual[row.customer.id])) for row in some]
        return [Title(Phrase("What is unusual about them")), *odd]
    some = list(members.customers[:SHOWN])
    bought = any(row.recency_days is not None for row in some)
    title = Phrase("Who has spent most") if bought else Phrase("Some of them")
    return [Title(title), *(Item(_line(row, members)) for row in some)]


def _line(row: CustomerRow, members: SegmentMembers) -> Phrase:
    return customer_line(row, members.currency) if members.has_orders else known_as(row.customer)


def customer_line(row: CustomerRow, currency: str | None) -> Phrase:
    who = known_as(row.customer)
    if row.recency_days is None:
        return Phrase("{who}: no orders yet", who=who)
    if row.returned:
        return Phrase(
            "{who}: {orders}, {money} in all, {returned} of it returned or cancelled, the last one {days} ago",
            who=who,
            orders=counted("{n} order", "{n} orders", n=row.n_orders),
            money=Money(row.monetary, currency),
            returned=Money(row.returned, currency),
            days=days(row.recency_days),
        )
    return Phrase(
        "{who}: {orders}, {money} in all, the last one {days} ago",
        who=who,
        orders=counted("{n} order", "{n} orders", n=row.n_orders),
        money=Money(row.monetary, currency),
        days=days(row.recency_days),
    )


def known_as(customer: Customer) -> Phrase:
    """A customer's name and number, each once."""
    if customer.name is None or customer.name == customer.key:
        return Phrase("{key}", key=customer.key)
    return Phrase("{name} ({key})", name=customer.name, key=customer.key)


def days(n: float) -> Phrase:
    return counted("{n} day", "{n} days", n=round(n))
