"""What somebody would buy next and why; what a group would want; who for a product; who is due."""

from __future__ import annotations

from datetime import datetime

from bot.replies import Button, Buttons, File, Gap, Item, Line, Reply, Text, Title, in_a_row, says
from bot.replies.lifecycle import people
from bot.replies.segments import known_as
from engine import (
    DueList,
    GroupRecommendations,
    Meanings,
    Meant,
    Phrase,
    Recommendation,
    Recommendations,
    Refused,
    WhoFor,
    Wish,
    counted,
    customer_ref,
    product_ref,
)

MOST_BYTES = 20_000_000  # of a file that the chat takes
MIXES = (None, 0.0, 0.25, 0.5, 0.75, 1.0)
LEARN_ANEW = Button(Phrase("Learn anew from all orders"), "/recommend refresh")


def ask_reply() -> Reply:
    ask = Phrase(
        "For whom, or for what? Send a customer's name, number, e-mail or phone, the name of a segment, or a product."
    )
    buttons = (
        (Button(Phrase("Who is due for what now"), "/recommend due"),),
        (
            Button(Phrase("How lists are mixed"), "/recommend mix"),
            Button(Phrase("All as a list (CSV)"), "/recommend csv"),
        ),
    )
    return Reply((Text((ask,), buttons),), awaits="/recommend")


def which_reply(found: Meanings, command: str) -> Reply:
    """All that a text may mean, to choose from for `command`."""
    ask = counted(
        "“{text}” may mean {n} thing. Which one?",
        "“{text}” may mean {n} things. Which one?",
        n=len(found.found) + found.n_more,
        text=found.text[:40],
    )
    lines: list[Line] = [ask]
    if found.n_more:
        lines.append(Phrase("Here are the first {n}. More of the name finds the others.", n=len(found.found)))
    buttons = tuple((Button(_kind(one), f"{command} {one.ref}"),) for one in found.found)
    return Reply((Text(tuple(lines), buttons),), awaits=command)


def _kind(one: Meant) -> Phrase:
    if one.kind == "customer":
        return Phrase("Customer {name}", name=one.name)
    if one.kind == "group":
        return Phrase("Group “{name}”", name=one.name)
    return Phrase("Product {name}", name=one.name)


def recommendations_reply(found: Recommendations, said: Refused | None = None) -> Reply:
    """A customer's list; `said`: what was just said of one of its products."""
    who = known_as(found.customer)
    lines: list[Line] = [] if said is None else [_said(said), Gap()]
    lines.append(Title(_title(found, who)))
    for place, item in enumerate(found.items, start=1):
        lines += [Gap(), Title(Phrase("{place}. {product}", place=place, product=item.name)), _why(item)]
    if not found.items:
        lines += [Gap(), _nothing(found)]
    if found.note is not None and found.items:
        lines += [Gap(), found.note]
    lines += _learned(found.fit_at, found.computed_at)
    return Reply((Text(tuple(lines), _buttons(found, said)),), in_place=True)


def _title(found: Recommendations, who: Phrase) -> Phrase:
    if found.which == "again":
        return Phrase("What {who} may buy again", who=who)
    if found.which == "new":
        return Phrase("What {who} may discover", who=who)
    return Phrase("What {who} may want next", who=who)


def _why(item: Recommendation) -> Phrase:
    return item.reason if item.due is None else in_a_row([item.reason, item.due])


def _nothing(found: Recommendations) -> Phrase:
    if found.n_again + found.n_new == 0 and found.note is not None:
        return found.note
    if found.which == "again":
        return Phrase("They have not bought anything that could be bought again yet.")
    return Phrase("There is nothing left to recommend to them. /rules shows what is left out.")


def _said(said: Refused) -> Phrase:
    who, product = known_as(said.customer), None if said.product is None else said.product.name
    if said.refused:
        return Phrase("Remembered: {who} is never shown {product} again.", who=who, product=product)
    return Phrase("Taken back: {who} may be shown {product} again.", who=who, product=product)


