"""What holds of who may be written to, how often and when; the owner sees it and changes it, and each word is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from engine import store
from engine.campaigns.channels import channels
from engine.campaigns.rules import ANY, EVERYWHERE, ContactRule, known_countries
from engine.campaigns.rules.words import APPROVAL, HOME, UNDO, Change, read
from engine.phrases import Name, Phrase
from engine.services.contact import home, of_shop, rulebook
from engine.shop import Shop
from engine.store import contact_rules, trail
from engine.store.contact_rules import Setting

SET = "contact rule set"
SHOWN = 10  # of the owner's words


@dataclass(frozen=True)
class RuleLine:
    """What holds for a channel in a country; `country` is None for everywhere. `own`: which parts the owner has set."""

    channel: str
    channel_name: Phrase
    code: str
    country: Name | None
    rule: ContactRule
    own: tuple[str, ...]


@dataclass(frozen=True)
class ContactRules:
    """All rules in force. `all_channels` has the caps over all channels together; `home` is where the shop is."""

    all_channels: ContactRule
    lines: tuple[RuleLine, ...]
    undo_minutes: int
    approval_days: int
    home: Name | None
    history: tuple[Setting, ...]


def show_contact_rules(shop: Shop, channel: str | None = None) -> ContactRules:
    """What holds everywhere, at home and where the owner has set something; of one channel, in each country."""
    with shop.open() as db:
        return _shown(db, channel)


def set_contact_rule(shop: Shop, text: str, *, who: str = "owner") -> tuple[Change, ContactRules]:
    """Let hold what `text` says, such as “email cap 2/7”. Raises NotAllowed if it cannot be understood.

    What holds already is not stored again.
    """
    change = read(text)
    with shop.open() as db, store.transaction(db):
        before = contact_rules.in_force(db).get((change.channel, change.country, change.name))
        if before != change.value and trail.done_before(db, SET, shop.cause) is None:
            contact_rules.add(
                db,
                channel=change.channel,
                country=change.country,
                name=change.name,
                value=change.value,
                who=who,
                cause=shop.cause,
                at=shop.now(),
            )
            subject = f"{change.channel} {change.country or 'everywhere'} {change.name}"
            trail.add(db, at=shop.now(), who=who, deed=SET, subject=subject, cause=shop.cause)
        return change, _shown(db, None if change.channel == ANY else change.channel)


def _shown(db: Database, channel: str | None) -> ContactRules:
    book, at_home = rulebook(db), home(db)
    own: dict[tuple[str, str], list[str]] = {}
    for where, country, name in contact_rules.in_force(db):
        own.setdefault((where, country), []).append(name)
    lines = []
    for key, one in channels().items():
        if channel not in (None, key):
            continue
        for code in _codes(key, channel, own, at_home):
            place = known_countries().get(code)
            lines.append(
                RuleLine(
                    key,
                    one.title,
                    code,
                    None if place is None else place.name,
                    book.rule(key, code),
                    tuple(own.get((key, code), ())),
                )
            )
    here = known_countries().get(at_home)
    return ContactRules(
        all_channels=book.rule(ANY),
        lines=tuple(lines),
        undo_minutes=of_shop(db, UNDO),
        approval_days=of_shop(db, APPROVAL),
        home=None if here is None else here.name,
        history=tuple(contact_rules.history(db, SHOWN)),
    )


def _codes(channel: str, chosen: str | None, own: Mapping[tuple[str, str], list[str]], at_home: str) -> list[str]:
    """Everywhere, then the countries of which something else holds that is worth a line."""
    differs = {code for code, country in known_countries().items() if channel in country.rules}
    shown = {code for where, code in own if where == channel} | ({at_home} & differs)
    if chosen is not None:
        shown |= differs
    return [EVERYWHERE, *sorted(shown - {EVERYWHERE})]


__all__ = ["APPROVAL", "HOME", "UNDO", "Change", "ContactRules", "RuleLine", "set_contact_rule", "show_contact_rules"]
