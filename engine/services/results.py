"""Use case: what a campaign has shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from sqlite_utils import Database

from engine.campaigns.waves import usual_size
from engine.errors import NotFound
from engine.experiments.evidence import UNKNOWN, Sent
from engine.experiments.intervals import Interval
from engine.experiments.mismatch import lost_unevenly, mismatch
from engine.experiments.modes import EVENLY
from engine.experiments.plan import LearningPlan
from engine.experiments.sequences import rate_sequence
from engine.experiments.tally import Tally, Weights
from engine.experiments.verdict import Verdict, verdict
from engine.experiments.what_next import what_next
from engine.experiments.which_now import which_now
from engine.phrases import Phrase
from engine.services.campaign_chances import next_chances, tally_of
from engine.services.counted_twice import counted_twice
from engine.services.holdout_money import HoldoutMoney, holdout_money
from engine.services.matching import OrdersOfCampaign, orders_of_campaign
from engine.services.orders_looked_up import local_now
from engine.services.outcomes import approved
from engine.services.results_known import Reports, evidence_of, known, plan_of, reports_of, settled, times
from engine.shop import Shop
from engine.store import campaigns, customers, outcomes, sends, waves
from engine.store.campaigns import Campaign
from engine.store.outcomes import Report, SentVariant

PACE = timedelta(days=90)
FEWEST_WEEKS = timedelta(weeks=2)


@dataclass(frozen=True)
class VariantResult:
    """`conversions` of the `reported`, of `sends` messages in all; `rate` and `interval` are shares.

    `unsent` more were refused, skipped or withheld: they are in none of these.

    interval: 95 %, however often it is looked at.

    `weight`: the share that the campaign's policy would give it next; while nothing is known, the share meant for it.
    `before`: (conversions, reported) of the report before, None if there was none.
    """

    label: str
    template: str
    sends: int
    reported: int
    conversions: int
    rate: float | None
    interval: Interval | None
    weight: float
    before: tuple[int, int] | None
    unsent: int = 0


@dataclass(frozen=True)
class Results:
    """`reported_at`: when outcomes were told last; None if they never were.

    caution: what is wrong with the counts, to be told first. which_now: what to choose if one must choose before the
    verdict, and nobody waits for a wave that chooses by itself. next: what its waves do now, or what to use from now
    on. money: what the campaign brought against the holdout. planned: messages to each variant that were planned.
    waiting: people of the campaign who wait for a later wave. changed: counts told before were others later.
    orders: what the shop's own orders say; None while none are known since.
    """

    campaign: int
    segment_name: Phrase
    goal: str
    channel: str
    language: str
    policy: str
    holdout: int
    variants: tuple[VariantResult, ...]
    verdict: Verdict
    approved_at: datetime | None
    reported_at: datetime | None
    caution: Phrase | None = None
    which_now: Phrase | None = None
    next: Phrase | None = None
    money: HoldoutMoney | None = None
    planned: int = 0
    waiting: int = 0
    orders: OrdersOfCampaign | None = None
    changed: bool = False


def campaign_results(shop: Shop, campaign_id: int) -> Results:
    """What is known by now. Raises NotFound, or NotAllowed unless the campaign was approved."""
    with shop.open() as db:
        campaign = approved(db, campaign_id)
        found = results_of(shop, db, campaign)
        if found.orders is None:
            return found
        said = (*found.orders.sentences, *counted_twice(db, campaign))
        return replace(found, orders=replace(found.orders, sentences=said))


def results_of(shop: Shop, db: Database, campaign: Campaign) -> Results:
    """What is known by now of an approved campaign."""
    variants = outcomes.variants(db, campaign.id)
    reports = reports_of(db, campaign.id, variants)
    tally = tally_of(variants, reports)
    labels = [variant.label for variant in variants]
    sent, plan = known(db, campaign, variants, reports), plan_of(db, campaign, variants)
    found = verdict(
        tally,
        evidence_of(sent, plan, reports),
        labels,
        reachable=_reachable(db, campaign.plan.channel),
        sends_per_week=sends_per_week(db, shop.now(), len(variants)),
    )
    intervals = _intervals(sent, plan, reports)
    waiting = waves.n_waiting(db, campaign.id)
    caution = _caution(variants, tally, sent)
    weights, following = _weights(db, campaign, variants, reports, waiting, found)
    return Results(
        campaign=campaign.id,
        segment_name=campaign.plan.segment_name,
        goal=campaign.plan.goal,
        channel=campaign.plan.channel,
        language=campaign.plan.language,
        policy=campaign.plan.policy,
        holdout=campaigns.n_held(db, campaign.id),
        variants=tuple(map(_result, variants, reports, weights, intervals)),
        verdict=found,
        approved_at=campaign.decided_at,
        reported_at=max((report.at for of_variant in reports for report in of_variant), default=None),
        caution=caution,
        changed=not bool(settled(reports).all()),
        # who is told not to believe the figures is not told to choose by them
        which_now=None
        if found.best is not None or caution is not None or waiting
        else which_now(tally, labels, for_good=found.state == "never"),
        next=None
        if following is None or (caution is not None and not waiting)
        else what_next(
            campaign.id,
            labels,
            following,
            waiting=waiting,
            best=found.best,
            by_choice=campaign.plan.policy == EVENLY,
            by_person=sends.goes_by_person(db, campaign.id),
        ),
        money=holdout_money(db, campaign, local_now(shop)),
        planned=plan.sends_now,
        waiting=waiting,
        orders=orders_of_campaign(db, shop, campaign),
    )


def latest_campaign_id(shop: Shop) -> int | None:
    """The campaign that was approved last; None if none was."""
    with shop.open() as db:
        return outcomes.latest_approved(db)


def _result(variant: SentVariant, told: Sequence[Report], weight: float, interval: Interval | None) -> VariantResult:
    wins, n = (told[-1].conversions, told[-1].sends) if told else (0, 0)
    return VariantResult(
        label=variant.label,
        template=variant.template,
        sends=variant.sends,
        reported=n,
        conversions=wins,
        rate=wins / n if n else None,
        interval=interval if n else None,
        weight=weight,
        before=(told[-2].conversions, told[-2].sends) if len(told) > 1 else None,
        unsent=variant.unsent,
    )


def _weights(
    db: Database,
    campaign: Campaign,
    variants: Sequence[SentVariant],
    reports: Reports,
    waiting: int,
    found: Verdict,
) -> tuple[list[float], Weights | None]:
    """What the policy gives each variant now, and in a wave of the usual size; that is None while nothing is known."""
    if any(reports):
        try:
            chances = next_chances(db, campaign, variants, reports, left=waiting, proven=found.best)
        except NotFound:  # taken out of the house since the campaign was drafted
            return [variant.weight for variant in variants], None
        seed, first = campaign.plan.seed, waves.of(db, campaign.id)
        settled = found.state != "not yet"
        n = usual_size(first[0].n, waiting, settled=settled) if first else waiting
        now = chances.policy.weights(chances.tally, np.random.default_rng(seed))
        return now.tolist(), chances.weights_after(n, np.random.default_rng(seed))
    return [variant.weight for variant in variants], None


def _intervals(sent: Sent, plan: LearningPlan, reports: Sequence[Sequence[Report]]) -> list[Interval | None]:
    share = times(reports)
    return [rate_sequence(sent.of(k), plan, times=share) if sent.of(k).size else None for k in range(len(reports))]


def _caution(variants: Sequence[SentVariant], tally: Tally, sent: Sent) -> Phrase | None:
    """Outcomes that cannot be used; counts against messages; and messages against what was meant."""
    if sent.by_person and tally.sends.any() and not (sent.outcome != UNKNOWN).any():
        return Phrase(
            "Counts are not enough here: who got which version went by what each person is like, so those who got "
            "one differ from those who got another. Send me a file that says who bought."
        )
    labels = [variant.label for variant in variants]
    sends = [variant.sends for variant in variants]
    counted = None if sent.by_person else mismatch(tally.sends.tolist(), sends, labels)
    meant = [variant.weight for variant in variants] if sent.chances is None else sent.chances.sum(axis=0).tolist()
    lost = lost_unevenly([variant.unsent for variant in variants], sends, labels)
    return counted or lost or mismatch(sends, meant, labels)


def sends_per_week(db: Database, now: datetime, n_variants: int) -> float | None:
    """To each variant, at the pace of the last three months; None until two weeks of it are known."""
    n, first = outcomes.sent_since(db, now - PACE)
    if first is None or now - first < FEWEST_WEEKS:
        return None
    return n / ((now - first) / timedelta(weeks=1)) / n_variants


def _reachable(db: Database, channel: str) -> int:
    """How many customers have not objected."""
    words = customers.consent(db, channel).values()
    return customers.count(db) - sum(word == "withdrawn" for word in words)
