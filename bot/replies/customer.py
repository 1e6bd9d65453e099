"""One person's card, and lists of people."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Buttons, Gap, Item, Line, Reply, Text, Title, in_a_row, says
from bot.replies.consents import consent_lines
from bot.replies.forecast import forecast_lines
from bot.replies.lifecycle import called
from bot.replies.segments import customer_line, days, known_as
from engine import (
    STAGES,
    Answer,
    Customer,
    CustomerCard,
    CustomerList,
    CustomerStage,
    CustomerTable,
    Engagement,
    Money,
    Name,
    Namesakes,
    PastEvent,
    Phrase,
    counted,
    customer_ref,
    kind_words,
)

ANSWERS = 12  # of somebody's attributes
KINDS = 4  # of events
SHOWN = 3  # products of an order
STEPS = 6  # of the way through the stages, the newest
GENDERS = {"female": Phrase("woman"), "male": Phrase("man"), "other": Phrase("other gender")}


def card_reply(card: CustomerCard) -> Reply:
    who = card.customer
    lines: list[Line] = [Title(known_as(who)), *_about(who)]
    lines += [Gap(), *_behaviour(card)]
    lines += [Gap(), *_stage(card.stage)]
    if card.segment is not None:
        lines.append(Phrase("Segment: {name}", name=card.segment.name))
    lines += [*consent_lines(card), *_no_products(card), Gap(), *_forecast(card)]
    if card.orders:
        lines.append(Title(Phrase("Last orders")))
        lines += [
            Item(
                Phrase("{at:%Y-%m-%d}, {money}: {products}", at=order.at, money=paid, products=_few(order.products))
                if order.products
                else Phrase("{at:%Y-%m-%d}, {money}", at=order.at, money=paid)
            )
            for order in card.orders
            for paid in [Money(order.revenue, card.currency)]
        ]
    for more in (_engaged(card), _known(card)):
        if more:
            lines += [*([] if lines[-1] == Gap() else [Gap()]), *more]
    if card.next_products:
        lines += [Gap(), Phrase("May want next: {products}", products=card.next_products)]
    return Reply((Text(tuple(lines), _buttons(card)),))


def _buttons(card: CustomerCard) -> Buttons:
    ref = customer_ref(card.customer.id)
    if card.no_products is None:
        rows = [(Phrase("What next for them?"), "/recommend"), (Phrase("Recommend nothing to them"), "/rules none")]
    else:
        rows = [(Phrase("Recommend products again"), "/rules some")]
    return tuple((Button(label, f"{command} {ref}"),) for label, command in rows)


def _no_products(card: CustomerCard) -> list[Line]:
    wish = card.no_products
    if wish is None:
        return []
    if wish.column is not None:
        return [Phrase("Wants no product recommended, says the column “{column}”.", column=wish.column)]
    return [Phrase("Wants no product recommended: none is shown to them.")]


def _about(who: Customer) -> list[Line]:
    """What is known of somebody beside their orders: the person, the place, the interests, how to reach them."""
    person = [GENDERS[who.gender]] if who.gender in GENDERS else []
    if who.birth_year is not None:
        person.append(Phrase("born {year}", year=str(who.birth_year)))
    places = dict.fromkeys(place for place in (who.city, who.region, who.country) if place)
    contacts = tuple(contact for contact in (who.email, who.phone) if contact)
    interests = tuple(part.strip() for part in (who.interests or "").split(";") if part.strip())
    lines: list[Line] = [in_a_row(facts) for facts in (person, places) if facts]
    if interests:
        lines.append(Phrase("likes {interests}", interests=interests))
    if contacts:
        lines.append(in_a_row(contacts))
    return lines


def _behaviour(card: CustomerCard) -> list[Line]:
    if card.behaviour is None:
        return [Phrase("No orders yet.")]
    b = card.behaviour
    lines: list[Line] = [
        Phrase(
            "{orders}, {money} in all, {mean} per order",
            orders=counted("{n} order", "{n} orders", n=b.n_orders),
            money=Money(b.monetary, card.currency),
            mean=Money(b.order_value, card.currency),
        ),
        Phrase("the only order was {last} ago (counted on {as_of})", last=days(b.recency_days), as_of=card.as_of)
        if b.n_orders == 1
        else Phrase(
            "first order {first} ago, the last one {last} ago (counted on {as_of})",
            first=days(b.tenure_days),
            last=days(b.recency_days),
            as_of=card.as_of,
        ),
    ]
    if b.gap_days is not None and b.gap_days >= 1:
        lines.append(Phrase("usually {days} between orders", days=days(b.gap_days)))
    if card.n_returns:
        lines.append(
            counted(
                "{n} row returned or cancelled, worth {money}",
                "{n} rows returned or cancelled, worth {money}",
                n=card.n_returns,
                money=Money(card.returned, card.currency),
            )
        )
    return lines


def _stage(stage: CustomerStage | None) -> list[Line]:
    """Where somebody stands, why, and how they came there."""
    if stage is None:
        return [Phrase("Stage: not worked out yet; /lifecycle does it.")]
    said = Phrase("Stage: {stage} ({reason})", stage=called(stage.stage, stage.warned), reason=stage.reason)
    lines: list[Line] = [
        said
        if stage.is_fresh
        else Phrase("{said}; counted on {as_of}, before the newest data", said=said, as_of=stage.as_of)
    ]
    if len(stage.past) > 1:
        way = tuple(
            Phrase("{day:%Y-%m} {stage}", day=then.day, stage=called(then.stage, then.warned))
            for then in stage.past[-STEPS:]
        )
        lines.append(Phrase("Stages so far, by the ends of months: {way}", way=way))
    return lines


def _forecast(card: CustomerCard) -> list[Line]:
    """What the days to come will likely bring; how to have it computed where it is not yet."""
    if card.behaviour is None:
        return []
    if card.forecast is None:
        return [Phrase("What comes next: not computed yet, /value does it."), Gap()]
    return [Title(Phrase("What comes next")), *forecast_lines(card.forecast, card.currency), Gap()]


def _engaged(card: CustomerCard) -> list[Line]:
    """What somebody does besides ordering."""
    if card.engagement is None:
        return []
    lines: list[Line] = [Title(Phrase("What they do")), *_in_short(card.engagement, placed=card.stage is not None)]
    return [*lines, *(Item(_event(event)) for event in card.events)]


def _in_short(engagement: Engagement, *, placed: bool) -> list[Line]:
    """`placed`: the card tells the stage already."""
    lines: list[Line] = []
    if engagement.last_seen_days is not None:
        seen = Phrase(
            "last seen {last} ago (counted on {as_of})",
            last=days(engagement.last_seen_days),
            as_of=engagement.as_of,
        )
        lines.append(seen)
    for period, counts in (
        (Phrase("in 30 days"), engagement.in_30_days),
        (Phrase("in 90 days"), engagement.in_90_days),
    ):
        kinds = tuple(Phrase("{kind} {n}×", kind=kind_words(kind), n=n) for kind, n in list(counts.items())[:KINDS])
        if kinds:
            lines.append(Phrase("{what}: {said}", what=period, said=kinds))
    if engagement.stage is not None and not placed:
        lines.append(Phrase("{what}: {said}", what=Phrase("how far they have come"), said=STAGES[engagement.stage]))
    if engagement.mean_rating is not None:
        lines.append(
            counted(
                "mean rating {mean:.1f}, of {n} rating",
                "mean rating {mean:.1f}, of {n} ratings",
                n=engagement.n_ratings,
                mean=engagement.mean_rating,
            )
        )
    return lines


def _event(event: PastEvent) -> Phrase:
    what = tuple(
        part
        for part in (
            kind_words(event.kind),
            event.product,
            None if event.quantity is None else Phrase("{n:g}×", n=event.quantity),
            None if event.value is None else Phrase("{value:g}", value=event.value),
            event.place,
        )
        if part is not None
    )
    return Phrase("{at:%Y-%m-%d}: {what}", at=event.at, what=what)


def _known(card: CustomerCard) -> list[Line]:
    """Further things that the files say of somebody."""
    if not card.attributes:
        return []
    lines: list[Line] = [Title(Phrase("Also known"))]
    lines += [Item(_answer(one)) for one in card.attributes[:ANSWERS]]
    more = len(card.attributes) - ANSWERS
    return [*lines, Phrase("and {n} more", n=more)] if more > 0 else lines


def _answer(one: Answer) -> Phrase:
    if one.kind == "yes_no" and one.number is not None:
        return Phrase("{what}: {said}", what=one.name, said=Phrase("yes") if one.number else Phrase("no"))
    return Phrase(
        "{what}: {said}", what=one.name, said=tuple(one.value.split(";")) if one.kind == "tags" else one.value
    )


def _few(products: Sequence[Name]) -> Phrase:
    """The first products of an order, and how many there are in all."""
    if len(products) <= SHOWN:
        return Phrase("{products}", products=tuple(products))
    return counted(
        "{products} and more, {n} product",
        "{products} and more, {n} products",
        n=len(products),
        products=tuple(products[:SHOWN]),
    )


def whom_reply(text: str, like: Namesakes, command: str) -> Reply:
    """The customers whom `text` may mean, as buttons that ask `command` of each."""
    shown = len(like.customers)
    ask = counted(
        "“{text}” is in the name, number, e-mail or phone of {n} customer:",
        "“{text}” is in the name, number, e-mail or phone of {n} customers:",
        n=like.total,
        text=text[:40],
    )
    lines: list[Line] = [ask]
    buttons = []
    for who in like.customers:
        line = f"{command} {who.key}"
        if len(line.encode()) <= 64:
            buttons.append((Button(known_as(who), line),))
        else:
            lines.append(Item(known_as(who)))
    if like.total > shown:
        lines.append(Phrase("Here are the first {n}. More of the name finds the others.", n=shown))
    return Reply((Text(tuple(lines), tuple(buttons)),), awaits=command)


def list_reply(customers: CustomerList) -> Reply:
    lines: list[Line] = [Item(customer_line(row, customers.currency)) for row in customers.rows]
    total = counted("{n} customer in all", "{n} customers in all", n=customers.total)
    return says(*lines, total)


def table_reply(table: CustomerTable) -> Reply:
    """Where the table of all customers is, and how gaps in it were treated."""
    lines: list[Line] = [
        Phrase(
            "The table of {customers} is at {path}",
            customers=counted("{n} customer", "{n} customers", n=table.n_customers),
            path=str(table.path),
        )
    ]
    if table.statements:
        lines += [Phrase("How gaps were treated:"), *(Item(statement) for statement in table.statements)]
    return says(*lines)
