"""Implicit ALS beside `implicit`: what one iteration costs on the same made-up purchases with as many threads.

An iteration's cost is the difference between a long fit and a short one; each round runs both once, so that a busy
moment of the machine hits both alike, and the least of the rounds is told. Both count what they reach with the same
objective, that of Hu, Koren & Volinsky (2008), eq. 3, after the same number of iterations: so that neither is quick
by doing less. `implicit` lives in an environment of its own: ZHIKE_PEERS names its Python.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, csr_matrix, save_npz
from threadpoolctl import threadpool_limits

from benchmarks import Figures
from engine import columns as c
from engine.phrases import Name
from engine.recommend.history import History
from engine.recommend.least_squares import Singles, batches, solved, turned
from engine.recommend.rankers.als import Als

CUSTOMERS, PRODUCTS, PURCHASES, SEED = 60_000, 6_000, 1_500_000, 20261127
FACTORS, SHORT, LONG, ROUNDS, RIDGE = 96, 1, 6, 2, 1.0
SETUP = "pip install implicit into an environment of its own, and ZHIKE_PEERS=/there/bin/python"

PEER = """
import json, sys, time
import numpy as np
from scipy.sparse import load_npz
from threadpoolctl import threadpool_limits
from implicit.als import AlternatingLeastSquares

where, factors, ridge, threads, *lengths = sys.argv[1:]
bought = load_npz(where).astype(np.float32)
said = {}
with threadpool_limits(1, "blas"):
    for length in lengths:
        model = AlternatingLeastSquares(factors=int(factors), regularization=float(ridge), alpha=1.0,
            iterations=int(length), num_threads=int(threads), random_state=1)
        wall, cpu = time.perf_counter(), time.process_time()
        model.fit(bought, show_progress=False)
        said[length] = [time.perf_counter() - wall, time.process_time() - cpu]
