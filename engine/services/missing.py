"""What is missing, what it means, and how the founder wants each field's gaps treated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import NotFound, TooLittleData
from engine.missing.fields import BUYER, COMPANIONS, ORDER_FIELDS, PRODUCT_FIELDS, Field, prepared
from engine.missing.report import NEVER_SEEN, FieldGaps, gaps
from engine.missing.suggest import Suggestion, suggestion
from engine.missing.treat import allowed
from engine.missing.treatments import DEFAULT, treatment, treatments
from engine.missing.uses import Use, uses
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.services.known import Known, known_of_customers
from engine.shop import Shop
from engine.store import customers, orders, trail, transaction
from engine.store import missing as stored

DEED = "treated"
MOST_TRIED = 6  # fields for which a whole report tries treatments out
_ORDER_COMPANIONS = tuple(field for field in COMPANIONS if field.key in (c.AT, c.REVENUE))

Spoken = Callable[[Phrase], list[str]]


@dataclass(frozen=True)
class MissingField:
    """One field: what is missing of it, what was chosen (None: nothing) and what suits it.

    `suggestion` is None where nothing was tried out: fields of orders and products, complete ones, and in a whole
    report those beyond the first few. `ref` names it shortly and for good, for buttons.
    """

    gaps: FieldGaps
    chosen: str | None
    suggestion: Suggestion | None
    ref: str

    @property
    def treatment(self) -> str:
        return self.chosen or DEFAULT


@dataclass(frozen=True)
class MissingReport:
    """All fields of customers, then of orders and products; what it means for each use; what can never be known."""

    fields: tuple[MissingField, ...]
    uses: tuple[Use, ...]
    limit: Phrase
    n_customers: int


@dataclass(frozen=True)
class Option:
    """A treatment as a choice for one field; `refusal` is why it cannot be chosen, None if it can."""

    name: str
    words: Phrase
    meaning: Phrase
    refusal: Phrase | None


@dataclass(frozen=True)
class MissingDetail:
    """One field of customers, with what can be chosen for it, and the uses that its gaps affect."""

    field: MissingField
    options: tuple[Option, ...]
    uses: tuple[Use, ...]
    limit: Phrase


@dataclass(frozen=True)
class Choice:
    """What holds for a field from now on; `changed` is False if it did before."""

    field: Field
    treatment: str
    words: Phrase
    changed: bool


def missing_report(shop: Shop, progress: Progress = silent) -> MissingReport:
    """What is missing in the shop's data. Raises TooLittleData in an empty store."""
    with shop.open() as db:
        progress(Phrase("Looking for gaps"), 0.0)
        known = _known(shop, db)
        chosen = stored.choices(db)
        found = gaps("customers", known.frame, known.fields, known.companions)
        without_buyer, goods = stored.n_without_buyer(db), stored.goods(db)
        cells = prepared(known.frame, known.all_fields)
        means = uses(
            cells,
            without_buyer=without_buyer,
            without_category=int(goods[c.CATEGORY].isna().sum()),
        )
        others = [*_of_orders(db, without_buyer), *gaps("products", goods, PRODUCT_FIELDS, ())]
    to_try = sorted((one for one in found if _can_be_filled(one)), key=lambda one: -one.n_missing)[:MOST_TRIED]
    suggested = {}
    for step, one in enumerate(to_try):
        progress(Phrase("Trying out what would fill {field}", field=one.field.words), 0.3 + 0.7 * step / len(to_try))
        suggested[one.field.key] = _suggested(shop, cells, one)
    told = [
        MissingField(one, chosen.get(one.field.key), suggested.get(one.field.key), _ref(one.field)) for one in found
    ]
    told += [MissingField(one, None, None, _ref(one.field)) for one in others if one.n]
    return MissingReport(tuple(told), means, NEVER_SEEN, len(cells))


def missing_field(shop: Shop, name: str, spoken: Spoken = lambda phrase: [str(phrase)]) -> MissingDetail:
    """One field of customers, by its key, its words in a language of the face (`spoken`), or its `ref`.

    Raises NotFound, which lists what there is; TooLittleData in an empty store.
    """
    with shop.open() as db:
        known = _known(shop, db)
        field = _named(known.fields, name, spoken)
        chosen = stored.choices(db).get(field.key)
        without_buyer = stored.n_without_buyer(db)
    (found,) = [one for one in gaps("customers", known.frame, known.fields, known.companions) if one.field == field]
    cells = prepared(known.frame, known.all_fields)
    options = tuple(
        Option(name, one.words, one.meaning, one.refusal(cells, field)) for name, one in treatments().items()
    )
    affected = tuple(use for use in uses(cells, without_buyer=without_buyer) if field.key in use.fields)
    return MissingDetail(
        MissingField(found, chosen, _suggested(shop, cells, found), _ref(field)), options, affected, NEVER_SEEN
    )


