"""What holds for every method: it is there, and no call makes it stumble."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.localchat import LocalChat
from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.methods import methods
from bot.localchat.people import bot_account
from bot.localchat.refusals import Refused
from tests.bot.certificates import CERTIFICATES
from tests.bot.localchat.conftest import ME, TOKEN

NEEDED = {
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "setMyCommands", "getMyCommands",
    "deleteMyCommands", "setChatMenuButton", "getChatMenuButton", "sendMessage", "sendPhoto", "sendDocument",
    "sendMediaGroup", "sendChatAction", "sendMessageDraft", "editMessageText", "editMessageCaption",
    "editMessageMedia", "editMessageReplyMarkup", "deleteMessage", "deleteMessages", "answerCallbackQuery",
    "setMessageReaction", "getFile", "getChat", "logOut", "close",
}  # fmt: skip
NAMES = (
    "offset", "limit", "url", "secret_token", "allowed_updates", "commands", "scope", "language_code", "menu_button",
    "text", "parse_mode", "entities", "reply_markup", "reply_parameters", "photo", "document", "caption",
    "caption_entities", "media", "action", "draft_id", "message_id", "message_ids", "reaction", "callback_query_id",
    "file_id", "max_connections",
)  # fmt: skip
NONSENSE: list[Any] = [
    None, "", "x", "[", "[1]", "{}", '[{"type":"photo","media":"attach://none"}]', '{"inline_keyboard":[[1]]}',
    '{"inline_keyboard":7}', '"\\ud800"', "9" * 30, 9**30, -1, 0.5, True, [], {}, [[]], [{}], [{"type": []}],
    {"type": "photo", "media": 7}, {"message_id": []}, "http://127.0.0.1:99999/", "\u0000", "<b", "&#xD800;",
]  # fmt: skip


def test_every_method_is_there() -> None:
    assert {name.lower() for name in NEEDED} == methods().keys()


@pytest.fixture
def conversation(tmp_path: Path) -> Iterator[Conversation]:
    """A chat without its server, in which the bot has said something."""
    opened = Conversation.opened(tmp_path, bot_account(TOKEN, "Bot", "bot"), lambda: None)
    opened.bot_says({"text": "hello"})
    yield opened
    opened.close()


@pytest.mark.parametrize("name", sorted(methods()))
async def test_nonsense_is_refused_and_breaks_nothing(conversation: Conversation, name: str) -> None:
    right = {"chat_id": ME, "text": "x", "message_id": 1, "action": "typing"}
    # One transaction around all, for speed
    with conversation.history.transaction():
        for nonsense in NONSENSE:
            for wrong in ({argument: nonsense} for argument in NAMES):
                with suppress(Refused):
                    await methods()[name](conversation, Arguments({**right, **wrong}))
            with suppress(Refused):
                await methods()[name](conversation, Arguments({**dict.fromkeys(NAMES, nonsense), "chat_id": ME}))
    (said,) = conversation.bot_says({"text": "still here"})
    assert conversation.history.message(said["message_id"]) == said


async def test_nonsense_over_http_is_answered(chat: LocalChat) -> None:
    async with httpx.AsyncClient(verify=CERTIFICATES, trust_env=False) as http:
        for nonsense in NONSENSE:
            values = {**dict.fromkeys(NAMES, nonsense), "chat_id": ME}
            answer = await http.post(f"{chat.base_url}{chat.token}/sendMessage", json=values)
            assert answer.status_code in {200, 400}, (nonsense, answer.text)
            assert answer.json()["ok"] == (answer.status_code == 200)
