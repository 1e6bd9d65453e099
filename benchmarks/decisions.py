"""How many decisions a CPU second makes, beside mabwiser, contextualbandits and Vowpal Wabbit.

Five versions, of each of which 2,000 outcomes are known; where people differ, ten features. One at a time: as asked
for, while no outcome comes in. Learning after each: an outcome comes in after every one. In a batch: 100,000 sends
(10,000 by features) at once. Ours tells the probability of every choice with it, but where it says "drawn"; UCB1 counts
what it has sent itself, which mabwiser's does not (compare "as it stands").

`ZHIKE_BANDIT_PEERS` names a Python interpreter that has the peers; without it they are skipped. One thread each.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import Figures
from benchmarks.peers.decisions import ARMS, KNOWN, data, rate
from engine.experiments.assign import assign, draw, drawn, one_by_one
from engine.experiments.contexts import Moments, Seen
from engine.experiments.modes import DEFAULT, way_named
from engine.experiments.policies import Policy
from engine.experiments.policies.epsilon_greedy import EpsilonGreedy
from engine.experiments.policies.linear_thompson import LinearThompson
from engine.experiments.policies.linucb import LinUcb
from engine.experiments.policies.thompson import Thompson
from engine.experiments.policies.ucb1 import Ucb1

VARIABLE = "ZHIKE_BANDIT_PEERS"
PEERS = ("mabwiser", "contextualbandits", "vowpalwabbit")
PROGRAM = Path(__file__).parent / "peers" / "decisions.py"
AT_ONCE = 100_000
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def run() -> Figures:
    with threadpool_limits(1):
        mine = ours()
    peers: dict[str, dict[str, float]] = {}
    notes = ["Decisions per CPU second, in thousands; the best of three runs."]
    interpreter = os.environ.get(VARIABLE, "")
    for name in PEERS:
        made = of_peer(interpreter, name) if interpreter else f"{VARIABLE} names no interpreter for it"
        if isinstance(made, str):
            notes.append(f"skipped: {name}: {made}")
        else:
            peers[name] = made
    rows = []
    for name in [*mine, *(one for made in peers.values() for one in made if one not in mine)]:
        if name in {row[0] for row in rows}:
            continue
        rows.append((name, _told(mine.get(name)), *(_told(peers.get(peer, {}).get(name)) for peer in PEERS)))
    return Figures("Decisions", ("", "Zhike", *PEERS), rows, notes)


def ours() -> dict[str, float]:
    tally = Seen(np.zeros((KNOWN, 1)), *data()[:2], ARMS).tally()
    rng = np.random.default_rng(1)
    found: dict[str, float] = {}
    named: dict[str, Policy] = {
        "UCB1": Ucb1(),
        "Thompson": Thompson(),
        "epsilon-greedy": EpsilonGreedy(),
        f"default ({DEFAULT})": way_named(DEFAULT),
    }
    for name, policy in named.items():
        found[f"{name}, one at a time"] = _stream(lambda policy=policy: one_by_one(policy, tally, rng))
        if name == "UCB1":
            found["UCB1 as it stands, one at a time"] = _stream(lambda: drawn(Ucb1().weights(tally, rng), rng))
        found[f"{name}, learning after each"] = _learning(policy, tally)
        found[f"{name}, in a batch"] = rate(lambda policy=policy: assign(policy, tally, AT_ONCE, rng), AT_ONCE)
    arm, won, people = data()
    moments = Moments.of(Seen(people, arm, won.astype(float), ARMS))
    found["LinUCB, one at a time"] = _stream(lambda: LinUcb().one_by_one(moments, _again(people)))
    found["LinUCB, in a batch"] = rate(lambda: LinUcb().choices(moments, people), KNOWN)
    variance = float(won.var())
    found["linear Thompson, one at a time"] = _stream(
        lambda: LinearThompson().one_by_one(moments, _again(people), variance, rng)
    )
    found["linear Thompson, in a batch"] = rate(lambda: LinearThompson().choices(moments, people, variance, rng), KNOWN)
    return found


def _stream(begin: Callable[[], object], n: int = 20_000) -> float:
    """Of a generator: what it takes to begin is counted in, once for all that is asked for."""

    def some() -> None:
        deque(islice(begin(), n), maxlen=0)  # type: ignore[call-overload]

    return rate(some, n)


def _again(people: np.ndarray) -> object:
    while True:
        yield from people


def _learning(policy: Policy, tally: object, n: int = 500) -> float:
    rng = np.random.default_rng(1)

    def some() -> None:
        now = tally
        for _ in range(n):
            now = now.after(draw(policy, now, rng), False)  # type: ignore[attr-defined]

    return rate(some, n)


def of_peer(interpreter: str, name: str) -> dict[str, float] | str:
    """What the peer reaches; what it said last where it failed."""
    told = {**os.environ, **ONE_THREAD}
    done = subprocess.run([interpreter, str(PROGRAM), name], capture_output=True, text=True, check=False, env=told)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["it failed without a word"])[-1]
    made: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return made


def _told(value: float | None) -> str:
    return "–" if value is None else f"{value / 1000:,.1f}"
