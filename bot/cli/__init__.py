"""The command line: one file per capability, each with a table of `Verb` rows, found by itself.

Words for people, or with --json one document for programs. What the user can mend ends with status 2 and a sentence
on standard error; what we broke ends with status 1.
"""

from __future__ import annotations

import argparse
import errno
import io
import json
import locale
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NoReturn

from bot.language import NAMES, code_of, language, speaker
from bot.logs import described
from bot.replies import Lines, Reply, Text, plain
from bot.secret import key_of
from bot.settings import Settings, read_settings
from bot.wrong_words import WrongWords, in_words, wrong_words
from engine import EngineError, Language, NotAllowed, Phrase, Shop, shop_at


@dataclass(frozen=True)
class Face:
    """What a verb is handed: the shop, how to speak, and where answers go."""

    settings: Settings
    shop: Shop
    language: Language
    as_json: bool

    def show(self, reply: Reply, document: Mapping[str, Any]) -> None:
        """Print the words of `reply`, or the document for programs."""
        if self.as_json:
            utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
            print(json.dumps(document, ensure_ascii=not utf8, indent=2, default=str))
            return
        for part in reply.parts:
            if isinstance(part, Text):
                self.say(*part.lines)

    def say(self, *lines: Any) -> None:
        words: Lines = lines
        print(plain(words, self.language))

    def words(self, phrase: Any) -> str:
        return str(phrase.say(self.language))


@dataclass(frozen=True)
class Verb:
    """One thing that the command line does; a name of two words is a verb within a group."""

    name: str
    summary: str
    examples: str
    run: Callable[[argparse.Namespace, Face], int | None]
    add: Callable[[argparse.ArgumentParser], None] = lambda parser: None


def verbs() -> list[Verb]:
    """All verbs, found in the files of this folder."""
    return [
        verb
        for module in iter_modules([str(Path(__file__).parent)])
        for verb in import_module(f"{__name__}.{module.name}").VERBS
    ]


def main(argv: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # a terminal that lacks a letter shows a question mark, and not a traceback
            stream.reconfigure(errors="replace")
    words = sys.argv[1:] if argv is None else argv
    as_json, code = "--json" in words, _language_of(words)
    try:
        args = _parser(code).parse_args(words)
    except WrongWords as wrong:
        _complain(wrong.phrase.say(language(code)), as_json=as_json)
        raise SystemExit(2) from None
    code = args.language or code
    try:
        settings = read_settings()
        return _answer(args, replace(settings, language=args.language or settings.language), code)
    except EngineError as error:
        _complain(error.phrase.say(language(code)), as_json=as_json)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the last line of defence tells its user whose fault it is
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _complain(DISK_FULL.say(language(code)), as_json=as_json)
            return 2
        print(described(error), file=sys.stderr)
        _complain(OUR_FAULT.say(language(code)), as_json=as_json)
        return 1


def _complain(text: str, *, as_json: bool) -> None:
    """One line about what went wrong where errors go; for programs as JSON with one field, `error`."""
    print(json.dumps({"error": text}, ensure_ascii=False) if as_json else text, file=sys.stderr)


def _answer(args: argparse.Namespace, settings: Settings, code: str) -> int:
    if args.db is not None:
        settings = replace(settings, db=_path(args.db))
    shop = shop_at(settings.db.absolute())
    shop = replace(shop, key=key_of(settings, shop, language(code), may_ask=not args.json))
    face = Face(settings, shop, language(code), args.json)
    status: int | None = args.run(args, face)
    sys.stdout.flush()
    return status or 0


DISK_FULL = Phrase("The disk is full: free some space and try again.")
OUR_FAULT = Phrase("This is a fault of Zhike's, not yours; what was saved before is safe.")


def _language_of(words: Sequence[str]) -> str:
    """That which is asked for, whether all else can be understood or not; else the shop's, or the system's."""
    after = dict(pairwise(words)).get("--language", "")
    said = next((word.partition("=")[2] for word in words if word.startswith("--language=")), after)
    if said in NAMES:
        return said
    try:
        shops = read_settings().language
    except EngineError:  # told later, in the system's language
        shops = None
    return shops or code_of(locale.getlocale()[0])


class OneSentence(argparse.ArgumentParser):
    """Says in one sentence what is wrong with the words of a command."""

    def error(self, message: str) -> NoReturn:
        raise wrong_words(self.prog, message)


def _path(text: str) -> Path:
    if not text.strip():
        raise NotAllowed(Phrase("--db is empty: name the file of the database."))
    return Path(text).expanduser()


def _parser(code: str) -> argparse.ArgumentParser:
    says = speaker(code)
    examples = says(Phrase("examples:"))
    common = OneSentence(add_help=False)
    common.add_argument("--db", metavar="FILE", help="the database (default: ZHIKE_DB, or Zhike's own place)")
    common.add_argument("--language", choices=sorted(NAMES), help="the language of the answers")
    common.add_argument("--json", action="store_true", help="one JSON document for programs")
    parser = OneSentence(
        prog="zhike",
        description="Zhike 知客: a marketing assistant for one-person companies. Without a verb it opens the chat.",
        epilog=f"{examples}\n  zhike                      open the chat in the browser\n"
        "  zhike import orders.csv    read an export of your orders\n"
        "  zhike segments             who your customers are",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
    )
    in_words(parser, says)
    found = {verb.name: verb for verb in verbs()}
    groups: dict[str, Any] = {"": parser.add_subparsers(metavar="VERB", title=says(Phrase("verbs")))}
    for name, verb in sorted(found.items()):
        group, _, last = name.rpartition(" ")
        if group not in groups:
            members = [other.rpartition(" ")[2] for other in sorted(found) if other.startswith(group + " ")]
            outer = groups[""].add_parser(group, help=" | ".join(members))
            in_words(outer, says)
            groups[group] = outer.add_subparsers(metavar="|".join(members), required=True)
        inner = groups[group].add_parser(
            last,
            help=verb.summary,
            description=verb.summary,
            epilog=f"{examples}\n" + "\n".join(f"  {line}" for line in verb.examples.splitlines()),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[_quietly(common)],
        )
        verb.add(inner)
        in_words(inner, says)
        inner.set_defaults(run=verb.run)
    parser.set_defaults(run=found["chat"].run, **_defaults(found["chat"]))
    return parser


def _quietly(common: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The common options behind the verb as well, without undoing what stood before it."""
    copy = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    for action in common._actions:
        copy._add_action(_without_default(action))
    return copy


def _without_default(action: argparse.Action) -> argparse.Action:
    twin = type(action).__new__(type(action))
    twin.__dict__.update(action.__dict__)
    twin.default = argparse.SUPPRESS
    return twin


def _defaults(verb: Verb) -> dict[str, Any]:
    """What the verb's options are when it is not named."""
    parser = argparse.ArgumentParser(add_help=False)
    verb.add(parser)
    return vars(parser.parse_args([]))
