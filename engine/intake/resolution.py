"""Which records of a file and of the store are one person: the rules of `same_person`, applied to all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, repeat
from typing import NamedTuple, cast

from engine.intake.dialling import forms, may_be_one
from engine.intake.same_person import (
    EMAIL,
    ID,
    NAME,
    PHONE,
    STRENGTH,
    Shared,
    Traits,
    clearer_scope,
    have_one_name,
    is_one,
    is_same_number,
)

MOST = 5  # people who share one key; what more share, such as the shop's own phone, tells nobody apart
ONE, MAYBE, TWO = "one", "maybe", "two"
Key = tuple[str, str]  # kind, value


class Record(NamedTuple):
    """What is told under one key. `keys` are all that are told with it, itself included."""

    kind: str
    scope: str
    value: str
    keys: Sequence[Key]
    name: str | None = None
    gender: str | None = None
    birth_year: int | None = None


class Pair(NamedTuple):
    """Two identities, the smaller id first, that share the key `kind`, `value`; `state` is one, maybe or two."""

    a: int
    b: int
    state: str
    kind: str
    value: str


@dataclass(frozen=True)
class Resolved:
    """Who the records of a file are.

    identities  per record, its identity; None of a record that was only looked up and is nobody's
    new         identities that were not known
    brought_by  of each of these, the record that it comes from
    groups      all identities of each person whom the file has to do with
    pairs       what was found of pairs and was not known; one takes the place of a maybe
    seen_by     per record, the kind of key by which its person was known before; "" of a new one
    n_shared    keys that too many people share
    """

    identities: tuple[int | None, ...]
    new: tuple[int, ...]
    brought_by: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]
    pairs: tuple[Pair, ...]
    seen_by: tuple[str, ...]
    n_shared: int


def resolve(
    known: Mapping[int, Record],
    customers: Mapping[int, int],
    pairs: Iterable[Pair],
    told: Sequence[Record],
    adds: Sequence[bool],
    first: int,
    ahead: Sequence[int] | None = None,
) -> Resolved:
    """Find each record of a file, `told`, among the `known` identities, of which `customers` says whose they are.

    A record that does not add (`adds`) is only looked up. New identities are numbered from `first`; where those who
    are alone (`engine.intake.newcomers`) have been taken out, `ahead` has how many of them stood before each record.
    """
    people = _People(dict(known), customers, pairs)
    identities: list[int | None] = []
    seen_by: list[str] = []
    touched: dict[Key, None] = {}
    new: dict[int, int] = {}
    for at, (record, add, n_before) in enumerate(zip(told, adds, ahead or repeat(0, len(told)), strict=True)):
        id_ = people.same_record(record)
        seen_by.append("" if id_ is None else record.kind)
        if id_ is not None:
            people.tell(id_, record)
        elif add:
            id_ = first + n_before + len(new)
            new[id_] = at
            people.add(id_, record)
        identities.append(id_)
        if id_ is not None:
            touched.update((key, None) for key in record.keys if key[0] in (EMAIL, PHONE))
    n_shared = 0
    for kind in (EMAIL, PHONE):
        n_shared += sum(people.compare(key) for key in touched if key[0] == kind)
    people.compare_dialled([value for kind, value in touched if kind == PHONE])
    for i, (record, id_) in enumerate(zip(told, identities, strict=True)):
        if id_ is None:
            identities[i] = people.looked_up(record)
        elif not seen_by[i]:
            seen_by[i] = people.known_by(id_, first)
    involved = dict.fromkeys(people.root(id_) for id_ in identities if id_ is not None)
    return Resolved(
        tuple(identities),
        tuple(new),
        tuple(new.values()),
        tuple(tuple(people.members(root)) for root in involved),
        tuple(people.found.values()),
        tuple(seen_by),
        n_shared,
    )


@dataclass
class _People:
    """Identities in groups, each a person: a union-find whose roots keep what is known of their group."""

    records: dict[int, Record]
    customers: Mapping[int, int]
    pairs: Iterable[Pair]
    found: dict[tuple[int, int], Pair] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._parent: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._traits: dict[int, Traits] = {}
        self._by_value: dict[str, list[int]] = {}
        self._holders: dict[Key, list[int]] = {}
        self._decided: dict[int, dict[int, str]] = {}
        self._joined_by: dict[int, str] = {}
        first_of: dict[int, int] = {}
        for id_, record in self.records.items():
            self._register(id_, record)
            root = first_of.setdefault(self.customers[id_], id_)
            if root != id_:
                self._parent[id_] = root
                self._members.setdefault(root, [root]).append(id_)
        for pair in self.pairs:
            self._decide(pair)

    def root(self, id_: int) -> int:
        parent = self._parent.get(id_, id_)
        while parent != id_:
            id_, parent = parent, self._parent.get(parent, parent)
        return id_

    def members(self, root: int) -> list[int]:
        return self._members.get(root, [root])

    def same_record(self, record: Record) -> int | None:
        """The known identity that this record tells of."""
        candidates = self._by_value.get(record.value)
        if candidates is None:
            return None
        told = _traits(record)
        fitting = [
            id_
            for id_ in candidates
            if record.kind != ID
            or self.records[id_].kind != ID
            or is_same_number(record.scope, told, self.records[id_].scope, self._of_record(id_))
        ]
        if len(fitting) > 1:
            # of two people with one number the one whose e-mail or phone it is, then the one of this platform
            fitting.sort(key=lambda id_: (not self._agrees(id_, told), self.records[id_].scope != record.scope))
        return fitting[0] if fitting else None

    def add(self, id_: int, record: Record) -> None:
        twins = [other for other in self._by_value.get(record.value, []) if self.records[other].scope == record.scope]
        self.records[id_] = record
        self._register(id_, record)
        for other in twins:
            self._find(other, id_, MAYBE, (ID, record.value))

    def tell(self, id_: int, record: Record) -> None:
        """What the file tells of a known identity, beside what was known."""
        was = self.records[id_]
        keys = [*was.keys, *(key for key in record.keys if key not in was.keys)]
        scope = clearer_scope(was.scope, record.scope) if was.kind == record.kind == ID else was.scope
        for key in keys[len(was.keys) :]:
            self._holders.setdefault(key, []).append(id_)
        self.records[id_] = Record(
            was.kind,
            scope,
            was.value,
            keys,
            record.name or was.name,
            record.gender or was.gender,
            record.birth_year or was.birth_year,
        )
        self._traits.pop(self.root(id_), None)

    def compare(self, key: Key) -> bool:
        """Make those who share the key one person, if they all are by the rules; whether too many share it."""
        holders = self._holders.get(key, [])
        if len(holders) < 2:
            return False
        holder_of: dict[int, int] = {}
        for id_ in holders:
            holder_of.setdefault(self.root(id_), id_)
        if len(holder_of) < 2:
            return False
        if len(holder_of) > MOST:
            return True
        kind = cast("Shared", key[0])
        couples = [couple for couple in combinations(holder_of, 2) if self._between(*couple) != TWO]
        if len(couples) == len(holder_of) * (len(holder_of) - 1) // 2 and all(
            self._are_one(kind, a, b) for a, b in couples
        ):
            first, *others = sorted(holder_of.values())
            for other in others:
                self._find(first, other, ONE, key)
                self._unite(first, other, kind)
            return False
        for a, b in couples:
            if self._between(a, b) is None:
                self._find(holder_of[a], holder_of[b], MAYBE, key)
        return False

    def compare_dialled(self, phones: Sequence[str]) -> None:
        """Who has one of `phones` may be one person with whoever has it with or without the code of the country."""
        written: dict[str, set[str]] = {}
        for phone in phones:
            for _, within in forms(phone):
                written.setdefault(within, set()).add(phone)
        for kind, phone in self._holders if written else ():
            if kind == PHONE:
                for _, within in forms(phone):
                    if within in written:
                        written[within].add(phone)
        couples = {
            couple
            for ways in written.values()
            if 1 < len(ways) <= MOST
            for couple in combinations(sorted(ways), 2)
            if may_be_one(*couple)
        }
        for phone, other in sorted(couples):
            self._compare_holders(phone, other)

    def _compare_holders(self, phone: str, other: str) -> None:
        holders = sorted({*self._holders[PHONE, phone], *self._holders[PHONE, other]})
        if len({self.root(id_) for id_ in holders}) > MOST:
            return
        key = (PHONE, f"{phone} ~ {other}")
        maybe = []
        for a, b in combinations(holders, 2):
            root, also = self.root(a), self.root(b)
            if root == also or self._between(root, also) == TWO:
                continue
            if not {(PHONE, phone), (PHONE, other)} <= {*self.records[a].keys, *self.records[b].keys}:
                continue
            if have_one_name(self._of(root), self._of(also)) and is_one(PHONE, self._of(root), self._of(also)):
                self._find(a, b, ONE, key)
                self._unite(a, b, PHONE)
            else:
                maybe.append((a, b))
        for a, b in maybe:
            if self.root(a) != self.root(b) and self._between(self.root(a), self.root(b)) is None:
                self._find(a, b, MAYBE, key)

    def _are_one(self, kind: Shared, a: int, b: int) -> bool:
        if kind == EMAIL and not (self._is_numbered(a) and self._is_numbered(b)):
            return True  # as `is_one` says, for the many who need not be looked at closer
        return is_one(kind, self._of(a), self._of(b))

    def _is_numbered(self, root: int) -> bool:
        return any(self.records[id_].kind == ID for id_ in self.members(root))

    def looked_up(self, record: Record) -> int | None:
        """The one person whom the record's e-mail or phone fits."""
        told = _traits(record)
        for kind in (EMAIL, PHONE):
            holders = [id_ for key in record.keys if key[0] == kind for id_ in self._holders.get(key, ())]
            if len({self.root(id_) for id_ in holders}) == 1 and is_one(kind, told, self._of(self.root(holders[0]))):
                return holders[0]
        return None

    def known_by(self, id_: int, first: int) -> str:
        """The kind of key by which a new identity was joined to a known customer; "" if it was to none."""
        if not any(other < first for other in self.members(self.root(id_))):
            return ""
        return self._joined_by.get(id_, EMAIL)

    def _register(self, id_: int, record: Record) -> None:
        self._by_value.setdefault(record.value, []).append(id_)
        for key in record.keys:
            if key[0] in (EMAIL, PHONE):
                self._holders.setdefault(key, []).append(id_)

    def _agrees(self, id_: int, told: Traits) -> bool:
        of = self._of_record(id_)
        return bool(told.emails & of.emails or told.phones & of.phones)

    def _of_record(self, id_: int) -> Traits:
        return _traits(self.records[id_])

    def _of(self, root: int) -> Traits:
        traits = self._traits.get(root)
        if traits is None:
            traits = Traits()
            for id_ in self.members(root):
                traits |= self._of_record(id_)
            self._traits[root] = traits
        return traits

    def _find(self, a: int, b: int, state: str, key: Key) -> None:
        pair = Pair(min(a, b), max(a, b), state, *key)
        self.found[pair.a, pair.b] = pair
        self._decide(pair)

    def _decide(self, pair: Pair) -> None:
        self._decided.setdefault(pair.a, {})[pair.b] = pair.state
        self._decided.setdefault(pair.b, {})[pair.a] = pair.state

    def _between(self, root: int, other: int) -> str | None:
        """What is known of two groups as a whole: two as soon as anybody has said so of two of their identities."""
        if not self._decided:
            return None
        few, many = sorted((root, other), key=lambda one: len(self.members(one)))
        states = {
            state
            for id_ in self.members(few)
            for decided, state in self._decided.get(id_, {}).items()
            if self.root(decided) == many
        }
        return TWO if TWO in states else MAYBE if MAYBE in states else None

    def _unite(self, a: int, b: int, kind: str) -> None:
        keep, lose = sorted((self.root(a), self.root(b)))
        for id_ in self.members(lose):
            self._joined_by.setdefault(id_, kind)
        self._members[keep] = [*self.members(keep), *self.members(lose)]
        self._members.pop(lose, None)
        self._parent[lose] = keep
        self._traits.pop(keep, None)
        self._traits.pop(lose, None)


def _traits(record: Record) -> Traits:
    def of(kind: str) -> frozenset[str]:
        return frozenset(value for key, value in record.keys if key == kind)

    return Traits(
        frozenset([(record.scope, record.value)]) if record.kind == ID else frozenset(),
        of(EMAIL),
        of(PHONE),
        frozenset([record.name]) if record.name else frozenset(),
        frozenset([record.gender]) if record.gender else frozenset(),
        frozenset([record.birth_year]) if record.birth_year else frozenset(),
    )


def count_of(seen_by: Iterable[tuple[int, str]]) -> dict[str, int]:
    """How many customers were known by which kind of key, the strongest of each; from customers with a kind or ""."""
    strongest: dict[int, str] = {}
    for customer, kind in seen_by:
        was = strongest.get(customer)
        if kind and (was is None or STRENGTH[kind] < STRENGTH[was]):
            strongest[customer] = kind
    counts = Counter(strongest.values())
    return {kind: counts[kind] for kind in (ID, EMAIL, PHONE, NAME) if counts[kind]}
