"""Who the people of a file are: kept key by key, and joined where the rules of `engine.intake.same_person` say so.

An identity is what files tell under one key. A customer is one identity or several; the rows of `customers` show
them together. A customer that was merged into another stays as a row, since campaigns of the past name it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database

from engine import columns as c
from engine.intake.resolution import MAYBE, Pair, Record, Resolved, count_of, resolve
from engine.intake.same_person import EMAIL, ID, PHONE, STRENGTH, clearer_scope
from engine.intake.words import is_masked
from engine.store.incoming import NOBODY, Facts, Ids, by_field, complete, insert, next_id
from engine.store.newcomers import Newcomers, Told
from engine.store.regrouping import ABOUT, adopt, name_tellers, regroup

_OF_AN_IDENTITY = (
    *("id", "customer_id", "home_id", "kind", "scope", "value", "label"),
    *ABOUT,
    *("import_id", "told_by"),
)


@dataclass(frozen=True)
class Found:
    """Who the people of a file are, by position: their customer and the identity, -1 for nobody.

    changed    known customers who are now described otherwise
    known_by   how many customers were known before, by the kind of key
    n_maybe    new pairs of people who may be one
    n_shared   e-mails and phones that too many people share
    """

    customers: Ids
    identities: Ids
    changed: int
    known_by: Mapping[str, int]
    n_maybe: int
    n_shared: int

    def among(self, which: NDArray[np.bool_]) -> Found:
        """The same, who they are being those of more people; the others are nobody."""
        customers, identities = np.full((2, len(which)), NOBODY, dtype=np.int64)
        customers[which], identities[which] = self.customers, self.identities
        return replace(self, customers=customers, identities=identities)


def put_customers(
    db: Database,
    people: pd.DataFrame,
    import_id: int,
    *,
    scope: str,
    at: datetime,
    absent: NDArray[np.bool_] | None = None,
) -> Found:
    """Find or add each of `people` but those who are `absent`: customer_key, key_kind, keys, what is told of them,
    bought.

    Whose numbers `customer_key` has, `scope` says. A customer who bought nothing in the file is looked up and not
    added. What the file does not tell stays as it was.
    """
    if absent is not None and absent.any():
        others = people[~absent].reset_index(drop=True)
        return _put(db, others, import_id, scope=scope, at=at).among(~absent)
    return _put(db, people, import_id, scope=scope, at=at)


def _put(db: Database, people: pd.DataFrame, import_id: int, *, scope: str, at: datetime) -> Found:
    adopt(db)
    known, customer_of, labels = _known(db)
    told = Told.of(people, scope)
    new = told.newcomers(known, labels)
    others = np.flatnonzero(~new)
    ahead = np.cumsum(new)[others].tolist()
    records, first = told.records(others), next_id(db, "identities")
    resolved = resolve(known, customer_of, _pairs(db), records, told.bought(others), first, ahead)
    facts = _unmasked(told.facts(others), records, known, resolved)
    writing = _Writing(resolved, records, facts, known, customer_of, labels, import_id)
    first_customer = next_id(db, "customers")
    writing.assign(first_customer, ahead, (told.values[i] for i in np.flatnonzero(new).tolist()))
    newcomers = Newcomers(
        told,
        np.flatnonzero(new),
        _left(len(people) - len(others), first, resolved.new),
        _left(len(people) - len(others), first_customer, writing.founded),
        import_id,
    )
    insert(db, "customers", newcomers.customer_rows())
    insert(db, "customers", by_field(["id", "key", *ABOUT, "import_id"], writing.new_customers()))
    name_tellers(db)
    insert(db, "identities", newcomers.identity_rows())
    insert(db, "identities", by_field(_OF_AN_IDENTITY, writing.new_identities()))
    for keys in (newcomers.keys(), writing.keys()):
        db.conn.executemany("INSERT OR IGNORE INTO identity_keys VALUES (?, ?, ?, ?)", keys)
    db.conn.executemany("UPDATE identities SET scope = ?, told_by = ? WHERE id = ?", writing.told_again())
    complete(db, "identities", ABOUT, writing.of_known_identities())
    changed = complete(db, "customers", ABOUT, writing.of_known_customers())
    db.conn.executemany("UPDATE customers SET key = ? WHERE id = ? AND key <> ?", writing.renamed())
    _keep_pairs(db, resolved.pairs, import_id, at)
    merging = writing.merging()
    now = writing.customers | regroup(db, merging, at)
    customers, identities = np.full((2, len(people)), NOBODY, dtype=np.int64)
    customers[new], identities[new] = newcomers.customers, newcomers.identities
    identities[others] = [NOBODY if id_ is None else id_ for id_ in resolved.identities]
    customers[others] = [NOBODY if id_ is None else now[id_] for id_ in resolved.identities]
    seen = zip(customers[others].tolist(), resolved.seen_by, strict=True)
    return Found(
        customers,
        identities,
        changed + len(merging),
        count_of((customer, kind) for customer, kind in seen if customer != NOBODY),
        sum(pair.state == MAYBE for pair in resolved.pairs),
        resolved.n_shared,
    )


def _left(n: int, first: int, taken: Collection[int]) -> Ids:
    """The `n` numbers from `first` that are not `taken`."""
    return np.setdiff1d(np.arange(first, first + n + len(taken)), np.array([*taken], dtype=np.int64))


def _unmasked(
    facts: list[Facts], told: Sequence[Record], known: Mapping[int, Record], resolved: Resolved
) -> list[Facts]:
    """What is told, without an e-mail or phone of which a part is hidden where the person's whole one is known."""
    places = {EMAIL: ABOUT.index(c.EMAIL), PHONE: ABOUT.index(c.PHONE)}
    masked = {i for i, fact in enumerate(facts) if any(is_masked(fact[place] or "") for place in places.values())}
    if not masked:
        return facts
    group_of = {id_: group for group in resolved.groups for id_ in group}
    record_of = {id_: record for id_, record in zip(resolved.identities, told, strict=True) if id_ is not None}
    result = list(facts)
    for i in masked:
        kinds = {
            kind
            for id_ in group_of.get(resolved.identities[i] or 0, ())
            for source in (known, record_of)
            if id_ in source
            for kind, _ in source[id_].keys
        }
        hidden = {place for kind, place in places.items() if kind in kinds and is_masked(facts[i][place] or "")}
        result[i] = tuple(None if place in hidden else fact for place, fact in enumerate(facts[i]))
    return result


