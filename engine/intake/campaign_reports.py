"""What Mailchimp and Klaviyo report of a campaign, as counts per version.

Messages are those delivered. Conversions are orders where the report has any, else people who clicked. Mailchimp
reports one campaign in blocks of lines, those of an A/B test called “Combination 1 Stats” and so on, or many as a
table; Klaviyo's table has an A/B test in one row, which cannot be taken apart.
Source: Mailchimp help, "Export campaign reports"; Klaviyo help, "Export campaign data".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from engine.errors import FileRefused, NotAllowed
from engine.intake.encodings import as_utf8
from engine.intake.outcomes import Count
from engine.intake.synonyms import folded
from engine.phrases import Phrase, counted

_BLOCK = re.compile(r"(?:overall|combination \d+) stats", re.IGNORECASE)
_COMBINATION = re.compile(r"combination \d+ stats", re.IGNORECASE)
_TITLE_OF_BLOCKS = re.compile(r"(?:email )?campaign report", re.IGNORECASE)
_WHOLE = re.compile(r"\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.0+)?(?:\s|\(|$)")
_LABEL = re.compile(r"(?:^|[^A-Za-z])([A-Z])\s*(?:组|版|方案|[)\]）】])?$")
_TABLE: Final = frozenset({"successfuldeliveries", "uniqueclicks"})
_DELIVERED: Final = "successfuldeliveries"
_CLICKED: Final = ("uniqueclicks", "recipientswhoclicked")
_ORDERED: Final = ("uniqueplacedorder", "totalorders", "orders")
_TITLE: Final = ("campaignname", "title", "subjectline", "subject")


@dataclass(frozen=True)
class Version:
    """What is reported of one version: what it is called there, and how many were delivered, clicked and ordered."""

    title: str
    delivered: int
    clicked: int
    ordered: int | None


def is_report(headers: Sequence[str]) -> bool:
    """Whether a table with these headers reports campaigns."""
    return {folded(header) for header in headers} >= _TABLE


def is_text_report(data: bytes) -> bool:
    """Whether a file is a report in blocks, which is no table."""
    first = data[:200].decode("utf-8", "ignore").lstrip('\ufeff \r\n"').split("\n", 1)[0]
    return _TITLE_OF_BLOCKS.match(first) is not None


def read(data: bytes, name: str) -> tuple[Version, ...] | None:
    """The versions in the order of the report; None if the file is none. Raises FileRefused for one without counts."""
    try:
        with as_utf8(data, name).open() as file:
            text = file.read().decode()
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    except (FileRefused, csv.Error):
        return None
    if not rows:
        return None
    if is_text_report(data):
        found = [_version(block) for block in _blocks(rows)]
    elif is_report(rows[0]):
        keys = [folded(header) for header in rows[0]]
        found = [_version(dict(zip(keys, row, strict=False))) for row in rows[1:]]
    else:
        return None
    whole = tuple(version for version in found if version is not None)
    if len(whole) < len(found) or not whole:
        raise FileRefused(
            Phrase("{name} does not tell for each version how many were delivered and how many clicked.", name=name)
        )
    return whole


def counts(
    versions: Sequence[Version], labels: Sequence[str], name: str
) -> tuple[tuple[Count, ...], tuple[Phrase, ...]]:
    """The counts of the campaign's versions, called `labels`, and how they were taken.

    A title that ends with a version's letter is that version, if all do; else they stand in the campaign's order.
    Raises NotAllowed if the report has not as many versions as the campaign.
    """
    if len(versions) == 1 and len(labels) > 1:
        raise NotAllowed(
            Phrase(
                "{name} reports all versions as one, and the campaign has {labels}: export the report of each version.",
                name=name,
                labels=tuple(labels),
            )
        )
    if len(versions) != len(labels):
        raise NotAllowed(
            counted(
                "{name} reports {of_report} campaigns or versions, and this campaign has {n}: keep only the rows that "
                "are about it.",
                "{name} reports {of_report} campaigns or versions, and this campaign has {n}: keep one row for each.",
                n=len(labels),
                name=name,
                of_report=len(versions),
            )
        )
    ends = [match[1] if (match := _LABEL.search(version.title.strip())) else "" for version in versions]
    called = ends if sorted(ends) == sorted(labels) else list(labels)
    with_orders = any(version.ordered for version in versions)
    found = tuple(
        Count(label, (version.ordered or 0) if with_orders else version.clicked, version.delivered)
        for label, version in zip(called, versions, strict=True)
    )
    return found, (_measure(with_orders), *_told(called, versions))


def _measure(with_orders: bool) -> Phrase:
    if with_orders:
        return Phrase("Taken from the report: orders count as bought, of the messages that were delivered.")
    return Phrase(
        "Taken from the report, which has no orders: people who clicked count as bought, of the messages that were "
        "delivered."
    )


def _told(labels: Sequence[str], versions: Sequence[Version]) -> tuple[Phrase, ...]:
    if len(versions) < 2:
        return ()
    pairs = sorted(zip(labels, (version.title for version in versions), strict=True))
    which = tuple(Phrase("{label} is “{title}”", label=label, title=title[:60]) for label, title in pairs)
    return (Phrase("In the report {which}.", which=which),)


def _blocks(rows: Sequence[Sequence[str]]) -> list[Mapping[str, str]]:
    """The lines of each version: those of the combinations if there are any, else those of all."""
    title = next((row[1] for row in rows if folded(row[0]) == "title" and len(row) > 1), "")
    blocks: list[tuple[str, dict[str, str]]] = []
    within = False
    for row in rows:
        if len(row) == 1:
            within = _BLOCK.fullmatch(row[0].strip()) is not None
            if within:
                blocks.append((row[0].strip(), {"title": title}))
        elif within:
            blocks[-1][1].setdefault(folded(row[0]), row[1])
    combinations = [
        {**lines, "title": lines.get("subjectline", head)} for head, lines in blocks if _COMBINATION.match(head)
    ]
    return [*combinations] or [lines for _, lines in blocks]


def _version(cells: Mapping[str, str]) -> Version | None:
    """None where the report does not say how many were delivered and how many clicked or ordered."""
    delivered = _whole(cells.get(_DELIVERED, ""))
    clicked = next((n for key in _CLICKED if (n := _whole(cells.get(key, ""))) is not None), None)
    ordered = next((n for key in _ORDERED if (n := _whole(cells.get(key, ""))) is not None), None)
    if delivered is None or clicked is None:
        return None
    return Version(next((cells[key] for key in _TITLE if cells.get(key)), ""), delivered, clicked, ordered)


def _whole(cell: str) -> int | None:
    """The number a cell begins with: “1,742”, “121108.0”, “20 (1.1%)”."""
    match = _WHOLE.match(cell)
    return int(match[1].replace(",", "")) if match else None
