"""The owner's rules for what may be recommended: what is in force, and each change of it, which can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotAllowed, NotFound
from engine.phrases import Name, Phrase
from engine.recommend.allowed import Allowed, LeftOut
from engine.recommend.rule_sentences import Sentence, sentences
from engine.recommend.rule_words import Change, read_change, targets
from engine.recommend.rules import Pause, Pin, Rules, as_json, checked, folded, from_json
from engine.services.rules_in_force import RulesInForce, segment_names
from engine.services.which_product import matching, the_product
from engine.shop import Shop
from engine.store import meta, orders, refusals, trail, transaction
from engine.store import recommendation_rules as stored
from engine.store.incoming import NOBODY
from engine.store.recommendation_rules import RulesVersion

DEED = "ruled"  # in the trail: the version that came of it
UNDONE = "undid a rule"
SHOWN = 20  # versions of the history

Spoken = Callable[[Phrase], list[str]]


@dataclass(frozen=True)
class RulesCard:
    """What holds for all recommendations now.

    sentences   one for each rule, with what the founder types to end it
    left_out    products that each rule takes out, each counted once
    notes       what a rule has to go without, and which pinned product cannot be shown
    changed     whether what was just asked for changed anything; None where nothing was asked for
    version     of the rules, 0 before anybody said anything; `undo_rules` takes it
    """

    rules: Rules
    sentences: tuple[Sentence, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Phrase, ...]
    n_products: int
    n_allowed: int
    n_refused: int  # products that customers said no to
    n_wanting_none: int  # customers who want no product at all
    version: int
    changed: bool | None = None


@dataclass(frozen=True)
class RulesThen:
    """What held from `at` on, `who` having said so; `came` and `went` are what it changed."""

    version: int
    at: datetime
    who: str
    sentences: tuple[Sentence, ...]
    came: tuple[Sentence, ...]
    went: tuple[Sentence, ...]


def show_rules(shop: Shop) -> RulesCard:
    """What is in force."""
    with shop.open() as db:
        return _card(shop, db)


def change_rules(
    shop: Shop, text: str, *, who: str = "owner", spoken: Spoken = lambda phrase: [str(phrase)]
) -> RulesCard:
    """Change one rule as `text` says (`engine.recommend.rule_words`), such as “price 20-200”; what holds then.

    `spoken` gives a segment's name in the languages of the face. Raises NotAllowed or NotFound, with one sentence,
    for what is not clear, cannot hold or names something that is not there; then nothing is changed.
    """
    change = read_change(text)
    with shop.open() as db, transaction(db):
        if trail.done_before(db, DEED, shop.cause) is not None:
            return replace(_card(shop, db), changed=True)
        rules = from_json(stored.newest(db).rules)
        wanted = _Changing(shop, db, spoken).changed(rules, change)
        return replace(_card(shop, db), changed=False) if wanted == rules else _put(shop, db, wanted, who, DEED)


def undo_rules(shop: Shop, version: int, *, who: str = "owner") -> RulesCard:
    """Put back in force what held before `version`, which must be the newest. Raises NotAllowed if it is not."""
    with shop.open() as db, transaction(db):
        if trail.done_before(db, UNDONE, shop.cause) is not None:
            return replace(_card(shop, db), changed=True)
        now = stored.newest(db)
        if not now.id or now.id != version:
            raise NotAllowed(
                Phrase("The rules have been changed again since then, so this cannot be undone; /rules shows them.")
            )
        return _put(shop, db, from_json(stored.before(db, now.id).rules), who, UNDONE)


def undo_last_rule(shop: Shop, *, who: str = "owner") -> RulesCard:
    """Put back in force what held before the newest change. Raises NotFound where there was none."""
    with shop.open() as db:
        now = stored.newest(db)
    if not now.id:
        raise NotFound(Phrase("There is nothing to undo: no rule has been changed yet."))
    return undo_rules(shop, now.id, who=who)


def rules_history(shop: Shop, n: int = SHOWN) -> tuple[RulesThen, ...]:
    """The newest `n` versions, the newest first."""
    with shop.open() as db:
        told = _names(db), segment_names(db), meta.read(db, "currency")
        found = stored.versions(db, n)
        before = [*found[1:], stored.before(db, found[-1].id)] if found else []
        return tuple(
            _then(one, sentences(from_json(one.rules), *told), sentences(from_json(old.rules), *told))
            for one, old in zip(found, before, strict=True)
        )


def forget_goods(db: Database, *, who: str, cause: str | None, at: datetime) -> None:
    """Keep of the rules only those that name no product, category or segment: the shop has others now.

    Call in the transaction that brings them.
    """
    rules = from_json(stored.newest(db).rules)
    general = replace(rules, excluded=(), paused=(), pinned=(), only_categories=(), other_categories=(), bought_with=())
    if general != rules:
        stored.add(db, as_json(general), who=who, cause=cause, at=at)


class _Changing:
    """One change of the rules, with what it names looked up."""

    def __init__(self, shop: Shop, db: Database, spoken: Spoken) -> None:
        self.shop, self.db, self.spoken = shop, db, spoken
        self.goods = stored.goods(db)

    def changed(self, rules: Rules, change: Change) -> Rules:
        """Raises as `change_rules`."""
        wanted = getattr(self, f"_{change.what}")(rules, change)
        return checked(wanted, self.goods[c.CATEGORY].dropna().unique().tolist(), _names(self.db))

    def _stock(self, rules: Rules, change: Change) -> Rules:
        return replace(rules, in_stock=not change.off)

    def _price(self, rules: Rules, change: Change) -> Rules:
        if change.off:
            return replace(rules, least_price=None, most_price=None)
        self._needs(c.PRICE, Phrase("No product has a price yet: import a file of products or orders that tells them."))
        least, most = change.numbers
        return replace(rules, least_price=least, most_price=most)

    def _margin(self, rules: Rules, change: Change) -> Rules:
        if change.off:
            return replace(rules, least_margin=None)
        self._needs(
            c.COST,
            Phrase("No product has a cost yet, so no margin is known: import a file of products with their costs."),
        )
        return replace(rules, least_margin=change.numbers[0])

    def _exclude(self, rules: Rules, change: Change) -> Rules:
        key = self._key(change.text)
        return replace(
            rules,
            excluded=tuple(dict.fromkeys((*rules.excluded, key))),
            paused=tuple(pause for pause in rules.paused if pause.product != key),
        )

    def _pause(self, rules: Rules, change: Change) -> Rules:
        key, today = self._key(change.text), self.shop.now().date()
        until = change.until
        if until is None:
            days = change.numbers[0] or 0
            if not 1 <= days <= 3_650:
                raise NotAllowed(Phrase("Cannot pause for {n} days: choose 1 to {most}.", n=int(days), most=3_650))
            until = (today + timedelta(days=int(days))).isoformat()
        until = _day(until)
        if until < today.isoformat():
            raise NotAllowed(Phrase("{day} is over: name a day to come.", day=until))
        others = tuple(pause for pause in rules.paused if pause.product != key)
        return replace(rules, paused=(*others, Pause(key, until)))

    def _allow(self, rules: Rules, change: Change) -> Rules:
        held = {*rules.excluded, *(pause.product for pause in rules.paused)}
        key = self._among(change.text, held, Phrase("No product is left out or paused, so there is none to let in."))
        return replace(
            rules,
            excluded=tuple(one for one in rules.excluded if one != key),
            paused=tuple(pause for pause in rules.paused if pause.product != key),
        )

    def _pin(self, rules: Rules, change: Change) -> Rules:
        key, segment = self._pinned(change.text)
        # a product is pinned once for the same people
        others = tuple(pin for pin in rules.pinned if (pin.product, pin.segment) != (key, segment))
        return replace(rules, pinned=(*others, Pin(key, int(change.numbers[0] or 0), segment)))

    def _unpin(self, rules: Rules, change: Change) -> Rules:
        pinned = {pin.product for pin in rules.pinned}
        key = self._among(change.text, pinned, Phrase("No product is pinned, so there is no pin to take off."))
        return replace(rules, pinned=tuple(pin for pin in rules.pinned if pin.product != key))

    def _category(self, rules: Rules, change: Change) -> Rules:
        return replace(rules, only_categories=() if change.off else self._categories(change.names))

    def _without(self, rules: Rules, change: Change) -> Rules:
        return replace(rules, other_categories=() if change.off else self._categories(change.names))

    def _bought(self, rules: Rules, change: Change) -> Rules:
        return replace(rules, rest_days=None if change.off else int(change.numbers[0] or 0))

    def _most(self, rules: Rules, change: Change) -> Rules:
        if not change.off:
            self._needs(c.CATEGORY, Phrase("No product has a category yet: import a file of products that tells them."))
        return replace(rules, most_per_category=None if change.off else int(change.numbers[0] or 0))

    def _variety(self, rules: Rules, change: Change) -> Rules:
        return replace(rules, relevance=round(change.numbers[0] or 0.0, 4))

    def _together(self, rules: Rules, change: Change) -> Rules:
        if change.off:
            return replace(rules, bought_with=())
        return replace(rules, bought_with=(self._key(change.text),))

    def _new(self, rules: Rules, change: Change) -> Rules:
        return replace(rules, launches=0.0 if change.off else change.numbers[0] or 0.0)

    def _clear(self, rules: Rules, change: Change) -> Rules:
        return Rules()

    def _key(self, text: str) -> str:
        return the_product(self.db, text).key

    def _among(self, text: str, keys: set[str], nothing: Phrase) -> str:
        """The one of these products that `text` means, also where the shop has it no longer."""
        if not keys:
            raise NotFound(nothing)
        if text.strip() in keys:
            return text.strip()
        goods = [one for one in orders.products(self.db).values() if one.key in keys]
        found = matching(goods, text)
        if len(found) == 1:
            return found[0].key
        names = tuple(Phrase("“{name}”", name=one.name) for one in found or goods)
        raise NotFound(Phrase("“{text}” is none of these: {names}.", text=text, names=names))

    def _pinned(self, text: str) -> tuple[str, str | None]:
        """Product and segment of “PRODUCT for SEGMENT”; a product's own name may have such a word in it."""
        goods = list(orders.products(self.db).values())
        ways = targets(text)
        for product, segment in ways:
            found = matching(goods, product)
            if len(found) == 1 and segment is None:
                return found[0].key, None
            if len(found) == 1 and segment is not None:
                return found[0].key, self._segment(segment)
        return self._key(ways[-1][0]), None

    def _segment(self, text: str) -> str:
        """What stands for a segment: the name of an owner's rule, or the key of a group. Raises NotFound."""
        there = segment_names(self.db)
        for key in there.keys:
            if folded(text) in {folded(key), *(folded(said) for said in self.spoken(there(key)))}:
                return key
        if not there.keys:
            raise NotFound(Phrase("There are no segments yet; find the segments first, then choose one of them."))
        names = tuple(Phrase("“{name}”", name=there(key)) for key in there.keys)
        raise NotFound(Phrase("There is no segment “{name}”; there are: {names}.", name=text, names=names))

    def _categories(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """As the catalogue spells them, where it has them."""
        spelled = {folded(text): text for text in self.goods[c.CATEGORY].dropna().unique().tolist()}
        return tuple(dict.fromkeys(spelled.get(folded(name), " ".join(name.split())) for name in names))

    def _needs(self, column: str, nothing: Phrase) -> None:
        if column not in self.goods or self.goods[column].isna().all():
            raise NotFound(nothing)


def _then(version: RulesVersion, now: Sequence[Sentence], before: Sequence[Sentence]) -> RulesThen:
    came = tuple(one for one in now if one not in before)
    went = tuple(one for one in before if one not in now)
    return RulesThen(version.id, version.at, version.who, tuple(now), came, went)


def _put(shop: Shop, db: Database, rules: Rules, who: str, deed: str) -> RulesCard:
    version = stored.add(db, as_json(rules), who=who, cause=shop.cause, at=shop.now())
    trail.add(db, at=shop.now(), who=who, deed=deed, subject=str(version.id), cause=shop.cause)
    return replace(_card(shop, db), changed=True)


def _card(shop: Shop, db: Database) -> RulesCard:
    # the purchases of everybody are millions, and say nothing of the products
    force = RulesInForce.of(shop, db, NOBODY)
    through = force.allowed()
    return RulesCard(
        rules=force.rules,
        sentences=tuple(sentences(force.rules, _names(db), segment_names(db), meta.read(db, "currency"))),
        left_out=through.left_out,
        notes=(*through.notes, *_unshown(force, through, _names(db))),
        n_products=len(force.products),
        n_allowed=int(through.mask.sum()),
        n_refused=len(refusals.pairs(db)),
        n_wanting_none=force.wanting_none.size,
        version=stored.newest(db).id,
    )


def _unshown(force: RulesInForce, through: Allowed, names: Callable[[str], Name]) -> list[Phrase]:
    """Which pinned products cannot be shown to anybody, and what of the rules names nothing that is there."""
    told = []
    by_key = {key: position for position, key in enumerate(force.products[c.PRODUCT_KEY])}
    for pin in force.rules.pinned:
        position = by_key.get(pin.product)
        if position is None:
            told.append(Phrase("{product} is pinned but no longer in the shop.", product=names(pin.product)))
        elif not through.mask[position]:
            why = through.counted(pd.Index([position]).to_numpy())[0].words
            told.append(Phrase("{product} is pinned but not shown: {why}.", product=names(pin.product), why=why))
        elif pin.segment is not None and not force.members.get(pin.segment):
            told.append(Phrase("{product} is pinned for a segment that nobody is in now.", product=names(pin.product)))
    return told


def _names(db: Database) -> Callable[[str], Name]:
    by_key = {product.key: product.name for product in orders.products(db).values()}
    return lambda key: by_key.get(key, Name(key, key))


def _day(text: str) -> str:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise NotAllowed(Phrase("{day} is no day of the calendar.", day=text)) from None
