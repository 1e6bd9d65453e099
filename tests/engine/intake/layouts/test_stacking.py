"""Several tables of one platform in one file."""

from __future__ import annotations

from engine import columns as c
from engine.intake import orders, people, understand
from tests.engine.intake.files import TODAY, said, xlsx
from tests.engine.intake.layouts.samples import Figures, come_to

ORDERS = ("订单号", "订单状态", "商家实收金额(元)", "商品数量(件)", "商品id", "售后状态", "订单成交时间")
MAY = (ORDERS, ("1", "已发货", "10", "1", "9", "无售后", "2026-05-01 10:00:00"))
JUNE = (
    (*ORDERS, "商品"),
    ("2", "已发货", "20", "1", "9", "无售后", "2026-06-01 10:00:00", "饼干"),
    ("3", "已取消", "20", "1", "9", "无售后", "", "饼干"),
)


def test_months_of_one_platform_are_read_together() -> None:
    found = understand(xlsx(*JUNE, before={"五月": MAY}), "2026.xlsx")
    assert come_to(found) == Figures(
        orders=2, lines=2, money=30.0, without_customer=2, reasons={"cancelled order": 1}, currency="CNY"
    )
    told = orders.read(found.table, found.cells, TODAY)
    # row 3 of the second sheet, after the 2 rows of the first
    assert told.rejected[c.ROW].tolist() == [5]
    assert "Read together: “五月” from row 2 on, “Data” from row 4 on." in said(found.notes)
    assert "was not read" not in said(found.notes)


AUDIENCE = ("Email Address", "First Name", "MEMBER_RATING", "OPTIN_TIME", "LAST_CHANGED", "LEID", "EUID")


def test_mailchimp_s_files_keep_each_its_consent() -> None:
    found = understand(
        xlsx(
            (*AUDIENCE, "UNSUB_TIME"),
            ("b@x.org", "Bob", "2", "", "", "2", "b", "2020-01-01 10:00:00"),
            before={"subscribed": (AUDIENCE, ("a@x.org", "Ann", "2", "", "", "1", "a"))},
        ),
        "audience.xlsx",
    )
    told = people.read(found.table, found.cells, TODAY)
    assert dict(zip(told.people[c.EMAIL], told.people[c.CONSENT], strict=True)) == {
        "a@x.org": "granted",
        "b@x.org": "withdrawn",
    }


def test_items_of_several_sheets_come_to_orders_of_several() -> None:
    head = ("订单编号", "订单状态", "买家实付金额", "退款金额", "订单创建时间")
    item = ("子订单编号", "主订单编号", "商品标题", "购买数量", "买家实付金额")
    found = understand(
        xlsx(
            item,
            ("b", "2", "铲", "1", "5"),
            before={
                "主1": (head, ("1", "交易成功", "7", "0", "2026-03-01 10:00:00")),
                "子1": (item, ("a", "1", "锅", "1", "7")),
                "主2": (head, ("2", "交易成功", "5", "0", "2026-03-02 10:00:00")),
            },
        ),
        "导出.xlsx",
    )
    assert come_to(found) == Figures(orders=2, lines=2, money=12.0, without_customer=2, currency="CNY")
