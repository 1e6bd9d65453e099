"""The report is made of released figures alone, says how sure each is, and hides what is too small."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.phrases import Name, Phrase
from engine.privacy.budget import TOTAL
from engine.privacy.campaign_rates import rate_interval
from engine.privacy.consistent import adding_up, best_total, on_simplex
from engine.privacy.noise import give_or_take, scale_for
from engine.privacy.release import Asked, CampaignLabel, Exact, Figure, Released, packed, release, unpacked
from engine.privacy.report import FEWEST, PrivateReport, Section, Words, guarantee, least_shown, private_report
from tests.engine.privacy.made import N_PLACES, N_STAGES, shop_of

DAY = date(2026, 11, 1)
CAMPAIGN = (CampaignLabel(7, "win_back", ("A", "B")),)
WORDS = Words(
    tuple(Phrase("stage {n}", n=at) for at in range(N_STAGES)),
    tuple(Name(f"place {at}", f"地方{at}") for at in range(N_PLACES)),
    {"win_back": Phrase("Win people back")},
)


def told(n: int, epsilon: float, **more: object) -> tuple[Exact, Released, PrivateReport]:
    asked = Asked(epsilon, DAY, "CNY", campaigns=CAMPAIGN, **more)  # type: ignore[arg-type]
    exact = shop_of(n, asked)
    released = release(exact, asked, np.random.default_rng(1))
    return exact, released, private_report(released, WORDS)


def section(report: PrivateReport, key: str) -> Section:
    (found,) = [one for one in report.sections if one.key == key]
    return found


@pytest.mark.parametrize("groups", [0, 3])
def test_the_report_is_a_function_of_what_was_released(groups: int) -> None:
    """From the released figures alone, after a way through the store's JSON, comes the very same report."""
    _, released, report = told(3000, 0.5, groups=groups)
    assert private_report(unpacked(packed(released)), WORDS) == report


def test_two_shops_with_the_same_released_figures_have_the_same_report() -> None:
    """Whatever else differs between them: exact figures have no way into the report, not even through an argument."""
    _, released, report = told(3000, 0.5)
    other, _, _ = told(50, 0.5)
    assert other.n != 3000
    assert private_report(released, WORDS) == report


def test_ranges_hold_as_often_as_they_say() -> None:
    """Of the counts that are shown, and of the sums: the truth is in the range in 95 % of reports, or more."""
    inside = total = 0
    for _ in range(60):
        exact, released, report = told(5000, 1.0)
        truth = {f"stages_{at}": n for at, n in enumerate(exact.stages)}
        truth |= {f"segments_{at}": n for at, n in enumerate(exact.segments)}
        truth |= {f"orders_{at}": n for at, n in enumerate(exact.orders)} | {"customers": exact.n}
        bound, most = released.figures["money"].bound, released.figures["all_orders"].bound
        truth["money"] = float(np.minimum(exact.money, bound or 0).sum())
        truth["orders"] = int(np.minimum(exact.n_orders, most or 0).sum())
        for entry in (entry for one in report.sections for entry in one.shown if entry.key in truth):
            assert entry.low is not None
            assert entry.high is not None
            total += 1
            inside += entry.low * 0.9999 <= truth[entry.key] <= entry.high * 1.0001
    # noise has no seed: 0.95 less six standard errors of so many
    assert inside / total > 0.95 - 6 * np.sqrt(0.05 * 0.95 / total)
    assert total > 1000


def test_nothing_small_or_below_nothing_is_shown() -> None:
    for _ in range(20):
        _, _, report = told(40, 0.5)
        for one in report.sections:
            assert one.below is None or one.below >= FEWEST
            for entry in one.shown:
                assert entry.value is not None
                assert entry.value >= 0
                if one.below is not None and not entry.key.endswith("share"):
                    assert entry.value >= one.below
            for entry in one.hidden:
                assert (entry.value, entry.low, entry.high) == (None, None, None)


def test_empty_cells_are_hardly_ever_named() -> None:
    """A place where nobody is gets named by noise in one report of a hundred at most."""
    asked = Asked(0.5, DAY)
    reports = [private_report(release(shop_of(0, asked), asked, np.random.default_rng(1)), WORDS) for _ in range(100)]
    # of 100 such reports more than 10 in less than one case of ten million
    assert sum(bool(section(report, "places").shown) for report in reports) <= 10


