"""The shop's message templates: those that came with Zhike, and what the owner has made of them, with every version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from sqlite_utils import Database

from engine import store
from engine.campaigns import templates as made
from engine.campaigns.channels import Channel, channel_named
from engine.campaigns.checks import Checked, checked
from engine.campaigns.templates import Goal, Template, goal_named, on_channel, parsed, rewritten
from engine.campaigns.typed import typed
from engine.errors import NotAllowed, NotFound
from engine.phrases import Name, Phrase
from engine.places import shipped
from engine.services.message_settings import MessageSettings, settings_of
from engine.shop import Shop
from engine.store import templates as stored
from engine.store import trail
from engine.store.templates import Key, StoredTemplate

ZHIKE = "Zhike"
LONGEST_NAME = 20
OWN = "own"


@dataclass(frozen=True)
class TemplateLine:
    """One template in a list; `version` is 0 where it is as it came with Zhike."""

    ref: str
    title: Name
    channel: Channel
    language: str
    version: int
    own: bool


@dataclass(frozen=True)
class TemplateVersion:
    """One kept version; `text` is the message without its front matter, `ours`: it came with Zhike."""

    id: int
    version: int
    text: str
    ours: bool
    dropped: bool
    who: str
    at: datetime


@dataclass(frozen=True)
class TemplateCard:
    """A template with its check. `changed`: after a change, whether it was one; `versions`, the newest first."""

    ref: str
    template: Template
    goal_title: Phrase
    channel: Channel
    checked: Checked
    settings: MessageSettings
    versions: tuple[TemplateVersion, ...]
    changed: bool | None = None


def library(db: Database) -> tuple[Template, ...]:
    """All templates in force: the newest version of each, without those that the owner has dropped."""
    newest = stored.newest(db)
    ours = {template.key: template for template in _ours()}
    for key, kept in newest.items():
        if kept.origin == "owner":
            ours.pop(key, None)
            if not kept.dropped:
                ours[key] = _of(kept)
        elif key in ours and ours[key].source == kept.source:
            ours[key] = _of(kept)
    return tuple(ours.values())


def kept(db: Database, shop: Shop, templates: Sequence[Template]) -> tuple[Template, ...]:
    """The same templates, each of them a stored version, so that what is sent can always be told. In a transaction."""
    return tuple(template if template.id is not None else _kept(db, shop, template) for template in templates)


def list_templates(shop: Shop, goal: str, language: str | None = None) -> tuple[Goal, tuple[TemplateLine, ...]]:
    """The templates of a goal, by channel and name. Raises NotFound for a goal that there is not."""
    with shop.open() as db:
        there = library(db)
    found = goal_named(there, goal)
    lines = [
        TemplateLine(
            ref_of(one.key), one.title, channel_named(one.channel), one.language, one.version, one.key not in _keys()
        )
        for one in there
        if one.goal == goal and language in (None, one.language)
    ]
    return found, tuple(sorted(lines, key=lambda line: (line.channel.place, line.ref)))


def show_template(shop: Shop, ref: str) -> TemplateCard:
    """A template with its check and versions. Raises NotFound."""
    with shop.open() as db:
        return _card(db, _named(db, ref))


def write_template(shop: Shop, ref: str, text: str, *, who: str = "owner") -> TemplateCard:
    """Keep a new version with this text, as `engine.campaigns.typed` has it, or a whole file with front matter.

    Raises NotFound, and NotAllowed for a text that is not well formed, too long for its channel, or without the way
    out; then nothing is changed.
    """
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, "rewrote", shop.cause)
        if done is not None:
            return replace(_card(db, _named(db, done)), changed=True)
        now = _named(db, ref)
        wanted = _again(now, text)
        return _put(shop, db, now, wanted, who=who, deed="rewrote")


def new_template(
    shop: Shop,
    goal: str,
    channel: str,
    language: str,
    text: str,
    *,
    who: str = "owner",
    name: str | None = None,
) -> TemplateCard:
    """Keep a template of the owner's own; `name` is what its ref has, None one that is free.

    Raises NotFound for a goal or channel that there is not, NotAllowed as `write_template`, and for a name that is
    taken.
    """
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, "wrote", shop.cause)
        if done is not None:
            return replace(_card(db, _named(db, done)), changed=True)
        goal_named(library(db), goal)
        free = _free(db, goal, name)
        blank = Template(free, goal, channel_named(channel).key, language, _title(free), {}, "", "")
        return _put(shop, db, None, _again(blank, text), who=who, deed="wrote")


def back_to_version(shop: Shop, id_: int, *, who: str = "owner") -> TemplateCard:
    """Make this kept version the newest again. Raises NotFound, and NotAllowed if it would not be kept today."""
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, "rewrote", shop.cause)
        if done is not None:
            return replace(_card(db, _named(db, done)), changed=True)
        then = stored.by_id(db, id_)
        if then is None:
            raise NotFound(Phrase("There is no version {id} of a message.", id=str(id_)))
        now = next((one for one in library(db) if one.key == then.key), None)
        return _put(shop, db, now, _of(then), who=who, deed="rewrote")


def drop_template(shop: Shop, ref: str, *, who: str = "owner") -> TemplateLine:
    """Offer a template no more; its versions are kept, and any of them brings it back. Raises NotFound."""
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, "dropped", shop.cause)
        if done is not None:
            return _dropped(_of(stored.versions(db, _key(done))[0]))
        now = _named(db, ref)
        lender = channel_named(now.channel).borrows
        if lender is not None and now.key not in {one.key for one in library(db)}:
            raise NotAllowed(
                Phrase(
                    "“{ref}” is borrowed from another channel: drop {lender} instead.",
                    ref=ref,
                    lender=ref_of((now.goal, now.name, lender, now.language)),
                )
            )
        if now.id is None:
            now = _kept(db, shop, now)
        stored.add(db, now.key, now.source, origin="owner", who=who, cause=shop.cause, at=shop.now(), dropped=True)
        trail.add(db, at=shop.now(), who=who, deed="dropped", subject=ref_of(now.key), cause=shop.cause)
        return _dropped(now)


def template_versions(shop: Shop, ref: str) -> tuple[TemplateVersion, ...]:
    """All kept versions of a template, also of one that was dropped, the newest first. Raises NotFound."""
    with shop.open() as db:
        found = _versions(db, _key(ref))
        if not found:
            _named(db, ref)
        return found


def ref_of(key: Key) -> str:
    """What a template is called on a button: goal.name.channel.language."""
    return ".".join(key)


@cache
def _ours() -> tuple[Template, ...]:
    return made.in_folder(shipped("templates"))


@cache
def _keys() -> frozenset[Key]:
    return frozenset(template.key for template in _ours())


def _of(kept: StoredTemplate) -> Template:
    goal, name, channel, language = kept.key
    parts = parsed(kept.source, name=name, goal=goal, channel=channel, language=language)
    return replace(parts, version=kept.version, id=kept.id)


def _kept(db: Database, shop: Shop, template: Template) -> Template:
    stored_one = _keep(db, shop, template)
    return replace(template, version=stored_one.version, id=stored_one.id)


def _keep(db: Database, shop: Shop, template: Template) -> StoredTemplate:
    """Store a text as it came with Zhike; one that is borrowed from another channel stays of that one."""
    key = template.key
    if key not in _keys():
        lender = channel_named(template.channel).borrows or template.channel
        key = (template.goal, template.name, lender, template.language)
        newest = stored.newest(db).get(key)
        if newest is not None and newest.source == template.source:
            return newest
    return stored.add(db, key, template.source, origin="zhike", who=ZHIKE, cause=shop.cause, at=shop.now())


def _key(ref: str) -> Key:
    parts = ref.strip().split(".")
    if len(parts) != 4:
        raise NotFound(
            Phrase("“{ref}” names no message; they are called such as {example}.", ref=ref, example=_ref_example())
        )
    goal, name, channel, language = parts
    return goal, name, channel, language


def _ref_example() -> str:
    return "win_back.plain_hello.sms.en"


def _named(db: Database, ref: str) -> Template:
    """The template in force that a ref means. Raises NotFound."""
    goal, name, channel, language = _key(ref)
    there = library(db)
    goal_named(there, goal)
    found = [one for one in on_channel(there, channel) if one.goal == goal and one.language == language]
    template = next((one for one in found if one.name == name), None)
    if template is None:
        raise NotFound(
            Phrase(
                "There is no message “{ref}”; choose one of: {refs}.",
                ref=ref,
                refs=tuple(sorted(ref_of(one.key) for one in found or there if one.goal == goal)),
            )
        )
    # one that is borrowed from another channel has no versions here yet
    return template if template.key in {one.key for one in there} else replace(template, version=0, id=None)


def _again(now: Template, text: str) -> Template:
    """This template with another text, or the whole file that `text` is."""
    source = text.lstrip()
    if not source.startswith(made.FENCE):
        source = rewritten(now, *typed(source, channel_named(now.channel), now.language))
    return parsed(source, name=now.name, goal=now.goal, channel=now.channel, language=now.language)


def _put(shop: Shop, db: Database, now: Template | None, wanted: Template, *, who: str, deed: str) -> TemplateCard:
    checked(wanted, settings_of(db).facts)
    if now is not None and (now.body, now.extras, now.title) == (wanted.body, wanted.extras, wanted.title):
        return replace(_card(db, now), changed=False)
    if now is not None and now.id is None and now.key in _keys():
        _keep(db, shop, now)
    at, ref = shop.now(), ref_of(wanted.key)
    saved = stored.add(db, wanted.key, wanted.source, origin="owner", who=who, cause=shop.cause, at=at)
    trail.add(db, at=at, who=who, deed=deed, subject=ref, cause=shop.cause)
    return replace(_card(db, _of(saved)), changed=True)


def _free(db: Database, goal: str, name: str | None) -> str:
    taken = {key[1] for key in (*_keys(), *stored.newest(db)) if key[0] == goal}
    if name is None:
        return next(free for n in range(1, len(taken) + 2) if (free := f"{OWN}_{n}") not in taken)
    if not (name.isascii() and name.replace("_", "").isalnum() and len(name) <= LONGEST_NAME and name == name.lower()):
        raise NotAllowed(
            Phrase(
                "“{name}” cannot be a message's name: use up to {longest} small letters, digits and _.",
                name=name,
                longest=LONGEST_NAME,
            )
        )
    if name in taken:
        raise NotAllowed(
            Phrase(
                "There is a message “{name}” for “{goal}” already; edit it, or choose another name.",
                name=name,
                goal=made.title(goal),
            )
        )
    return name


def _title(name: str) -> Name:
    number = name.removeprefix(f"{OWN}_")
    return Name(name.replace("_", " ").capitalize()) if number == name else Name(f"Your own {number}", f"自写{number}")


def _dropped(template: Template) -> TemplateLine:
    channel = channel_named(template.channel)
    own = template.key not in _keys()
    return TemplateLine(ref_of(template.key), template.title, channel, template.language, template.version, own)


def _versions(db: Database, key: Key) -> tuple[TemplateVersion, ...]:
    return tuple(
        TemplateVersion(one.id, one.version, _of(one).body, one.origin == "zhike", one.dropped, one.who, one.at)
        for one in stored.versions(db, key)
    )


def _card(db: Database, template: Template) -> TemplateCard:
    settings = settings_of(db)
    return TemplateCard(
        ref=ref_of(template.key),
        template=template,
        goal_title=made.title(template.goal),
        channel=channel_named(template.channel),
        checked=checked(template, settings.facts),
        settings=settings,
        versions=_versions(db, template.key),
    )
