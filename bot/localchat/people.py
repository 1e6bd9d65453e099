"""The two who talk, as Telegram describes them: the bot, and the one person at the page."""

from __future__ import annotations

from bot.localchat.refusals import Json

USER_ID = 1001
LOCAL_BOT_ID = 1


def bot_account(token: str, name: str, username: str) -> Json:
    """The `User` of the bot; its id is the number that a token begins with."""
    number = token.partition(":")[0]
    return {
        "id": int(number) if number.isdecimal() and int(number) != USER_ID else LOCAL_BOT_ID,
        "is_bot": True,
        "first_name": name,
        "username": username,
    }


def language_code(locale: str) -> str:
    """Telegram's code for a browser's locale: `zh-hans`, `zh-hant` or `en`."""
    words = locale.lower().replace("_", "-").split("-")
    if words[0] != "zh":
        return "en"
    return "zh-hant" if {"tw", "hk", "mo", "hant"} & set(words) else "zh-hans"


def person(language: str) -> Json:
    """The `User` at the page, whose app speaks `language`."""
    return {"id": USER_ID, "is_bot": False, "first_name": _first_name(language), "language_code": language}


def private_chat(language: str = "en") -> Json:
    return {"id": USER_ID, "type": "private", "first_name": _first_name(language)}


def _first_name(language: str) -> str:
    return "我" if language.startswith("zh") else "You"