def _learned(fit_at: datetime, computed_at: datetime) -> list[Line]:
    """How old the last full look at all orders is, where it is not this one."""
    if fit_at == computed_at:
        return []
    days = (computed_at - fit_at).days
    return [
        Gap(),
        counted(
            "All orders were last learned from on {day:%Y-%m-%d}, {n} day before the newest update; who ordered since "
            "then is up to date.",
            "All orders were last learned from on {day:%Y-%m-%d}, {n} days before the newest update; who ordered since "
            "then is up to date.",
            n=days,
            day=fit_at,
        ),
    ]


def _buttons(found: Recommendations, said: Refused | None) -> Buttons:
    who = customer_ref(found.customer.id)
    rows: list[tuple[Button, ...]] = []
    if said is not None and said.refused and said.product is not None:
        undo = f"/recommend undo {who} {product_ref(said.product.id)} {found.which}"
        rows.append((Button(Phrase("Undo"), undo),))
    lists = {"both": Phrase("Both, mixed"), "again": Phrase("Buy again"), "new": Phrase("New for them")}
    rows.append(
        tuple(Button(label, f"/recommend {which} {who}") for which, label in lists.items() if which != found.which)
    )
    nots = [
        Button(Phrase("Not {place}", place=place), f"/recommend no {who} {product_ref(item.product_id)} {found.which}")
        for place, item in enumerate(found.items, start=1)
    ]
    rows += [tuple(nots[at : at + 5]) for at in range(0, len(nots), 5)]
    rows.append((Button(Phrase("Who is this?"), f"/customer {who}"),))
    if found.fit_at != found.computed_at:
        rows.append((LEARN_ANEW,))
    return tuple(row for row in rows if row)


def group_reply(found: GroupRecommendations) -> Reply:
    """What most people of a segment would want."""
    segment = found.segment
    lines: list[Line] = [Title(Phrase("What most of “{segment}” would want", segment=segment.name))]
    if found.wishes:
        lines.append(
            counted(
                "How many of {people} have it among their first {n} product:",
                "How many of {people} have it among their first {n} products:",
                n=found.each,
                people=people(found.n_people),
            )
        )
    lines += [Gap(), *(Item(_wish(wish)) for wish in found.wishes)]
    more = found.n_wishes - len(found.wishes)
    if more > 0:
        lines.append(Phrase("and {n} more", n=more))
    if found.n_without:
        lines.append(
            counted("{n} person gets no product.", "{n} people get no product.", n=found.n_without),
        )
    if found.note is not None:
        lines += [Gap(), found.note]
    buttons: list[tuple[Button, ...]] = [
        (Button(Phrase("Everyone's own products (CSV)"), f"/recommend csv {segment.id}"),),
        (Button(Phrase("Draft a campaign for them"), f"/campaign for {segment.id}"),),
    ]
    buttons += [
        (Button(Phrase("Who for {product}?", product=wish.name), f"/recommend {product_ref(wish.product_id)}"),)
        for wish in found.wishes[:2]
    ]
    return says(*lines, buttons=tuple(buttons))


def _wish(wish: Wish) -> Phrase:
    n, product = people(wish.n), wish.name
    if wish.n_personal == 0:
        return Phrase("{product}: {n}, because it is popular", product=product, n=n)
    if wish.n_again == wish.n:
        return Phrase("{product}: {n}, all of whom bought it before", product=product, n=n)
    if wish.n_again:
        return Phrase("{product}: {n}, {again} of whom bought it before", product=product, n=n, again=wish.n_again)
    return Phrase("{product}: {n}, new to all of them", product=product, n=n)


