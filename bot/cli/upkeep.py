"""zhike backup, zhike check: the database file itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli import Face, Verb
from bot.replies import Item, says
from engine import Phrase, back_up, check_store


def add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write the copy: a new file, or a folder")


def backup(args: argparse.Namespace, face: Face) -> None:
    path = back_up(face.shop, args.file)
    face.show(says(Phrase("The backup is at {path}", path=str(path))), {"backup": str(path)})


def check(args: argparse.Namespace, face: Face) -> int:
    health = check_store(face.shop)
    sound = not health.faults
    words = (
        says(Phrase("{path} is sound.", path=str(health.path)))
        if sound
        else says(
            Phrase("{path} has faults: restore a backup, or ask for help with this list.", path=str(health.path)),
            *(Item(Phrase("{fault}", fault=fault)) for fault in health.faults),
        )
    )
    face.show(words, {"sound": sound, "faults": list(health.faults), "rows": dict(health.sizes)})
    return 0 if sound else 2


VERBS = [
    Verb("backup", "copy the database while it is in use", "zhike backup ~/zhike-backup.db", backup, add_target),
    Verb("check", "is the database whole and consistent?", "zhike check\nzhike check --json", check),
]
