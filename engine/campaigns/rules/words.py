"""What an owner says of who may be written to, how often and when: `email cap 2/7`, `sms us quiet 21-8`, `undo 5`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from engine.campaigns.channels import channels
from engine.campaigns.rules import ANY, EVERYWHERE, Cap, Quiet, country_code
from engine.errors import NotAllowed
from engine.phrases import Phrase

CONSENT, CAP, QUIET = "consent", "cap", "quiet"
UNDO, APPROVAL, HOME = "undo", "approval", "home"
OF_CHANNEL: Final = (CONSENT, CAP, QUIET)
OF_SHOP: Final = MappingProxyType({UNDO: 10, APPROVAL: 7})  # minutes, days
MOST: Final = MappingProxyType({UNDO: 24 * 60, APPROVAL: 90})
MOST_CAP = 1_000
EXAMPLES: Final = (
    Phrase("email cap 2/7"),
    Phrase("sms US quiet 21-8"),
    Phrase("email DE consent agreed"),
    Phrase("undo 5"),
    Phrase("email cap default"),
    Phrase("home DE"),
)
PUZZLED: Final = Phrase("Not understood. Say it like one of these: {examples}.", examples=EXAMPLES)

_NAMES: Final = MappingProxyType(
    {
        "consent": CONSENT,
        "optin": CONSENT,
        "opt-in": CONSENT,
        "同意": CONSENT,
        "许可": CONSENT,
        "cap": CAP,
        "caps": CAP,
        "frequency": CAP,
        "上限": CAP,
        "频次": CAP,
        "次数": CAP,
        "quiet": QUIET,
        "night": QUIET,
        "免打扰": QUIET,
        "勿扰": QUIET,
        "静默": QUIET,
        "undo": UNDO,
        "撤销": UNDO,
        "反悔": UNDO,
        "approval": APPROVAL,
        "批准": APPROVAL,
        "有效期": APPROVAL,
        "home": HOME,
        "country": HOME,
        "本国": HOME,
        "国家": HOME,
    }
)
_CHANNELS: Final = MappingProxyType(
    {
        "any": ANY,
        "all": ANY,
        "全部": ANY,
        "所有": ANY,
        "e-mail": "email",
        "mail": "email",
        "邮件": "email",
        "邮箱": "email",
        "短信": "sms",
        "微信": "wechat",
        "公众号": "wechat",
        "企业微信": "wecom",
        "企微": "wecom",
        "文字": "text",
        "文案": "text",
        "texts": "text",
        "电报": "telegram",
    }
)
_CONSENTS: Final = MappingProxyType(
    {
        "anyone": "anyone",
        "opt-out": "anyone",
        "optout": "anyone",
        "opt_out": "anyone",
        "所有人": "anyone",
        "bought": "bought",
        "soft": "bought",
        "买过": "bought",
        "买过的": "bought",
        "agreed": "agreed",
        "opt-in": "agreed",
        "optin": "agreed",
        "opt_in": "agreed",
        "同意": "agreed",
        "同意过": "agreed",
        "同意过的": "agreed",
        "同意的": "agreed",
    }
)
_DEFAULT: Final = frozenset(("default", "reset", "默认", "恢复默认"))
_NONE: Final = frozenset(("none", "off", "no", "不限", "无", "没有", "关"))
_CAP: Final = re.compile(r"(\d{1,4})\s*(?:[次条封]?\s*/|in|per|[次条封])\s*(?:每)?\s*(\d{1,3})\s*(?:d|days?|天)?")
_CAP_BY_DAYS: Final = re.compile(r"每?\s*(?P<days>\d{1,3})\s*天\s*(?:最多|至多)?\s*(?P<n>\d{1,4})\s*[次条封]")
_QUIET: Final = re.compile(r"(\d{1,2})(?::00|点)?\s*(?:-|–|to|到|至)\s*(\d{1,2})(?::00|点)?")


@dataclass(frozen=True)
class Change:
    """What is to hold: `value` as JSON has it, None for what Zhike ships with."""

    channel: str
    country: str
    name: str
    value: Any

    @property
    def back(self) -> str:
        """The words that let hold again what Zhike ships with."""
        where = () if self.channel == ANY else (self.channel, self.country)
        return " ".join(word for word in (*where, self.name, "default") if word)


def read(text: str) -> Change:
    """The change that a founder's words ask for. Raises NotAllowed, with examples, where they ask for none."""
    words = unicodedata.normalize("NFKC", text).replace("=", " ").casefold().split()
    found = next(((i, _NAMES[word]) for i, word in enumerate(words) if word in _NAMES), None)
    if found is None:
        raise _puzzled()
    at, name = found
    channel, country = _whom(words[:at])
    value = _value(name, words[at + 1 :])
    if name in (UNDO, APPROVAL, HOME):
        if (channel, country) != (ANY, EVERYWHERE):
            raise _puzzled()
    elif channel == ANY and (name != CAP or country != EVERYWHERE):
        raise NotAllowed(
            Phrase(
                "Say for which way this holds: {channels}. Only a cap can hold for all together.",
                channels=tuple(channels()),
            )
        )
    return Change(channel, country, name, value)


