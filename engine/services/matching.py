"""Use cases: what came of campaigns without any tracking: orders matched against who was sent what, and who was not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlite_utils import Database

from engine import store
from engine.campaigns import from_orders
from engine.campaigns.from_orders import FromOrders, Group, sentences
from engine.campaigns.matching import MOST_DAYS
from engine.errors import NotAllowed
from engine.intake.receipt import CampaignNews
from engine.phrases import Phrase, counted
from engine.services.approvals import found as campaign_found
from engine.services.holdout_money import holdout_money
from engine.services.orders_looked_up import known_of, local_now, looked_up, sent_of
from engine.shop import Shop
from engine.store import campaigns, imports, outcomes, trail
from engine.store import matching as stored
from engine.store.campaigns import Campaign
from engine.store.matching import ORDERS, PEOPLE, TOLD, Settings, Told

DEED = "matched"


@dataclass(frozen=True)
class Span:
    """The first and last time of what an import has changed among orders; None at both ends for anything."""

    first: datetime | None = None
    last: datetime | None = None

    def touches(self, start: datetime, end: datetime) -> bool:
        return self.first is None or self.last is None or (self.first < end and self.last >= start)


@dataclass(frozen=True)
class OrdersOfCampaign:
    """What orders say of a campaign, and whether that is what holds (`used`).

    against: how it differs from what was told, and which of the two holds; None where they agree.
    """

    found: FromOrders
    used: bool
    sentences: tuple[Phrase, ...]
    revenue: Phrase | None
    against: Phrase | None


def match_campaigns(db: Database, shop: Shop, import_id: int, span: Span) -> tuple[CampaignNews, ...]:
    """Look campaigns that went out up in the orders again, where these changed; what is new. Call in a transaction."""
    news = []
    last = stored.last_order(db, local_now(shop))  # once for all: it takes seconds among ten million
    for id_ in stored.approved(db):
        known = known_of(db, id_)
        if known is not None and not known.waiting:
            reach = timedelta(days=known.days + 1)
            if not span.touches(known.start - reach, known.end):
                continue
        campaign = campaigns.by_id(db, id_)
        if campaign is None:
            continue
        told = _match(db, shop, campaign, import_id, last)
        if told is not None:
            news.append(told)
    return tuple(news)


def match_again(db: Database, shop: Shop, campaign: Campaign) -> None:
    """What went out is known better now. Call in a transaction."""
    known = known_of(db, campaign.id)
    if known is None:
        return
    if sent_of(db, campaign).size:
        _match(db, shop, campaign, None, stored.last_order(db, local_now(shop)))
    elif known.over or known.waiting:
        # nothing went out after all, so orders say nothing of it
        nothing = replace(known, versions=dict.fromkeys(known.versions, Group()), held=Group(), digest="", gaps=())
        stored.forget_bought(db, campaign.id)
        stored.add(db, campaign.id, None, nothing.to_facts(), shop.now())
        hold(db, shop, campaign.id)


def match_people_again(db: Database, shop: Shop, people: Collection[int]) -> tuple[CampaignNews, ...]:
    """These customers are counted as others than before: what is new of the campaigns that they are in.

    Call in a transaction.
    """
    last, news = None, []
    for campaign in map(partial(campaign_found, db), stored.campaigns_of(db, people)):
        if known_of(db, campaign.id) is None:
            continue
        last = last or stored.last_order(db, local_now(shop))
        told = _match(db, shop, campaign, None, last)
        if told is not None:
            news.append(told)
    return tuple(news)


def orders_of_campaign(db: Database, shop: Shop, campaign: Campaign) -> OrdersOfCampaign | None:
    """None while no orders after its messages are known."""
    found = known_of(db, campaign.id)
    if found is None:
        return None
    return OrdersOfCampaign(
        found,
        stored.source(db, campaign.id) == ORDERS,
        sentences(campaign.id, found, local_now(shop)),
        from_orders.revenue(found, imports.currency(db)),
        against(db, campaign.id),
    )


def set_window(shop: Shop, campaign_id: int, days: int, *, who: str = "owner") -> CampaignNews:
    """Orders count for so many days after the message. Raises NotFound, NotAllowed for a number that cannot be."""
    if not 1 <= days <= MOST_DAYS:
        raise NotAllowed(
            Phrase("Orders can count for 1 to {most} days after the message, not {n}.", most=MOST_DAYS, n=days)
        )
    said = counted(
        "From now on an order counts within {n} day of the message.",
        "From now on an order counts within {n} days of the message.",
        n=days,
    )
    return _changed(shop, campaign_id, who, lambda now: replace(now, days=days), said)


def all_orders_known(shop: Shop, campaign_id: int, *, who: str = "owner") -> CampaignNews:
    """The owner says that no order until now is missing. Raises NotFound, NotAllowed."""
    said = Phrase("No order until now is missing.")
    return _changed(shop, campaign_id, who, lambda now: replace(now, complete_until=local_now(shop)), said)


def use_outcomes(shop: Shop, campaign_id: int, which: str, *, who: str = "owner") -> CampaignNews:
    """From now on `which` holds, "orders" or "told". Raises NotFound, NotAllowed where there is none of it."""
    with shop.open() as db:
        campaign = _approved(db, campaign_id)
        if which == TOLD and not stored.told(db, campaign.id):
            raise NotAllowed(
                Phrase("You have told nothing of campaign {id} yet: /outcome {id} A 3/40", id=str(campaign.id))
            )
        known = known_of(db, campaign.id)
        if which == ORDERS and (known is None or not known.over):
            raise NotAllowed(
                Phrase("Your orders say nothing of campaign {id} yet: import a newer file.", id=str(campaign.id))
            )
    by_orders, by_told = Phrase("From now on I go by the orders."), Phrase("From now on I go by what you told.")
    said = by_orders if which == ORDERS else by_told
    return _changed(shop, campaign_id, who, lambda now: replace(now, used=which), said)


def hold(db: Database, shop: Shop, campaign_id: int) -> tuple[int, ...]:
    """Let hold what should, told or by orders; the ids of new reports. Call in a transaction."""
    told, found = _told(db, campaign_id), known_of(db, campaign_id)
    by_orders = orders_hold(db, campaign_id)
    if by_orders and found is not None:
        wanted = {label: Told(group.bought, group.over, ORDERS) for label, group in found.versions.items()}
    else:
        wanted = told
    source = stored.source(db, campaign_id)
    switched = source is not None and (source == ORDERS) != by_orders
    holds = {label: reports[-1] for label, reports in outcomes.reports(db, campaign_id).items()}
    ids = []
    for variant in outcomes.variants(db, campaign_id):
        label, now = variant.label, holds.get(variant.label)
        want = wanted.get(label, Told(0, 0, ORDERS if by_orders else stored.COUNTS))
        was = (0, 0) if now is None else (now.conversions, now.sends)
        if was != (want.conversions, want.sends) or (switched and now is not None):
            ids.append(
                outcomes.add_report(db, campaign_id, label, want.conversions, want.sends, shop.now(), want.source)
            )
        elif now is None and label in wanted and not by_orders:
            # nobody of nobody was told: that is an answer, too
            ids.append(outcomes.add_report(db, campaign_id, label, 0, 0, shop.now(), want.source))
    return tuple(ids)


def _told(db: Database, campaign_id: int) -> dict[str, Told]:
    """By label, what was told last, without what nobody got: of people told one by one it is known who that is."""
    told, people = stored.told(db, campaign_id), outcomes.added_up(db, campaign_id)
    got = {variant.label: variant.sends for variant in outcomes.variants(db, campaign_id)}
    return {
        label: Told(*people.get(label, (0, 0)), PEOPLE)
        if one.source == PEOPLE
        else replace(one, conversions=min(one.conversions, got[label]), sends=min(one.sends, got[label]))
        for label, one in told.items()
    }


def orders_hold(db: Database, campaign_id: int) -> bool:
    """Whether the orders are what holds: as its owner chose, else unless it was told person by person."""
    found = known_of(db, campaign_id)
    if found is None or not found.over:
        return False
    chosen = stored.settings(db, campaign_id).used
    if chosen is not None:
        return chosen == ORDERS
    return not any(told.source == PEOPLE for told in stored.told(db, campaign_id).values())


def against(db: Database, campaign_id: int) -> Phrase | None:
    """How what was told differs from the orders, and which holds and why; None where it does not."""
    told, found = _told(db, campaign_id), known_of(db, campaign_id)
    if found is None or not found.over or not told:
        return None
    same = all(
        (one.conversions, one.sends) == (found.versions[label].bought, found.versions[label].over)
        for label, one in told.items()
        if label in found.versions
    )
    if same:
        return None
    facts = {
        "told": tuple(_count(label, one.conversions, one.sends) for label, one in sorted(told.items())),
        "orders": tuple(_count(label, group.bought, group.over) for label, group in found.versions.items()),
    }
    chosen = stored.settings(db, campaign_id).used
    if orders_hold(db, campaign_id):
        if chosen is None:
            return Phrase(
                "You told {told}, but your orders say {orders}. I go by the orders, as they tell it person by person.",
                **facts,
            )
        return Phrase("You told {told}, but your orders say {orders}. I go by the orders, as you chose.", **facts)
    if chosen is None:
        return Phrase(
            "You told {told}, but your orders say {orders}. I go by your list, as it tells it person by person.",
            **facts,
        )
    return Phrase("You told {told}, but your orders say {orders}. I go by what you told, as you chose.", **facts)


def _count(label: str, conversions: int, sends: int) -> Phrase:
    return Phrase("{label} {conversions}/{sends}", label=label, conversions=str(conversions), sends=str(sends))


def _changed(
    shop: Shop, campaign_id: int, who: str, change: Callable[[Settings], Settings], said: Phrase
) -> CampaignNews:
    """Keep what the owner sets, which `said` tells, and match anew."""
    with shop.open() as db, store.transaction(db):
        campaign = _approved(db, campaign_id)
        if trail.done_before(db, DEED, shop.cause) is None:
            stored.keep_settings(db, campaign.id, change(stored.settings(db, campaign.id)))
            trail.add(db, at=shop.now(), who=who, deed=DEED, subject=str(campaign.id), cause=shop.cause)
        news = _match(db, shop, campaign, None, stored.last_order(db, local_now(shop)))
        hold(db, shop, campaign.id)
        if news is None and (known := orders_of_campaign(db, shop, campaign)) is not None:
            news = _news(db, shop, campaign, known.found, None)
        if news is None:
            none_yet = Phrase("No orders after the messages of campaign {id} are known yet.", id=str(campaign.id))
            news = CampaignNews(campaign.id, (none_yet,))
        return replace(news, what=(said, *news.what))


def _approved(db: Database, campaign_id: int) -> Campaign:
    campaign = campaign_found(db, campaign_id)
    if campaign.status != "approved":
        raise NotAllowed(Phrase("Campaign {id} was never sent, so it has no outcomes.", id=str(campaign.id)))
    return campaign


def _match(
    db: Database, shop: Shop, campaign: Campaign, import_id: int | None, last: datetime | None
) -> CampaignNews | None:
    """What is new of a campaign, which is kept; None if nothing is. `last`: of the newest order."""
    before = known_of(db, campaign.id)
    now = looked_up(db, campaign, last)
    if now is None:
        return None
    found, followed, bought = now
    if found.says_the_same(before):
        return None
    if before is None or before.digest != found.digest:
        stored.keep(db, campaign.id, followed, bought)
    stored.add(db, campaign.id, import_id, found.to_facts(), shop.now())
    hold(db, shop, campaign.id)
    changed = None if before is None else from_orders.changes(before, found)
    return _news(db, shop, campaign, found, changed)


def _news(db: Database, shop: Shop, campaign: Campaign, found: FromOrders, changed: Phrase | None) -> CampaignNews:
    money = None if found.waiting else holdout_money(db, campaign, local_now(shop))
    more = (None if money is None else money.sentence, changed, against(db, campaign.id))
    return CampaignNews(campaign.id, _with(sentences(campaign.id, found, local_now(shop)), *more))


def _with(said: Sequence[Phrase], *more: Phrase | None) -> tuple[Phrase, ...]:
    return (*said, *(one for one in more if one is not None))
