"""What can be learned with so many people, before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, inf

from sqlite_utils import Database

from engine.campaigns.channels import channel_named
from engine.campaigns.drafts import HALF_AS_MUCH_AGAIN, MOST_VARIANTS
from engine.campaigns.holdout import default_share
from engine.errors import NotAllowed
from engine.experiments.plan import Expected, needed_for, shown_by
from engine.experiments.power import clearly_better
from engine.experiments.verdict import MOST_SENDS
from engine.phrases import Phrase
from engine.services.campaign_draft import CHANNEL, segment_of
from engine.services.contact import let_in
from engine.services.results import sends_per_week
from engine.services.segment_rules import as_of_now
from engine.shop import Shop
from engine.store import campaigns, learning_plans

MOST_PEOPLE = 100_000_000


@dataclass(frozen=True)
class Outlook:
    """What `people` who may be written to can show with `n_versions`, each of which goes to `each`.

    `left_out` counts by reason who may not be written to; `holdout` get nothing, for comparison. `base` is the rate to
    expect, the shop's own if `own_base`. `shown` is the lowest rate that can be told from it, None if none can.
    `needed`: by rate (half as many buyers again, and twice as many), how many messages of each version it takes to tell
    it, and of how many weeks that is at the shop's pace (None: not known). `never`: not even twice as many can be told.
    `segment` is None of people who are only a number.
    """

    name: Phrase
    segment: int | None
    people: int
    left_out: Mapping[str, int]
    holdout: int
    n_versions: int
    each: int
    base: float
    own_base: bool
    shown: float | None
    needed: tuple[tuple[float, int, int | None], ...]
    per_week: float | None
    never: bool
    most: int = field(default=MOST_VARIANTS)


def outlook_for_number(shop: Shop, n: int, n_versions: int = 2) -> Outlook:
    """For so many people, of whom nothing is known. Raises NotAllowed for none, or versions that cannot be."""
    if not 1 <= n <= MOST_PEOPLE:
        raise NotAllowed(Phrase("Say how many people, 1 or more."))
    with shop.open() as db:
        return _outlook(shop, db, Phrase("so many people"), None, n, {}, n_versions)


def outlook_for_segment(shop: Shop, segment_id: int, n_versions: int = 2, channel: str = CHANNEL) -> Outlook:
    """For those of a segment who may be written to now on a channel.

    Raises NotFound, NotAllowed for versions that cannot be.
    """
    channel = channel_named(channel).key
    with shop.open() as db:
        segment = as_of_now(shop, db, segment_of(db, segment_id))
        allowed = let_in(shop, db, campaigns.people(db, segment.id), channel)
        return _outlook(
            shop, db, segment.name, segment.id, int(allowed.included.size), dict(allowed.reasons()), n_versions
        )


def _outlook(
    shop: Shop,
    db: Database,
    name: Phrase,
    segment: int | None,
    people: int,
    left_out: Mapping[str, int],
    n_versions: int,
) -> Outlook:
    if not 2 <= n_versions <= MOST_VARIANTS:
        raise NotAllowed(Phrase("Compare 2 to {most} versions.", most=MOST_VARIANTS))
    holdout = round(default_share(people) * people)
    each = (people - holdout) // n_versions
    expected = Expected.of({"shop": learning_plans.rate_so_far(db)})
    base = expected.rate
    pace = sends_per_week(db, shop.now(), n_versions)
    rates = (min(HALF_AS_MUCH_AGAIN * base, (1 + base) / 2), clearly_better(base))
    needed = tuple((rate, *_takes(needed_for(base, rate), pace)) for rate in rates)
    return Outlook(
        name,
        segment,
        people,
        left_out,
        holdout,
        n_versions,
        each,
        base,
        expected.source == "shop",
        shown_by(base, each) if each else None,
        needed,
        None if pace is None else pace * n_versions,
        each < needed[-1][1],
    )


def _takes(sends: float, pace: float | None) -> tuple[int, int | None]:
    whole = MOST_SENDS if sends == inf else ceil(sends)
    return whole, None if not pace else ceil(whole / pace)
