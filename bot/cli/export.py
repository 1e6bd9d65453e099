"""zhike export: the whole shop as files."""

from __future__ import annotations

import argparse

from bot.cli import Face, Verb
from bot.replies.export import exported_reply
from engine import export_shop


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="FOLDER", help="where to write the files (default: among the shop's own)")


def run(args: argparse.Namespace, face: Face) -> None:
    made = export_shop(face.shop, args.out, face.words)
    face.show(
        exported_reply(made),
        {"files": [{"file": str(exported.path), "rows": exported.rows} for exported in made]},
    )


VERBS = [
    Verb(
        "export",
        "the whole shop as CSV files, to keep or to take elsewhere",
        "zhike export\nzhike export --out ~/my-shop --json",
        run,
        add,
    )
]
