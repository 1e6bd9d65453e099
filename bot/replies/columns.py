"""The card that shows what a file's columns are taken for, with buttons to change it; and the same on paper."""

from __future__ import annotations

import re
from typing import Final

from bot.replies import Button, Buttons, Gap, Item, Line, Reply, Text, Title, says
from bot.replies.imports import figures
from engine import KINDS, WORDS, Guess, ImportColumns, MappingCard, Phrase, counted

COLUMNS_A_PAGE: Final = 8
FIELDS_A_PAGE: Final = 14
NAMED: Final = 12  # unused columns that are told by name
LONGEST: Final = 24  # letters of a header on a button
MONTHS: Final = (
    Phrase("January"),
    Phrase("February"),
    Phrase("March"),
    Phrase("April"),
    Phrase("May"),
    Phrase("June"),
    Phrase("July"),
    Phrase("August"),
    Phrase("September"),
    Phrase("October"),
    Phrase("November"),
    Phrase("December"),
)


def card_reply(card: MappingCard, *, in_place: bool = True) -> Reply:
    """What each column is taken for, what is asked, what would come of it; the buttons to change and to import."""
    lines: list[Line] = [
        Title(Phrase("{name}: is this right?", name=card.name)),
        Phrase("I take it for {kind}. Nothing is imported yet.", kind=kind_of(card)),
        *([Phrase("I am not sure of the lines with (?): please look at them.")] if _any_unsure(card) else []),
        Gap(),
        *column_lines(card),
    ]
    if card.question is not None or card.missing or card.without_customer or card.instead is not None:
        lines += [Gap(), *open_lines(card)]
    lines += trial_lines(card)
    if not card.missing and card.question is None:
        lines += [Gap(), Phrase("Your choice is remembered for the next file with the same header.")]
    return Reply((Text(tuple(lines), _buttons(card)),), in_place=in_place)


def _any_unsure(card: MappingCard) -> bool:
    return any(guess.field is not None and not guess.sure for guess in card.guesses)


def kind_of(card: MappingCard) -> Phrase:
    return KINDS[card.kind][0]


def column_lines(card: MappingCard) -> list[Line]:
    """One line per column that is used, and the names of the others."""
    lines: list[Line] = [Item(_line(guess)) for guess in card.guesses if guess.field is not None]
    unused = [guess.header for guess in card.guesses if guess.field is None and guess.header]
    if unused:
        shown: tuple[str | Phrase, ...] = tuple(unused[:NAMED])
        if len(unused) > NAMED:
            shown += (Phrase("and {n} more", n=len(unused) - NAMED),)
        lines.append(Phrase("Not used: {columns}", columns=shown))
    return lines


def open_lines(card: MappingCard) -> list[Line]:
    """What is asked or missing, in words."""
    lines: list[Line] = []
    if card.instead is not None:
        lines.append(
            Phrase(
                "The same people stand in several rows, with dates and amounts. If it is {instead} all the same, "
                "say so.",
                instead=KINDS[card.instead][0],
            )
        )
    if card.question is not None:
        first, second = readings(card.question)
        lines.append(Phrase("Is {text} {first} or {second}?", text=card.question, first=first, second=second))
    if card.missing:
        lines.append(Phrase("Still missing: {missing}. Say which column it is.", missing=card.missing))
    if card.without_customer:
        lines.append(Phrase("No column says who bought: the file tells of products and times only."))
    return lines


def trial_lines(card: MappingCard) -> list[Line]:
    """What would come of the import."""
    if card.refusal is not None:
        return [Gap(), Item(card.refusal)]
    if card.trial is None or card.question is not None:
        # what it would be hangs on the answer
        return []
    reasons = sorted(card.trial.reasons.items(), key=lambda item: -item[1])
    return [
        Gap(),
        Title(Phrase("So it would be")),
        *figures(card.trial),
        *(
            Item(counted("{n} row: {reason}", "{n} rows: {reason}", n=n, reason=Phrase(reason)))
            for reason, n in reasons
        ),
    ]


def readings(text: str) -> tuple[Phrase, Phrase]:
    """The two days that a date such as 03/04/2025 may be, the day first and the month first."""
    one, two = (int(part) for part in re.findall(r"\d+", text)[:2])
    return _day(one, two), _day(two, one)


def _day(day: int, month: int) -> Phrase:
    return Phrase("{day} {month}", day=day, month=MONTHS[month - 1])


def _line(guess: Guess) -> Phrase:
    facts = {"column": guess.header, "field": WORDS[guess.field or ""], "example": guess.examples}
    if guess.sure:
        return Phrase("{column} → {field} · such as {example}", **facts)
    return Phrase("(?) {column} → {field}, not sure · such as {example}", **facts)


