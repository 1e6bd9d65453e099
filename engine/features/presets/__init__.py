"""Presets: what events and attributes mean in one line of business. `finance.py` is the preset `finance`.

A new preset is one file here with a line `PRESET = Preset(…)`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Literal

from engine.errors import NotAllowed
from engine.phrases import Phrase

Stage = Literal["awareness", "interest", "evaluation", "purchase", "use", "loyalty"]
STAGES: Final[Mapping[Stage, Phrase]] = {
    "awareness": Phrase("getting to know"),
    "interest": Phrase("interested"),
    "evaluation": Phrase("weighing it up"),
    "purchase": Phrase("buying"),
    "use": Phrase("using"),
    "loyalty": Phrase("loyal"),
}
USUAL: Final = "shop"
_ENOUGH = 2  # signs of a line of business


@dataclass(frozen=True)
class Preset:
    """One line of business.

    `stages` says which kinds of events show that a customer is there, `ratings` which carry a rating as their value,
    `leaving` which say that somebody turns away. Words for attributes are folded as headers are: `activity` tells how
    active somebody is, `held` what they have, `satisfaction` how content they are; `signs` are attributes by which the
    line is known, `deeds` the kinds of events.
    """

    name: str
    label: Phrase
    about: Phrase
    stages: Mapping[Stage, tuple[str, ...]]
    ratings: tuple[str, ...]
    leaving: tuple[str, ...]
    activity: tuple[str, ...]
    held: tuple[str, ...]
    satisfaction: tuple[str, ...]
    signs: tuple[str, ...]
    deeds: tuple[str, ...]

    def stage_of(self, kind: str) -> Stage | None:
        """The stage that an event of this kind shows."""
        return next((stage for stage, kinds in self.stages.items() if kind in kinds), None)

    def role_of(self, key: str) -> Literal["activity", "held", "satisfaction"] | None:
        """What an attribute carries, by its folded name."""
        if _names(self.satisfaction, key):
            return "satisfaction"
        if _names(self.held, key):
            return "held"
        return "activity" if _names(self.activity, key) else None

    def n_signs(self, attributes: Collection[str], kinds: Collection[str]) -> int:
        """How many of its signs are among attributes' folded names and kinds of events."""
        words = sum(any(_names((sign,), key) for key in attributes) for sign in self.signs)
        return words + sum(kind in kinds for kind in self.deeds)


def _names(words: Collection[str], key: str) -> bool:
    """A long word, or a Chinese one, may be part of a name: “持有产品” of “持有产品数量”."""
    return any(word == key or ((len(word) > 4 or not word.isascii()) and word in key) for word in words)


@cache
def presets() -> tuple[Preset, ...]:
    """All presets, by name."""
    found = [import_module(f"{__name__}.{module.name}").PRESET for module in iter_modules(__path__)]
    return tuple(sorted(found, key=lambda preset: str(preset.name)))


def preset(name: str) -> Preset:
    """The preset of this name. Raises NotAllowed if there is none."""
    found = next((one for one in presets() if one.name == name), None)
    if found is None:
        raise NotAllowed(
            Phrase(
                "There is no preset {name}; there are: {known}.",
                name=name,
                known=tuple(one.name for one in presets()),
            )
        )
    return found


def proposed(current: str, attributes: Collection[str], kinds: Collection[str]) -> str | None:
    """The preset that such data suggest, where they clearly speak for another one than the current."""
    signs = {one.name: one.n_signs(attributes, kinds) for one in presets()}
    best = max(signs, key=lambda name: signs[name])
    return best if signs[best] >= _ENOUGH and signs[best] > signs.get(current, 0) else None
