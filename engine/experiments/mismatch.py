"""Whether the versions were counted as they were shared out, in words: if not, that is told before anything else."""

from __future__ import annotations

from collections.abc import Sequence

from engine.experiments.several import MISMATCH, sample_ratio
from engine.phrases import Phrase

FEWEST_LOST = 5  # messages, of all versions together


def mismatch(observed: Sequence[int], shares: Sequence[float], labels: Sequence[str]) -> Phrase | None:
    """What to say if the sizes of the groups are no accident; `shares` are what was meant, on any scale.

    None if they may well be one, or if a version has not been counted at all yet.
    """
    if len(observed) < 2 or min(observed) == 0 or min(shares) <= 0:
        return None
    p = sample_ratio(observed, shares)[1]
    if p >= MISMATCH:
        return None
    whole, total = sum(observed), sum(shares)
    expected = tuple(
        Phrase("{label} {n}", label=label, n=round(whole * share / total))
        for label, share in zip(labels, shares, strict=True)
    )
    counts = tuple(Phrase("{label} {n}", label=label, n=n) for label, n in zip(labels, observed, strict=True))
    return Phrase(
        "Careful: there are {counts} people, where {expected} were to be expected; by chance that happens less than 1 "
        "time in {times}. Somebody is missing, and not evenly: find out why before you believe the difference.",
        counts=counts,
        expected=expected,
        times=_at_most(1 / max(p, 1e-6)),
    )


def lost_unevenly(lost: Sequence[int], got: Sequence[int], labels: Sequence[str]) -> Phrase | None:
    """What to say if of some version more messages got lost on the way than chance explains; None if they may well.

    Who was lost is left out, so those who are left can only be compared where each version lost as many.
    """
    if len(lost) < 2 or sum(lost) < FEWEST_LOST or not sum(got):
        return None
    from scipy.stats import chi2_contingency, fisher_exact

    table = [list(lost), list(got)]
    if min(a + b for a, b in zip(lost, got, strict=True)) == 0:
        return None
    p = fisher_exact(table)[1] if len(lost) == 2 else chi2_contingency(table)[1]
    if p >= MISMATCH:
        return None
    return Phrase(
        "Careful: of {counts} messages nobody got, and by chance it is that uneven less than 1 time in {times}. The "
        "people who are left of each version differ: find out why before you believe the difference.",
        counts=tuple(
            Phrase("{label} {lost} of {all}", label=label, lost=a, all=a + b)
            for label, a, b in zip(labels, lost, got, strict=True)
        ),
        times=_at_most(1 / max(float(p), 1e-6)),
    )


def _at_most(number: float) -> int:
    """Rounded down to one digit that counts."""
    step: int = 10 ** (len(str(int(number))) - 1)
    return int(number) // step * step
