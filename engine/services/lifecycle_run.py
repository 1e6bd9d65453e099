"""Working out where the customers stand, and keeping it: a run that a newer one supersedes."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Final

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import TooLittleData
from engine.intake import acts
from engine.lifecycle.caveats import left_out
from engine.lifecycle.funnel import funnel
from engine.lifecycle.history import History, history
from engine.lifecycle.horizon import first_to_second_days, horizon_days, plain_days, usual_gap_days
from engine.lifecycle.kept_money import kept_money
from engine.lifecycle.known import Known, Signs, known, purchases_of
from engine.lifecycle.stages import EVERY, NAMES, STAGES, UNKNOWN, Rules
from engine.phrases import Phrase, counted, to_json
from engine.progress import Progress
from engine.services.behaviour import counting_day, seen_day
from engine.services.chances import Outlook, outlook
from engine.services.forecasts import MADE_BY
from engine.services.presets import current
from engine.shop import Shop
from engine.store import customers, events, orders
from engine.store import stages as stored
from engine.store.runs import Run

BY_ORDERS: Final = ("purchase", "use", "loyalty", "churn")


def work_out(db: Database, shop: Shop, progress: Progress) -> Run:
    """Each customer's stage today and at the ends of the last months, stored; what is raised, `find_stages` says."""
    progress(Phrase("Reading orders and events"), 0.0)
    version, preset = orders.data_version(db), current(db)
    bought, done = orders.orders(db), events.frame(db)
    people = pd.Index(customers.frame(db)[c.CUSTOMER].to_numpy())
    if bought.empty and done.empty:
        raise _nothing(len(people))
    as_of = seen_day(shop, db) if bought.empty else counting_day(shop, db)
    facts = known(
        people,
        bought,
        done,
        Signs({str(stage): kinds for stage, kinds in preset.stages.items()}, preset.ratings, preset.leaving),
        as_of,
    )
    kept = kept_money(bought, orders.returns(db))
    paid = _paid(facts, kept[kept[c.AT] < as_of])  # an order dated in the future is a slip
    rules = Rules(horizon_days(paid), first_to_second_days(paid), usual_gap=usual_gap_days(paid))
    ahead = outlook(
        shop,
        db,
        paid,
        as_of,
        rules.horizon,
        lambda doing, share: progress(doing, 0.1 + 0.5 * share),
        of_orders=not facts.n_taken_from_events,
    )
    if paid.size and not ahead.is_proven:
        lost, warned = plain_days(paid, rules.horizon)
        rules = replace(rules, lost_days=lost, warned_days=warned)
    past = history(facts, ahead.p_none, rules, lambda doing, share: progress(doing, 0.6 + 0.3 * share))
    progress(Phrase("Writing the stages down"), 0.9)
    return stored.save(
        db,
        _compared(past, bought),
        past.changes(),
        past.counts(),
        method=ahead.method,
        settings={
            "as_of": as_of.date().isoformat(),
            "since": None if past.before is None else past.days[past.before].date().isoformat(),
            "rules": asdict(rules),
            "preset": preset.name,
            "forecast_made_by": MADE_BY,
            "observable": sorted(_observable(facts, past)),
            "funnel": [[step.key, step.n] for step in funnel(facts, past.now, rules)],
        },
        seed=shop.seed,
        data_version=version,
        quality={
            "record": _kept(ahead.record),
            "unobservable": _kept(_unobservable(facts, _observable(facts, past))),
            "caveats": [to_json(caveat) for caveat in _caveats(facts, past, ahead, left_out(bought, as_of))],
        },
        at=shop.now(),
        cause=shop.cause,
    )


def called(kind: str) -> Phrase:
    """A kind of event in a sentence."""
    return acts.called(kind)


def _nothing(n_customers: int) -> TooLittleData:
    if not n_customers:
        return TooLittleData(Phrase("No customer is here yet: import a file of orders first."))
    return TooLittleData(
        counted(
            "Of your {n} customer neither an order nor a visit is known, so nobody can say where they stand: "
            "import your orders.",
            "Of your {n} customers neither orders nor visits are known, so nobody can say where they stand: "
            "import your orders.",
            n=n_customers,
        )
    )


def _paid(facts: Known, bought: pd.DataFrame) -> pd.DataFrame:
    """The orders, and for any money the events of buying that stand for orders: CUSTOMER, AT, REVENUE."""
    orders_known = bought[[c.CUSTOMER, c.AT, c.REVENUE]]
    if not facts.n_taken_from_events:
        return orders_known
    days = purchases_of(facts)
    instead = days[~days[c.CUSTOMER].isin(bought[c.CUSTOMER])].assign(**{c.REVENUE: 1.0})
    return instead if bought.empty else pd.concat([orders_known, instead], ignore_index=True)


def _compared(past: History, bought: pd.DataFrame) -> pd.DataFrame:
    """Today's standings with MONETARY, WAS and WAS_WARNED; compared with today itself in a shop too young for more."""
    before = -1 if past.before is None else past.before
    money = bought.groupby(c.CUSTOMER)[c.REVENUE].sum().reindex(past.now.index).fillna(0.0).astype("float64")
    was = pd.Categorical.from_codes(past.stages[:, before].astype("int64"), categories=pd.Index(EVERY))
    rows = past.now.copy()
    rows[c.MONETARY] = money
    rows[stored.WAS] = was
    rows[stored.WAS_WARNED] = past.warned[:, before]
    return rows


def _observable(facts: Known, past: History) -> set[str]:
    """The stages that the shop's data can show."""
    shown = {*facts.shown, *past.now[c.STAGE].astype(str)} - {UNKNOWN}
    if facts.seen.days.size:
        shown.add("interest")  # whatever somebody did, to do it twice is interest
    return shown | (set(BY_ORDERS) if facts.purchases.days.size else set())


def _unobservable(facts: Known, observable: set[str]) -> Phrase | None:
    missing = [stage for stage in STAGES if stage not in observable]
    if not missing:
        return None
    names = tuple(NAMES[stage] for stage in missing)
    if not facts.purchases.days.size:
        return Phrase(
            "Not observable: {stages}. Nobody has bought anything in your data; a file of orders would show it.",
            stages=names,
        )
    if not facts.seen.days.size:
        return Phrase(
            "Not observable: {stages}. Your files tell of orders only; a file of visits, views and carts would show "
            "who is on the way to a first order.",
            stages=names,
        )
    return Phrase("Not observable: {stages}. No events of that kind are in your data.", stages=names)


def _caveats(facts: Known, past: History, ahead: Outlook, left: Phrase | None) -> list[Phrase]:
    told = []
    if facts.n_taken_from_events:
        told.append(
            counted(
                "{n} customer has no order, but an event of buying: it counts as an order.",
                "{n} customers have no order, but events of buying: these count as orders.",
                n=facts.n_taken_from_events,
            )
        )
    if len(set(facts.purchases.days.tolist())) == 1:
        told.append(Phrase("All orders are of one day: nothing shows yet who comes back."))
    never = past.now[c.PURCHASE_DAYS].eq(0) & past.now[c.STAGE].ne(UNKNOWN)
    if facts.purchases.days.size and never.any():
        told.append(Phrase("Who has never ordered is not called lost, however long ago they were seen."))
    if past.before is None:
        told.append(Phrase("Your data do not reach back over the end of a month yet, so nobody has moved."))
    told += [note for note in ahead.notes if note not in (ahead.record, left)]
    return told if left is None else [*told, left]


def _kept(phrase: Phrase | None) -> str | None:
    return None if phrase is None else to_json(phrase)
