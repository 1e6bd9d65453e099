"""Ten thousand broken files: what the importer makes of exports that were damaged in every way we could think of.

Each file is a sound export with one to four mutations: of its bytes, its cells, its rows, its header or its packing.
It must be imported, with every row accounted for, or refused in one sentence without a change of the store. Anything
else is a fault, and named with its seed: `broken(seed)` makes the same file again.
"""

from __future__ import annotations

import csv
import gzip
import io
import multiprocessing
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import Generator

from benchmarks import Figures
from engine import EngineError, Shop, check_store, import_file

FILES = 10_000
PER_SHOP = 100
LAYOUTS = Path(__file__).parents[2] / "shared" / "datasets" / "layouts"
MOST_SECONDS = 10.0

Rows = list[list[str]]
NASTY = (
    *("", " ", "-", "—", "0", "-1", "1e309", "NaN", "inf", "=1+1", '="007"', "'0812", "\t42", "99999999999999999999"),
    *(
        "3.5E+16",
        "2025-02-30",
        "2025-13-45",
        "31/12/2025",
        "12/31/2025",
        "25.3.8",
        "3月8日",
        "0000-00-00",
        "9999-12-31",
    ),
    *(
        "￥１，２３４．５０",
        "1.234,50",
        "(5.00)",
        "5.00-",
        "1,2万",
        "12%",
        "US$ 5",
        "5 元起",
        "186******05",
        "a@b",
        "@",
        "*",
    ),
    *(
        "\u202e\u200b\ufeff",
        "🍰",
        "a\nb",
        "a\r\nb",
        'he said "no"',
        "x" * 70_000,
        "x" * 70_000 + "é",
        "_" * 70_000,
        "1x " * 20_000,
        "(" * 70_000,
        "\x00",
        "\x1f",
        "\ud7ff",
        "NULL",
        "合计",
    ),
)


@dataclass(frozen=True)
class Tried:
    """What became of one file. `fault` is "" if all was as it should be."""

    seed: int
    how: str
    seconds: float
    fault: str = ""


def run(files: int = FILES) -> Figures:
    begin = time.perf_counter()
    starts = range(0, files, PER_SHOP)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        tried = [one for part in pool.imap(_shop, [(s, min(s + PER_SHOP, files)) for s in starts]) for one in part]
    how = Counter(one.how for one in tried)
    faults = [one for one in tried if one.fault]
    slowest = max(tried, key=lambda one: one.seconds)
    rows: list[tuple[object, ...]] = [(n, what) for what, n in how.most_common(20)]
    notes = [
        f"{len(tried):,} files in {time.perf_counter() - begin:.0f} s; the slowest took {slowest.seconds:.1f} s "
        f"(seed {slowest.seed}); {len(faults)} faults.",
        *(f"FAULT seed {one.seed}: {one.fault}" for one in faults[:20]),
    ]
    return Figures("Import of damaged files", ("files", "what became of them"), rows, notes)


def _shop(span: tuple[int, int]) -> list[Tried]:
    """The files of these seeds, one after the other into one shop."""
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder) / "shop.db")
        return [tried(shop, seed) for seed in range(*span)]


def tried(shop: Shop, seed: int) -> Tried:
    """Import the broken file of this seed into the shop, and look at what became of it."""
    name, data, n_rows = broken(seed)
    path = shop.path.with_name(name)
    path.write_bytes(data)
    before = check_store(shop).sizes if shop.path.exists() else {}
    begin = time.perf_counter()
    how, fault = "imported", ""
    try:
        receipt = import_file(shop, path)
        parts = receipt.accepted + receipt.without_customer + receipt.rejected
        if receipt.rows != parts or sum(receipt.reasons.values()) != receipt.rejected:
            fault = f"{receipt.rows} rows are not {parts}"
        elif n_rows is not None and receipt.rows != n_rows and not receipt.already:
            fault = f"{n_rows} rows went in, the receipt tells of {receipt.rows}"
    except EngineError as error:
        how = f"refused: {error.phrase.message[:70]}"
        if not str(error).strip() or len(str(error)) > 2_000:
            fault = f"no sentence: {str(error)[:100]!r}"
        elif before and check_store(shop).sizes != before:
            fault = "refused, and yet the store has changed"
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        how, fault = "fault", traceback.format_exc()[-1500:]
    seconds = time.perf_counter() - begin
    if not fault and seconds > MOST_SECONDS:
        fault = f"took {seconds:.1f} s"
    if not fault and seed % 10 == 0 and shop.path.exists() and (unsound := check_store(shop).faults):
        fault = f"the store is unsound: {unsound}"
    path.unlink()
    return Tried(seed, how, seconds, fault)


