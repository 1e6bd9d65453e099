"""What is known of a campaign's messages, in the order in which they were sent."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlite_utils import Database

from engine.experiments.evidence import UNKNOWN, Evidence, Sent, adds_up, evidence, in_some_order
from engine.experiments.plan import LearningPlan
from engine.experiments.recorded_chances import chances
from engine.experiments.tally import Counts, Weights
from engine.store import learning_plans, matching, outcomes, sends
from engine.store.campaigns import Campaign
from engine.store.outcomes import Report, SentVariant

Reports = Sequence[Sequence[Report]]  # of each variant, the oldest first


def reports_of(db: Database, campaign_id: int, variants: Sequence[SentVariant]) -> list[list[Report]]:
    history = outcomes.reports(db, campaign_id)
    return [history.get(variant.label, []) for variant in variants]


def known(db: Database, campaign: Campaign, variants: Sequence[SentVariant], reports: Reports) -> Sent:
    """Person by person where that is what was told last, else in an order drawn from the campaign's seed.

    What nobody got is left out.

    Where each person's chances went by what they are like, counts do not tell whose outcomes they are: then they are
    not known.
    """
    by_orders = matching.source(db, campaign.id) == matching.ORDERS
    rows = outcomes.in_order(db, campaign.id, by_orders=by_orders)
    place = {variant.label: k for k, variant in enumerate(variants)}
    variant = np.array([place[label] for label, _, _ in rows], np.int64)
    propensity = np.array([chance for _, chance, _ in rows], float)
    outcome = np.array([UNKNOWN if converted is None else converted for _, _, converted in rows], np.int8)
    by_person = outcomes.added_up(db, campaign.id, by_orders=by_orders)
    by_each = sends.goes_by_person(db, campaign.id)
    for k, told in enumerate(reports):
        counts = [(report.conversions, report.sends) for report in told]
        if counts and counts[-1] == by_person.get(variants[k].label, (0, 0)):
            continue
        places = np.flatnonzero(variant == k)
        outcome[places] = UNKNOWN
        if by_each:
            continue
        drawn = in_some_order(counts, np.random.default_rng([campaign.plan.seed, k]))
        outcome[places[: drawn.size]] = drawn[: places.size]
    at_draw = _chances(variant, propensity, sends.chances_at_draw(db, campaign.id, len(variants), got=True))
    return Sent(variant, outcome, at_draw, by_each)


def _chances(variant: Counts, propensity: Weights, stored: Weights) -> Weights | None:
    """As they were stored, and for messages of campaigns before that was done, as they follow from the propensities."""
    told = np.isfinite(stored[:, 0])
    if told.all() and told.size:
        return stored
    found = chances(variant, propensity, stored.shape[1])
    if not told.any():
        return found
    if found is None:
        found = np.eye(stored.shape[1])[variant]
    return np.where(told[:, None], stored, found)


def plan_of(db: Database, campaign: Campaign, variants: Sequence[SentVariant]) -> LearningPlan:
    """The stored plan; of a campaign from before there were plans, that all its messages were planned."""
    stored = learning_plans.of(db, campaign.id)
    return stored or LearningPlan.of(sum(variant.sends + variant.unsent for variant in variants), len(variants))


def evidence_of(sent: Sent, plan: LearningPlan, reports: Reports) -> Evidence:
    return evidence(sent, plan, settled(reports), n_looks(reports), len(reports))


def settled(reports: Reports) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Per variant, whether each report only added to the one before."""
    return np.array([adds_up([(report.conversions, report.sends) for report in told]) for told in reports], bool)


def n_looks(reports: Reports) -> int:
    """How many times something new could be looked at: what was told at once is one look."""
    moments = {report.at for told in reports for report in told}
    return max(1, len(moments), *map(len, reports))


def times(reports: Reports) -> int:
    """The share of the bound that the present look has, as 1 / times (see `evidence`)."""
    looks = n_looks(reports)
    return 1 if settled(reports).all() else looks * (looks + 1)
