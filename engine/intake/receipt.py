"""What became of a file: every row of it is accepted, in without a customer, or rejected with a reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from engine.intake.evidence import Finding
from engine.intake.layouts import Kind
from engine.intake.limits import Limit
from engine.intake.timeline import Timeline, from_facts
from engine.phrases import Phrase, from_json, to_json


@dataclass(frozen=True)
class Returns:
    """Rows that a known customer gave back, and the money they were worth."""

    rows: int = 0
    money: float = 0.0


@dataclass(frozen=True)
class KeptColumn:
    """A column beyond the known fields: kept as an attribute of this kind (`engine.intake.answers`).

    `told` customers say something in it, `missing` do not.
    """

    name: str
    kind: str
    told: int
    missing: int


@dataclass(frozen=True)
class CampaignNews:
    """What the orders of a file say came of a campaign."""

    campaign: int
    what: tuple[Phrase, ...]


@dataclass(frozen=True)
class Receipt:
    """One import. `rows` = `accepted` + `without_customer` + `rejected`.

    `orders`, `customers` and `revenue` are those of accepted rows; a row without a customer counts for its product
    only. `first` and `last` are the dates of the first and last order or event that is in, None in other files.
    """

    id: int
    name: str
    kind: Kind
    rows: int
    accepted: int
    without_customer: int
    rejected: int
    reasons: Mapping[str, int]  # English message → rows, the most frequent first
    orders: int = 0
    customers: int = 0
    products: int = 0
    revenue: float = 0.0
    currency: str | None = None  # ISO 4217
    first: date | None = None
    last: date | None = None
    events: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)  # kind of event → rows, the most frequent first
    attributes: tuple[KeptColumn, ...] = ()
    answers_changed: int = 0  # answers of earlier imports that this file tells otherwise
    proposes: str | None = None  # the preset that such data suggest, if it is not the shop's
    returns: Returns = field(default_factory=Returns)
    duplicates: int = 0  # rows that repeat an earlier one in every cell; they are kept
    changed: int = 0  # orders, customers or products of earlier imports that this file corrected
    known_by: Mapping[str, int] = field(default_factory=dict)  # kind of key → customers who were known before by it
    pairs: int = 0  # new pairs of customers who may be one person
    already: bool = False  # this very file had been imported before: nothing was changed
    notes: tuple[Phrase, ...] = ()  # what the file cannot tell, and what was assumed
    columns: Mapping[str, str] = field(default_factory=dict)  # field (engine.columns) → the file's header
    rejected_file: Path | None = None
    unnamed_orders: int = 0  # without a customer
    unnamed_revenue: float = 0.0
    in_part: int = 0  # rows that are in, but for money that went back
    timeline: Timeline | None = None  # of all orders that are in
    limits: tuple[Limit, ...] = ()  # what the file cannot tell, and what becomes possible when
    findings: tuple[Finding, ...] = ()  # what looks odd in it
    campaigns: tuple[CampaignNews, ...] = ()  # what its orders say came of campaigns


def to_text(receipt: Receipt) -> str:
    """The receipt as JSON for the store; `from_text` gives it back, without its file."""
    facts = asdict(receipt) | {
        "first": receipt.first and receipt.first.isoformat(),
        "last": receipt.last and receipt.last.isoformat(),
        "notes": [to_json(note) for note in receipt.notes],
        "limits": [_limit_to_facts(limit) for limit in receipt.limits],
        "findings": [_finding_to_facts(finding) for finding in receipt.findings],
        "campaigns": [[news.campaign, [to_json(what) for what in news.what]] for news in receipt.campaigns],
    }
    del facts["rejected_file"], facts["already"]
    return json.dumps(facts, ensure_ascii=False, default=date.isoformat)


def from_text(text: str) -> Receipt:
    facts: dict[str, Any] = json.loads(text)
    facts["first"] = facts["first"] and date.fromisoformat(facts["first"])
    facts["last"] = facts["last"] and date.fromisoformat(facts["last"])
    facts["returns"] = Returns(**facts["returns"])
    facts["notes"] = tuple(from_json(note) for note in facts["notes"])
    # receipts of earlier versions know none of these
    facts["timeline"] = from_facts(facts["timeline"]) if facts.get("timeline") else None
    facts["limits"] = tuple(_limit(told) for told in facts.get("limits", ()))
    facts["findings"] = tuple(_finding(told) for told in facts.get("findings", ()))
    facts["attributes"] = tuple(KeptColumn(**kept) for kept in facts.get("attributes", ()))
    facts["campaigns"] = tuple(
        CampaignNews(id_, tuple(map(from_json, what))) for id_, what in facts.get("campaigns", ())
    )
    return Receipt(**facts)


def _limit_to_facts(limit: Limit) -> dict[str, Any]:
    return {"name": limit.name, "what": to_json(limit.what), "then": limit.then and to_json(limit.then)}


def _limit(facts: Mapping[str, Any]) -> Limit:
    return Limit(facts["name"], from_json(facts["what"]), facts["then"] and from_json(facts["then"]))


def _finding_to_facts(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "n": finding.n,
        "what": to_json(finding.what),
        "means": to_json(finding.means),
        "do": finding.do and to_json(finding.do),
        "examples": [to_json(example) for example in finding.examples],
        "is_fault": finding.is_fault,
    }


def _finding(facts: Mapping[str, Any]) -> Finding:
    return Finding(
        facts["check"],
        facts["n"],
        from_json(facts["what"]),
        from_json(facts["means"]),
        facts["do"] and from_json(facts["do"]),
        tuple(from_json(example) for example in facts["examples"]),
        facts["is_fault"],
    )