def broken(seed: int) -> tuple[str, bytes, int | None]:
    """The file of this seed: its name, its bytes, and how many rows it has where that is known."""
    rng = np.random.default_rng([20_260_101, seed])
    samples = sound()
    rows = [list(row) for row in samples[int(rng.integers(len(samples)))]]
    header = rng.random() < 0.3
    for _ in range(int(rng.integers(1, 4))):
        # a header that has lost its last column has nothing left to damage
        kinds = _OF_CELLS + (_OF_HEADERS if header and rows[0] else ())
        kinds[int(rng.integers(len(kinds)))](rows, rng)
    name, data = _packed(rows, rng)
    if rng.random() < 0.4:
        for _ in range(int(rng.integers(1, 4))):
            data = _OF_BYTES[int(rng.integers(len(_OF_BYTES)))](data, rng)
        return name, data, None
    known = name.endswith(".csv") and not header and all(len(row) == len(rows[0]) for row in rows)
    return name, data, sum(any(cell.strip() for cell in row) for row in rows[1:]) if known else None


@cache
def sound() -> tuple[Rows, ...]:
    """The exports to damage: the layouts' samples where they are, and some of our own."""
    found = [_orders(), _customers(), _products()]
    for path in sorted(LAYOUTS.glob("*.csv")) if LAYOUTS.is_dir() else ():
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
        if len(rows) > 1:
            found.append(rows + [list(row) for row in rows[1:]])
    return tuple(found)


def _orders() -> Rows:
    rows = [["订单编号", "下单时间", "客户编号", "手机号", "商品名称", "数量", "单价", "订单状态"]]
    for n in range(60):
        day = f"2025-{1 + n % 12:02d}-{1 + n % 28:02d} 10:{n % 60:02d}:00"
        rows.append(
            [
                f"D{1000 + n // 2}",
                day,
                f"K{n // 2 % 9}",
                f"1380000{n // 2 % 9:04d}",
                f"茶 {n % 5}",
                "1",
                "19.9",
                "交易成功",
            ]
        )
    return rows


def _customers() -> Rows:
    rows = [["Customer ID", "Name", "Email", "Phone", "City", "Birthday", "Gender", "Accepts Marketing"]]
    rows += [
        [f"C{n}", f"Ann {n}", f"ann{n}@example.com", f"+44 20 7946 {n:04d}", "Leeds", "1980-02-03", "female", "yes"]
        for n in range(40)
    ]
    return rows


def _products() -> Rows:
    return [["sku", "name", "category", "price"], *([f"P{n}", f"Tea {n}", "tea", f"{n}.50"] for n in range(30))]


def _place(rows: Rows, rng: Generator) -> tuple[int, int]:
    row = int(rng.integers(1, len(rows))) if len(rows) > 1 else 0
    return row, int(rng.integers(len(rows[row]))) if rows[row] else 0


def _nasty_cell(rows: Rows, rng: Generator) -> None:
    row, column = _place(rows, rng)
    if rows[row]:
        rows[row][column] = NASTY[int(rng.integers(len(NASTY)))]


def _nasty_column(rows: Rows, rng: Generator) -> None:
    _, column = _place(rows, rng)
    value = NASTY[int(rng.integers(len(NASTY)))]
    for row in rows[1:]:
        if column < len(row) and rng.random() < 0.7:
            row[column] = value


def _ragged(rows: Rows, rng: Generator) -> None:
    row, column = _place(rows, rng)
    rows[row] = rows[row][:column] if rng.random() < 0.5 else [*rows[row], "more"]


def _row_twice(rows: Rows, rng: Generator) -> None:
    rows.insert(int(rng.integers(1, len(rows) + 1)), list(rows[_place(rows, rng)[0]]))


def _row_gone(rows: Rows, rng: Generator) -> None:
    if len(rows) > 2:
        del rows[_place(rows, rng)[0]]


def _blank_row(rows: Rows, rng: Generator) -> None:
    rows.insert(int(rng.integers(1, len(rows) + 1)), [""] * len(rows[0]))


