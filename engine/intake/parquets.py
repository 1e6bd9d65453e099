"""Parquet files, each column turned into the text that a CSV of it would hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.errors import FileRefused
from engine.intake import delimited
from engine.intake.headers import tidy_headers
from engine.intake.tables import Column, Table
from engine.intake.workbooks import as_text
from engine.phrases import Phrase

MOST_CELLS = 300_000_000  # ten million lines of thirty columns
MOST_DECLARED = 4 * 2**30  # bytes


def read(data: bytes, name: str) -> Table:
    """The one table of a Parquet file. Raises FileRefused if it is damaged or holds more than plain columns."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(pa.BufferReader(data))
        delimited.refuse_width(file.metadata.num_columns, name)
        _check(file.metadata, name)
        # one long text that stands in all rows stays one text
        texts = [field.name for field in file.schema_arrow if pa.types.is_string(field.type)]
        found = parquet.read_table(pa.BufferReader(data), read_dictionary=texts)
        headers = tidy_headers([str(header) for header in found.column_names])
        columns = [_column(header, column) for header, column in zip(headers, found.columns, strict=True)]
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise FileRefused(
            Phrase("{name} is a damaged Parquet file, or holds lists; export it again as CSV.", name=name)
        ) from error
    return Table(name, tuple(columns), np.arange(2, found.num_rows + 2))


def _check(metadata: Any, name: str) -> None:
    """Raises FileRefused for a file that says it holds more than can be read: a row may take less than a bit."""
    cells = metadata.num_rows * max(metadata.num_columns, 1)
    declared = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if cells > MOST_CELLS or declared > MOST_DECLARED or cells < 0 or declared < 0:
        raise FileRefused(
            Phrase(
                "{name} says that it holds {rows} rows of {columns} columns, more than can be read; "
                "export a part of it.",
                name=name,
                rows=metadata.num_rows,
                columns=metadata.num_columns,
            )
        )


def _column(header: str, chunks: Any) -> Column:
    coded = chunks.dictionary_encode().unify_dictionaries().combine_chunks()
    texts = [as_text(value) for value in coded.dictionary.to_pylist()]
    # an absent value is an empty cell
    codes = coded.indices.fill_null(len(texts)).to_numpy()
    return Column(header, codes.astype(np.int32), [*texts, ""]).recoded(str)