@dataclass
class _Writing:
    """What is written of a resolved file. `customers` is the customer of each identity, once `assign` has run."""

    resolved: Resolved
    told: Sequence[Record]
    facts: Sequence[Facts]
    known: Mapping[int, Record]
    customer_of: Mapping[int, int]
    labels: Mapping[int, str]
    import_id: int

    def assign(self, first: int, ahead: Sequence[int], also_called: Iterable[str]) -> None:
        """Give each new identity a customer: the first of its group, or one numbered from `first`.

        `ahead` of each record so many others get a customer each. Labels are none of `also_called`.
        """
        self.customers = dict(self.customer_of)
        self.founded: dict[int, int] = {}  # new customer → the identity that brings it in
        first_of = {id_: i for i, id_ in reversed(list(enumerate(self.resolved.identities))) if id_ is not None}
        # a record above may only have been looked up
        self.record_of = {**first_of, **dict(zip(self.resolved.new, self.resolved.brought_by, strict=True))}
        taken = {*self.labels.values(), *(also_called if self.resolved.new else ())}
        self.new_labels = {id_: self._label(self.told[self.record_of[id_]], taken) for id_ in self.resolved.new}
        for group in self.resolved.groups:
            customer = min((self.customer_of[id_] for id_ in group if id_ in self.customer_of), default=None)
            if customer is None:
                lead = min(first_of[id_] for id_ in group if id_ in first_of)
                customer = first + ahead[lead] + len(self.founded)
                self.founded[customer] = min(group, key=self._rank)
            for id_ in group:
                self.customers.setdefault(id_, customer)

    def merging(self) -> list[tuple[int, ...]]:
        """The groups of several known customers."""
        return [
            group
            for group in self.resolved.groups
            if len({self.customer_of[id_] for id_ in group if id_ in self.customer_of}) > 1
        ]

    def new_customers(self) -> list[Facts]:
        facts = self._facts_by_customer
        return [
            (customer, self.new_labels[founder], *facts[customer], self.import_id)
            for customer, founder in self.founded.items()
        ]

    def new_identities(self) -> list[Facts]:
        homes = {founder: customer for customer, founder in self.founded.items()}
        rows = []
        for id_ in self.resolved.new:
            record = self.told[self.record_of[id_]]
            about = (record.kind, record.scope, record.value, self.new_labels[id_], *self.facts[self.record_of[id_]])
            rows.append((id_, self.customers[id_], homes.get(id_), *about, self.import_id, self.import_id))
        return rows

    def keys(self) -> list[Facts]:
        return [
            (id_, *key, self.import_id)
            for id_, i in self.record_of.items()
            for key in self.told[i].keys
            if key not in (self.known[id_].keys if id_ in self.known else [(self.told[i].kind, self.told[i].value)])
        ]

    def told_again(self) -> list[Facts]:
        """Scope and import of known identities, where they matter: of a number, and where a customer is several."""
        rows = []
        for group in self.resolved.groups:
            for id_ in group:
                if id_ not in self.known or id_ not in self.record_of:
                    continue
                was, record = self.known[id_], self.told[self.record_of[id_]]
                scope = clearer_scope(was.scope, record.scope) if was.kind == record.kind == ID else was.scope
                if len(group) > 1 or scope != was.scope:
                    rows.append((scope, self.import_id, id_))
        return rows

    def of_known_identities(self) -> list[tuple[int, Facts]]:
        return [(id_, self.facts[i]) for id_, i in self.record_of.items() if id_ in self.known]

    def of_known_customers(self) -> list[tuple[int, Facts]]:
        return [
            (customer, facts) for customer, facts in self._facts_by_customer.items() if customer not in self.founded
        ]

    def renamed(self) -> list[Facts]:
        """The key of a customer is its strongest: an e-mail's becomes the number that stands beside it."""
        new = set(self.resolved.new)
        rows = []
        for group in self.resolved.groups:
            strongest = min(group, key=self._rank)
            if strongest in new and self.customers[strongest] not in self.founded:
                label = self.new_labels[strongest]
                rows.append((label, self.customers[strongest], label))
        return rows

    @cached_property
    def _facts_by_customer(self) -> dict[int, Facts]:
        """What the file tells of each customer; where it tells it under several keys, the strongest goes first."""
        facts: dict[int, Facts] = {}
        for id_ in sorted(self.record_of, key=self._rank) if self.resolved.identities else ():
            told = self.facts[self.record_of[id_]]
            customer = self.customers[id_]
            first = facts.get(customer)
            facts[customer] = (
                told if first is None else tuple(b if a is None else a for a, b in zip(first, told, strict=True))
            )
        return facts

    def _rank(self, id_: int) -> tuple[int, int]:
        record = self.known.get(id_) or self.told[self.record_of[id_]]
        return STRENGTH[record.kind], id_

    def _label(self, record: Record, taken: set[str]) -> str:
        """What the founder calls this identity: its value, numbered where somebody else has it."""
        label, number = record.value, 2
        while label in taken:
            label, number = f"{record.value} ({number})", number + 1
        taken.add(label)
        return label


