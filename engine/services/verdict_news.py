"""Verdicts that have changed, so that their owner is told, and told once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from engine import store
from engine.services.approvals import found
from engine.services.results import Results, results_of
from engine.shop import Shop
from engine.store import verdicts
from engine.store.campaigns import Campaign
from engine.store.verdicts import UNKNOWN, StoredVerdict


@dataclass(frozen=True)
class VerdictNews:
    """What is known of a campaign by now, and the state of the verdict that its owner was told before."""

    results: Results
    before: str
    before_best: str | None = None


def verdict_news(shop: Shop) -> tuple[VerdictNews, ...]:
    """Campaigns whose verdict is another than their owner was told, by reports that have come in since."""
    with shop.open() as db:
        now = {id_: _worked_out(shop, db, found(db, id_)) for id_ in verdicts.out_of_date(db)}
        told = []
        for id_ in verdicts.news(db):
            known = verdicts.of(db, id_)
            assert known is not None
            results = now.get(id_) or results_of(shop, db, found(db, id_))
            told.append(VerdictNews(results, known.told_state, known.told_best))
        return tuple(news for news in told if _verdict(news.results) != (news.before, news.before_best))


def note_told(shop: Shop, results: Results) -> bool:
    """The owner is being told this verdict; False if that was done before."""
    with shop.open() as db, store.transaction(db):
        tally = verdicts.newest_tally(db, results.campaign)
        if tally is None:
            return False
        verdicts.put(db, results.campaign, tally, *_verdict(results))
        return verdicts.tell(db, results.campaign, *_verdict(results), shop.now())


def note_untold(shop: Shop, news: VerdictNews) -> None:
    """It could not be told after all."""
    with shop.open() as db, store.transaction(db):
        verdicts.tell(db, news.results.campaign, news.before, news.before_best, None)


def verdict_of(shop: Shop, db: Database, campaign: Campaign) -> StoredVerdict | None:
    """The verdict by the newest report, worked out where that was not done; None while nothing is reported."""
    tally, known = verdicts.newest_tally(db, campaign.id), verdicts.of(db, campaign.id)
    if tally is None or (known is not None and known.tally == tally and known.state != UNKNOWN):
        return known
    _worked_out(shop, db, campaign)
    return verdicts.of(db, campaign.id)


def _worked_out(shop: Shop, db: Database, campaign: Campaign) -> Results:
    """The results by the newest report, of which there is one; their verdict is stored."""
    tally = verdicts.newest_tally(db, campaign.id)
    results = results_of(shop, db, campaign)
    if tally is not None:
        with store.transaction(db):
            verdicts.put(db, campaign.id, tally, *_verdict(results))
    return results


def _verdict(results: Results) -> tuple[str, str | None]:
    best = results.verdict.best
    return results.verdict.state, None if best is None else results.variants[best].label
