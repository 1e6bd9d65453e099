"""The neural networks on Online Retail, beside what most people buy and what goes with what they bought.

Rows with a customer and a positive quantity before October 2011: what comes then is not read, and kept for the end.
Learned before each of three cuts, tested up to the next, on customers and products seen before the cut.
"""

from __future__ import annotations

import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import Figures
from engine import columns as c
from engine.phrases import Name
from engine.recommend import deep
from engine.recommend.alone import Alone
from engine.recommend.history import History
from engine.recommend.metrics import per_customer
from engine.recommend.rankers import rankers
from engine.recommend.windows import Window, window

SOURCE = Path(__file__).parents[2] / "shared" / "datasets" / "online_retail.parquet"
CUTS = ("2011-07-01", "2011-08-01", "2011-09-01", "2011-10-01")
TRIED = ("popular", "item_to_item", "vae", "sasrec")
K = 20


def purchases() -> History:
    """What was bought before the last cut; products are called by their stock code."""
    end = pd.Timestamp(CUTS[-1])
    rows = pd.read_parquet(SOURCE, filters=[("InvoiceDate", "<", end), ("Quantity", ">", 0)])
    rows = rows[rows["CustomerID"].notna()]
    product, codes = pd.factorize(rows["StockCode"], sort=True)
    bought = pd.DataFrame(
        {
            c.CUSTOMER: rows["CustomerID"].to_numpy("int64"),
            c.PRODUCT: product,
            c.ORDER: pd.factorize(rows["InvoiceNo"])[0],
            c.AT: rows["InvoiceDate"].to_numpy(),
        }
    )
    names = {at: Name(str(code)) for at, code in enumerate(codes)}
    return History.of(bought, names, bought[c.CUSTOMER].unique(), bought[c.AT].max())


def run(seed: int = 1) -> Figures:
    title = f"What customers of Online Retail buy next: NDCG@{K} of all / of new products, and CPU seconds to fit"
    if not SOURCE.exists():
        return Figures(title, ("",), (), (f"the data set is not at {SOURCE}",))
    if not deep.installed():
        return Figures(title, ("",), (), (f"PyTorch is not installed: {deep.INSTALL}",))
    history = purchases()
    second = pd.Timedelta(seconds=1)
    days = [pd.Timestamp(cut) - second for cut in CUTS]
    found = [window(history, origin, until) for origin, until in pairwise(days)]
    rows = [(name, *(cell for one in found for cell in _measured(name, one, seed))) for name in TRIED]
    header = ("", *(cell for cut in CUTS[:-1] for cell in (f"{cut[:7]} all", "new", "seconds")))
    return Figures(title, header, rows, ("Early stopped; each network on one thread.",))


def _measured(name: str, found: Window, seed: int) -> tuple[str, str, str]:
    known = rankers()
    begin = time.process_time()
    filler = None if name == "popular" else known["popular"]
    listing = Alone(known[name], filler).fit(found.past, np.random.default_rng(seed))
    seconds = time.process_time() - begin
    means = [
        per_customer(listing.lists(found.customers, K, new=new), found.relevant(new=new), K).ndcg.mean()
        for new in (False, True)
    ]
    print(name, found.origin.date(), *(f"{mean:.4f}" for mean in means), f"{seconds:.1f} s", file=sys.stderr)
    return f"{means[0]:.4f}", f"{means[1]:.4f}", f"{seconds:.1f}"


if __name__ == "__main__":
    print(run())
