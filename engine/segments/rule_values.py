"""A number in a rule, with its unit and what stands behind it: ¥1.5万, 60 days ago, 30%, 2026-05-03, 3 or more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.segments import rule_signs as signs
from engine.segments.conditions import RuleField, Sign

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_NUMBER = re.compile(r"[¥$€£]?\s*([-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)\s*[¥$€£]?")
_TIMES = re.compile(r"\s*(" + signs.pattern(list(signs.TIMES)) + ")", re.I)
_CURRENCY = re.compile(r"\s*(" + signs.pattern(list(signs.CURRENCIES)) + ")", re.I)
_UNIT = re.compile(r"\s*(" + signs.pattern(list(signs.UNITS)) + ")", re.I)
_COUNT = re.compile(r"\s*(" + signs.pattern(list(signs.COUNTS)) + ")", re.I)
_PERCENT = re.compile(r"\s*%")
_AFTER = re.compile(r"\s*(" + signs.AFTER.pattern + ")", re.I)
_AGO = re.compile(r"\s*(ago\b|前|以前)", re.I)


@dataclass(frozen=True)
class Number:
    """`sign` is one that stands behind the number, such as “or more”; `end` where all of it ends."""

    value: float | date
    sign: Sign | None
    end: int


def number_at(text: str, at: int, field: RuleField) -> Number | None:
    """The number or date that stands at this place. Raises NotAllowed where it does not go with the field."""
    day = _DAY.match(text, at)
    if day is not None:
        return _dated(day, text, field)
    found = _NUMBER.match(text, at)
    if found is None:
        return None
    value, at = float(found[1].replace(",", "")), found.end()
    times = _TIMES.match(text, at)
    if times is not None:
        value, at = value * signs.TIMES[times[1].casefold()], times.end()
    value, at = _with_unit(value, text, at, field)
    behind = _AFTER.match(text, at)
    if behind is None:
        return Number(value, None, at)
    word = " ".join(behind[1].casefold().split())
    return Number(value, signs.BEHIND[word], behind.end())


def _with_unit(value: float, text: str, at: int, field: RuleField) -> tuple[float, int]:
    if field.kind == "share":
        percent = _PERCENT.match(text, at)
        return (value / 100, percent.end()) if percent else (value, at)
    if field.kind == "days":
        unit = _UNIT.match(text, at)
        if unit is not None:
            value, at = value * signs.UNITS[" ".join(unit[1].casefold().split())], unit.end()
        ago = _AGO.match(text, at)
        return value, ago.end() if ago else at
    allowed = _CURRENCY if field.kind == "money" else _COUNT
    unit = allowed.match(text, at)
    # “orders > 3 orders > 4”: what a sign follows is no unit
    if unit is not None and signs.SIGN.match(text[unit.end() :].lstrip()) is None:
        return value, unit.end()
    foreign = _UNIT.match(text, at) or _CURRENCY.match(text, at) or _COUNT.match(text, at) or _PERCENT.match(text, at)
    if foreign is not None and signs.SIGN.match(text[foreign.end() :].lstrip()) is None:
        raise NotAllowed(
            Phrase(
                "“{unit}” does not go with {field}; write the number alone.",
                unit=foreign[0].strip(),
                field=Phrase("“{name}”", name=field.words),
            )
        )
    return value, at


def _dated(day: re.Match[str], text: str, field: RuleField) -> Number:
    if not field.ago:
        raise NotAllowed(
            Phrase("{field} is no date; write a number after it.", field=Phrase("“{name}”", name=field.words))
        )
    try:
        value = date(int(day[1]), int(day[2]), int(day[3]))
    except ValueError as error:
        raise NotAllowed(
            Phrase("“{day}” is no day of the calendar; write one such as 2026-05-03.", day=day[0].strip())
        ) from error
    behind = _AFTER.match(text, day.end())
    if behind is None:
        return Number(value, None, day.end())
    return Number(value, signs.BEHIND[" ".join(behind[1].casefold().split())], behind.end())
