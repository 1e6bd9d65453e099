"""The traits of messages and their values, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.phrases import Phrase

TRAIT_WORDS: Mapping[str, Phrase] = MappingProxyType(
    {
        "tone": Phrase("tone"),
        "offer": Phrase("offer"),
        "call_to_action": Phrase("what it asks for"),
        "length": Phrase("length"),
    }
)
VALUE_WORDS: Mapping[tuple[str, str], Phrase] = MappingProxyType(
    {
        ("tone", "grateful"): Phrase("grateful"),
        ("tone", "helpful"): Phrase("helpful"),
        ("tone", "humble"): Phrase("humble"),
        ("tone", "matter-of-fact"): Phrase("matter-of-fact"),
        ("tone", "personal"): Phrase("personal"),
        ("tone", "warm"): Phrase("warm"),
        ("offer", "advice"): Phrase("advice"),
        ("offer", "none"): Phrase("no offer"),
        ("offer", "suggestion"): Phrase("a suggestion"),
        ("call_to_action", "come by"): Phrase("come by"),
        ("call_to_action", "reply yes"): Phrase("reply yes"),
        ("call_to_action", "tell me what you like"): Phrase("tell me what you like"),
        ("call_to_action", "write back"): Phrase("write back"),
        ("length", "medium"): Phrase("of medium length"),
        ("length", "short"): Phrase("short"),
    }
)


def trait_words(trait: str, value: str) -> Phrase:
    """Such as “tone: warm”; what an owner coined is told as it is written."""
    return Phrase("{trait}: {value}", trait=TRAIT_WORDS.get(trait, trait), value=VALUE_WORDS.get((trait, value), value))
