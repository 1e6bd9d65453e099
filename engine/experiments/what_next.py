"""What happens next in a campaign by itself, so that nobody is told to choose what its own waves choose."""

from __future__ import annotations

from collections.abc import Sequence

from engine.experiments.tally import Weights
from engine.phrases import Phrase, counted

EVEN = 1e-6  # shares that differ by less are the same
NEARLY_ALL = 0.9


def what_next(
    campaign: int,
    labels: Sequence[str],
    shares: Weights,
    *,
    waiting: int,
    best: int | None,
    by_choice: bool,
    by_person: bool,
) -> Phrase | None:
    """What the coming wave does, or which version to use once all are out; None where there is nothing to say.

    `shares`: of each version in the coming wave. `waiting`: for a wave. `best` is proven. `by_choice`: shares are even
    because the owner wants them so. `by_person`: each gets what suits what they are like.
    """
    if len(labels) < 2:
        return None
    if not waiting:
        return None if best is None else _all_out(labels[best])
    id_, most = str(campaign), int(shares.argmax())
    if by_person:
        return counted(
            "{n} person still waits and gets the version that suits what they are like: /wave {id}",
            "{n} people still wait; in the next wave each gets the version that suits what they are like: /wave {id}",
            n=waiting,
            id=id_,
        )
    if shares.max() - shares.min() >= EVEN:
        return _leans(id_, labels[most], float(shares[most]), waiting)
    if not by_choice:
        return counted(
            "{n} person still waits; too little is known yet to give one version more: /wave {id}",
            "{n} people still wait; too little is known yet to give one version more, so the next wave goes out "
            "evenly: /wave {id}",
            n=waiting,
            id=id_,
        )
    if best is None:
        return counted(
            "{n} person still waits; all versions go on getting the same number, as you chose: /wave {id}",
            "{n} people still wait; the next wave goes out evenly too, as you chose: /wave {id}",
            n=waiting,
            id=id_,
        )
    return counted(
        "{n} person still waits, and the next wave goes out evenly, as you chose. If they are to get {best}, drop the "
        "rest (/wave drop {id}) and draft a campaign with {best} alone.",
        "{n} people still wait, and the next wave goes out evenly, as you chose. If they are to get {best}, drop the "
        "rest (/wave drop {id}) and draft a campaign with {best} alone.",
        n=waiting,
        best=labels[best],
        id=id_,
    )


def _all_out(best: str) -> Phrase:
    return Phrase(
        "Who gets which is settled for everybody in this campaign; use {best} from your next campaign on.", best=best
    )


def _leans(id_: str, most: str, share: float, waiting: int) -> Phrase:
    if share >= NEARLY_ALL:
        return counted(
            "You need not change anything: {n} person still waits and most likely gets {most} by itself: /wave {id}",
            "You need not change anything: {n} people still wait, and the next wave gives {most} to nearly all by "
            "itself: /wave {id}",
            n=waiting,
            most=most,
            id=id_,
        )
    return counted(
        "You need not change anything: {n} person still waits, and {most} is the likeliest for them by itself "
        "(about {tenths} in 10): /wave {id}",
        "You need not change anything: {n} people still wait, and the next wave leans to {most} by itself (about "
        "{tenths} of 10 messages): /wave {id}",
        n=waiting,
        most=most,
        tenths=round(10 * share),
        id=id_,
    )
