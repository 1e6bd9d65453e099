"""How well rules tell the segments, beside scikit-learn's DecisionTreeClassifier with k and with 2k leaves.

k-means groups of Online Retail (how customers buy), of customer_personality.csv (who they are), and of
young_people_survey.csv (135 answers from 1 to 5): for the number of groups that the data choose, and for 2 to 6.
The trees of scikit-learn get the same table, choices as columns of 0 and 1, and cut anywhere; ours cut at round
numbers, and may ask for the mean of up to four answers. “Groups as found” is the share of customers for whom rules
name the group of k-means. “Segments” is the share for whom they name the segment that is told, in which customers
near a border count where the rules say; “kept” is how much of the differences that k-means explained the segments
still explain.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import Figures
from engine import columns as c
from engine.feature_table import Feature, FeatureTable, Kind
from engine.features.bases import behavioural as buying
from engine.features.behavioural import behavioural, counted_from
from engine.phrases import Phrase
from engine.progress import silent
from engine.segments.explain import explain
from engine.segments.methods import Auto, segmenter
from engine.segments.prepare import points

DATA = Path(__file__).parents[2] / "shared" / "datasets"
WANTED = 0.88
SEED = 20260101
KS: tuple[int | Auto, ...] = ("auto", 2, 3, 4, 5, 6)
TODAY = pd.Timestamp("2026-01-01")


def run(ks: tuple[int | Auto, ...] = KS) -> Figures:
    title = "Rules that tell the segments"
    if not DATA.exists():
        return Figures(title, ("",), (), (f"the data sets are not at {DATA}",))
    rows = []
    worst = 1.0
    for name, read in SETS.items():
        table = read()
        for k in ks:
            row, agreement = _measured(name, table, k)
            rows.append(row)
            worst = min(worst, agreement)
    header = ("", "k", "sklearn k", "sklearn 2k", "leaves", "groups as found", "moved", "kept", "segments")
    verdict = "at least" if worst >= WANTED else "NOT at least"
    return Figures(title, header, rows, (f"Rules agree with the segments for {verdict} {WANTED:.0%} everywhere.",))


def _measured(name: str, table: FeatureTable, k: int | Auto) -> tuple[tuple[object, ...], float]:
    labels = segmenter("kmeans").fit(table, k, np.random.default_rng(SEED), silent).labels
    n = int(labels.max()) + 1
    told = f"auto: {n}" if k == "auto" else str(n)
    if n == 1:
        return (name, told, "no groups", "", "", "", "", "", ""), 1.0
    found = explain(table, labels, None, points(table))
    row = (
        *(name, told, f"{_peer(table, labels, n):.1%}", f"{_peer(table, labels, 2 * n):.1%}", found.n_leaves),
        *(f"{found.agreement_found:.1%}", f"{found.n_moved / len(labels):.1%}", f"{found.kept:.1%}"),
        f"{found.agreement:.1%}",
    )
    return row, found.agreement


def _peer(table: FeatureTable, labels: np.ndarray, leaves: int) -> float:
    from sklearn.tree import DecisionTreeClassifier

    columns = pd.get_dummies(table.frame)
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=0).fit(columns, labels)
    return float(tree.score(columns, labels))


def online_retail() -> FeatureTable:
    """The 4,338 customers of the rows with a customer, a quantity and a price above 0."""
    lines = pd.read_parquet(DATA / "online_retail.parquet")
    lines = lines[(lines["CustomerID"] > 0) & (lines["Quantity"] > 0) & (lines["UnitPrice"] > 0)]
    lines = lines.assign(revenue=lines["Quantity"] * lines["UnitPrice"])
    orders = lines.groupby(["CustomerID", "InvoiceNo"], as_index=False).agg(
        at=("InvoiceDate", "min"), revenue=("revenue", "sum"), quantity=("Quantity", "sum")
    )
    n_products = lines.groupby("CustomerID")["StockCode"].nunique()
    as_of = counted_from(orders["at"].max(), TODAY)
    return buying.table(behavioural(orders.rename(columns={"CustomerID": c.CUSTOMER}), n_products, as_of))


def personality() -> FeatureTable:
    """2,240 customers by age, income, children, education and marital status; 24 missing incomes are the median."""
    people = pd.read_csv(DATA / "customer_personality.csv", sep=";", encoding="utf-8-sig")
    frame = pd.DataFrame(
        {
            "age": 2014.0 - people["Year_Birth"],
            "income": people["Income"].fillna(people["Income"].median()).astype("float64"),
            "kids": people["Kidhome"].astype("float64"),
            "teens": people["Teenhome"].astype("float64"),
            "education": people["Education"].astype(object),
            "marital status": people["Marital_Status"].astype(object),
        }
    )
    kinds: tuple[Kind, ...] = ("number", "number", "count", "count", "choice", "choice")
    return _table(frame, kinds, "demographic")


def survey() -> FeatureTable:
    """1,010 people by their 135 answers from 1 to 5; missing answers are the median."""
    people = pd.read_csv(DATA / "young_people_survey.csv").select_dtypes("number")
    answers = people.loc[:, people.max() <= 5]
    frame = answers.fillna(answers.median()).astype("float64")
    return _table(frame, ("scale",) * frame.shape[1], "psychographic")


def _table(frame: pd.DataFrame, kinds: tuple[Kind, ...], basis: str) -> FeatureTable:
    features = tuple(
        Feature(str(key), Phrase("{field}", field=str(key)), kind, basis)
        for key, kind in zip(frame.columns, kinds, strict=True)
    )
    return FeatureTable(frame, features)


SETS: dict[str, Callable[[], FeatureTable]] = {
    "Online Retail": online_retail,
    "customer_personality": personality,
    "young_people_survey": survey,
}

if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        print(run())
