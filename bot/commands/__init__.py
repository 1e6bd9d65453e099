"""What the chat understands: one file per capability, each with a table of `Command` rows, found by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from bot.replies import Reply
from bot.roles import OWNER, Lines
from engine import Phrase, Progress, Shop


@dataclass(frozen=True)
class Request:
    """What was asked: the words behind the command, and the file that came along.

    `role`: the owner asks, or a helper; `pressed`: by a button; `chat_name`: the title of a group.
    """

    language: str
    who: str = "owner"
    text: str = ""
    file: Path | None = None
    file_name: str | None = None
    chat_id: int = 0
    chat_name: str = ""
    pressed: bool = False
    role: str = OWNER

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.text.split())


@dataclass(frozen=True)
class Command:
    """One thing that the founder can say.

    `run` answers, and raises EngineError with the sentence for what it refuses. It is called away from the event
    loop: in a thread, or, if `long`, in a process of its own that can be cancelled. `stopped` is what is said then
    where it is not true that nothing was changed. `helpers` are the lines that a helper may say as well; each command
    has to decide, and all is the owner's until it has. `reads`: it works on a file that was sent before. `draws`: the
    lines of a long command that, once there is a result, only show it: while nothing changes the answer is the same.
    """

    name: str
    summary: Phrase
    run: Callable[[Shop, Request, Progress], Reply]
    long: bool = False
    listed: bool = True
    stopped: Phrase | None = None
    helpers: Lines | None = None
    reads: bool = False
    draws: Lines | None = None

    def only_draws(self, text: str) -> bool:
        """Whether these words ask for what is stored, and not for work anew."""
        return self.draws is not None and self.draws.hold(text)

    def open_to(self, role: str, text: str) -> bool:
        """Whether somebody of this role may say the command with these words behind it."""
        return role == OWNER or (self.helpers is not None and self.helpers.hold(text))


@cache
def commands() -> dict[str, Command]:
    """All commands by name, in the order of the founder's loop."""
    found = [
        command
        for module in iter_modules([str(Path(__file__).parent)])
        for command in import_module(f"{__name__}.{module.name}").COMMANDS
    ]
    return {command.name: command for command in sorted(found, key=_place)}


LOOP = (
    *("start", "help", "import", "sales", "quality", "same", "missing", "segments", "lifecycle", "value", "customer"),
    *("recommend", "similar", "rules", "plan", "campaign", "campaigns", "templates", "send", "limits", "unsubscribe"),
    *("outcome", "results", "wave", "pool", "evaluate", "share", "forget", "export_customer", "retention", "helpers"),
)


def _place(command: Command) -> tuple[int, str]:
    return (LOOP.index(command.name) if command.name in LOOP else len(LOOP), command.name)
