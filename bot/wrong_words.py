"""What is wrong with the words of a command line, as `argparse` says it, in the shop's language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

from engine import Phrase

# as Python 3.11 to 3.13 word them; what is not among these is said as it is
_SAYS: tuple[tuple[str, Callable[..., Phrase]], ...] = (
    (
        r"the following arguments are required: (?P<names>.*)",
        lambda **said: Phrase("the following arguments are required: {names}", **said),
    ),
    (
        r"unrecognized arguments: (?P<words>.*)",
        lambda **said: Phrase("unrecognized arguments: {words}", **said),
    ),
    (
        r"argument VERB: invalid choice: (?P<value>.*?) \(choose from (?P<choices>.*)\)",
        lambda **said: Phrase("argument VERB: invalid choice: {value} (choose from {choices})", **said),
    ),
    (
        r"argument (?P<name>.*?): invalid choice: (?P<value>.*?) \(choose from (?P<choices>.*)\)",
        lambda **said: Phrase("argument {name}: invalid choice: {value} (choose from {choices})", **said),
    ),
    (
        r"argument (?P<name>.*?): invalid (?:int|float) value: (?P<value>.*)",
        lambda **said: Phrase("argument {name}: {value} is no number", **said),
    ),
    (
        r"argument (?P<name>.*?): invalid \w+ value: (?P<value>.*)",
        lambda **said: Phrase("argument {name}: {value} cannot be used", **said),
    ),
    (
        r"argument (?P<name>.*?): expected one argument",
        lambda **said: Phrase("argument {name}: expected one argument", **said),
    ),
    (
        r"argument (?P<name>.*?): expected at least one argument",
        lambda **said: Phrase("argument {name}: expected at least one argument", **said),
    ),
    (
        r"argument (?P<name>.*?): expected (?P<number>\d+) arguments?",
        lambda **said: Phrase("argument {name}: expected {number} arguments", **said),
    ),
    (
        r"argument (?P<name>.*?): not allowed with argument (?P<other>.*)",
        lambda **said: Phrase("argument {name}: not allowed with argument {other}", **said),
    ),
    (
        r"argument (?P<name>.*?): ignored explicit argument (?P<value>.*)",
        lambda **said: Phrase("argument {name} takes no value, and {value} was given", **said),
    ),
    (
        r"one of the arguments (?P<names>.*) is required",
        lambda **said: Phrase("one of the arguments {names} is required", **said),
    ),
    (
        r"ambiguous option: (?P<name>.*?) could match (?P<matches>.*)",
        lambda **said: Phrase("ambiguous option: {name} could match {matches}", **said),
    ),
)


class WrongWords(Exception):
    """The words of a command that cannot be understood, in one sentence."""

    def __init__(self, phrase: Phrase) -> None:
        super().__init__(str(phrase))
        self.phrase = phrase


def wrong_words(prog: str, message: str) -> WrongWords:
    """What `argparse` complains of in this command."""
    return WrongWords(Phrase("{prog}: {wrong}; `{prog} -h` shows how.", prog=prog, wrong=_said(message)))


def _said(message: str) -> Phrase:
    for pattern, says in _SAYS:
        found = re.fullmatch(pattern, message, re.S)
        if found is not None:
            return says(**found.groupdict())
    return Phrase("{message}", message=message)


def in_words(parser: argparse.ArgumentParser, says: Callable[[Phrase], str]) -> None:
    """Let the help of a parser have its headings in the shop's language."""
    parser._optionals.title = says(Phrase("options"))
    parser._positionals.title = says(Phrase("arguments"))
    usage = says(Phrase("usage: "))

    class Formatter(argparse.RawDescriptionHelpFormatter):
        def add_usage(self, given, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
            super().add_usage(given, actions, groups, usage if prefix is None else prefix)

    parser.formatter_class = Formatter
    for action in parser._actions:
        if action.dest == "help":
            action.help = says(Phrase("show this help and exit"))
