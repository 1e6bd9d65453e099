"""Use case: what a campaign has shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlite_utils import Database

from engine.errors import NotFound
from engine.experiments.evidence import Evidence, Outcomes, adds_up, evidence, in_some_order
from engine.experiments.intervals import Interval, wilson
from engine.experiments.modes import way_named
from engine.experiments.tally import Tally
from engine.experiments.verdict import Verdict, verdict
from engine.phrases import Phrase
from engine.services.outcomes import approved
from engine.shop import Shop
from engine.store import campaigns, customers, outcomes
from engine.store.campaigns import Campaign
from engine.store.outcomes import Report, SentVariant


@dataclass(frozen=True)
class VariantResult:
    """`conversions` of the `reported`, of `sends` messages in all; `rate` and `interval` (95 %) are shares.

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


@dataclass(frozen=True)
class Results:
    """`reported_at`: when outcomes were told last; None if they never were."""

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


def campaign_results(shop: Shop, campaign_id: int) -> Results:
    """What is known by now. Raises NotFound, or NotAllowed unless the campaign was approved."""
    with shop.open() as db:
        campaign = approved(db, campaign_id)
        variants = outcomes.variants(db, campaign.id)
        history = outcomes.reports(db, campaign.id)
        reports = [history.get(variant.label, []) for variant in variants]
        tally = _tally(variants, reports)
        return Results(
            campaign=campaign.id,
            segment_name=campaign.plan.segment_name,
            goal=campaign.plan.goal,
            channel=campaign.plan.channel,
            language=campaign.plan.language,
            policy=campaign.plan.policy,
            holdout=campaigns.n_held(db, campaign.id),
            variants=tuple(map(_result, variants, reports, _weights(campaign, variants, tally))),
            verdict=verdict(
                tally,
                _evidence(db, campaign, variants, reports),
                [variant.label for variant in variants],
                reachable=_reachable(db, campaign.plan.channel),
            ),
            approved_at=campaign.decided_at,
            reported_at=max((report.at for of_variant in reports for report in of_variant), default=None),
        )


def latest_campaign_id(shop: Shop) -> int | None:
    """The campaign that was approved last; None if none was."""
    with shop.open() as db:
        return outcomes.latest_approved(db)


def _tally(variants: Sequence[SentVariant], reports: Sequence[Sequence[Report]]) -> Tally:
    known = Tally.of([(told[-1].conversions, told[-1].sends) if told else (0, 0) for told in reports])
    return Tally(known.sends, known.wins, waiting=np.array([variant.sends for variant in variants]) - known.sends)


def _result(variant: SentVariant, told: Sequence[Report], weight: float) -> VariantResult:
    wins, n = (told[-1].conversions, told[-1].sends) if told else (0, 0)
    return VariantResult(
        label=variant.label,
        template=variant.template,
        sends=variant.sends,
        reported=n,
        conversions=wins,
        rate=wins / n if n else None,
        interval=wilson(wins, n) if n else None,
        weight=weight,
        before=(told[-2].conversions, told[-2].sends) if len(told) > 1 else None,
    )


def _weights(campaign: Campaign, variants: Sequence[SentVariant], tally: Tally) -> list[float]:
    if tally.sends.any():
        try:
            policy = way_named(campaign.plan.policy)
        except NotFound:  # taken out of the house since the campaign was drafted
            return [variant.weight for variant in variants]
        weights: list[float] = policy.weights(tally, np.random.default_rng(campaign.plan.seed)).tolist()
        return weights
    return [variant.weight for variant in variants]


def _evidence(
    db: Database, campaign: Campaign, variants: Sequence[SentVariant], reports: Sequence[Sequence[Report]]
) -> Evidence:
    """Person by person where that is known of what was told last, else in an order drawn from the campaign's seed."""
    by_person = outcomes.sequences(db, campaign.id)
    counts = [[(report.conversions, report.sends) for report in told] for told in reports]
    ordered: list[Outcomes] = []
    for k, (variant, told) in enumerate(zip(variants, counts, strict=True)):
        values = by_person.get(variant.label, [])
        if told and told[-1] == (sum(values), len(values)):
            ordered.append(np.array(values, dtype=np.int8))
        else:
            ordered.append(in_some_order(told, np.random.default_rng([campaign.plan.seed, k])))
    return evidence(ordered, [adds_up(told) for told in counts], _n_looks(reports))


def _n_looks(reports: Sequence[Sequence[Report]]) -> int:
    """How many times something new could be looked at: what was told at once is one look."""
    moments = {report.at for told in reports for report in told}
    return max(1, len(moments), *map(len, reports))


def _reachable(db: Database, channel: str) -> int:
    """How many customers have not objected."""
    words = customers.consent(db, channel).values()
    return customers.count(db) - sum(word == "withdrawn" for word in words)
