"""What a founder types behind /rules, in English or Chinese, as a change of the rules."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.recommend.rule_sentences import VARIETY

PAUSE_DAYS = 14  # where the founder names none

WORDS: dict[str, tuple[str, ...]] = {
    "stock": ("stock", "in stock", "库存", "只推有货", "有货", "现货"),
    "price": ("price", "prices", "价格", "价位", "单价"),
    "margin": ("margin", "毛利率", "毛利", "利润率", "利润"),
    "exclude": ("not", "never", "exclude", "不推", "别推", "不要推", "不要", "排除", "屏蔽"),
    "pause": ("pause", "暂停", "先不推"),
    "allow": ("allow", "resume", "恢复", "允许", "取消排除", "取消暂停"),
    "pin": ("pin", "置顶", "主推"),
    "unpin": ("unpin", "取消置顶", "取消主推"),
    "category": ("category", "categories", "类目", "分类", "品类", "只推类目", "只推分类"),
    "without": ("without", "不推类目", "不要类目", "排除类目", "不推分类", "不要分类", "排除分类"),
    "bought": ("bought", "近期买过", "最近买过", "买过"),
    "most": ("most", "at most", "每类最多", "每类"),
    "variety": ("variety", "diversity", "多样性", "多样"),
    "together": ("together", "with", "搭配", "连带"),
    "new": ("new", "launches", "新品"),
    "clear": ("clear", "reset", "清空", "重置", "全部取消"),
}
_OFF = frozenset(("off", "no", "none", "any", "all", "关", "关闭", "取消", "不限", "无", "全部", "0"))
_ON = frozenset(("", "on", "yes", "only", "开", "打开", "开启"))
_VARIETY = {
    **VARIETY,
    **dict.fromkeys(("无", "不要", "关", "off", "no"), VARIETY["none"]),
    **dict.fromkeys(("一些", "有一些", "适中", "中"), VARIETY["some"]),
    **dict.fromkeys(("很多", "多", "高"), VARIETY["much"]),
}

_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:-|–|—|~|到|至|to|and)\s*({_NUMBER})")
_LEAST = re.compile(
    rf"(?:>=|≥|>|from|at least|least|最低|不低于|至少)\s*({_NUMBER})|({_NUMBER})\s*(?:\+|-|以上|起|and up|or more)"
)
_MOST = re.compile(rf"(?:<=|≤|<|up to|at most|most|最高|不超过|最多)\s*({_NUMBER})|({_NUMBER})\s*(?:以下|以内|or less)")
_SHARE = re.compile(rf"({_NUMBER})\s*(%?)")
_COUNT = re.compile(rf"({_NUMBER})\s*(?:days?|天|日|per category|a category|件|个|款|种)?")
_PLACE = re.compile(
    r"(?:^|\s)(?:at\s+|to\s+|in\s+)?place\s+(-?\d+)(?=\s|$)|(?:^|\s)at\s+(-?\d+)(?=\s|$)|\s*(?:在|到)?第\s*(-?\d+)\s*位"
)
_DAYS = re.compile(r"(?:\s+for)?\s+(-?\d+)\s*(?:days?|天|日)$")
_UNTIL = re.compile(r"\s+(?:until|till|to|up to|到|至)\s*(\d{4}-\d{1,2}-\d{1,2})$")
_FOR = re.compile(r"\s+for\s+|\s*(?:给|针对)\s*", re.IGNORECASE)
_COMMAS = re.compile(r"[,，、;；]")


EXAMPLES: dict[str, tuple[Phrase, ...]] = {
    "stock": (Phrase("/rules stock on"), Phrase("/rules stock off")),
    "price": (
        *(Phrase("/rules price 20-200"), Phrase("/rules price 20+")),
        *(Phrase("/rules price <=200"), Phrase("/rules price off")),
    ),
    "margin": (Phrase("/rules margin 30%"), Phrase("/rules margin off")),
    "exclude": (Phrase("/rules not postage"),),
    "pause": (Phrase("/rules pause green tea"), Phrase("/rules pause green tea 7 days")),
    "allow": (Phrase("/rules allow green tea"),),
    "pin": (
        *(Phrase("/rules pin green tea"), Phrase("/rules pin green tea at 2")),
        Phrase("/rules pin green tea for VIP"),
    ),
    "unpin": (Phrase("/rules unpin green tea"),),
    "category": (Phrase("/rules category tea"), Phrase("/rules category off")),
    "without": (Phrase("/rules without tea"), Phrase("/rules without off")),
    "bought": (Phrase("/rules bought 30"), Phrase("/rules bought off")),
    "most": (Phrase("/rules most 2"), Phrase("/rules most off")),
    "variety": (Phrase("/rules variety some"), Phrase("/rules variety 0.3"), Phrase("/rules variety none")),
    "together": (Phrase("/rules together green tea"), Phrase("/rules together off")),
    "new": (Phrase("/rules new 10%"), Phrase("/rules new off")),
    "clear": (Phrase("/rules clear"),),
}


@dataclass(frozen=True)
class Change:
    """One change of the rules. `text` names products or a category as the founder does; `numbers` are None for no
    bound; `off` ends the rule.
    """

    what: str  # a key of WORDS
    text: str = ""
    names: tuple[str, ...] = ()
    numbers: tuple[float | None, ...] = ()
    until: str | None = None
    off: bool = False


def read_change(text: str) -> Change:
    """The change that `text` asks for. Raises NotAllowed, with examples, if it asks for none."""
    tidy = " ".join(unicodedata.normalize("NFKC", text).split())
    what, rest = _verb(tidy)
    reader = _READERS.get(what)
    if reader is not None:
        return reader(what, rest)
    if not rest:
        raise _unread(what, rest)
    return Change(what, rest)


def around_product(text: str) -> tuple[str, str, str] | None:
    """What names the product in a typed change, and what stands before and behind it; None where none is named."""
    change = read_change(text)
    word = {"exclude": "not", "pause": "pause", "pin": "pin", "together": "together"}.get(change.what)
    if word is None or not change.text:
        return None
    if change.what == "pause":
        days = change.numbers[0] if change.numbers else 0
        return word, change.text, f"until {change.until}" if change.until else f"{days:g} days"
    if change.what == "pin":
        product, segment = targets(change.text)[-1]
        place = f"at {change.numbers[0]:g}"
        return word, product, place if segment is None else f"{place} for {segment}"
    return word, change.text, ""


def targets(text: str) -> list[tuple[str, str | None]]:
    """Product and segment that “PRODUCT for SEGMENT” may mean: first all of it as a product, then parted at each
    “for” from the right.
    """
    parted = [(text[: at.start()].strip(), text[at.end() :].strip()) for at in _FOR.finditer(text)]
    return [(text, None), *((product, segment) for product, segment in reversed(parted) if product and segment)]


def _verb(text: str) -> tuple[str, str]:
    low = text.casefold()
    by_length = sorted(((word, what) for what, words in WORDS.items() for word in words), key=lambda one: -len(one[0]))
    for word, what in by_length:
        if low.startswith(word) and (not word.isascii() or low[len(word) :][:1] in ("", " ", ":")):
            return what, text[len(word) :].lstrip(" :")
    raise NotAllowed(
        Phrase(
            "“{text}” is no rule that I know. Write one such as {examples}; /rules shows what holds.",
            text=text[:60],
            examples=tuple(EXAMPLES[what][0] for what in ("price", "exclude", "pin", "category", "margin")),
        )
    )


def _stock(what: str, rest: str) -> Change:
    word = rest.casefold()
    if word in _ON or word in _OFF:
        return Change(what, off=word in _OFF)
    raise _unread(what, rest)


def _price(what: str, rest: str) -> Change:
    plain = re.sub(r"(?<=\d),(?=\d)|[¥$€£元块]", "", rest).strip().casefold()
    if plain in _OFF - {"0"}:
        return Change(what, off=True)
    found = _RANGE.fullmatch(plain)
    if found:
        return Change(what, numbers=(float(found[1]), float(found[2])))
    found = _LEAST.fullmatch(plain)
    if found:
        return Change(what, numbers=(float(found[1] or found[2]), None))
    found = _MOST.fullmatch(plain)
    if found:
        return Change(what, numbers=(None, float(found[1] or found[2])))
    raise _unread(what, rest)


def _share(what: str, rest: str) -> Change:
    """A share in percent, or as a number below 1."""
    if rest.casefold() in _OFF:
        return Change(what, off=True)
    found = _SHARE.fullmatch(rest)
    if not found:
        raise _unread(what, rest)
    number = float(found[1])
    return Change(what, numbers=(number / 100 if found[2] or abs(number) >= 1 else number,))


def _count(what: str, rest: str) -> Change:
    if rest.casefold() in _OFF - {"0"}:
        return Change(what, off=True)
    found = _COUNT.fullmatch(rest.casefold())
    if not found or not float(found[1]).is_integer():
        raise _unread(what, rest)
    return Change(what, numbers=(float(found[1]),))


def _variety(what: str, rest: str) -> Change:
    word = rest.casefold()
    if word in _VARIETY:
        return Change(what, numbers=(_VARIETY[word],))
    if re.fullmatch(_NUMBER, word):
        return Change(what, numbers=(1 - float(word),))
    raise _unread(what, rest)


def _names(what: str, rest: str) -> Change:
    if rest.casefold() in _OFF:
        return Change(what, off=True)
    names = tuple(dict.fromkeys(name.strip() for name in _COMMAS.split(rest) if name.strip()))
    if not names:
        raise _unread(what, rest)
    return Change(what, names=names)


def _together(what: str, rest: str) -> Change:
    if rest.casefold() in _OFF:
        return Change(what, off=True)
    if not rest:
        raise _unread(what, rest)
    return Change(what, rest)


def _pause(what: str, rest: str) -> Change:
    until, days = _UNTIL.search(rest), _DAYS.search(rest)
    if until:
        return Change(what, rest[: until.start()], until=until[1])
    text = rest[: days.start()] if days else rest
    if not text:
        raise _unread(what, rest)
    return Change(what, text, numbers=(float(days[1]) if days else float(PAUSE_DAYS),))


def _pin(what: str, rest: str) -> Change:
    found = _PLACE.search(rest)
    place = 1.0
    if found:
        place = float(next(group for group in found.groups() if group))
        rest = " ".join((rest[: found.start()] + " " + rest[found.end() :]).split())
    if not rest:
        raise _unread(what, rest)
    return Change(what, rest, numbers=(place,))


def _clear(what: str, rest: str) -> Change:
    if rest:
        raise _unread(what, rest)
    return Change(what)


def _unread(what: str, rest: str) -> NotAllowed:
    if not rest:
        return NotAllowed(Phrase("Something is missing behind it; write {examples}.", examples=EXAMPLES[what]))
    return NotAllowed(
        Phrase("“{text}” is not clear to me here; write {examples}.", text=rest[:60], examples=EXAMPLES[what])
    )


_READERS = {
    "stock": _stock,
    "price": _price,
    "margin": _share,
    "category": _names,
    "without": _names,
    "bought": _count,
    "most": _count,
    "variety": _variety,
    "together": _together,
    "new": _share,
    "pause": _pause,
    "pin": _pin,
    "clear": _clear,
}
