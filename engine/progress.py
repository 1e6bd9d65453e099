"""How long work tells where it is: called with what is being done and the share that is done (0 to 1)."""

from collections.abc import Callable

from engine.phrases import Phrase

Progress = Callable[[Phrase, float], None]


def silent(doing: Phrase, share: float) -> None:
    """For a caller that does not watch."""
