"""What a campaign is for, beside its goal: to *earn* while it learns, or to *know* which version is better.

A campaign's way to share out its versions is a policy and, after a colon, a mode: `thompson:know`; a policy alone
is as its paper has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from numpy.random import Generator

from engine.errors import NotFound
from engine.experiments.contexts import Contextual
from engine.experiments.floors import all_for, with_floor
from engine.experiments.policies import Informed, Policy, policies, policy_named
from engine.experiments.priors import Prior
from engine.experiments.tally import Tally, Weights
from engine.phrases import Phrase

POLICY = "cooling"
EARNING, KNOWING, EVENLY = f"{POLICY}:earn", f"{POLICY}:know", "uniform"
DEFAULT = EARNING


@dataclass(frozen=True)
class Mode:
    """`floor` is the least share of each variant; `settles`: until a verdict has proven one, which then gets the most.

    `cost` says in one sentence what is gained and what is given up.
    """

    floor: float
    settles: bool
    label: Phrase
    cost: Phrase


MODES: Mapping[str, Mode] = MappingProxyType(
    {
        "earn": Mode(
            floor=0.001,
            settles=False,
            label=Phrase("soon more for what sells best"),
            cost=Phrase(
                "Earn: messages soon go mostly to the version that sells best. In our trials with five versions, "
                "finding out cost about 40 of 500 possible sales. But the others get so few messages that it takes far "
                "longer to be sure which is best, or it stays open."
            ),
        ),
        "know": Mode(
            floor=0.2,
            settles=True,
            label=Phrase("all measured well, then the winner"),
            cost=Phrase(
                "Know: each version keeps at least a fifth of the messages (with five or more, all get the same "
                "number) until it is sure which is best; then nearly all go to it. You are sure sooner, but in our "
                "trials with five versions it cost about 150 of 500 possible sales."
            ),
        ),
    }
)


@dataclass(frozen=True)
class InMode:
    """A policy held to a mode's floor; a policy that goes step by step is held to it by `assign`."""

    policy: Policy
    mode: Mode

    @property
    def label(self) -> Phrase:
        return self.mode.label

    def informed(self, prior: Prior) -> InMode:
        return InMode(informed(self.policy, prior), self.mode)

    def weights(self, tally: Tally, rng: Generator) -> Weights:
        settled = self.settled(tally)
        return with_floor(self.policy.weights(tally, rng), self.mode.floor) if settled is None else settled

    def settled(self, tally: Tally) -> Weights | None:
        """The weights once a verdict has proven a variant: nearly all for it. None until then."""
        if not self.mode.settles or tally.proven is None:
            return None
        return with_floor(all_for(tally.proven, tally.n_variants), MODES["earn"].floor)


@dataclass(frozen=True)
class Way:
    """A way to share out versions as its owner sees it: a few words, and a sentence on what it gains and costs."""

    label: Phrase
    cost: Phrase


def ways() -> dict[str, Way]:
    """What an owner chooses from, the usual way first; every other policy can be named as well."""
    modes = {f"{POLICY}:{name}": Way(mode.label, mode.cost) for name, mode in MODES.items()}
    even = Way(
        policies()[EVENLY].label,
        Phrase("Each version goes to the same number of people, whatever comes back: nothing is learned on the way."),
    )
    return {**modes, EVENLY: even}


def way_named(name: str) -> Policy:
    """The policy of this name, held to a mode where one is named after a colon.

    Raises NotFound, with the usual names, or the modes that there are.
    """
    policy, colon, mode = name.partition(":")
    if policy not in policies():
        usual = tuple(Phrase("{name} ({key})", name=way.label, key=key) for key, way in ways().items())
        raise NotFound(
            Phrase(
                "There is no way to share out versions called “{name}”; the usual ones: {ways}.", name=name, ways=usual
            )
        )
    if not colon:
        return policy_named(policy)
    if mode not in MODES:
        raise NotFound(
            Phrase("There is no aim called “{name}”; choose one of: {names}.", name=mode, names=tuple(MODES))
        )
    return InMode(policy_named(policy), MODES[mode])


def informed(policy: Policy, prior: Prior) -> Policy:
    """The policy with what past campaigns tell; as it is where it takes no prior."""
    return policy.informed(prior) if isinstance(policy, Informed) else policy


def of_each_person(policy: Policy) -> tuple[Contextual, float] | None:
    """The policy that chooses for each person by what they are like, and its floor; None of one that does not."""
    inner, floor = (policy.policy, policy.mode.floor) if isinstance(policy, InMode) else (policy, 0.0)
    return (inner, floor) if isinstance(inner, Contextual) else None
