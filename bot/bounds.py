"""Limits of memory and time for work on a file that somebody sent: it may be made to use up the machine."""

from __future__ import annotations

import re
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from engine import NotAllowed, Phrase

STATUS = Path("/proc/self/status")
# how a process ends that was refused memory in the middle of a library's work, or time
_ENDED = tuple(-getattr(signal, name) for name in ("SIGABRT", "SIGSEGV", "SIGKILL", "SIGXCPU") if hasattr(signal, name))


@dataclass(frozen=True)
class Bounds:
    """`memory` in bytes, beyond what the process has when it starts; `seconds` of the processor."""

    memory: int
    seconds: int

    def set_here(self) -> None:
        """Hold this process to them, as far as its system can."""
        try:
            import resource
        except ImportError:
            return  # Windows has none
        self._set(resource.RLIMIT_CPU, self.seconds, self.seconds + 5)
        if sys.platform == "linux":
            # elsewhere the kernel does not count it; here it is what is written to, also what libraries map
            self._set(resource.RLIMIT_DATA, *[_data_now() + self.memory] * 2)

    @staticmethod
    def _set(which: int, soft: int, hard: int) -> None:
        import resource

        _, most = resource.getrlimit(which)
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.setrlimit(which, (soft, hard))

    def refusal(self, exit_code: int | None) -> NotAllowed | None:
        """What to say of a process that ended so; None where that was not by its limits."""
        return too_much() if exit_code in _ENDED else None


# a chat's file has at most 20 MB, and unpacks to at most 400; ten million lines need less
UPLOADS = Bounds(memory=3 * 2**30, seconds=900)


def too_much() -> NotAllowed:
    return NotAllowed(
        Phrase(
            "This file takes more memory or time to read than I give a file from the chat, so I stopped and nothing "
            "was changed. Send it as CSV and in parts, or import it where Zhike runs: zhike import FILE"
        )
    )


def _data_now() -> int:
    """Bytes of data that this process has already, most of them shared with the one that it was forked from."""
    found = re.search(r"VmData:\s+(\d+) kB", STATUS.read_text())
    return 0 if found is None else int(found[1]) * 1024
