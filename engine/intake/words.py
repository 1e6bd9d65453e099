"""What a cell's text means: an identifier, an e-mail, a phone, a gender, a consent, the state of an order."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from engine.intake import reasons
from engine.intake.dialling import is_dummy
from engine.phrases import Phrase

# texts that `identifier`, `customer` and `name` leave as they are (what Python's and RE2's expressions have in common)
PLAIN: Final = r"[A-Za-z#_-]{0,12}[0-9][0-9A-Za-z#_-]*"
TRIMMED: Final = r"\S|\S[^\n]*\S"
_NOTHING: Final = r"- -- --- – — —— / \ \n nan null none (null) n/a #n/a 无 暂无"
_EMPTY: Final = frozenset(["", *_NOTHING.split()])
# between letters these are part of a word's spelling; in an export they come from copying and from programs
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]")
_FORMULA = re.compile(r'=\s*"((?:[^"]|"")*)"')
_APOSTROPHE = re.compile(r"^['‘’＇]+\s*(?![a-z][- ])")  # but 's-Hertogenbosch keeps its own
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
# a number that a spreadsheet has rounded, so that different ones may have become equal
ROUNDED: Final = r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+"
_ROUNDED = re.compile(ROUNDED)
_NO_DIGIT = re.compile(r"[^\d+]")
_CHINA = re.compile(r"^(?:\+|00)?86(?=1\d{10}$)")
_PHONE = re.compile(r"\+?\d{5,15}")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_PHONES = re.compile(r"[;,、|\n]|/|\bor\b|或")
_EXTENSION = re.compile(r"\s*(?:ext(?:ension)?\.?|x|转|分机|#)\s*\d{1,6}$", re.IGNORECASE)
_LABEL = re.compile(r"^(?:tel|phone|mobile|cell|电话|手机号?|联系电话)[.:]?\s*", re.IGNORECASE)
_ASIDE = re.compile(r"\(0\)|\([^()\d]*\)")
_EMAIL = re.compile(r"[^@\s*]+@[^@\s*]+\.[^@\s*]+")
_MASK = re.compile(r"\*|[•●■◆＊×█]{2,}")
_HIDDEN_DIGITS = re.compile(r"(?<=\d)[xX•●■◆×█]{3,}(?=\d|$)")


def unwrapped(cell: str) -> str:
    """The cell without what programs wrap it in: ="…", an apostrophe or tab in front, invisible signs, line breaks.

    Spaces of every kind become one plain space; width and case stay.
    """
    if cell.isalnum() and cell.isascii():
        return cell
    tidy = " ".join(_INVISIBLE.sub("", cell).split())
    formula = _FORMULA.fullmatch(tidy)
    if formula is not None:
        tidy = formula[1].replace('""', '"').strip()
    return _APOSTROPHE.sub("", tidy)


def text(cell: str) -> str:
    """The cell as a person reads it: half width, without surplus spaces; "" where it says nothing."""
    tidy = unicodedata.normalize("NFKC", unwrapped(cell)).strip()
    return "" if tidy.lower() in _EMPTY else tidy


def name(cell: str) -> str:
    """A name as it is written, without surplus spaces; "" where the cell says nothing."""
    tidy = unwrapped(cell)
    return "" if tidy in _EMPTY or tidy in ("N/A", "#N/A", "NULL", "－", "－－") else tidy


def identifier(cell: str) -> str:
    """A number or code as text: without a spreadsheet's apostrophe, ="…" or .0; "" where the cell says nothing."""
    if cell.isdigit() and cell.isascii():
        return cell
    tidy = text(cell)
    whole = _WHOLE_FLOAT.fullmatch(tidy)
    return whole[1] if whole else tidy


def is_rounded(key: str) -> bool:
    """Whether a spreadsheet has rounded this number, so that different ones may have become equal."""
    return "+" in key and _ROUNDED.fullmatch(key) is not None


def is_masked(said: str) -> bool:
    """Whether part of what the cell says is hidden, as in 186******05 or 张**: it names nobody and reaches nobody."""
    return _MASK.search(said) is not None


def customer(cell: str) -> str:
    """A customer's number; "" if it is masked, rounded or absent, since it names nobody."""
    key = identifier(cell)
    return "" if is_masked(key) or is_rounded(key) else key


def person(cell: str) -> str:
    """A name that tells one person from another; "" if it is masked."""
    called = name(cell)
    return "" if is_masked(called) else called


def email(cell: str) -> str:
    """An address in lower case; "" if it is none, or masked."""
    address = text(cell).lower().removeprefix("mailto:").strip("<> ")
    return address if _EMAIL.fullmatch(address) and not is_masked(address) else ""


def shown_email(cell: str) -> str:
    """The address, or what a masked one shows of it; "" if it is none. Only `email` tells one to write to."""
    address = text(cell).lower()
    return address if "@" in address and is_masked(address) else email(cell)


