"""What stands below or between the rows of a table and is no row of it: totals and notes."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.intake import numbers, reasons, words
from engine.intake.tables import Column, Table
from engine.phrases import Phrase

_WORDS = (
    r"合计|总计|小计|共计|总和|汇总|总合计|累计|合計|總計|小計|"
    r"(?:grand|sub|over-?all|running)?[ -]*totale?s?|sum(?:me)?|gesamt(?:summe)?"
)
_OF = r"本页|本月|本日|当日|当月|全部|订单|金额|[\d年月日]+"
_TOTAL = re.compile(
    rf"(?:{_OF})?(?:{_WORDS})(?:(?:金额|数量)?[:：]?[¥￥$€£]?[\d,.]*[元笔条件单行个]?|\([^()]*\))", re.IGNORECASE
)
_NOTE = re.compile(
    r"[#*※]|注|备注|说明|提示|导出|制表|制作|打印|统计|数据|更新|审核|填表|复核|"
    r"(?:notes?|exported|generated|printed|created|source|report|prepared|downloaded|remarks?)\b|[^@]{1,20}[:：]",
    re.IGNORECASE,
)
_MOST_SEARCHED = 200_000  # rows: a table that no person has added up by hand has totals at its end only
_TAIL = 50
_SAMPLE = 1000
_LABEL = 30  # signs that the word for a total and what belongs to it have at most
_MOSTLY = 0.9
_CENT = 0.005


def without_footers(table: Table) -> Table:
    """`table` with its totals and notes among the rows that are left out, each with its own reason."""
    n = len(table.rows)
    if n < 2 or len(table.columns) < 2:
        return table
    suspects = _suspects(table)
    if not suspects:
        return table
    usual = _usual(table)
    found: dict[int, Phrase] = {}
    # first those that are totals beyond doubt: what the others add up leaves them out
    for check in (_plain_total, _total_or_note):
        for row in reversed(suspects):
            reason = None if row in found else check(table, row, usual, found)
            if reason is not None:
                found[row] = reason
    return table.without(found) if found and len(found) < n else table


def _suspects(table: Table) -> list[int]:
    """The rows at the end, and those in which some cell has the word for a total."""
    n = len(table.rows)
    rows = set(range(max(0, n - _TAIL), n))
    if n <= _MOST_SEARCHED:
        for column in table.columns:
            named = [code for code, text in enumerate(column.texts) if len(text) < _LABEL and _is_label(text)]
            if named:
                rows.update(np.flatnonzero(np.isin(column.codes, named)).tolist())
    return sorted(rows)


def _is_label(text: str) -> bool:
    return _TOTAL.fullmatch(words.text(text).replace(" ", "").rstrip(":")) is not None


def _usual(table: Table) -> set[int]:
    """The columns in which nearly every row says something."""
    sample = list(zip(*(column.texts_at(column.codes[:_SAMPLE]) for column in table.columns), strict=True))
    said = [[bool(words.text(text)) for text in texts] for texts in sample]
    most = max(map(sum, said))
    # titles, notes and totals say less than half of what a row does
    rows = [cells for cells in said if 2 * sum(cells) > most]
    says = [sum(column) for column in zip(*rows, strict=True)]
    return {i for i, count in enumerate(says) if count >= _MOSTLY * len(rows) - 1 and count > 0}


def _texts(table: Table, row: int) -> list[str]:
    return [column.texts[column.codes[row]] for column in table.columns]


def _split(table: Table, row: int) -> tuple[list[str], dict[int, float]]:
    """What the row says, and its numbers by column if it says nothing but numbers and the word for a total."""
    texts = [words.text(text) for text in _texts(table, row)]
    others = [i for i, text in enumerate(texts) if text and not _is_label(text)]
    read = numbers.read([texts[i] for i in others]).tolist()
    return texts, {} if np.isnan(read).any() else dict(zip(others, read, strict=True))


def _plain_total(table: Table, row: int, usual: set[int], found: dict[int, Phrase]) -> Phrase | None:
    """A row with the word for a total, numbers, and not much of what the other rows have."""
    texts, values = _split(table, row)
    says = [i for i, text in enumerate(texts) if text]
    labels = [i for i in says if _is_label(texts[i])]
    only_numbers = len(labels) + len(values) == len(says)
    missing = usual.difference(says)
    return reasons.TOTAL if labels and only_numbers and 3 * len(missing) > len(usual) else None


def _total_or_note(table: Table, row: int, usual: set[int], found: dict[int, Phrase]) -> Phrase | None:
    """A row whose numbers are the sums of those above: with the word, or as the last; or a note below the rows.

    A product may be called Total: its row has what the other rows have, and adds up nothing.
    """
    texts, values = _split(table, row)
    says = [i for i, text in enumerate(texts) if text]
    labels = [i for i in says if _is_label(texts[i])]
    missing = usual.difference(says)
    last = _is_last(table, row, found)
    bare = last and bool(usual) and 2 * len(missing) >= len(usual) and min(usual) in missing
    if values and len(labels) + len(values) == len(says) and (labels or bare) and _adds_up(table, row, values, found):
        return reasons.TOTAL
    return reasons.NOTE if last and _is_note([texts[i] for i in says], usual, missing) else None


def _is_last(table: Table, row: int, found: dict[int, Phrase]) -> bool:
    """Whether only totals and notes stand below."""
    return all(below in found for below in range(row + 1, len(table.rows)))


def _is_note(said: Sequence[str], usual: set[int], missing: set[int]) -> bool:
    few = 1 <= len(said) <= 2 and len(usual) >= 3 and 3 * len(missing) >= 2 * len(usual)
    return few and _NOTE.match(said[0]) is not None and not any("@" in text for text in said)


def _adds_up(table: Table, row: int, values: dict[int, float], found: dict[int, Phrase]) -> bool:
    """Whether each of `values`, by column, is the sum of the cells above it, and there is one."""
    above = np.array([other for other in range(row) if other not in found], dtype=np.int64)
    if len(above) < 2 or not values:
        return False
    return all(_is_sum(table.columns[i], above, value) for i, value in values.items())


def _is_sum(column: Column, rows: NDArray[np.int64], value: float) -> bool:
    """Whether the rows' cells, of which at least two are no zeros, add up to `value`."""
    addends = np.nan_to_num(numbers.read(column.texts)[column.codes[rows]])
    return int((addends != 0).sum()) > 1 and abs(float(addends.sum()) - value) <= _CENT * len(rows) ** 0.5
