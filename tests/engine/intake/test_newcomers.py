"""Who shares nothing with anybody may be left out of the comparison: laws of `alone`."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.intake.newcomers import alone
from engine.intake.resolution import Key, Record, resolve
from engine.intake.same_person import EMAIL, ID, PHONE

FIRST = 100
_NUMBERS = st.sampled_from([str(n) for n in range(12)])
_EMAILS = st.sampled_from([f"{name}@x.org" for name in "abcdefgh"])
_PHONES = st.sampled_from(["13800138000", "+8613800138000", "13900139000", "2125557777", "12125557777", "15512345678"])


@st.composite
def records(draw: st.DrawFn) -> Record:
    contacts: list[Key] = [(kind, draw(of)) for kind, of in ((EMAIL, _EMAILS), (PHONE, _PHONES)) if draw(st.booleans())]
    if not contacts or draw(st.booleans()):
        contacts = [(ID, draw(_NUMBERS)), *contacts]
    kind, value = contacts[0]
    return Record(kind, draw(st.sampled_from(["", "shop"])) if kind == ID else "", value, contacts, draw(_NAMES))


_NAMES = st.sampled_from([None, "Ann Lee", "Bob Ray"])


@given(st.lists(records(), max_size=4), st.lists(st.tuples(records(), st.booleans()), max_size=8))
def test_the_others_are_who_they_are_with_them(before: list[Record], file: list[tuple[Record, bool]]) -> None:
    known = dict(enumerate(before, 1))
    customers = {id_: id_ for id_ in known}
    told, adds = [record for record, _ in file], [add for _, add in file]
    which = alone([record.value for record in told], [record.keys for record in told], known, adds)
    others = np.flatnonzero(~which).tolist()
    ahead = np.cumsum(which)[others].tolist()
    all_ = resolve(known, customers, (), told, adds, FIRST)
    some = resolve(known, customers, (), [told[i] for i in others], [adds[i] for i in others], FIRST, ahead)

    by_themselves = [all_.identities[i] for i in np.flatnonzero(which)]
    assert all((id_,) in all_.groups and all_.seen_by[all_.identities.index(id_)] == "" for id_ in by_themselves)
    assert some.identities == tuple(all_.identities[i] for i in others)
    assert set(some.new) | set(by_themselves) == set(all_.new)
    assert some.groups == tuple(group for group in all_.groups if group[0] not in by_themselves)
    assert (some.pairs, some.n_shared) == (all_.pairs, all_.n_shared)


def test_who_shares_a_key_is_not_alone() -> None:
    told = [
        [(ID, "1"), (EMAIL, "a@x.org")],
        [(ID, "2"), (EMAIL, "a@x.org")],
        [(ID, "3"), (PHONE, "2125557777")],
        [(ID, "4"), (PHONE, "12125557777")],
        [(ID, "5"), (EMAIL, "e@x.org"), (PHONE, "13900139000")],
        [(ID, "6")],
        [(ID, "7")],
    ]
    known = {1: Record(ID, "", "6", [(ID, "6")])}
    adds = [True] * 6 + [False]
    found = alone([keys[0][1] for keys in told], told, known, adds)
    # a common e-mail; a phone with and without the code of the country; 6 is known, 7 bought nothing
    assert found.tolist() == [False, False, False, False, True, False, False]
