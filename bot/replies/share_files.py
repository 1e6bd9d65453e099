"""A shared report as files to pass on: HTML for people, JSON for a language model. Functions of the report alone."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from bot.replies import Item, Line, Title, plain
from bot.replies.share import report_lines
from engine import Bar, Chart, Entry, Language, Phrase, PrivateReport, Row, Section

HEADLINE = Phrase("How the shop stands")
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:44em;margin:2em auto;padding:0 1em;color:#24313b}"
    "h1{font-size:1.5em}h2{font-size:1.15em;margin-top:1.6em}p{color:#66737d}"
)


def report_html(report: PrivateReport, language: Language) -> bytes:
    """A page without scripts, pictures or links."""
    body: list[str] = [f"<h1>{_said(HEADLINE, language)}</h1>"]
    items: list[str] = []
    for line in report_lines(report):
        if isinstance(line, Item):
            items.append(f"<li>{_said(line.phrase, language)}</li>")
            continue
        if items:
            body.append(f"<ul>{''.join(items)}</ul>")
            items = []
        body.append(_block(line, language))
    if items:
        body.append(f"<ul>{''.join(items)}</ul>")
    page = (
        f'<!doctype html>\n<html lang="{language.code}">\n<head><meta charset="utf-8">'
        f"<title>{_said(HEADLINE, language)}</title><style>{_STYLE}</style></head>\n<body>\n"
    )
    return (page + "\n".join(part for part in body if part) + "\n</body>\n</html>\n").encode()


def report_json(report: PrivateReport, language: Language) -> dict[str, Any]:
    """All figures with their ranges; null where one is too small to tell."""
    return {
        "as_of": report.as_of.isoformat(),
        "epsilon": report.epsilon,
        "guarantee": [phrase.say(language) for phrase in report.guarantee],
        "caution": None if report.caution is None else report.caution.say(language),
        "sections": [_section(section, language) for section in report.sections],
    }


def report_json_file(report: PrivateReport, language: Language) -> bytes:
    return (json.dumps(report_json(report, language), ensure_ascii=False, indent=2) + "\n").encode()


def report_charts(report: PrivateReport) -> tuple[Chart, ...]:
    """The counts of groups as bars, with how far the noise may have moved each."""
    return tuple(
        Chart(
            section.title,
            section.note,
            tuple(
                Row(entry.label, (Bar(entry.value or 0.0, entry.said, low=entry.low, high=entry.high),))
                for entry in section.shown
            ),
        )
        for section in report.sections
        if section.drawn and section.shown
    )


def _block(line: Line, language: Language) -> str:
    if isinstance(line, Title):
        return f"<h2>{_said(line.phrase, language)}</h2>"
    words = plain((line,), language)
    return f"<p>{escape(words)}</p>" if words else ""


def _said(phrase: Phrase, language: Language) -> str:
    return escape(phrase.say(language))


def _section(section: Section, language: Language) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title.say(language),
        "note": section.note.say(language),
        "not_shown_below": section.below,
        "figures": [_entry(entry, language) for entry in section.entries],
    }


def _entry(entry: Entry, language: Language) -> dict[str, Any]:
    return {
        "key": entry.key,
        "label": entry.label.say(language),
        "value": entry.value,
        "low": entry.low,
        "high": entry.high,
    }
