"""Real files, each by chat in Chinese and on the command line in English, held against figures counted elsewhere.

What the chat answers to `online_retail.parquet` is in `test_page_loop`; as CSV it is larger than a chat takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bot.cli import main
from engine import Shop, check_store
from tests.bot.talk import running_bot, text_of

Figures = dict[str, Any]


@dataclass(frozen=True)
class Real:
    """A file, what a program is told of it, and what a person must read, in either language."""

    name: str
    figures: Figures
    english: tuple[str, ...]
    chinese: tuple[str, ...]
    reasons: dict[str, int] = field(default_factory=dict)
    quality: str = "I found nothing odd."


def people(n: int) -> Figures:
    """Of a file in which each row is one customer."""
    return {"kind": "customers", "rows": n, "accepted": n, "without_customer": 0, "rejected": 0, "customers": n}


# x = pandas.read_excel("superstore_zh.xls", sheet_name="订单"): len(x) == 10000, x["客户 ID"].nunique() == 790,
# len(x.drop_duplicates(["订单 ID", "客户 ID"])) == 4979, x["销售额"].sum() == 16117548.237, and
# (x.groupby("订单 ID")["客户 ID"].nunique() > 1).sum() == 1407; the sheet “退货” has 296 rows, “销售人员” 6
SUPERSTORE: Figures = {
    "kind": "orders", "rows": 10_000, "accepted": 10_000, "without_customer": 0, "rejected": 0,
    "customers": 790, "orders": 4_979, "revenue": 16_117_548.24, "period": ["2014-01-01", "2017-12-30"],
}  # fmt: skip

FILES = [
    Real(
        "superstore_zh.xls",
        SUPERSTORE,
        (
            "10,000 rows: 10,000 in",
            "4,979 orders of 790 customers, 16,117,548.24 in all",
            "Read from the sheet “订单”.",
            "“退货” was not read: it says something of orders in 296 rows (订单 ID, 退回). If those are returns, the "
            "orders still count as sold",
            "“销售人员” was not read: its 6 rows",
            "1,407 order numbers are shared by several customers",
        ),
        (
            "共10,000行：导入10,000行",
            "790位客户，4,979笔订单，一共16,117,548.24",
            "读的是工作表“订单”",
            "“退货”没有读：里面有296行讲的是订单（订单 ID、退回）。如果是退货，这些订单现在还算卖出",
            "“销售人员”没有读：那6行",
            "有1,407个订单号是几位客户共用的",
        ),
    ),
    Real(
        "superstore_zh_orders_gb18030.csv",
        SUPERSTORE,
        ("4,979 orders of 790 customers, 16,117,548.24 in all", "The text was read as GB18030 (Chinese)"),
        ("790位客户，4,979笔订单，一共16,117,548.24", "GB18030"),
    ),
    # x = pandas.read_csv(…, sep=";"): len(x) == 2240, x.Income.isna().sum() == 24, (x.Year_Birth < 1910).sum() == 3,
    # x.drop(columns="ID").duplicated().sum() == 182
    Real(
        "customer_personality.csv",
        people(2_240),
        ("2,240 customers", "Missing: Income 24", "3 values of year of birth", "182 people are like others"),
        ("2,240位客户", "缺值：Income 24", "有3处“出生年份”读不懂", "有182个人除了编号跟别人完全一样"),
    ),
    # gzip -dc bank_marketing.csv.gz | tail -n +2 | wc -l is 45211;
    # x = pandas.read_csv(…): (x.pdays == -1).sum() == 36954
    Real(
        "bank_marketing.csv.gz",
        people(45_211),
        ("45,211 customers", "No column tells who these people are", "-1 in “pdays” (36,954 rows)", "/preset finance"),
        ("45,211位客户", "没有哪一列说明这些人是谁", "“pdays”里的-1（36,954行）", "/preset finance"),
    ),
    # x = pandas.read_csv(…): x.shape == (1010, 150), x.Height.isna().sum() == 20,
    # x["Passive sport"].isna().sum() == 15; age and gender are fields of their own
    Real(
        "young_people_survey.csv",
        people(1_010),
        ("1,010 customers", "148 more columns kept of each", "Height 20", "Passive sport 15"),
        ("1,010位客户", "另外还记下了148项客户资料", "Height 20", "Passive sport 15"),
    ),
    # x = pandas.read_csv(…).rename(columns=str.strip), paid = x["买家实际支付金额"], back = x["退款金额"]. In each of
    # the 5,646 rows with back > 0, paid + back == x["总金额"]: paid is what is left after the refund. So
    # sold        paid > 0: 18955 rows, together 1902487.15; 514 of them with back > 0, together 36398.50
    # sent back   (paid == 0) & (back > 0): 5132 rows
    # never paid  (paid == 0) & (back == 0): 3923 rows, which are those without 订单付款时间
    Real(
        "tmall_orders_zh.csv",
        {
            "kind": "orders", "rows": 28_010, "accepted": 0, "without_customer": 18_955, "rejected": 9_055,
            "customers": 0, "orders": 0, "period": ["2020-02-01", "2020-02-29"],
        },
        (
            "18,955 orders without a customer, 1,902,487.15 in all",
            "Who bought: no column says so, so 18,955 orders tell of times only. An export with phone, e-mail or buyer "
            "account gives you customers",
            "What was bought: no column names products",
            "514 orders were refunded in part: their amounts in the file are already without the 36,398.50",
        ),
        (
            "18,955笔订单没写客户，一共1,902,487.15",
            "是谁买的：文件里没有买家这一列，18,955笔订单只能看什么时候卖的。想看客户，就导出带手机号、邮箱或买家账号的表",
            "买了什么：文件里没有商品这一列",
            "514个订单退了一部分款：文件里的金额已经扣掉退的36,398.50",
            "5,132行：订单已退款",
            "3,923行：订单没付款",
        ),
        {"refunded order": 5_132, "order not paid": 3_923},
        "8 orders are worth far more than usual",
    ),
    # x = pandas.read_csv(…): len(x) == 1999, x.user_id.nunique() == 34, x.duplicated().sum() == 104,
    # x.behavior_type.value_counts() is 1876, 70, 35, 18 of 1, 3, 4, 2
    Real(
        "taobao_user_behavior_sample.csv",
        {
            "kind": "events", "rows": 1_999, "accepted": 1_999, "without_customer": 0, "rejected": 0, "customers": 34,
            "events": 1_999, "kinds": {"view": 1_876, "cart": 70, "buy": 35, "favourite": 18},
            "period": ["2014-11-18", "2014-12-18"],
        },
        ("1,999 events of 34 customers", "35 purchases were kept as events", "104 events are exactly like others"),
        ("34位客户的1,999条行为", "35次购买按行为记下了", "有104条行为跟别的一模一样"),
    ),
]  # fmt: skip

# x = pandas.read_parquet("online_retail.parquet"); cancelled = x.InvoiceNo.str.startswith("C");
# good = ~cancelled & (x.Quantity > 0) & (x.UnitPrice > 0): 530104 rows, of which x.CustomerID.isna() are 132220;
# the other 397884 have 4338 customers, 18532 invoices, and Quantity * UnitPrice of 8911407.904.
RETAIL = Real(
    "online_retail.csv",
    {
        "kind": "orders", "rows": 541_909, "accepted": 397_884, "without_customer": 132_220, "rejected": 11_805,
        "customers": 4_338, "orders": 18_532, "revenue": 8_911_407.90, "period": ["2010-12-01", "2011-12-09"],
    },
    (
        "541,909 rows: 397,884 in, 132,220 in without a customer, 11,805 left out",
        "18,532 orders of 4,338 customers, 8,911,407.90 in all",
        "5,268 rows are exactly like others",
        "132,220 rows have no customer: they count for products, not for people",
    ),
    (),
    {"cancelled order": 9_288, "negative quantity (a return)": 1_336, "price of zero": 1_179, "negative price": 2},
    "PAPER CRAFT , LITTLE BIRDIE, 80,995 pieces",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(datasets: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Where a file of this name lies; what is there only as Parquet is written as CSV."""

    def found(name: str) -> Path:
        if name != RETAIL.name:
            return datasets / name
        path = tmp_path_factory.mktemp("csv") / name
        pd.read_parquet(datasets / "online_retail.parquet").to_csv(path, index=False)
        return path

    return found


