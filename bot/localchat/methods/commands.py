"""The commands that the page offers, and what its menu button does."""

from __future__ import annotations

import re
from typing import Any

from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.history import History
from bot.localchat.methods import method
from bot.localchat.people import USER_ID
from bot.localchat.refusals import Json, bad_request

NAME = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
COMMANDS = "commands"
MENU_BUTTON = "menu_button"
SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat"}
SHOWN_SCOPES = (f"chat:{USER_ID}", "all_private_chats", "default")


@method("setMyCommands")
async def set_my_commands(conversation: Conversation, arguments: Arguments) -> bool:
    given = arguments.listed("commands") or []
    if len(given) > MAX_COMMANDS:
        raise bad_request("can't set more than 100 commands")
    return _store(conversation, arguments, [_command(command) for command in given])


@method("deleteMyCommands")
async def delete_my_commands(conversation: Conversation, arguments: Arguments) -> bool:
    return _store(conversation, arguments, [])


@method("getMyCommands")
async def get_my_commands(conversation: Conversation, arguments: Arguments) -> list[Json]:
    stored = conversation.history.setting(COMMANDS) or {}
    found: list[Json] = stored.get(_place(arguments), [])
    return found


@method("setChatMenuButton")
async def set_chat_menu_button(conversation: Conversation, arguments: Arguments) -> bool:
    button = arguments.mapped("menu_button") or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: unsupported type specified")
    conversation.history.set(MENU_BUTTON, button)
    return True


@method("getChatMenuButton")
async def get_chat_menu_button(conversation: Conversation, _: Arguments) -> Json:
    button: Json = conversation.history.setting(MENU_BUTTON) or {"type": "default"}
    return button


def offered_commands(history: History, language: str) -> list[Json]:
    """The commands that a page in `language` offers: the narrowest scope that has any, its own language first."""
    stored = history.setting(COMMANDS) or {}
    for scope in SHOWN_SCOPES:
        for code in (language.partition("-")[0], ""):
            found: list[Json] | None = stored.get(f"{scope}/{code}")
            if found:
                return found
    return []


def _store(conversation: Conversation, arguments: Arguments, commands: list[Json]) -> bool:
    place = _place(arguments)
    with conversation.history.transaction():
        stored = conversation.history.setting(COMMANDS) or {}
        conversation.history.set(COMMANDS, {**stored, place: commands})
    conversation.feed.publish("commands")
    return True


def _place(arguments: Arguments) -> str:
    """Under which name the commands of this scope and language are kept."""
    scope = arguments.mapped("scope") or {"type": "default"}
    kind, language = scope.get("type"), arguments.text("language_code")
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_request("invalid language code specified")
    if kind == "chat":
        kind = f"chat:{Arguments(scope).chat()}"
    return f"{kind}/{language}"


def _command(given: Any) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: Object expected")
    name, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", "")).strip()
    if not NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
