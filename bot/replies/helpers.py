"""Who may talk to the bot: the list, an invitation, and the news of somebody who came or went."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Reply, Text, Title, says
from bot.roles import HELPER
from engine import Chat, Paired, People, Phrase

INVITE = Button(Phrase("Invite a helper"), "/helpers invite")
ALL = Button(Phrase("Who may talk to me"), "/helpers")


def helpers_reply(people: People) -> Reply:
    lines: list[Line] = [Title(Phrase("Who may talk to me"))]
    lines.append(
        Item(Phrase("You, the owner."))
        if people.owner is None or not people.owner.name
        else Item(Phrase("You, the owner: {name}", name=people.owner.name))
    )
    rows: list[tuple[Button, ...]] = []
    for helper in people.helpers:
        name = name_of(helper)
        lines.append(Item(Phrase("{name}, a helper since {since:%Y-%m-%d}", name=name, since=helper.since)))
        rows.append((Button(Phrase("Remove {name}", name=name), f"/helpers remove {helper.user_id}"),))
    for group in people.groups:
        lines.append(Item(Phrase("In the group “{title}”: you and your helpers.", title=group.title)))
        rows.append((Button(Phrase("Not in “{title}”", title=group.title), f"/helpers forbid {group.chat_id}"),))
    lines += [
        Gap(),
        Phrase(
            "A helper can look at everything and draft campaigns. What acts in your name stays yours: to approve, "
            "send, import, take data away and change rules."
        ),
    ]
    return says(*lines, buttons=(*rows, (INVITE,)))


def invitation_reply(code: str) -> Reply:
    return says(
        Phrase("Pass this code on to your helper, and only to them; they send it to me here within 15 minutes:"),
        Title(Phrase("{code}", code=code)),
        Phrase("It works once, and I tell you when it is used."),
        buttons=((ALL,),),
    )


def removed_reply(gone: Chat | None) -> Reply:
    text = (
        Phrase("Removed: I answer this helper no more.")
        if gone is None
        else Phrase("Removed: I answer {name} no more.", name=name_of(gone))
    )
    return Reply((Text((text,), ((ALL,),)),), ends=() if gone is None else (gone.chat_id,))


def allowed_reply(fresh: bool) -> Reply:
    said = (
        Phrase("From now on I answer you and your helpers in this group. Everybody in it can read what I say.")
        if fresh
        else Phrase("I answer you and your helpers in this group already.")
    )
    return says(said, Phrase("/helpers forbid ends it."))


def forbidden_reply(changed: bool) -> Reply:
    if changed:
        return says(Phrase("I say nothing more in this group."))
    return says(Phrase("This group was not allowed."))


def brought_reply() -> Reply:
    """The one sentence in a group that the owner has brought the bot to."""
    return says(
        Phrase("I say nothing in a group until its shop's owner allows it; everybody here could read my answers."),
        buttons=((Button(Phrase("Allow this group"), "/helpers allow"),),),
    )


def paired_news(paired: Paired) -> Reply:
    """What the owner hears when somebody was let in."""
    name = paired.name or str(paired.user_id)
    if paired.role == HELPER:
        remove = Button(Phrase("Remove {name}", name=name), f"/helpers remove {paired.user_id}")
        return says(
            Phrase("{name} is your helper from now on, by the code that you made.", name=name), buttons=((remove,),)
        )
    return says(
        Phrase("{name} has become the owner with the console's code; I answer you here no more.", name=name),
        Phrase("If that was not you, somebody has your computer: run zhike pair there and send me its code."),
    )


def name_of(helper: Chat) -> str:
    return helper.name or str(helper.user_id)
