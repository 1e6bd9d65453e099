"""Use cases: what came of a campaign is told, as counts per variant or person by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlite_utils import Database

from engine import store
from engine.errors import FileRefused, NotAllowed, NotFound
from engine.intake import campaign_reports, recipient_reports
from engine.intake import outcomes as told
from engine.intake.campaign_reports import Version
from engine.intake.outcomes import Count, RefusedRow
from engine.intake.recipient_reports import Reported
from engine.phrases import Phrase, counted
from engine.services.matching import against, hold
from engine.services.outcome_notes import about_rows, replaced, untold
from engine.services.recipient_reports import taken_in
from engine.shop import Shop
from engine.store import campaigns, deliveries, matching, outcomes, trail
from engine.store.campaigns import Campaign
from engine.store.matching import Told
from engine.store.outcomes import Recipient, Report, SentVariant

DEED = "recorded"
FEWEST_TO_DOUBT = 5  # of a smaller version everybody may well have bought


@dataclass(frozen=True)
class VariantCount:
    """What holds of a variant now: `conversions` of the `reported`, of `sends` in all. `before` is the report before.

    `reported` is 0 while nothing is known.
    """

    label: str
    sends: int
    reported: int
    conversions: int
    before: tuple[int, int] | None = None


@dataclass(frozen=True)
class OutcomeReceipt:
    """What was recorded. `changed` is false if all of it was known before, and nothing was written then."""

    campaign: int
    changed: bool
    counts: tuple[VariantCount, ...]
    notes: tuple[Phrase, ...] = ()
    not_recorded: tuple[RefusedRow, ...] = ()


def record_counts(shop: Shop, campaign_id: int, text: str, *, who: str = "owner") -> OutcomeReceipt:
    """Take counts so far, such as "A 3/40, B 5/41": conversions of sends. They take the place of what was told before.

    Raises NotFound for an unknown campaign or variant, NotAllowed if the campaign was not approved or the counts
    cannot be understood or cannot be.
    """
    with shop.open() as db, store.transaction(db):
        done = trail.done_before(db, DEED, shop.cause)
        if done is not None:
            return _receipt_again(db, done)
        campaign = _gone_out(db, campaign_id)
        new = told.counts(text)
        if not any(count.sends for count in new):
            raise NotAllowed(
                Phrase("0 of 0 tells nothing. Write how many bought of how many messages, for example: A 3/40")
            )
        _check(campaign, new, outcomes.variants(db, campaign.id))
        return _recorded(db, shop, campaign, new, who, source=matching.COUNTS)


def record_people(
    shop: Shop, campaign_id: int, path: Path, *, name: str | None = None, who: str = "owner"
) -> OutcomeReceipt:
    """Take a file that names customers (key, e-mail or phone) and says who converted; `name` is how it is called.

    Without a column of outcomes everybody named has converted. A file that names only people who converted says
    that all others have not, so far; it is refused if it has no column of outcomes and names everybody who got one
    version. Rows that name nobody who was sent the campaign are not recorded.
    Raises NotFound for an unknown campaign, NotAllowed if it was not approved, FileRefused for a file that cannot be
    read or has no row to record. A report of Mailchimp or Klaviyo is taken as counts per version instead (NotAllowed if
    it has others than the campaign).
    """
    with shop.open() as db:
        campaign = _gone_out(db, campaign_id)
        data = _content(path)
        report = campaign_reports.read(data, name or path.name)
        if report is not None:
            return _record_report(db, shop, campaign, report, name or path.name, who)
        table = told.rows(data, name or path.name)
        recipients_told = recipient_reports.read(table, name or path.name)
        if recipients_told is not None:
            return _record_recipients(db, shop, campaign, recipients_told, name or path.name, who)
        rows = told.named(table, name or path.name)
        with store.transaction(db):
            gone = deliveries.not_got(db, campaign.id)
            recipients = [one for one in outcomes.recipients(db, campaign.id) if one.customer not in gone]
            people = told.matched(rows, _names(db, campaign.id, recipients))
            notes = about_rows(people)
            done = trail.done_before(db, DEED, shop.cause)
            if done is not None:
                return _receipt_again(db, done, notes, people.refused)
            if not people.converted:
                raise _nobody_matched(campaign, name or path.name, len(rows))
            _doubt(people, recipients, name or path.name)
            known = outcomes.people(db, campaign.id)
            new = people.told_of([recipient.customer for recipient in recipients], known)
            changed = {customer: value for customer, value in new.items() if known.get(customer) != value}
            outcomes.record_people(db, campaign.id, changed, shop.now())
            touched = {recipient.label for recipient in recipients if recipient.customer in new}
            return _recorded(
                db,
                shop,
                campaign,
                _added_up(db, campaign, touched),
                who,
                source=matching.PEOPLE,
                people_changed=bool(changed),
                notes=notes,
                refused=people.refused,
            )


def _names(db: Database, campaign_id: int, recipients: Sequence[Recipient]) -> dict[str, int | None]:
    """Whom a name in a file means: the keys of today, and those of other files."""
    keys = {recipient.customer: recipient.key for recipient in recipients}
    known = outcomes.names(db, campaign_id)
    more = ((customer, keys[customer], value, None) for customer, value in known if customer in keys)
    return told.names([*((r.customer, r.key, r.email, r.phone) for r in recipients), *more])


def _record_report(
    db: Database, shop: Shop, campaign: Campaign, report: Sequence[Version], name: str, who: str
) -> OutcomeReceipt:
    with store.transaction(db):
        variants = outcomes.variants(db, campaign.id)
        new, notes = campaign_reports.counts(report, [variant.label for variant in variants], name)
        done = trail.done_before(db, DEED, shop.cause)
        if done is not None:
            return _receipt_again(db, done, notes)
        _check(campaign, new, variants)
        return _recorded(db, shop, campaign, new, who, source=matching.REPORT, notes=notes)


def _record_recipients(
    db: Database, shop: Shop, campaign: Campaign, report: Sequence[Reported], name: str, who: str
) -> OutcomeReceipt:
    with store.transaction(db):
        done = trail.done_before(db, DEED, shop.cause)
        if done is not None:
            return _receipt_again(db, done)
        counts, notes = taken_in(db, shop, campaign, report, name)
        return _recorded(db, shop, campaign, counts, who, source=matching.REPORT, notes=notes)


def _gone_out(db: Database, campaign_id: int) -> Campaign:
    """Raises as `approved`, and NotAllowed if it is known that none of its messages went out."""
    campaign = approved(db, campaign_id)
    states = {state for _, state in deliveries.counts(db, campaign.id)}
    if states and states <= {deliveries.PLANNED, deliveries.REFUSED, deliveries.WITHHELD}:
        raise NotAllowed(
            Phrase("No message of campaign {id} has gone out yet, so it has no outcomes.", id=str(campaign.id))
        )
    return campaign


def approved(db: Database, campaign_id: int) -> Campaign:
    """Raises NotFound, or NotAllowed unless it was approved."""
    campaign = campaigns.by_id(db, campaign_id)
    if campaign is None:
        there = tuple(str(one.id) for one in reversed(campaigns.every(db)) if one.status == "approved")
        raise NotFound(
            Phrase(
                "There is no campaign {id}; outcomes can be told for: {campaigns}.",
                id=str(campaign_id),
                campaigns=there,
            )
            if there
            else Phrase("There is no campaign {id}; none has been approved yet.", id=str(campaign_id))
        )
    if campaign.status == "draft":
        raise NotAllowed(
            Phrase("Campaign {id} is still a draft, so it has no outcomes; approve it first.", id=str(campaign_id))
        )
    if campaign.status != "approved":
        raise NotAllowed(
            Phrase("Campaign {id} was dropped and never sent, so it has no outcomes.", id=str(campaign_id))
        )
    return campaign


def _check(campaign: Campaign, counts: Iterable[Count], variants: Iterable[SentVariant]) -> None:
    there = {variant.label: variant for variant in variants}
    sent = {label: variant.sends + variant.unsent for label, variant in there.items()}
    for count in counts:
        if count.label not in sent:
            raise NotFound(
                Phrase(
                    "Campaign {id} has no version {label}; it has {labels}.",
                    id=str(campaign.id),
                    label=count.label,
                    labels=tuple(sent),
                )
            )
        if count.conversions > count.sends:
            raise NotAllowed(
                Phrase(
                    "{label} {conversions}/{sends} cannot be: more people bought than got a message. Write how many "
                    "bought of how many messages, for example: A 3/40",
                    label=count.label,
                    conversions=str(count.conversions),
                    sends=str(count.sends),
                )
            )
        if count.sends > sent[count.label]:
            raise NotAllowed(
                counted(
                    "{label} {conversions}/{sends} cannot be: only {n} message of {label} was in campaign {id}.",
                    "{label} {conversions}/{sends} cannot be: only {n} messages of {label} were in campaign {id}.",
                    n=sent[count.label],
                    id=str(campaign.id),
                    label=count.label,
                    conversions=str(count.conversions),
                    sends=str(count.sends),
                )
            )
        got = there[count.label].sends
        if count.conversions > got:
            raise NotAllowed(
                counted(
                    "{label} {conversions}/{sends} cannot be: only {n} person got {label}, as {unsent} of its messages "
                    "did not go out or came back.",
                    "{label} {conversions}/{sends} cannot be: only {n} people got {label}, as {unsent} of its messages "
                    "did not go out or came back.",
                    n=got,
                    label=count.label,
                    conversions=str(count.conversions),
                    sends=str(count.sends),
                    unsent=there[count.label].unsent,
                )
            )


def _added_up(db: Database, campaign: Campaign, labels: Collection[str]) -> list[Count]:
    added = outcomes.added_up(db, campaign.id)
    return [Count(label, conversions, n) for label, (conversions, n) in added.items() if label in labels]


def _recorded(
    db: Database,
    shop: Shop,
    campaign: Campaign,
    counts: Iterable[Count],
    who: str,
    *,
    source: str,
    people_changed: bool = False,
    notes: tuple[Phrase, ...] = (),
    refused: tuple[RefusedRow, ...] = (),
) -> OutcomeReceipt:
    """Store the counts that differ from what was told before, with the trail; they hold unless the orders do."""
    now = shop.now()
    known = matching.told(db, campaign.id)
    got = {variant.label: variant.sends for variant in outcomes.variants(db, campaign.id)}
    # who counts messages off a list counts those that never went out
    went_out = (replace(count, sends=min(count.sends, got[count.label])) for count in counts)
    new = [count for count in went_out if _differs(known.get(count.label), count)]
    for count in new:
        matching.tell(db, campaign.id, count.label, Told(count.conversions, count.sends, source), now)
    ids = hold(db, shop, campaign.id)
    # a cause is remembered even if it changed nothing: repeated later, it must not undo what came in between
    if new or people_changed or shop.cause is not None:
        subject = _Subject(campaign.id, people_changed or bool(new), ids)
        trail.add(db, at=now, who=who, deed=DEED, subject=str(subject), cause=shop.cause)
        return _receipt(db, subject, notes, refused)
    return _receipt(db, _Subject(campaign.id, False, ()), notes, refused)


def _differs(before: Told | None, now: Count) -> bool:
    return before is None or (before.conversions, before.sends) != (now.conversions, now.sends)


@dataclass(frozen=True)
class _Subject:
    """What one recording did, as the trail keeps it: the campaign, whether it changed, the reports it added."""

    campaign: int
    changed: bool
    reports: tuple[int, ...]

    def __str__(self) -> str:
        return " ".join([str(self.campaign), "changed" if self.changed else "unchanged", *map(str, self.reports)])

    @classmethod
    def parsed(cls, text: str) -> _Subject:
        campaign, changed, *reports = text.split()
        return cls(int(campaign), changed == "changed", tuple(map(int, reports)))


def _receipt_again(
    db: Database, subject: str, notes: tuple[Phrase, ...] = (), refused: tuple[RefusedRow, ...] = ()
) -> OutcomeReceipt:
    return _receipt(db, _Subject.parsed(subject), notes, refused)


def _receipt(
    db: Database, subject: _Subject, notes: tuple[Phrase, ...], refused: tuple[RefusedRow, ...]
) -> OutcomeReceipt:
    history = outcomes.reports(db, subject.campaign)
    variants = outcomes.variants(db, subject.campaign)
    counts = tuple(_count(variant, history.get(variant.label, [])) for variant in variants)
    said = [replaced(of_label, subject.reports) for of_label in history.values()]
    if subject.reports:
        short = [count for count in counts if 0 < count.reported < count.sends]
        said.append(untold([(count.label, count.sends - count.reported) for count in short]))
    all_notes = (*notes, *(note for note in (*said, against(db, subject.campaign)) if note is not None))
    return OutcomeReceipt(subject.campaign, subject.changed, counts, all_notes, refused)


def _count(variant: SentVariant, reports: Sequence[Report]) -> VariantCount:
    if not reports:
        return VariantCount(variant.label, variant.sends, 0, 0)
    before = (reports[-2].conversions, reports[-2].sends) if len(reports) > 1 else None
    return VariantCount(variant.label, variant.sends, reports[-1].sends, reports[-1].conversions, before)


def _doubt(people: told.People, recipients: Sequence[Recipient], name: str) -> None:
    """Raises FileRefused for what is most likely a list of people, not of buyers."""
    if not people.implied:
        return
    sent = Counter(recipient.label for recipient in recipients)
    named = Counter(recipient.label for recipient in recipients if recipient.customer in people.converted)
    for label, n in sorted(sent.items()):
        if named[label] == n >= FEWEST_TO_DOUBT:
            raise FileRefused(
                Phrase(
                    "{name} names everybody who got version {label}; keep only those who bought, or add a column "
                    "“bought” that says yes or no.",
                    name=name,
                    label=label,
                )
            )


def _nobody_matched(campaign: Campaign, name: str, n_rows: int) -> FileRefused:
    return FileRefused(
        counted(
            "The {n} row of {name} names nobody who was sent campaign {id}, or has no outcome; nothing was recorded.",
            "None of the {n} rows of {name} names someone who was sent campaign {id} and has an outcome; nothing was "
            "recorded.",
            n=n_rows,
            name=name,
            id=str(campaign.id),
        )
    )


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise FileRefused(Phrase("{path} is a folder; name a file in it.", path=str(path)))
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(Phrase("Cannot read {path}: check the name.", path=str(path))) from error
