"""What a draft is made of: who may be written to, who gets which variant, and the texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns import drafts, messages, templates
from engine.campaigns.audience import Audience, Ids, days_since, n_unrecorded
from engine.campaigns.checks import unsaid
from engine.campaigns.drafts import MOST_VARIANTS
from engine.campaigns.holdout import default_share, split
from engine.campaigns.templates import Template
from engine.errors import NotAllowed, NotFound, TooLittleData
from engine.experiments.assign import Assignment, assign
from engine.experiments.modes import EVENLY, informed, way_named
from engine.experiments.plan import BASE_RATE, LearningPlan, needed_for, shown_by
from engine.experiments.policies import Informed
from engine.experiments.tally import Tally
from engine.phrases import Phrase
from engine.progress import Progress
from engine.services.behaviour import counting_day
from engine.services.contact import asking_for_plain, let_in
from engine.services.message_settings import settings_of
from engine.services.past_versions import prior_for, tells_apart
from engine.services.recommend_people import first_choices as chosen_first
from engine.services.rules_in_force import RulesInForce
from engine.services.templates import library
from engine.shop import Shop
from engine.store import campaigns, customers, orders, outcomes, segments
from engine.store.campaigns import Plan, Send, Variant
from engine.store.segments import StoredSegment

CHANNEL = "text"  # unless another is asked for
FEWEST_WINS = 10  # for a rate to expect


@dataclass(frozen=True)
class Composed:
    """Everything that is stored of a draft."""

    plan: Plan
    variants: Sequence[Variant]
    sends: Sequence[Send]
    held: Sequence[int]
    excluded: Mapping[int, str]
    learning: LearningPlan


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
    shown = _as_ruled(shop, db, picks)
    allowed = let_in(shop, db, people, channel)
    if not allowed.included.size:
        raise _nobody(segment.name, allowed)
    goal, language = texts[0].goal, texts[0].language
    share = default_share(allowed.included.size) if holdout is None else holdout
    seed = _seed(shop, campaigns.count(db))
    rng = np.random.default_rng(seed)
    written_to, held = split(allowed.included, share, rng)
    assignment, known = _assigned(db, texts, policy, written_to.size, rng)
    sends = _sends(db, people, written_to, assignment, texts, shown)
    unknowing = None if policy == EVENLY or known else way_named(policy).label
    learning = LearningPlan.of(written_to.size, len(texts), _base(_past(db, texts)))
    notes = _notes(people, sends, texts, consent, n_held=held.size, unknowing=unknowing, base=learning.base)
    of_shop = settings_of(db).facts
    # each thing once, whatever the number of versions that lack it
    notes += tuple(dict.fromkeys(lacking for text in texts if (lacking := unsaid(text, of_shop)) is not None))
    plan = Plan(segment.id, segment.key, segment.name, goal, channel, language, policy, seed, share, shop.now(), notes)
    return Composed(plan, _variants(texts, assignment), sends, held.tolist(), allowed.excluded, learning)


def _as_ruled(shop: Shop, db: Database, picks: Mapping[int, int]) -> Mapping[int, int]:
    """The picks that the owner's rules let through now; nobody who asked for no product gets one."""
    frame = pd.DataFrame(
        {c.CUSTOMER: np.array([*picks], np.int64), c.PRODUCT: np.array([*picks.values()], np.int64), c.RANK: 1}
    )
    shown = RulesInForce.of(shop, db).ruled(frame, top=1).picks
    return dict(zip(shown[c.CUSTOMER].tolist(), shown[c.PRODUCT].tolist(), strict=True))


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
    base: float,
) -> tuple[Phrase, ...]:
    ids = np.array([send.customer for send in sends])
    labels = [send.label for send in sends]
    per_variant = [labels.count(label) for label, _ in zip(ascii_uppercase, texts, strict=False)]
    naming = {label for label, text in zip(ascii_uppercase, texts, strict=False) if text.names_product}
    return drafts.notes(
        goal=texts[0].goal,
        per_variant=per_variant,
        holdout=n_held,
        unrecorded=n_unrecorded(ids, consent),
        recent=int((people.set_index(c.CUSTOMER).loc[ids, c.RECENCY_DAYS] <= drafts.RECENT_DAYS).sum()),
        without_product=sum(send.product is None and send.label in naming for send in sends),
        base=base,
        better=shown_by(base, min(per_variant)),
        needed=needed_for(base, drafts.HALF_AS_MUCH_AGAIN * base),
        unknowing=unknowing,
    )


