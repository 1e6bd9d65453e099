"""Phone numbers with and without the code of their country, and numbers that only fill a field."""

from __future__ import annotations

import re
from typing import Final

# Source: ITU-T E.164, the list of assigned country codes; no code begins another.
_INTERNATIONAL: Final = re.compile(
    r"(1(?=[2-9]\d\d[2-9])|7|2(?:[07]|[1-689]\d)|3(?:[0-469]|[578]\d)|4(?:[013-9]|2\d)|5(?:[1-8]|[09]\d)"
    r"|6(?:[0-6]|[789]\d)|8(?:[1246]|[0578]\d)|9(?:[0-58]|[679]\d))(\d+)"
)
_FEWEST: Final = 7  # digits of a number within its country
_FEWEST_UNMARKED: Final = 10  # with the code, where no + says that there is one
_RUSSIA: Final = re.compile(r"8(\d{10})")
_ASCENDING: Final = "01234567890123456789"
_DESCENDING: Final = _ASCENDING[::-1]


def is_dummy(number: str) -> bool:
    """Whether the digits, + in front or not, are one digit repeated or a row such as 12345678."""
    digits = number.removeprefix("+")
    within = _INTERNATIONAL.fullmatch(digits) if digits != number else None
    if within is not None and len(within[2]) >= _FEWEST and len(set(within[2])) == 1:
        return True
    return len(set(digits)) == 1 or digits in _ASCENDING or digits in _DESCENDING


def forms(number: str) -> tuple[tuple[str, str], ...]:
    """What the number (as `words.phone` gives it) may be: pairs of country code and number within the country.

    The code is "" where the number may be of any country. Without the 0 that is dialled within a country only.
    """
    digits = number.removeprefix("+")
    abroad = _INTERNATIONAL.fullmatch(digits)
    found = []
    if digits == number:
        found.append(("", digits.lstrip("0")))
        russian = _RUSSIA.fullmatch(digits)
        if russian is not None:
            found.append(("7", russian[1]))
        if len(digits) < _FEWEST_UNMARKED:
            abroad = None
    if abroad is not None:
        found.append((abroad[1], abroad[2].lstrip("0")))
    return tuple((code, within) for code, within in found if len(within) >= _FEWEST)


def may_be_one(number: str, other: str) -> bool:
    """Whether two numbers are the same, or one is the other with the code of a country in front."""
    return number == other or any(
        within == also and (code == other_code or not (code and other_code))
        for code, within in forms(number)
        for other_code, also in forms(other)
    )
