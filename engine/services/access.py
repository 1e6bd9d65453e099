"""Who may talk to the bot: the owner, whom the owner invites as a helper, and the groups that the owner allows.

A code lets one person in, once. The store has only hashes of it, in two parts: who does not know how it begins has
not tried at it, and cannot use up the few tries that a code bears.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlite_utils import Database

from engine import store
from engine.errors import NotAllowed, NotFound, StoreError
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import access, chats, inbox, shops, trail
from engine.store.access import AllowedGroup, StoredCode
from engine.store.chats import Chat

# without 0 O 1 I L, which are hard to tell apart
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, BEGINNING = 8, 3
GOOD_FOR = timedelta(minutes=15)  # a code that somebody is to pass on
MOST_CODES = 5  # open at a time
MOST_WRONG = 20  # at one code by all together, then it is void
WITHIN = timedelta(hours=1)
TRIES = 5  # of one user within that
MOST_NOTED = 200  # tries within that, of all
MOST_HELPERS = 20
MOST_GROUPS = 20
NAME = 64  # letters of a person's or a group's name
KEPT = timedelta(days=30)  # numbers of updates that are done: no Telegram sends one again after a day
FOLDERS_FILE = "zhike.db"
OUT_OF_ORDER = Phrase(
    "The data of this shop cannot be opened now. Tell whoever runs this bot for you; nothing is lost by waiting."
)


def shop_in(house: Shop, name: str) -> Shop:
    """The shop of this name, in a folder of its own beside the house's store."""
    return replace(house, path=house.path.parent / name / FOLDERS_FILE, house=house.path)


@dataclass(frozen=True)
class People:
    """The owner's chat if there is one, the helpers' and the groups that are allowed."""

    owner: Chat | None
    helpers: tuple[Chat, ...]
    groups: tuple[AllowedGroup, ...]


@dataclass(frozen=True)
class Guests:
    """What decides whether an update is looked at: users and groups by id, and how the codes that work begin.

    Each user and group comes with its shop's name, which is empty where there is one shop. `as_of` counts changes.
    """

    users: Mapping[int, str]
    owners: frozenset[int]
    groups: Mapping[int, str]
    codes: tuple[StoredCode, ...]
    as_of: int = 0

    def may_begin(self, code: str) -> bool:
        """Whether a code that works begins like this one; the rest of it is not looked at."""
        return any(_same(one.salt, code[:BEGINNING], one.beginning) for one in self.codes)


@dataclass(frozen=True)
class Paired:
    """Who was let in just now and as what; `told`: the chats of those who were the owner until then, or still are."""

    role: str
    user_id: int
    name: str
    told: tuple[Chat, ...]


def guests(shop: Shop, known: Guests | None = None, *, several: bool = False) -> Guests:
    """Who is let in now, or of a house with `several` shops, who into which; `known` itself if nothing has changed."""
    with shop.open() as db:
        as_of = shops.guests_changed(db)
        if known is not None and known.as_of == as_of:
            return known
        users, owners, groups = (_of_several if several else _of_one)(db)
        return Guests(users, owners, groups, tuple(access.codes(db, shop.now())), as_of)


def guest_in(shop: Shop, chat_id: int, user_id: int, *, allowing: bool = False) -> Chat | None:
    """The chat of somebody who is let in: their own, or a group that is allowed, or that the owner is just `allowing`.

    None for everybody else.
    """
    with shop.open() as db:
        own = chats.own_of(db, user_id)
        if own is None or own.chat_id == chat_id:
            return own
        allowed = any(group.chat_id == chat_id for group in access.groups(db))
        allowed = allowed or (allowing and own.role == chats.OWNER)
        # what is asked for in their own chat is not answered in front of others
        return Chat(chat_id, user_id, own.role, own.language, None, own.name, own.since) if allowed else None


def code_in(text: str) -> str | None:
    """The code that a text is, alone or behind /start; None if it cannot be one."""
    plain = unicodedata.normalize("NFKC", text[:100]).strip()
    word = "".join(plain.removeprefix("/start").split()).replace("-", "").upper()
    return word if len(word) == LENGTH and all(letter in ALPHABET for letter in word) else None


