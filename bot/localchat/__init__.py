"""A local stand-in for Telegram: the same bot answers in a page of the browser, without a token."""

from bot.localchat.faults import Faults
from bot.localchat.server import LocalChat

__all__ = ["Faults", "LocalChat"]
