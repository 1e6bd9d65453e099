"""Who in a file is somebody new for sure, so that nobody has to be compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from engine.intake.dialling import forms
from engine.intake.resolution import Key, Record
from engine.intake.same_person import EMAIL, PHONE


def alone(
    values: Sequence[str], keys: Sequence[Sequence[Key]], known: Mapping[int, Record], adds: Sequence[bool]
) -> NDArray[np.bool_]:
    """Which records are one new person each, whatever `resolve` makes of the others.

    They add, and nobody else, in the file or `known`, has their value, their e-mail or phone, or a phone that may be
    theirs with or without the code of a country.
    """
    n_values = Counter(values)
    n_values.update(record.value for record in known.values())
    contacts = [[key for key in of_one if key[0] in (EMAIL, PHONE)] for of_one in keys]
    n_contacts = Counter(chain.from_iterable(contacts))
    n_contacts.update(key for record in known.values() for key in record.keys if key[0] in (EMAIL, PHONE))
    phones = {value: [within for _, within in forms(value)] for kind, value in n_contacts if kind == PHONE}
    n_written = Counter(chain.from_iterable(map(set, phones.values())))
    result = [
        add
        and n_values[value] == 1
        and all(n_contacts[key] == 1 for key in of_one)
        and all(n_written[within] == 1 for kind, phone in of_one if kind == PHONE for within in phones[phone])
        for value, of_one, add in zip(values, contacts, adds, strict=True)
    ]
    return np.array(result, dtype=np.bool_)
