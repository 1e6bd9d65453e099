"""Ratings held out of made-up ones, predicted: the root of the mean squared error, beside `cornac`.

The ratings have biases, eight factors and noise, and are rounded to stars; a few products have most of them. Nine
tenths are learned from, the last tenth is told. What nobody can do better than is the noise itself. `cornac` lives
in an environment of its own: ZHIKE_PEERS names its Python; each of its methods runs with its own settings, and with
those of ours where it has them.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import Figures
from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import Floats, History
from engine.recommend.rankers.rating_factors import RatingFactors
from engine.recommend.rankers.rating_neighbours import RatingNeighbours

CUSTOMERS, PRODUCTS, RATINGS, FACTORS, NOISE, SEED = 3_000, 600, 90_000, 8, 0.6, 20261127
SETUP = "pip install cornac into an environment of its own, and ZHIKE_PEERS=/there/bin/python"

PEER = """
import json, sys, time
import numpy as np
from cornac.data import Dataset
from cornac.models import MF, BaselineOnly

told = np.load(sys.argv[1])
train, test = told["train"], told["test"]
data = Dataset.build([(int(u), int(i), float(r)) for u, i, r in train], seed=1)
models = {
    "BaselineOnly": BaselineOnly(seed=1, verbose=False),
    "MF": MF(k=10, use_bias=True, seed=1, verbose=False),
    "MF of 16 factors, 100 rounds": MF(k=16, max_iter=100, use_bias=True, seed=1, verbose=False),
    "the same, lambda 0.1": MF(k=16, max_iter=100, lambda_reg=0.1, use_bias=True, seed=1, verbose=False),
}
said = {}
for name, model in models.items():
    begin = time.process_time()
    model.fit(data)
    seconds = time.process_time() - begin
    guesses = []
    for u, i, _ in test:
        who, what = data.uid_map.get(int(u)), data.iid_map.get(int(i))
        known = who is not None and what is not None
        guesses.append(model.rate(who, what) if known else data.global_mean)
    error = float(np.sqrt(np.mean((np.clip(guesses, 1, 5) - test[:, 2]) ** 2)))
    said[name] = [error, seconds]
print(json.dumps(said))
"""


def run(seed: int = SEED) -> Figures:
    """RMSE on the tenth held out, and CPU seconds of the fit."""
    rng = np.random.default_rng(seed)
    told, best = made_up(rng)
    held = rng.random(len(told)) < 0.1
    train, test = told[~held], told[held]
    history = history_of(train)
    mean = float(train[:, 2].mean())
    rows = [
        ("   the mean of all", f"{_error(np.full(len(test), mean), test):.4f}", ""),
        ("   the truth without its noise", f"{_error(best[held], test):.4f}", ""),
    ]
    factors = RatingFactors()
    for name, ranker in (
        ("biases alone", replace(factors, factors=0)),
        (f"{factors.name}, {factors.factors} factors", factors),
    ):
        begin = time.process_time()
        table = ranker.fit(history, np.random.default_rng(1)).predicted(np.arange(CUSTOMERS))
        rows.append((f"a  Zhike, {name}", *_told(table[_places(test)], test, begin)))
    begin = time.process_time()
    near = RatingNeighbours().fit(history, np.random.default_rng(1)).predicted(np.arange(CUSTOMERS)).toarray()
    guess = near[_places(test)]
    rows.append(("a  Zhike, rating_neighbours", *_told(np.where(guess > 0, guess, mean), test, begin)))
    python, notes = os.environ.get("ZHIKE_PEERS"), []
    if python:
        for name, (error, seconds) in _peers(python, train, test).items():
            rows.append((f"b  cornac, {name}", f"{error:.4f}", f"{seconds:.1f} s"))
    else:
        notes.append(f"The peer is skipped: {SETUP}.")
    return Figures(f"{len(told):,} ratings, one in ten held out", ("", "RMSE", "CPU"), rows, notes)


def made_up(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Customer, product and rating of each pair, and what the rating is without noise and rounding."""
    u = rng.integers(0, CUSTOMERS, 2 * RATINGS)
    i = (PRODUCTS * rng.random(2 * RATINGS) ** 2).astype(np.int64)
    pairs = np.unique(u * PRODUCTS + i)
    u, i = np.divmod(rng.choice(pairs, min(RATINGS, pairs.size), replace=False), PRODUCTS)
    p, q = rng.normal(size=(CUSTOMERS, FACTORS)), rng.normal(size=(PRODUCTS, FACTORS))
    true = 3.6 + rng.normal(0, 0.4, CUSTOMERS)[u] + rng.normal(0, 0.4, PRODUCTS)[i]
    true += 0.6 * (p[u] * q[i]).sum(axis=1) / np.sqrt(FACTORS)
    value = np.clip(np.round(true + rng.normal(0, NOISE, u.size)), 1, 5)
    return np.column_stack([u, i, value]), np.clip(true, 1, 5)


def history_of(told: Floats) -> History:
    day = pd.Timestamp("2026-11-01")
    ratings = pd.DataFrame(
        {c.CUSTOMER: told[:, 0].astype(int), c.PRODUCT: told[:, 1].astype(int), c.VALUE: told[:, 2], c.AT: day}
    )
    nothing = ratings[[c.CUSTOMER, c.PRODUCT, c.AT]].assign(**{c.ORDER: 0})[:0]
    names = {product: Name(f"P{product}") for product in range(PRODUCTS)}
    return History.of(nothing, names, range(CUSTOMERS), day, ratings=ratings)


def _places(test: Floats) -> tuple[np.ndarray, np.ndarray]:
    return test[:, 0].astype(int), test[:, 1].astype(int)


def _error(guess: Floats, test: Floats) -> float:
    return float(np.sqrt(((guess - test[:, 2]) ** 2).mean()))


def _told(guess: Floats, test: Floats, begin: float) -> tuple[str, str]:
    return f"{_error(guess, test):.4f}", f"{time.process_time() - begin:.1f} s"


def _peers(python: str, train: Floats, test: Floats) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "ratings.npz"
        np.savez(where, train=train, test=test)
        said = subprocess.check_output([python, "-c", PEER, str(where)], text=True, stderr=subprocess.DEVNULL)
    peers: dict[str, list[float]] = json.loads(said.splitlines()[-1])
    return peers
