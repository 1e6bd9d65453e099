"""What is released: its cost, its bounds, and that nobody weighs more than stated."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from engine.privacy.borders import (
    FINEST,
    ORDERS,
    SEGMENTS,
    SPENT,
    border_cells,
    in_parts,
    segment_cells,
)
from engine.privacy.noise import cost
from engine.privacy.release import (
    Asked,
    CampaignLabel,
    Exact,
    Figure,
    Released,
    bound_from,
    packed,
    parts,
    quantile_for,
    release,
    unpacked,
)
from tests.engine.privacy.made import shop_of

DAY = date(2026, 11, 1)
TWO = (CampaignLabel(2, "win_back", ("A", "B")), CampaignLabel(1, "repeat", ("A",)))


@pytest.mark.parametrize("asked", [Asked(0.5, DAY), Asked(1.0, DAY, "CNY", 4, TWO), Asked(0.1, DAY, campaigns=TWO)])
def test_the_parts_never_cost_more_than_the_whole(asked: Asked) -> None:
    assert asked.epsilon * 0.999 < sum(parts(asked).values()) <= asked.epsilon
    released = release(shop_of(300, asked), asked, np.random.default_rng(1))
    assert set(released.figures) == set(parts(asked))
    assert asked.epsilon * 0.999 < released.epsilon <= asked.epsilon


def test_every_figure_has_the_noise_that_it_states() -> None:
    """By OpenDP's own account: a histogram changes by 1, a sum by its bound."""
    asked = Asked(0.5, DAY, campaigns=TWO)
    released = release(shop_of(300, asked), asked, np.random.default_rng(1))
    for key, figure in released.figures.items():
        most = {"money": FINEST, "all_orders": figure.bound}.get(key, 1)
        assert most is not None
        if key != "bound":
            assert cost(figure.scale, most) <= figure.epsilon


def test_a_customer_is_in_one_cell_of_each_histogram_and_within_the_bounds_of_each_sum() -> None:
    asked = Asked(0.5, DAY, campaigns=TWO)
    with_her, without = shop_of(300, asked, rich=1), shop_of(300, asked)
    for key in ("stages", "segments", "spent", "orders", "places"):
        assert np.abs(getattr(with_her, key) - getattr(without, key)).sum() == 1
    assert with_her.n - without.n == 1
    for bound in SPENT[1:]:
        assert 0 <= in_parts(with_her.money, bound) - in_parts(without.money, bound) <= FINEST


def test_money_is_never_bounded_by_the_datas_own_maximum() -> None:
    """One customer with all the money in the world moves the bound no more than any other customer does."""
    asked = Asked(1.0, DAY)
    for rich in (0, 1):
        exact = shop_of(2000, asked, rich=rich)
        drawn = [release(exact, asked, np.random.default_rng(1)).figures["money"].bound or 0 for _ in range(15)]
        # the bound is drawn by chance, and is far off in one report of a hundred
        assert 500 <= sorted(drawn)[7] <= 5000


def test_the_segments_are_by_public_borders() -> None:
    cells = segment_cells(np.array([0, 1, 2, 3, 4, 9]), np.array([0, 90, 91, 365, 366, 1]))
    names = list(SEGMENTS)
    assert [names[cell] for cell in cells] == [
        "none", "one_recent", "several_longer", "several_longer", "many_gone", "many_recent",
    ]  # fmt: skip


def test_cells_of_borders() -> None:
    assert border_cells(np.array([0, 1, 4, 5, 6, 100, 101]), ORDERS).tolist() == [0, 1, 4, 4, 5, 8, 9]
    assert border_cells(np.array([-5.0, 0.0, 0.01, 1.0, 1.01, 1e12]), SPENT).tolist() == [0, 0, 1, 1, 2, len(SPENT)]


def test_a_bound_is_where_hardly_anybody_is_above() -> None:
    histogram = Figure((0, 900, 500, 300, 200, 80, 3, 1, 0, 2), 1.0, 1e-9)
    # 2 / ε = 20 customers may be above: 6 are above ten orders
    assert bound_from(histogram, ORDERS, 0.1) == 10
    assert bound_from(histogram, ORDERS, 0.001) == 1
    assert bound_from(histogram, ORDERS, 1.5) == 100


def test_with_few_customers_the_median_leads_to_the_bound() -> None:
    assert quantile_for(300, 0.04) == (0.5, 5)
    quantile, times = quantile_for(100_000, 0.04)
    assert quantile == pytest.approx(0.99)
    assert times == 1


def test_what_was_released_can_be_kept() -> None:
    asked = Asked(1.0, DAY, "CNY", 3, TWO)
    released = release(shop_of(300, asked), asked, np.random.default_rng(1))
    assert unpacked(json.loads(json.dumps(packed(released)))) == released


def test_an_empty_shop_can_be_told_too() -> None:
    """Whether there is anybody at all is told by noise alone, so nothing may fail at zero."""
    asked = Asked(1.0, DAY, groups=3)
    released = release(shop_of(0, asked), asked, np.random.default_rng(1))
    assert isinstance(released, Released)


def test_exact_figures_do_not_print_by_accident() -> None:
    exact = shop_of(3, Asked(0.5, DAY))
    assert isinstance(exact, Exact)
    assert "array" not in repr(exact)
