"""Products that nobody has bought yet, ranked by what they are: Online Retail with a tenth of its products held back.

The purchases of the products held back are removed from training; whoever bought one of them, and something else, is
asked for a ranking of them all. Development saw only orders before October 2011; the whole period is for the report.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks import Figures
from engine import columns as c
from engine.phrases import Name
from engine.recommend.charges import is_charge
from engine.recommend.descriptions import Fields
from engine.recommend.history import Floats, History, Ints
from engine.recommend.rankers.content import RANKER, Content

SOURCE = Path(__file__).parents[2] / "shared" / "datasets" / "online_retail.parquet"
DEVELOPED_ON = "2011-10-01"
SEEDS = (11, 12, 13, 14, 15)
HELD_BACK = 0.1
K = 20
RESAMPLES = 1_000
NO_FIELD = Fields(words=0.0, letters=0.0, description=0.0, category=0.0, price=0.0, attributes=0.0)
RANKERS: dict[str, Content] = {
    "content": RANKER,
    "content, words only": replace(RANKER, fields=replace(NO_FIELD, words=1.0)),
    "content, price only": replace(RANKER, fields=replace(NO_FIELD, price=1.0)),
    # the textbook's: the whole profile, no case amplification
    "content, plain cosine of profiles": replace(RANKER, neighbours=1_000_000, amplification=1.0, least=0.0),
}


def run(until: str = "2012-01-01") -> Figures:
    title = f"NDCG@{K} of products unseen in training, Online Retail before {until}, {len(SEEDS)} splits by product"
    if not SOURCE.exists():
        return Figures(title, ("",), (), (f"the data set is not at {SOURCE}",))
    shop = whole(until)
    measured = [split(shop, seed) for seed in SEEDS]
    chance = [scores["a random order"] for scores in measured]
    rows = []
    for name in measured[0]:
        mean = np.array([scores[name].mean() for scores in measured])
        ratio = mean / np.array([values.mean() for values in chance])
        low, high = interval([scores[name] for scores in measured], chance)
        spread = f"{mean.min():.4f}–{mean.max():.4f}"
        rows.append((name, f"{np.median(mean):.4f}", spread, f"{np.median(ratio):.1f}", f"{low:.1f}–{high:.1f}"))
    n = int(np.median([values.size for values in chance]))
    notes = (
        f"Median of the splits, about {n:,} customers each. Ratio: to a random order; goal: at least 3.",
        "95 %: bootstrap over customers, all splits together.",
    )
    return Figures(title, ("", f"NDCG@{K}", "splits", "ratio", "95 %"), rows, notes)


def whole(until: str) -> History:
    """All purchases before `until` of what can be recommended; a product's name and price are what most lines say."""
    lines = pd.read_parquet(SOURCE)
    lines = lines[lines["CustomerID"].notna() & (lines["Quantity"] > 0) & (lines["InvoiceDate"] < until)]
    product, _ = pd.factorize(lines["StockCode"], sort=True)
    bought = pd.DataFrame(
        {
            c.CUSTOMER: lines["CustomerID"].to_numpy(np.int64),
            c.PRODUCT: product,
            c.ORDER: pd.factorize(lines["InvoiceNo"])[0],
            c.AT: lines["InvoiceDate"].to_numpy(),
        }
    )
    by_product = lines.groupby(product)
    called = by_product["Description"].agg(lambda texts: texts.mode().iat[0])
    names = {int(id_): Name(text) for id_, text in called.items() if not is_charge(Name(text))}
    catalogue = pd.DataFrame({c.PRICE: by_product["UnitPrice"].median()})
    return History.of(bought, names, bought[c.CUSTOMER].unique(), pd.Timestamp(until), catalogue=catalogue)


def split(shop: History, seed: int) -> dict[str, Floats]:
    """NDCG of each way to rank, per customer who bought one of the products held back and something else."""
    rng = np.random.default_rng(seed)
    # in no order, so that ties go to nobody
    cold = rng.permutation(shop.products.size)[: round(HELD_BACK * shop.products.size)]
    past = replace(shop, bought=shop.bought[~shop.bought[c.PRODUCT].isin(cold)].reset_index(drop=True))
    wanted = shop.matrix(np.ones(len(shop.bought)))[:, cold].toarray() > 0
    known = np.bincount(past.bought[c.CUSTOMER], minlength=shop.customers.size) > 0
    asked = np.flatnonzero(known & wanted.any(axis=1))
    truth = wanted[asked]
    found = {"a random order": ndcg(rng.random(truth.shape), truth)}
    for name, ranker in RANKERS.items():
        scores = ranker.fit(past, rng).scores(asked)[:, cold].toarray()
        found[name] = ndcg(scores, truth)
    # nobody can know this one: how far one list for all could get
    found["(most bought first, told afterwards)"] = ndcg(np.tile(wanted.sum(axis=0), (asked.size, 1)), truth)
    return found


def ndcg(scores: NDArray[np.floating], truth: NDArray[np.bool_]) -> Floats:
    """Per row. Source: Järvelin & Kekäläinen (2002), "Cumulated gain-based evaluation of IR techniques"."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :K]
    worth = 1.0 / np.log2(np.arange(2, best.shape[1] + 2))
    gained = (np.take_along_axis(truth, best, axis=1) * worth).sum(axis=1)
    ideal = np.cumsum(worth)[np.minimum(truth.sum(axis=1), worth.size) - 1]
    return np.asarray(gained / ideal, np.float64)


def interval(values: list[Floats], chance: list[Floats]) -> tuple[float, float]:
    """Between which the ratio of the means lies, 95 % of customers' resamples."""
    rng = np.random.default_rng(0)
    ours, theirs = np.concatenate(values), np.concatenate(chance)
    ratios = []
    for _ in range(RESAMPLES):
        drawn: Ints = rng.integers(0, ours.size, ours.size)
        ratios.append(ours[drawn].mean() / theirs[drawn].mean())
    low, high = np.quantile(ratios, (0.025, 0.975))
    return float(low), float(high)
