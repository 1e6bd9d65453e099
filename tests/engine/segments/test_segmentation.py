"""Customers in segments: made groups, bad input, and the real thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.feature_table import Feature, FeatureTable
from engine.features.bases.behavioural import table
from engine.features.behavioural import behavioural, counted_from
from engine.phrases import Phrase
from engine.segments.methods import methods, segmenter
from engine.segments.segmentation import Segmentation, segmentation
from tests.engine.segments.made import AS_OF, alike, groups, one_cloud


def segmented(features: pd.DataFrame, k: int | str = "auto", method: str = "kmeans") -> Segmentation:
    return segmentation(table(features), features, as_of=AS_OF, seed=1, method=method, k=k, currency="GBP")


def test_made_groups_come_out_with_names_sentences_and_rules() -> None:
    features, truth = groups(3, 40, np.random.default_rng(0))
    found = segmented(features)
    assert found.k == 3
    assert [segment.key for segment in found.segments] == [
        "regulars-who-spend-big",
        "repeat-buyers-quiet-for-a-while",
        "one-time-buyers-who-spend-little-long-gone",
    ]
    first = found.segments[0]
    assert str(first.sentence).startswith("40 customers (33% of people, 9")
    assert found.labels.loc[101] == first.key
    assert first.profile[c.FREQUENCY] == features[c.FREQUENCY][truth == 0].median()
    assert c.GAP_DAYS not in found.segments[2].profile
    assert found.quality["agreement"] == 1
    assert found.quality["prediction_strength"]["3"] > 0.9
    assert found.quality["stability"].keys() == {segment.key for segment in found.segments}
    assert min(found.quality["stability"].values()) > 0.95


@pytest.mark.parametrize("method", methods())
@settings(max_examples=8)
@given(seed=st.integers(0, 2**32 - 1), k=st.one_of(st.just("auto"), st.integers(1, 12)))
def test_laws(method: str, seed: int, k: int | str) -> None:
    features = one_cloud(60, np.random.default_rng(seed))
    if isinstance(k, int) and not segmenter(method).takes_k:
        k = 1
    found = segmented(features, k, method)
    assert found.labels.index.equals(features.index)
    sizes = found.labels.value_counts()
    assert {segment.key: segment.size for segment in found.segments} == sizes.to_dict()
    assert sum(segment.share_of_customers for segment in found.segments) == pytest.approx(1)
    shares = [segment.share_of_revenue for segment in found.segments]
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)
    assert found.k == len(found.segments) == (k if k != "auto" else found.k)


def test_the_order_of_rows_does_not_matter() -> None:
    features, _ = groups(3, 30, np.random.default_rng(0))
    shuffled = features.sample(frac=1, random_state=3)
    pd.testing.assert_series_equal(segmented(features, 5).labels, segmented(shuffled, 5).labels)


@pytest.mark.parametrize("n", [1, 2, 19])
def test_few_customers_are_one_segment_that_says_why(n: int) -> None:
    features, _ = groups(2, 10, np.random.default_rng(0))
    found = segmented(features.head(n))
    (everyone,) = found.segments
    assert (everyone.key, everyone.size, everyone.rules) == ("all-customers", n, ())
    assert str(everyone.sentence).endswith("With fewer than 20 customers, groups would be chance.")


@pytest.mark.parametrize("k", ["auto", 1, 2, 20])
def test_39_customers_may_be_grouped(k: int | str) -> None:
    found = segmented(one_cloud(39, np.random.default_rng(0)), k)
    assert found.k == (1 if k == "auto" else k)
    assert sum(segment.size for segment in found.segments) == 39


def test_customers_all_alike_are_one_segment_that_says_why() -> None:
    (everyone,) = segmented(alike(30)).segments
    assert str(everyone.sentence).endswith("Their orders are all alike, so there are no groups.")


def test_a_cloud_is_one_segment_that_says_why() -> None:
    found = segmented(one_cloud(200, np.random.default_rng(0)))
    (everyone,) = found.segments
    assert str(everyone.sentence).endswith(
        "Half of them show other groups than the other half does, so there are none to rely on."
    )
    assert max(found.quality["prediction_strength"].values()) < 0.8


def test_one_segment_because_one_was_asked_for() -> None:
    (everyone,) = segmented(one_cloud(200, np.random.default_rng(0)), 1).segments
    assert str(everyone.sentence).endswith("in all.")
    assert segmented(alike(1), 1).k == 1


def test_no_customer_is_too_little() -> None:
    with pytest.raises(TooLittleData, match=r"No order of a known customer is here yet"):
        segmented(alike(1).head(0))


def test_groups_of_few_customers_are_refused() -> None:
    with pytest.raises(TooLittleData, match=r"With fewer than 20 customers groups would be chance, and there are 3"):
        segmented(alike(3), 5)


@pytest.mark.parametrize("k", [0, 21, -1, "7", "many", 2.5, True])
def test_a_number_of_groups_that_cannot_be_is_refused(k: int | str) -> None:
    with pytest.raises(NotAllowed, match=rf"The number of groups is {k}; choose 1 to 20, or auto"):
        segmented(alike(30), k)


def test_more_groups_than_customers_that_differ_are_refused() -> None:
    two_kinds = pd.concat([alike(15), alike(15).assign(monetary=99.0).rename(index=lambda id_: id_ + 50)])
    assert segmented(two_kinds, 2).k == 2
    with pytest.raises(
        NotAllowed, match=r"There are only 2 different kinds of order history, so no 3 groups; choose auto"
    ):
        segmented(two_kinds, 3)


def test_customers_who_are_all_alike_make_no_groups() -> None:
    with pytest.raises(NotAllowed, match=r"There is only 1 kind of order history, so no 3 groups; choose auto"):
        segmented(alike(30), 3)


def test_as_many_groups_as_customers() -> None:
    assert segmented(one_cloud(20, np.random.default_rng(0)), 20).k == 20


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(NotAllowed, match=r"named horoscope"):
        segmented(alike(30), method="horoscope")


def test_progress_grows() -> None:
    seen: list[float] = []

    def watch(doing: Phrase, share: float) -> None:
        seen.append(share)

    features, _ = groups(3, 30, np.random.default_rng(0))
    segmentation(table(features), features, as_of=AS_OF, seed=1, progress=watch)
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1


def test_online_retail_falls_into_groups_of_use(datasets: Path) -> None:
    lines = pd.read_parquet(datasets / "online_retail.parquet")
    lines = lines[(lines["CustomerID"] > 0) & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines = lines.assign(revenue=lines["Quantity"] * lines["UnitPrice"])
    orders = lines.groupby(["CustomerID", "InvoiceNo"], as_index=False).agg(
        at=("InvoiceDate", "min"), revenue=("revenue", "sum"), quantity=("Quantity", "sum")
    )
    as_of = counted_from(orders["at"].max(), pd.Timestamp("2026-11-23"))
    n_products = lines.groupby("CustomerID")["StockCode"].nunique()
    features = behavioural(orders.rename(columns={"CustomerID": c.CUSTOMER}), n_products, as_of)
    # figures of the data set's description
    assert len(features) == 4_338
    assert features[c.FREQUENCY].sum() == 18_532
    assert features[c.MONETARY].sum() == pytest.approx(8_911_407.90, abs=0.01)

    found = segmented(features)
    assert 2 <= found.k <= 5
    assert min(segment.share_of_customers for segment in found.segments) > 0.1
    best = found.segments[0]
    assert best.key == "repeat-buyers-who-spend-more-than-most"
    assert best.share_of_revenue > 0.5 > best.share_of_customers
    # by the rules of the reference: 87 to 89 % of customers with 2k leaves, and near a border they decide
    assert found.quality["agreement_found"] > 0.86
    assert found.quality["agreement"] > 0.95
    assert found.quality["kept"] > 0.9
    assert found.quality["leaves"] <= 2 * found.k
    assert all(segment.facts.sets and segment.facts.contrasts for segment in found.segments)


def test_who_fits_no_group_is_listed_with_what_is_unusual() -> None:
    features, _ = groups(2, 40, np.random.default_rng(4))
    features.loc[101, c.MONETARY] = 4_000_000.0
    found = segmented(features, "auto", "dbscan")
    (apart,) = [segment for segment in found.segments if segment.key == "fits-no-group"]
    assert str(apart.name) == "Fit no group"
    assert set(apart.facts.unusual) == set(features.index[found.labels == "fits-no-group"])
    assert str(apart.facts.unusual[101]).startswith("revenue: £4,000,000, usually £")


def without_orders(seed: int, size: int) -> FeatureTable:
    rng = np.random.default_rng(seed)
    old = np.repeat([0, 1], size // 2)
    frame = pd.DataFrame(
        {
            c.AGE: rng.integers(20, 30, size) + 40.0 * old,
            c.GENDER: np.where(old == 1, "female", "male").astype(object),
        },
        index=pd.RangeIndex(1, size + 1),
    )
    features = (
        Feature(c.AGE, Phrase("age"), "number", "demographic"),
        Feature(c.GENDER, Phrase("gender"), "choice", "demographic"),
    )
    return FeatureTable(frame, features)


def test_people_without_orders_have_segments_without_money() -> None:
    everyone = without_orders(0, 60)
    nothing = alike(1).head(0)
    found = segmentation(everyone, nothing, as_of=AS_OF, seed=1, k=2)
    assert {str(segment.name) for segment in found.segments} == {
        "under 30 years old, men",
        "60 years or older, women",
    }
    assert [segment.share_of_revenue for segment in found.segments] == [0, 0]
    assert not found.drawing.has_money
    assert "money" not in " ".join(str(segment.sentence) for segment in found.segments)
    # some of them ordered, the others not
    some = alike(20).set_axis(pd.Index(range(1, 21), name=c.CUSTOMER))
    found = segmentation(everyone, some, as_of=AS_OF, seed=1, k=2)
    assert sum(segment.share_of_revenue for segment in found.segments) == pytest.approx(1)


def test_one_segment_of_people_without_orders() -> None:
    found = segmentation(without_orders(0, 60), alike(1).head(0), as_of=AS_OF, seed=1, k=1)
    assert str(found.segments[0].sentence) == "60 customers."
