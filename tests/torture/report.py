"""The table at the end: what was tried how often, what was lost or doubled by it, and whether the store is sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from engine import Shop, check_store

PROPERTY = "torture"
HEAD = ("kind", "tried", "lost", "doubled", "check")


@dataclass(frozen=True)
class Row:
    """`tried`: faults that happened; `lost`, `doubled`: effects, answers or messages; `faults` of `zhike check`."""

    kind: str
    tried: int
    lost: int = 0
    doubled: int = 0
    faults: int = 0

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.faults)


Record = Callable[[str, object], None]


def tell(record_property: Record, row: Row) -> None:
    """Put the row into the table, and fail if anything in it is wrong."""
    record_property(PROPERTY, asdict(row))
    assert row.is_good, row


def n_faults(shop: Shop, known: Sequence[str] = ()) -> int:
    """How much `zhike check` finds, but for what is `known` of a shop that was made up for a test."""
    found = [fault for fault in check_store(shop).faults if fault not in known]
    assert not found, found
    return len(found)


def rows_of(properties: Iterable[tuple[str, object]]) -> list[Row]:
    return [Row(**value) for name, value in properties if name == PROPERTY and isinstance(value, dict)]


def table(rows: Sequence[Row]) -> list[str]:
    """The lines of the table, with a sum at the end."""
    total = Row(
        "all",
        sum(row.tried for row in rows),
        sum(row.lost for row in rows),
        sum(row.doubled for row in rows),
        sum(row.faults for row in rows),
    )
    cells = [HEAD, *(_cells(row) for row in (*sorted(rows, key=lambda row: row.kind), total))]
    width = max(len(line[0]) for line in cells)
    return [f"{line[0]:<{width}}" + "".join(f"{cell:>10}" for cell in line[1:]) for line in cells]


def _cells(row: Row) -> tuple[str, ...]:
    figures = (f"{row.tried:,}", f"{row.lost:,}", f"{row.doubled:,}")
    return (row.kind, *figures, "clean" if not row.faults else f"{row.faults} faults")
