"""Pooling with other shops: where a round stands, what to do next, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Buttons, File, Gap, Item, Line, Part, Reply, Text, Title, says
from engine import Goal, Phrase, PoolCard, Pooled, PooledCell, PoolFile, Taken, counted, pooled_ratio, trait_words

POOL, WORK = "/pool", "/pooling"  # the second for what takes seconds; a file that is dropped in next completes it
SHOWN = 24  # values of traits in a result

WHAT_IT_IS = (
    Phrase(
        "Several shops add up what their messages brought, and everybody's next campaign begins with it. Nobody sees "
        "the counts of a single shop: not the others, not who collects the files, not who keeps the key."
    ),
    Phrase(
        "Each step is a file that you send on by mail or WeChat; drop in here what the others send you, and I say what "
        "is next."
    ),
)
# for each kind of file, what to do with the one that was made
SEND_ON = {
    "invitation": Phrase("Send this file to the shops that you want to pool with."),
    "join": Phrase("Send this file to the shop that began the pool."),
    "roster": Phrase("Send this file to all who have joined."),
    "submission": Phrase("Send this file to the shop that began the pool. Your counts in it are locked."),
    "sum": Phrase("Send this file to the shop that keeps the key."),
    "result": Phrase("Send this file to all shops of the pool."),
}
NOTHING_NEW = Phrase("I had this file already; nothing changed.")


def no_pool_reply() -> Reply:
    rows: Buttons = ((Button(Phrase("Begin a pool"), f"{POOL} new"),),)
    return _awaiting(Text((Title(Phrase("Pooling with other shops")), *WHAT_IT_IS, Gap(), INVITED), rows))


INVITED = Phrase("Were you invited? Drop the file in here.")


def goals_to_choose(goals: Sequence[Goal]) -> Reply:
    rows = tuple((Button(goal.title, f"{POOL} new {goal.key}"),) for goal in goals)
    return says(Phrase("Messages for what are to be pooled?"), buttons=rows)


def ask_name_reply(pool: int, line: str) -> Reply:
    text = Text((Phrase("What is your shop called? The others in the pool see this name, and nothing else of you."),))
    return Reply((text,), awaits=f"{WORK} {line} {pool}")


def cards_reply(cards: Sequence[PoolCard]) -> Reply:
    """The newest round, and buttons for the others."""
    newest, *others = cards
    text = card_text(newest)
    rows = [
        (Button(Phrase("Pool {id}: {goals}", id=str(card.id), goals=card.goals), f"{POOL} {card.id}"),)
        for card in others[:8]
    ]
    return _awaiting(Text(text.lines, (*text.buttons, *rows, (Button(Phrase("Begin a pool"), f"{POOL} new"),))))


def card_reply(card: PoolCard, *first: Line) -> Reply:
    return _awaiting(card_text(card, *first))


def file_reply(card: PoolCard, file: PoolFile) -> Reply:
    """The file that was made, and where the round stands now."""
    return Reply((_file(file), card_text(card)), awaits=WORK)


def taken_reply(taken: Taken) -> Reply:
    """What a file of another shop has brought."""
    parts: list[Part] = [card_text(taken.card, _brought(taken))]
    if taken.file is not None:
        parts.insert(0, _file(taken.file))
    return Reply(tuple(parts), awaits=WORK)


def forget_question(card: PoolCard) -> Reply:
    lines = (
        Phrase(
            "Forget pool {id}? Its keys, files and totals are deleted; if it is still going on, it cannot be finished "
            "with you.",
            id=str(card.id),
        ),
    )
    rows: Buttons = (
        (Button(Phrase("Yes, forget it"), f"{POOL} forget {card.id} yes"), Button(Phrase("No"), f"{POOL} {card.id}")),
    )
    return says(*lines, buttons=rows)


def _brought(taken: Taken) -> Line:
    if not taken.new:
        return NOTHING_NEW
    who = taken.who or ""
    match taken.kind:
        case "invitation":
            return Phrase("You are invited to a pool.")
        case "join":
            return Phrase("“{name}” has joined.", name=who)
        case "roster":
            return Phrase("The pool has started.")
        case "submission":
            return Phrase("The counts of “{name}” are in; they are proven to be within the bounds.", name=who)
        case "sum":
            return Phrase("The sum is opened, and it is what all shops signed. The key is deleted.")
    return Phrase("The result is what all shops signed. It counts in your next campaigns.")


def card_text(card: PoolCard, *first: Line) -> Text:
    """`first` stands above it."""
    title = Title(Phrase("Pool {id}: {goals}", id=str(card.id), goals=card.goals))
    lines: list[Line] = [*first, title]
    if card.result is not None:
        lines += result_lines(card.result)
        lines.append(
            Phrase("It counts in your next campaigns, until your own outcomes outweigh it.")
            if card.used
            else Phrase("It is left out of your campaigns.")
        )
        return Text(tuple(lines), _after(card))
    lines += terms_lines(card)
    if card.over:
        lines.append(Phrase("Its time is over; begin another one."))
        return Text(tuple(lines), (_forget(card),))
    lines += [Gap(), *_where(card)]
    return Text(tuple(lines), _next(card))


def terms_lines(card: PoolCard) -> list[Line]:
    return [
        Item(
            Phrase(
                "at least {fewest} shops, until {day}; {n} ways to write a message are compared",
                fewest=card.fewest,
                day=card.until.date(),
                n=card.n_cells,
            )
        ),
        Item(
            Phrase(
                "noise is added to every total, so that nobody can tell from it how one customer answered "
                "(ε = {epsilon:.2f} for one message)",
                epsilon=card.epsilon,
            )
        ),
    ]


def _where(card: PoolCard) -> list[Line]:
    lines: list[Line] = []
    if card.fingerprint is None:
        if card.organised:
            lines.append(
                Phrase("Joined so far: {names}. They send you their files.", names=card.joined)
                if card.joined
                else Phrase("Nobody has joined yet. Send the invitation on; join with your own shop, too.")
            )
            lines.append(Phrase("Another shop than yours has to keep the key; it says so when it joins."))
        elif card.name is None:
            lines.append(
                Phrase(
                    "To join, press a button. One shop, not the one that began, keeps the key: agree among yourselves "
                    "which."
                )
            )
        else:
            lines.append(Phrase("You have joined as “{name}”. Drop in the file that starts the pool.", name=card.name))
        return lines
    lines += _started(card)
    return lines


def _started(card: PoolCard) -> list[Line]:
    lines: list[Line] = [
        Phrase("In it: {names}. The key is kept by “{keeper}”.", names=card.members, keeper=card.keeper or ""),
        Phrase("Read these digits to another shop on the phone; all must have the same:"),
        Title(Phrase("{digits}", digits=card.fingerprint or "")),
        Phrase("If they differ, or you do not know one of the shops, do not go on."),
    ]
    if card.attempt > 1:
        lines.append(Phrase("This is start {n}: ask why there was another one.", n=card.attempt))
    if card.submitted:
        lines += submitted_lines(card)
    if card.organised and not card.summed:
        lines.append(
            Phrase("Counts are still missing from: {names}", names=card.missing)
            if card.missing
            else Phrase("All counts are in.")
        )
        if card.missing:
            lines.append(Phrase("If one will not come, start once more without it; all others then send again."))
    if card.organised and card.summed:
        lines.append(Phrase("It is added up; the shop that keeps the key opens the sum and sends you the result."))
    return lines


def submitted_lines(card: PoolCard) -> list[Line]:
    """What of this shop is in the pool, and what that gives away."""
    lines: list[Line] = [
        Phrase(
            "Your counts are locked: {campaigns}, {messages}.",
            campaigns=counted("{n} campaign", "{n} campaigns", n=card.n_campaigns),
            messages=counted("{n} message", "{n} messages", n=card.n_sends),
        ),
        counted(
            "A customer of yours is in {n} of these messages at most, so ε is {epsilon:.2f} for a customer.",
            "A customer of yours is in {n} of these messages at most, so ε is {epsilon:.2f} for a customer.",
            n=card.per_customer,
            epsilon=card.per_customer * card.epsilon,
        ),
    ]
    if card.halved:
        lines.append(Phrase("Your counts were larger than one shop may put in, and were made smaller evenly."))
    return lines


def result_lines(result: Pooled) -> list[Line]:
    """For each way to write, conversions against those to be expected, the best of each trait first."""
    lines: list[Line] = [
        counted(
            "What {n} shop saw: buyers against what was to be expected (1 is as usual)",
            "What {n} shops saw together: buyers against what was to be expected (1 is as usual)",
            n=result.n_shops,
        )
    ]
    ordered = sorted(result.cells, key=lambda cell: (cell.goal, -_size(cell.trait, result), -pooled_ratio(cell)))
    for cell in ordered[:SHOWN]:
        lines.append(Item(_of(cell, result)))
    return lines


def _size(trait: str, result: Pooled) -> float:
    ratios = [pooled_ratio(cell) for cell in result.cells if cell.trait == trait]
    return max(ratios) - min(ratios)


def _of(cell: PooledCell, result: Pooled) -> Phrase:
    what = trait_words(cell.trait, cell.value)
    if cell.expected <= 3 * result.deviation:
        return Phrase("{what}: too few to tell from the noise", what=what)
    return Phrase(
        "{what}: × {ratio:.2f} (about {wins} of {sends})",
        what=what,
        ratio=pooled_ratio(cell),
        wins=max(cell.wins, 0),
        sends=max(cell.wins + cell.misses, 0),
    )


def _next(card: PoolCard) -> Buttons:
    rows: list[tuple[Button, ...]] = []
    if card.name is None:
        join = Button(Phrase("Join"), f"{POOL} join {card.id}")
        rows.append(
            (join,) if card.organised else (join, Button(Phrase("Join and keep the key"), f"{WORK} keep {card.id}"))
        )
    if card.organised:
        if len(card.joined) >= card.fewest and card.fingerprint is None:
            rows.append((Button(Phrase("All have joined: start"), f"{WORK} start {card.id}"),))
        if card.fingerprint is not None and not card.missing and not card.summed:
            rows.append((Button(Phrase("Add up"), f"{WORK} sum {card.id}"),))
        if card.missing and len(card.members) - len(card.missing) >= card.fewest:
            rows.append((Button(Phrase("Start once more without the missing"), f"{WORK} start {card.id} anew"),))
    if card.member and not card.submitted:
        rows.append((Button(Phrase("The digits are the same: lock my counts"), f"{WORK} submit {card.id}"),))
    rows.append(_forget(card))
    return tuple(rows)


def _after(card: PoolCard) -> Buttons:
    switch = (
        Button(Phrase("Leave it out"), f"{POOL} off {card.id}")
        if card.used
        else Button(Phrase("Count it"), f"{POOL} on {card.id}")
    )
    return ((switch, *_forget(card)),)


def _forget(card: PoolCard) -> tuple[Button, ...]:
    return (Button(Phrase("Forget this pool"), f"{POOL} forget {card.id}"),)


def _file(file: PoolFile) -> File:
    return File(file.name, file.content, (SEND_ON[file.kind],))


def _awaiting(text: Text) -> Reply:
    return Reply((text,), awaits=WORK)