def rule_fields(name: str, value: Any) -> Mapping[str, Any]:
    """The fields of a ContactRule that a stored value of a channel's setting gives."""
    if name == CAP:
        return {"caps": tuple(Cap(*cap) for cap in value)}
    if name == QUIET:
        return {"quiet": Quiet(*value) if value else None}
    return {"consent": value, "bought_days": None}


def _whom(words: Sequence[str]) -> tuple[str, str]:
    if not words:
        return ANY, EVERYWHERE
    channel = _channel(words[0])
    if channel is None:
        raise _puzzled()
    if len(words) == 1:
        return channel, EVERYWHERE
    place = " ".join(words[1:]).removeprefix("in ")
    code = country_code(place)
    if code == EVERYWHERE:
        raise NotAllowed(
            Phrase(
                "“{place}” is no country whose rules I know; say it as {examples}.",
                place=place,
                examples=("US", "DE", "CN"),
            )
        )
    return channel, code


def _value(name: str, words: Sequence[str]) -> Any:
    said = " ".join(words)
    if said in _DEFAULT:
        return None
    if name == CONSENT and said in _CONSENTS:
        return _CONSENTS[said]
    if name == CAP and said in _NONE:
        return []
    if name == CAP and (cap := _cap(said)):
        n, days = cap
        if n <= MOST_CAP and 1 <= days <= 365:
            return [[n, days]]
    if name == QUIET and said in _NONE:
        return []
    if name == QUIET and (hours := _QUIET.fullmatch(said)):
        start, end = int(hours[1]) % 24, int(hours[2]) % 24
        if int(hours[1]) <= 24 and int(hours[2]) <= 24 and start != end:
            return [start, end]
    number = re.fullmatch(r"(\d{1,5})\s*(?:min|minutes?|days?|d|分钟|天)?", said)
    if name in MOST and number is not None and (0 if name == UNDO else 1) <= int(number[1]) <= MOST[name]:
        return int(number[1])
    if name == HOME and (code := country_code(said)):
        return code
    raise _puzzled()


def _cap(said: str) -> tuple[int, int] | None:
    """How often in how many days: 2/7, 2次7天, 7天2次."""
    if found := _CAP.fullmatch(said):
        return int(found[1]), int(found[2])
    if found := _CAP_BY_DAYS.fullmatch(said):
        return int(found["n"]), int(found["days"])
    return None


def channel_meant(word: str) -> str | None:
    """The channel that an owner calls so; None for no channel."""
    key = _channel(unicodedata.normalize("NFKC", word).casefold())
    return None if key == ANY else key


def _channel(word: str) -> str | None:
    """The channel, or ANY, that a word in its plain form names."""
    return word if word in channels() else _CHANNELS.get(word)


def _puzzled() -> NotAllowed:
    return NotAllowed(PUZZLED)
