"""A million customers, 20,000 products, 20 million purchases (made up): lists of ten for everybody, all and new.

Customers have habits: each is of one of 50 groups that prefer some products, within which, as in the whole shop, few
products make most sales (Zipf); some customers buy much, most little. Each method is a process of its own. ZHIKE_TRIED
names those to try, such as `popular,ease`; without it all that do not take long are tried.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.random import Generator

from benchmarks import Figures, printed
from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History, Ints
from engine.recommend.recommenders import recommenders

CUSTOMERS, PRODUCTS, PURCHASES = 1_000_000, 20_000, 20_000_000
GROUPS = 50
OWN = 0.6  # of a customer's purchases are of what the group prefers
AGAIN = 0.2  # are of what the customer bought before
DAYS = 730
K = 10
AT_A_TIME = 20_000  # customers, as they are stored batch by batch

_CODE = """
import json
from benchmarks.recommend_a_million import measured
print(json.dumps(measured({name!r}, {customers}, {products}, {purchases})))
"""


def run(customers: int = CUSTOMERS, products: int = PRODUCTS, purchases: int = PURCHASES) -> Figures:
    title = f"Lists of {K} for {customers:,} customers, {products:,} products, {purchases:,} purchases"
    asked = os.environ.get("ZHIKE_TRIED", "")
    names = asked.split(",") if asked else [one.name for one in recommenders()]
    rows: list[tuple[str, ...]] = []
    for name in names:
        try:
            found = json.loads(printed(["-c", _CODE.format(name=name, **_sizes(customers, products, purchases))]))
        except subprocess.CalledProcessError as error:
            # the kernel kills what takes more memory than there is
            rows.append((name, "", "", "", "", "", f"failed: code {error.returncode}"))
            continue
        rows.append(
            (name, *(f"{found[part]:,.0f}" for part in ("fit", "lists", "cpu", "peak", "begun")), found["said"])
        )
    header = ("", "fit s", "lists s", "CPU s of both", "peak MB", "of which the history MB", "")
    return Figures(title, header, rows, ("Lists: two for everybody, of all products and of new ones.",))


def _sizes(customers: int, products: int, purchases: int) -> dict[str, int]:
    return {"customers": customers, "products": products, "purchases": purchases}


def measured(name: str, customers: int, products: int, purchases: int) -> dict[str, object]:
    """Seconds of one recommender on a made history, peak memory in MB, and how full its lists are."""
    import resource
    import time

    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    history = made(customers, products, purchases, np.random.default_rng(1))
    (one,) = [one for one in recommenders(deep=True) if one.name == name]
    lack = one.lacking(history)
    if lack is not None:
        return {"fit": 0, "lists": 0, "cpu": 0, "peak": peak(), "begun": peak(), "said": str(lack)}
    begun, start, cpu = peak(), time.perf_counter(), time.process_time()
    listing = one.fit(history, np.random.default_rng(1))
    middle = time.perf_counter()
    filled = 0
    for at in range(0, customers, AT_A_TIME):
        batch = np.arange(at, min(customers, at + AT_A_TIME))
        filled += sum(lists.row.size for lists in listing.both(batch, K))
    return {
        "fit": middle - start,
        "lists": time.perf_counter() - middle,
        "cpu": time.process_time() - cpu,
        "peak": peak(),
        "begun": begun,
        "said": f"{filled / (2 * K * customers):.0%} of places filled",
    }


def made(customers: int, products: int, purchases: int, rng: Generator) -> History:
    """A made-up shop; its rows are in the order of a `History`, without the copies that sorting frames makes."""
    activity = rng.lognormal(0, 1, customers)
    customer = np.sort(rng.choice(customers, purchases, p=activity / activity.sum()).astype(np.int32))
    group = (rng.permutation(customers) % GROUPS).astype(np.int32)
    product = _zipf(products, purchases, rng)
    own = rng.random(purchases) < OWN
    each = max(1, products // GROUPS)
    product[own] = np.minimum(group[customer[own]] * each + _zipf(each, int(own.sum()), rng), products - 1)
    again = np.flatnonzero((rng.random(purchases) < AGAIN) & np.r_[False, customer[1:] == customer[:-1]])
    product[again] = product[again - 1]
    minute = rng.integers(0, DAYS * 1440, purchases, dtype=np.int32)
    order = np.lexsort((minute, product, customer))
    at = np.datetime64("2024-01-01T00:00:00", "us") + minute[order].astype("timedelta64[m]")
    bought = pd.DataFrame(
        {
            c.CUSTOMER: customer[order].astype(np.int64),
            c.PRODUCT: product[order].astype(np.int64),
            c.ORDER: np.arange(purchases),
            c.AT: at,
        }
    )
    bought = bought.drop_duplicates([c.CUSTOMER, c.PRODUCT, c.AT], ignore_index=True)
    nothing = pd.DataFrame({c.CUSTOMER: [0], c.PRODUCT: [0], c.ORDER: [0], c.AT: [at.min()]})
    empty = History.of(
        nothing,
        {id_: Name(f"P{id_}") for id_ in range(products)},
        range(customers),
        pd.Timestamp("2024-01-01") + pd.Timedelta(days=DAYS),
    )
    return replace(empty, bought=bought)


def _zipf(n: int, size: int, rng: Generator) -> Ints:
    """Numbers below `n`, the lower the likelier: in proportion to 1 / (number + 10)."""
    weights = np.cumsum(1 / (np.arange(n) + 10.0))
    return np.searchsorted(weights, rng.random(size) * weights[-1]).astype(np.int32)
