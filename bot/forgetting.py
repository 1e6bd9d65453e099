"""Forgetting a customer in all places that are ours: the local chat beside the store, and the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.localchat.forgetting import finish_forgetting_in, forget_in
from bot.localchat.place import folder_for
from engine import ForgottenCustomer, Phrase, Shop, finish_forgetting, forget_customer, traces_of_customer

INSTEAD = Phrase("(This message named a customer who is forgotten.)")


def forget_everywhere(shop: Shop, text: str, *, who: str, say: Callable[[Phrase], str]) -> ForgottenCustomer:
    """Forget the customer whom `text` means. The chat goes first: afterwards nobody knows what to look for in it.

    Raises NotFound and NotAllowed where it means nobody or several.
    """
    traces = traces_of_customer(shop, text)
    chat = forget_in(folder_for(shop.path), traces, say(INSTEAD), shop.key)
    done = forget_customer(shop, text, who=who)
    return replace(done, wiped=done.wiped and (chat or finish_forgetting_in(folder_for(shop.path), shop.key)))


def finish_forgetting_everywhere(shop: Shop) -> bool:
    """Wipe what an earlier forgetting could not; whether nothing is left."""
    chat = finish_forgetting_in(folder_for(shop.path), shop.key)
    return finish_forgetting(shop) and chat
