"""Reports that may be shared: what one would hold and cost, making one, and passing on what was made."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlite_utils import Database

from engine.campaigns import templates
from engine.errors import NotAllowed, NotFound, TooLittleData
from engine.lifecycle.stages import EVERY, NAMES
from engine.phrases import Phrase
from engine.privacy.budget import USUAL, Budget, checked, must_allow
from engine.privacy.centroids import SIZES
from engine.privacy.noise import give_or_take, scale_for
from engine.privacy.release import Asked, CampaignLabel, packed, parts, release, unpacked
from engine.privacy.report import TITLES, PrivateReport, Words, private_report
from engine.progress import Progress, silent
from engine.services.presets import current
from engine.services.public_places import places
from engine.services.share_table import exact_figures
from engine.shop import Shop
from engine.store import campaigns, customers, imports, orders, private_reports, trail, transaction
from engine.store.private_reports import StoredReport

MOST_CAMPAIGNS: Final = 2  # each takes its part of the budget
FEWEST_GROUPS, MOST_GROUPS = 2, 8
LONGEST_NOTE: Final = 60
MADE, PASSED_ON = "private report made", "private report passed on"


@dataclass(frozen=True)
class MadeReport:
    """A report with when it was made and for whom; `anew`: this call spent budget on it."""

    id: int
    report: PrivateReport
    made_at: datetime
    for_whom: str
    anew: bool


@dataclass(frozen=True)
class ReportLine:
    """A report that was made: `copies` are when and for whom it was passed on since."""

    id: int
    epsilon: float
    as_of: date
    made_at: datetime
    for_whom: str
    copies: tuple[tuple[datetime, str], ...]
    current: bool  # nothing has come in since


@dataclass(frozen=True)
class ReportOffer:
    """What a report would hold and cost. `same`: one that was made of the same data, which costs nothing.

    `give_or_take`: how far the noise would move a count of a group; `n_customers` is for the owner's eyes.
    """

    epsilon: float
    as_of: date
    groups: int
    contents: tuple[Phrase, ...]
    give_or_take: int
    n_customers: int
    budget: Budget
    made: tuple[ReportLine, ...]
    same: int | None
    demo: bool


def offer_report(shop: Shop, *, epsilon: float = USUAL, as_of: date | None = None, groups: int = 0) -> ReportOffer:
    """What `make_report` would do with the same words; nothing is made, and nothing is spent.

    Raises NotAllowed for an epsilon, a day or a number of groups that cannot be; TooLittleData without customers.
    """
    with shop.open() as db:
        asked = _asked(db, shop, epsilon, as_of, groups)
        demo = imports.holds_demo(db)
        same = _same(db, _version(db), _known_by(db, asked, as_of), demo=demo)
        share = parts(asked)
        return ReportOffer(
            epsilon=asked.epsilon,
            as_of=asked.as_of,
            groups=asked.groups,
            contents=_contents(asked),
            give_or_take=give_or_take(scale_for(share["groups"] * SIZES if asked.groups else share["segments"])),
            n_customers=customers.count(db),
            budget=private_reports.budget(db, _beside(shop), demo=demo),
            made=_lines(db, demo=demo),
            same=None if same is None else same.id,
            demo=demo,
        )


def make_report(
    shop: Shop,
    *,
    epsilon: float = USUAL,
    as_of: date | None = None,
    groups: int = 0,
    for_whom: str = "",
    who: str = "owner",
    progress: Progress = silent,
) -> MadeReport:
    """A report with noise, as of a day (today). The same data and words give the same figures again, for nothing.

    What it costs is spent in the transaction that stores the figures, before anybody sees them. Raises NotAllowed if so
    much of the budget is not left, and as `offer_report`.
    """
    for_whom = _note(for_whom)
    with shop.open() as db:
        done = trail.done_before(db, MADE, shop.cause)
        if done is not None:
            return _made(_the(db, int(done)), anew=True)
        progress(Phrase("Counting"), 0.1)
        asked, version = _asked(db, shop, epsilon, as_of, groups), _version(db)
        known_by, demo = _known_by(db, asked, as_of), imports.holds_demo(db)
        exact = None
        if _same(db, version, known_by, demo=demo) is None:
            must_allow(private_reports.budget(db, _beside(shop), demo=demo), asked.epsilon)
            exact = exact_figures(db, asked.as_of, asked.campaigns)
        progress(Phrase("Adding noise"), 0.7)
        with transaction(db):
            same = _same(db, version, known_by, demo=demo)
            if same is not None:
                _pass_on(db, shop, same, for_whom, who)
                return _made(same, for_whom=for_whom)
            if exact is None or _version(db) != version:
                raise NotAllowed(Phrase("Data came in while I was counting; nothing was spent. Ask for it again."))
            must_allow(private_reports.budget(db, _beside(shop), demo=demo), asked.epsilon)
            stored = private_reports.add(
                db,
                _beside(shop),
                uuid.uuid4().hex,
                demo=demo,
                data_version=version,
                asked=known_by,
                released=packed(release(exact, asked, np.random.default_rng(shop.seed))),
                epsilon=asked.epsilon,
                for_whom=for_whom,
                who=who,
                at=shop.now(),
            )
            trail.add(db, at=shop.now(), who=who, deed=MADE, subject=str(stored.id), cause=shop.cause)
        return _made(stored, anew=True)


def pass_report_on(shop: Shop, report_id: int, *, for_whom: str = "", who: str = "owner") -> MadeReport:
    """A report that was made before, for somebody else: the same figures, and nothing is spent. Raises NotFound."""
    for_whom = _note(for_whom)
    with shop.open() as db, transaction(db):
        stored = _the(db, report_id)
        _pass_on(db, shop, stored, for_whom, who)
        return _made(stored, for_whom=for_whom)


def privacy_budget(shop: Shop) -> tuple[Budget, tuple[ReportLine, ...]]:
    """What was spent on which report, and what is left for good; the reports with the newest first."""
    with shop.open() as db:
        demo = imports.holds_demo(db)
        return private_reports.budget(db, _beside(shop), demo=demo), _lines(db, demo=demo)


def _asked(db: Database, shop: Shop, epsilon: float, as_of: date | None, groups: int) -> Asked:
    today = shop.now().astimezone().date()
    day = today if as_of is None else as_of
    if not date(1990, 1, 1) <= day <= today:
        raise NotAllowed(
            Phrase("A report is as of a day until today, such as {today}; {given} is none.", today=today, given=day)
        )
    if groups and not FEWEST_GROUPS <= groups <= MOST_GROUPS:
        raise NotAllowed(
            Phrase("Groups can be {least} to {most}, not {given}.", least=FEWEST_GROUPS, most=MOST_GROUPS, given=groups)
        )
    if not customers.count(db):
        raise TooLittleData(Phrase("No customer is here yet: import a file of orders first."))
    labels = tuple(
        CampaignLabel(number, goal, tuple(variant.label for variant in campaigns.variants(db, number)))
        for number, goal in private_reports.newest_campaigns(db, MOST_CAMPAIGNS)
    )
    return Asked(checked(epsilon), day, imports.currency(db), groups, labels)


def _known_by(db: Database, asked: Asked, as_of: date | None) -> dict[str, Any]:
    """What makes two requests the same: a day counts only where one was said, as data do not change by themselves."""
    return {
        "epsilon": asked.epsilon,
        "groups": asked.groups,
        "preset": current(db).name,
        "as_of": None if as_of is None else as_of.isoformat(),
    }


def _same(db: Database, version: str, known_by: Mapping[str, Any], *, demo: bool) -> StoredReport | None:
    found = (
        stored
        for stored in private_reports.every(db, demo=demo)
        if stored.data_version == version and stored.asked == known_by
    )
    return next(found, None)


def _version(db: Database) -> str:
    return private_reports.version_of(db, orders.data_version(db))


def _beside(shop: Shop) -> Path:
    return shop.path.with_name(f"{shop.path.name}-budget")


def _the(db: Database, report_id: int) -> StoredReport:
    stored = private_reports.by_id(db, report_id)
    if stored is None:
        numbers = tuple(str(one.id) for one in private_reports.every(db, demo=imports.holds_demo(db)))
        raise NotFound(
            Phrase("There is no report {number}; there are: {numbers}.", number=str(report_id), numbers=numbers)
            if numbers
            else Phrase("No report was made yet: /share makes one.")
        )
    return stored


def _pass_on(db: Database, shop: Shop, stored: StoredReport, for_whom: str, who: str) -> None:
    if trail.done_before(db, PASSED_ON, shop.cause) is not None:
        return
    private_reports.hand_out(db, stored.id, for_whom=for_whom, who=who, at=shop.now())
    trail.add(db, at=shop.now(), who=who, deed=PASSED_ON, subject=str(stored.id), cause=shop.cause)


def _made(stored: StoredReport, *, for_whom: str | None = None, anew: bool = False) -> MadeReport:
    names = Words(tuple(NAMES[stage] for stage in EVERY), places(), templates.TITLES)
    report = private_report(unpacked(stored.released), names)
    return MadeReport(stored.id, report, stored.at, stored.for_whom if for_whom is None else for_whom, anew)


def _lines(db: Database, *, demo: bool) -> tuple[ReportLine, ...]:
    copies, version = private_reports.handed_out(db), _version(db)
    return tuple(
        ReportLine(
            one.id,
            one.epsilon,
            date.fromisoformat(one.released["as_of"]),
            one.at,
            one.for_whom,
            tuple(copies.get(one.id, ())),
            one.data_version == version,
        )
        for one in private_reports.every(db, demo=demo)
    )


def _contents(asked: Asked) -> tuple[Phrase, ...]:
    keys = ("overview", "stages", "groups" if asked.groups else "segments", "orders", "spent", "places")
    named = [TITLES[key] for key in keys]
    return (*named, *(Phrase("Campaign {number}", number=str(label.number)) for label in asked.campaigns))


def _note(for_whom: str) -> str:
    text = " ".join(for_whom.split())
    if len(text) > LONGEST_NOTE:
        raise NotAllowed(Phrase("Say in at most {most} letters for whom it is.", most=LONGEST_NOTE))
    return text
