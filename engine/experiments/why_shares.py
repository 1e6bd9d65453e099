"""Why the versions of a wave get the shares that they get, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from engine.experiments.modes import EVENLY, InMode
from engine.experiments.policies import Policy, goes_by_what_is_left
from engine.experiments.tally import Tally, Weights
from engine.experiments.what_next import EVEN
from engine.phrases import Phrase, counted


def why_shares(
    name: str, policy: Policy, tally: Tally, shares: Weights, labels: Sequence[str], *, left: int, before: bool
) -> Phrase | None:
    """None of one version alone. `tally`: what came back of this campaign; `left` people wait after these.

    `name` is that of the policy, with its mode; `before`: earlier campaigns told of a difference.
    """
    if len(labels) < 2:
        return None
    if name == EVENLY:
        return Phrase("Each version gets the same number, as you chose.")
    mode = policy.mode if isinstance(policy, InMode) else None
    if mode is not None and mode.settles and tally.proven is not None:
        return Phrase("It is proven that {best} works best, so nearly all get it.", best=labels[tally.proven])
    if shares.max() - shares.min() < EVEN:
        if mode is not None and mode.floor * len(labels) >= 1:
            return Phrase("With so many versions each gets the same number until it is sure which is best.")
        return Phrase("Too few have bought yet to tell, so each version still gets the same number.")
    most = int(shares.argmax())
    ahead = int(tally.means.argmax())
    if before and tally.means[ahead] > tally.means[most]:
        return Phrase(
            "Your earlier campaigns count, too: so {most} gets most, though {ahead} is ahead here.",
            most=labels[most],
            ahead=labels[ahead],
        )
    if mode is not None and mode.settles:
        return Phrase(
            "Each version keeps at least a fifth until it is sure which is best; the rest goes by what sells."
        )
    if not goes_by_what_is_left(policy):
        return Phrase("The likelier a version is to sell best, the more messages it gets.")
    if left:
        return counted(
            "After this wave {n} person is left to gain by what is found out, so the others are still tried; the fewer "
            "are left, the more goes to the one ahead.",
            "After this wave {n} people are left to gain by what is found out, so the others are still tried; the "
            "fewer are left, the more goes to the one ahead.",
            n=left,
        )
    return Phrase("Nobody is left after this wave to try things out for, so most goes to the one ahead.")
