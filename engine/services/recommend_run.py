"""The runs behind all recommendations: everything fitted anew, or newer lists for those who ordered since."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlite_utils import Database
from threadpoolctl import threadpool_limits

from engine import columns as c
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend import due
from engine.recommend.history import History, Ints
from engine.recommend.lists import BATCH, Fused
from engine.recommend.rankers import rankers
from engine.recommend.recommenders import InUse, in_use
from engine.recommend.rules import as_json
from engine.recommend.similar import Alike, Similar, alike, bought_together
from engine.recommend.who import Wanted, Wanting
from engine.services.recommend_draw import Drawing
from engine.services.recommend_history import history_of
from engine.services.recommend_trials import chosen_recommender, newest_trial
from engine.services.rules_in_force import RulesInForce
from engine.shop import Shop
from engine.store import kept_models, orders, runs
from engine.store import recommendations as stored
from engine.store.recommendations import DueRow, Gathered, InForce, WhoRow
from engine.store.runs import Run
from engine.store.similar_products import ALIKE, TOGETHER

WORDING = 3  # of the reasons, which are stored
SIMILAR = 20  # bought together, for each product
ALIKE_EACH = 4
WHO_ROWS = 60_000  # over all products
WHO_FEWEST, WHO_MOST = 20, 1_000  # customers for each product

MOST_UPDATED = 0.2  # of the customers: more of them are worth a fit
OLDEST_FIT = timedelta(days=30)
MOST_UPDATES = 50


class _Now(NamedTuple):
    """Which data there are, and which rules hold."""

    version: int
    ruling: str


RULING: Final = "ruling"  # in a run's quality
# what else is kept of a fit, beside what rankers keep
SEEN: Final = " seen"
RHYTHM: Final = " rhythm"


def lists_in_force(
    shop: Shop,
    db: Database,
    *,
    force: RulesInForce | None = None,
    refresh: bool = False,
    progress: Progress = silent,
) -> InForce:
    """The lists as of now: the stored ones if data, settings and rules are the same.

    Where orders have come since, only the customers of these orders get new lists, by what the last fit learned, as
    long as they are few, all their products are known to it and it is not old; and everybody does where other rules
    hold. Else, or with `refresh`, all is learned anew, with `refresh` once per cause. Raises TooLittleData if nobody
    has bought anything. `force` saves looking the rules up, be they those for one customer.
    """
    lists, version = stored.in_force(db), orders.data_version(db)
    recommender = _chosen(db)
    used = _settings(recommender)
    if lists is not None and refresh and runs.made_for(db, lists.run.id, shop.cause):
        return lists  # a cause that was met before is met again after a crash
    now = _Now(version, _ruling(RulesInForce.of(shop, db) if force is None else force))
    if lists is not None and not refresh and lists.fit.settings == used:
        if (lists.run.data_version, lists.run.quality.get(RULING)) == now:
            return lists
        if abs(shop.now() - lists.fit.at) <= OLDEST_FIT and len(lists.runs) <= MOST_UPDATES:
            history = history_of(shop, db, progress)
            changed = _changed(db, lists, history, now)
            if changed is not None:
                _update(shop, db, lists, history, changed, now, progress)
                return _there(db)
    _fit(shop, db, history_of(shop, db, progress), recommender, now, progress)
    return _there(db)


def _chosen(db: Database) -> InUse:
    """What won the newest trial on the shop's own past; without one the default."""
    return in_use(chosen_recommender(newest_trial(db)))


def _settings(recommender: InUse) -> dict[str, Any]:
    """All that the lists depend on besides the data, as JSON can hold it."""
    members = {name: repr(rankers()[name]) for name in recommender.members}
    return {"recommender": recommender.name, "as": repr(recommender), "wording": WORDING, "rankers": members}


def used_at(settings: Mapping[str, Any]) -> InUse:
    """The recommender of a run with these settings."""
    return in_use(settings["recommender"])


