"""Hostile files and names of files: each is refused in one sentence or read as it is, and lands nowhere else."""

from __future__ import annotations

import gzip
import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from engine import EngineError, Shop, import_or_ask, list_customers
from tests.bot import hostile
from tests.bot.telegram import OWNER, is_clean, world
from tests.engine.intake.packed import ods_of, ods_row, text_cell, xlsx_of, zipped

MB = 2**20
ORDERS = b"order id,customer id,date,product,quantity,price\nO1,K1,2026-10-01,Tea,1,9.5\nO2,K2,2026-10-02,Cup,2,4\n"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12))
    + b']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>&m;</t></is></c></row></sheetData></worksheet>'
)


def zeros() -> bytes:
    """Ten gigabytes of zeros, in a thousand members."""
    return gzip.compress(bytes(10 * MB), 9) * 1000


def nested() -> bytes:
    inner = zipped({"a.csv": ORDERS})
    for _ in range(5):
        inner = zipped({"a.zip": inner})
    return inner


def overlapping() -> bytes:
    """Many members that are all the same bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", ORDERS + bytes(15 * MB))
        first = archive.infolist()[0]
        for n in range(500):
            twin = zipfile.ZipInfo(f"b{n}.csv")
            for field in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(twin, field, getattr(first, field))
            archive.filelist.append(twin)
    return data.getvalue()


def understated() -> bytes:
    """A member of 300 MB that says it has 100 bytes."""
    packed = bytearray(zipped({"a.csv": bytes(300 * MB)}))
    at = packed.rfind(b"PK\x01\x02")
    packed[at + 24 : at + 28] = struct.pack("<I", 100)
    packed[22:26] = struct.pack("<I", 100)
    return bytes(packed)


def with_part(name: str, content: bytes) -> bytes:
    """A workbook in which one part is another."""
    data = io.BytesIO()
    book = io.BytesIO(xlsx_of(f'<row r="1">{text_cell("A1", "a")}</row>'))
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
        if name not in old.namelist():
            new.writestr(name, content)
    return data.getvalue()


def many_rows() -> bytes:
    """Three hundred million cells of one text, said in a few bytes."""
    file = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(180_000, dtype=np.int8)), ["x"])
    parquet.write_table(pa.table({f"c{n}": column for n in range(1900)}), file)
    return file.getvalue()


def one_long_text() -> bytes:
    """A text of five megabytes that stands in two hundred thousand rows."""
    file = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(200_000, dtype=np.int8)), ["x" * 5 * MB])
    parquet.write_table(pa.table({"a": column.cast(pa.dictionary(pa.int8(), pa.string()))}), file)
    return file.getvalue()


def locked() -> bytes:
    data = bytearray(zipped({"a.csv": ORDERS}))
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def links() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        link = zipfile.ZipInfo("orders.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return data.getvalue()


CORNER = f'<row r="1">{text_cell("A1", "a")}</row><row r="1048576">{text_cell("XFD1048576", "b")}</row>'
BOMBS: dict[str, Callable[[], bytes]] = {
    "ten gigabytes of zeros.gz": zeros,
    "zip in zip.zip": nested,
    "zip in gzip.gz": lambda: gzip.compress(zipped({"a.csv": ORDERS})),
    "gzip in gzip.gz": lambda: gzip.compress(gzip.compress(gzip.compress(ORDERS))),
    "overlapping.zip": overlapping,
    "says it is small.zip": understated,
    "packed tight.zip": lambda: zipped({"a.csv": bytes(390 * MB)}),
    "too many.zip": lambda: zipped({f"{n}.csv": b"a" for n in range(2500)}, packed=False),
    "locked.zip": locked,
    "links.zip": links,
    "cut off.gz": lambda: gzip.compress(ORDERS * 1000)[:200],
    "cut off.zip": lambda: zipped({"a.csv": ORDERS * 1000})[:200],
    "only a beginning.zip": lambda: b"PK\x03\x04" + bytes(60),
    "billion laughs.xlsx": lambda: with_part("xl/worksheets/sheet1.xml", LAUGHS),
    "far corner.xlsx": lambda: xlsx_of(CORNER),
    "large part.xlsx": lambda: with_part("xl/sharedStrings.xml", bytes(390 * MB)),
    "rows without end.ods": lambda: ods_of(ods_row("a") + ods_row(*["x"] * 200, times=1_000_000)),
    "old workbook.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096),
    "many rows.parquet": many_rows,
    "one long text.parquet": one_long_text,
    "broken.parquet": lambda: b"PAR1" + zlib.compress(bytes(1000)) + b"PAR1",
    "one cell.csv": lambda: b"a,b\n" + b"x" * 19 * MB + b",1\n",
    "one line.csv": lambda: b"," * 5 * MB,
    "many columns.csv": lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"1," * 100_000,
    "never closed.csv": lambda: b'a,b\n"' + b"x,1\n" * 100_000,
    "page.csv": lambda: b"<html><script>alert(1)</script><table><tr><td>a</td></tr></table></html>",
    "entity.xml": lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "pickle.csv": lambda: b"\x80\x04cos\nsystem\n(S'touch owned'\ntR.",
    "nulls.csv": lambda: bytes(MB),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_one_sentence_and_changes_nothing(shop: Shop, tmp_path: Path, name: str) -> None:
    path = tmp_path / "sent"
    path.write_bytes(BOMBS[name]())
    begun = time.monotonic()
    with pytest.raises(EngineError) as refused:
        import_or_ask(shop, path, name=name)
    assert time.monotonic() - begun < 20
    said = str(refused.value)
    assert 0 < len(said) < 400
    assert "root:" not in said
    assert list_customers(shop, n=1).total == 0


async def test_names_of_files_lead_nowhere(shop: Shop, tmp_path: Path) -> None:
    async with world(shop) as bot:
        content = BOMBS["page.csv"]()
        bot.telegram.files["sent"] = content
        before = {path for path in tmp_path.rglob("*") if path.suffix != ".csv"}
        for name in hostile.FILE_NAMES.values():
            document = {"file_id": "sent", "file_unique_id": "sent", "file_name": name, "file_size": len(content)}
            await bot.telegram.update(message={**bot.telegram.frame(OWNER), "document": document})
        await bot.settled()
        answers = [text for text in bot.telegram.sent(OWNER) if "web page" in text]
        assert len(answers) == len(hostile.FILE_NAMES)
        assert [text[:80] for text in bot.telegram.sent(OWNER) if "went wrong" in text or len(text) > 4096] == []
        assert [text[:80] for text in answers if not is_clean(text)] == []
        strangers = {path for path in tmp_path.rglob("*") if path.suffix != ".csv"} - before
        # the store's own, and its daily backup
        assert [path for path in strangers if path.is_file() and not path.name.startswith("shop")] == []
        assert list((shop.files / "received").iterdir()) == []
        assert not any(Path(place).exists() for place in ("/tmp/owned.csv", "/etc/cron.d/owned", "owned", "owned.csv"))


async def test_a_bomb_from_the_chat_is_read_in_a_process_with_limits(shop: Shop) -> None:
    async with world(shop) as bot:
        for name in ("zip in zip.zip", "far corner.xlsx", "page.csv", "locked.zip"):
            content = BOMBS[name]()
            bot.telegram.files[name] = content
            document = {"file_id": name, "file_unique_id": name, "file_name": name, "file_size": len(content)}
            await bot.telegram.update(message={**bot.telegram.frame(OWNER), "document": document})
            await bot.settled()
            answer = bot.telegram.sent(OWNER)[-1]
            assert name in answer
            assert "went wrong" not in answer
        assert list_customers(shop, n=1).total == 0
