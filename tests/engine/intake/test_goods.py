"""Files of products."""

from __future__ import annotations

from engine import columns as c
from engine.intake import goods, reasons, understand
from tests.engine.intake.files import csv, said


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


def test_stock_and_description() -> None:
    found = understand(
        csv("商品编码,商品名称,库存,商品描述", "T1,绿茶,120,龙井", "T2,红茶,很多,", "T3,白茶,0,福鼎"), "goods.csv"
    )
    told = goods.read(found.table, found.cells)
    assert told.goods[[c.PRODUCT_KEY, c.PRODUCT_NAME, c.STOCK, c.DESCRIPTION]].values.tolist() == [
        ["T1", "绿茶", 120.0, "龙井"],
        ["T2", "红茶", None, None],
        ["T3", "白茶", 0.0, "福鼎"],
    ]
    assert "1 value of stock could not be read" in said(told.notes)


def test_a_description_alone_is_the_name() -> None:
    found = understand(csv("stock code,description,unit price", "T1,Green tea,3"), "goods.csv")
    assert found.cells[c.PRODUCT_NAME].header == "description"
    assert c.DESCRIPTION not in found.cells