def standing_code(shop: Shop) -> str:
    """A code for the owner that works until the bot starts again; those of earlier starts work no more."""
    with shop.open() as db, store.transaction(db):
        access.drop_standing_codes(db)
        return _new_code(db, shop, chats.OWNER, "the start", None)


def no_standing_code(shop: Shop) -> None:
    """Codes of earlier starts work no more."""
    with shop.open() as db, store.transaction(db):
        access.drop_standing_codes(db)


def passing_code(shop: Shop, role: str, *, who: str = "owner", good_for: timedelta = GOOD_FOR) -> str:
    """A code that works once and not for long, for this shop alone.

    Raises NotAllowed if there are as many helpers as there may be.
    """
    with shop.open() as db, store.transaction(db):
        n_helpers = sum(chat.role == chats.HELPER for chat in chats.every(db))
        if role == chats.HELPER and n_helpers >= MOST_HELPERS:
            raise NotAllowed(
                Phrase("There are {n} helpers already, as many as there may be; remove one first.", n=n_helpers)
            )
    house = shop.at_house()
    with (house or shop).open() as db, store.transaction(db):
        access.drop_expired_codes(db, shop.now())
        mine = [code for code in access.codes(db, shop.now()) if house is None or code.shop == shop.name]
        access.drop_codes(db, [code.id for code in mine[MOST_CODES - 1 :]])
        return _new_code(db, shop, role, who, good_for)


def redeem_code(shop: Shop, code: str, *, chat_id: int, user_id: int, name: str = "") -> Paired | None:
    """Let in whoever shows a code that works, which is spent by that; None if it does not.

    Raises NotAllowed after too many wrong ones, also if this one is right.
    """
    now, since = shop.now(), shop.now() - WITHIN
    with shop.open() as db, store.transaction(db):
        own, of_all = access.tries(db, user_id, since)
        if own >= TRIES:
            raise NotAllowed(Phrase("That were too many wrong codes: ask for a new one, and try again in an hour."))
        begun = [one for one in access.codes(db, now) if _same(one.salt, code[:BEGINNING], one.beginning)]
        right = [one for one in begun if _same(one.salt, code, one.whole)]
        if not right:
            for one in begun:
                access.count_wrong(db, one.id)
            access.drop_codes(db, [one.id for one in begun if one.wrong + 1 >= MOST_WRONG])
            if begun or of_all < MOST_NOTED:
                access.note_try(db, user_id, now, since)
            return None
        access.drop_codes(db, [right[0].id])
        if right[0].shop is None:
            return _let_in(db, shop, right[0].role, chat_id, user_id, plain_name(name))
        # the shop's own store first: a kill between the two leaves the code as it was, for the same update again
        paired = _let_into(shop_in(shop, right[0].shop), right[0].role, chat_id, user_id, plain_name(name))
        if right[0].role == chats.OWNER:
            shops.let_nobody_in(db, right[0].shop)
        shops.let_in(db, right[0].shop, chat_id, user_id, right[0].role, now)
        return paired


def people_of_bot(shop: Shop) -> People:
    with shop.open() as db:
        everybody = chats.every(db)
        return People(
            next((chat for chat in everybody if chat.role == chats.OWNER), None),
            tuple(chat for chat in everybody if chat.role == chats.HELPER),
            tuple(access.groups(db)),
        )


def remove_helper(shop: Shop, user_id: int, *, who: str = "owner") -> None:
    """From now on this helper is a stranger. Raises NotFound where there is none of this number."""
    house = shop.at_house()
    if house is not None:
        with house.open() as db, store.transaction(db):
            shops.remove_helper(db, shop.name, user_id)
    with shop.open() as db, store.transaction(db):
        if trail.done_before(db, "helper removed", shop.cause) is not None:
            return
        if not chats.remove(db, user_id):
            raise NotFound(Phrase("There is no helper {id}: /helpers shows who there is.", id=str(user_id)))
        trail.add(db, at=shop.now(), who=who, deed="helper removed", subject=f"user {user_id}", cause=shop.cause)


