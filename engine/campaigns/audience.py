"""Who may be written to, and why the others may not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pandas as pd

from engine import columns as c
from engine.campaigns.rules import ADDRESS, ANY, ContactRule, Rulebook, country_code
from engine.phrases import Phrase

UNSUBSCRIBED = Phrase("unsubscribed")
UNSUBSCRIBED_SINCE = Phrase("unsubscribed after the draft")
SAME_PERSON = Phrase("the same person is in it already")
NO_CONSENT = Phrase("no consent on record")
NO_ADDRESS = Phrase("no address for this channel")
SAME_ADDRESS = Phrase("somebody with the same address gets it already")
CAPPED = Phrase("got enough messages lately")

GRANTED = "granted"
WITHDRAWN = "withdrawn"

# in which a name, a host and its ending are all there; SMTP without extensions takes ASCII only
EMAIL = r"[\x21-\x3f\x41-\x7e]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?\.[A-Za-z0-9-]{2,}"
FEWEST_DIGITS = 7

Ids = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """The messages of one channel, or of `ANY`, in the last so many days."""

    channel: str
    days: int


@dataclass(frozen=True)
class Rules:
    """By which rules somebody is let in on a channel.

    `sent` is how many messages each customer got in each of `windows`; a customer that is not in it got none.
    """

    channel: str = "text"
    book: Rulebook = field(default_factory=Rulebook)
    sent: Mapping[Window, Mapping[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """`included` in the order of the frame; `excluded` with the reason, the message of a phrase without facts."""

    included: Ids
    excluded: Mapping[int, str]

    def reasons(self) -> Mapping[str, int]:
        """How many are excluded, by reason; the most common first."""
        return dict(Counter(self.excluded.values()).most_common())


def days_since(last_order: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """Calendar days from each last order (ISO 8601 text) to `as_of`; missing for who never ordered."""
    return (as_of - pd.to_datetime(last_order, format="ISO8601").dt.normalize()).dt.days


def audience(customers: pd.DataFrame, consent: Mapping[int, str], rules: Rules) -> Audience:
    """Each of `customers` is in or out: columns customer, recency_days (missing for who never ordered) and, where
    they are known, email, phone and country.

    `consent` holds each customer's newest word; who is not in it has given none. The first reason counts.
    """
    ids = customers[c.CUSTOMER].to_numpy(np.int64)
    left = np.ones(ids.size, np.bool_)
    excluded: dict[int, str] = {}
    withdrawn = _says(ids, consent, WITHDRAWN)
    by_country = [(rules.book.rule(rules.channel, code), here) for code, here in in_countries(customers, rules.book)]
    reasons = (
        (UNSUBSCRIBED, withdrawn),
        (NO_CONSENT, _without_consent(customers, _says(ids, consent, GRANTED), by_country)),
        (NO_ADDRESS, ~reachable(customers, rules.channel)),
        (CAPPED, _capped(ids, rules, by_country)),
    )
    for reason, out in reasons:
        excluded |= dict.fromkeys(ids[left & out].tolist(), reason.message)
        left &= ~out
    doubled = left & _doubled(customers, rules.channel, left)
    excluded |= dict.fromkeys(ids[doubled].tolist(), SAME_ADDRESS.message)
    return Audience(ids[left & ~doubled], MappingProxyType(excluded))


def in_countries(customers: pd.DataFrame, book: Rulebook) -> Iterable[tuple[str, Flags]]:
    """The code of each country that customers are in, and who is; of whom it is not known, the shop's own."""
    if c.COUNTRY not in customers:
        return ((book.home, np.ones(len(customers), np.bool_)),)
    numbers, texts = pd.factorize(customers[c.COUNTRY])
    codes = np.array([*(country_code(str(text)) for text in texts), book.home], dtype=object)[numbers]
    return tuple((str(code), codes == code) for code in sorted(set(codes.tolist())))


def windows(book: Rulebook, channel: str, codes: Iterable[str]) -> frozenset[Window]:
    """What has to be counted for the caps on this channel in these countries."""
    own = {Window(channel, cap.days) for code in codes for cap in book.rule(channel, code).caps}
    return frozenset(own | {Window(ANY, cap.days) for cap in book.caps_of_all()})


def reachable(customers: pd.DataFrame, channel: str) -> Flags:
    """Who has the address that the channel needs, with no part of it hidden (186******05)."""
    field_ = ADDRESS.get(channel)
    if field_ is None:
        return np.ones(len(customers), np.bool_)
    if field_ not in customers:
        return np.zeros(len(customers), np.bool_)
    texts = customers[field_].astype("string").str.strip()
    if field_ == c.EMAIL:
        good = (
            texts.str.fullmatch(EMAIL) & ~texts.str.contains("*", regex=False) & ~texts.str.contains("..", regex=False)
        )
    else:
        good = (texts.str.count(r"\d") >= FEWEST_DIGITS) & ~texts.str.contains(r"[*xX]", regex=True)
    return good.fillna(False).to_numpy(np.bool_)


def unsubscribed(ids: Ids, consent: Mapping[int, str]) -> Ids:
    """Those of `ids` whose newest word is that they want nothing sent."""
    return ids[_says(ids, consent, WITHDRAWN)]


def n_unrecorded(ids: Ids, consent: Mapping[int, str]) -> int:
    """How many of `ids` have neither agreed nor objected."""
    return int((~_says(ids, consent, WITHDRAWN) & ~_says(ids, consent, GRANTED)).sum())


def _without_consent(customers: pd.DataFrame, granted: Flags, by_country: Iterable[tuple[ContactRule, Flags]]) -> Flags:
    recency = customers[c.RECENCY_DAYS].to_numpy(np.float64, na_value=np.nan)
    out = np.zeros(granted.size, np.bool_)
    for rule, here in by_country:
        if rule.consent == "anyone":
            continue
        bought = recency <= (np.inf if rule.bought_days is None else rule.bought_days)
        out |= here & ~granted & ~(bought & (rule.consent == "bought"))
    return out


def _capped(ids: Ids, rules: Rules, by_country: Iterable[tuple[ContactRule, Flags]]) -> Flags:
    out = np.zeros(ids.size, np.bool_)
    everybody = np.ones(ids.size, np.bool_)
    all_channels = ContactRule(caps=rules.book.caps_of_all())
    for channel, rule, here in ((ANY, all_channels, everybody), *((rules.channel, *one) for one in by_country)):
        for cap in rule.caps:
            sent = rules.sent.get(Window(channel, cap.days), {})
            if sent or cap.n == 0:
                n = np.fromiter((sent.get(id_, 0) for id_ in ids.tolist()), np.int64, ids.size)
                out |= here & (n >= cap.n)
    return out


def _doubled(customers: pd.DataFrame, channel: str, left: Flags) -> Flags:
    """Who has the address of somebody before them in the frame who is in."""
    field_ = ADDRESS.get(channel)
    if field_ is None or field_ not in customers:
        return np.zeros(left.size, np.bool_)
    texts = customers[field_].astype("string").str.strip().str.casefold()
    return (texts.where(pd.Series(left, index=texts.index)).duplicated() & texts.notna()).to_numpy(np.bool_) & left


def _says(ids: Ids, consent: Mapping[int, str], word: str) -> Flags:
    return np.fromiter((consent.get(id_) == word for id_ in ids.tolist()), np.bool_, ids.size)


def reasons_told(left_out: Mapping[str, int]) -> tuple[Phrase, ...]:
    """Each reason with how many it holds for."""
    return tuple(Phrase("{reason}: {n}", reason=Phrase(reason), n=n) for reason, n in left_out.items())
