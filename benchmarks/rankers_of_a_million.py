"""What the rankers cost with a million customers, 20,000 products and 20 million order lines (made up).

Each ranker is a process of its own, one thread, that also holds the history. Then 500 customers chosen at random are
asked for: their scores, the 20 best of these and the reasons. "All" is that time for all customers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks import Figures
from benchmarks.ease_at_size import ONE_THREAD
from benchmarks.made_baskets import lines

SIZE = (1_000_000, 20_000, 20_000_000)  # customers, products, lines
RANKERS = ("popular", "repeat", "item_to_item", "ease", "user_neighbours")
BATCH = 500

_CODE = """
import json, resource, sys, time
import numpy as np
import scipy.linalg, scipy.sparse
from benchmarks.made_baskets import history_of
from engine.recommend.rankers import rankers
from engine.recommend.scores import candidates
past = history_of(*np.load(sys.argv[1]).values())
rng = np.random.default_rng(5)
times = [time.process_time()]
fitted = rankers()[sys.argv[2]].fit(past, rng)
times.append(time.process_time())
batch = np.sort(rng.choice(past.customers.size, min(int(sys.argv[3]), past.customers.size), replace=False))
row, product, _ = candidates(fitted.scores(batch), 20)
times.append(time.process_time())
fitted.reasons(batch[row], product)
times.append(time.process_time())
print(json.dumps([*np.diff(times), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def run(size: tuple[int, int, int] = SIZE, names: Sequence[str] = RANKERS) -> Figures:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "lines.npz"
        np.savez(file, *lines(*size, np.random.default_rng(5)))
        for name in names:
            arguments = [sys.executable, "-c", _CODE, str(file), name, str(BATCH)]
            said = subprocess.check_output(arguments, text=True, env={**os.environ, **ONE_THREAD})
            fit, scored, told, peak = json.loads(said)
            everyone = (scored + told) * size[0] / BATCH / 60
            rows.append(
                (name, f"{fit:.0f} s", f"{scored:.2f} s", f"{told:.2f} s", f"{everyone:.0f} min", f"{peak:,.0f}")
            )
    title = f"{size[0]:,} customers, {size[1]:,} products, {size[2]:,} lines: CPU time"
    return Figures(title, ("ranker", "fit", f"best of {BATCH}", "reasons", "all", "peak MB"), rows)