def who_reply(found: WhoFor) -> Reply:
    """The customers most likely to want a product, and why."""
    name, ref = found.product.name, product_ref(found.product.id)
    lines: list[Line] = [Title(Phrase("Who may want {product}", product=name))]
    if found.total:
        lines.append(
            counted(
                "{n} customer may, {again} of whom bought it before; the likeliest first.",
                "{n} customers may, {again} of whom bought it before; the likeliest first.",
                n=found.total,
                again=found.n_again,
            )
        )
    if found.note is not None:
        lines.append(found.note)
    if found.rows:
        lines.append(Gap())
    lines += [Item(Phrase("{who}: {reason}", who=known_as(one.customer), reason=one.reason)) for one in found.rows]
    after = found.offset + len(found.rows)
    buttons: list[tuple[Button, ...]] = []
    if found.total > after and found.rows:
        buttons.append(
            (Button(Phrase("Further people ({n})", n=found.total - after), f"/recommend who {ref} {after}"),)
        )
    if found.total:
        likeliest = counted(
            "Draft a campaign for the likeliest",
            "Draft a campaign for the {n} likeliest",
            n=found.n_likeliest,
        )
        buttons += [
            (Button(likeliest, f"/campaign for {ref}"),),
            (Button(Phrase("All of them as a list (CSV)"), f"/recommend csv {ref}"),),
        ]
    buttons.append((Button(Phrase("What is like it?"), f"/similar {ref}"),))
    return says(*lines, buttons=tuple(buttons))


def due_reply(found: DueList) -> Reply:
    """Who is due for which product now."""
    title = Title(Phrase("Who is due for what"))
    if not found.total:
        return says(title, Phrase("Nobody is due for a repeat purchase this week."))
    lines: list[Line] = [
        title,
        counted(
            "{n} purchase of {people} is due by {until}, as often as each was bought so far.",
            "{n} purchases of {people} are due by {until}, as often as each was bought so far.",
            n=found.total,
            people=people(found.n_customers),
            until=found.until,
        ),
        Phrase("The surest habits first; “likely” holds four times of five."),
        Gap(),
    ]
    for row in found.rows:
        one = row.purchase
        lines += [
            Title(Phrase("{who}: {product}", who=known_as(one.customer), product=one.product.name)),
            Phrase("{when}; {why}", when=row.when, why=row.why),
        ]
    after = found.offset + len(found.rows)
    buttons: list[tuple[Button, ...]] = []
    if found.total > after and found.rows:
        buttons.append((Button(Phrase("Further ones ({n})", n=found.total - after), f"/recommend due {after}"),))
    buttons += [
        (Button(Phrase("Draft a campaign for them"), "/campaign for #due"),),
        (Button(Phrase("All of them as a list (CSV)"), "/recommend due csv"),),
    ]
    return says(*lines, buttons=tuple(buttons))


def mix_reply(share: float | None, changed: bool = False) -> Reply:
    """How the two lists are mixed, and buttons to change it."""
    now = Phrase("Now: {mix}.", mix=_mix(share)) if not changed else Phrase("From now on: {mix}.", mix=_mix(share))
    lines: list[Line] = [
        Title(Phrase("How lists are mixed")),
        Phrase("Each list has products to buy again and products that are new to the customer."),
        now,
    ]
    buttons = tuple(
        (Button(_mix(one), "/recommend mix score" if one is None else f"/recommend mix {one:.2f}"),)
        for one in MIXES
        if one != share
    )
    return Reply((Text(tuple(lines), buttons),), in_place=True)


def _mix(share: float | None) -> Phrase:
    if share is None:
        return Phrase("the likeliest first, be it old or new")
    if share == 0:
        return Phrase("only new products, as far as there are any")
    if share == 1:
        return Phrase("only what to buy again, as far as there is any")
    return Phrase("{share:.0%} to buy again, the rest new", share=share)


def refreshed_reply(n_customers: int) -> Reply:
    return says(
        counted(
            "Learned anew from all orders: there are lists for {n} customer.",
            "Learned anew from all orders: there are lists for {n} customers.",
            n=n_customers,
        )
    )


def file_reply(name: str, content: bytes, path: str, about: Phrase) -> Reply:
    """A list as a file, or where it lies if it is too large for the chat."""
    if len(content) > MOST_BYTES:
        return says(Phrase("{file} is too large for the chat; it is at {path}", file=name, path=path))
    return Reply((File(name, content, (about,)),))
