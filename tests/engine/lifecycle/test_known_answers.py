"""What is published, or was computed with other software, about the purchase models on CDNOW."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.lifecycle import spend
from engine.lifecycle.counts import Counts, Floats
from engine.lifecycle.fitted import Family, Fitted
from engine.lifecycle.models import model
from tests.engine.lifecycle import cdnow

# Fitted to CDNOW in weeks by other software, to a gradient of 1e-16; rounded they are the published values of
# Fader, Hardie & Lee (2005): BG/NBD .243, 4.414, .793, 2.426, LL -9582.4; Pareto/NBD .553, 10.58, .606, 11.67, -9595.0
FITS = {
    "bgnbd": ((0.242594522430157, 4.4136020190135, 0.7929220172255771, 2.425906776826251), -9582.42920667393),
    "mbgnbd": ((0.524843159106258, 6.183085279575756, 0.8913593907322921, 1.6140022401706435), -9582.135715553752),
    "pareto_nbd": ((0.5532770723935185, 10.577683699957193, 0.6062399544834077, 11.66873232718931), -9594.976178939542),
}
# x, t_x, T; P(alive), E[Y(39)], E[Y(52)], P(none in 90 days) under these parameters
CASES = {
    "bgnbd": [
        ((2, 30.43, 38.86), (0.7266091626397168, 1.225906835428986, 1.5585780799875288, 0.6788410820248496)),
        ((0, 0.0, 38.86), (1.0, 0.19478203654114198, 0.251667285077002, 0.9388413614016337)),
        ((26, 30.86, 31.0), (0.9689185222639644, 20.750275252939193, 25.759040582697068, 0.03136743001989706)),
    ],
    "mbgnbd": [
        ((2, 30.43, 38.86), (0.7061256875050014, 1.2626692309444127, 1.5968237266097216, 0.668452470304177)),
        ((0, 0.0, 38.86), (0.38971505834441994, 0.1539542860688042, 0.19762928024252158, 0.9518802639293984)),
    ],
    "pareto_nbd": [
        ((2, 30.43, 38.86), (0.8691156599946824, 1.455098764176994, 1.850762731284316, 0.635539927151576)),
        ((0, 0.0, 38.86), (0.2950957718135648, 0.10705885928731117, 0.1361698268878923, 0.9668481539960765)),
        ((26, 30.86, 31.0), (0.9979178930562669, 20.11571756944605, 25.456318277177022, 0.02446930660793452)),
    ],
}
NAMES = sorted(FITS)


def under(name: str, params: tuple[float, ...]) -> Fitted:
    family: Family = model(name)  # type: ignore[assignment]
    return Fitted(family, np.log(params), 0.0, np.eye(4))


def one(x: float, t_x: float, time: float) -> Counts:
    return Counts(np.array([float(x)]), np.array([t_x]), np.array([time]))


def answers(fit: Fitted, counts: Counts) -> list[float]:
    found = (fit.p_alive(counts), fit.expected(counts, 39), fit.expected(counts, 52), fit.p_none(counts, 90 / 7))
    return [float(value[0]) for value in found]


@pytest.mark.parametrize("name", NAMES)
def test_predictions_agree_with_the_published_ones(name: str) -> None:
    fit = under(name, FITS[name][0])
    for history, known in CASES[name]:
        assert answers(fit, one(*history)) == pytest.approx(known, abs=1e-9, rel=0)


@pytest.mark.parametrize("name", NAMES)
def test_the_fit_is_the_published_one(name: str, datasets: Path) -> None:
    params, loglik = FITS[name]
    fit = model(name).fit(cdnow.weeks(datasets))
    # the likelihood of Pareto/NBD is flat at its top, and its known parameters are good to four digits
    near = 1e-3 if name == "pareto_nbd" else 1e-9
    assert list(fit.params.values()) == pytest.approx(params, rel=near)
    assert fit.loglik == pytest.approx(loglik, abs=1e-3 if name == "pareto_nbd" else 1e-7)
    assert fit.notes == ()


def test_standard_errors_are_the_known_ones(datasets: Path) -> None:
    fit = model("bgnbd").fit(cdnow.weeks(datasets))
    assert isinstance(fit, Fitted)
    errors = np.sqrt(np.diag(fit.covariance)) * list(fit.params.values())
    assert errors == pytest.approx((0.012557378, 0.378224060, 0.185733821, 0.705414259), rel=1e-5)


def test_days_and_weeks_tell_the_same(datasets: Path) -> None:
    weeks = cdnow.weeks(datasets)
    days = weeks.per(1 / 7)
    for name in NAMES:
        assert model(name).fit(days).p_none(days, 90) == pytest.approx(model(name).fit(weeks).p_none(weeks, 90 / 7))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("unit", ["exact_days_over_7", "packaged_2dp"])
def test_all_known_answers(name: str, unit: str, datasets: Path, reference: Path) -> None:
    known = json.loads((reference / "customers.json").read_text(encoding="utf-8"))["fits"][unit][name]
    counts = cdnow.weeks(datasets)
    if unit == "packaged_2dp":
        counts = Counts(counts.x, counts.t_x.round(2), counts.T.round(2))
    fit = model(name).fit(counts)
    rough = name == "pareto_nbd"
    for param, value in known["params"].items():
        assert fit.params[param] == pytest.approx(value, rel=1e-3 if rough else 1e-9)
    assert fit.loglik == pytest.approx(known["loglik"], abs=1e-3 if rough else 1e-7)
    for case in known["cases"]:
        who = one(case["x"], case["t_x"], case["T"])
        given = under(name, tuple(known["params"].values()))
        for by, near in ((given, 1e-9), (fit, 1e-5 if rough else 1e-9)):
            assert by.p_alive(who)[0] == pytest.approx(case["p_alive"], abs=near, rel=0)
            assert by.p_none(who, 90 / 7)[0] == pytest.approx(case["P_no_purchase_next_12_857w_90d"], abs=near, rel=0)
            for weeks in (13, 39, 52):
                assert by.expected(who, weeks)[0] == pytest.approx(case[f"E_Y_{weeks}"], abs=near, rel=0)


# Gamma-Gamma on the repeat days of CDNOW; published: p 6.25, q 3.74, v 15.44, E[M] 24.66, 18.91, 35.17
SPEND = {"p": 6.2495722713240065, "q": 3.7442246671319777, "v": 15.44352096258836}
SPENT = [(2, 22.35, 24.658018561043), (1, 11.77, 18.91001844679008), (0, 0.0, 35.17037126565612)]


def test_spend_is_the_published_one(datasets: Path) -> None:
    fit = spend.fit(*cdnow.spending(datasets))
    assert fit.params == pytest.approx(SPEND, rel=1e-9)
    assert fit.loglik == pytest.approx(-4055.9176948018708, abs=1e-8)
    assert fit.notes == ()
    for n, mean, expected in SPENT:
        assert fit.expected(np.array([float(n)]), np.array([mean]))[0] == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("unit", ["exact_days_over_7", "packaged_2dp"])
def test_all_known_answers_of_spend(unit: str, datasets: Path, reference: Path) -> None:
    known: dict[str, Any] = json.loads((reference / "customers.json").read_text(encoding="utf-8"))
    known = known["fits"][unit]["gamma_gamma"]
    n, mean = cdnow.spending(datasets)
    fit = spend.fit(n, half_up(mean) if unit == "packaged_2dp" else mean)
    assert len(n) == known["n_repeat"]
    assert np.corrcoef(n, mean)[0, 1] == pytest.approx(known["corr_x_m"], abs=1e-5)
    assert fit.params == pytest.approx(known["params"], rel=1e-9)
    assert fit.loglik == pytest.approx(known["loglik"], abs=1e-8)
    for case in known["cases"]:
        expected = fit.expected(np.array([float(case["x"])]), np.array([case["m"]]))
        assert expected[0] == pytest.approx(case["E_M"], rel=1e-9)


def half_up(money: Floats) -> Floats:
    return np.floor(money * 100 + 0.5 + 1e-7) / 100
