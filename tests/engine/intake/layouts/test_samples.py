"""Every layout on files of its platform; the figures are worked out by hand, in `western` and `chinese`."""

from __future__ import annotations

import csv
import io
import random
import unicodedata
from pathlib import Path

import pytest

from engine import columns as c
from engine.intake import layouts, understand
from engine.intake.encodings import as_utf8
from engine.intake.layouts import Known
from tests.engine.intake.layouts import chinese, western
from tests.engine.intake.layouts.samples import Case, come_to, read

CASES = {**western.CASES, **chinese.CASES}
KNOWN = [layout for layout in layouts.registered() if isinstance(layout, Known)]


@pytest.fixture
def folder(datasets: Path) -> Path:
    return datasets / "layouts"


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_figures_are_those_worked_out_by_hand(case: Case, folder: Path) -> None:
    data = case.make(folder)
    found = understand(data, "export.csv")
    assert (come_to(found), found.platform) == (case.figures, case.platform)
    layout = next(one for one in layouts.registered() if one.match(found.table.headers) is not None)
    assert layout.name == case.layout


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_columns_may_stand_in_any_order_and_headers_be_written_widely(case: Case, folder: Path) -> None:
    data = case.make(folder)
    with as_utf8(data, "export.csv").open() as file:
        text = file.read().decode()
    delimiter = "\t" if "\t" in text.splitlines()[0] else ","
    records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    order = list(range(len(records[0])))
    random.Random(7).shuffle(order)
    out = io.StringIO()
    # rows that end with one comma more than the header keep it at their end
    turned = [[record[i] for i in order] + record[len(order) :] for record in records if len(record) >= len(order)]
    turned[0] = [f" {unicodedata.normalize('NFKC', header).upper()}  ".replace("(", "（") for header in turned[0]]
    csv.writer(out).writerows(turned)
    if len(turned) == len(records):
        assert read(out.getvalue().encode()) == case.figures


@pytest.mark.parametrize(
    "layout", [one for one in layouts.registered() if isinstance(one, Known)], ids=lambda o: o.name
)
def test_columns_that_some_exports_lack_are_not_needed(layout: Known) -> None:
    # each alternative alone, with nothing else in the file
    for pick in (0, -1):
        headers = [word.split("|")[pick] for word in layout.needed.split()]
        found = layout.match(headers)
        assert found is not None
        row = ["1"] * len(headers)
        for field, value in ((c.AT, "2026-05-01"), (c.STATUS, "paid"), (c.EMAIL, "a@x.org"), (c.PHONE, "13800138000")):
            if field in found.columns:
                row[found.columns[field]] = value
        figures = read("\n".join([",".join(headers), ",".join(row)]).encode())
        assert figures.accepted + figures.without_customer + sum(figures.reasons.values()) == 1


def test_every_layout_has_a_sample() -> None:
    elsewhere = {"by name", "淘宝 items", "Taobao behaviour"}  # test_taobao_items.py, test_events.py
    assert {case.layout for case in CASES.values()} | elsewhere == {layout.name for layout in layouts.registered()}
