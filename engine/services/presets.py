"""Which line of business the shop is in, and what that makes of its events and attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from engine.features import presets
from engine.features.presets import Preset, Stage
from engine.intake import acts
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import attributes, events, meta, transaction

PRESET = "preset"


@dataclass(frozen=True)
class PresetCard:
    """A preset, and what of the shop's data it reads: events by stage and kind, attributes by what they carry."""

    name: str
    label: Phrase
    about: Phrase
    chosen: bool  # it is the shop's
    stages: Mapping[Stage, Mapping[str, int]]
    held: tuple[str, ...]
    activity: tuple[str, ...]
    satisfaction: tuple[str, ...]
    unread: tuple[str, ...]  # kinds of events that it gives no meaning


def current(db: Database) -> Preset:
    """The shop's preset; a shop's where none was chosen."""
    name = meta.read(db, PRESET)
    return presets.preset(name if name in {one.name for one in presets.presets()} and name else presets.USUAL)


def preset_names() -> tuple[str, ...]:
    return tuple(one.name for one in presets.presets())


def preset_labels() -> Mapping[str, Phrase]:
    """What each preset is called, by name."""
    return {one.name: one.label for one in presets.presets()}


def show_preset(shop: Shop) -> PresetCard:
    """The shop's preset."""
    with shop.open() as db:
        return _card(db, current(db))


def choose_preset(shop: Shop, name: str) -> PresetCard:
    """Make the preset of this name the shop's; the same again changes nothing. Raises NotAllowed if there is none."""
    chosen = presets.preset(name.strip().lower())
    with shop.open() as db, transaction(db):
        if current(db) != chosen:
            meta.write(db, PRESET, chosen.name)
        return _card(db, chosen)


def kind_words(kind: str) -> Phrase:
    """The kind of event in a sentence."""
    return acts.called(kind)


def _card(db: Database, preset: Preset) -> PresetCard:
    n_of = events.kinds(db)
    stages: dict[Stage, dict[str, int]] = {
        stage: {kind: n_of[kind] for kind in kinds if kind in n_of} for stage, kinds in preset.stages.items()
    }
    roles: dict[str | None, list[str]] = {}
    for one in attributes.all_of(db):
        roles.setdefault(preset.role_of(one.key), []).append(one.name)
    read = {kind for kinds in stages.values() for kind in kinds} | set(preset.leaving) | set(preset.ratings)
    return PresetCard(
        name=preset.name,
        label=preset.label,
        about=preset.about,
        chosen=current(db) == preset,
        stages=stages,
        held=tuple(roles.get("held", ())),
        activity=tuple(roles.get("activity", ())),
        satisfaction=tuple(roles.get("satisfaction", ())),
        unread=tuple(kind for kind in n_of if kind not in read),
    )
