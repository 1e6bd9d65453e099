"""What the cells of a column look like, from a sample of its texts: dates, money, e-mails, a few states, …"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine import columns as c
from engine.intake import dates, numbers, words
from engine.intake import fields as f
from engine.intake.tables import Column

SAMPLE: Final = 200  # texts
ROWS: Final = 4_000
MOST: Final = 0.8
OLDEST: Final = 120
FEW: Final = 40  # different texts that may be states or categories
A_HANDFUL: Final = 5  # different texts, each in OFTEN rows: states, and nobody's names
OFTEN: Final = 100
_DATED = re.compile(r"[-/.年月:]|[a-z]{3}", re.IGNORECASE)
_MOBILE = re.compile(r"(?:\+?86)?1[3-9](?:\d{9}|\d\*+\d{2,4}|\d{1,2}\*+\d{2,4})")
_DIALLED = re.compile(r"\+?[\d\s().*-]{7,20}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_SIGNS = frozenset(("人民币", "美元", "元", "¥", "$", "€", "£"))
_SLASHED = re.compile(r"\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Contents:
    """Shares, between 0 and 1, of the sampled texts that say something.

    `different` is the number of different texts and `repeated` the number of rows for each of them, on average.
    """

    n: int
    different: int
    repeated: float
    dates: float = 0.0
    numbers: float = 0.0
    whole: float = 0.0
    decimals: float = 0.0
    signs: float = 0.0  # of a currency
    small: float = 0.0  # whole numbers from 1 to 999
    ages: float = 0.0
    years: float = 0.0
    emails: float = 0.0
    mobiles: float = 0.0
    dialled: float = 0.0
    currencies: float = 0.0
    genders: float = 0.0
    yes_or_no: float = 0.0
    states: float = 0.0
    letters: float = 0.0
    digits: float = 0.0  # texts with a digit in them
    masked: float = 0.0  # texts with a * in them, which name nobody


def sampled(column: Column) -> list[str]:
    """At most SAMPLE different texts that say something, from rows all over the file, in their order."""
    step = max(1, len(column.codes) // ROWS)
    codes = list(dict.fromkeys(column.codes[::step].tolist()))
    said = [tidy for code in codes[: 4 * SAMPLE] if (tidy := words.text(column.texts[code]))]
    return said[:: max(1, len(said) // SAMPLE)][:SAMPLE]


def contents(column: Column) -> Contents:
    """What `column` looks like."""
    texts = sampled(column)
    n = len(texts)
    if not n:
        return Contents(0, 0, 0.0)
    values = numbers.read(texts)
    number = ~np.isnan(values)
    whole = number & (values == np.floor(np.nan_to_num(values)))
    days = ~np.isnat(dates.read(texts).values)

    def share(test: Callable[[str], object]) -> float:
        return sum(bool(test(text)) for text in texts) / n

    return Contents(
        n=n,
        different=len(column.texts),
        repeated=len(column.codes) / len(column.texts),
        dates=sum(bool(day) and _DATED.search(text) is not None for day, text in zip(days, texts, strict=True)) / n
        or float(days.mean()) * 0.5,
        numbers=float(number.mean()),
        whole=float(whole.mean()),
        decimals=share(lambda text: re.search(r"[.,]\d{1,2}\D*$", text)) if number.any() else 0.0,
        signs=share(lambda text: not numbers.is_plain(text) and numbers.currency_in(text)) if number.any() else 0.0,
        small=float((whole & (values >= 1) & (values <= 999)).mean()),
        ages=float((whole & (values >= 1) & (values <= OLDEST)).mean()),
        years=float((whole & (values >= 1900) & (values <= 2100)).mean()),
        emails=share(lambda text: words.email(text) or ("@" in text and "*" in text)),
        mobiles=share(lambda text: _MOBILE.fullmatch(re.sub(r"[\s-]", "", words.identifier(text)))),
        dialled=share(lambda text: _DIALLED.fullmatch(words.identifier(text))),
        currencies=share(
            lambda text: _CURRENCY.fullmatch(text) or text in ("人民币", "美元", "元", "¥", "$", "€", "£")
        ),
        genders=share(words.gender),
        yes_or_no=share(lambda text: words.consent(text) is not None),
        states=share(lambda text: words.state_of_order(text) or _STATE.search(text.lower())),
        letters=share(lambda text: any(sign.isalpha() for sign in text)),
        digits=share(lambda text: any(sign.isdigit() for sign in text)),
        masked=share(lambda text: "*" in text),
    )


_STATE = re.compile(
    r"paid|complet|shipped|deliver|fulfil|process|success|pending|refund|cancel|closed|settled|"
    r"已完成|成功|已发货|已付款|已支付|已签收|已收货|待发货|完成|退款|取消|已结"
)


def undecided_days(column: Column) -> str | None:
    """A text such as 03/04/2025 if nothing in the column shows whether the day or the month comes first; else None."""
    if not any(_SLASHED.fullmatch(text) for text in sampled(column)):
        return None
    if not dates.read(column.texts, column.codes).assumed:
        return None
    slashed = (found for text in column.texts if (found := _SLASHED.fullmatch(text)))
    return next((found[0].strip() for found in slashed if int(found[1]) != int(found[3])), None)


def with_year_first(column: Column, day_first: bool) -> Column:
    """The column with dates such as 03/04/2025 written 2025-04-03, or 2025-03-04 if the month comes first."""

    def rewritten(text: str) -> str:
        found = _SLASHED.fullmatch(text)
        if found is None:
            return text
        day, month = (found[1], found[3]) if day_first else (found[3], found[1])
        year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
        return f"{year:04}-{int(month):02}-{int(day):02}{found[5]}"

    return Column(column.header, column.codes, [rewritten(text) for text in column.texts])


def _mostly(share: float) -> float:
    """1 if most texts are so, 0 if hardly half of them are."""
    return 1.0 if share >= MOST else 0.0 if share < 0.5 else 0.5


def _dates(look: Contents) -> float:
    return _mostly(look.dates)


def _money(look: Contents) -> float:
    if _mostly(look.numbers) == 0 or look.dates >= MOST:
        return 0.0
    return 0.0 if look.mobiles >= MOST else 1.0 if look.signs + look.decimals > 0 else 0.8


def _identifier(look: Contents) -> float:
    if look.emails > 0.5 or look.dates >= MOST or look.decimals > 0.5 or look.signs > 0.5:
        return 0.0
    return 1.0 if look.digits >= MOST else 0.4


def _customer(look: Contents) -> float:
    if look.dates >= MOST or (look.decimals > 0.5 and look.numbers > 0.5) or look.yes_or_no >= MOST or _is_state(look):
        return 0.0
    return 0.9


def _text(look: Contents) -> float:
    if look.letters < 0.5 or look.emails > 0.5 or look.dates >= MOST:
        return 0.0
    return 1.0


def _person(look: Contents) -> float:
    return 0.0 if look.digits > MOST or look.masked > MOST else _text(look)


def _is_state(look: Contents) -> bool:
    """Whether it is a handful of words in very many rows, which names nobody."""
    return look.different <= A_HANDFUL and look.repeated > OFTEN


def _called(look: Contents) -> float:
    return 0.0 if _is_state(look) else _person(look)


def _few(look: Contents) -> float:
    return _text(look) if look.different <= FEW or look.repeated > 5 else 0.5


# how well a column's look agrees with a field: 0 contradicts, 1 agrees; a field that is absent takes anything
AGREES: Final[Mapping[str, Callable[[Contents], float]]] = {
    **dict.fromkeys((c.AT, c.JOINED, c.LAUNCHED, f.BIRTHDAY, f.CANCELLED_AT), _dates),
    **dict.fromkeys((c.PRICE, c.COST, c.REVENUE, f.ORDER_TOTAL, f.REFUND), _money),
    c.EMAIL: lambda look: 1.0 if look.emails >= 0.5 else 0.0,
    c.PHONE: lambda look: 1.0 if max(look.mobiles, look.dialled) >= 0.5 else 0.0,
    c.QUANTITY: lambda look: 1.0 if look.small >= MOST else _mostly(look.whole) * 0.8 or _mostly(look.numbers) * 0.6,
    f.AGE: lambda look: _mostly(look.ages),
    c.BIRTH_YEAR: lambda look: _mostly(look.years),
    c.CURRENCY: lambda look: _mostly(look.currencies),
    c.GENDER: lambda look: _mostly(look.genders),
    c.CONSENT: lambda look: _mostly(look.yes_or_no),
    f.OPTED_OUT: lambda look: 1.0 if max(look.yes_or_no, look.dates) >= MOST else 0.5,
    c.STATUS: lambda look: max(_few(look), _mostly(look.states)),
    f.REFUND_STATUS: _few,
    c.ORDER_KEY: _identifier,
    c.CUSTOMER_KEY: _customer,
    c.PRODUCT_KEY: lambda look: 0.0 if look.emails > 0.5 or look.dates >= MOST else 0.9,
    **dict.fromkeys((c.PRODUCT_NAME, c.PRODUCT_NAME_ZH, c.PRODUCT_NAME_EN), _text),
    c.CATEGORY: _few,
    **dict.fromkeys((c.NAME, f.FIRST_NAME, f.LAST_NAME), _called),
    **dict.fromkeys((c.CITY, c.REGION, c.COUNTRY), _person),
    c.INTERESTS: _text,
}
# what a column may be taken for by its look alone, whatever it is called, and how surely
SHOWS: Final[Mapping[str, Callable[[Contents], float]]] = {
    c.EMAIL: lambda look: 0.75 if look.emails >= MOST else 0.0,
    c.PHONE: lambda look: 0.7 if look.mobiles >= MOST else 0.0,
    c.AT: lambda look: 0.6 if look.dates >= MOST and look.n else 0.0,
    c.GENDER: lambda look: 0.6 if look.genders >= MOST and look.letters >= MOST and look.different <= 6 else 0.0,
    c.STATUS: lambda look: 0.5 if look.states >= MOST and look.different <= FEW else 0.0,
    f.ORDER_TOTAL: lambda look: 0.5 if look.numbers >= MOST and look.signs >= 0.5 else 0.3 * (look.decimals >= 0.3),
    # names of people or of products: just enough to ask
    c.NAME: lambda look: 0.28 if look.letters >= MOST and look.digits < 0.2 and not look.dates else 0.0,
    c.ORDER_KEY: lambda look: (
        0.3 if _identifier(look) == 1.0 and look.repeated < 1.5 and look.mobiles < 0.5 and look.small < MOST else 0.0
    ),
}
