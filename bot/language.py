"""Which languages the faces speak. Catalogues are gettext's; `bot/locale/LANGUAGE/LC_MESSAGES/zhike.po`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from engine import ENGLISH, Language, Phrase

LOCALES = {"zh": "zh_CN"}
NAMES = {"en": "English", "zh": "中文"}


def catalogue_path(code: str) -> Path:
    return Path(__file__).parent / "locale" / LOCALES[code] / "LC_MESSAGES" / "zhike.po"


@cache
def language(code: str) -> Language:
    """The language with this code, `en` or `zh`."""
    if code == "en":
        return ENGLISH
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with catalogue_path(code).open("rb") as file:
        write_mo(compiled, read_po(file, locale=LOCALES[code]))
    compiled.seek(0)
    return Language(code, GNUTranslations(compiled))


def code_of(tag: str | None) -> str:
    """The language for an IETF tag such as Telegram gives: `zh` for any Chinese, else `en`."""
    return "zh" if (tag or "").lower().startswith("zh") else "en"


def speaker(code: str) -> Callable[[Phrase], str]:
    """What says a phrase in this language."""
    spoken = language(code)
    return lambda phrase: phrase.say(spoken)


def everywhere(phrase: Phrase) -> list[str]:
    """How all languages say it: what a founder may type to mean it."""
    return [phrase.say(language(code)) for code in NAMES]
