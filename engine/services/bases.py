"""What the bases of `engine.features.bases` draw on, from the store; read once, when it is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.features import bases
from engine.features.told import Told, ToldKind
from engine.intake.provinces import known_as
from engine.missing.fields import CUSTOMER_FIELDS
from engine.missing.treatments import DEFAULT
from engine.phrases import Phrase
from engine.services.behaviour import behaviour_of_all, counting_day, engagement_of_all
from engine.services.known import Known, column_of, known_of_customers, treated_customers
from engine.shop import Shop
from engine.store import events, missing, orders

_AND = re.compile(r"[,，、+＋]")
_KINDS: Mapping[str, ToldKind] = {
    c.GENDER: "choice",
    c.BIRTH_YEAR: "number",
    c.COUNTRY: "choice",
    c.REGION: "choice",
    c.CITY: "choice",
    c.INTERESTS: "tags",
}


# a value that loads, so not frozen: `cached_property` writes what was read
@dataclass
class StoreSources:
    """`engine.features.bases.Sources` of a shop. Of use while `db` is open."""

    shop: Shop
    db: Database

    @cached_property
    def told(self) -> tuple[Told, ...]:
        here = missing.told_of_people(self.db)
        fields = [Told(one.key, one.words, _KINDS[one.key], field=True) for one in CUSTOMER_FIELDS if one.key in here]
        answers = [
            Told(column_of(one.key), Phrase("{field}", field=one.name), cast(ToldKind, one.kind))
            for one in missing.asked(self.db)
        ]
        return (*fields, *answers)

    @cached_property
    def n_buyers(self) -> int:
        return orders.n_buyers(self.db)

    @cached_property
    def has_events(self) -> bool:
        return events.newest_at(self.db) is not None

    @cached_property
    def as_of(self) -> pd.Timestamp:
        return counting_day(self.shop, self.db)

    @cached_property
    def behaviour(self) -> pd.DataFrame:
        return behaviour_of_all(self.shop, self.db)

    @cached_property
    def orders(self) -> pd.DataFrame:
        return orders.orders(self.db)

    @cached_property
    def bought(self) -> pd.DataFrame:
        of_product = {id_: one.category for id_, one in orders.products(self.db).items()}
        bought = orders.interactions(self.db)
        return bought.assign(**{c.CATEGORY: bought[c.PRODUCT].map(of_product).astype(object)})

    @cached_property
    def engagement(self) -> pd.DataFrame:
        return engagement_of_all(self.shop, self.db)

    @cached_property
    def _all_known(self) -> Known:
        return known_of_customers(self.shop, self.db)

    @cached_property
    def known(self) -> pd.DataFrame:
        frame = self._all_known.frame.reindex(columns=[one.key for one in self.told])
        return _with_short_regions(frame)

    @cached_property
    def unread(self) -> Mapping[str, int]:
        return {column_of(key): n for key, n in missing.unread(self.db).items()}

    @cached_property
    def treatments(self) -> Mapping[str, str]:
        return {key: chosen for key, chosen in missing.choices(self.db).items() if chosen != DEFAULT}

    def treated(self, keys: Sequence[str]) -> tuple[pd.DataFrame, tuple[Phrase, ...]]:
        """What a gap that is left as it is means for the grouping is told by the basis."""
        chosen = [key for key in keys if key in self.treatments]
        if not chosen:
            return self.known[list(keys)], ()
        made = treated_customers(self.shop, self.db, chosen, self._all_known)
        return _with_short_regions(made.frame[list(keys)]), made.statements


@dataclass(frozen=True)
class BasisChoice:
    """Something that customers can be grouped by; `has_data`: the shop knows something of it. `parts` by name."""

    name: str
    label: Phrase
    has_data: bool
    parts: Mapping[str, Phrase]


def basis_choices(shop: Shop) -> tuple[BasisChoice, ...]:
    """All bases, the usual one first."""
    with shop.open() as db:
        here = bases_with_data(StoreSources(shop, db))
    return tuple(
        BasisChoice(name, bases.basis(name).label, name in here, bases.basis(name).parts) for name in bases.bases()
    )


def bases_with_data(sources: StoreSources) -> tuple[str, ...]:
    return tuple(name for name in bases.bases() if bases.basis(name).has_data(sources))


def bases_named(words: Sequence[str], spoken: Callable[[Phrase], list[str]]) -> tuple[str, ...] | None:
    """The bases that `words` mean, by their names or what they are called in the languages of the face (`spoken`).

    None where the first word means none. Raises NotAllowed where another does.
    """
    by_word = {called.casefold(): name for name in bases.bases() for called in (name, *spoken(bases.basis(name).label))}
    meant = [part for word in words for part in _AND.split(word) if part]
    if not meant or meant[0].partition(":")[0].casefold() not in by_word:
        return None
    return bases.chosen([_with_name(word, by_word) for word in meant])


def _with_name(word: str, by_word: Mapping[str, str]) -> str:
    called, colon, part = word.partition(":")
    return f"{by_word.get(called.casefold(), called)}{colon}{part.casefold()}"


def _with_short_regions(frame: pd.DataFrame) -> pd.DataFrame:
    """山东省 is 山东, as elsewhere."""
    if c.REGION not in frame:
        return frame
    codes, texts = pd.factorize(frame[c.REGION])
    short = pd.Series([*(known_as(str(text)) for text in texts), None], dtype=object)
    return frame.assign(**{c.REGION: short.take(codes).to_numpy()})