def _buttons(card: MappingCard) -> Buttons:
    base = f"/columns {card.file}"
    rows: list[tuple[Button, ...]] = []
    if card.question is not None:
        first, second = readings(card.question)
        rows.append((Button(first, f"{base} dates day"), Button(second, f"{base} dates month")))
    elif not card.missing and card.refusal is None:
        rows.append((Button(Phrase("✓ Import"), f"{base} import"),))
    rows.append(
        (Button(Phrase("Change a column"), f"{base} pick 0"), Button(Phrase("It is something else"), f"{base} kinds"))
    )
    rows.append((Button(Phrase("Put it aside"), f"{base} drop"),))
    return tuple(rows)


def columns_to_choose(card: MappingCard, page: int) -> Reply:
    """Which column is to be changed?"""
    base = f"/columns {card.file}"
    shown = card.guesses[page * COLUMNS_A_PAGE : (page + 1) * COLUMNS_A_PAGE]
    rows: list[tuple[Button, ...]] = [(Button(_label(guess), f"{base} col {guess.position} 0"),) for guess in shown]
    rows += _pages(f"{base} pick", page, len(card.guesses), COLUMNS_A_PAGE)
    rows.append((Button(Phrase("Back"), base),))
    return Reply((Text((Title(Phrase("Which column of {name}?", name=card.name)),), tuple(rows)),), in_place=True)


def _label(guess: Guess) -> Phrase:
    if guess.field is None:
        return Phrase("{column}: not used", column=_short(guess.header))
    return Phrase("{column} → {field}", column=_short(guess.header), field=WORDS[guess.field])


def _short(header: str) -> str:
    return header if len(header) <= LONGEST else header[: LONGEST - 1] + "…"


def fields_to_choose(card: MappingCard, position: int, page: int) -> Reply:
    """What is this column?"""
    base = f"/columns {card.file}"
    guess = card.guesses[position]
    shown = card.fields[page * FIELDS_A_PAGE : (page + 1) * FIELDS_A_PAGE]
    buttons = [Button(_ticked(field, guess), f"{base} set {position} {field}") for field in shown]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    rows += _pages(f"{base} col {position}", page, len(card.fields), FIELDS_A_PAGE)
    rows.append((Button(Phrase("Not used"), f"{base} set {position} -"), Button(Phrase("Back"), f"{base} pick 0")))
    lines: list[Line] = [Title(Phrase("What is “{column}”?", column=guess.header))]
    if guess.examples:
        lines.append(Phrase("It says: {examples}", examples=guess.examples))
    return Reply((Text(tuple(lines), tuple(rows)),), in_place=True)


def _ticked(field: str, guess: Guess) -> Phrase:
    return Phrase("✓ {field}", field=WORDS[field]) if field == guess.field else WORDS[field]


def _pages(base: str, page: int, n: int, a_page: int) -> list[tuple[Button, ...]]:
    row = []
    if page > 0:
        row.append(Button(Phrase("‹ Before"), f"{base} {page - 1}"))
    if (page + 1) * a_page < n:
        row.append(Button(Phrase("More ›"), f"{base} {page + 1}"))
    return [tuple(row)] if row else []


def kinds_to_choose(card: MappingCard) -> Reply:
    """What is the file?"""
    rows = [
        (Button(Phrase("This is {kind}", kind=words), f"/columns {card.file} kind {kind}"),)
        for kind, (words, _) in KINDS.items()
    ]
    rows.append((Button(Phrase("Back"), f"/columns {card.file}"),))
    return Reply((Text((Title(Phrase("What is {name}?", name=card.name)),), tuple(rows)),), in_place=True)


def imported_reply(name: str, receipt: Reply) -> Reply:
    """In the place of the card that it was imported, and the receipt below."""
    return Reply((Text((Phrase("✓ {name}: imported as the card said.", name=name),)), *receipt.parts), in_place=True)


def dropped_reply(name: str) -> Reply:
    return Reply((Text((Phrase("{name} was put aside; nothing was imported.", name=name),)),), in_place=True)


def import_columns_reply(read: ImportColumns) -> Reply:
    """How an import was read, and the button to be asked next time."""
    lines: list[Line] = [Title(Phrase("How the columns of {name} were read", name=read.name))]
    lines += [
        Item(Phrase("{column} → {field}", column=header, field=WORDS[field]))
        for field, header in read.columns.items()
        if field in WORDS
    ]
    if read.ask:
        return says(
            *lines,
            Gap(),
            Phrase("I ask you before I read the next file with this header. Send it, this one again if you like."),
        )
    if read.set_on is not None:
        lines += [Gap(), Phrase("You have set them so on {day}.", day=read.set_on)]
    lines += [
        Gap(),
        Phrase("If something is wrong here, let me ask: then send the file again, and the card lets you change it."),
    ]
    return says(*lines, buttons=((Button(Phrase("Ask me next time"), f"/columns ask {read.id}"),),))
