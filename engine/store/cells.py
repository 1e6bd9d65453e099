"""Columns of a frame as SQLite takes them."""

from __future__ import annotations

from typing import Any

import pandas as pd


def cells(column: pd.Series) -> list[Any]:
    """The values, 0 and 1 for no and yes, None for what is missing."""
    if column.dtype == bool:
        return column.astype("int64").tolist()
    return column.astype(object).where(column.notna(), None).tolist()
