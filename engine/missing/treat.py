"""The one way by which results use what may be missing: the choices applied, and what to say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from numpy.random import Generator

from engine.errors import NotAllowed
from engine.missing.fields import Field, fields_of, prepared
from engine.missing.treatments import DEFAULT, treatment
from engine.phrases import Phrase


@dataclass(frozen=True)
class TreatedFrame:
    """`frame` has the rows that are left and the columns that came in; `filled` has the same rows and columns.

    `statements` belong under every result that used the frame: one for each field with a gap, in the order of the
    columns.
    """

    frame: pd.DataFrame
    filled: pd.DataFrame
    statements: tuple[Phrase, ...]


def treated(
    frame: pd.DataFrame,
    choices: Mapping[str, str],
    rng: Generator,
    fields: Sequence[Field] | None = None,
    used: Sequence[str] | None = None,
) -> TreatedFrame:
    """`frame`, one row per customer, with the gaps of each field treated as `choices` (field to treatment) say.

    A field without a choice keeps its gaps, and is told as unknown. Every field is filled from the cells that are
    known, never from filled ones, so the order of the fields does not matter; rows that a deletion leaves out teach
    the others still. `fields` says what the columns are, `fields_of` by default; `used` are the columns that the
    result uses, all by default: only these are treated and told.

    A choice whose treatment cannot treat its field in this frame leaves the gaps as they are, and the statement says
    why. Raises NotAllowed for a treatment that there is not.
    """
    fields = fields_of(frame) if fields is None else fields
    cells = prepared(frame, fields)
    seed = int(rng.integers(2**31))
    made, filled = cells.copy(), pd.DataFrame(False, index=cells.index, columns=cells.columns)
    kept = pd.Series(True, index=cells.index)
    statements = []
    for field in fields:
        if (used is not None and field.key not in used) or not cells[field.key].isna().any():
            continue
        chosen = treatment(choices.get(field.key, DEFAULT))
        why = chosen.refusal(cells, field)
        if why is not None:
            chosen = treatment(DEFAULT)
        # each field has chances of its own, whatever is chosen for the others
        result = chosen.apply(cells, field, np.random.default_rng([seed, crc32(field.key.encode())]))
        statements.append(
            result.statement if why is None else Phrase("{sentence} {why}", sentence=result.statement, why=why)
        )
        kept &= kept.index.isin(result.frame.index)
        made.loc[result.frame.index, field.key] = result.frame[field.key]
        filled.loc[result.filled.index, field.key] = result.filled
    return TreatedFrame(made[kept], filled[kept], tuple(statements))


def allowed(cells: pd.DataFrame, field: Field, name: str) -> None:
    """Raises NotAllowed with the reason if this treatment cannot treat `field` of `cells` (`prepared`), or if there is
    none such.
    """
    why = treatment(name).refusal(cells, field)
    if why is not None:
        raise NotAllowed(why)