def phone(cell: str) -> str:
    """A number in digits, with + before a country other than China; "" if it is none, masked, or only fills the field.

    Of several numbers in one cell the first; without an extension.
    """
    said = identifier(cell)
    if said.isdigit():
        said = _CHINA.sub("", said)
        return _dialled(said)
    if is_masked(said) or is_rounded(said) or _HIDDEN_DIGITS.search(said):
        return ""
    found = (_one_phone(part) for part in _PHONES.split(said))
    return next((number for number in found if number), "")


def _one_phone(said: str) -> str:
    said = _EXTENSION.sub("", _ASIDE.sub("", _LABEL.sub("", said.strip())).strip())
    if any(sign.isalpha() for sign in said):
        mobile = _MOBILE.search(said.replace(" ", "").replace("-", ""))
        return mobile[0] if mobile else ""
    digits = _NO_DIGIT.sub("", said)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    return _dialled(_CHINA.sub("", digits))


def _dialled(digits: str) -> str:
    return digits if _PHONE.fullmatch(digits) and not is_dummy(digits) else ""


def shown_phone(cell: str) -> str:
    """The number, or what a masked one shows of it (186******05); "" if it is none. Only `phone` tells one to call."""
    said = _HIDDEN_DIGITS.sub(lambda hidden: "*" * len(hidden[0]), text(cell).replace(" ", ""))
    if is_masked(said):
        return said if any(sign.isdigit() for sign in said) else ""
    return phone(cell)


_GENDERS: Final = {
    **dict.fromkeys(("female", "f", "woman", "girl", "w", "女", "女士", "女性"), "female"),
    **dict.fromkeys(("male", "m", "man", "boy", "男", "先生", "男士", "男性"), "male"),
    **dict.fromkeys(("other", "diverse", "nonbinary", "non-binary", "x", "其他", "其它"), "other"),
}
_UNKNOWN_GENDERS: Final = frozenset({"未知", "unknown", "保密", "n/a"})
_YES: Final = (
    "yes y true 1 1.0 on ok granted grant subscribe subscribed optin optedin accept accepted agree agreed allow "
    "allowed consented confirmed active enabled √ ✓ ✔ "
    "是 好 同意 已同意 允许 已允许 已订阅 订阅 接受 已接受 愿意 可以 授权 已授权 有"
)
_NO: Final = (
    "no n false 0 0.0 off never stop withdrawn unsubscribe unsubscribed optout optedout refused rejected declined "
    "denied cleaned inactive disabled blocked × ✗ 否 没有 已拒绝 已退订 已取消 已取消订阅 已撤回"
)
# so begins a no, in one word or several
_REFUSAL: Final = re.compile(r"(?:not|donot|dont|don't|noconsent|unsubscrib|optout|optedout)|[不未没拒退勿]|取消|撤回")
_BETWEEN_WORDS: Final = re.compile(r"[\s_\-]+")
_GRANTED: Final = frozenset(_YES.split())
_WITHDRAWN: Final = frozenset(_NO.split())
_NOT_OPTED_OUT: Final = frozenset(("", "no", "n", "false", "0", "0.0", "off", "否", "不", "没有", "未退订"))


def gender(cell: str) -> str | None:
    """female, male or other; "" where nothing is said, None where it cannot be read."""
    word = text(cell).lower()
    if not word or word in _UNKNOWN_GENDERS:
        return ""
    return _GENDERS.get(word)


def consent(cell: str) -> str | None:
    """granted or withdrawn; "" where nothing is said, None where it cannot be read."""
    word = _BETWEEN_WORDS.sub("", text(cell).lower())
    if not word:
        return ""
    if word in _WITHDRAWN or _REFUSAL.match(word):
        return "withdrawn"
    return "granted" if word in _GRANTED else None


def is_yes_or_no(cell: str) -> bool:
    """Whether the cell says yes or no in so many words, and not by a number, which may be somebody's."""
    word = text(cell).lower()
    return not word.isdigit() and word in _GRANTED | _WITHDRAWN


def opted_out(cell: str) -> str:
    """withdrawn or "", from a column that says who has unsubscribed: yes, or since when."""
    return "" if text(cell).lower() in _NOT_OPTED_OUT else "withdrawn"


_STATES: Final = (
    (
        reasons.NOT_PAID,
        re.compile(
            r"等待买家付款|待付款|待支付|未付款|未支付|unpaid|^(payment )?pending( payment)?$|on-?hold|failed|expired"
            r"|uncaptured"
        ),
    ),
    (
        reasons.CANCELLED,
        re.compile(r"cancel|voided|^void$|交易关闭|已关闭|订单关闭|取消|作废|已退单|已撤单"),
    ),
    (
        reasons.REFUNDED,
        re.compile(r"^(fully[ _])?refunded$|^returned$|退款成功|已退款|全额退款|退款完成|全部退款|已退货|退货成功"),
    ),
)
_NOT_STATES: Final = re.compile(r"未取消|未退款|无售后|无退款|没有|^not |退款关闭|退款取消|撤销|部分|partial")


def state_of_order(cell: str) -> Phrase | None:
    """Why an order in this state does not count; None if it does."""
    word = text(cell).lower()
    if not word or _NOT_STATES.search(word):
        return None
    return next((reason for reason, pattern in _STATES if pattern.search(word)), None)
