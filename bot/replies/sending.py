"""How an approved campaign goes out: lists, mails, one text after the other, and what has become of them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.replies import Button, Buttons, File, Gap, Item, Line, Quote, Reply, Text, Title, says
from engine import (
    CampaignList,
    Draft,
    HandedOver,
    Phrase,
    Said,
    SaidOfMany,
    SendReport,
    TakenBack,
    channel_named,
    counted,
    export_layouts,
)

STATES = {
    "planned": Phrase("waiting to be sent"),
    "handed over": Phrase("given to you to send"),
    "delivered": Phrase("sent"),
    "refused": Phrase("refused or skipped"),
    "unknown": Phrase("not known whether it arrived"),
    "withheld": Phrase("not sent, for a reason"),
}


def ways_to_send(draft: Draft) -> Buttons:
    """How the messages of an approved campaign can go out."""
    number = draft.campaign
    to_addresses = draft.channel in ("email", "text")
    lists = [layout for layout in export_layouts().values() if layout.needs is None or to_addresses]
    rows: list[tuple[Button, ...]] = [(Button(Phrase("The list to send (CSV)"), f"/campaign list {number}"),)]
    rows.append(
        tuple(
            Button(Phrase("List {label}", label=layout.label), f"/campaign list {number} {layout.name}")
            for layout in lists[1:]
        )
    )
    more = [Button(Phrase("One by one, to copy"), f"/campaign next {number}")]
    if draft.by_mail:
        more.insert(0, Button(Phrase("Send by e-mail"), f"/send {number}"))
    rows.append(tuple(more))
    if draft.undo_until is not None:
        rows.append((Button(Phrase("Take the approval back"), f"/campaign undo {number}"),))
    return tuple(row for row in rows if row)


def went_lines(draft: Draft) -> list[Line]:
    """What has become of the messages so far, and until when the approval holds."""
    lines: list[Line] = []
    if draft.status == "approved" and draft.undo_until is not None:
        lines.append(
            Item(
                Phrase(
                    "You can take the approval back until {until:%H:%M}. Before that I send nothing myself, and a list "
                    "that you take before is void if you do.",
                    until=draft.undo_until,
                )
            )
        )
    if draft.status == "approved" and not draft.went and draft.expires_at is not None:
        lines.append(Item(Phrase("The approval holds until {until:%Y-%m-%d %H:%M}.", until=draft.expires_at)))
    totals: dict[str, int] = {}
    for (_, state), n in draft.went.items():
        totals[state] = totals.get(state, 0) + n
    lines += [
        Item(counted("{n} message: {state}", "{n} messages: {state}", state=STATES[state], n=n))
        for state, n in totals.items()
    ]
    return lines


def wave_notes(draft: Draft) -> list[Phrase]:
    """Who gets the message first, and who waits."""
    if draft.status == "draft" and draft.first_share is not None:
        return [
            counted(
                "First {n} person gets it ({share:.0%}); {later} wait until you have seen what came of it: /wave {id}",
                "First {n} people get it ({share:.0%}); {later} wait until you have seen what came of it: /wave {id}",
                n=draft.first,
                share=draft.first_share,
                later=draft.audience - draft.first,
                id=str(draft.campaign),
            )
        ]
    if draft.waiting:
        return [
            counted(
                "{n} person waits for a later wave: /wave {id}",
                "{n} people wait for a later wave: /wave {id}",
                n=draft.waiting,
                id=str(draft.campaign),
            )
        ]
    return []


def audience_more(draft: Draft) -> list[Phrase]:
    """Who gets another text, or later."""
    lines = []
    if draft.plain:
        lines.append(
            counted(
                "{n} of them asked for no personalisation and gets the text without name and products",
                "{n} of them asked for no personalisation and get the text without names and products",
                n=draft.plain,
            )
        )
    if draft.quiet and draft.quiet_until is not None and draft.status != "dropped":
        lines.append(
            counted(
                "For {n} of them it is a quiet hour now, until {until:%H:%M} your time",
                "For {n} of them it is a quiet hour now, until {until:%H:%M} your time",
                n=draft.quiet,
                until=draft.quiet_until,
            )
        )
    return lines


def list_lines(written: CampaignList) -> list[Line]:
    """What is in a list that was written, and who is not."""
    lines: list[Line] = [counted("{n} person is in the list.", "{n} people are in the list.", n=written.n)]
    if written.before is not None:
        lines.append(
            Item(
                counted(
                    "{n} of them stands in a list that you took on {at:%Y-%m-%d %H:%M}; do not write to them twice.",
                    "{n} of them stand in a list that you took on {at:%Y-%m-%d %H:%M}; do not write to them twice.",
                    n=written.n_again,
                    at=written.before,
                )
            )
        )
    lines += _reasons(written.left_out)
    if written.n_quiet and written.quiet_until is not None:
        lines.append(
            Item(
                counted(
                    "For {n} of them it is a quiet hour now: send it after {until:%H:%M} your time.",
                    "For {n} of them it is a quiet hour now: send it after {until:%H:%M} your time.",
                    n=written.n_quiet,
                    until=written.quiet_until,
                )
            )
        )
    if written.layout != "plain":
        lines.append(
            Phrase("Its people keep their consent there as it is; import the file, then use the message field.")
        )
    return lines


def list_reply(written: CampaignList) -> Reply:
    file = File(written.path.name, written.path.read_bytes(), (Phrase("Who gets what, ready to send."),))
    if written.layout == "plain" and not (written.left_out or written.n_quiet or written.n_again):
        return Reply((file,))
    return Reply((file, Text(tuple(list_lines(written)))))


def sent_reply(report: SendReport) -> Reply:
    """What one run of sending did, and what to do next."""
    number = str(report.campaign)
    lines: list[Line] = [
        Title(
            Phrase("Campaign {id}: sending has stopped", id=number)
            if report.why is not None
            else Phrase("Campaign {id}: sending by e-mail", id=number)
        )
    ]
    if report.why is not None:
        lines.append(report.why)
    lines.append(
        counted(
            "{n} mail was accepted by your mail server.",
            "{n} mails were accepted by your mail server.",
            n=report.delivered,
        )
    )
    lines += _what_else(report)
    buttons: list[tuple[Button, ...]] = []
    if report.left:
        lines += [
            Gap(),
            counted("{n} message is still to be sent.", "{n} messages are still to be sent.", n=report.left),
        ]
        buttons.append((Button(Phrase("Go on sending"), f"/send {number}"),))
    n_unknown = report.went.get("unknown", 0)
    if n_unknown:
        lines += [
            Gap(),
            counted(
                "Of {n} message it is not known whether it arrived; I do not send it again by myself, so that nobody "
                "gets it twice.",
                "Of {n} messages it is not known whether they arrived; I do not send them again by myself, so that "
                "nobody gets one twice.",
                n=n_unknown,
            ),
        ]
        buttons.append((Button(Phrase("Send those again all the same"), f"/send {number} again"),))
    if report.delivered and not report.one_click:
        lines += [
            Gap(),
            Phrase(
                "People unsubscribe by mail: tell me with /unsubscribe and the subject of that mail. A click needs an "
                "https page of yours (ZHIKE_SMTP_UNSUBSCRIBE_URL); who sends 5,000 a day must have one."
            ),
        ]
    return says(*lines, buttons=tuple(buttons))


def _what_else(report: SendReport) -> list[Line]:
    lines: list[Line] = []
    for why, n in report.refused:
        lines.append(Item(Phrase("refused by the mail server: {n} ({why})", n=n, why=why)))
    if report.put_off:
        lines.append(
            Item(
                counted(
                    "{n} was put off by the mail server and may be tried again",
                    "{n} were put off by the mail server and may be tried again",
                    n=report.put_off,
                )
            )
        )
    if report.stranded:
        lines.append(
            Item(
                counted(
                    "{n} was under way when Zhike was stopped the last time",
                    "{n} were under way when Zhike was stopped the last time",
                    n=report.stranded,
                )
            )
        )
    lines += _reasons(report.withheld)
    if report.quiet and report.quiet_until is not None:
        lines.append(
            Item(
                counted(
                    "{n} waits, since it is a quiet hour there until {until:%H:%M} your time",
                    "{n} wait, since it is a quiet hour there until {until:%H:%M} your time",
                    n=report.quiet,
                    until=report.quiet_until,
                )
            )
        )
    return lines


def hand_reply(handed: HandedOver, number: int, *, buttons: bool = True) -> Reply:
    """The next text to copy."""
    one = handed.message
    if one is None:
        return says(
            Title(Phrase("Campaign {id}: no text is left", id=str(number))),
            counted("{n} was sent by hand.", "{n} were sent by hand.", n=handed.delivered),
            *_skipped(handed),
            buttons=((Button(Phrase("Tell the outcome"), f"/outcome {number}"),),) if buttons else (),
        )
    who = tuple(part for part in (one.name, one.customer, one.phone, one.email) if part)
    lines: list[Line] = [
        Title(
            counted(
                "For {who} (version {variant}; {n} left)",
                "For {who} (version {variant}; {n} left)",
                n=one.left,
                who=who,
                variant=one.variant,
            )
        )
    ]
    if one.quiet_until is not None:
        lines.append(Phrase("It is a quiet hour there: send it after {until:%H:%M} your time.", until=one.quiet_until))
    if one.subject:
        lines.append(Quote(one.subject))
    lines.append(Quote(one.text))
    rows: Buttons = (
        (
            Button(Phrase("Sent, next"), f"/campaign sent {number} {one.position}"),
            Button(Phrase("Skip"), f"/campaign skip {number} {one.position}"),
        ),
    )
    return Reply((Text(tuple(lines), rows if buttons else ()),), in_place=True)


def _skipped(handed: HandedOver) -> list[Phrase]:
    if not handed.skipped:
        return []
    return [counted("{n} was skipped or left out.", "{n} were skipped or left out.", n=handed.skipped)]


def taken_back_reply(number: int, back: TakenBack) -> Reply:
    lines: list[Line] = [
        counted(
            "Every list of campaign {id} that was not sent is void: its {n} message can be sent another way. Send "
            "none of these lists any more.",
            "Every list of campaign {id} that was not sent is void: its {n} messages can be sent another way. Send "
            "none of these lists any more.",
            n=back.n,
            id=str(number),
        )
    ]
    if back.kept:
        lines.append(
            Item(
                counted(
                    "{n} message stays as sent, since you have told what came of its wave",
                    "{n} messages stay as sent, since you have told what came of their wave",
                    n=back.kept,
                )
            )
        )
    return says(*lines)


def said_reply(said: Said) -> Reply:
    """What a customer has said, as the owner told it."""
    who = said.customer.name or said.customer.key
    told = {
        "unsubscribed": Phrase("{who} gets no more messages.", who=who),
        "subscribed": Phrase("{who} has said yes to messages.", who=who),
        "asked for plain texts": Phrase("{who} gets texts without name, products or anything personal.", who=who),
        "took plain texts back": Phrase("{who} gets personal texts again.", who=who),
    }[said.deed]
    lines: list[Line] = [told, *_by_one_way(said.channel)]
    return says(*lines) if said.changed else says(*lines, Phrase("That held before; nothing was changed."))


def said_of_many_reply(said: SaidOfMany) -> Reply:
    """How many get no more messages, and who of a list could not be found."""
    lines: list[Line] = [
        counted("{n} customer gets no more messages.", "{n} customers get no more messages.", n=said.n_changed)
    ]
    lines += _by_one_way(said.channel)
    if said.n_before:
        lines.append(counted("{n} had unsubscribed before.", "{n} had unsubscribed before.", n=said.n_before))
    if said.unknown:
        lines.append(
            counted(
                "{n} of your list is nobody I know: {names}",
                "{n} of your list are nobody I know, such as {names}",
                n=len(said.unknown),
                names=_some(said.unknown),
            )
        )
    if said.several:
        lines.append(
            counted(
                "{n} of your list may be several customers, and is left out: {names}",
                "{n} of your list may be several customers each, and are left out, such as {names}",
                n=len(said.several),
                names=_some(said.several),
            )
        )
    return says(*lines)


def _by_one_way(channel: str) -> list[Line]:
    return [] if channel == "any" else [Phrase("This is about {channel} only.", channel=channel_named(channel).title)]


def _some(texts: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(Phrase("“{name}”", name=text[:60]) for text in texts[:3])


def _reasons(left_out: Mapping[str, int]) -> list[Line]:
    return [
        Item(counted("{n} left out: {reason}", "{n} left out: {reason}", n=n, reason=Phrase(reason)))
        for reason, n in left_out.items()
    ]
