"""The recommenders of other packages on a split that lies in files: `python recommend.py PEER FOLDER SEED`.

Runs in an interpreter of its own, which has these packages and knows nothing of Zhike. `FOLDER/split.npz` has the rows
that were bought (customer, product, days; numbered from 0), the customers to make lists for, and k. Written are
`FOLDER/PEER.npz`, the lists of all products and of new ones (row, product, place), and on the standard output, as JSON,
CPU seconds of the fit and of making the lists, and the peak memory of the process in MB.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

Lists = tuple[np.ndarray, np.ndarray, np.ndarray]  # row, product, place
Listing = Callable[[np.ndarray, int, bool], Lists]

# each the best on Online Retail's cuts of July to September among some; Mult-VAE as it comes
SETTINGS: dict[str, dict[str, Any]] = {
    "implicit BM25": {"K": 500, "K1": 1.2, "B": 0.75, "values": "counts"},
    "implicit ALS": {"factors": 512, "regularization": 10.0, "alpha": 1.0, "iterations": 15, "values": "counts"},
    "implicit BPR": {"factors": 64, "learning_rate": 0.02, "regularization": 0.01, "iterations": 100},
    "RecTools EASE": {"regularization": 500.0, "values": "log"},
    "RecTools popular": {"days": 14},
    "cornac Mult-VAE": {},
}


MODULES = {
    "implicit": ("implicit.als", "implicit.bpr", "implicit.nearest_neighbours"),
    "RecTools": ("pandas", "rectools.dataset", "rectools.models"),
    "cornac": ("cornac.models", "torch"),
}


class Split:
    def __init__(self, folder: Path) -> None:
        with np.load(folder / "split.npz") as kept:
            self.customer, self.product, self.days = kept["customer"], kept["product"], kept["days"]
            self.customers, self.k = kept["customers"], int(kept["k"])
            self.shape = (int(kept["n_customers"]), int(kept["n_products"]))

    def matrix(self, values: str) -> csr_matrix:
        """Customers by products: 1, the number of orders, or the logarithm of one more."""
        ones = np.ones(self.customer.size, np.float32)
        found = csr_matrix((ones, (self.customer, self.product)), shape=self.shape)
        found.sum_duplicates()
        if values == "ones":
            found.data[:] = 1
        if values == "log":
            found.data = np.log1p(found.data)
        return found


def of_implicit(model: Any, split: Split, options: dict[str, Any]) -> Listing:
    bought = split.matrix(options["values"])
    model.fit(bought, show_progress=False)

    def lists(customers: np.ndarray, k: int, new: bool) -> Lists:
        ids, scores = model.recommend(customers, bought[customers], N=k, filter_already_liked_items=new)
        there = (ids >= 0) & (scores > -1e30) & (scores != 0)
        row, column = np.nonzero(there)
        return row, ids[there], column + 1

    return lists


def of_rectools(model: Any, split: Split, options: dict[str, Any]) -> Listing:
    import pandas as pd
    from rectools import Columns
    from rectools.dataset import Dataset

    moments = pd.Timestamp("2020-01-01") + pd.to_timedelta(split.days, unit="D")
    rows = pd.DataFrame({Columns.User: split.customer, Columns.Item: split.product, Columns.Datetime: moments})
    values = split.matrix(options.get("values", "ones"))
    rows[Columns.Weight] = 1.0
    if "values" in options:
        rows = rows.sort_values(Columns.Datetime).drop_duplicates([Columns.User, Columns.Item], keep="last")
        rows[Columns.Weight] = np.asarray(values[rows[Columns.User], rows[Columns.Item]]).ravel()
    dataset = Dataset.construct(rows)
    model.fit(dataset)

    def lists(customers: np.ndarray, k: int, new: bool) -> Lists:
        found = model.recommend(customers, dataset, k=k, filter_viewed=new)
        row = np.searchsorted(customers, found[Columns.User].to_numpy())
        return row, found[Columns.Item].to_numpy(), found[Columns.Rank].to_numpy()

    return lists


def of_cornac(model: Any, split: Split) -> Listing:
    import cornac

    # cornac 2.2 asks for what SciPy dropped in 1.14
    csr_matrix.A = property(csr_matrix.toarray)
    bought = split.matrix("counts").tocoo()
    triples = list(zip(bought.row.tolist(), bought.col.tolist(), bought.data.tolist(), strict=True))
    dataset = cornac.data.Dataset.from_uir(triples, seed=0)
    model.fit(dataset)
    had = split.matrix("ones")
    position = np.full(split.shape[1], -1)
    for product, index in dataset.iid_map.items():
        position[product] = index
    known = np.flatnonzero(position >= 0)

    def lists(customers: np.ndarray, k: int, new: bool) -> Lists:
        best = np.empty((customers.size, k), np.int64)  # it scores one customer at a time
        for row, customer in enumerate(customers.tolist()):
            scores = np.full(split.shape[1], -np.inf)
            scores[known] = model.score(dataset.uid_map[customer])[position[known]]
            if new:
                scores[had.indices[had.indptr[customer] : had.indptr[customer + 1]]] = -np.inf
            top = np.argpartition(-scores, k)[:k]
            best[row] = top[np.argsort(-scores[top], kind="stable")]
        return np.repeat(np.arange(customers.size), k), best.ravel(), np.tile(np.arange(1, k + 1), customers.size)

    return lists


def imported(peer: str) -> None:
    """What a peer needs is loaded, so that this is not taken for the time of its fit."""
    for module in MODULES[peer.split()[0]]:
        import_module(module)


def fitted(peer: str, split: Split, options: dict[str, Any], seed: int) -> Listing:
    from datetime import timedelta

    own = {name: value for name, value in options.items() if name not in ("values", "days")}
    if peer == "implicit BM25":
        from implicit.nearest_neighbours import BM25Recommender

        return of_implicit(BM25Recommender(**own), split, options)
    if peer == "implicit ALS":
        from implicit.als import AlternatingLeastSquares

        return of_implicit(AlternatingLeastSquares(**own, random_state=seed), split, options)
    if peer == "implicit BPR":
        from implicit.bpr import BayesianPersonalizedRanking

        return of_implicit(BayesianPersonalizedRanking(**own, random_state=seed), split, {"values": "ones", **options})
    if peer == "RecTools EASE":
        from rectools.models import EASEModel

        return of_rectools(EASEModel(**own), split, options)
    if peer == "RecTools popular":
        from rectools.models import PopularModel

        return of_rectools(PopularModel(period=timedelta(days=options["days"])), split, options)
    from cornac.models import VAECF

    return of_cornac(VAECF(seed=seed, **own), split)


def main(peer: str, folder: Path, seed: int) -> None:
    options = {**SETTINGS[peer], **json.loads(os.environ.get("PEER_OPTIONS", "{}"))}
    split = Split(folder)
    imported(peer)
    start = time.process_time()
    listing = fitted(peer, split, options, seed)
    middle = time.process_time()
    every, new = (listing(split.customers, split.k, new) for new in (False, True))
    end = time.process_time()
    np.savez(folder / f"{peer}.npz", all=np.stack(every), new=np.stack(new))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"fit": middle - start, "lists": end - middle, "peak": peak}))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
