"""Who may be written to, how often and when: what Zhike ships with, per channel and country, and what the owner sets.

A country is one file in `countries`, with its rules as data; facts to go by, not legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Final, Literal

from engine.phrases import Name, Phrase

Consent = Literal["anyone", "bought", "agreed"]

ANY: Final = "any"  # all channels together
EVERYWHERE: Final = ""
# how one is reached through a channel: the field of a customer that must be known
ADDRESS: Final = MappingProxyType({"email": "email", "sms": "phone"})


@dataclass(frozen=True)
class Cap:
    """At most `n` messages to one customer within `days` days."""

    n: int
    days: int


@dataclass(frozen=True)
class Quiet:
    """Nothing from the hour `start` to the hour `end` (0 to 23) where the customer is; it may go past midnight."""

    start: int
    end: int

    def holds(self, hour: float) -> bool:
        if self.start <= self.end:
            return self.start <= hour < self.end
        return hour >= self.start or hour < self.end


@dataclass(frozen=True)
class ContactRule:
    """What holds for a channel in a country.

    `consent`: `anyone` who has not objected may be written to; `bought`: who agreed, or bought (within `bought_days`
    if given) and never objected; `agreed`: only who said yes. `postal`: each message names the sender's postal
    address. `why` says where that comes from.
    """

    consent: Consent = "bought"
    bought_days: int | None = None
    caps: tuple[Cap, ...] = ()
    quiet: Quiet | None = None
    postal: bool = False
    why: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Country:
    """`offsets`: the hours by which its clocks may differ from UTC, the least and the most, summer included.

    `rules` are the fields of a ContactRule that differ there, by channel.
    """

    code: str
    name: Name
    called: tuple[str, ...]
    offsets: tuple[float, float]
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


# what holds everywhere; the caps of WeChat are those of its service accounts (4 a month), of WeCom of its mass messages
DEFAULTS: Final[Mapping[str, ContactRule]] = MappingProxyType(
    {
        ANY: ContactRule(caps=(Cap(5, 7),), why=(Phrase("more than that is a nuisance, whatever the way"),)),
        "text": ContactRule(caps=(Cap(3, 7),)),
        "email": ContactRule(caps=(Cap(3, 7),)),
        "sms": ContactRule(
            consent="agreed",
            caps=(Cap(2, 7),),
            quiet=Quiet(21, 8),
            why=(Phrase("most countries ask for a yes before an advertising SMS"),),
        ),
        "wechat": ContactRule(
            consent="anyone",
            caps=(Cap(1, 1), Cap(4, 30)),
            why=(Phrase("who follows an account has agreed; WeChat allows 4 mass messages a month"),),
        ),
        "wecom": ContactRule(
            consent="anyone", caps=(Cap(1, 1),), why=(Phrase("WeCom allows one mass message a day to a customer"),)
        ),
        "telegram": ContactRule(
            consent="agreed", caps=(Cap(1, 1),), why=(Phrase("a bot reaches only those who have started it"),)
        ),
    }
)


@cache
def known_countries() -> Mapping[str, Country]:
    """All countries whose rules are known, by code."""
    folder = f"{__name__}.countries"
    found = [
        country
        for module in sorted(iter_modules([str(Path(__file__).parent / "countries")]), key=lambda one: one.name)
        for country in import_module(f"{folder}.{module.name}").COUNTRIES
    ]
    return MappingProxyType({country.code: country for country in found})


@cache
def _codes() -> Mapping[str, str]:
    return {
        name.casefold(): country.code
        for country in known_countries().values()
        for name in (country.code, country.name.en, country.name.zh, *country.called)
    }


def country_code(text: str | None) -> str:
    """The code of the country that a file or a founder calls so; `EVERYWHERE` for one without rules of its own."""
    return EVERYWHERE if text is None else _codes().get(text.strip().rstrip(".").casefold(), EVERYWHERE)


@dataclass(frozen=True)
class Rulebook:
    """The rules in force. `own`: what the owner has set, by (channel, country) and the name of a field.

    `home`: the code of the country of whom no country is known.
    """

    own: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    home: str = EVERYWHERE

    def rule(self, channel: str, country: str = EVERYWHERE) -> ContactRule:
        """The nearer word holds: of the country before everywhere, and of the owner before what Zhike ships with."""
        made = replace(DEFAULTS.get(channel, ContactRule()), **self.own.get((channel, EVERYWHERE), {}))
        if country == EVERYWHERE:
            return made
        shipped = known_countries()[country].rules.get(channel, {}) if country in known_countries() else {}
        return replace(made, **(dict(shipped) | dict(self.own.get((channel, country), {}))))

    def caps_of_all(self) -> tuple[Cap, ...]:
        """How many messages one customer gets through all channels together."""
        return self.rule(ANY).caps