def test_a_group_whose_middle_is_mostly_noise_is_not_described() -> None:
    _, _, small = told(60, 1.0, groups=2)
    assert section(small, "groups").shown == ()
    _, _, large = told(50_000, 1.0, groups=2)
    assert len(section(large, "groups").shown) == 2


def test_at_three_hundred_customers_it_says_what_the_noise_leaves() -> None:
    _, _, small = told(300, 0.5)
    _, _, large = told(50_000, 0.5)
    assert small.caution is not None
    assert "the noise covers much of this" in str(small.caution)
    assert large.caution is None


def test_a_sum_that_drowns_in_noise_is_not_told() -> None:
    _, released, _ = told(300, 0.5)
    money = released.figures["money"]
    drowned = Figure((give_or_take(money.scale) // 2,), money.epsilon, money.scale, money.bound, money.unit)
    report = private_report(Released(released.asked, {**released.figures, "money": drowned}, released.middles), WORDS)
    entry = next(entry for entry in section(report, "overview").entries if entry.key == "money")
    assert entry.value is None
    assert str(entry.said) == "cannot be told: the noise is as large as the figure"


def test_about_give_or_take() -> None:
    _, _, report = told(50_000, 1.0)
    entry = section(report, "stages").shown[0]
    assert f"about {entry.value:,}, give or take {give_or_take(scale_for(1.0 * 18 / 96)):,}" == str(entry.said)


def test_a_campaigns_versions() -> None:
    _, _, report = told(40_000, 1.0)
    one = section(report, "campaign_7")
    assert str(one.title) == "Campaign 7: Win people back"
    found = {entry.key: entry for entry in one.entries}
    share = found["campaign_7_A_share"]
    assert share.value == pytest.approx(0.1, abs=0.01)
    assert share.low is not None
    assert share.high is not None
    assert share.low < 0.1 < share.high


def test_a_goal_of_the_owners_own_is_not_told() -> None:
    asked = Asked(0.5, DAY, campaigns=(CampaignLabel(3, "for_rare_teapot_buyers", ("A",)),))
    report = private_report(release(shop_of(300, asked), asked, np.random.default_rng(1)), WORDS)
    assert str(section(report, "campaign_3").title) == "Campaign 3"
    assert "teapot" not in str(report)


def test_the_guarantee_in_two_sentences() -> None:
    first, second = map(str, guarantee(0.5))
    assert "1.65 times" in first  # e^.5
    assert "7.4 times" in second  # e^2
    assert TOTAL == 2.0


@given(st.lists(st.integers(-50, 500), min_size=1, max_size=30), st.floats(0, 5000))
def test_adjusted_counts_are_none_below_nothing_and_add_up(values: list[int], total: float) -> None:
    cells = adding_up(Figure(tuple(values), 1.0, 5.0), total)
    assert (cells >= 0).all()
    assert cells.sum() == pytest.approx(total, abs=1e-6)


def test_what_adds_up_already_stays() -> None:
    """The nearest point to one in the simplex is itself; (3, −1) to the sum 2 is (2, 0) (Duchi et al. 2008, fig. 1)."""
    assert on_simplex(np.array([3.0, 5.0]), 8.0).tolist() == [3.0, 5.0]
    assert on_simplex(np.array([3.0, -1.0]), 2.0).tolist() == [2.0, 0.0]


def test_a_total_goes_by_the_surer_count() -> None:
    """Variances 1 : 2 · 1 of a count and of two cells together: weights 2/3 and 1/3."""
    total, noise = best_total(Figure((100,), 1, 5.0), [Figure((50, 80), 1, 5.0)])
    assert total == pytest.approx(110)
    assert noise == pytest.approx(2 / 3 * 50, rel=0.01)  # 2 · scale², for a large scale


def test_a_share_without_noise_is_agresti_and_coulls() -> None:
    """10 of 100: (12 / 104) ± 1.96 √(p (1 − p) / 104) with p = 12 / 104."""
    low, share, high = rate_interval(10, 90, 0.01)
    assert share == 0.1
    assert [low, high] == pytest.approx([0.0540, 0.1768], abs=1e-4)
    noisy_low, _, noisy_high = rate_interval(10, 90, 10.0)
    assert noisy_low < low < high < noisy_high


def test_the_threshold_grows_with_the_noise() -> None:
    assert least_shown(Figure((0,) * 8, 1.0, 0.5)) == FEWEST
    assert least_shown(Figure((0,) * 8, 0.1, 10.0)) < least_shown(Figure((0,) * 300, 0.1, 10.0))
