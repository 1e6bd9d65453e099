"""What an e-mail tool reports of each recipient: who clicked or ordered, what bounced, who unsubscribed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database

from engine.errors import FileRefused
from engine.intake import outcomes as told
from engine.intake import recipient_reports
from engine.intake.outcomes import Count
from engine.intake.recipient_reports import Reported
from engine.phrases import Phrase, counted
from engine.services.matching import match_again
from engine.shop import Shop
from engine.store import campaigns, consents, deliveries, matching, outcomes
from engine.store.campaigns import Campaign

EMAIL = "email"
MOST_CAMPAIGNS = 20  # that a report is tried on, the newest
_HEADER_BYTES = 20_000
_WORKBOOK_BYTES = 2_000_000
_REPORT_BYTES = 100_000_000


def campaign_of_report(shop: Shop, path: Path, *, name: str | None = None) -> int | None:
    """Of which campaign a file reports recipient by recipient: the one it is tagged with, else the newest of those
    with the most of its addresses. None if it is no such report, or of no campaign.
    """
    if not path.is_file() or not _may_be(path):
        return None
    try:
        rows = told.rows(path.read_bytes(), name or path.name)
        report = recipient_reports.read(rows, name or path.name)
    except FileRefused:
        return None
    if report is None:
        return None
    with shop.open() as db:
        approved = matching.approved(db)
        tagged = Counter(row.campaign for row in report if row.campaign in approved)
        if tagged:
            return tagged.most_common(1)[0][0]
        addresses = {row.email for row in report}
        found = [(_n_known(db, id_, addresses), id_) for id_ in approved[-MOST_CAMPAIGNS:]]
    most, id_ = max(found, default=(0, 0))
    return id_ if most else None


def _may_be(path: Path) -> bool:
    """By its first line, as far as it is text: what is imported is mostly something else, and large."""
    size = path.stat().st_size
    with path.open("rb") as file:
        beginning = file.read(_HEADER_BYTES)
    if beginning.startswith(b"PK"):
        return size < _WORKBOOK_BYTES
    header = beginning.decode("utf-8-sig", "ignore").split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    cells = [cell.strip('" \r') for cell in header.split(delimiter)]
    return size < _REPORT_BYTES and recipient_reports.is_recipient_report(cells)


def _n_known(db: Database, campaign: int, addresses: set[str]) -> int:
    return sum((one.email or "").lower() in addresses for one in outcomes.recipients(db, campaign))


def taken_in(
    db: Database, shop: Shop, campaign: Campaign, report: Sequence[Reported], name: str
) -> tuple[list[Count], tuple[Phrase, ...]]:
    """Note what bounced and who unsubscribed; the counts of each version, and what was made of the report.

    Call in a transaction. Raises FileRefused if none of its addresses was sent the campaign.
    """
    by_address = {(one.email or "").lower(): one for one in outcomes.recipients(db, campaign.id) if one.email}
    rows = [(by_address[row.email], row) for row in report if row.email in by_address]
    if not rows:
        raise FileRefused(
            Phrase("Nobody in {name} was sent campaign {id}; nothing was recorded.", name=name, id=str(campaign.id))
        )
    at = campaign.decided_at or shop.now()
    deliveries.reported(db, campaign.id, [one.customer for one, row in rows if not row.bounced], at)
    bounced = [one.customer for one, row in rows if row.bounced]
    deliveries.bounce(db, campaign.id, bounced, Phrase("bounced, as {name} says", name=name), at)
    gone = _unsubscribe(db, shop, [one.customer for one, row in rows if row.unsubscribed], name)
    match_again(db, shop, campaign)
    by_orders = any(row.ordered for _, row in rows)
    has_outcome = by_orders or any(row.clicked is not None for _, row in rows)
    reached = [(one, row) for one, row in rows if not row.bounced]
    sends = Counter(one.label for one, _ in reached)
    wins = Counter(one.label for one, row in reached if (row.ordered if by_orders else row.clicked))
    counts = [Count(label, wins[label], n) for label, n in sorted(sends.items())] if has_outcome else []
    return counts, _notes(report, rows, by_orders, has_outcome, len(bounced), gone)


def _unsubscribe(db: Database, shop: Shop, customers: Sequence[int], name: str) -> int:
    """Who unsubscribed gets no more e-mails; how many did until now."""
    held = consents.states(db, EMAIL)
    people = {campaigns.person(db, customer) for customer in customers}
    new = [person for person in sorted(people) if held.get(person) != consents.WITHDRAWN]
    for person in new:
        consents.say(db, person, consents.WITHDRAWN, channel=EMAIL, how=f"report {name}: unsubscribed", at=shop.now())
    return len(new)


def _notes(
    report: Sequence[Reported],
    rows: Sequence[tuple[object, Reported]],
    by_orders: bool,
    has_outcome: bool,
    bounced: int,
    gone: int,
) -> tuple[Phrase, ...]:
    said: list[Phrase] = []
    if by_orders:
        said.append(Phrase("Taken from the report: who ordered counts as bought, of those whose mail arrived."))
    elif has_outcome:
        said.append(
            Phrase("Taken from the report, which has no orders: who clicked counts as bought, of those it reached.")
        )
    if any(row.opened is not None for row in report):
        said.append(Phrase("Who opened it is not counted: Apple Mail and others open messages by themselves."))
    if bounced:
        said.append(
            counted(
                "{n} mail did not arrive; it counts as not sent.",
                "{n} mails did not arrive; they count as not sent.",
                n=bounced,
            )
        )
    if gone:
        said.append(
            counted(
                "{n} person unsubscribed and gets no more e-mails from now on.",
                "{n} people unsubscribed and get no more e-mails from now on.",
                n=gone,
            )
        )
    if len(rows) < len(report):
        said.append(
            counted(
                "{n} address in it was not sent this campaign and was left out.",
                "{n} addresses in it were not sent this campaign and were left out.",
                n=len(report) - len(rows),
            )
        )
    return tuple(said)