def _known(db: Database) -> tuple[dict[int, Record], dict[int, int], dict[int, str]]:
    """All identities, whose each is, and what each is called."""
    keys: dict[int, list[tuple[str, str]]] = {}
    for id_, kind, value in db.conn.execute("SELECT identity_id, kind, value FROM identity_keys"):
        keys.setdefault(id_, []).append((kind, value))
    known, customers, labels = {}, {}, {}
    for id_, customer, label, kind, scope, value, *about in db.conn.execute(
        "SELECT id, customer_id, label, kind, scope, value, name, gender, birth_year FROM identities ORDER BY id"
    ):
        known[id_] = Record(kind, scope, value, [(kind, value), *keys.get(id_, ())], *about)
        customers[id_] = customer
        labels[id_] = label
    return known, customers, labels


def _pairs(db: Database) -> list[Pair]:
    return [Pair(*row) for row in db.conn.execute("SELECT a, b, state, kind, value FROM pairs")]


def _keep_pairs(db: Database, pairs: Sequence[Pair], import_id: int, at: datetime) -> None:
    """What was only supposed before gives way; what somebody has decided never does."""
    when = at.isoformat()
    db.conn.executemany(
        "INSERT INTO pairs (a, b, state, kind, value, import_id, at) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (a, b) DO UPDATE SET state = excluded.state, kind = excluded.kind, value = excluded.value, "
        "import_id = excluded.import_id, at = excluded.at WHERE pairs.who IS NULL AND pairs.state = 'maybe'",
        ((*pair, import_id, when) for pair in pairs),
    )
