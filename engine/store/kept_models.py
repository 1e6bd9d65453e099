"""What a run learned, for lists of later orders without learning it again."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

Arrays = dict[str, NDArray[Any]]


def of_run(db: Database, run_id: int) -> dict[str, Arrays]:
    """All that is kept of a run, by name; empty where it has been dropped since."""
    rows = db.conn.execute("SELECT name, arrays FROM kept_models WHERE run_id = ?", [run_id])
    return {name: _arrays(file) for name, file in rows}


def _arrays(file: bytes) -> Arrays:
    # nothing of a stored file is ever run
    with np.load(io.BytesIO(file), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
