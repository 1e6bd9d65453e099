"""zhike sales: how business goes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from bot.cli import Face, Verb
from bot.replies.sales import sales_reply
from engine import Sold, sales_report


def run(args: argparse.Namespace, face: Face) -> None:
    report = sales_report(face.shop)
    shown = report.timeline
    face.show(
        sales_reply(report, None),
        {
            "orders": report.n_orders,
            "revenue": report.revenue,
            "currency": report.currency,
            "period": [report.first, report.last],
            "unit": shown.unit,
            "timeline": [
                {"from": start, "orders": n, "revenue": money}
                for start, n, money in zip(shown.starts, shown.orders, shown.money, strict=True)
            ],
            "weekdays": [round(value, 4) for value in report.weekdays],
            "hours": list(report.hours),
            "without_time_of_day": report.n_untimed,
            "best": _documents(report.best, "pieces", face),
            "places": _documents(report.places, "orders", face),
            "products": report.n_products,
            "rows": report.n_rows,
            "gone_back": report.n_gone,
            "refunded_in_part": report.n_in_part,
            "returned": round(report.returned, 2),
            "without_customer": report.n_without_customer,
        },
    )


def _documents(some: Sequence[Sold], unit: str, face: Face) -> list[dict[str, Any]]:
    return [
        {
            "name": sold.name.in_language(face.language.code),
            unit: sold.n,
            "revenue": round(sold.revenue, 2),
            "share": round(sold.share, 6),
        }
        for sold in some
    ]


VERBS = [
    Verb("sales", "how business goes: orders over time, best products, refunds", "zhike sales\nzhike sales --json", run)
]
