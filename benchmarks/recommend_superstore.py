"""What customers of a made-up office shop (in Chinese) buy next: the same protocol as on Online Retail.

790 customers, 1,953 products by name, 2,773 orders in four years; cuts at the quarters of the last one, each tested up
to the next. Nothing was chosen on it, ours or the peers'. Its customers buy at random, so no list can be better than
one of best-sellers, and a protocol that finds one is wrong.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks import Figures
from benchmarks.peers.protocol import Span, measured_on
from benchmarks.recommend_online_retail import before
from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History

SOURCE = Path(__file__).parents[2] / "shared" / "datasets" / "superstore_zh_orders_gb18030.csv"


def purchases() -> History:
    rows = pd.read_csv(SOURCE, encoding="gb18030")
    product, names = pd.factorize(rows["产品名称"], sort=True)
    bought = pd.DataFrame(
        {
            c.CUSTOMER: pd.factorize(rows["客户 ID"], sort=True)[0],
            c.PRODUCT: product,
            c.ORDER: pd.factorize(rows["订单 ID"])[0],
            c.AT: pd.to_datetime(rows["订单日期"]),
        }
    )
    kinds = rows.groupby("产品名称", sort=True)["子类别"].first()
    catalogue = pd.DataFrame({c.CATEGORY: kinds.to_numpy()}, index=range(len(names)))
    labels = {at: Name("", str(name)) for at, name in enumerate(names)}
    return History.of(bought, labels, bought[c.CUSTOMER].unique(), bought[c.AT].max(), catalogue=catalogue)


def run() -> Figures:
    title = "What customers of the superstore buy next, by quarters of its last year"
    if not SOURCE.exists():
        return Figures(title, ("",), (), (f"the data set is not at {SOURCE}",))
    history = purchases()
    year = history.as_of.year
    cuts = [before(f"{year}-{month:02d}-01") for month in (1, 4, 7, 10)]
    spans = [Span(cut, until, 1) for cut, until in zip(cuts, [*cuts[1:], history.as_of], strict=True)]
    return measured_on(title, history, spans, {})
