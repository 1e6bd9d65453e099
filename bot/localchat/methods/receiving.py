"""How the bot gets its updates: by asking, or through a webhook."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.methods import method
from bot.localchat.refusals import Json, bad_request
from bot.localchat.updates import ALLOWED, MAX_BATCH, MAX_WAIT

SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MAX_CONNECTIONS = 40


@method("getUpdates")
async def get_updates(conversation: Conversation, arguments: Arguments) -> list[Json]:
    conversation.updates.allow(arguments.listed(ALLOWED))
    limit = min(max(arguments.number("limit", MAX_BATCH), 1), MAX_BATCH)
    seconds = min(max(arguments.number("timeout"), 0), MAX_WAIT)
    return await conversation.updates.take(arguments.number("offset"), limit, seconds)


@method("setWebhook")
async def set_webhook(conversation: Conversation, arguments: Arguments) -> bool:
    url, secret = arguments.text("url").strip(), arguments.text("secret_token")
    settings = None
    if url:
        _check_address(url)
        if secret and not SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        settings = {"url": url, "secret_token": secret, "max_connections": _connections(arguments)}
    conversation.updates.allow(arguments.listed(ALLOWED))
    conversation.delivery.forget_errors()
    conversation.updates.set_webhook(settings, drop_pending=arguments.flag("drop_pending_updates"))
    return True


@method("deleteWebhook")
async def delete_webhook(conversation: Conversation, arguments: Arguments) -> bool:
    conversation.delivery.forget_errors()
    conversation.updates.set_webhook(None, drop_pending=arguments.flag("drop_pending_updates"))
    return True


@method("getWebhookInfo")
async def get_webhook_info(conversation: Conversation, _: Arguments) -> Json:
    webhook = conversation.updates.webhook() or {"url": ""}
    info = {name: value for name, value in webhook.items() if name != "secret_token"}
    allowed = conversation.history.setting(ALLOWED)
    return {
        **info,
        "has_custom_certificate": False,
        "pending_update_count": conversation.history.n_updates(),
        **conversation.delivery.last_error,
        **({"allowed_updates": allowed} if allowed else {}),
    }


def _check_address(url: str) -> None:
    """Plain HTTP is for a bot on the same machine, which is the only one that this server serves."""
    try:
        address = urlsplit(url)
        named, _ = address.hostname, address.port
    except ValueError:
        named = None
    if not named:
        raise bad_request("bad webhook: invalid webhook URL specified")
    if address.scheme != "https" and not (address.scheme == "http" and named in LOOPBACK):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")


def _connections(arguments: Arguments) -> int:
    return min(max(arguments.number("max_connections", MAX_CONNECTIONS), 1), 100)
