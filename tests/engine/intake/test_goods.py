"""Files of products."""

from __future__ import annotations

from engine import columns as c
from engine.intake import goods, reasons, understand
from tests.engine.intake.files import csv


def test_a_file_of_products_in_two_languages() -> None:
    found = understand(
        csv(
            "商品编码,中文名,英文名,类目,售价(元)",
            "T1,绿茶,Green tea,茶,¥38",
            "T2,红茶,,茶,",
            ",,,茶,3",
            "T3,白茶,,茶,much",
        ),
        "goods.csv",
    )
    assert found.kind == "products"
    told = goods.read(found.table, found.cells)
    assert told.goods[[c.PRODUCT_KEY, c.PRODUCT_NAME_ZH, c.PRODUCT_NAME_EN, c.CATEGORY, c.PRICE]].values.tolist() == [
        ["T1", "绿茶", "Green tea", "茶", 38.0],
        ["T2", "红茶", None, "茶", None],
    ]
    assert told.rejected[[c.ROW, c.REASON]].values.tolist() == [
        [4, reasons.NO_PRODUCT.message],
        [5, reasons.PRICE_UNREADABLE.message],
    ]
