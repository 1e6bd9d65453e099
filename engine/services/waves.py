"""Waves: a part of a campaign's people gets the message first; what came of it decides what the next ones get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlite_utils import Database

from engine import columns as c
from engine import store
from engine.campaigns.audience import Ids, reasons_told
from engine.campaigns.waves import size_said, usual_size
from engine.errors import NotAllowed, NotFound
from engine.experiments.plan import MOST_EXTENSIONS, LearningPlan
from engine.experiments.tally import Tally, Weights
from engine.experiments.why_shares import why_shares
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.services.approvals import APPROVED, found, refuse_strangers, refuse_while_undo
from engine.services.campaign_chances import Chances, next_chances, texts_of
from engine.services.campaign_texts import as_ruled, written
from engine.services.results import Results, results_of
from engine.services.results_known import plan_of, reports_of
from engine.services.wave_people import last_check_of_waiting, people_of
from engine.shop import Shop
from engine.store import campaigns, learning_plans, outcomes, sends, trail, verdicts, waves
from engine.store.campaigns import Campaign
from engine.store.sends import Send
from engine.store.waves import Wave

WAVE, GIVEN_UP = "wave approved", "rest dropped"
NOT_SENT_ON = Phrase("you did not send on to them")


@dataclass(frozen=True)
class WaveCard:
    """The next wave of a campaign before its owner decides, or what was decided.

    `status`: waiting, approved or dropped. `number` is that of the wave; `n` people are in it, of the `waiting` who
    can get it now; `left_out` counts by reason who waits and cannot, and stays waiting. `shares`: the chance of each
    version for the next message, in the order of `results.variants`; of each person's own, their mean, if `by_person`;
    `why` they are so; None of one that was approved.
    `unsent` messages of earlier waves have not gone out. `earlier`: the waves so far. `planned` messages of each
    version are planned; `longer`: so many once this wave is approved, None if it is within the plan or the plan may
    grow no more, which `full` says. `sizes`: of an approved wave, by version.
    """

    campaign: int
    status: str
    number: int
    n: int
    waiting: int
    left_out: Mapping[str, int]
    holdout: int
    shares: tuple[float, ...]
    by_person: bool
    results: Results
    earlier: tuple[Wave, ...]
    unsent: int
    planned: int
    longer: int | None
    full: bool = False
    sizes: Mapping[str, int] | None = None
    why: Phrase | None = None


@dataclass(frozen=True)
class _Next:
    """Who can get the next wave, and what is known."""

    campaign: Campaign
    customers: Ids  # under the numbers that the campaign has them under, in the order of assignment
    persons: Mapping[int, int]
    picks: Mapping[int, int]
    excluded: Mapping[int, str]
    tally: int | None
    results: Results
    chances: Chances
    plan: LearningPlan
    earlier: tuple[Wave, ...]
    n_before: int

    @property
    def left_out(self) -> Mapping[str, int]:
        """By reason."""
        return dict(Counter(self.excluded.values()).most_common())

    @property
    def n_variants(self) -> int:
        return len(self.results.variants)


def show_wave(shop: Shop, campaign_id: int, size: str | None = None) -> WaveCard:
    """What the next wave would be now. `size`: 50, 20%, half or rest; None as many as fit what is known.

    Raises NotFound, NotAllowed if nobody waits, or the size is none.
    """
    with shop.open() as db:
        following = _next(shop, db, campaign_id)
        return _card(db, following, _size(following, size))


def approve_wave(
    shop: Shop,
    campaign_id: int,
    number: int,
    size: str | None = None,
    *,
    who: str = "owner",
    progress: Progress = silent,
) -> WaveCard:
    """The wave of this number is drawn and can go out, each message with the chances at this moment.

    Raises NotFound, NotAllowed if it was approved before, nobody waits or may be written to, or the first approval
    can still be taken back. Then nothing is changed.
    """
    with shop.open() as db:
        if trail.done_before(db, WAVE, shop.cause) is not None:
            return _approved_card(shop, db, campaign_id, number)
        # the long work comes before the transaction: others may write meanwhile
        made = _drawn(shop, db, campaign_id, number, size, who, progress)
        progress(Phrase("Saving the wave"), 0.9)
        with store.transaction(db):
            refuse_strangers(db, who)
            _refuse_twice(db, campaign_id, number)
            if _moved_on(shop, db, made):
                made = _drawn(shop, db, campaign_id, number, size, who, progress)
            waves.take(db, campaign_id, (send.customer for send in made.sends))
            sends.put(db, campaign_id, made.sends)
            waves.add(db, campaign_id, made.wave)
            if made.card.longer is not None:
                learning_plans.extend(db, campaign_id, made.wave.from_send, made.card.longer, shop.now())
            trail.add(db, at=shop.now(), who=who, deed=WAVE, subject=str(campaign_id), cause=shop.cause)
            return replace(
                made.card,
                status=APPROVED,
                sizes=dict(sorted(Counter(send.label for send in made.sends).items())),
                planned=made.card.longer or made.card.planned,
                waiting=made.card.waiting - made.wave.n,
                earlier=tuple(waves.of(db, campaign_id)),
            )


@dataclass(frozen=True)
class _Drawn:
    """A wave that can be stored, and what it goes by: who might not be written to, and the newest report."""

    card: WaveCard
    wave: Wave
    sends: Sequence[Send]
    campaign: Campaign
    excluded: Mapping[int, str]
    tally: int | None


def _drawn(
    shop: Shop, db: Database, campaign_id: int, number: int, size: str | None, who: str, progress: Progress
) -> _Drawn:
    progress(Phrase("Asking what is known so far"), 0.0)
    refuse_strangers(db, who)
    _refuse_twice(db, campaign_id, number)
    following = _next(shop, db, campaign_id)
    if number != len(following.earlier) + 1:
        raise NotAllowed(
            Phrase(
                "The next wave of campaign {id} is number {n}: look at it with /wave {id}.",
                id=str(campaign_id),
                n=len(following.earlier) + 1,
            )
        )
    refuse_while_undo(shop, db, following.campaign)
    if not following.customers.size:
        raise _nobody(following)
    n = _size(following, size)
    card = _card(db, following, n)
    progress(Phrase("Writing the messages"), 0.3)
    made = _written(shop, db, following, following.customers[:n], number)
    wave = Wave(number, len(made), following.n_before, made[0].position, shop.now(), who)
    return _Drawn(card, wave, made, following.campaign, following.excluded, following.tally)


def _moved_on(shop: Shop, db: Database, made: _Drawn) -> bool:
    """Whether something that the wave goes by has changed since it was drawn."""
    waiting = waves.reserve(db, made.campaign.id)
    return (
        verdicts.newest_tally(db, made.campaign.id) != made.tally
        or not {send.customer for send in made.sends} <= set(waiting[c.CUSTOMER].tolist())
        or sends.last_position(db, made.campaign.id) >= made.wave.from_position
        or last_check_of_waiting(shop, db, made.campaign, waiting) != made.excluded
    )


def drop_rest(shop: Shop, campaign_id: int, *, who: str = "owner") -> int:
    """Who still waits gets nothing from this campaign; how many that are.

    Raises NotFound, NotAllowed if nobody waits.
    """
    with shop.open() as db, store.transaction(db):
        refuse_strangers(db, who)
        campaign = _in_waves(db, campaign_id)
        done = trail.done_before(db, GIVEN_UP, shop.cause)
        n = waves.give_up(db, campaign.id, NOT_SENT_ON.message)
        if not n and done is None:
            raise _all_done(campaign)
        if n:
            trail.add(db, at=shop.now(), who=who, deed=GIVEN_UP, subject=str(campaign.id), cause=shop.cause)
        return n or campaigns.excluded(db, campaign.id).get(NOT_SENT_ON.message, 0)


def _in_waves(db: Database, campaign_id: int) -> Campaign:
    """The campaign if it is approved and goes out in waves."""
    campaign = found(db, campaign_id)
    number = str(campaign.id)
    if campaign.status != APPROVED:
        raise NotAllowed(
            Phrase("Campaign {id} is not approved, so it has no next wave; approve it first.", id=number)
            if campaign.status == "draft"
            else Phrase("Campaign {id} was dropped, so it has no next wave; draft a new one.", id=number)
        )
    if not waves.of(db, campaign.id):
        raise NotAllowed(
            Phrase(
                "Campaign {id} goes to everybody at once. To learn on the way, choose on a draft that a part of them "
                "gets it first; to take in who has come into its audience since: /wave more {id}",
                id=number,
            )
        )
    return campaign


def _all_done(campaign: Campaign) -> NotAllowed:
    return NotAllowed(
        Phrase(
            "Nobody waits for campaign {id} any more: everybody in it has had their wave. To take in who has come into "
            "its audience since: /wave more {id}",
            id=str(campaign.id),
        )
    )


def _next(shop: Shop, db: Database, campaign_id: int) -> _Next:
    campaign = _in_waves(db, campaign_id)
    waiting = waves.reserve(db, campaign.id)
    if not len(waiting):
        raise _all_done(campaign)
    excluded, tally = last_check_of_waiting(shop, db, campaign, waiting), verdicts.newest_tally(db, campaign.id)
    customers = np.array([one for one in waiting[c.CUSTOMER].tolist() if one not in excluded], np.int64)
    products = waiting.set_index(c.CUSTOMER)[waves.PRODUCT_ID].dropna()
    results = results_of(shop, db, campaign)
    variants = outcomes.variants(db, campaign.id)
    reports = reports_of(db, campaign.id, variants)
    try:
        chances = next_chances(db, campaign, variants, reports, left=customers.size, proven=results.verdict.best)
    except NotFound as error:
        raise NotAllowed(error.phrase) from error
    return _Next(
        campaign,
        customers,
        dict(zip(waiting[c.CUSTOMER].tolist(), waiting[waves.PERSON].tolist(), strict=True)),
        dict(zip(products.index.tolist(), products.tolist(), strict=True)),
        excluded,
        tally,
        results,
        chances,
        plan_of(db, campaign, variants),
        tuple(waves.of(db, campaign.id)),
        waves.n_messages(db, campaign.id),
    )


def _size(following: _Next, said: str | None) -> int:
    waiting = int(following.customers.size)
    if said is not None:
        return size_said(said, waiting)
    return usual_size(following.earlier[0].n, waiting, settled=following.results.verdict.state != "not yet")


def _card(db: Database, following: _Next, n: int) -> WaveCard:
    campaign, chosen = following.campaign, following.customers[:n]
    rng = _rng(campaign, len(following.earlier) + 1, drawing=False)
    shares = following.chances.shares(chosen, rng) if n else np.zeros(following.n_variants)
    longer = following.plan.grown_to(following.n_before + n, following.n_variants)
    full = longer is not None and len(following.plan.longer) >= MOST_EXTENSIONS
    return WaveCard(
        campaign=campaign.id,
        status="waiting",
        number=len(following.earlier) + 1,
        n=n,
        waiting=int(following.customers.size),
        left_out=following.left_out,
        holdout=campaigns.n_held(db, campaign.id),
        shares=tuple(shares.tolist()),
        by_person=following.chances.people is not None,
        results=following.results,
        earlier=following.earlier,
        unsent=waves.n_untouched(db, campaign.id),
        planned=following.plan.sends_now,
        longer=None if full else longer,
        full=full,
        why=_why(following, shares, n) if n else None,
    )


def _why(following: _Next, shares: Weights, n: int) -> Phrase | None:
    chances, results = following.chances, following.results
    if chances.people is not None:
        return None
    own = Tally.of([(variant.conversions, variant.reported) for variant in results.variants])
    return why_shares(
        following.campaign.plan.policy,
        chances.policy,
        replace(own, proven=results.verdict.best),
        shares,
        [variant.label for variant in results.variants],
        left=int(following.customers.size) - n,
        before=chances.before,
    )


def _written(shop: Shop, db: Database, following: _Next, chosen: Ids, number: int) -> list[Send]:
    """The messages of the wave, drawn by the chances at this moment."""
    campaign = following.campaign
    assignment = following.chances.draw(chosen, _rng(campaign, number, drawing=True))
    people = people_of(shop, db, campaign, following.persons)
    picks = following.picks
    asked = {customer: picks[customer] for customer in chosen.tolist() if customer in picks}
    shown = as_ruled(shop, db, asked) if asked else {}
    first = sends.last_position(db, campaign.id) + 1
    return written(db, people, chosen, assignment, texts_of(db, campaign), shown, first=first)


def _rng(campaign: Campaign, number: int, *, drawing: bool) -> np.random.Generator:
    """What a card shows is drawn by another stream than the wave itself."""
    return np.random.default_rng([campaign.plan.seed, number, int(drawing)])


def _refuse_twice(db: Database, campaign_id: int, number: int) -> None:
    before = next((wave for wave in waves.of(db, campaign_id) if wave.number == number), None)
    if before is not None:
        raise NotAllowed(
            Phrase(
                "Wave {n} of campaign {id} was approved on {at:%Y-%m-%d %H:%M} already; nothing was changed.",
                n=number,
                id=str(campaign_id),
                at=before.at,
            )
        )


def _nobody(following: _Next) -> NotAllowed:
    return NotAllowed(
        counted(
            "The {n} person who waits for campaign {id} may not be written to now ({reasons}); ask again later, or "
            "drop the rest.",
            "None of the {n} people who wait for campaign {id} may be written to now ({reasons}); ask again later, or "
            "drop the rest.",
            n=sum(following.left_out.values()),
            id=str(following.campaign.id),
            reasons=reasons_told(following.left_out),
        )
    )


def _approved_card(shop: Shop, db: Database, campaign_id: int, number: int) -> WaveCard:
    """A wave that was approved before, as it is told again."""
    campaign = found(db, campaign_id)
    there = waves.of(db, campaign.id)
    wave = next(one for one in there if one.number == number)
    results = results_of(shop, db, campaign)
    after = next((one.from_position for one in there if one.number == number + 1), None)
    variants = outcomes.variants(db, campaign.id)
    plan = plan_of(db, campaign, variants)
    longer = next((to for start, to in plan.longer if start == wave.from_send), None)
    frame = campaigns.recipients(db, campaign.id)
    mine = frame[(frame["position"] >= wave.from_position) & (after is None or frame["position"] < (after or 0))]
    sizes = mine["label"].value_counts().sort_index()
    at_draw = sends.chances_at_draw(db, campaign.id, len(variants))[mine.index.to_numpy()]
    shares = np.nan_to_num(at_draw).mean(axis=0) if len(at_draw) else np.zeros(len(variants))
    return WaveCard(
        campaign=campaign.id,
        status=APPROVED,
        number=number,
        n=wave.n,
        waiting=waves.n_waiting(db, campaign.id),
        left_out={},
        holdout=campaigns.n_held(db, campaign.id),
        shares=tuple(shares.tolist()),
        by_person=sends.goes_by_person(db, campaign.id),
        results=results,
        earlier=tuple(there),
        unsent=waves.n_untouched(db, campaign.id),
        planned=plan.sends_now,
        longer=longer,
        sizes={str(label): int(n) for label, n in sizes.items()},
    )
