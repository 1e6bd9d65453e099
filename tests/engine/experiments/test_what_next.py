"""What a campaign does next by itself, why a wave's shares are what they are, and rates in whole people."""

from __future__ import annotations

import numpy as np
import pytest

from engine.experiments.modes import way_named
from engine.experiments.tally import Tally
from engine.experiments.what_next import what_next
from engine.experiments.why_shares import why_shares
from engine.phrases import in_people


def said(*shares: float, waiting: int = 300, best: int | None = None, by_choice: bool = False) -> str:
    return str(
        what_next(
            3, "AB"[: len(shares)], np.array(shares), waiting=waiting, best=best, by_choice=by_choice, by_person=False
        )
    )


def test_nobody_is_told_to_switch_while_waves_go_on() -> None:
    assert said(0.31, 0.69) == (
        "You need not change anything: 300 people still wait, and the next wave leans to B by itself (about 7 of 10 "
        "messages): /wave 3"
    )
    assert "gives B to nearly all by itself" in said(0.02, 0.98, best=1)
    assert "too little is known yet" in said(0.5, 0.5)
    assert "goes out evenly too, as you chose" in said(0.5, 0.5, by_choice=True)
    assert "drop the rest (/wave drop 3) and draft a campaign with B alone" in said(0.5, 0.5, best=1, by_choice=True)


def test_once_all_are_out_the_next_campaign_is_what_can_change() -> None:
    assert said(0.5, 0.5, waiting=0, best=1).endswith("use B from your next campaign on.")
    assert said(0.3, 0.7, waiting=0) == said(1.0) == "None"


def why(
    name: str,
    *shares: float,
    wins: tuple[int, int] = (3, 9),
    left: int = 50,
    before: bool = False,
    best: int | None = None,
) -> str:
    tally = Tally(np.array([40, 40]), np.array(wins), proven=best)
    return str(why_shares(name, way_named(name), tally, np.array(shares), "AB", left=left, before=before))


def test_a_wave_says_why_its_shares_are_so() -> None:
    assert why("uniform", 0.5, 0.5) == "Each version gets the same number, as you chose."
    assert why("cooling:earn", 0.5, 0.5).startswith("Too few have bought yet")
    assert why("cooling:earn", 0.3, 0.7).startswith("After this wave 50 people are left")
    assert why("cooling:earn", 0.1, 0.9, left=0).startswith("Nobody is left after this wave")
    assert why("cooling:know", 0.3, 0.7).startswith("Each version keeps at least a fifth")
    assert why("cooling:know", 0.01, 0.99, best=1) == "It is proven that B works best, so nearly all get it."
    assert why("thompson:earn", 0.3, 0.7).startswith("The likelier a version is")
    assert why("cooling:earn", 0.7, 0.3, before=True).startswith("Your earlier campaigns count, too: so A gets most")


def test_five_versions_that_each_keep_a_fifth_are_even_by_that() -> None:
    shares = np.full(5, 0.2)
    tally = Tally(np.full(5, 40), np.array([1, 2, 3, 4, 20]))
    found = why_shares("cooling:know", way_named("cooling:know"), tally, shares, "ABCDE", left=9, before=False)
    assert str(found) == "With so many versions each gets the same number until it is sure which is best."


# by hand: 7.5 of 100 is told as 8, which is 7 % off; 1.5 as 2 would be a third off
@pytest.mark.parametrize(
    ("rates", "told"),
    [
        ((0.05, 0.075), (100, (5, 8))),
        ((0.05, 0.1), (100, (5, 10))),
        ((0.01, 0.015), (1_000, (10, 15))),
        ((0.024,), (1_000, (24,))),
        ((0.05, 0.052), (1_000, (50, 52))),
        ((0.0003,), (10_000, (3,))),
        ((0.0,), (100, (0,))),
        ((0.998, 1.0), (1_000, (998, 1_000))),
    ],
)
def test_people_are_whole(rates: tuple[float, ...], told: tuple[int, tuple[int, ...]]) -> None:
    assert in_people(*rates) == told
