"""What can go wrong that the user can mend. Each error carries the sentence that the user reads.

    EngineError
    ├── FileRefused     a file that cannot be read as a shop's data
    ├── Unsure          a file of whose columns something has to be asked first
    ├── NotFound        a customer, segment, campaign, … that is not there
    ├── NotAllowed      not in this state, or not with these values
    ├── TooLittleData   the question needs more than the store holds
    ├── Cancelled       the user stopped it
    └── StoreError      the database file itself: damaged, too new, locked, read-only

A sentence names what was given, what is allowed and what to do next.
"""

from typing import Any

from engine.phrases import Phrase


class EngineError(Exception):
    """`error.phrase` is the sentence for the user; `str(error)` the same in English."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(phrase)
        self.phrase = phrase

    def __str__(self) -> str:
        return str(self.phrase)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.phrase,)


class FileRefused(EngineError):
    pass


class Unsure(EngineError):
    pass


class NotFound(EngineError):
    pass


class NotAllowed(EngineError):
    pass


class TooLittleData(EngineError):
    pass


class Cancelled(EngineError):
    pass


class StoreError(EngineError):
    pass