def _nobody(segment: Phrase, allowed: Audience) -> NotAllowed:
    reasons = tuple(Phrase("{reason}: {n}", reason=Phrase(reason), n=n) for reason, n in allowed.reasons().items())
    if not reasons:
        return NotAllowed(Phrase("There is nobody in “{segment}”; choose another segment.", segment=segment))
    return NotAllowed(
        Phrase(
            "Nobody in “{segment}” may be written to ({reasons}); choose another segment.",
            segment=segment,
            reasons=reasons,
        )
    )


def _seed(shop: Shop, n_before: int) -> int:
    return int(np.random.SeedSequence([shop.seed, n_before]).generate_state(1)[0])


def _sends(
    db: Database,
    people: pd.DataFrame,
    ids: Ids,
    assignment: Assignment,
    texts: Sequence[Template],
    picks: Mapping[int, int],
) -> list[Send]:
    products = {id_: product.name for id_, product in orders.products(db).items()}
    of_shop = settings_of(db)
    plain = set(asking_for_plain(db).tolist())
    picks = {customer: product for customer, product in picks.items() if customer not in plain}
    facts = messages.readers(
        *(people, ids.tolist(), picks, products),
        language=texts[0].language,
        shop_name=of_shop.shop_name,
        shop_address=of_shop.shop_address,
    )
    facts = [of_shop.facts if customer in plain else known for customer, known in zip(ids.tolist(), facts, strict=True)]
    written = messages.write_all(texts, assignment.variant.tolist(), facts)
    chances = assignment.propensity.tolist()
    return [
        Send(
            customer=customer,
            label=ascii_uppercase[variant],
            position=position,
            propensity=chance,
            product=picks.get(customer),
            text=message.text,
            parts=message.parts or None,
            subject=message.subject,
            preheader=message.preheader,
            html=message.html,
            title=message.title,
            plain=customer in plain,
        )
        for position, (customer, variant, chance, message) in enumerate(
            zip(ids.tolist(), assignment.variant.tolist(), chances, written, strict=True), start=1
        )
    ]


def _assigned(
    db: Database, texts: Sequence[Template], policy: str, n: int, rng: np.random.Generator
) -> tuple[Assignment, bool]:
    """Who gets which, and whether anything was known of the versions beforehand.

    Policies that take a prior are told what all past campaigns say of these versions; the others count what the same
    texts have brought. How many are left is not told: what is learned serves the campaigns after this one, too.
    """
    way = way_named(policy)
    if isinstance(way, Informed):
        prior = prior_for(db, texts)
        way = way if prior is None else informed(way, prior)
        return assign(way, Tally.empty(len(texts)), n, rng), tells_apart(prior)
    past = _past(db, texts)
    return assign(way, past, n, rng), bool(past.sends.any())


def _past(db: Database, texts: Sequence[Template]) -> Tally:
    goal, language, names = texts[0].goal, texts[0].language, [text.name for text in texts]
    return outcomes.past_tally(db, goal=goal, channel=texts[0].channel, language=language, templates=names)


def _base(past: Tally) -> float:
    """The rate to expect: that of these texts before, where enough is known of it."""
    wins, sends = int(past.wins.sum()), int(past.sends.sum())
    return wins / sends if FEWEST_WINS <= wins < sends else BASE_RATE


def _variants(texts: Sequence[Template], assignment: Assignment) -> list[Variant]:
    shares = np.bincount(assignment.variant, minlength=len(texts)) / assignment.variant.size
    return [
        Variant(label, text.name, text.source, float(share), text.id)
        for label, text, share in zip(ascii_uppercase, texts, shares, strict=False)
    ]
