"""A campaign as its owner sees it before and after deciding on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from string import ascii_uppercase

import pandas as pd

from engine import columns as c
from engine.campaigns.waves import first_size
from engine.phrases import COMMA, Money, Name, Phrase, counted, in_people

N_SAMPLES = 3
MOST_VARIANTS = len(ascii_uppercase)
RECENT_DAYS = 30
FEWEST_TO_COMPARE = 30
HALF_AS_MUCH_AGAIN = 1.5  # times the buyers: what most owners would call a better text

# columns of a frame of sends, beside those of `engine.columns`
LABEL = "label"  # A, B, …
POSITION = "position"  # 1, 2, … in the order of assignment


@dataclass(frozen=True)
class DraftVariant:
    """One variant: `weight` is the share of the messages meant for it when it was drafted, `n` how many there are now.

    `sample` is the text that one real customer gets; empty where nobody gets this variant. `version` is that of its
    template; None of campaigns before there were versions.
    """

    label: str
    template: str
    title: Name
    weight: float
    n: int
    sample: str
    version: int | None = None


@dataclass(frozen=True)
class Sample:
    """What one real customer gets."""

    customer: str
    name: str | None
    variant: str
    product: Name | None
    text: str
    subject: str | None = None


@dataclass(frozen=True)
class SmsCost:
    """Of how many parts the SMS of a campaign are.

    `total` parts for all `n_messages` together; the longest are of `most`, which `n_most` people get. `cost` is of all
    of them, None where nobody has said what a part costs.
    """

    total: int
    most: int
    n_most: int
    n_messages: int
    cost: Money | None


@dataclass(frozen=True)
class Draft:
    """Exactly who gets what, in figures and three examples.

    `status` is draft, approved or dropped. `segment` is its id, None if it is no longer stored. `excluded` counts by
    reason, each the message of a phrase without facts, who was left out of the draft. `unsubscribed_since`: of a
    draft, how many of the audience have unsubscribed by now and would get nothing; of an approved campaign, how many
    were taken out of the audience for that. `plain` of the audience asked for no personalisation and get a text that
    goes by nothing known of them. For `quiet` of them it is a quiet hour now, the last until `quiet_until`. An approval
    can be taken back until `undo_until` (None: no longer) and holds until `expires_at`. `went` counts what has become
    of the messages, by way and state. `first_share` of the audience gets the message first (None: all at once); once it
    is approved that is the audience, and `waiting` people wait for a wave after the `waves` so far. `by_mail`: the bot
    can send it by e-mail itself.
    """

    campaign: int
    status: str
    segment: int | None
    segment_key: str
    segment_name: Phrase
    goal: str
    goal_title: Phrase
    channel: str
    language: str
    policy: str
    audience: int
    excluded: Mapping[str, int]
    holdout: int
    variants: tuple[DraftVariant, ...]
    samples: tuple[Sample, ...]
    notes: tuple[Phrase, ...]
    drafted_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    unsubscribed_since: int = 0
    plain: int = 0
    quiet: int = 0
    quiet_until: datetime | None = None
    undo_until: datetime | None = None
    expires_at: datetime | None = None
    went: Mapping[tuple[str, str], int] = field(default_factory=dict)
    sms: SmsCost | None = None
    first_share: float | None = None
    waiting: int = 0
    waves: int = 0
    by_mail: bool = False

    @property
    def deciding(self) -> tuple[Phrase, ...]:
        """Of the notes those that an owner decides by: consent, and what can be learned."""
        return tuple(note for note in self.notes if note.message in _DECIDING)

    @property
    def first(self) -> int:
        """How many of the audience of a draft would get the message first."""
        return first_size(self.first_share or 1.0, self.audience)


@dataclass(frozen=True)
class CampaignLine:
    """One campaign in a list of them; `audience` is how many people get a message, `waiting` how many may later."""

    campaign: int
    status: str
    segment_name: Phrase
    goal: str
    goal_title: Phrase
    language: str
    audience: int
    n_variants: int
    drafted_at: datetime
    decided_at: datetime | None
    waiting: int = 0


def spread(sends: pd.DataFrame) -> list[int]:
    """Up to three customers to show, of as many different variants, from the start, middle and end of the audience.

    `sends` has the columns customer, label and position.
    """
    ordered = sends.sort_values(POSITION)
    labels = sorted(ordered[LABEL].unique())
    picked: list[int] = []
    for i in range(min(N_SAMPLES, len(ordered))):
        left = ordered[~ordered[c.CUSTOMER].isin(picked)]
        of_variant = left[left[LABEL] == labels[i % len(labels)]]
        pool = of_variant if len(of_variant) else left
        picked.append(int(pool[c.CUSTOMER].iloc[len(pool) * (2 * i + 1) // (2 * N_SAMPLES)]))
    return picked


def still_true(notes: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Of the notes of a draft, those that also hold once it is decided: figures were those of the draft."""
    return tuple(note for note in notes if not note.facts)


