"""zhike missing: what is missing in the data, what it means, and how each field's gaps are treated."""

from __future__ import annotations

import argparse
from typing import Any

from bot.cli import Face, Verb
from bot.cli.imports import quiet_or_shown
from bot.language import everywhere
from bot.replies.missing import choice_reply, field_reply, report_reply
from engine import (
    MissingField,
    MissingUse,
    NotAllowed,
    Phrase,
    clear_treatment,
    missing_field,
    missing_report,
    set_treatment,
)


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words",
        nargs="*",
        metavar="FIELD",
        help="one field; or: set FIELD TREATMENT, clear FIELD; without it, a report of all",
    )


def run(args: argparse.Namespace, face: Face) -> None:
    match args.words:
        case []:
            report = missing_report(face.shop, quiet_or_shown())
            document = {
                "customers": report.n_customers,
                "fields": [_field(one, face) for one in report.fields],
                "uses": [_use(use, face) for use in report.uses],
                "limit": face.words(report.limit),
            }
            face.show(report_reply(report, None), document)
        case ["set", field, treatment]:
            choice = set_treatment(face.shop, field, treatment, spoken=everywhere)
            face.show(choice_reply(choice), _choice(choice))
        case ["clear", field]:
            choice = clear_treatment(face.shop, field, spoken=everywhere)
            face.show(choice_reply(choice), _choice(choice))
        case [field] if field not in ("set", "clear"):
            detail = missing_field(face.shop, field, everywhere)
            document = {
                **_field(detail.field, face),
                "options": [
                    {
                        "treatment": option.name,
                        "meaning": face.words(option.meaning),
                        "refusal": None if option.refusal is None else face.words(option.refusal),
                    }
                    for option in detail.options
                ],
                "uses": [_use(use, face) for use in detail.uses],
            }
            face.show(field_reply(detail), document)
        case _:
            raise NotAllowed(
                Phrase("Say zhike missing, zhike missing FIELD, missing set FIELD TREATMENT or missing clear FIELD.")
            )


def _field(one: MissingField, face: Face) -> dict[str, Any]:
    gaps, suggestion = one.gaps, one.suggestion
    return {
        "of": gaps.table,
        "field": gaps.field.key,
        "words": face.words(gaps.field.words),
        "rows": gaps.n,
        "missing": gaps.n_missing,
        "share": gaps.share,
        "pattern": [face.words(sentence) for sentence in gaps.sentences],
        "goes_with": [
            {
                "what": tie.group.companion.key,
                "among": face.words(tie.group.where),
                "share": tie.share_inside,
                "share_of_others": tie.share_outside,
                "p": tie.p,
            }
            for tie in gaps.pattern.ties
        ],
        "treatment": one.treatment,
        "chosen": one.chosen is not None,
        "suggestion": None
        if suggestion is None
        else {
            "treatment": suggestion.treatment,
            "reason": face.words(suggestion.reason),
            "tried": dict(suggestion.trials),
        },
    }


def _use(use: MissingUse, face: Face) -> dict[str, Any]:
    return {
        "use": use.key,
        "words": face.words(use.words),
        "sentence": face.words(use.sentence),
        "affected": use.n,
        "of": use.total,
        "fields": list(use.fields),
    }


def _choice(choice: Any) -> dict[str, Any]:
    return {"field": choice.field.key, "treatment": choice.treatment, "changed": choice.changed}


VERBS = [
    Verb(
        "missing",
        "what is missing in your data, and what to do about it",
        "zhike missing\nzhike missing birth_year\nzhike missing set birth_year median\nzhike missing clear birth_year",
        run,
        add,
    )
]
