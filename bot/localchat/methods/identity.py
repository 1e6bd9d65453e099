"""Who the bot is and whom it talks to."""

from __future__ import annotations

from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation
from bot.localchat.methods import method
from bot.localchat.people import private_chat
from bot.localchat.refusals import Json

ACCENT_COLOURS = 7
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


@method("getMe")
async def get_me(conversation: Conversation, _: Arguments) -> Json:
    return {
        **conversation.bot,
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("getChat")
async def get_chat(_: Conversation, arguments: Arguments) -> Json:
    number = arguments.chat()
    return {
        **private_chat(),
        "accent_color_id": number % ACCENT_COLOURS,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }


@method("logOut")
async def log_out(_: Conversation, __: Arguments) -> bool:
    """Nothing to do: this server serves its one bot only."""
    return True


@method("close")
async def close(_: Conversation, __: Arguments) -> bool:
    """Nothing to do: whoever started this server stops it."""
    return True
