"""Where an order went, as far as its row tells: the region, or the province that a Chinese address begins with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import words
from engine.intake.amounts import Amounts
from engine.intake.identity import Cells, first_said
from engine.intake.synonyms import folded
from engine.intake.tables import Column, Positions, Table

Places = pd.DataFrame

# Source: GB/T 2260, the divisions of first order, without 省, 市, 自治区 and 特别行政区.
_PROVINCES: Final = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 海南 重庆 "
    "四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 台湾 香港 澳门"
)
_IN_ENGLISH: Final = (
    "Beijing Tianjin Hebei Shanxi Inner_Mongolia Liaoning Jilin Heilongjiang Shanghai Jiangsu Zhejiang Anhui Fujian "
    "Jiangxi Shandong Henan Hubei Hunan Guangdong Guangxi Hainan Chongqing Sichuan Guizhou Yunnan Tibet Shaanxi Gansu "
    "Qinghai Ningxia Xinjiang Taiwan Hong_Kong Macau"
)
PROVINCES: Final[Mapping[str, str]] = {
    chinese: english.replace("_", " ") for chinese, english in zip(_PROVINCES.split(), _IN_ENGLISH.split(), strict=True)
}
_FROM_ENGLISH: Final = {english.casefold(): chinese for chinese, english in PROVINCES.items()} | {"macao": "澳门"}
_PROVINCE: Final = re.compile(r"(?:\W*中国)?\W*(" + "|".join(_PROVINCES.split()) + ")")
_ADDRESSES: Final = frozenset(
    ("收货地址", "收件地址", "收货详细地址", "详细收货地址", "收货地址/提货地址", "详细收货地址/提货地址")
)


def province(address: str) -> str:
    """The province that an address begins with, in short (江苏); "" if it begins with none."""
    found = _PROVINCE.match(address)
    return found[1] if found else ""


def province_named(place: str) -> str:
    """The same of a place that may be written in English: Guangdong is 广东."""
    return province(place) or _FROM_ENGLISH.get(place.casefold().removesuffix(" province").strip(), "")


def known_as(place: str) -> str:
    """A place under the name that all who write it otherwise share: 山东省 is 山东."""
    return province(place) or words.person(place)


def of_rows(table: Table, cells: Cells) -> Column | None:
    """The place of each row: its region, else the province of its address, else its country; None without any."""
    addresses = (column.recoded(province) for column in table.columns if folded(column.header) in _ADDRESSES)
    told = chain(
        (cells[c.REGION].recoded(known_as) for _ in (c.REGION,) if c.REGION in cells),
        addresses,
        (cells[c.COUNTRY].recoded(words.person) for _ in (c.COUNTRY,) if c.COUNTRY in cells),
    )
    first = next(told, None)
    return None if first is None else first_said(chain((first,), told))


def nowhere() -> Places:
    """The places of orders of which no place is told."""
    return pd.DataFrame({c.ORDER: np.zeros(0, np.int64), c.REGION: [], c.SHARE: np.zeros(0)})


def of_orders(place: Column, rows: Positions, order: Positions, amounts: Amounts) -> Places:
    """Where each order went: order, region, share (of the order's money, 1 where it all went to one place); by order.

    `order` has the orders of these `rows`, numbered from 0; `place` (as `of_rows` gives it) and `amounts` are of all
    rows. An order is in no row here if the file tells no place of it.
    """
    told = ~place.blank[rows]
    if not told.all():
        rows, order = rows[told], order[told]
    if not len(rows):
        return nowhere()
    codes = place.codes[rows]
    first = np.full(int(order.max()) + 1, -1, dtype=np.int32)
    first[order[::-1]] = codes[::-1]
    torn = np.zeros(len(first), dtype=np.bool_)
    torn[order[codes != first[order]]] = True
    whole = np.flatnonzero((first >= 0) & ~torn)
    one = pd.DataFrame({c.ORDER: whole, c.REGION: place.series_at(first[whole]), c.SHARE: 1.0})
    if not torn.any():
        return one
    parts = torn[order]
    worth = amounts.quantity[rows[parts]] * amounts.price[rows[parts]]
    several = _shares(order[parts], place.series_at(codes[parts]), worth)
    return pd.concat([one, several]).sort_values(c.ORDER, kind="stable", ignore_index=True)


def _shares(order: Positions, place: pd.Series[str], worth: NDArray[np.float64]) -> Places:
    """Places of orders that went to several; what is worth nothing went to all of them in equal rows."""
    rows = pd.DataFrame({c.ORDER: order.astype(np.int64), c.REGION: place, c.SHARE: worth})
    total = rows.groupby(c.ORDER)[c.SHARE].transform("sum")
    n_rows = rows.groupby(c.ORDER)[c.SHARE].transform("size")
    rows[c.SHARE] = (rows[c.SHARE] / total).where(total > 0, 1 / n_rows)
    return rows.groupby([c.ORDER, c.REGION])[c.SHARE].sum().reset_index()
