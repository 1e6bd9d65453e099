"""Policies: who gets which variant. One file here is one policy; its name is the file's.

Each file has `POLICY`, a frozen dataclass of settings. Nothing else has to be told about a new one.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from typing import Protocol, TypeGuard, runtime_checkable

from numpy.random import Generator

from engine.errors import NotFound
from engine.experiments.priors import Prior
from engine.experiments.tally import Counts, Tally, Weights
from engine.phrases import Phrase


class Policy(Protocol):
    """Settings; what has happened comes in as a tally."""

    @property
    def label(self) -> Phrase:
        """Who gets which variant, in a few words for the owner who chooses."""

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        """The probability of each variant for the next send, in the order of the variants; sums to 1."""


@runtime_checkable
class StepByStep(Protocol):
    """A policy whose next choice depends on how many were sent, even while no outcome is known."""

    def steps(self, tally: Tally, n: int) -> Counts:
        """The variants of the next n sends, in order, none of whose outcomes is known while they are chosen."""


@runtime_checkable
class Informed(Policy, Protocol):
    """A policy that begins with a prior, and so can be told what past campaigns have shown."""

    def informed(self, prior: Prior) -> Policy:
        """The same policy with this prior."""


@runtime_checkable
class Drawing(Policy, Protocol):
    """A policy that can draw one variant faster than it can tell the weights."""

    def draw(self, tally: Tally, rng: Generator) -> int:
        """A variant, with the probability of its weight."""


def goes_by_steps(policy: Policy) -> TypeGuard[StepByStep]:
    # asking a protocol takes longer than a step
    return hasattr(policy, "steps")


def can_draw(policy: Policy) -> TypeGuard[Drawing]:
    return hasattr(policy, "draw")


def goes_by_what_is_left(policy: object) -> bool:
    """Whether its weights hang on how many sends are still to come, also where a mode holds it."""
    return bool(getattr(getattr(policy, "policy", policy), "by_what_is_left", False))


@cache
def policies() -> dict[str, Policy]:
    """Every policy by its name, in the order of the names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}").POLICY for name in names}


def policy_named(name: str) -> Policy:
    """Raises NotFound, with the names that there are."""
    policy = policies().get(name)
    if policy is None:
        raise NotFound(
            Phrase(
                "There is no way to share out versions called “{name}”; choose one of: {names}.",
                name=name,
                names=tuple(policies()),
            )
        )
    return policy
