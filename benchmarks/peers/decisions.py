"""Run by the peers' interpreter: decisions per CPU second of mabwiser, contextualbandits or Vowpal Wabbit.

    python decisions.py PACKAGE   → one line of JSON: name of the row → decisions per second

Five arms, ten features, 10,000 outcomes learned before; the same as `benchmarks/decisions.py` gives to ours. Nothing
of this project is imported here.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import numpy as np

ARMS, FEATURES, KNOWN = 5, 10, 10_000


def data():
    rng = np.random.default_rng(1)
    rates = np.array([0.02, 0.025, 0.03, 0.035, 0.05])
    arm = rng.integers(0, ARMS, KNOWN)
    return arm, (rng.random(KNOWN) < rates[arm]).astype(int), rng.normal(size=(KNOWN, FEATURES))


def rate(one: Callable[[], object], each: int = 1, seconds: float = 1.0) -> float:
    """Decisions per CPU second where `one` makes `each`; the best of three."""
    best = 0.0
    for _ in range(3):
        n, begin = 0, time.process_time()
        while time.process_time() - begin < seconds / 3:
            for _ in range(50 if each == 1 else 1):
                one()
            n += 50 * each if each == 1 else each
        best = max(best, n / (time.process_time() - begin))
    return best


def mabwiser() -> dict[str, float]:
    from mabwiser.mab import MAB, LearningPolicy

    arm, won, features = data()
    found = {}
    for name, policy in (
        ("UCB1", LearningPolicy.UCB1(1.25)),
        ("Thompson", LearningPolicy.ThompsonSampling()),
    ):
        bandit = MAB(list(range(ARMS)), policy, seed=1)
        bandit.fit(arm.tolist(), won.tolist())
        found[f"{name}, one at a time"] = rate(bandit.predict)
        found[f"{name}, learning after each"] = rate(lambda bandit=bandit: bandit.partial_fit([bandit.predict()], [0]))
    for name, policy in (("LinUCB", LearningPolicy.LinUCB(0.2)), ("linear Thompson", LearningPolicy.LinTS(0.2))):
        bandit = MAB(list(range(ARMS)), policy, seed=1)
        bandit.fit(arm.tolist(), won.tolist(), features)
        one = features[:1]
        found[f"{name}, one at a time"] = rate(lambda bandit=bandit, one=one: bandit.predict(one))
        found[f"{name}, in a batch"] = rate(lambda bandit=bandit: bandit.predict(features), KNOWN)
    return found


def contextualbandits() -> dict[str, float]:
    from contextualbandits.online import LinTS, LinUCB

    arm, won, features = data()
    found = {}
    for name, made in (("LinUCB", LinUCB(ARMS, alpha=0.2)), ("linear Thompson", LinTS(ARMS))):
        made.fit(features, arm, won)
        found[f"{name}, one at a time"] = rate(lambda made=made: made.predict(features[:1]))
        found[f"{name}, in a batch"] = rate(lambda made=made: made.predict(features), KNOWN)
    return found


def vowpalwabbit() -> dict[str, float]:
    import vowpalwabbit

    arm, won, features = data()
    plain = vowpalwabbit.Workspace(f"--cb_explore {ARMS} --epsilon 0.1 --quiet")
    rich = vowpalwabbit.Workspace(f"--cb_explore {ARMS} --epsilon 0.1 --quiet")
    texts = ["| " + " ".join(f"f{i}:{value:.4f}" for i, value in enumerate(row)) for row in features[:2_000]]
    for i in range(2_000):
        plain.learn(f"{arm[i] + 1}:{-won[i]}:0.2 | c")
        rich.learn(f"{arm[i] + 1}:{-won[i]}:0.2 {texts[i]}")

    def learning() -> None:
        plain.predict("| c")
        plain.learn("1:0:0.2 | c")

    return {
        "epsilon-greedy, one at a time": rate(lambda: plain.predict("| c")),
        "epsilon-greedy, learning after each": rate(learning),
        "epsilon-greedy by features, one at a time": rate(lambda: rich.predict(texts[0])),
    }


if __name__ == "__main__":
    print(
        json.dumps(
            {"mabwiser": mabwiser, "contextualbandits": contextualbandits, "vowpalwabbit": vowpalwabbit}[sys.argv[1]]()
        )
    )
