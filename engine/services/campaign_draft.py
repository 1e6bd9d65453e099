"""What a draft is made of: who may be written to, who gets which variant, and the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns import drafts, templates
from engine.campaigns.audience import Audience, days_since, n_unrecorded, reasons_told
from engine.campaigns.checks import unsaid
from engine.campaigns.drafts import MOST_VARIANTS
from engine.campaigns.holdout import default_share, split
from engine.campaigns.templates import Template
from engine.errors import NotAllowed, NotFound, TooLittleData
from engine.experiments.assign import Assignment
from engine.experiments.modes import EVENLY, of_each_person, way_named
from engine.experiments.plan import Expected, LearningPlan, needed_for, shown_by
from engine.experiments.policies import goes_by_steps
from engine.experiments.tally import Tally
from engine.phrases import Phrase
from engine.progress import Progress
from engine.services.behaviour import counting_day
from engine.services.campaign_chances import first_chances, past_of
from engine.services.campaign_texts import as_ruled, written
from engine.services.contact import let_in
from engine.services.contexts import features_of
from engine.services.message_settings import settings_of
from engine.services.past_versions import pooled_note
from engine.services.recommend_people import first_choices as chosen_first
from engine.services.templates import library
from engine.shop import Shop
from engine.store import campaigns, customers, learning_plans, segments
from engine.store.campaigns import Plan, Send, Variant
from engine.store.segments import StoredSegment

CHANNEL = "text"  # unless another is asked for
_BY_EARLIER = Phrase(
    "How many get which version goes by what your earlier campaigns brought, of these texts or of ones like them."
)


@dataclass(frozen=True)
class Composed:
    """Everything that is stored of a draft."""

    plan: Plan
    variants: Sequence[Variant]
    sends: Sequence[Send]
    held: Sequence[int]
    excluded: Mapping[int, str]
    learning: LearningPlan
    like: Mapping[int, Sequence[float]]  # what people are like, for a policy that goes by it


def segment_of(db: Database, id_: int) -> StoredSegment:
    """The segment with this id, of whichever run. Raises NotFound, which lists those of the newest."""
    segment = segments.by_id(db, id_)
    if segment is not None:
        return segment
    newest = segments.latest(db)
    if newest is None:
        raise NotFound(Phrase("There is no segment {id}; find segments first.", id=str(id_)))
    there = tuple(Phrase("{name} ({id})", name=one.name, id=str(one.id)) for one in newest.segments)
    raise NotFound(Phrase("There is no segment {id}; there are: {segments}.", id=str(id_), segments=there))


def texts_for(
    db: Database, goal: str, language: str, variants: Sequence[str] | None = None, channel: str = CHANNEL
) -> tuple[Template, ...]:
    """The newest versions of the templates of these names, or of all there are for the goal.

    Raises NotFound, NotAllowed for none or too many.
    """
    names = None if variants is None else tuple(variants)
    texts = templates.chosen(library(db), goal, channel=channel, language=language, variants=names)
    if not 1 <= len(texts) <= MOST_VARIANTS:
        raise NotAllowed(
            Phrase("A campaign has 1 to {most} versions, not {n}; choose them again.", n=len(texts), most=MOST_VARIANTS)
        )
    return texts


def first_choices(shop: Shop, segment_id: int, progress: Progress) -> Mapping[int, int]:
    """The product to recommend by customer; none where there is too little to go by."""
    try:
        return chosen_first(shop, segment_id, lambda doing, share: progress(doing, share / 2))
    except TooLittleData:
        return {}


def composed(
    shop: Shop,
    db: Database,
    segment: StoredSegment,
    texts: Sequence[Template],
    picks: Mapping[int, int],
    *,
    policy: str,
    holdout: float | None,
) -> Composed:
    """A draft for the segment's people: who may be written to, who is held out, and who gets which of `texts`.

    `picks` is the product to recommend by customer. Raises NotAllowed if nobody may be written to.
    """
    channel = texts[0].channel
    people, consent = _people(shop, db, segment.id), customers.consent(db, channel)
    shown = as_ruled(shop, db, picks)
    allowed = let_in(shop, db, people, channel)
    if not allowed.included.size:
        raise _nobody(segment.name, allowed)
    goal, language = texts[0].goal, texts[0].language
    share = default_share(allowed.included.size) if holdout is None else holdout
    seed = _seed(shop, campaigns.count(db))
    rng = np.random.default_rng(seed)
    written_to, held = split(allowed.included, share, rng)
    like = features_of(shop, db, written_to, way_named(policy))
    first = first_chances(db, texts, policy, like)
    assignment = first.draw(written_to, rng)
    sends = written(db, people, written_to, assignment, texts, shown)
    unknowing = None if policy == EVENLY or first.knows else way_named(policy).label
    expected = _expected(past_of(db, texts), learning_plans.rate_so_far(db))
    learning = LearningPlan.of(written_to.size, len(texts), expected.rate)
    notes = _notes(people, sends, texts, consent, n_held=held.size, unknowing=unknowing, expected=expected)
    of_shop = settings_of(db).facts
    # each thing once, whatever the number of versions that lack it
    if like is not None and len(texts) > 1:
        notes += (_of_each(policy),)
    if policy != EVENLY and first.knows and np.ptp(np.bincount(assignment.variant, minlength=len(texts))) > 1:
        notes += (_BY_EARLIER,)
    if policy != EVENLY and (note := pooled_note(db, texts)) is not None:
        notes += (note,)
    notes += tuple(dict.fromkeys(lacking for text in texts if (lacking := unsaid(text, of_shop)) is not None))
    plan = Plan(segment.id, segment.key, segment.name, goal, channel, language, policy, seed, share, shop.now(), notes)
    variants = _variants(texts, assignment)
    return Composed(plan, variants, sends, held.tolist(), allowed.excluded, learning, like or {})


def _people(shop: Shop, db: Database, segment_id: int) -> pd.DataFrame:
    people = campaigns.people(db, segment_id)
    return people.assign(**{c.RECENCY_DAYS: days_since(people[c.AT], counting_day(shop, db))})


def _notes(
    people: pd.DataFrame,
    sends: Sequence[Send],
    texts: Sequence[Template],
    consent: Mapping[int, str],
    *,
    n_held: int,
    unknowing: Phrase | None,
    expected: Expected,
) -> tuple[Phrase, ...]:
    ids = np.array([send.customer for send in sends])
    labels = [send.label for send in sends]
    per_variant = [labels.count(label) for label, _ in zip(ascii_uppercase, texts, strict=False)]
    naming = {label for label, text in zip(ascii_uppercase, texts, strict=False) if text.names_product}
    days = people.set_index(c.CUSTOMER).loc[ids, c.RECENCY_DAYS]
    of_people = drafts.notes_on_people(
        goal=texts[0].goal,
        n=len(ids),
        unrecorded=n_unrecorded(ids, consent),
        bought=int(days.notna().sum()),
        recent=int((days <= drafts.RECENT_DAYS).sum()),
        without_product=sum(send.product is None and send.label in naming for send in sends),
    )
    of_learning = drafts.notes_on_learning(
        per_variant=per_variant,
        holdout=n_held,
        base=expected.rate,
        why=expected.why,
        better=shown_by(expected.rate, min(per_variant)),
        needed=needed_for(expected.rate, drafts.HALF_AS_MUCH_AGAIN * expected.rate),
        unknowing=unknowing,
    )
    return (*of_people, *of_learning)


def _nobody(segment: Phrase, allowed: Audience) -> NotAllowed:
    reasons = reasons_told(allowed.reasons())
    if not reasons:
        return NotAllowed(Phrase("There is nobody in “{segment}”; choose another segment.", segment=segment))
    return NotAllowed(
        Phrase(
            "Nobody in “{segment}” may be written to ({reasons}); choose another segment.",
            segment=segment,
            reasons=reasons,
        )
    )


def _of_each(policy: str) -> Phrase:
    """What a policy that chooses for each person asks of its owner."""
    one = of_each_person(way_named(policy))
    if one is not None and (one[1] > 0 or not goes_by_steps(way_named(policy))):
        return Phrase(
            "Who gets which goes by what each person is like. Tell me who bought with a file, as counts alone do not "
            "teach it."
        )
    return Phrase(
        "Who gets which goes by what each person is like, with nothing left to chance: no verdict can come of it. "
        "Choose it with an aim, to earn or to know, for one."
    )


def _seed(shop: Shop, n_before: int) -> int:
    return int(np.random.SeedSequence([shop.seed, n_before]).generate_state(1)[0])


def _expected(past: Tally, of_shop: tuple[int, int]) -> Expected:
    return Expected.of({"texts": (int(past.wins.sum()), int(past.sends.sum())), "shop": of_shop})


def _variants(texts: Sequence[Template], assignment: Assignment) -> list[Variant]:
    shares = np.bincount(assignment.variant, minlength=len(texts)) / assignment.variant.size
    return [
        Variant(label, text.name, text.source, float(share), text.id)
        for label, text, share in zip(ascii_uppercase, texts, shares, strict=False)
    ]
