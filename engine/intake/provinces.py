"""Where an order went, as far as its row tells: the region, or the province that a Chinese address begins with."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import words
from engine.intake.identity import Cells
from engine.intake.synonyms import folded
from engine.intake.tables import Column, Table

# Source: GB/T 2260, the divisions of first order, without 省, 市, 自治区 and 特别行政区.
_PROVINCES: Final = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 "
    "四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 台湾 香港 澳门"
)
_PROVINCE: Final = re.compile(r"\W*(?:中国)?\W*(" + "|".join(_PROVINCES.split()) + ")")
_ADDRESSES: Final = frozenset(
    ("收货地址", "收件地址", "收货详细地址", "详细收货地址", "收货地址/提货地址", "详细收货地址/提货地址")
)


def province(address: str) -> str:
    """The province that an address begins with, in short (江苏); "" if it begins with none."""
    found = _PROVINCE.match(address)
    return found[1] if found else ""


def of_rows(table: Table, cells: Cells) -> Column | None:
    """The place of each row: its region, else the province of its address, else its country; None without any."""
    if c.REGION in cells:
        return cells[c.REGION].recoded(lambda text: province(text) or words.person(text))
    for column in table.columns:
        if folded(column.header) in _ADDRESSES:
            return column.recoded(province)
    return cells[c.COUNTRY].recoded(words.person) if c.COUNTRY in cells else None


def of_orders(table: Table, cells: Cells, order: NDArray[np.int32], rows: NDArray[np.signedinteger[Any]]) -> list[str]:
    """The place of each order that has one of these `rows`, as the first of them tells it; "" without one."""
    codes, first = np.unique(order[rows], return_index=True)
    place = of_rows(table, cells)
    if place is None:
        return [""] * len(codes)
    return [place.texts[code] for code in place.codes[rows[first]].tolist()]
