"""To earn and to know: floors, verdicts, and who gets which then."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import NotFound
from engine.experiments.assign import assign, assign_each, draw, one_by_one
from engine.experiments.contexts import Contextual, Seen
from engine.experiments.modes import DEFAULT, KNOWING, MODES, InMode, informed, way_named, ways
from engine.experiments.policies import policies
from engine.experiments.policies.ucb1 import Ucb1
from engine.experiments.priors import Level
from engine.experiments.tally import Tally

CLEAR = Tally.of([(20, 1_000), (60, 1_000)])
contextual = {name: policy for name, policy in policies().items() if isinstance(policy, Contextual)}


def a_rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.mark.parametrize("name", policies())
@pytest.mark.parametrize("mode", MODES)
def test_every_policy_keeps_the_floor_of_its_mode(name: str, mode: str) -> None:
    policy = way_named(f"{name}:{mode}")
    weights = policy.weights(CLEAR, a_rng())
    assert weights.min() >= MODES[mode].floor - 1e-12
    assert weights.sum() == pytest.approx(1)
    assert assign(policy, CLEAR, 500, a_rng()).propensity.min() >= MODES[mode].floor - 1e-12


def test_who_wants_to_know_sends_the_winner_once_it_is_proven() -> None:
    policy = way_named(KNOWING)
    assert policy.weights(CLEAR, a_rng())[0] == pytest.approx(0.2, abs=0.01)
    proven = replace(CLEAR, proven=1)
    assert policy.weights(proven, a_rng()) == pytest.approx([0.001, 0.999])
    assert way_named(DEFAULT).weights(proven, a_rng()).tolist() == way_named(DEFAULT).weights(CLEAR, a_rng()).tolist()


def test_a_policy_without_chance_has_one_in_a_mode() -> None:
    policy = way_named("ucb1:know")
    made = assign(policy, CLEAR, 4_000, a_rng())
    steps = Ucb1().steps(CLEAR, 4_000)
    assert set(made.propensity.round(9)) == {0.8, 0.2}
    assert ((made.propensity > 0.5) == (made.variant == steps)).all()
    assert (made.variant == steps).mean() == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / 4_000))


def test_an_owner_chooses_between_three_ways() -> None:
    assert list(ways()) == [DEFAULT, KNOWING, "uniform"]
    for name, way in ways().items():
        assert way_named(name).label == way.label
        assert 60 < len(str(way.cost)) < 300


def test_an_unknown_aim_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(NotFound, match="“win”; choose one of: earn, know"):
        way_named("ucb1:win")


def test_an_unknown_way_is_answered_with_the_usual_ones_in_words() -> None:
    for name in ("dice:earn", "dice"):
        with pytest.raises(NotFound) as refused:
            way_named(name)
        said = str(refused.value)
        assert f"“{name}”" in said
        assert all(f"{way.label} ({key})" in said for key, way in ways().items())


def test_a_prior_goes_through_the_mode() -> None:
    told = informed(way_named(DEFAULT), Level(tilts=(1.0, 2.0), spreads=(0.2, 0.2)))
    assert told.weights(Tally.empty(2), a_rng())[1] > 0.9
    assert informed(way_named("ucb1"), Level()) == Ucb1()


@pytest.mark.parametrize("name", ["ucb1", "linucb", "thompson", DEFAULT, "uniform"])
def test_one_by_one_is_as_a_batch(name: str) -> None:
    policy = way_named(name)
    stream = one_by_one(policy, CLEAR, a_rng())
    drawn = [next(stream) for _ in range(3_000)]
    shares = np.bincount([variant for variant, _ in drawn], minlength=2) / 3_000
    batch = assign(policy, CLEAR, 3_000, a_rng())
    assert shares == pytest.approx(np.bincount(batch.variant, minlength=2) / 3_000, abs=0.03)
    if not isinstance(policy, InMode):
        assert {chance for _, chance in drawn} <= {*batch.propensity.tolist(), *policy.weights(CLEAR, a_rng())}


def test_the_next_one_alone_has_the_chance_of_its_weight() -> None:
    rng, tally = a_rng(), Tally.of([(20, 500), (30, 500)])
    for name in (DEFAULT, "thompson_revenue:earn", "uniform"):
        policy = way_named(name)
        drawn = np.bincount([draw(policy, tally, rng) for _ in range(1_500)], minlength=2) / 1_500
        assert drawn == pytest.approx(policy.weights(tally, rng), abs=4 * np.sqrt(0.25 / 1_500))


# for each person


def seen(n: int = 4_000) -> tuple[Seen, np.ndarray]:
    """Two kinds of people: the first version sells to the first kind (30 % to 5 %), the second to the second."""
    rng = a_rng()
    kind = rng.integers(0, 2, n)
    features = np.eye(2)[kind]
    variant = rng.integers(0, 2, n)
    won = rng.random(n) < np.where(kind == variant, 0.3, 0.05)
    return Seen(features, variant, won.astype(float), 2), np.eye(2)


@pytest.mark.parametrize("name", contextual)
def test_each_person_gets_what_works_for_people_like_that(name: str) -> None:
    past, people = seen()
    chances = contextual[name].chances(past, people, a_rng())
    assert chances == pytest.approx(np.eye(2), abs=0.01)


@pytest.mark.parametrize("name", contextual)
def test_while_nothing_is_known_nobody_is_preferred(name: str) -> None:
    people = np.eye(3)[np.arange(300) % 3]
    made = assign_each(contextual[name], Seen.nothing(3, 3), people, a_rng(), floor=0.05)
    assert np.bincount(made.variant, minlength=3).min() > 50
    assert ((made.propensity >= 0.05 - 1e-12) & (made.propensity <= 1)).all()


@pytest.mark.parametrize("name", contextual)
def test_what_waits_is_no_miss(name: str) -> None:
    past, people = seen(1_000)
    late = Seen(
        np.vstack([past.features, past.features]),
        np.concatenate([past.variant, past.variant]),
        np.concatenate([past.outcome, np.full(past.outcome.size, np.nan)]),
        2,
    )
    assert contextual[name].chances(late, people, a_rng()) == pytest.approx(np.eye(2), abs=0.02)


@pytest.mark.parametrize("fault", [{"features": np.full((1, 1), np.nan)}, {"variant": np.array([2])}])
def test_what_cannot_be_seen(fault: dict[str, np.ndarray]) -> None:
    good = {"features": np.ones((1, 1)), "variant": np.array([0]), "outcome": np.zeros(1)}
    with pytest.raises(ValueError, match=r"feature|variant"):
        Seen(**{**good, **fault}, n_variants=2)
