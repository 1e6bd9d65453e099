"""One protocol for all recommenders, ours and other packages': same split, same lists, same metrics."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator
from threadpoolctl import threadpool_limits

from benchmarks import Figures
from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.alone import FittedAlone
from engine.recommend.comparison import Interval, difference
from engine.recommend.history import Floats, History, Ints
from engine.recommend.metrics import METRICS, Lists, per_customer
from engine.recommend.rankers import Fitted
from engine.recommend.recommenders import recommenders
from engine.recommend.trials import Measured, Recommender
from engine.recommend.windows import Window, window

K = 20
PEERS = ("implicit BM25", "implicit ALS", "implicit BPR", "RecTools EASE", "RecTools popular", "cornac Mult-VAE")
PROGRAM = Path(__file__).with_name("recommend.py")
VARIABLE = "ZHIKE_PEERS"
RECENT = 30  # days
# threads that wait for each other are busy, too: on one, CPU seconds are work
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
HEADER = (
    "", "whose", "NDCG all", "− best peer", "NDCG new", "− best peer", "hits all", "hits new", "recall all",
    "recall new", "CPU s fit", "CPU s lists", "known before",
)  # fmt: skip


class Span(NamedTuple):
    """Learned until `origin`, tested until `until`, with this seed."""

    origin: pd.Timestamp
    until: pd.Timestamp
    seed: int


@dataclass(frozen=True)
class Result:
    """What one recommender did in one span: its lists of all and of new products, and CPU seconds."""

    all: Lists
    new: Lists
    fit: float
    lists: float
    peak: float = 0.0  # MB, of a process of its own


@dataclass(frozen=True)
class Frequency(Recommender):
    """How often the customer ordered a product; ties, and what is left, by the buyers of the last 30 days."""

    name: str = "personal frequency"

    @property
    def label(self) -> Phrase:
        return Phrase("personal frequency")

    def fit(self, history: History, rng: Generator) -> FittedAlone:
        return FittedAlone(history, Counted(history))


class Counted(Fitted):
    def __init__(self, history: History) -> None:
        self.times = history.matrix(np.ones(len(history.bought)))
        recent = history.buyers(RECENT)
        self.ties = (recent / (1.0 + recent.max(initial=0))).astype(np.float32)

    def scores(self, customers: Ints) -> np.ndarray:
        return self.times[customers].toarray().astype(np.float32) + self.ties

    def reasons(self, customers: Ints, products: Ints) -> list[Phrase]:
        raise NotImplementedError


def measured_on(
    title: str, history: History, spans: Sequence[Span], known: Mapping[str, tuple[float, float]]
) -> Figures:
    """All of ours and the peers that are there, on each span of `history`; the table of them, best first."""
    interpreter = os.environ.get(VARIABLE, "")
    ours: list[Recommender] = [Frequency(), *recommenders(deep=bool(os.environ.get("ZHIKE_DEEP")))]
    peers = PEERS if interpreter else ()
    results: dict[str, list[tuple[Window, Result]]] = {}
    skipped: dict[str, str] = {} if interpreter else dict.fromkeys(PEERS, f"{VARIABLE} names no interpreter for it")
    for span in spans:
        found = window(history, span.origin, span.until)
        for one in ours:
            lack = one.lacking(found.past)
            if lack is not None:
                skipped[one.name] = str(lack)
                continue
            results.setdefault(one.name, []).append((found, listed(one, found, span.seed)))
        for peer in peers:
            made = of_peer(interpreter, peer, found, span.seed)
            if isinstance(made, str):
                skipped[peer] = made
                continue
            results.setdefault(peer, []).append((found, made))
    complete = {name: parts for name, parts in results.items() if len(parts) == len(spans)}
    return table(title, complete, {"personal frequency", *peers}, skipped, known)


def listed(recommender: Recommender, found: Window, seed: int) -> Result:
    with threadpool_limits(1):
        start = time.process_time()
        listing = recommender.fit(found.past, np.random.default_rng(seed))
        middle = time.process_time()
        every, new = listing.both(found.customers, K)
        return Result(every, new, middle - start, time.process_time() - middle)


def of_peer(
    interpreter: str, peer: str, found: Window, seed: int, options: Mapping[str, Any] | None = None
) -> Result | str:
    """What the peer lists, with `options` beside its usual ones; what it said last where it failed."""
    told = {**ONE_THREAD, **os.environ, "PEER_OPTIONS": json.dumps(dict(options or {}))}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder, found)
        asked = [interpreter, str(PROGRAM), peer, str(folder), str(seed)]
        done = subprocess.run(asked, capture_output=True, text=True, check=False, env=told)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["it failed without a word"])[-1]
        cost = json.loads(done.stdout.strip().splitlines()[-1])
        with np.load(folder / f"{peer}.npz") as kept:
            every, new = (Lists(*kept[sort].astype(np.int64)) for sort in ("all", "new"))
    return Result(every, new, cost["fit"], cost["lists"], cost["peak"])


def write(folder: Path, found: Window) -> None:
    """The split for a peer; customers without a purchase are unknown to it."""
    past = found.past
    days = (past.bought[c.AT] - past.bought[c.AT].min()).dt.total_seconds() / 86_400
    np.savez(
        folder / "split.npz",
        customer=past.bought[c.CUSTOMER],
        product=past.bought[c.PRODUCT],
        days=days,
        customers=found.customers,
        k=K,
        n_customers=past.customers.size,
        n_products=past.products.size,
    )


def measured(parts: Sequence[tuple[Window, Result]], *, new: bool) -> Measured:
    found = [(one, per_customer(result.new if new else result.all, one.relevant(new=new), K)) for one, result in parts]
    values: dict[str, Floats] = {
        metric: np.concatenate([metrics.of(metric) for _, metrics in found]) for metric in METRICS
    }
    return Measured(np.concatenate([one.customers[metrics.rows] for one, metrics in found]), values, 0.0, 0.0, 0.0)


def table(
    title: str,
    results: Mapping[str, Sequence[tuple[Window, Result]]],
    peers: set[str],
    skipped: Mapping[str, str],
    known: Mapping[str, tuple[float, float]],
) -> Figures:
    every = {name: measured(parts, new=False) for name, parts in results.items()}
    new = {name: measured(parts, new=True) for name, parts in results.items()}
    best = [
        max((name for name in peers if name in sort), key=lambda name: sort[name].mean("ndcg")) for sort in (every, new)
    ]
    rows = []
    for name in sorted(results, key=lambda name: -every[name].mean("ndcg")):
        beside = [
            "" if name == other else shown(difference(sort[name], sort[other], "ndcg", np.random.default_rng(1)))
            for sort, other in zip((every, new), best, strict=True)
        ]
        cost = [float(np.median([getattr(result, part) for _, result in results[name]])) for part in ("fit", "lists")]
        rows.append(
            (
                name,
                "peer" if name in peers else "Zhike",
                f"{every[name].mean('ndcg'):.4f}",
                beside[0],
                f"{new[name].mean('ndcg'):.4f}",
                beside[1],
                *(f"{sort[name].mean(metric):.3f}" for metric in ("hit_rate", "recall") for sort in (every, new)),
                *(f"{seconds:.2f}" for seconds in cost),
                " / ".join(f"{value:.4f}" for value in known.get(name, ())),
            )
        )
    customers = next(iter(every.values())).customers
    notes = [
        f"{np.unique(customers).size:,} customers in all spans together; metrics at {K}; CPU is the median of a span.",
        f"− best peer: NDCG above {best[0]} (all) and {best[1]} (new), with what 95 of 100 draws of customers give.",
        *(f"skipped: {name}: {why}" for name, why in skipped.items()),
    ]
    return Figures(title, HEADER, rows, notes)


def shown(found: Interval) -> str:
    return f"{found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}]"
