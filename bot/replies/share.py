"""Reports that may be shared: the card before one is made, the report, and what was spent so far."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.replies import Button, Buttons, File, Gap, Item, Line, Part, Picture, Reply, Text, Title
from engine import Budget, MadeReport, Phrase, PrivateReport, ReportLine, ReportOffer, Section, counted

MOST_NAMED = 5  # groups that are too small to tell
SMALL = 1000  # customers, below which a report needs more of the budget to say much
RICH = 1.0
FEW_LISTED = 6  # reports


def offer_reply(offer: ReportOffer, words: str, for_whom: str) -> Reply:
    """What would be told, to whom, for how much; `words` are those that ask for the same again."""
    lines: list[Line] = [
        Title(Phrase("A report that you may pass on")),
        Phrase("For a contractor, an investor or a language model: figures with noise in them, and nobody's data."),
        Gap(),
        Phrase("What is in it: {contents}.", contents=offer.contents),
        Phrase(
            "Never in it: a customer, a product, an address, the shop's name, the day of an import. "
            "It tells how things stand on {as_of}.",
            as_of=offer.as_of,
        ),
        Phrase("For: {whom}", whom=for_whom) if for_whom else Phrase("For: not said yet"),
        Gap(),
        _price(offer),
        _noise(offer),
    ]
    if offer.demo:
        lines.append(Phrase("This is the demo shop: what is spent here does not count for your own customers."))
    if offer.same is not None:
        lines.append(
            Phrase(
                "Report {number} was made of the same data: making it again gives the same figures and costs nothing.",
                number=str(offer.same),
            )
        )
    return Reply((Text(tuple(lines), _offer_buttons(offer, words, for_whom)),))


def made_reply(made: MadeReport, budget: Budget, pictures: Sequence[bytes], files: Sequence[File]) -> Reply:
    """The report in words and pictures, and the files to pass on."""
    report = made.report
    head = Phrase("Report {number}", number=str(made.id))
    shown: list[Part] = [Picture(png, (head,) if not at else ()) for at, png in enumerate(pictures)]
    lines: list[Line] = [
        Title(head),
        *_sections(report),
        Gap(),
        *report.guarantee,
        Gap(),
        _spent(made, budget),
    ]
    return Reply((*shown, Text(tuple(lines)), *files), settled=Text((_settled(made),)))


def report_lines(report: PrivateReport) -> list[Line]:
    """All that a report says, for people."""
    return [*_sections(report), Gap(), *report.guarantee]


def budget_reply(budget: Budget, made: Sequence[ReportLine]) -> Reply:
    """What was spent when, on which report, for whom, and what is left."""
    lines: list[Line] = [
        Title(Phrase("The privacy budget")),
        Phrase("{spent:.2f} of {total:.2f} is spent, {left:.2f} is left.", **_of(budget)),
        Phrase(
            "It is never filled up again: every new report tells a little more of the same customers, and only a total "
            "that ends is a promise."
        ),
        *(Item(_line(one)) for one in made),
    ]
    if budget.elsewhere > 0:
        lines.append(
            Item(Phrase("{epsilon:.2f} by reports that this copy of the data does not have", epsilon=budget.elsewhere))
        )
    buttons = tuple(
        (Button(Phrase("Pass report {number} on (costs nothing)", number=str(one.id)), f"/share again {one.id}"),)
        for one in made[:FEW_LISTED]
    )
    return Reply((Text(tuple(lines), buttons),))


def for_whom_reply(awaits: str) -> Reply:
    return Reply((Text((Phrase("For whom is it? A word or two, such as: the investor."),)),), awaits=awaits)


def section_lines(section: Section) -> list[Line]:
    """The figures of a section, and what of it is too small to tell."""
    lines: list[Line] = [Title(section.title), section.note]
    if section.below is None:
        return [*lines, *(Item(Phrase("{label}: {said}", label=one.label, said=one.said)) for one in section.entries)]
    lines += [Item(Phrase("{label}: {said}", label=one.label, said=one.said)) for one in section.shown]
    hidden = section.hidden
    if 0 < len(hidden) <= MOST_NAMED:
        labels = tuple(one.label for one in hidden)
        lines.append(Item(Phrase("too few to tell (under {below}): {labels}", below=section.below, labels=labels)))
    elif hidden:
        lines.append(
            Item(
                counted(
                    "{n} more with too few to tell (under {below})",
                    "{n} more with too few to tell (under {below})",
                    n=len(hidden),
                    below=section.below,
                )
            )
        )
    return lines


def _sections(report: PrivateReport) -> list[Line]:
    lines: list[Line] = [] if report.caution is None else [report.caution]
    for section in report.sections:
        lines += [Gap(), *section_lines(section)]
    return lines


def _price(offer: ReportOffer) -> Phrase:
    return Phrase(
        "It uses {epsilon:.2f} of the privacy budget, of which {left:.2f} of {total:.2f} is left, for good: nothing "
        "that anybody concludes from it gets more than {factor:.1f} times as likely by one customer being there.",
        epsilon=offer.epsilon,
        left=offer.budget.left,
        total=offer.budget.total,
        factor=math.exp(offer.epsilon),
    )


def _noise(offer: ReportOffer) -> Phrase:
    facts = {"half": offer.give_or_take, "n": offer.n_customers}
    if offer.n_customers < 10 * offer.give_or_take:
        return Phrase(
            "The noise moves the count of a group by up to {half}, and you have {n} customers: most groups will be too "
            "small to tell. That is the price of hiding each one of so few.",
            **facts,
        )
    return Phrase("The noise moves the count of a group by up to {half}, and you have {n} customers.", **facts)


def _offer_buttons(offer: ReportOffer, words: str, for_whom: str) -> Buttons:
    note = f" for {for_whom}" if for_whom else ""
    rows: list[tuple[Button, ...]] = []
    if offer.same is not None:
        rows.append((Button(Phrase("Show the same report (costs nothing)"), f"/share make {words}{note}"),))
    elif offer.budget.allows(offer.epsilon):
        label = Phrase("Make it (uses {epsilon:.2f} of the budget)", epsilon=offer.epsilon)
        rows.append((Button(label, f"/share make {words}{note}"),))
    if not for_whom:
        rows.append((Button(Phrase("Say for whom"), f"/share ask {words}"),))
    if offer.n_customers < SMALL and offer.epsilon < RICH and offer.budget.allows(RICH):
        more = " ".join([f"{RICH:g}", *words.split()[1:]])
        rows.append((Button(Phrase("Less noise, for {epsilon:.2f}", epsilon=RICH), f"/share {more}{note}"),))
    if offer.made:
        rows.append((Button(Phrase("Reports so far, and the budget"), "/share budget"),))
    return tuple(rows)


def _spent(made: MadeReport, budget: Budget) -> Phrase:
    if made.anew:
        return Phrase(
            "{epsilon:.2f} was spent on it; {left:.2f} of {total:.2f} is left.",
            epsilon=made.report.epsilon,
            left=budget.left,
            total=budget.total,
        )
    return Phrase(
        "These are the figures of {made:%Y-%m-%d} again, so nothing was spent; {left:.2f} of {total:.2f} is left.",
        made=made.made_at,
        left=budget.left,
        total=budget.total,
    )


def _settled(made: MadeReport) -> Phrase:
    if not made.for_whom:
        return Phrase("Report {number} is below.", number=str(made.id))
    return Phrase("Report {number}, for {whom}, is below.", number=str(made.id), whom=made.for_whom)


def _line(one: ReportLine) -> Phrase:
    whom = tuple(dict.fromkeys(name for name in (one.for_whom, *(name for _, name in one.copies)) if name))
    facts = {"number": str(one.id), "at": one.made_at, "epsilon": one.epsilon, "as_of": one.as_of}
    if whom:
        return Phrase("report {number} of {at:%Y-%m-%d}: {epsilon:.2f}, as of {as_of}, for {whom}", **facts, whom=whom)
    return Phrase("report {number} of {at:%Y-%m-%d}: {epsilon:.2f}, as of {as_of}", **facts)


def _of(budget: Budget) -> dict[str, float]:
    return {"spent": budget.spent, "total": budget.total, "left": budget.left}
