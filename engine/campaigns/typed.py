"""A message as its owner types it: with blanks as samples have them, and an e-mail's subject in a line of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.campaigns.channels import TEXT, Channel
from engine.campaigns.sandbox import STAND_INS

# what the short parts of a message are called in front of them
WORDS: Mapping[str, tuple[str, ...]] = {
    "subject": ("subject", "主题", "标题"),
    "preheader": ("preheader", "preview", "preview line", "预览", "预览语", "摘要"),
    "title": ("title", "标题"),
}
BLANKS: Mapping[str, str] = {
    "[name]": "name",
    "【姓名】": "name",
    "[product]": "product",
    "【商品】": "product",
    "[shop]": "shop_name",
}
SIGNATURE = "【店名】"

_IN_BRACKETS = re.compile(r"【[^【】{}\n]{1,20}】|\[[^\[\]{}\n]{1,20}\]")
_LINE = re.compile(r"\s*([^:：\n]{1,20})\s*[:：]\s*(.*)")


def typed(text: str, channel: Channel, language: str) -> tuple[str, Mapping[str, str]]:
    """The text as a template, and the other parts that stand in lines such as “Subject: …” in front of it."""
    called = {word: part.key for part in channel.parts if part.key != TEXT for word in WORDS.get(part.key, ())}
    lines, parts = text.strip().splitlines(), {}
    while lines and (found := _LINE.fullmatch(lines[0])) and (key := called.get(found[1].strip().lower())):
        parts[key] = _filled(found[2].strip(), language)
        lines = lines[1:]
    return _filled("\n".join(lines).strip(), language), parts


def blanks(language: str) -> tuple[str, ...]:
    """What is filled in for each reader."""
    bracket = "【" if language == "zh" else "["
    return tuple(blank for blank in (*BLANKS, SIGNATURE) if blank.startswith(bracket))


def left_in_brackets(body: str) -> tuple[str, ...]:
    """What looks like a blank in a template and is none: readers get it as it stands."""
    return tuple(dict.fromkeys(_IN_BRACKETS.findall(body)))


def _filled(text: str, language: str) -> str:
    """Blanks as fields, with other words for those of whom a field is not known."""
    text = text.replace(SIGNATURE, "{% if shop_name %}【{{ shop_name }}】{% endif %}")
    for blank, field in BLANKS.items():
        stand_in = STAND_INS[field].get(language, STAND_INS[field]["en"])
        text = text.replace(blank, f'{{{{ {field} or "{stand_in}" }}}}')
    return text
