"""Replies by which people want no more messages: which words say so, and of whom a forwarded one is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from engine.intake import words

# Sources: CTIA Short Code Monitoring Handbook (STOP, QUIT, END, …); 工信部令第31号 and what Chinese platforms offer
# (TD, 回T退订, 拒收请回复R)
SURE = ("unsubscribe", "stopall", "opt out", "opt-out", "optout")
SURE_ZH = ("退订", "退定", "取消订阅", "拒收", "不要再发", "别再发")
ALONE = ("stop", "stop all", "quit", "end", "cancel", "remove me", "td", "t", "n", "r", "别发了")  # as a whole line
_ANYWHERE = re.compile(rf"(?<![\w@.+-])(?:{'|'.join(map(re.escape, SURE))})|{'|'.join(SURE_ZH)}", re.I)
_WHOLE = re.compile(rf"(?:{'|'.join(map(re.escape, (*SURE, *SURE_ZH, *ALONE)))})", re.I)
_FROM = re.compile(r"^[ \t*]*(?:(?:from|sender|发件人|发信人|发送人|号码)[ \t*]*[:：]|来自)[ \t]*(.+)$", re.I | re.M)
# bounded, and begun where a word begins: without an @ a long text is gone through once
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_AROUND = " \t:：,，;；.。!！“”\"'()（）-–>*"
_PHONE = re.compile(r"(?<![\w@.])\+?\d[\d ()-]{5,18}\d(?![\w@])")


@dataclass(frozen=True)
class Reply:
    """What a forwarded reply says: the addresses that it is of, and the word by which it opts out."""

    addresses: tuple[str, ...]
    word: str


def reply_in(text: str) -> Reply | None:
    """The reply that a text is; None for a text without a word that opts out, or without an address.

    A line that says whom a mail is from counts alone: the others name the shop, too.
    """
    said = unicodedata.normalize("NFKC", text)
    senders = " ".join(match[1] for match in _FROM.finditer(said))
    found = addresses_in(senders) or addresses_in(said)
    word = next((word for line in said.splitlines() if (word := _opts_out(line)) is not None), None)
    return None if word is None or not found else Reply(tuple(found), word)


def _opts_out(line: str) -> str | None:
    """The word by which a line opts out, whatever address stands beside it."""
    rest = _PHONE.sub(" ", _EMAIL.sub(" ", line))
    if _WHOLE.fullmatch(rest.strip(_AROUND)):
        return rest.strip(_AROUND)
    found = _ANYWHERE.search(rest)
    return None if found is None else found[0]


def addresses_in(text: str) -> list[str]:
    """E-mails and phones in a text, as the store knows them, each once."""
    emails = [words.email(one) for one in _EMAIL.findall(text)]
    phones = [words.phone(one.strip()) for one in _PHONE.findall(_EMAIL.sub(" ", text))]
    return list(dict.fromkeys(one for one in (*emails, *phones) if one))


def parted(parts: Sequence[str]) -> list[str]:
    """The parts of a list, each as the address in it, or without a word that opts out."""
    result: list[str] = []
    for part in parts:
        left = _ANYWHERE.sub(" ", part).strip(_AROUND)
        result += addresses_in(part) or ([] if not left or _WHOLE.fullmatch(left) else [left])
    return result