def _shuffled(rows: Rows, rng: Generator) -> None:
    rows[1:] = [rows[1 + i] for i in rng.permutation(len(rows) - 1)]


def _header_twice(rows: Rows, rng: Generator) -> None:
    rows[0][int(rng.integers(len(rows[0])))] = rows[0][int(rng.integers(len(rows[0])))]


def _header_odd(rows: Rows, rng: Generator) -> None:
    rows[0][int(rng.integers(len(rows[0])))] = NASTY[int(rng.integers(len(NASTY)))]


def _column_gone(rows: Rows, rng: Generator) -> None:
    column = int(rng.integers(len(rows[0])))
    rows[:] = [row[:column] + row[column + 1 :] for row in rows]


def _title_above(rows: Rows, rng: Generator) -> None:
    rows.insert(0, ["2025 年订单"] + [""] * (len(rows[0]) - 1))


_OF_CELLS: tuple[Callable[[Rows, Generator], None], ...] = (
    *(_nasty_cell, _nasty_cell, _nasty_column, _ragged, _row_twice, _row_gone, _blank_row, _shuffled),
)
_OF_HEADERS: tuple[Callable[[Rows, Generator], None], ...] = (_header_twice, _header_odd, _column_gone, _title_above)


def _packed(rows: Rows, rng: Generator) -> tuple[str, bytes]:
    kind = rng.choice(["csv"] * 6 + ["xlsx", "parquet", "gz", "zip"])
    if kind == "xlsx":
        return "file.xlsx", _workbook(rows)
    if kind == "parquet":
        width = max(map(len, rows))
        frame = pd.DataFrame([row + [""] * (width - len(row)) for row in rows[1:]], columns=range(width), dtype=str)
        frame.columns = [
            f"{cell}_{i}" if rows[0].count(cell) > 1 else cell for i, cell in enumerate(_wide(rows[0], width))
        ]
        file = io.BytesIO()
        frame.to_parquet(file)
        return "file.parquet", file.getvalue()
    text = io.StringIO()
    csv.writer(text, delimiter=str(rng.choice([",", ",", ",", ";", "\t"])), lineterminator="\n").writerows(rows)
    data = text.getvalue().encode(str(rng.choice(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])), "replace")
    if kind == "gz":
        return "file.csv.gz", gzip.compress(data, 1)
    if kind == "zip":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("订单.csv", data)
        return "file.zip", file.getvalue()
    return "file.csv", data


def _wide(header: Sequence[str], width: int) -> list[str]:
    return [*header, *(f"more {i}" for i in range(width - len(header)))]


def _workbook(rows: Rows) -> bytes:
    import openpyxl
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell)[:32_000] for cell in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _flipped(data: bytes, rng: Generator) -> bytes:
    if not data:
        return data
    changed = bytearray(data)
    for _ in range(int(rng.integers(1, 8))):
        changed[int(rng.integers(len(data)))] = int(rng.integers(256))
    return bytes(changed)


def _cut(data: bytes, rng: Generator) -> bytes:
    return data[: int(rng.integers(len(data) + 1))]


def _part_gone(data: bytes, rng: Generator) -> bytes:
    start, end = _span(data, rng)
    return data[:start] + data[end:]


def _part_twice(data: bytes, rng: Generator) -> bytes:
    start, end = _span(data, rng)
    return data[:end] + data[start:end] + data[end:]


def _noise(data: bytes, rng: Generator) -> bytes:
    at = int(rng.integers(len(data) + 1))
    return data[:at] + rng.bytes(int(rng.integers(1, 40))) + data[at:]


def _quote(data: bytes, rng: Generator) -> bytes:
    at = int(rng.integers(len(data) + 1))
    return data[:at] + b'"' + data[at:]


def _span(data: bytes, rng: Generator) -> tuple[int, int]:
    start = int(rng.integers(len(data) + 1))
    return start, min(len(data), start + int(rng.integers(1, 200)))


_OF_BYTES: tuple[Callable[[bytes, Generator], bytes], ...] = (_flipped, _cut, _part_gone, _part_twice, _noise, _quote)


def seeds(n: int) -> Iterator[int]:
    """Some seeds, spread over all: for a test that has not the time for ten thousand."""
    return iter(range(0, FILES, max(1, FILES // n)))
