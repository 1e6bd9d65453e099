from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from engine.phrases import Name
from engine.recommend.charges import is_charge


@pytest.mark.parametrize(
    "text",
    [
        "POSTAGE", "DOTCOM POSTAGE", "CARRIAGE", "Next Day Carriage", "Manual", "Discount", "SAMPLES", "Bank Charges",
        "AMAZON FEE", "CRUK Commission", "PACKING CHARGE", "Adjust bad debt", "Adjustment", "Shipping (UK)",
        "Delivery - next day", "Free delivery", "P&P", "Postage & Packing", "Gift wrapping fee", "Shipping fee.",
        "邮费", "运费", "补运费", "补差价", "顺丰运费", "运费补差价专用链接", "【补差价】专拍 1元",
        "邮费专拍", "快递费", "安装费", "优惠",
        "补邮费链接勿拍",
    ],
)  # fmt: skip
def test_charges(text: str) -> None:
    assert is_charge(Name(text, text))


@pytest.mark.parametrize(
    "text",
    [
        "", "FRENCH CARRIAGE LANTERN", "BLACK BAROQUE CARRIAGE CLOCK", "COFFEE MUG CAT + BIRD DESIGN", "TOFFEE",
        "ZINC HEART LATTICE CHARGER LARGE", "VINTAGE POST OFFICE CABINET", "Manual coffee grinder",
        "Postage stamp album",
        "Letterbox flowers with free delivery", "Roses free delivery", "PADS TO MATCH ALL CUSHIONS", "GIRLS PARTY BAG",
        "Dotcomgiftshop Gift Voucher £40.00", "Sample box of six teas", "Tip-top trainers",
        "大闸蟹 免运费", "新鲜苹果5斤包邮", "运动鞋", "邮票纪念册", "手机壳 送运费险", "费列罗巧克力",
        "Fiskars 剪刀, 蓝色", "差旅收纳包", "零食大礼包优惠",
    ],
)  # fmt: skip
def test_products(text: str) -> None:
    assert not is_charge(Name(text, text))


def test_either_language_tells() -> None:
    assert is_charge(Name("Postage", "快件"))
    assert is_charge(Name("SF 2", "运费"))


def test_a_real_catalogue(datasets: Path) -> None:
    """Of the 3,800 products of Online Retail that customers paid for, by hand: these and no others."""
    lines = pd.read_parquet(
        datasets / "online_retail.parquet", columns=["StockCode", "Description", "CustomerID", "Quantity"]
    )
    sold = lines[(lines["CustomerID"] > 0) & (lines["Quantity"] > 0)]
    names = sold.groupby("StockCode")["Description"].first()
    charges = {code for code, name in names.items() if is_charge(Name(str(name), str(name)))}
    assert charges == {"POST", "DOT", "M", "C2", "BANK CHARGES", "23444", "23574"}
