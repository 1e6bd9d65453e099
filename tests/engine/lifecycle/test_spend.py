"""What people spend: shops at the edge, and intervals."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import TooLittleData
from engine.lifecycle import spend


def made_up(customers: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers of orders, their mean money, and each customer's true mean, under p 6, q 4, v 15."""
    rng = np.random.default_rng(7)
    n = rng.integers(1, 10, customers).astype(float)
    rate = rng.gamma(4, 1 / 15, customers)
    return n, rng.gamma(6 * n) / rate / n, 6 / rate


def test_intervals_hold_what_they_say() -> None:
    n, mean, true = made_up(3000)
    fit = spend.fit(n, mean)
    low, high = fit.interval(n, mean, 0.8)
    assert np.mean((low <= true) & (true <= high)) == pytest.approx(0.8, abs=0.03)
    assert fit.notes == ()


def test_few_customers_leave_it_unsure() -> None:
    n, mean, _ = made_up(3000)
    many, few = spend.fit(n, mean), spend.fit(n[:8], mean[:8])
    assert spend.SPENDERS_ARE_FEW in few.notes
    assert spend.SPENDING_IS_UNSURE in spend.fit(n[:200], mean[:200]).notes
    assert np.all(np.diag(few.covariance) > 4 * np.diag(many.covariance))


def test_more_orders_weigh_more() -> None:
    n, mean, _ = made_up(1000)
    fit = spend.fit(n, mean)
    shop_mean = fit.expected(np.zeros(1), np.zeros(1))[0]
    by_orders = fit.expected(np.array([1.0, 5.0, 500.0]), np.full(3, 200.0))
    assert shop_mean < by_orders[0] < by_orders[1] < by_orders[2] <= 200
    assert by_orders[2] == pytest.approx(200, rel=0.01)


def test_where_all_spend_the_same_it_says_so() -> None:
    fit = spend.fit(np.full(500, 3.0), np.full(500, 20.0))
    assert fit.notes == (spend.SPEND_ALIKE,)
    assert fit.expected(np.array([3.0]), np.array([20.0]))[0] == pytest.approx(20, rel=0.01)


@pytest.mark.parametrize(("n", "mean"), [([], []), ([2.0], [0.0]), ([0.0], [5.0]), ([1.0], [np.nan])])
def test_without_money_it_says_so(n: list[float], mean: list[float]) -> None:
    with pytest.raises(TooLittleData, match="no order with money"):
        spend.fit(np.array(n), np.array(mean))


def test_free_and_refunded_orders_do_no_harm() -> None:
    n, mean, _ = made_up(400)
    fit = spend.fit(np.r_[n, 2.0, 3.0], np.r_[mean, 0.0, -4.0])
    assert fit.loglik == pytest.approx(spend.fit(n, mean).loglik)
    assert np.all(fit.expected(np.array([2.0, 3.0]), np.array([0.0, -4.0])) > 0)
