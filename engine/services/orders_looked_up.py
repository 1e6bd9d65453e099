"""What the shop's own orders say came of one campaign: who got it, who bought in their days, which days are missing."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from engine.campaigns import from_orders, matching
from engine.campaigns.from_orders import FromOrders, Group
from engine.campaigns.matching import DAY, HELD, USUAL_DAYS, Bought, Followed
from engine.intake import receipt
from engine.shop import Shop
from engine.store import imports
from engine.store import matching as stored
from engine.store.campaigns import Campaign

ONE_DAY = timedelta(days=1)
_ZERO = datetime(1970, 1, 1)


def looked_up(db: Database, campaign: Campaign, last: datetime | None) -> tuple[FromOrders, Followed, Bought] | None:
    """None if nothing went out, or no order since is known. `last`: of the newest order."""
    sent = sent_of(db, campaign)
    if not sent.size or last is None:
        return None
    labels = stored.variant_labels(db, campaign.id)
    starts = local(sent["at"])
    begin = int(starts.min())
    said = stored.settings(db, campaign.id)
    days = said.days or matching.DAYS.get(campaign.plan.goal, USUAL_DAYS)
    if _seconds(last) + DAY <= begin:
        return None
    held, unsent = stored.held(db, campaign.id), stored.unsent(db, campaign.id)
    place = {id_: k for k, id_ in enumerate(labels)}
    variants = np.array([place[id_] for id_ in np.unique(sent["variant"])], np.int64)
    of_sent = variants[np.unique(sent["variant"], return_inverse=True)[1]]
    followed = Followed.of(
        np.concatenate([sent["customer"], unsent["customer"], held["customer"]]),
        np.concatenate([sent["person"], unsent["person"], held["person"]]),
        np.concatenate([of_sent, unsent["variant"], held["variant"]]),
        np.concatenate([starts, np.maximum(local(unsent["at"]), begin), np.full(held.size, begin)]),
    )
    sales = stored.sales(db, begin - (days + 2) * DAY, int(followed.start.max()) + (days + 2) * DAY)
    whole_days = sales.whole_days
    known_until = _seconds(last) // DAY * DAY + DAY if whole_days else _seconds(last) + 1
    if said.complete_until is not None:
        known_until = max(known_until, _seconds(said.complete_until))
    first = begin // DAY * DAY if whole_days else begin
    if known_until <= first:
        return None
    bought = matching.bought(followed, sales, days, known_until, whole_days=whole_days)
    bought = stored.with_forgotten(db, campaign.id, followed, bought)
    start, end = (int(edge) for edge in (first, matching.windows(starts, days, whole_days=whole_days)[1].max()))
    found = FromOrders(
        days,
        _at(start),
        _at(end),
        _at(known_until - 1),
        {label: _group(followed.variant == k, bought) for k, label in enumerate(labels.values())},
        _group(followed.variant == HELD, bought),
        _digest(followed, bought),
        _gaps(db, sales.at, _at(start), _at(min(end, known_until))),
    )
    return found, followed, bought


def sent_of(db: Database, campaign: Campaign) -> NDArray[np.void]:
    """Whose message went out, and when: at the approval, if the campaign was answered with no word on what went out."""
    if stored.has_deliveries(db, campaign.id):
        return stored.sent(db, campaign.id)
    if campaign.decided_at is None or not stored.told(db, campaign.id):
        return np.empty(0, stored.held(db, campaign.id).dtype)
    return stored.all_sends(db, campaign.id, campaign.decided_at)


def _group(members: NDArray[np.bool_], bought: Bought) -> Group:
    over = members & bought.over
    return Group(
        int(members.sum()),
        int(over.sum()),
        int((over & bought.converted).sum()),
        round(float(bought.revenue[over].sum()), 2),
        int((members & ~bought.over & bought.converted).sum()),
    )


def _digest(followed: Followed, bought: Bought) -> str:
    parts = (followed.customer, followed.variant, bought.over, bought.converted, bought.revenue.round(2), bought.before)
    whole = hashlib.blake2b(digest_size=16)
    for part in parts:
        whole.update(np.ascontiguousarray(part).tobytes())
    return whole.hexdigest()


def _gaps(db: Database, at: NDArray[np.int64], start: datetime, end: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Days within the span, first and last, between files of orders and within none, if the shop has no such pauses.

    at: of the orders around.
    """
    texts = (text for kind in ("orders", "items") for text in imports.receipts(db, kind))
    made = map(receipt.from_text, texts)
    covered = sorted((one.first, one.last) for one in made if one.first is not None and one.last is not None)
    days = np.unique(at // DAY)
    pauses = np.diff(days)
    found: list[tuple[datetime, datetime]] = []
    reached: date | None = None
    for first, last in covered:
        if reached is not None and first > reached:
            others = pauses[days[1:] != _seconds(datetime.combine(first, time())) // DAY]
            a, b = max(reached + ONE_DAY, start.date()), min(first - ONE_DAY, (end - timedelta(seconds=1)).date())
            if (first - reached).days > 2 * others.max(initial=1) and a <= b:
                found.append((datetime.combine(a, time()), datetime.combine(b, time())))
        reached = last if reached is None else max(reached, last)
    return tuple(found)


def known_of(db: Database, campaign_id: int) -> FromOrders | None:
    facts = stored.newest(db, campaign_id)
    return None if facts is None else from_orders.from_facts(facts)


def local(seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """From UTC to the shop's clock, in which orders are."""
    hours, which = np.unique(seconds // 3600, return_inverse=True)
    moments = (datetime.fromtimestamp(hour * 3600, UTC).astimezone() for hour in hours.tolist())
    shifts = np.array([round((moment.utcoffset() or timedelta()).total_seconds()) for moment in moments], np.int64)
    return np.asarray(seconds + shifts[which], np.int64)


def local_now(shop: Shop) -> datetime:
    return shop.now().astimezone().replace(tzinfo=None)


def _seconds(at: datetime) -> int:
    return (at - _ZERO) // timedelta(seconds=1)


def _at(seconds: int) -> datetime:
    return _ZERO + timedelta(seconds=seconds)
