"""Which chance each version of a campaign gets next: by its policy and mode, from all that is known by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns import templates
from engine.campaigns.audience import Ids
from engine.campaigns.templates import Template
from engine.experiments.assign import Assignment, assign, assign_each
from engine.experiments.contexts import Contextual, Features, Seen
from engine.experiments.floors import with_floor
from engine.experiments.modes import InMode, informed, of_each_person, way_named
from engine.experiments.policies import Informed, Policy
from engine.experiments.tally import Tally, Weights
from engine.services.past_versions import prior_for, tells_apart
from engine.services.results_known import Reports
from engine.store import campaigns, deliveries, matching, outcomes, sends
from engine.store.campaigns import Campaign
from engine.store.outcomes import SentVariant


@dataclass(frozen=True, eq=False)
class Chances:
    """A policy that is told what past campaigns say, and what this one has shown so far.

    `tally` has `left` as the sends that are still to come. `seen` and `people` are known of a policy that chooses for
    each person: who was sent to, and by customer what everybody in the campaign is like. `knows`: anything was known;
    `before`: other campaigns told of a difference.
    """

    policy: Policy
    tally: Tally
    knows: bool
    seen: Seen | None = None
    people: dict[int, list[float]] | None = None
    before: bool = False

    def draw(self, ids: Ids, rng: np.random.Generator) -> Assignment:
        """The variants of the next messages, to these people in their order."""
        one = self._of_each()
        tally = self._after(ids.size)
        if one is None:
            return assign(self.policy, tally, ids.size, rng)
        policy, floor, seen = one
        return assign_each(policy, seen, self._features(ids), rng, floor)

    def shares(self, ids: Ids, rng: np.random.Generator) -> Weights:
        """The chance of each variant for these people, on average."""
        one = self._of_each()
        tally = self._after(ids.size)
        if one is None:
            return self.policy.weights(tally, rng)
        policy, floor, seen = one
        shares: Weights = with_floor(policy.chances(seen, self._features(ids), rng), floor).mean(axis=0)
        return shares

    def weights_after(self, n: int, rng: np.random.Generator) -> Weights:
        """The chance of each variant for the next `n` people, whoever they are."""
        return self.policy.weights(self._after(n), rng)

    def _after(self, n: int) -> Tally:
        """As the policy wants it: how many come after these."""
        return self.tally if self.tally.left is None else replace(self.tally, left=max(self.tally.left - n, 0))

    def _of_each(self) -> tuple[Contextual, float, Seen] | None:
        """None where all people have the same chances."""
        one = of_each_person(self.policy)
        settled = isinstance(self.policy, InMode) and self.policy.settled(self.tally) is not None
        if one is None or self.seen is None or self.people is None or settled:
            return None
        return *one, self.seen

    def _features(self, ids: Ids) -> Features:
        assert self.people is not None
        return np.array([self.people[customer] for customer in ids.tolist()], float)


def first_chances(
    db: Database, texts: Sequence[Template], policy: str, people: dict[int, list[float]] | None = None
) -> Chances:
    """Those of a campaign that is being drafted. How many are left is not told: what is learned serves the campaigns
    after this one, too. `people`: what they are like, for a policy that chooses for each.
    """
    way, past, knows = _told(db, texts, policy, None)
    seen = None if people is None else Seen.nothing(len(texts), len(next(iter(people.values()))))
    return Chances(way, past, knows, seen, people)


def next_chances(
    db: Database,
    campaign: Campaign,
    variants: Sequence[SentVariant],
    reports: Reports,
    *,
    left: int,
    proven: int | None,
) -> Chances:
    """Those of a campaign that has gone out in part. Messages without an outcome count as sent and not answered.

    Raises NotFound for a policy that has been taken out of the house.
    """
    way, past, knows = _told(db, texts_of(db, campaign), campaign.plan.policy, campaign.id)
    own = tally_of(variants, reports)
    tally = Tally(
        past.sends + own.sends, past.wins + own.wins, past.waiting + own.waiting, left=left or None, proven=proven
    )
    people = sends.contexts(db, campaign.id) or None
    seen = None if people is None else _seen(db, campaign, variants, people)
    return Chances(way, tally, knows or bool(own.sends.any()), seen, people, before=knows)


def texts_of(db: Database, campaign: Campaign) -> tuple[Template, ...]:
    """The campaign's versions as they were drafted."""
    plan = campaign.plan
    return tuple(
        templates.parsed(
            stored.source, name=stored.template, goal=plan.goal, channel=plan.channel, language=plan.language
        )
        for stored in campaigns.variants(db, campaign.id)
    )


def tally_of(variants: Sequence[SentVariant], reports: Reports) -> Tally:
    """What this campaign itself has shown; what was refused or withheld is not waited for."""
    known = Tally.of([(told[-1].conversions, told[-1].sends) if told else (0, 0) for told in reports])
    sent = np.array([variant.sends for variant in variants])
    return Tally(known.sends, known.wins, waiting=np.maximum(sent - known.sends, 0))


def _told(db: Database, texts: Sequence[Template], policy: str, but: int | None) -> tuple[Policy, Tally, bool]:
    """The policy with what all campaigns but one say of these versions, what is to be counted beside it, and whether
    anything was known.

    Policies that take a prior get it from all past campaigns; the others count what the same texts have brought.
    """
    way = way_named(policy)
    if isinstance(way, Informed):
        prior = prior_for(db, texts, but=but)
        way = way if prior is None else informed(way, prior)
        return way, Tally.empty(len(texts)), tells_apart(prior)
    past = past_of(db, texts, but)
    return way, past, bool(past.sends.any())


def past_of(db: Database, texts: Sequence[Template], but: int | None = None) -> Tally:
    """What the same texts have brought in other campaigns."""
    return outcomes.past_tally(
        db,
        goal=texts[0].goal,
        channel=texts[0].channel,
        language=texts[0].language,
        templates=[text.name for text in texts],
        but=but,
    )


def _seen(db: Database, campaign: Campaign, variants: Sequence[SentVariant], people: dict[int, list[float]]) -> Seen:
    """Everybody who was sent to; an outcome that was not told of a person is none."""
    by_orders = matching.source(db, campaign.id) == matching.ORDERS
    rows = outcomes.in_order(db, campaign.id, by_orders=by_orders)
    place = {variant.label: k for k, variant in enumerate(variants)}
    gone = deliveries.not_got(db, campaign.id)
    customers = [one for one in campaigns.recipients(db, campaign.id)[c.CUSTOMER].tolist() if one not in gone]
    known = [
        (people[customer], place[label], np.nan if converted is None else float(converted))
        for customer, (label, _, converted) in zip(customers, rows, strict=True)
        if customer in people
    ]
    width = len(next(iter(people.values())))
    return Seen(
        np.array([features for features, _, _ in known], float).reshape(-1, width),
        np.array([k for _, k, _ in known], np.int64),
        np.array([outcome for _, _, outcome in known], float),
        len(variants),
    )
