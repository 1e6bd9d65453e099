"""What becomes of exports that nobody looked at while the words of columns were chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import Shop, import_file
from engine.errors import FileRefused, Unsure
from engine.intake import understand
from engine.intake.choices import Choice
from engine.intake.receipt import Receipt
from tests.engine.intake.held_out_exports import HELD_OUT, Figures, HeldOut


def figures(receipt: Receipt) -> Figures:
    sold = round(receipt.revenue + receipt.unnamed_revenue, 2)
    return Figures(receipt.orders + receipt.unnamed_orders, receipt.customers, sold, receipt.returns.money)


@pytest.mark.parametrize("export", HELD_OUT, ids=lambda export: export.name)
def test_a_held_out_export(export: HeldOut, shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(export.text.encode(export.encoding))
    if export.refused:
        with pytest.raises(FileRefused, match=export.refused):
            import_file(shop, path)
        return
    assert understand(path, "export.csv").platform == ""
    choice = None
    if export.asked is not None:
        header, field = export.asked
        with pytest.raises(Unsure, match=header):
            import_file(shop, path)
        choice = Choice(fields={header: field})
    receipt = import_file(shop, path, choose=None if choice is None else lambda headers: choice)
    assert figures(receipt) == (export.now or export.counted)
    assert receipt.rows == receipt.accepted + receipt.without_customer + receipt.rejected


def test_what_is_not_read_as_counted_says_why() -> None:
    for export in HELD_OUT:
        assert bool(export.why) == bool(export.refused or export.now), export.name
        assert export.now != export.counted
