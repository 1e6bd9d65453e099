"""Files of products."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import columns as c
from engine.intake import goods, product_attributes, reasons, understand, words
from tests.engine.intake.files import TODAY, csv, said


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


def test_cost_launch_date_and_attributes() -> None:
    found = understand(
        csv(
            "商品编码,商品名称,售价,进价,上架时间,颜色,香型,链接,品牌,销量",
            "T1,绿茶,38,12.5,2026-05-01 10:00,绿,清香,https://x.org/1,龙井坊,7",
            "T2,红茶,30,三十,昨天,,浓香,https://x.org/2,,8",
            "T3,白茶,20,25,2026-12-24,白,,,龙井坊;茶厂,9",
        ),
        "goods.csv",
    )
    assert (found.kind, found.proposal.certain) == ("products", True)
    told = goods.read(found.table, found.cells, TODAY)
    assert told.goods[[c.COST, c.LAUNCHED]].values.tolist() == [
        [12.5, "2026-05-01T10:00:00"],
        [None, None],
        [25.0, "2026-12-24T00:00:00"],
    ]
    assert told.goods[c.ATTRIBUTES].tolist() == [
        {"颜色": "绿", "香型": "清香", "品牌": "龙井坊"},
        {"香型": "浓香"},
        {"颜色": "白", "品牌": "龙井坊,茶厂"},
    ]
    assert said(told.notes).split(" | ") == [
        "1 value of cost per piece could not be read and was left out.",
        "1 value of launch date could not be read and was left out.",
        "1 product costs you more than it sells for, such as T3: check its cost.",
        "Also kept of the products: 颜色, 香型, 品牌.",
    ]


@pytest.mark.parametrize("header", ["created at", "上架时间", "创建时间", "launch date", "Date added"])
def test_goods_with_a_date_are_no_orders(header: str) -> None:
    rows = [f"S{n},Tea {n},{n}.50,2026-0{n}-01,{n}" for n in range(1, 6)]
    found = understand(csv(f"sku,product name,price,{header},stock", *rows), "goods.csv")
    assert (found.kind, found.cells[c.LAUNCHED].header, found.cells[c.STOCK].header) == ("products", header, "stock")


def test_sales_with_a_date_are_still_orders() -> None:
    assert understand(csv("created at,sku,price,quantity", "2026-05-01,S1,3,2"), "sales.csv").kind == "orders"


def test_youzan_goods() -> None:
    found = understand(
        csv(
            "商品名称,商品ID,商品编码,商品类目,商品分组,商品价格,划线价,成本价,库存,总销量,创建时间,商品状态",
            "龙井绿茶,91,T1,茶叶,春茶,38.00,58.00,12.00,20,100,2026-05-01 10:00:00,销售中",
        ),
        "商品导出.csv",
    )
    told = goods.read(found.table, found.cells, TODAY)
    assert found.kind == "products"
    assert told.goods[[c.CATEGORY, c.PRICE, c.COST, c.STOCK, c.LAUNCHED]].values.tolist() == [
        ["茶叶", 38.0, 12.0, 20.0, "2026-05-01T10:00:00"]
    ]


def test_shopify_variants_are_products_called_as_in_the_orders() -> None:
    found = understand(
        csv(
            "Title,URL handle,Description,Vendor,Product category,Type,Tags,SKU,Option1 name,Option1 value,"
            "Option2 name,Option2 value,Price,Cost per item,Inventory quantity,Product image URL,Gift card,"
            "Color (product.metafields.shopify.color-pattern)",
            'Mug,mug,Stoneware,Acme,Home > Cups,,"gift, tea",,Colour,Blue,Size,L,12,5,3,https://x.org/1,FALSE,navy',
            ",mug,,,,,,M-RED,,Red,,L,13,,0,,,",
        ),
        "products_export.csv",
    )
    told = goods.read(found.table, found.cells, TODAY).goods.sort_values(c.COST)
    assert told[[c.PRODUCT_KEY, c.PRODUCT_NAME, c.CATEGORY, c.DESCRIPTION, c.COST]].values.tolist() == [
        ["Mug - Blue / L", "Mug - Blue / L", "Home > Cups", "Stoneware", 5.0],
        ["M-RED", "Mug - Red / L", "Home > Cups", "Stoneware", None],
    ]
    shared = {"Size": "L", "Vendor": "Acme", "Tags": "gift, tea", "Color": "navy"}
    assert told[c.ATTRIBUTES].tolist() == [{"Colour": "Blue", **shared}, {"Colour": "Red", **shared}]


names = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8).map(words.text).filter(bool)


@given(st.dictionaries(names, st.text("ab红 ,-/", min_size=1).filter(lambda text: text.strip(" ,") != ""), max_size=4))
def test_attributes_in_one_cell_are_read_back(attributes: dict[str, str]) -> None:
    tidy = {name: " ".join(value.split()).strip(" ,") for name, value in attributes.items()}
    tidy = {name: value for name, value in tidy.items() if value}
    assert product_attributes.parted(product_attributes.joined(tidy.items())) == tidy


def test_what_is_no_list_of_attributes_is_none() -> None:
    assert product_attributes.parted("very nice") == {}
    assert product_attributes.parted("颜色分类:红色;尺码：M") == {"颜色分类": "红色", "尺码": "M"}
