"""zhike evaluate: how good results are, measured on the shop's own data."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.replies import says
from bot.replies.evaluate import evaluation_reply, kinds_reply
from bot.replies.pictures.charts import charts_picture
from engine import Chart, NotAllowed, Phrase, evaluate, evaluations


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", nargs="?", metavar="|".join(evaluations()), help="what to test; without it, the list")
    parser.add_argument("--again", action="store_true", help="measure anew, even if nothing has changed")
    parser.add_argument("--deep", action="store_true", help="try what takes long, too (recommend)")
    parser.add_argument("--picture", metavar="FILE", help="write the picture as well, a PNG")


def run(args: argparse.Namespace, face: Face) -> None:
    if args.kind is None:
        kinds = evaluations()
        face.show(kinds_reply(kinds), {"kinds": {kind: face.words(label) for kind, label in kinds.items()}})
        return
    evaluation = evaluate(face.shop, args.kind, deep=args.deep, refresh=args.again, progress=quiet_or_shown())
    found = evaluation.found
    document = {
        "kind": evaluation.kind,
        "as_of": found.as_of,
        "computed_at": found.computed_at,
        "verdict": face.words(found.verdict),
        "facts": [face.words(fact) for fact in found.facts],
        **found.numbers,
    }
    reply = evaluation_reply(evaluation, ())
    if args.picture is not None:
        path = _drawn(found.charts, args.picture, face)
        document["picture"] = str(path)
        reply = says(*reply.parts[0].lines, Phrase("The picture is at {path}", path=str(path)))
    face.show(reply, document)


def _drawn(charts: tuple[Chart, ...], out: str, face: Face) -> Path:
    path = Path(out)
    if not charts:
        raise NotAllowed(Phrase("There is nothing to draw: the test cannot be made yet."))
    if path.suffix.lower() != ".png":
        raise NotAllowed(Phrase("The picture is a PNG: give a name that ends in .png, not {path}.", path=out))
    try:
        path.write_bytes(charts_picture(charts, face.language))
    except OSError as error:
        raise NotAllowed(
            Phrase("Cannot write to {path}: check that the folder exists and is yours.", path=out)
        ) from error
    return path


VERBS = [
    Verb(
        "evaluate",
        "how good my results are, tested on your own past",
        "zhike evaluate\nzhike evaluate lifecycle\nzhike evaluate value --json\nzhike evaluate recommend --deep\n"
        "zhike evaluate lifecycle --picture test.png",
        run,
        add,
    )
]
