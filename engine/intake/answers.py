"""What a file of customers tells beyond the known fields: one attribute per column, an answer per customer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine import columns as c
from engine.intake import fields as f
from engine.intake import identity, numbers, words
from engine.intake.answer_kinds import (
    NEARLY_ALL,
    AttributeKind,
    Floats,
    Ints,
    kind_of_numbers,
    kind_of_texts,
    rewritten,
    sentinel,
)
from engine.intake.synonyms import CUSTOMERS, ORDERS, PRODUCTS, folded
from engine.intake.tables import Column, Positions, Table
from engine.phrases import Phrase, counted

MOST_TOLD = 8
# a name, a way to reach somebody: known fields, and what is left of them is told by the layout
_FIELDS: Final = frozenset(
    word for field in (c.NAME, c.EMAIL, c.PHONE, f.FIRST_NAME, f.LAST_NAME) for word in CUSTOMERS[field].split()
)
_PRIVATE: Final = re.compile(
    r"address\d?$|street|^zip|zip(code)?$|post(al)?code$|passw|^pwd$|密码|cvv|iban|creditcard|cardnumber|cardno$|bankcard"
    r"|bankaccount|^ssn$|passport|idcard|idnumber|身份证|证件号|护照|银行卡|银行账号|地址|邮编|^ip$|ipaddress"
    r"|^qq号?$|微信号|^wechat(id)?$"
)
_PROSE: Final = re.compile(r"notes?|remarks?|comments?|memo|备注\d?|留言|买家留言|说明|客户备注|商家备注")
_RATED: Final = re.compile(r"satisf|rating|nps|score$|满意|评分|打分|推荐意愿")
# a row for each question that somebody answered
_QUESTION: Final = ("question", "questiontext", "问题", "题目", "问卷题目", "attribute", "attributename", "属性")
_ANSWER: Final = ("answer", "answertext", "response", "回答", "答案", "选项", "value", "attributevalue", "值")
_CARD: Final = re.compile(r"\d{13,19}")
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")  # of a machine
_NATIONAL_ID: Final = re.compile(r"\d{17}[\dXx]")
_SOLD: Final = frozenset(
    word
    for table, fields in (
        (ORDERS, (c.ORDER_KEY, c.AT, c.PRODUCT_KEY, c.PRICE, c.REVENUE, f.ORDER_TOTAL, c.QUANTITY)),
        (PRODUCTS, (c.PRODUCT_KEY, c.PRODUCT_NAME)),
    )
    for field in fields
    for word in table[field].split()
)


@dataclass(frozen=True)
class Answers:
    """One column: `codes[i]` is what the i-th customer says, a position in `texts`, -1 where they say nothing.

    `numbers` has per text the number it names, 1 and 0 for yes and no, NaN where it names none.
    """

    name: str
    key: str
    kind: AttributeKind
    codes: NDArray[np.int32]
    texts: Sequence[str]
    numbers: Floats

    @property
    def n_told(self) -> int:
        return int((self.codes >= 0).sum())


def read(
    table: Table, used: Collection[str], owner: Positions, n_owners: int
) -> tuple[tuple[Answers, ...], tuple[Phrase, ...]]:
    """The attributes of `n_owners` customers, of which `owner` says whose each row is; and what was left out.

    `used` are the headers of known fields. Of a customer's rows the last that says something counts.
    """
    found: list[Answers] = []
    private: list[str] = []
    prose: list[str] = []
    notes: list[Phrase] = []
    keys: set[str] = set()
    for column, whose in _columns(table, used, owner):
        word = folded(column.header)
        tidy = column.recoded(words.text)
        says = np.array([bool(text) for text in tidy.texts], dtype=bool)
        codes = identity.last_said(whose, tidy, says, n_owners, None)
        counts = np.bincount(codes[codes >= 0], minlength=len(tidy.texts))
        if not counts.any():
            continue
        if not column.header:
            notes.append(Phrase("A column without a header was left out."))
        elif _PRIVATE.search(word) or _is_secret(tidy.texts, counts):
            private.append(column.header)
        else:
            made, note = _understood(column.header, _new_key(word or column.header, keys), codes, tidy.texts, counts)
            (prose.append(column.header) if made is None or _is_prose(word, made.kind) else found.append(made))
            notes += [] if note is None else [note]
    return tuple(found), (*notes, *_told_of(private, prose))


def question_and_answer(table: Table, used: Collection[str]) -> tuple[Column, Column] | None:
    """The columns of a file that has a row for each question that somebody answered; None if it is no such file."""
    words_of = {folded(column.header): column for column in table.columns if column.header not in used}
    question = next((words_of[word] for word in _QUESTION if word in words_of), None)
    answer = next((words_of[word] for word in _ANSWER if word in words_of), None)
    return None if question is None or answer is None else (question, answer)


def _columns(table: Table, used: Collection[str], owner: Positions) -> Iterator[tuple[Column, Positions]]:
    """Each column that may be an attribute, and whose each of its rows is; a question with answers is one."""
    asked = question_and_answer(table, used)
    known = {*used, *(column.header for column in asked or ())}
    for column in table.columns:
        if column.header not in known and folded(column.header) not in _FIELDS:
            yield column, owner
    if asked is None:
        return
    question, answer = asked
    by_question = np.argsort(question.codes, kind="stable")
    codes, starts = np.unique(question.codes[by_question], return_index=True)
    for code, rows in zip(codes.tolist(), np.split(by_question, starts[1:]), strict=True):
        name = words.text(question.texts[code])
        if name:
            here, said = np.unique(answer.codes[rows], return_inverse=True)
            yield Column(name, said.astype(np.int32), answer.texts_at(here)), owner[rows]


def is_survey(table: Table) -> bool:
    """Whether a table that names nobody and sells nothing looks like one row for each of many people."""
    headers = [folded(header) for header in table.headers]
    if len(table.rows) < 20 or len(headers) < 5 or any(word in _SOLD for word in headers):
        return False
    found, _ = read(table, (), np.arange(len(table.rows)), len(table.rows))
    return sum(made.kind in ("scale", "choice", "yes_no") for made in found) >= 5 and not any(
        made.kind == "date" for made in found
    )


def _new_key(word: str, keys: set[str]) -> str:
    key, n = word, 1
    while key in keys:
        n += 1
        key = f"{word} {n}"
    keys.add(key)
    return key


def _understood(
    header: str, key: str, codes: NDArray[np.int32], texts: Sequence[str], counts: Ints
) -> tuple[Answers | None, Phrase | None]:
    """The attribute, None if the column is prose; and what was taken for no answer."""
    said = np.flatnonzero(counts)
    here = [texts[code] for code in said.tolist()]
    n_of = counts[said]
    values = numbers.read(here)
    readable = ~np.isnan(values)
    note = None
    if n_of[readable].sum() >= NEARLY_ALL * n_of.sum():
        nothing = sentinel(values[readable], n_of[readable])
        if nothing is not None:
            gone = values == nothing
            note = counted(
                "{value} in “{column}” ({n} row) means that there is nothing; it counts as missing.",
                "{value} in “{column}” ({n} rows) means that there is nothing; it counts as missing.",
                n=int(n_of[gone].sum()),
                value=f"{nothing:g}",
                column=header,
            )
            codes = np.where(np.isin(codes, said[gone]), -1, codes).astype(np.int32)
            readable &= ~gone
        kind = kind_of_numbers(values[readable], _RATED.search(folded(header)) is not None)
    else:
        of_texts = kind_of_texts(here, n_of)
        if of_texts is None:
            return None, None
        kind = of_texts
    texts, values = rewritten(kind, here, values)
    all_texts, all_values = [""] * len(counts), np.full(len(counts), np.nan)
    for code, text, value in zip(said.tolist(), texts, values.tolist(), strict=True):
        all_texts[code], all_values[code] = text, value
    return Answers(header, key, kind, codes, all_texts, all_values), note


def _is_secret(texts: Sequence[str], counts: Ints) -> bool:
    """Whether most of what is said looks like e-mail addresses, cards or identity numbers."""
    said = [(texts[code], int(counts[code])) for code in np.flatnonzero(counts)[:500].tolist()]
    odd = sum(n for text, n in said if _looks_secret(text))
    return 2 * odd > sum(n for _, n in said)


def _is_prose(word: str, kind: AttributeKind) -> bool:
    """How many comments somebody has written is no comment."""
    return _PROSE.fullmatch(word) is not None and kind in ("choice", "tags", "text")


def _looks_secret(text: str) -> bool:
    if ("@" in text and words.email(text)) or _ADDRESS.fullmatch(text):
        return True
    digits = text.replace(" ", "").replace("-", "")
    return bool(_NATIONAL_ID.fullmatch(digits) or (_CARD.fullmatch(digits) and _luhn(digits)))


def _luhn(digits: str) -> bool:
    """Source: ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def _told_of(private: Sequence[str], prose: Sequence[str]) -> tuple[Phrase, ...]:
    notes = []
    if private:
        notes.append(Phrase("Left out, since it is private: {columns}.", columns=shortened(private)))
    if prose:
        notes.append(Phrase("Left out, since it is free text: {columns}.", columns=shortened(prose)))
    return tuple(notes)


def shortened(names: Sequence[str], most: int = MOST_TOLD) -> tuple[str | Phrase, ...]:
    """The first of the names, and how many there are besides."""
    if len(names) <= most:
        return tuple(names)
    return (*names[:most], Phrase("and {n} more", n=len(names) - most))
