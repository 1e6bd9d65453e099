"""What of a command the shop's helpers may say; the rest is the owner's alone.

A helper looks and drafts. Whatever acts in the shop's name is the owner's: to approve, send, undo and drop, to bring
data in or take them away as files, to change rules, limits, settings and who may talk here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from engine import NotAllowed, Phrase

OWNER, HELPER = "owner", "helper"


@dataclass(frozen=True)
class Lines:
    """The words behind a command's name, by forms such as `show #` and `for …`.

    `#` is a number, `*` any letters, `…` at the end any words or none. `but`: which of them are not meant after all,
    in capitals or not.
    """

    forms: tuple[str, ...]
    but: tuple[str, ...] = ()

    def hold(self, text: str) -> bool:
        """Whether a line of these words is meant."""
        words = text.split()
        lowered = [word.lower() for word in words]
        return any(_fits(form, words) for form in self.forms) and not any(_fits(form, lowered) for form in self.but)


ANYTHING = Lines(("…",))
NOTHING = Lines(())


def only(*forms: str) -> Lines:
    return Lines(forms)


def all_but(*forms: str) -> Lines:
    return Lines(("…",), forms)


def refusal_of_helper() -> NotAllowed:
    return NotAllowed(
        Phrase("Only the shop's owner may do this; as a helper you can look at everything and draft campaigns.")
    )


def _fits(form: str, words: list[str]) -> bool:
    *wanted, last = form.split() or [""]
    if last == "…":
        return len(words) >= len(wanted) and _all_fit(wanted, words)
    wanted = [*wanted, last] if last else wanted
    return len(words) == len(wanted) and _all_fit(wanted, words)


def _all_fit(wanted: list[str], words: list[str]) -> bool:
    return all(
        word.isdecimal() if form == "#" else fnmatchcase(word, form) for form, word in zip(wanted, words, strict=False)
    )
