"""Drafts: three people to show, and what the owner is told."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.campaigns.drafts import LABEL, POSITION, notes_on_learning, notes_on_people, spread
from engine.phrases import Phrase


def sends(labels: str) -> pd.DataFrame:
    n = len(labels)
    return pd.DataFrame({c.CUSTOMER: range(100, 100 + n), LABEL: list(labels), POSITION: range(1, n + 1)})


def test_the_three_shown_are_of_different_variants_from_start_middle_and_end() -> None:
    # A at 100, 103, …; a third each: its entry 0 of 0–3, B's entry 2, C's entry 3
    assert spread(sends("ABCABCABCABC")) == [100, 107, 111]


def test_the_order_of_the_rows_does_not_matter() -> None:
    frame = sends("ABCABCABCABC")
    assert spread(frame.iloc[::-1]) == spread(frame)


@settings(max_examples=60)
@given(labels=st.text(alphabet="ABCDE", max_size=12))
def test_as_many_are_shown_as_there_are_up_to_three(labels: str) -> None:
    frame = sends(labels)
    shown = spread(frame)
    assert len(shown) == len(set(shown)) == min(3, len(labels))
    seen = frame.set_index(c.CUSTOMER).loc[shown, LABEL]
    assert seen.nunique() == min(3, len(set(labels)))


def learned(
    per_variant: list[int], *, holdout: int = 9, better: float | None = None, unknowing: Phrase | None = None
) -> list[str]:
    """Of a campaign whose buyers are about 5 of 100, and that is large enough."""
    said = notes_on_learning(
        per_variant=per_variant,
        holdout=holdout,
        base=0.05,
        why=Phrase("as is usual"),
        better=better,
        needed=0.0,
        unknowing=unknowing,
    )
    return [str(phrase) for phrase in said]


def of_people(goal: str, n: int = 1202, **more: int) -> list[str]:
    """Of a campaign to people of whom nothing is to be told."""
    told = {"unrecorded": 0, "bought": 0, "recent": 0, "without_product": 0, **more}
    return [str(phrase) for phrase in notes_on_people(goal=goal, n=n, **told)]


def test_a_large_plain_campaign_says_what_can_be_learned() -> None:
    assert learned([402, 400, 401], holdout=133, better=0.104) == [
        "Each version goes to 400 people or more: if one brings 5 buyers of 100 (as is usual), another has to bring "
        "about 10 of 100 for the difference to show."
    ]
    assert of_people("repeat_purchase", bought=1202, recent=500) == []


def test_everything_there_is_to_tell_of_people() -> None:
    assert of_people("win_back", unrecorded=1, recent=2, without_product=3) == [
        "Of those who get it 1 person bought and never objected, but no consent is recorded. Where the law asks for "
        "consent, ask first.",
        "2 people ordered in the last 30 days; “it has been a while” may puzzle them.",
        "3 people have no recommendation; their messages name no product.",
    ]


def test_who_has_ordered_is_not_invited_to_a_first_order_unsaid() -> None:
    assert of_people("first_purchase", bought=2) == [
        "2 people have ordered before; an invitation to a first order may puzzle them."
    ]
    assert of_people("first_purchase") == []


def test_wishes_to_all_at_once_are_said_to_be_so() -> None:
    assert of_people("birthday", n=49) == [
        "I do not know when anybody's birthday is: all 49 people get these wishes at once. To choose by name or number "
        "whose it is: /campaign to K001, K002"
    ]


def test_a_small_campaign_without_a_holdout_says_what_it_cannot_show() -> None:
    assert learned([13, 14, 13], holdout=0, better=0.31) == [
        "Nobody is held out, so orders that would have come anyway cannot be told from those you win.",
        "A version that only 13 people get cannot show whether it works better.",
    ]


def test_a_policy_that_learns_says_when_it_knows_nothing() -> None:
    how = Phrase("more for what worked before")
    assert learned([40, 40], unknowing=how)[0] == (
        "Who gets which: more for what worked before. Nothing is known of these versions yet, so each goes to the same "
        "number of people."
    )
    assert learned([80], unknowing=how) == []


def test_one_variant_has_nothing_to_compare() -> None:
    assert learned([40], holdout=4) == []
