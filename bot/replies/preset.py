"""Which line of business the shop is in, and what that makes of its data."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Reply, Title, says
from engine import STAGES, Phrase, PresetCard, kind_words, preset_labels


def preset_reply(card: PresetCard, *, changed: bool = False) -> Reply:
    """The preset, what it reads of the shop's events and columns, and buttons for the others."""
    head = Phrase("From now on: {business}", business=card.label) if changed else _named(card.label)
    lines: list[Line] = [Title(head), Phrase("Here {about}.", about=card.about)]
    stages = [
        Item(Phrase("{what}: {said}", what=STAGES[stage], said=tuple(_counted(kind, n) for kind, n in kinds.items())))
        for stage, kinds in card.stages.items()
        if kinds
    ]
    lines += [Gap(), Title(Phrase("What your events show")), *stages] if stages else [Phrase("No events yet.")]
    if card.unread:
        unread = tuple(kind_words(kind) for kind in card.unread)
        lines.append(Phrase("{what}: {said}", what=Phrase("without a meaning here"), said=unread))
    columns = [
        Item(Phrase("{what}: {said}", what=what, said=names))
        for what, names in (
            (Phrase("what they have"), card.held),
            (Phrase("how active they are"), card.activity),
            (Phrase("how content they are"), card.satisfaction),
        )
        if names
    ]
    if columns:
        lines += [Gap(), Title(Phrase("What your columns show")), *columns]
    others = tuple(Button(label, f"/preset {name}") for name, label in preset_labels().items() if name != card.name)
    return says(*lines, buttons=(others,))


def _named(label: Phrase) -> Phrase:
    return Phrase("Preset: {business}", business=label)


def _counted(kind: str, n: int) -> Phrase:
    return Phrase("{kind} {n}×", kind=kind_words(kind), n=n)
