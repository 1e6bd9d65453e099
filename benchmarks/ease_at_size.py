"""EASE's fit beside RecTools' EASEModel on the same orders (made up), all products taking part, one thread each.

RecTools wants an older NumPy than Zhike, so it runs in an interpreter of its own, named in ZHIKE_PEERS:

    python -m venv peers && peers/bin/pip install rectools
    ZHIKE_PEERS=peers/bin/python python -m benchmarks ease_at_size

Each fit is a process of its own, ours and the peer's in turn; the orders are read before the clock starts. Ours also
finds the weights to keep and counts for each of them who bought both, from which the reasons are told.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import Figures
from benchmarks.made_baskets import lines

PEERS = "ZHIKE_PEERS"
# customers, products, lines: as Online Retail, and at the most products that are solved exactly
SIZES = ((4_300, 3_700, 400_000), (50_000, 8_000, 2_000_000))
ROUNDS = 3
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

_TIMED = """
import json, resource, time
begin, cpu = time.perf_counter(), time.process_time()
{fit}
print(json.dumps([time.process_time() - cpu, time.perf_counter() - begin,
                  resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
_OURS = """
import sys
import numpy as np
import scipy.linalg, scipy.sparse
from dataclasses import replace
from benchmarks.made_baskets import history_of
from engine.recommend.rankers.ease import RANKER
past = history_of(*np.load(sys.argv[1]).values())
ranker = replace(RANKER, least=1)
""" + _TIMED.format(fit="fitted = ranker.fit(past, np.random.default_rng(0))")
_PEER = """
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np
import pandas as pd
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import EASEModel
customer, product, *_ = np.load(sys.argv[1]).values()
pairs = pd.DataFrame({Columns.User: customer, Columns.Item: product}).drop_duplicates()
dataset = Dataset.construct(pairs.assign(**{Columns.Weight: 1.0, Columns.Datetime: "2026-06-30"}))
model = EASEModel(regularization=500.0)
""" + _TIMED.format(fit="model.fit(dataset)")


def run(sizes: tuple[tuple[int, int, int], ...] = SIZES, rounds: int = ROUNDS) -> Figures:
    """Medians over `rounds`."""
    peers = os.environ.get(PEERS)
    rows: list[tuple[str, ...]] = []
    ahead = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            file = Path(folder) / "lines.npz"
            np.savez(file, *lines(*size, np.random.default_rng(5)))
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(_fit(sys.executable, _OURS, file))
                if peers:
                    theirs.append(_fit(peers, _PEER, file))
            of = f"{size[0]:,} × {size[1]:,}, {size[2]:,} lines"
            rows.append((of, "zhike", *_medians(ours)))
            if peers:
                rows.append(("", "RecTools EASEModel", *_medians(theirs)))
                ahead.append(_cpu(ours) <= _cpu(theirs))
    if not peers:
        notes = [f"{PEERS} is not set, so RecTools was skipped: name a Python that has it to compare."]
    else:
        notes = ["No slower than RecTools at each size." if all(ahead) else "SLOWER THAN RECTOOLS."]
    header = ("customers × products", "", "CPU seconds", "seconds", "peak MB")
    return Figures("Fit of EASE", header, rows, notes)


def _fit(python: str, code: str, file: Path) -> tuple[float, float, float]:
    """CPU seconds, seconds and peak MB of one fit in a process of its own."""
    said = subprocess.check_output([python, "-c", code, str(file)], text=True, env={**os.environ, **ONE_THREAD})
    cpu, seconds, peak = json.loads(said.splitlines()[-1])
    return cpu, seconds, peak


def _cpu(fits: list[tuple[float, float, float]]) -> float:
    return statistics.median(cpu for cpu, _, _ in fits)


def _medians(fits: list[tuple[float, float, float]]) -> tuple[str, str, str]:
    cpu, seconds, peak = (statistics.median(column) for column in zip(*fits, strict=True))
    return f"{cpu:.2f}", f"{seconds:.2f}", f"{peak:,.0f}"