@pytest.mark.parametrize("real", FILES, ids=lambda real: real.name)
async def test_by_chat(shop: Shop, place: Callable[[str], Path], real: Real) -> None:
    async with running_bot(shop, language="zh-CN") as founder:
        receipt = text_of(await founder.drops(place(real.name)))
        for sentence in real.chinese:
            assert sentence in receipt
        figures = real.figures
        if figures["rejected"]:
            assert f"没导入{figures['rejected']:,}行" in receipt
        quality = text_of(await founder.says("/quality"))
        assert "全店数据体检" in quality
        assert "我只看不改，数据一点没动。" in quality
        missing = text_of(await founder.says("/missing"))
        assert "这意味着什么" in missing
        if not figures["customers"]:
            assert "生日活动：还一位客户都没有。" in missing
    assert check_store(shop).faults == ()


@pytest.mark.parametrize("real", [*FILES, RETAIL], ids=lambda real: real.name)
def test_on_the_command_line(
    tmp_path: Path,
    place: Callable[[str], Path],
    real: Real,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ZHIKE_LANGUAGE", raising=False)

    def zhike(*words: str) -> str:
        assert main(["--db", str(tmp_path / "shop.db"), "--language", "en", *words]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        return said.out

    path = place(real.name)
    receipt = zhike("import", str(path))
    for sentence in real.english:
        assert sentence in receipt
    for reason, n in real.reasons.items():
        assert f"{n:,} rows: {reason}" in receipt
    made = json.loads(zhike("import", str(path), "--json"))
    assert made["already"]
    assert {key: made[key] for key in real.figures} == real.figures
    assert made["rows"] == made["accepted"] + made["without_customer"] + made["rejected"]
    assert made["reasons"] == real.reasons
    assert real.quality in zhike("quality")
    assert "What it means" in zhike("missing")
    assert json.loads(zhike("check", "--json"))["sound"]


def test_the_customers_of_both_superstores_are_the_same(shop: Shop, datasets: Path, tmp_path: Path) -> None:
    """The workbook and its sheet as CSV are one shop: what the second brings was known from the first."""
    for name in ("superstore_zh.xls", "superstore_zh_orders_gb18030.csv"):
        assert main(["--db", str(shop.path), "import", str(datasets / name)]) == 0
    with shop.open() as db:
        counts = [db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("customers", "orders")]
        assert counts == [790, 4_979]
        assert db.conn.execute("SELECT sum(revenue) FROM orders").fetchone()[0] == pytest.approx(16_117_548.237)
