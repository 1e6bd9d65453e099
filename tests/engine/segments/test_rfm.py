"""Grids by recency, frequency and money: by hand, and Online Retail as it is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.errors import NotAllowed
from engine.feature_table import FeatureTable
from engine.features.bases.behavioural import FEATURES
from engine.progress import silent
from engine.segments.density import knee
from engine.segments.linkage import chained, cut
from engine.segments.methods import Grouping, hdbscan, rfm_eleven, rfm_ten, segmenter
from engine.segments.methods.kmeans import KMeans
from engine.segments.methods.rfm_eight import Eight
from engine.segments.prepare import points
from engine.segments.rfm import Cell, placed, scores

RNG = np.random.default_rng(0)


def rfm(recency: list[float], frequency: list[float], monetary: list[float]) -> FeatureTable:
    frame = pd.DataFrame({c.RECENCY_DAYS: recency, c.FREQUENCY: frequency, c.MONETARY: monetary}, dtype="float64")
    return FeatureTable(frame, FEATURES[:3], currency="CNY")


def sizes(grouping: Grouping) -> dict[str, int]:
    return {group.key: int((grouping.labels == label).sum()) for label, group in grouping.named.items()}


def test_who_has_the_same_value_has_the_same_score() -> None:
    assert scores(pd.Series([10.0, 20, 30, 40, 50])).tolist() == [1, 2, 3, 4, 5]
    assert scores(pd.Series([50.0, 10, 40, 30, 20])).tolist() == [5, 1, 4, 3, 2]
    # the middle of six ones of ten is at .3, in the second fifth
    assert scores(pd.Series([1.0] * 6 + [2, 3, 4, 5])).tolist() == [2] * 6 + [4, 4, 5, 5]
    assert scores(pd.Series([7.0] * 9)).tolist() == [3] * 9


def test_the_eight_groups_by_hand() -> None:
    # medians: 30 days, 2 orders, 100
    table = rfm([10, 30, 50, 5, 90], [3, 2, 4, 1, 1], [500, 100, 200, 100, 20])
    found = Eight().fit(table, "auto", RNG, silent)
    assert [found.named[label].key for label in found.labels.tolist()] == [
        "key-value", "ordinary-to-grow", "key-to-keep", "ordinary-to-grow", "ordinary-to-win-back",
    ]  # fmt: skip
    (key,) = (group for group in found.named.values() if group.key == "key-value")
    assert [str(rule) for rule in key.rules] == [
        "last order less than 31 days ago", "at least 3 orders", "spent more than ¥100 in all",
    ]  # fmt: skip


@pytest.mark.parametrize("cells", [rfm_ten.CELLS, rfm_eleven.CELLS], ids=["ten", "eleven"])
def test_each_pair_of_scores_has_one_cell(cells: tuple[Cell, ...]) -> None:
    step = 1.0 if cells is rfm_ten.CELLS else 0.5
    for recency in range(1, 6):
        for other in np.arange(1, 5 + step, step):
            holding = [
                cell.key
                for cell in cells
                if cell.recency[0] <= recency <= cell.recency[1] and cell.other[0] <= other <= cell.other[1]
            ]
            assert len(holding) == 1, (recency, other, holding)


def test_grids_need_orders() -> None:
    frame = pd.DataFrame({c.RECENCY_DAYS: [1.0, 2.0]})
    with pytest.raises(NotAllowed, match="goes by orders"):
        segmenter("rfm_ten").fit(FeatureTable(frame, FEATURES[:1]), "auto", RNG, silent)


@pytest.fixture(scope="module")
def retail(datasets: Path) -> FeatureTable:
    """Online Retail as customers.json has it: duplicates dropped, days to 2011-12-10."""
    rows = pd.read_parquet(datasets / "online_retail.parquet")
    rows = rows[rows["CustomerID"].notna() & (rows["Quantity"] > 0) & (rows["UnitPrice"] > 0)].drop_duplicates()
    rows = rows.assign(money=rows["Quantity"] * rows["UnitPrice"])
    by = rows.groupby("CustomerID").agg(
        last=("InvoiceDate", "max"), orders=("InvoiceNo", "nunique"), money=("money", "sum")
    )
    days = (pd.Timestamp("2011-12-10") - by["last"].dt.normalize()).dt.days
    return rfm(days.tolist(), by["orders"].tolist(), by["money"].tolist())


def test_the_quartiles_of_online_retail(retail: FeatureTable) -> None:
    told = retail.frame.quantile([0, 0.25, 0.5, 0.75, 1]).round(4)
    assert told[c.RECENCY_DAYS].tolist() == [1, 18, 51, 142.75, 374]
    assert told[c.FREQUENCY].tolist() == [1, 1, 2, 5, 209]
    assert told[c.MONETARY].tolist() == [3.75, 306.4825, 668.57, 1660.5975, 280206.02]
    assert retail.frame.mean().round(4).tolist() == [93.0595, 4.272, 2048.6881]


def test_the_eight_groups_of_online_retail(retail: FeatureTable) -> None:
    assert sizes(Eight("mean").fit(retail, "auto", RNG, silent)) == {
        "ordinary-to-grow": 1750, "ordinary-to-win-back": 1319, "key-value": 689, "ordinary-value": 358,
        "key-to-grow": 117, "ordinary-to-keep": 40, "key-to-win-back": 38, "key-to-keep": 27,
    }  # fmt: skip
    assert sizes(Eight("median").fit(retail, "auto", RNG, silent)) == {
        "ordinary-to-win-back": 1305, "key-value": 1299, "ordinary-to-grow": 579, "key-to-keep": 426,
        "key-to-win-back": 292, "key-to-grow": 152, "ordinary-value": 146, "ordinary-to-keep": 139,
    }  # fmt: skip


def test_the_ten_groups_of_online_retail(retail: FeatureTable) -> None:
    """The published figures part customers with one value by the order of their rows, which Zhike does not."""
    parted = retail.frame.rank(method="first").astype("float64")
    cell = placed(rfm_ten.CELLS, 6 - scores(parted[c.RECENCY_DAYS]), scores(parted[c.FREQUENCY]))
    keys = pd.Series([rfm_ten.CELLS[i].key for i in cell])
    assert keys.value_counts().to_dict() == {
        "hibernating": 1072, "loyal": 812, "champions": 633, "at-risk": 598, "potential-loyalists": 481,
        "about-to-sleep": 353, "need-attention": 188, "promising": 94, "cannot-lose": 65, "new": 42,
    }  # fmt: skip
    share = retail.frame.groupby(keys)[c.MONETARY].sum() / retail.frame[c.MONETARY].sum()
    assert share.round(4).to_dict() == {
        "hibernating": 0.0589, "loyal": 0.262, "champions": 0.4874, "at-risk": 0.0728, "potential-loyalists": 0.0563,
        "about-to-sleep": 0.0186, "need-attention": 0.0188, "promising": 0.0031, "cannot-lose": 0.0203, "new": 0.0018,
    }  # fmt: skip


def test_groups_of_online_retail_by_each_family(retail: FeatureTable) -> None:
    """Sizes of customers.json; of k-means no split that is worse than the one there (k: sum of squares)."""
    at = points(retail)
    tree = chained(at, "ward")
    for k, known in ((3, [1990, 1470, 878]), (4, [1470, 1139, 878, 851]), (5, [1470, 1139, 851, 730, 148])):
        assert sorted(np.bincount(cut(tree, k)).tolist(), reverse=True) == known
    assert np.bincount(hdbscan.found(at, 50).labels + 1).tolist() in ([566, 1380, 2392], [566, 2392, 1380])
    for k, most in ((2, 6476.5069), (3, 4858.0534), (4, 3925.4487)):
        labels = KMeans().everyone(at, k, np.random.default_rng(3))
        within = sum(((at[labels == group] - at[labels == group].mean(axis=0)) ** 2).sum() for group in range(k))
        assert within <= most + 0.01


def test_the_knee_of_a_curve() -> None:
    assert knee(np.array([0.0, 0, 0, 0, 0, 1, 2])) == 0
    assert knee(np.array([0.0, 1, 2, 3, 4, 40])) == 4
    assert knee(np.array([3.0, 3, 3])) == 3
