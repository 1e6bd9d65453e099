"""A public list of places, fixed before anybody looks at a shop: China's provinces, then the countries."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine import columns as c
from engine.intake.provinces import PROVINCES, province_named
from engine.phrases import Name

# as countries are often written, beside their names in both languages and their codes
_CALLED = {
    "usa": "US",
    "u.s.": "US",
    "u.s.a.": "US",
    "united states of america": "US",
    "america": "US",
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "eire": "IE",
    "korea": "KR",
    "russian federation": "RU",
    "holland": "NL",
    "czech republic": "CZ",
    "uae": "AE",
    "prc": "CN",
    "people's republic of china": "CN",
    "中华人民共和国": "CN",
}
_AS_PROVINCES = {"TW": "台湾", "HK": "香港", "MO": "澳门"}
_NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


@cache
def places() -> tuple[Name, ...]:
    """All places of the list, in its order. What is in none of them has the next position."""
    provinces = [Name(english, chinese) for chinese, english in PROVINCES.items()]
    return (*provinces, *(Name(english, chinese) for _, english, chinese in _countries()))


def place_cells(people: pd.DataFrame) -> NDArray[np.int64]:
    """The position of each customer's place, by their region where it is a province, else by their country."""
    at = _positions()
    nowhere = len(places())
    region, country = people[c.REGION].fillna("").astype(str), people[c.COUNTRY].fillna("").astype(str)
    by_region = region.map({text: at.get(province_named(text), nowhere) for text in region.unique()})
    by_country = country.map({text: at.get(_folded(text), nowhere) for text in country.unique()})
    found: NDArray[np.int64] = by_region.where(by_region < nowhere, by_country).to_numpy(np.int64)
    return found


@cache
def _positions() -> Mapping[str, int]:
    """By province in Chinese, and by every name of a country, folded."""
    provinces = {chinese: at for at, chinese in enumerate(PROVINCES)}
    found: dict[str, int] = {}
    by_code = {code: provinces[chinese] for code, chinese in _AS_PROVINCES.items()}
    for at, (code, english, chinese) in enumerate(_countries(), start=len(PROVINCES)):
        by_code[code] = at
        found |= {_folded(english): at, _folded(chinese): at}
    found |= {_folded(code): at for code, at in by_code.items()}
    found |= {called: by_code[code] for called, code in _CALLED.items()}
    english_provinces = {_folded(english): provinces[chinese] for chinese, english in PROVINCES.items()}
    return found | {_folded(name): at for name, at in provinces.items()} | english_provinces | provinces


@cache
def _countries() -> tuple[tuple[str, str, str], ...]:
    """Code, English and Chinese name. Source: Unicode CLDR, by Babel; the codes are ISO 3166-1's."""
    from babel import Locale

    english, chinese = Locale("en").territories, Locale("zh").territories
    left_out = _NO_COUNTRIES | set(_AS_PROVINCES)
    codes = sorted(str(code) for code in english)
    countries = [code for code in codes if len(code) == 2 and code.isalpha() and code not in left_out]
    return tuple((code, str(english[code]), str(chinese.get(code, english[code]))) for code in countries)


def _folded(text: str) -> str:
    return text.strip().casefold()