def set_treatment(
    shop: Shop, name: str, treated_by: str, *, who: str = "owner", spoken: Spoken = lambda phrase: [str(phrase)]
) -> Choice:
    """From now on results treat this field's gaps so; what the files told stays as it is.

    Raises NotFound for a field that there is not, NotAllowed for a treatment that there is not or that cannot treat
    it, with the reason.
    """
    chosen = treatment(treated_by)
    with shop.open() as db:
        known = _known(shop, db)
        field = _named(known.fields, name, spoken)
        allowed(prepared(known.frame, known.all_fields), field, treated_by)
        with transaction(db):
            changed = stored.choices(db).get(field.key) != treated_by
            if changed and trail.done_before(db, DEED, shop.cause) is None:
                stored.choose(db, field.key, treated_by, who=who, at=shop.now())
                _note(db, shop, who, f"{field.key} {treated_by}")
    return Choice(field, treated_by, chosen.words, changed)


def clear_treatment(
    shop: Shop, name: str, *, who: str = "owner", spoken: Spoken = lambda phrase: [str(phrase)]
) -> Choice:
    """From now on the field's gaps are left as they are, as if nothing had been chosen. Raises NotFound."""
    with shop.open() as db:
        fields = _known(shop, db).fields
        with transaction(db):
            chosen = stored.choices(db)
            # a choice outlives the field of a file that is no longer there
            gone = set(chosen) - {field.key for field in fields}
            field = _named((*fields, *(Field(key, Phrase("{field}", field=key), "own") for key in gone)), name, spoken)
            changed = field.key in chosen
            if changed and trail.done_before(db, DEED, shop.cause) is None:
                stored.unchoose(db, field.key)
                _note(db, shop, who, f"{field.key} {DEFAULT}")
    return Choice(field, DEFAULT, treatment(DEFAULT).words, changed)


def _note(db: Database, shop: Shop, who: str, subject: str) -> None:
    trail.add(db, at=shop.now(), who=who, deed=DEED, subject=subject, cause=shop.cause)


def _known(shop: Shop, db: Database) -> Known:
    if customers.count(db) == 0 and orders.last_order_at(db) is None:
        raise TooLittleData(
            Phrase("Nothing is here yet in which something could be missing: send a file of orders or customers first.")
        )
    return known_of_customers(shop, db)


def _of_orders(db: Database, without_buyer: int) -> list[FieldGaps]:
    """Of orders only the buyer can be missing. Without a gap the orders need not be read."""
    if without_buyer:
        return gaps("orders", stored.buyers(db), ORDER_FIELDS, _ORDER_COMPANIONS)
    complete = pd.DataFrame({BUYER: range(stored.n_orders(db))})
    return gaps("orders", complete, ORDER_FIELDS, ())


def _can_be_filled(one: FieldGaps) -> bool:
    return 0 < one.n_missing < one.n and one.field.kind != "own"


def _suggested(shop: Shop, cells: pd.DataFrame, one: FieldGaps) -> Suggestion:
    rng = np.random.default_rng([shop.seed, crc32(one.field.key.encode())])
    return suggestion(cells, one.field, rng, is_tied=bool(one.pattern.ties))


def _ref(field: Field) -> str:
    return f"#{crc32(field.key.encode()):08x}"


def _named(fields: tuple[Field, ...], name: str, spoken: Spoken) -> Field:
    wanted = name.strip().casefold()
    # as it is written first: “Country” may be a question beside the field “country”
    exact = [field for field in fields if str(field.words) == name.strip()]
    for field in (*exact, *fields):
        if wanted in {called.casefold() for called in (field.key, _ref(field), str(field.words), *spoken(field.words))}:
            return field
    if wanted in {BUYER, *(field.key for field in PRODUCT_FIELDS)}:
        raise NotFound(
            Phrase("Only what is known of customers is ever filled in; a missing buyer, price or category stays so.")
        )
    raise NotFound(
        Phrase(
            "There is no field “{name}”; there are: {fields}.",
            name=name.strip(),
            fields=tuple(field.words for field in fields),
        )
    )
