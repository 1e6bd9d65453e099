"""The way from what files tell of customers to a table, which all bases of people share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import TooLittleData
from engine.feature_table import FeatureTable
from engine.features.complete import Column, column, complete
from engine.features.told import Basis, Told, of_basis, with_short_scales
from engine.features.usable import usable
from engine.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from engine.features.bases import Sources

    Made = Callable[[Sequence[Told], pd.DataFrame], list[Column]]


def people_table(basis: Basis, sources: Sources, nothing: Phrase, made: Made | None = None) -> FeatureTable:
    """All customers of whom something of `basis` is known, by what is told of them.

    `made` makes columns of what is told and its treated cells, if not one of each in the way of its kind. Raises
    TooLittleData with `nothing`, and with the reasons where all there is was left out.
    """
    mine = of_basis(sources.told, basis)
    if mine:
        mine = of_basis(with_short_scales(sources.told, sources.known), basis)
    if not mine:
        raise TooLittleData(nothing)
    return told_table(basis, sources, mine, nothing, made)


def told_table(
    basis: str, sources: Sources, mine: Sequence[Told], nothing: Phrase, made: Made | None = None
) -> FeatureTable:
    """The same for things that are chosen already."""
    fit = usable(mine, sources.known, sources.treatments, sources.unread)
    if not fit.told:
        raise TooLittleData(_all_left_out(nothing, fit.statements))
    cells, treated = sources.treated([one.key for one in fit.told])
    columns = [column(one, cells[one.key], basis) for one in fit.told] if made is None else made(fit.told, cells)
    table = complete(columns, (*fit.statements, *treated))
    if not table.features:
        raise TooLittleData(_all_left_out(nothing, table.statements))
    return table


def _all_left_out(nothing: Phrase, statements: Sequence[Phrase]) -> Phrase:
    if not statements:
        return nothing
    return Phrase("{sentence} {why}", sentence=nothing, why=statements[0])
