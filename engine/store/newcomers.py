"""The people of a file who share no key with anybody: nearly all of most files, so they are written by columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake.newcomers import alone
from engine.intake.resolution import Key, Record
from engine.intake.same_person import EMAIL, ID, PHONE
from engine.intake.words import is_masked
from engine.store.incoming import Facts, Ids, columns_of, facts_of
from engine.store.regrouping import ABOUT


@dataclass(frozen=True)
class Told:
    """What a file tells of its people, by position: the kind and value of each one's key, and all keys told with it."""

    people: pd.DataFrame
    scope: str
    kinds: Sequence[str]
    values: Sequence[str]
    keys: Sequence[Sequence[Key]]

    @classmethod
    def of(cls, people: pd.DataFrame, scope: str) -> Told:
        """Where the frame does not say under which keys, it is by the number, e-mail and phone of each."""
        values: list[str] = people[c.CUSTOMER_KEY].tolist()
        if c.KEYS in people:
            return cls(people, scope, people[c.KEY_KIND].tolist(), values, people[c.KEYS].tolist())
        contacts = facts_of(people, [c.EMAIL, c.PHONE])
        kinds = [
            EMAIL if value == email else PHONE if value == phone else ID
            for value, (email, phone) in zip(values, contacts, strict=True)
        ]
        keys = [
            tuple(
                dict.fromkeys(
                    [(kind, value), *((k, v) for k, v in ((EMAIL, email), (PHONE, phone)) if v and not is_masked(v))]
                )
            )
            for kind, value, (email, phone) in zip(kinds, values, contacts, strict=True)
        ]
        return cls(people, scope, kinds, values, keys)

    def bought(self, which: Ids) -> list[bool]:
        bought: list[bool] = self.people[c.BOUGHT].iloc[which].tolist()
        return bought

    def facts(self, which: Ids) -> list[Facts]:
        """What is told of these people, in the order of `ABOUT`."""
        return facts_of(self.people.iloc[which], ABOUT)

    def records(self, which: Ids) -> list[Record]:
        about = facts_of(self.people.iloc[which], [c.NAME, c.GENDER, c.BIRTH_YEAR])
        return [
            Record(self.kinds[i], self.scope_of(i), self.values[i], self.keys[i], name, gender, birth)
            for i, (name, gender, birth) in zip(which.tolist(), about, strict=True)
        ]

    def scope_of(self, i: int) -> str:
        return self.scope if self.kinds[i] == ID else ""

    def newcomers(self, known: Mapping[int, Record], labels: Mapping[int, str]) -> NDArray[np.bool_]:
        """Who shares nothing with anybody, in the file or `known`, and is to be called as the file calls them.

        Of whom a part is masked may be known whole, so they are looked at one by one.
        """
        result = alone(self.values, self.keys, known, self.people[c.BOUGHT].tolist())
        for field in (c.EMAIL, c.PHONE):
            if field in self.people:
                result &= ~np.array([bool(value) and is_masked(value) for value in self.people[field].tolist()], bool)
        taken = set(labels.values())
        return result & ~np.array([value in taken for value in self.values], bool) if taken else result


@dataclass(frozen=True)
class Newcomers:
    """Some people of a file, by position (`which`), each of whom becomes one identity and one customer."""

    told: Told
    which: Ids
    identities: Ids
    customers: Ids
    import_id: int

    def customer_rows(self) -> dict[str, Sequence[Any]]:
        return {
            "id": self.customers.tolist(),
            "key": self._of(self.told.values),
            **self._about(),
            "import_id": [self.import_id] * len(self.which),
        }

    def identity_rows(self) -> dict[str, Sequence[Any]]:
        customers, values = self.customers.tolist(), self._of(self.told.values)
        return {
            "id": self.identities.tolist(),
            "customer_id": customers,
            "home_id": customers,
            "kind": self._of(self.told.kinds),
            "scope": [self.told.scope_of(i) for i in self.which.tolist()],
            "value": values,
            "label": values,
            **self._about(),
            "import_id": [self.import_id] * len(values),
            "told_by": [self.import_id] * len(values),
        }

    def keys(self) -> list[Facts]:
        """The keys of each identity beside its own value."""
        kinds, values, keys = self.told.kinds, self.told.values, self.told.keys
        return [
            (id_, *key, self.import_id)
            for id_, i in zip(self.identities.tolist(), self.which.tolist(), strict=True)
            if len(keys[i]) > 1
            for key in keys[i]
            if key != (kinds[i], values[i])
        ]

    def _of(self, texts: Sequence[str]) -> list[str]:
        return [texts[i] for i in self.which.tolist()]

    def _about(self) -> dict[str, list[Any]]:
        return dict(zip(ABOUT, columns_of(self.told.people.iloc[self.which], ABOUT), strict=True))
