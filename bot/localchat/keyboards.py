"""The buttons under a message, checked as Telegram checks them."""

from __future__ import annotations

from typing import Any

from bot.localchat.arguments import Arguments
from bot.localchat.refusals import Json, bad_request

MAX_DATA_BYTES = 64
MAX_BUTTONS = 100
ACTIONS = {
    "url", "callback_data", "copy_text", "web_app", "login_url", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "pay",
}  # fmt: skip


def inline_keyboard(arguments: Arguments) -> Json | None:
    """The inline keyboard of the call; None if it has none.

    Other keyboards are taken and not shown: this page has no place for them. Raises Refused as Telegram does.
    """
    markup = arguments.mapped("reply_markup")
    if markup is None or "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse inline keyboard: field inline_keyboard must be an Array of Arrays")
    checked = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, checked)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def has_button(message: Json, data: str) -> bool:
    """Whether the message now has a button that carries `data`."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return any(button.get("callback_data") == data for row in rows for button in row)


def _button(button: Any) -> Json:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: field "text" must be a non-empty String')
    actions = ACTIONS & button.keys()
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in actions and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in actions and not str(button["url"]).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    return button
