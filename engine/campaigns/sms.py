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
_FOREIGN_ASCII = re.compile("[`\x00-\x09\x0b\x0e-\x1f\x7f]")


def parts(text: str) -> int:
    """One character outside of the GSM alphabet turns the whole text to UCS-2. An empty text has no part."""
    if not text:
        return 0
    if _has_foreign(text):
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2
        if units <= SINGLE_UCS2:
            return 1
        if units == len(text):
            return -(-units // CHAINED_UCS2)
        return _packed((2 if character > "\uffff" else 1 for character in text), CHAINED_UCS2)
    n_extended = sum(map(text.count, EXTENDED))
    if len(text) + n_extended <= SINGLE:
        return 1
    if not n_extended:
        return -(-len(text) // CHAINED)
    return _packed((2 if character in EXTENDED else 1 for character in text), CHAINED)


def foreign(text: str) -> tuple[str, ...]:
    """The characters that are not in the GSM alphabet, each once, in the order of the text."""
    return tuple(dict.fromkeys(_FOREIGN.findall(text)))


def _has_foreign(text: str) -> bool:
    # of plain English text the few signs that are foreign are found several times faster
    return (_FOREIGN_ASCII if text.isascii() else _FOREIGN).search(text) is not None


def _packed(places: Iterable[int], room: int) -> int:
    n, used = 1, 0
    for place in places:
        if used + place > room:
            n, used = n + 1, 0
        used += place
    return n
