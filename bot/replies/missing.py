"""What is missing, one field's gaps, and a choice that was made."""

from __future__ import annotations

from collections.abc import Sequence

from bot.replies import Button, Gap, Item, Line, Picture, Reply, Text, Title, says
from engine import (
    MissingChoice,
    MissingDetail,
    MissingField,
    MissingReport,
    MissingUse,
    Phrase,
    counted,
    in_percent,
    treatment_words,
)

SHOWN = 14  # fields in words; the picture and --json have more
MOST_BYTES = 64


def report_reply(report: MissingReport, picture: bytes | None) -> Reply:
    """A picture of all fields, then each gap with its pattern, what it means, and a button to each field."""
    gappy = [one for one in report.fields if one.gaps.n_missing]
    gappy.sort(key=lambda one: -one.gaps.share)
    absent = tuple(one.gaps.field.words for one in gappy if _is_absent(one))
    lines: list[Line] = [Phrase("Not known of anybody yet: {fields}.", fields=absent), Gap()] if absent else []
    partly = [one for one in gappy if not _is_absent(one)]
    for one in partly[:SHOWN]:
        pattern = () if one.gaps.is_at_random else one.gaps.sentences
        lines += [Title(_how_much(one)), *(Item(sentence) for sentence in pattern), *_suggested(one)]
    if len(partly) > SHOWN:
        more = len(partly) - SHOWN
        lines.append(counted("And {n} more field, less incomplete.", "And {n} more fields, less incomplete.", n=more))
    random = tuple(one.gaps.field.words for one in gappy if one.gaps.is_at_random)
    if random:
        lines += [Gap(), _at_random(random)]
    if gappy:
        lines.append(Gap())
    lines += [Title(Phrase("What it means")), *_uses(report.uses), Gap()]
    lines += [Title(Phrase("How gaps are treated")), *_treatments(report), Gap(), report.limit]
    ours = [one for one in gappy[:SHOWN] if one.gaps.table == "customers"]
    buttons = tuple((Button(one.gaps.field.words, f"/missing {_handle(one)}"),) for one in ours)
    head = headline(report)
    if picture is None:
        return Reply((Text((Title(head), Gap(), *lines), buttons),))
    return Reply((Picture(picture, (head,)), Text(tuple(lines), buttons)))


def _is_absent(one: MissingField) -> bool:
    return one.gaps.table == "customers" and one.gaps.n_missing == one.gaps.n


def headline(report: MissingReport) -> Phrase:
    n = sum(one.gaps.n_missing > 0 for one in report.fields)
    if n == 0:
        return Phrase("Nothing is missing in your data.")
    return Phrase("Something is missing in {n} of {total} fields.", n=n, total=len(report.fields))


def field_reply(detail: MissingDetail) -> Reply:
    """One field: its gaps, what suits them, and a button for each treatment that can be chosen."""
    one = detail.field
    lines: list[Line] = [Title(_how_much(one)), *(Item(sentence) for sentence in one.gaps.sentences)]
    lines += [Item(_use(use.words, use.sentence)) for use in detail.uses]
    if one.suggestion is not None:
        words, reason = treatment_words(one.suggestion.treatment), one.suggestion.reason
        lines += [Gap(), Title(Phrase("What I suggest")), Phrase("{what}: {why}", what=words, why=reason)]
    can = [option for option in detail.options if option.refusal is None]
    lines += [Gap(), Title(Phrase("What you can choose"))]
    lines += [Item(Phrase("{what}: {why}", what=option.words, why=option.meaning)) for option in can]
    refused = [(option.words, option.refusal) for option in detail.options if option.refusal is not None]
    if refused:
        lines += [Gap(), Title(Phrase("What does not work here"))]
        lines += [Item(Phrase("{what}: {why}", what=words, why=why)) for words, why in refused]
    lines += [Gap(), detail.limit]
    buttons = [
        (
            Button(
                Phrase("✓ {what}", what=option.words) if option.name == one.treatment else option.words,
                _line("set", one, option.name),
            ),
        )
        for option in can
    ]
    buttons.append((Button(Phrase("All fields"), "/missing"),))
    return Reply((Text(tuple(lines), tuple(buttons)),))


def choice_reply(choice: MissingChoice) -> Reply:
    """What holds from now on."""
    facts = {"field": choice.field.words, "what": choice.words}
    first = Phrase("From now on, gaps in {field}: {what}.", **facts)
    if not choice.changed:
        first = Phrase("Gaps in {field} were treated so already: {what}.", **facts)
    return says(
        first,
        Phrase("What your files told stays as it is, and each result that uses it says how gaps were treated."),
        buttons=((Button(Phrase("All fields"), "/missing"),),),
    )


def _how_much(one: MissingField) -> Phrase:
    return Phrase(
        "{field}: {n} of {total} missing ({share})",
        field=one.gaps.field.words,
        n=one.gaps.n_missing,
        total=one.gaps.n,
        share=in_percent(one.gaps.share),
    )


def _at_random(fields: tuple[Phrase, ...]) -> Phrase:
    return Phrase(
        "Missing at random, as far as your data show: {fields}. I compared those with and without it in everything "
        "else that is known (Fisher's exact test, corrected for so many looks).",
        fields=fields,
    )


def _suggested(one: MissingField) -> list[Line]:
    if one.suggestion is None:
        return []
    words = treatment_words(one.suggestion.treatment)
    return [Item(Phrase("Suggested: {what}. {why}", what=words, why=one.suggestion.reason))]


def _uses(uses: Sequence[MissingUse]) -> list[Line]:
    """A line for each sentence, in front of it what it holds for."""
    by_sentence: dict[Phrase, list[Phrase]] = {}
    for use in uses:
        by_sentence.setdefault(use.sentence, []).append(use.words)
    return [
        Item(_use(words[0] if len(words) == 1 else Phrase("{facts}", facts=tuple(words)), sentence))
        for sentence, words in by_sentence.items()
    ]


def _use(words: Phrase, sentence: Phrase) -> Phrase:
    return Phrase("{what}: {why}", what=words, why=sentence)


def _treatments(report: MissingReport) -> list[Line]:
    chosen = [one for one in report.fields if one.chosen is not None]
    lines: list[Line] = [
        Item(Phrase("{what}: {why}", what=one.gaps.field.words, why=treatment_words(one.treatment))) for one in chosen
    ]
    if not chosen:
        return [Phrase("Nothing is filled in: unknown stays unknown until you choose otherwise.")]
    return [*lines, Phrase("In all other fields unknown stays unknown.")]


def _handle(one: MissingField) -> str:
    """How a button names the field: by its key, or shorter where that would not fit."""
    longest = f"/missing set {one.gaps.field.key} interpolate"
    return one.gaps.field.key if len(longest.encode()) <= MOST_BYTES else one.ref


def _line(deed: str, one: MissingField, treatment: str) -> str:
    return f"/missing {deed} {_handle(one)} {treatment}"
