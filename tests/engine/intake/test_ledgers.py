"""Books of sales whose words are not in any table: they are asked about, and never become a list of customers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import Shop, import_file, said_columns, try_file
from engine import columns as c
from engine.errors import Unsure
from engine.intake import reasons, understand
from engine.intake.ledgers import amount, come_again
from engine.intake.looks import contents
from engine.intake.meanings import named
from engine.intake.proposal import Proposal
from engine.intake.tables import Coder, Column
from tests.engine.intake.files import bought, csv, said

DAYS = ("2025-01-03 12:00", "2025-02-07 12:01", "2025-03-09 12:02", "2025-04-11 12:03")
TEA = ("龙井", "普洱", "白茶")


def book(header: str, n: int = 24) -> bytes:
    """n sales to 5 people on 4 days, of 1–3 pieces for 38, 58, 128 or 99."""
    rows = (
        f"{1001 + i},{DAYS[i % 4]},H{i % 5:03},{TEA[i % 3]},{i % 3 + 1},{(38, 58, 128, 99)[i % 4]},小王"
        for i in range(n)
    )
    return csv(header, *rows)


BOOKS = (
    "流水编码,登记时刻,会员,品名,件,结算,经手",
    "序号,哪天,谁,拿了啥,几个,收了,经手人",
    "号,时间,谁,内容,数1,数2,某",
    "号,时间,会员,内容,甲,乙,某",
)


def proposal(data: bytes) -> Proposal:
    return understand(data, "台账.csv").proposal


@pytest.mark.parametrize("header", BOOKS)
def test_a_book_of_sales_in_other_words_is_asked_about(header: str, shop: Shop, tmp_path: Path) -> None:
    found = proposal(book(header))
    assert found.kind == "orders"
    assert not found.certain
    names = header.split(",")
    fields = {guess.header: guess.field for guess in found.guesses}
    assert (fields[names[1]], fields[names[2]], fields[names[5]]) == (c.AT, c.CUSTOMER_KEY, c.REVENUE)
    assert names[5] in [guess.header for guess in found.unsure]
    path = tmp_path / "台账.csv"
    path.write_bytes(book(header))
    with pytest.raises(Unsure, match=f'--map "{names[5]}=revenue"'):
        import_file(shop, path)
    made = import_file(shop, path, choose=said_columns([f"{names[5]}=revenue"], kind="orders"))
    # by hand: six rounds of 38 + 58 + 128 + 99
    assert (made.kind, made.customers, made.revenue) == ("orders", 5, 6 * 323.0)


def test_the_kind_that_is_said_goes_before(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    path.write_bytes(book(BOOKS[3]))
    with pytest.raises(Unsure, match=r"--kind orders .*--kind customers"):
        import_file(shop, path)
    made = import_file(shop, path, choose=said_columns([], kind="customers"))
    assert (made.kind, made.customers) == ("customers", 5)


@pytest.mark.parametrize(
    "rows",
    [
        # everybody once
        ("会员,登记时刻,身高", *(f"H{i:03},2025-01-{i + 1:02},{150 + i % 7}" for i in range(20))),
        # twice, with the same day of joining
        ("会员,登记时刻,身高", *(f"H{i % 10:03},2025-01-{i % 10 + 1:02},{150 + i % 7}" for i in range(20))),
        # again and again, with a day of joining that is called so
        ("会员,注册日期,身高", *(f"H{i % 10:03},2025-01-{i + 1:02},{150 + i % 7}" for i in range(20))),
    ],
)
def test_a_list_of_people_is_not_asked_about(rows: tuple[str, ...]) -> None:
    found = proposal(csv(*rows))
    assert (found.kind, found.certain) == ("customers", True)


def column(*texts: str) -> Column:
    coder = Coder()
    for text in texts:
        coder.add(text)
    return coder.column("x")


def test_people_come_again_on_other_days() -> None:
    assert come_again(column("a", "a", "b"), column("1", "2", "1"))
    assert not come_again(column("a", "a", "b"), column("1", "1", "2"))
    assert not come_again(column("", "", "b"), column("1", "2", "3"))
    assert not come_again(column("", ""), column("1", "2"))


def test_amounts_are_neither_pieces_nor_ratings_nor_numbers_of_rows() -> None:
    def of(*texts: str) -> float:
        return amount(column(*texts), contents(column(*texts)))

    assert of("38", "58", "128", "58") == np.median([38, 58, 128])
    assert of("1", "2", "5", "4") == 0
    assert of("2.50", "3.20") == 2.85
    assert of(*(str(i) for i in range(1001, 1030))) == 0
    assert of("ann", "bob") == 0


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("收了", c.REVENUE),
        ("结算", c.REVENUE),
        ("收", c.REVENUE),
        ("卖了", c.REVENUE),
        ("哪天", c.AT),
        ("登记时刻", c.AT),
        ("谁", c.CUSTOMER_KEY),
        ("拿了啥", c.PRODUCT_NAME),
        ("几个", c.QUANTITY),
        ("件", c.QUANTITY),
        ("结算时间", c.AT),
        ("结算单号", c.ORDER_KEY),
    ],
)
def test_ordinary_words_of_a_seller(header: str, field: str) -> None:
    found = named(header)
    assert max(found, key=lambda of: found[of]) == field


@pytest.mark.parametrize("header", ["收银员", "签收", "邮件", "收据", "收藏"])
def test_a_word_within_another_means_nothing(header: str) -> None:
    assert c.REVENUE not in {of for of, surely in named(header).items() if surely > 0.45}
    assert c.QUANTITY not in named(header)


SHEET = (
    "姓名,微信名,电话,买了什么,多少钱,日期",
    "王芳,芳芳爱吃,13800138001,蛋糕,¥128,2025-03-08",
    "赵丽,丽丽,186******05,曲奇,88,2025-03-22",
    "赵丽,丽丽,186******05,曲奇,88,2025-03-22",
    "张敏,敏敏,13800138003,退 蛋糕,-168,2025-03-25",
)


def test_a_doubtful_column_that_would_decide_who_is_who_is_asked_about() -> None:
    found = proposal(csv(*SHEET))
    assert [(guess.header, guess.field) for guess in found.unsure] == [("微信名", c.CUSTOMER_KEY)]


def without_nick(row: str) -> str:
    parts = row.split(",")
    return ",".join([parts[0], *parts[2:]])


def test_a_sale_to_a_masked_phone_is_kept_without_a_customer() -> None:
    told = bought(csv(*map(without_nick, SHEET)))[1]
    assert (told.accepted, told.without_customer) == (1, 2)
    # two sales alike stay two, and the next export tells the same of them
    assert len(told.orders) == 3
    assert told.orders[c.REVENUE].sum() == 128 + 88 + 88
    again = bought(csv(*map(without_nick, (*SHEET, "李雷,雷哥,13800138002,蛋糕,50,2025-03-01"))))[1]
    assert set(told.orders[c.ORDER_KEY]) < set(again.orders[c.ORDER_KEY])


def test_money_that_went_back_is_no_negative_quantity() -> None:
    told = bought(csv(*map(without_nick, SHEET)))[1]
    assert told.rejected[c.REASON].tolist() == [reasons.MONEY_BACK.message]


def test_what_is_not_used_is_told_once_and_shown_so(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    header = "单号,日期,客户编号,姓名,收货昵称,微信名,金额"
    path.write_bytes(csv(header, "1,2025-03-01,A1,王芳,芳,芳芳,5", "2,2025-03-02,A2,李雷,雷,雷哥,6"))
    card = try_file(shop, path)
    made = import_file(shop, path)
    used = {guess.field: guess.header for guess in card.guesses if guess.field is not None}
    assert used == dict(made.columns)
    assert card.trial is not None
    assert said(card.trial.notes) == said(made.notes)
    for header in ("收货昵称", "微信名"):
        assert said(made.notes).count(header) <= 1
