"""The methods of the Bot API, one file per group; a new file here needs no other change."""

from __future__ import annotations

import pkgutil
from collections.abc import Awaitable, Callable
from functools import cache
from importlib import import_module
from typing import Any

from bot.localchat.arguments import Arguments
from bot.localchat.conversation import Conversation

Method = Callable[[Conversation, Arguments], Awaitable[Any]]

_METHODS: dict[str, Method] = {}


def method(name: str) -> Callable[[Method], Method]:
    """Registers what answers calls to the method called `name`."""

    def register(answer: Method) -> Method:
        _METHODS[name.lower()] = answer
        return answer

    return register


@cache
def methods() -> dict[str, Method]:
    """All methods, under their names in lower case."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return _METHODS
