"""How much a list of recommendations rests on, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.phrases import Phrase, counted

FEW_CUSTOMERS = 100  # who bought something: fewer say little of what goes with what


def caution(personal: Sequence[bool], extent: Mapping[str, int]) -> Phrase | None:
    """What to know before one trusts a list, of whose products these are `personal`; learned from such an extent."""
    n_popular = sum(not one for one in personal)
    if n_popular and n_popular == len(personal):
        return Phrase("This customer has not bought a product yet, so these are simply the ones most people buy now.")
    if extent["customers"] < FEW_CUSTOMERS:
        return counted(
            "Take this as a hint: it rests on the orders of {n} customer.",
            "Take this as a hint: it rests on the orders of {n} customers.",
            n=extent["customers"],
        )
    if n_popular:
        return counted(
            "{n} of these is not personal, only popular: there is little to go by for this customer.",
            "{n} of these are not personal, only popular: there is little to go by for this customer.",
            n=n_popular,
        )
    return None