def resumed(db: Database, lists: InForce, history: History) -> Fused:
    """What the last fit learned, on the history as it is now."""
    return used_at(lists.fit.settings).resumed(history, kept_models.of_run(db, lists.fit.id))


def _there(db: Database) -> InForce:
    lists = stored.in_force(db)
    assert lists is not None, "it has just been saved"
    return lists


def _fit(
    shop: Shop,
    db: Database,
    history: History,
    recommender: InUse,
    now: _Now,
    progress: Progress,
) -> Run:
    # on one thread: on several BLAS burns twice the CPU for many small steps, on a machine that is its owner's
    with threadpool_limits(1), stored.gathering(db) as gathered:
        fused = recommender.fit(
            history, np.random.default_rng(shop.seed), lambda doing, share: progress(doing, 0.4 * share)
        )
        usual = due.rhythm(history)
        everyone = np.arange(history.customers.size)
        top = int(np.clip(WHO_ROWS // history.products.size, WHO_FEWEST, WHO_MOST))
        drawing = Drawing(history, fused, RulesInForce.of(shop, db), stored.LONGEST)
        wanted = _choose(
            gathered, history, drawing, everyone, top, lambda doing, share: progress(doing, 0.4 + share / 2)
        )
        progress(Phrase("Writing down who wants what"), 0.9)
        gathered.who(_who_rows(history, fused, wanted))
        gathered.similar(_similar_rows(history))
        gathered.products(zip(history.products.tolist(), history.buyers().tolist(), strict=True))
        gathered.due(_due_rows(history, due.due_purchases(history, usual)))
        for name, arrays in fused.kept().items():
            gathered.kept(name, arrays)
        gathered.kept(SEEN, {"customers": history.customers, "marks": _marks(history)})
        gathered.kept(RHYTHM, usual.kept())
        return gathered.save(
            method=recommender.name,
            settings=_settings(recommender),
            seed=shop.seed,
            data_version=now.version,
            quality={**history.extent, RULING: now.ruling},
            at=shop.now(),
            cause=shop.cause,
        )


def _update(
    shop: Shop,
    db: Database,
    lists: InForce,
    history: History,
    changed: Ints,
    now: _Now,
    progress: Progress,
) -> Run:
    """Newer lists for the customers at the positions `changed`."""
    kept = kept_models.of_run(db, lists.fit.id)
    with stored.gathering(db) as gathered:
        gathered.updated(history.customers[changed].tolist())
        if changed.size:
            fused = used_at(lists.fit.settings).resumed(history, kept)
            drawing = Drawing(history, fused, RulesInForce.of(shop, db), stored.LONGEST)
            wanted = _choose(gathered, history, drawing, changed, WHO_MOST, progress)
            gathered.who(_who_rows(history, fused, wanted))
            usual = due.Rhythm.resumed(kept[RHYTHM], history.products)
            gathered.due(_due_rows(history, due.due_purchases(history, usual, changed)))
        gathered.kept(SEEN, {"customers": history.customers, "marks": _marks(history)})
        whole = {stored.EVERYONE: True} if changed.size == history.customers.size else {}
        return gathered.save(
            method=lists.fit.method,
            settings=lists.fit.settings,
            seed=lists.fit.seed,
            data_version=now.version,
            quality={**history.extent, RULING: now.ruling, stored.FIT: lists.fit.id, **whole},
            at=shop.now(),
            cause=shop.cause,
        )


def _choose(
    gathered: Gathered, history: History, drawing: Drawing, whom: Ints, top: int, progress: Progress
) -> Wanting:
    """Gather the lists of the customers at these positions; who of them wants each product, the `top` of each."""
    wanted = Wanted(top, history.products.size)
    for start in range(0, whom.size, BATCH):
        progress(
            Phrase("Choosing products for customer {done} of {all}", done=start + 1, all=whom.size),
            start / whom.size,
        )
        gathered.lists(drawing.lists(whom[start : start + BATCH], wanted))
    return wanted.best()


def _who_rows(history: History, fused: Fused, wanted: Wanting) -> Iterator[WhoRow]:
    """Customer by customer: what a reason needs of a customer is looked up once then."""
    rank, order = wanted.rank, np.argsort(wanted.customer, kind="stable")
    for start in range(0, order.size, 10 * BATCH):
        part = order[start : start + 10 * BATCH]
        customer, product, ranker = wanted.customer[part], wanted.product[part], wanted.ranker[part]
        yield from zip(
            history.products[product].tolist(),
            rank[part].tolist(),
            history.customers[customer].tolist(),
            wanted.again[part].tolist(),
            wanted.score[part].tolist(),
            [fused.names[position] for position in ranker.tolist()],
            fused.reasons(customer, product, ranker),
            strict=True,
        )


def _similar_rows(history: History) -> Iterator[stored.SimilarRow]:
    together = bought_together(history, SIMILAR)
    n_common: list[int | None] = list(together.n_common.tolist())
    nothing: list[Phrase | None] = [None] * len(n_common)
    yield from _of_kind(history, TOGETHER, together, n_common, nothing)
    like = alike(history, ALIKE_EACH)
    yield from _of_kind(history, ALIKE, like, [None] * len(like.reasons), list(like.reasons))


def _of_kind(
    history: History, how: str, found: Similar | Alike, n_common: list[int | None], reasons: list[Phrase | None]
) -> Iterator[stored.SimilarRow]:
    return zip(
        history.products[found.product].tolist(),
        [how] * found.product.size,
        found.rank.tolist(),
        history.products[found.other].tolist(),
        found.similarity.tolist(),
        n_common,
        reasons,
        strict=True,
    )


def _due_rows(history: History, found: pd.DataFrame) -> Iterable[DueRow]:
    days = [found[day].dt.strftime("%Y-%m-%d").tolist() for day in (due.LAST, due.DUE, due.LOW, due.HIGH)]
    last, next_, low, high = days
    return zip(
        history.customers[found[c.CUSTOMER].to_numpy()].tolist(),
        history.products[found[c.PRODUCT].to_numpy()].tolist(),
        found[due.N_DAYS].tolist(),
        last,
        found[c.GAP_DAYS].tolist(),
        next_,
        low,
        high,
        found[due.OWN].tolist(),
        strict=True,
    )


def _changed(db: Database, lists: InForce, history: History, now: _Now) -> Ints | None:
    """The positions of the customers whose lists may be others than the newest run's; None where a fit is needed."""
    seen = kept_models.of_run(db, lists.run.id).get(SEEN)
    if seen is None or not np.isin(history.products, stored.fitted_products(db, lists)).all():
        return None
    at = np.searchsorted(seen["customers"], history.customers).clip(max=seen["customers"].size - 1)
    same = (seen["customers"][at] == history.customers) & (seen["marks"][at] == _marks(history))
    changed = np.flatnonzero(~same)
    if changed.size > max(1, MOST_UPDATED * history.customers.size):
        return None
    return changed if now.ruling == lists.run.quality.get(RULING) else np.arange(history.customers.size)


def _ruling(force: RulesInForce) -> str:
    """Changes with the rules, and with the products that they let through."""
    out = force.products.index[~force.allowed().mask].tolist()
    text = json.dumps([as_json(force.rules), out], sort_keys=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _marks(history: History) -> NDArray[np.uint64]:
    """A number for each customer that changes with what they bought, and when; 0 for nothing."""
    rows = history.bought
    mark = np.zeros(len(rows), np.uint64)
    values = (history.products[rows[c.PRODUCT].to_numpy()], rows[c.ORDER].to_numpy(), rows[c.AT].to_numpy("int64"))
    for value in values:
        # splitmix64's finaliser: neighbours in, nothing alike out
        mark = (mark + value.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        mark = (mark ^ (mark >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mark ^= mark >> np.uint64(27)
    marks = np.zeros(history.customers.size, np.uint64)
    who, start = np.unique(rows[c.CUSTOMER].to_numpy(), return_index=True)
    marks[who] = np.add.reduceat(mark, start)
    return marks
