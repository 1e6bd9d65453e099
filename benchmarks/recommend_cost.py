"""What recommending for everyone on Online Retail costs: CPU seconds and peak memory, beside other packages.

The first row is what a shop does: `zhike recommend` for the first time, when everybody's lists are computed from the
store and written down, with reasons (limits: 20 CPU seconds, 600 MB). The others are one method each: learned, then two
lists of 20 for everybody, of all products and of new ones. Each is a process of its own; memory is its peak, with all
that it has loaded. Peers are told of in `recommend_online_retail`; where a method of ours has a peer, that peer runs at
the same size.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from benchmarks import Figures, printed, process
from benchmarks.peers.protocol import PEERS, VARIABLE, of_peer
from benchmarks.recommend_online_retail import SOURCE, purchases
from engine.recommend.rankers import rankers
from engine.recommend.recommenders import recommenders
from engine.recommend.windows import everyone

MOST_SECONDS, MOST_MB = 20.0, 600.0
SEED = 1
CUSTOMER = "12347"

_ALONE = """
import json, resource
from benchmarks.peers.protocol import listed
from benchmarks.recommend_online_retail import purchases
from engine.recommend.recommenders import recommenders
from engine.recommend.windows import everyone
found = everyone(purchases())
(one,) = [one for one in recommenders(deep=True) if one.name == {name!r}]
made = listed(one, found, {seed})
print(json.dumps([made.fit, made.lists, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def run() -> Figures:
    title = "Recommending for everyone on Online Retail"
    if not SOURCE.exists():
        return Figures(title, ("",), (), (f"the data set is not at {SOURCE}",))
    seconds, peak = service()
    kept = "within the limits" if seconds <= MOST_SECONDS and peak <= MOST_MB else "OVER THE LIMITS"
    rows: list[tuple[str, ...]] = [("service: all lists stored", "", "", f"{seconds:.2f}", f"{peak:.0f}", kept)]
    notes = [f"The limits of the service: {MOST_SECONDS:g} CPU seconds, {MOST_MB:g} MB."]
    history = purchases()
    for one in recommenders(deep=bool(os.environ.get("ZHIKE_DEEP"))):
        lack = one.lacking(history)
        if lack is not None:
            notes.append(f"skipped: {one.name}: {lack}")
            continue
        fit, lists, peak = json.loads(printed(["-c", _ALONE.format(name=one.name, seed=SEED)]))
        rows.append(_row(one.name, "Zhike", fit, lists, peak))
    interpreter = os.environ.get(VARIABLE, "")
    for peer in PEERS if interpreter else ():
        made = of_peer(interpreter, peer, everyone(history), SEED, same_size(peer))
        if isinstance(made, str):
            notes.append(f"skipped: {peer}: {made}")
        else:
            rows.append(_row(peer, "peer", made.fit, made.lists, made.peak))
    if not interpreter:
        notes.append(f"skipped: {', '.join(PEERS)}: {VARIABLE} names no interpreter for them")
    return Figures(title, ("", "whose", "CPU s fit", "CPU s lists", "peak MB", ""), rows, notes)


def _row(name: str, whose: str, fit: float, lists: float, peak: float) -> tuple[str, ...]:
    return (name, whose, f"{fit:.2f}", f"{lists:.2f}", f"{peak:.0f}", "")


def same_size(peer: str) -> dict[str, Any]:
    """Options with which a peer learns as many numbers, as often, as our method of the same kind."""
    ours = rankers().get("als")
    if peer != "implicit ALS" or ours is None:
        return {}
    return {name: getattr(ours, name) for name in ("factors", "iterations") if hasattr(ours, name)}


def service() -> tuple[float, float]:
    """CPU seconds and peak memory in MB of what a shop waits for when it first asks, after its file was imported."""
    with tempfile.TemporaryDirectory() as folder:
        file, database = Path(folder) / "online_retail.csv", Path(folder) / "shop.db"
        pd.read_parquet(SOURCE).to_csv(file, index=False)
        process(["-m", "bot", "import", str(file), "--json", "--db", str(database)])
        asked = [sys.executable, "-m", "bot", "--db", str(database), "recommend", CUSTOMER, "--json"]
        with subprocess.Popen(asked, stdout=subprocess.DEVNULL) as started:
            _, status, usage = os.wait4(started.pid, 0)
            started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise subprocess.CalledProcessError(started.returncode, asked)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