np.savez(where + ".factors.npz", x=model.user_factors, y=model.item_factors)
print(json.dumps(said))
"""


def run(customers: int = CUSTOMERS, products: int = PRODUCTS, purchases: int = PURCHASES) -> Figures:
    """Seconds of one iteration, and the objective after the long fit."""
    history = made_up(customers, products, purchases)
    confidence = csr_array(history.matrix(np.ones(len(history.bought))).astype(np.float32))
    confidence.data += 1
    python = os.environ.get("ZHIKE_PEERS")
    rows, notes = [], []
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder) / "bought.npz"
        save_npz(where, csr_matrix(confidence))
        for threads in sorted({1, os.cpu_count() or 1}):
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(per_iteration(lambda n, threads=threads: _fitted(history, n, threads)))
                if python:
                    theirs.append(_peer(python, where, threads))
            told = np.min(ours, axis=0)
            rows.append((f"a  Zhike, threads: {threads}", f"{told[0]:.2f} s", f"{told[1]:.2f} s", ""))
            if theirs:
                peer = np.min(theirs, axis=0)
                rows.append((f"b  implicit, threads: {threads}", *(f"{each:.2f} s" for each in peer), ""))
                rows.append(("   b / a", *(f"{each:.2f}" for each in peer / told), "at least 1"))
        reached = objective(confidence, *alternated(confidence, LONG))
        rows.append((f"   objective after {LONG} iterations, Zhike's solver", f"{reached:,.0f}", "", ""))
        if python:
            with np.load(f"{where}.factors.npz") as there:
                rows.append(("   the same, implicit", f"{objective(confidence, there['x'], there['y']):,.0f}", "", ""))
        else:
            notes.append(f"The peer is skipped: {SETUP}.")
    title = (
        f"Implicit ALS, {customers:,} customers × {products:,} products, {confidence.nnz:,} pairs, {FACTORS} factors"
    )
    return Figures(title, ("one iteration", "wall", "CPU", ""), rows, notes)


def made_up(customers: int, products: int, purchases: int) -> History:
    """Customers of 20 tastes; a few products are bought much, and a few customers buy much."""
    rng = np.random.default_rng(SEED)
    taste, kind = rng.integers(0, 20, customers), rng.integers(0, 20, products)
    who = np.minimum((customers * rng.random(purchases) ** 1.7).astype(np.int64), customers - 1)
    popular = (products * rng.random(purchases) ** 2.5).astype(np.int64)
    by_kind = np.argsort(kind, kind="stable")
    first = np.searchsorted(kind[by_kind], taste[who])
    size = np.bincount(kind, minlength=20)[taste[who]]
    within = by_kind[first + (size * rng.random(purchases) ** 2.0).astype(np.int64)]
    what = np.where(rng.random(purchases) < 0.6, within, popular)
    day = pd.Timestamp("2026-11-01")
    frame = pd.DataFrame({c.CUSTOMER: who, c.PRODUCT: what, c.ORDER: np.arange(purchases)})
    at = day - pd.to_timedelta(rng.integers(0, 365, purchases), unit="D")
    names = {product: Name(f"P{product}") for product in range(products)}
    return History.of(frame.assign(**{c.AT: at}), names, range(customers), day)


def per_iteration(fit) -> tuple[float, float]:  # type: ignore[no-untyped-def]
    """Wall and CPU seconds."""
    seconds = []
    for length in (SHORT, LONG):
        wall, cpu = time.perf_counter(), time.process_time()
        fit(length)
        seconds.append((time.perf_counter() - wall, time.process_time() - cpu))
    short, long = seconds
    return (long[0] - short[0]) / (LONG - SHORT), (long[1] - short[1]) / (LONG - SHORT)


def _fitted(history: History, iterations: int, threads: int) -> None:
    Als(factors=FACTORS, iterations=iterations, threads=threads).fit(history, np.random.default_rng(SEED))


def _peer(python: str, where: Path, threads: int) -> tuple[float, float]:
    arguments = [python, "-c", PEER, str(where), str(FACTORS), str(RIDGE), str(threads), str(SHORT), str(LONG)]
    said = json.loads(subprocess.check_output(arguments, text=True, stderr=subprocess.DEVNULL).splitlines()[-1])
    short, long = said[str(SHORT)], said[str(LONG)]
    return (long[0] - short[0]) / (LONG - SHORT), (long[1] - short[1]) / (LONG - SHORT)


def alternated(confidence: csr_array, iterations: int) -> tuple[Singles, Singles]:
    """Factors by the solver and the number of steps that `Als` has, for the objective that `implicit` has.

    With weights w = confidence − 1 on the squares and targets confidence / w, the two differ by a constant.
    """
    rng = np.random.default_rng(SEED)
    sides = []
    for matrix in (confidence, csr_array(confidence.T.tocsr())):
        weights = csr_array((matrix.data - 1, matrix.indices, matrix.indptr), matrix.shape)
        sides.append(batches(weights, matrix.data / weights.data))
    x = np.zeros((confidence.shape[0], FACTORS), np.float32)
    y = (0.01 * rng.random((confidence.shape[1], FACTORS))).astype(np.float32)
    with threadpool_limits(1, "blas"):
        for _ in range(iterations):
            x, y = _turn(sides[0], y, x)
            y, x = _turn(sides[1], x, y)
    return x, y


def _turn(rows: list, others: Singles, start: Singles) -> tuple[Singles, Singles]:  # type: ignore[type-arg]
    size, turn = turned(others)
    ridge = np.full(len(start), RIDGE, np.float32)
    return solved(rows, others @ turn, size, ridge, start @ turn, steps=Als().steps), others @ turn


def objective(confidence: csr_array, x: Singles, y: Singles) -> float:
    """Σ c (p − x·y)² over all pairs, and the ridge. Source: Hu, Koren & Volinsky (2008), eq. 3."""
    rows = np.repeat(np.arange(len(x)), np.diff(confidence.indptr))
    total = float(np.einsum("ij,ij->", (x.T @ x).astype(np.float64), (y.T @ y).astype(np.float64)))
    for start in range(0, rows.size, 500_000):
        part = slice(start, start + 500_000)
        score = np.einsum("ij,ij->i", x[rows[part]], y[confidence.indices[part]]).astype(np.float64)
        total += float((confidence.data[part] * (1 - score) ** 2 - score**2).sum())
    return total + RIDGE * float((x.astype(np.float64) ** 2).sum() + (y.astype(np.float64) ** 2).sum())
