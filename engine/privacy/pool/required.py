"""Whether the libraries of the extra `pool` are there."""

from __future__ import annotations

from importlib.util import find_spec

from engine.errors import NotAllowed
from engine.phrases import Phrase

LIBRARIES = ("phe", "gmpy2", "cryptography")
INSTALL = "pip install 'zhike[pool]'"
ABSENT = Phrase(
    "Pooling with other shops needs libraries that are not installed; this installs them: {command}", command=INSTALL
)


def insist() -> None:
    """Raises NotAllowed, with the command that installs what is missing."""
    if any(find_spec(library) is None for library in LIBRARIES):
        raise NotAllowed(ABSENT)
