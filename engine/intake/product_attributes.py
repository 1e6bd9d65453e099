"""What a file of products tells of each beyond the known fields: its colour, its maker, its tags, as texts by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from engine import columns as c
from engine.intake import identity, numbers, words
from engine.intake.identity import Cells
from engine.intake.looks import contents
from engine.intake.synonyms import folded
from engine.intake.tables import Column, Positions, Table

LONGEST: Final = 60  # characters: more is prose
LONGEST_LIST: Final = 400  # of tags
MOSTLY: Final = 0.8

# whatever is in them
_KNOWN: Final = (
    "colour color size style material fabric vendor supplier brand manufacturer maker tag tags season flavour flavor "
    "scent origin pattern gender agegroup feature features theme occasion collection series model "
    "颜色 颜色分类 尺码 尺寸 规格 款式 风格 材质 面料 品牌 供应商 厂家 产地 口味 香型 季节 标签 商品标签 系列 功效 "
    "适用人群 适用性别 图案 主题 保质期 型号 净含量"
)
_ATTRIBUTES: Final = frozenset(_KNOWN.split())
# what helps to run a shop, and says nothing of what a product is
_ABOUT_THE_SHOP: Final = re.compile(
    r"url|link|href|image|img|photo|picture|video|src$|handle|slug|barcode|^ean|^upc|gtin|isbn|seo|meta|google|weight|"
    r"grams|tax|ship|policy|tracker|fulfil|publish|status|visib|inventory|stock|sold|sales|price|cost|sku|"
    r"id$|^no$|number|key$|code$|name$|title$|note|remark|comment|currency|category|unit|update|create|date$|time$|linkedto|"
    r"条码|条形码|链接|图片|视频|图$|二维码|重量|税|运费|物流|快递|状态|销量|销售|库存|价|成本|编码|编号|货号|"
    r"名称|标题|分类|类目|备注|说明|币种|单位|时间|日期|地址|积分|限购|序号"
)
_OF_A_PLATFORM: Final = re.compile(r"\s*\((?:product|variant)\.metafields\.[^)]*\)\s*$")
_PAIR: Final = re.compile(r"(option|attribute|选项|属性|规格)(\d+)(name|名称|名)")
_VALUES: Final = ("value", "value(s)", "values", "值")
_NO_OPTION: Final = frozenset(("title", "default title"))
_PARTS: Final = re.compile(r"\s*[;；\n]\s*")
_SAID: Final = re.compile(r"([^:：]+)[:：]\s*(.+)", re.DOTALL)

Attributes = dict[str, str]


def read(table: Table, cells: Cells, owner: Positions, rows: Positions, n: int) -> list[Attributes | None]:
    """The attributes of each of `n` products, of which `owner` says which one each of the `rows` is about."""
    found: list[Attributes] = [{} for _ in range(n)]
    for position, said in enumerate(_said(cells.get(c.ATTRIBUTES), owner, rows, n)):
        found[position].update(parted(said or ""))
    used = {column.header for column in cells.values()}
    free = [column for column in table.columns if column.header not in used]
    pairs = list(_pairs(free))
    for names, values in pairs:
        called, said_of = _said(names, owner, rows, n), _said(values, owner, rows, n)
        for position, (name, value) in enumerate(zip(called, said_of, strict=True)):
            if name and value and value.casefold() not in _NO_OPTION:
                found[position].setdefault(_tidy_name(name), _tidy(value))
    paired = {id(column) for pair in pairs for column in pair}
    for column in free:
        name = _tidy_name(column.header)
        if id(column) not in paired and name and _is_attribute(column):
            for position, value in enumerate(_said(column, owner, rows, n)):
                if value:
                    found[position].setdefault(name, _tidy(value))
    return [one or None for one in found]


def parted(text: str) -> Attributes:
    """Attributes written in one cell, as “颜色: 红; 材质: 棉”; empty if it is not written so."""
    parts = [_SAID.fullmatch(part) for part in _PARTS.split(text.strip(" ;；\n")) if part]
    if not all(parts):
        return {}
    return {_tidy_name(part[1]): _tidy(part[2]) for part in parts if part is not None and _tidy_name(part[1])}


def joined(attributes: Iterable[tuple[str, str]]) -> str:
    """The attributes in one cell, as `parted` reads it."""
    return "; ".join(f"{name}: {value}" for name, value in attributes)


def _said(column: Column | None, owner: Positions, rows: Positions, n: int) -> Sequence[str | None]:
    if column is None:
        return [None] * n
    tidy = column.recoded(words.text)
    return identity.most_said(owner, Column(tidy.header, tidy.codes[rows], tidy.texts), n)


def _pairs(columns: Sequence[Column]) -> Iterator[tuple[Column, Column]]:
    """Columns of which one has the name of an attribute and the other its value."""
    by_word = {folded(column.header): column for column in columns}
    for word, column in by_word.items():
        if match := _PAIR.fullmatch(word):
            beside = (by_word.get(match[1] + match[2] + value) for value in _VALUES)
            values = next((other for other in beside if other is not None), None)
            if values is not None:
                yield column, values


def _is_attribute(column: Column) -> bool:
    word = folded(_OF_A_PLATFORM.sub("", column.header))
    if word in _ATTRIBUTES:
        return True
    if _ABOUT_THE_SHOP.search(word) or _PAIR.fullmatch(word):
        return False
    look = contents(column)
    if not look.n or look.letters < MOSTLY or max(look.dates, look.emails, look.yes_or_no) > 0.5:
        return False
    said = [text for text in map(words.text, column.texts) if text]
    if sum(len(text) <= LONGEST and "://" not in text for text in said) < MOSTLY * len(said):
        return False
    return float(np.isnan(numbers.read(said)).mean()) > 0.5


def _tidy_name(header: str) -> str:
    """A name without the signs that `joined` writes between."""
    return " ".join(re.sub(r"[:：;；]", " ", _OF_A_PLATFORM.sub("", words.text(header))).split())[:LONGEST].strip()


def _tidy(value: str) -> str:
    return " ".join(re.sub(r"[;；]", ",", value).split())[:LONGEST_LIST].strip(" ,") or "-"
