"""How many parts an SMS has, which is what it costs.

Source: 3GPP TS 23.038, 6.2.1 (the alphabet and its extension), and TS 23.040, 9.2.3.24.1: of a message in several
parts each has a header of 6 octets, and no character is split between two parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "\f^{}\\[~]|€"  # each takes two places
SINGLE, CHAINED = 160, 153  # places of a part, alone and among several
SINGLE_UCS2, CHAINED_UCS2 = 70, 67

_FOREIGN = re.compile(f"[^{re.escape(GSM + EXTENDED)}]")
_NOT_SINGLE = re.compile(f"[^{re.escape(GSM)}]")
_ASCII_SINGLE = "".join(sign for sign in GSM if sign.isascii()).encode()


def parts(text: str) -> int:
    """One character outside of the GSM alphabet turns the whole text to UCS-2. An empty text has no part."""
    if not text:
        return 0
    n_extended = _n_extended(text)
    if n_extended is None:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if units <= SINGLE_UCS2:
            return 1
        if units == len(text):
            return -(-units // CHAINED_UCS2)
        return _packed((2 if sign > "\uffff" else 1 for sign in text), CHAINED_UCS2)
    if len(text) + n_extended <= SINGLE:
        return 1
    if not n_extended:
        return -(-len(text) // CHAINED)
    return _packed((2 if sign in EXTENDED else 1 for sign in text), CHAINED)


def foreign(text: str) -> tuple[str, ...]:
    """The characters that are not in the GSM alphabet, each once, in the order of the text."""
    return tuple(dict.fromkeys(_FOREIGN.findall(text)))


def _n_extended(text: str) -> int | None:
    """How many characters take two places; None if one is foreign."""
    if text.isascii():
        # several times as fast as looking at each character
        others = text.encode().translate(None, _ASCII_SINGLE).decode()
    elif _FOREIGN.search(text):
        return None
    else:
        others = "".join(_NOT_SINGLE.findall(text))
    return len(others) if all(sign in EXTENDED for sign in others) else None


def _packed(places: Iterable[int], room: int) -> int:
    n, used = 1, 0
    for place in places:
        if used + place > room:
            n, used = n + 1, 0
        used += place
    return n
