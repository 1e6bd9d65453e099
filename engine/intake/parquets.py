"""Parquet files, each column turned into the text that a CSV of it would hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import FileRefused
from engine.intake.headers import tidy_headers
from engine.intake.tables import Column, Table
from engine.intake.workbooks import as_text
from engine.phrases import Phrase


def read(data: bytes, name: str) -> Table:
    """The one table of a Parquet file. Raises FileRefused if it is damaged or holds more than plain columns."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        found = parquet.read_table(pa.BufferReader(data))
        headers = tidy_headers([str(header) for header in found.column_names])
        columns = [_column(header, column) for header, column in zip(headers, found.columns, strict=True)]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise FileRefused(
            Phrase("{name} is a damaged Parquet file, or holds lists; export it again as CSV.", name=name)
        ) from error
    return Table(name, tuple(columns), np.arange(2, found.num_rows + 2))


def _column(header: str, chunks: Any) -> Column:
    coded = chunks.dictionary_encode().unify_dictionaries().combine_chunks()
    texts = [as_text(value) for value in coded.dictionary.to_pylist()]
    # an absent value is an empty cell
    codes = coded.indices.fill_null(len(texts)).to_numpy()
    return Column(header, codes.astype(np.int32), [*texts, ""]).recoded(str)
