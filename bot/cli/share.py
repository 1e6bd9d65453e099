"""zhike share: a report to pass on that gives no customer away."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from bot.cli import Face, Verb
from bot.cli.campaign import who
from bot.cli.imports import quiet_or_shown
from bot.replies import Item, Line, Reply, Text, says
from bot.replies.pictures.charts import charts_pictures
from bot.replies.share import budget_reply, made_reply, offer_reply
from bot.replies.share_files import report_charts, report_html, report_json, report_json_file
from engine import (
    Budget,
    MadeReport,
    NotAllowed,
    Phrase,
    ReportLine,
    make_report,
    offer_report,
    pass_report_on,
    privacy_budget,
)

HOW = Phrase("Nothing was made yet: the same with --yes makes it.")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="make the report; without it, what it would hold and cost")
    parser.add_argument(
        "--epsilon", type=float, default=0.5, help="how much of the privacy budget it may use, 0.1 to 1"
    )
    parser.add_argument("--for", dest="whom", default="", metavar="WHOM", help="for whom it is, for your own record")
    parser.add_argument("--until", metavar="DATE", help="as of which day (default: today)")
    parser.add_argument("--groups", type=int, default=0, help="so many groups that the data show, found privately")
    parser.add_argument("--again", type=int, metavar="REPORT", help="a report that was made before, for nothing")
    parser.add_argument("--budget", action="store_true", help="what was spent, and what is left")
    parser.add_argument("--out", metavar="FOLDER", help="write the files and pictures to pass on there")


def run(args: argparse.Namespace, face: Face) -> None:
    if args.budget:
        budget, made = privacy_budget(face.shop)
        face.show(_words_only(budget_reply(budget, made)), _budget(budget, made))
        return
    if args.again is not None:
        _show(pass_report_on(face.shop, args.again, for_whom=args.whom, who=who()), args, face)
        return
    asked = {"epsilon": args.epsilon, "as_of": _day(args.until), "groups": args.groups}
    if args.yes:
        made_now = make_report(face.shop, **asked, for_whom=args.whom, who=who(), progress=quiet_or_shown())
        _show(made_now, args, face)
        return
    offer = offer_report(face.shop, **asked)
    (card,) = offer_reply(offer, f"{offer.epsilon:g}", "").parts
    assert isinstance(card, Text)
    face.show(
        says(*card.lines, HOW),
        {
            "made": False,
            "epsilon": offer.epsilon,
            "as_of": offer.as_of,
            "contents": [face.words(title) for title in offer.contents],
            "give_or_take": offer.give_or_take,
            "same_as": offer.same,
            "budget": _of(offer.budget),
        },
    )


def _show(made: MadeReport, args: argparse.Namespace, face: Face) -> None:
    budget, _ = privacy_budget(face.shop)
    written = _written(made, args.out, face) if args.out is not None else []
    reply = _words_only(made_reply(made, budget, (), ()))
    files: list[Line] = [Item(Phrase("{path}", path=str(path))) for path in written]
    document = {
        "made": made.anew,
        "number": made.id,
        "for": made.for_whom,
        "budget": _of(budget),
        "files": [str(path) for path in written],
        "report": report_json(made.report, face.language),
    }
    face.show(Reply((*reply.parts, Text(tuple(files)))) if files else reply, document)


def _written(made: MadeReport, out: str, face: Face) -> list[Path]:
    folder, name = Path(out), f"report-{made.id}"
    contents = {
        f"{name}.html": report_html(made.report, face.language),
        f"{name}.json": report_json_file(made.report, face.language),
    }
    for at, png in enumerate(charts_pictures(report_charts(made.report), face.language), start=1):
        contents[f"{name}-{at}.png"] = png
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in contents.items():
            (folder / file).write_bytes(content)
    except OSError as error:
        raise NotAllowed(
            Phrase("{path} is no folder that can be written to: name one with --out.", path=out)
        ) from error
    return [folder / file for file in contents]


def _words_only(reply: Reply) -> Reply:
    return Reply(tuple(part for part in reply.parts if isinstance(part, Text)))


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise NotAllowed(Phrase("“{word}” is no day; say one such as until 2026-10-31.", word=text)) from None


def _of(budget: Budget) -> dict[str, float]:
    return {"total": budget.total, "spent": budget.spent, "left": budget.left}


def _budget(budget: Budget, made: tuple[ReportLine, ...]) -> dict[str, Any]:
    return {
        **_of(budget),
        "unknown_to_this_copy": budget.elsewhere,
        "reports": [
            {
                "number": one.id,
                "epsilon": one.epsilon,
                "as_of": one.as_of,
                "made_at": one.made_at,
                "for": one.for_whom,
                "passed_on": [{"at": at, "for": whom} for at, whom in one.copies],
                "of_the_same_data": one.current,
            }
            for one in made
        ],
    }


VERBS = [
    Verb(
        "share",
        "a report to pass on that gives no customer away",
        "zhike share\nzhike share --yes --for 'the investor' --out ~/report\n"
        "zhike share --yes --until 2026-10-31 --json\nzhike share --budget",
        run,
        add,
    )
]