def notes_on_people(
    *, goal: str, n: int, unrecorded: int, bought: int, recent: int, without_product: int
) -> tuple[Phrase, ...]:
    """What the owner should know of the `n` who get a message, before approving.

    Of them `unrecorded` have neither agreed nor objected, `bought` have ordered, `recent` in the last 30 days, and
    `without_product` get a message that would name a product if one were recommended to them.
    """
    said: list[Phrase] = []
    if unrecorded:
        said.append(_without_consent(unrecorded))
    if goal == "win_back" and recent:
        said.append(
            counted(
                "{n} person ordered in the last {days} days; “it has been a while” may puzzle them.",
                "{n} people ordered in the last {days} days; “it has been a while” may puzzle them.",
                n=recent,
                days=RECENT_DAYS,
            )
        )
    if goal == "first_purchase" and bought:
        said.append(
            counted(
                "{n} person has ordered before; an invitation to a first order may puzzle them.",
                "{n} people have ordered before; an invitation to a first order may puzzle them.",
                n=bought,
            )
        )
    if goal == "birthday":
        # of a birthday files tell the year, if anything: Zhike keeps no more of it
        said.append(
            counted(
                "I do not know when anybody's birthday is: {n} person gets these wishes. To choose by name or number "
                "whose it is: /campaign to K001, K002",
                "I do not know when anybody's birthday is: all {n} people get these wishes at once. To choose by name "
                "or number whose it is: /campaign to K001, K002",
                n=n,
            )
        )
    if without_product:
        said.append(
            counted(
                "{n} person has no recommendation; their message names no product.",
                "{n} people have no recommendation; their messages name no product.",
                n=without_product,
            )
        )
    return tuple(said)


def _without_consent(n: int) -> Phrase:
    return counted(
        "Of those who get it {n} person bought and never objected, but no consent is recorded. Where the law asks for "
        "consent, ask first.",
        "Of those who get it {n} people bought and never objected, but no consent is recorded. Where the law asks for "
        "consent, ask first.",
        n=n,
    )


def notes_on_learning(
    *,
    per_variant: Sequence[int],
    holdout: int,
    base: float,
    why: Phrase,
    better: float | None,
    needed: float,
    unknowing: Phrase | None,
) -> tuple[Phrase, ...]:
    """What a campaign can show, before approving. `per_variant` is how many get each variant.

    `better` is the rate that the fewest of `per_variant` can tell from `base`, None if no rate is high enough;
    `needed` how many of each variant it takes to tell half as much again from it; `why` that is the rate to expect.
    `unknowing` is how a policy shares out that goes by what came of the versions before, while nothing did.
    """
    said: list[Phrase] = []
    if not holdout:
        said.append(
            Phrase("Nobody is held out, so orders that would have come anyway cannot be told from those you win.")
        )
    if len(per_variant) > 1 and unknowing is not None:
        said.append(
            Phrase(
                "Who gets which: {how}. Nothing is known of these versions yet, so each goes to the same number of "
                "people.",
                how=unknowing,
            )
        )
    if len(per_variant) > 1:
        said.append(_what_can_be_learned(min(per_variant), base, why, better))
        if 0 < min(per_variant) < needed:
            said.append(_what_it_takes(base, None if _shows(min(per_variant), better) else why, needed))
    return tuple(said)


def _what_can_be_learned(n: int, base: float, why: Phrase, better: float | None) -> Phrase:
    if n == 0:
        return Phrase("Not every version goes to somebody, so not all can be compared.")
    if better is None or not _shows(n, better):
        return counted(
            "A version that only {n} person gets cannot show whether it works better.",
            "A version that only {n} people get cannot show whether it works better.",
            n=n,
        )
    of, (few, many) = in_people(base, better)
    return Phrase(
        "Each version goes to {people} people or more: if one brings {base} buyers of {of} ({why}), another has to "
        "bring about {better} of {of} for the difference to show.",
        people=n,
        base=few,
        better=many,
        of=of,
        why=why,
    )


def _shows(n: int, better: float | None) -> bool:
    return better is not None and n >= FEWEST_TO_COMPARE


def _what_it_takes(base: float, why: Phrase | None, needed: float) -> Phrase:
    """`why` that rate is expected, where it was not told yet."""
    of, (few, many) = in_people(base, HALF_AS_MUCH_AGAIN * base)
    facts = {"base": few, "better": many, "of": of, "people": _two_digits(needed)}
    if why is None:
        return Phrase(
            "To tell about {better} buyers of {of} from {base}, each version has to go to about {people} people.",
            **facts,
        )
    return Phrase(
        "To tell about {better} buyers of {of} from {base} ({why}), each version has to go to about {people} people.",
        why=why,
        **facts,
    )


def _two_digits(number: float) -> int:
    """Rounded up to two digits that count: more would promise what nobody knows."""
    step: int = 10 ** max(0, len(str(int(number))) - 2)
    return -(-int(number) // step) * step


# by their wording, as notes are stored
_DECIDING = frozenset(
    note.message
    for note in (
        _without_consent(1),
        *(_what_can_be_learned(n, 0.05, COMMA, better) for n, better in ((0, None), (1, None), (400, 0.1))),
    )
)