def allow_group(shop: Shop, chat_id: int, title: str, *, who: str) -> bool:
    """Answer the owner and the helpers in this group; False if it was allowed before. Raises NotAllowed."""
    house = shop.at_house()
    with shop.open() as db, store.transaction(db):
        if len(access.groups(db)) >= MOST_GROUPS:
            raise NotAllowed(Phrase("There are {n} groups already, as many as there may be.", n=MOST_GROUPS))
        if house is not None:
            with house.open() as theirs, store.transaction(theirs):
                if not shops.allow_group(theirs, shop.name, chat_id):
                    raise NotAllowed(Phrase("Another shop talks in this group already."))
        fresh = access.allow_group(db, chat_id, plain_name(title), who, shop.now())
        if fresh:
            trail.add(db, at=shop.now(), who=who, deed="group allowed", subject=f"chat {chat_id}", cause=shop.cause)
        return fresh


def forbid_group(shop: Shop, chat_id: int, *, who: str) -> bool:
    """Say nothing more in this group; False if it was not allowed."""
    house = shop.at_house()
    if house is not None:
        with house.open() as db, store.transaction(db):
            shops.forbid_group(db, shop.name, chat_id)
    with shop.open() as db, store.transaction(db):
        changed = access.forbid_group(db, chat_id)
        if changed:
            trail.add(db, at=shop.now(), who=who, deed="group forbidden", subject=f"chat {chat_id}", cause=shop.cause)
        return changed


def forget_old_updates(shop: Shop) -> int:
    """Let go of the numbers of updates that nobody sends again; how many."""
    with shop.open() as db, store.transaction(db):
        return inbox.forget_done(db, shop.now() - KEPT)


def plain_name(name: str) -> str:
    """A name of somebody's own choice as one line, without what turns the direction of writing or hides."""
    shown = "".join(letter if unicodedata.category(letter)[0] not in "CZ" else " " for letter in name)
    return " ".join(shown.split())[:NAME]


_Found = tuple[Mapping[int, str], frozenset[int], Mapping[int, str]]  # users, which of them are owners, groups


def _of_one(db: Database) -> _Found:
    everybody = chats.every(db)
    owners = frozenset(chat.user_id for chat in everybody if chat.role == chats.OWNER)
    return {chat.user_id: "" for chat in everybody}, owners, {group.chat_id: "" for group in access.groups(db)}


def _of_several(db: Database) -> _Found:
    members = shops.members(db)
    owners = frozenset(member.user_id for member in members if member.role == chats.OWNER)
    return {member.user_id: member.shop for member in members}, owners, shops.groups(db)


def _new_code(db: Database, shop: Shop, role: str, who: str, good_for: timedelta | None) -> str:
    code, salt = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH)), secrets.token_hex(16)
    name = None if shop.house is None else shop.name
    stored = StoredCode(0, role, salt, _hashed(salt, code[:BEGINNING]), _hashed(salt, code), 0, name)
    now = shop.now()
    access.add_code(db, stored, who=who, at=now, expires_at=None if good_for is None else now + good_for)
    return code


def _let_into(shop: Shop, role: str, chat_id: int, user_id: int, name: str) -> Paired:
    try:
        with shop.open() as db, store.transaction(db):
            return _let_in(db, shop, role, chat_id, user_id, name)
    except StoreError as error:
        raise NotAllowed(OUT_OF_ORDER) from error


def _let_in(db: Database, shop: Shop, role: str, chat_id: int, user_id: int, name: str) -> Paired:
    told = tuple(chat for chat in chats.every(db) if chat.role == chats.OWNER and chat.user_id != user_id)
    if role == chats.OWNER:
        chats.pair(db, chat_id, user_id, shop.now(), name)
    elif not chats.has_role(db, user_id):
        chats.let_in(db, chat_id, user_id, shop.now(), name)
    deed = "paired" if role == chats.OWNER else "helper paired"
    if trail.done_before(db, deed, shop.cause) is None:  # else a kill came before the house knew of it
        trail.add(db, at=shop.now(), who=f"user {user_id}", deed=deed, subject=f"chat {chat_id}", cause=shop.cause)
    return Paired(role, user_id, name, told)


def _hashed(salt: str, text: str) -> str:
    return hashlib.sha256(f"{salt}:{text}".encode()).hexdigest()


def _same(salt: str, text: str, hashed: str) -> bool:
    return hmac.compare_digest(_hashed(salt, text), hashed)
