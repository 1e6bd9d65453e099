"""What past campaigns say of the next one's versions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiments.modes import DEFAULT, informed, way_named
from engine.experiments.pooling import PastVersion, Version, prior
from engine.experiments.priors import Beta, Level
from engine.experiments.tally import Tally

WARM, BRISK = {"tone": "warm", "offer": "none"}, {"tone": "brisk", "offer": "none"}


def campaigns(n: int, warm: int = 16, brisk: int = 8) -> list[PastVersion]:
    """Each with new texts, and `warm` and `brisk` wins of 200."""
    return [
        PastVersion(f"{name}{i}", traits, i, wins, 200)
        for i in range(n)
        for name, traits, wins in (("w", WARM, warm), ("b", BRISK, brisk))
    ]


NEW = (Version("new warm", WARM), Version("new brisk", BRISK))


def told(past: list[PastVersion], versions: tuple[Version, ...] = NEW) -> Level:
    found = prior(past, versions)
    assert found is not None
    return found


def test_the_fifth_campaign_starts_wiser_than_the_first() -> None:
    assert prior([], NEW) is None
    assert prior([PastVersion("a", WARM, 1, 0, 0)], NEW) is None
    chances = []
    for n in (1, 2, 4, 8):
        weights = informed(way_named(DEFAULT), told(campaigns(n))).weights(Tally.empty(2), np.random.default_rng(1))
        chances.append(weights[0])
    assert chances == sorted(chances)
    assert 0.5 < chances[0] < 0.8 < chances[2]


def test_the_shops_level_is_found() -> None:
    assert told(campaigns(20)).level == pytest.approx(0.06, rel=0.1)


def test_a_text_that_was_sent_speaks_for_itself() -> None:
    past = [*campaigns(6), *(PastVersion("star", BRISK, i, 30, 200) for i in range(6))]
    found = told(past, (*NEW, Version("star", BRISK)))
    assert found.tilts[2] > found.tilts[0] > found.tilts[1]
    # what was sent itself is known better than what only has its traits
    assert found.spreads[2] < found.spreads[1]


def test_versions_that_never_differed_are_believed_alike() -> None:
    alike, apart = told(campaigns(20, 12, 12)), told(campaigns(20))
    assert alike.tilts == pytest.approx((1, 1), abs=1e-6)
    assert alike.spread < apart.spread + 1e-9 < Level().spread


def test_a_trait_that_nobody_had_is_no_reason() -> None:
    found = told(campaigns(6), (Version("x", {"tone": "poetic"}), Version("y", {"tone": "dry"})))
    assert found.tilts == pytest.approx((1, 1), abs=1e-6)


@given(order=st.permutations(range(12)))
@settings(max_examples=10)
def test_the_order_does_not_matter(order: list[int]) -> None:
    past = campaigns(6)
    assert told([past[i] for i in order]).tilts == pytest.approx(told(past).tilts, rel=1e-6)


def test_extremes_stay_in_bounds() -> None:
    past = [row for i in range(9) for row in (PastVersion("a", WARM, i, 200, 200), PastVersion("b", BRISK, i, 0, 200))]
    found = told(past, (Version("a", WARM), Version("b", BRISK)))
    assert 0.25 <= min(found.tilts) < max(found.tilts) <= 4
    assert all(0.15 <= spread <= 1 for spread in found.spreads)
    assert 0 < found.level < 1 and found.wins <= 3


# priors themselves


def test_a_level_has_the_spread_it_says() -> None:
    a, b = Level(level=0.04, spread=0.5).betas(Tally.empty(2))
    mean, sd = a / (a + b), np.sqrt(a * b / (a + b + 1)) / (a + b)
    assert mean == pytest.approx([0.04, 0.04])
    assert sd / mean == pytest.approx([0.5, 0.5])


@given(rate=st.sampled_from([0.005, 0.02, 0.1, 0.3, 0.6]))
def test_a_campaign_finds_its_own_level(rate: float) -> None:
    n = 20_000
    a, b = Level(level=0.03).betas(Tally.of([(round(rate * n), n)] * 4))
    assert a / (a + b) == pytest.approx(np.full(4, rate), rel=0.2)


@pytest.mark.parametrize("expected", [0.003, 0.9])
def test_a_strong_level_that_is_contradicted_gives_way_at_once(expected: float) -> None:
    """After 65 messages, 20 of which sold, a rate believed as surely as by 30 sales is forgotten."""
    after_some = Tally.of([(4, 13)] * 5)
    a, b = Level(level=expected, wins=30.0, spread=1.0).betas(after_some)
    assert (a + 4) / (a + b + 13) == pytest.approx(np.full(5, 4 / 13), rel=0.15)


def test_a_strong_level_that_fits_is_kept() -> None:
    a, b = Level(level=0.03, wins=30.0).betas(Tally.of([(1, 13), (0, 13)]))
    assert a / (a + b) == pytest.approx([0.03, 0.03], rel=0.1)


def test_a_fixed_beta_stays() -> None:
    a, b = Beta(2, 5).betas(Tally.of([(3, 9), (0, 1)]))
    assert (a.tolist(), b.tolist()) == ([2, 2], [5, 5])
