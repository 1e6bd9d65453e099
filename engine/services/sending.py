"""Sending an approved campaign by e-mail: each message once, whatever breaks, and always known how far it came.

A message is noted as handed over before the mail server sees it, and what came of it after. Of one that was handed
over when the power failed it is not known whether it arrived: that is told, and it is never sent again by itself.
"""

from __future__ import annotations

import secrets
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlite_utils import Database

from engine import store
from engine.campaigns.audience import NO_ADDRESS, SAME_ADDRESS, UNSUBSCRIBED, WITHDRAWN
from engine.campaigns.mail import BY_MAIL, Mail, email
from engine.campaigns.rules import country_code
from engine.campaigns.smtp import BROKEN, UNANSWERED, Postman, Result
from engine.errors import NotAllowed
from engine.phrases import Language, Phrase
from engine.progress import Progress, silent
from engine.services.approvals import approver, found, has_access, refuse_strangers, refuse_while_undo, to_hand_over
from engine.services.campaign_lists import as_row, last_check
from engine.services.contact import quiet_until, rulebook
from engine.services.message_settings import settings_of
from engine.services.reaching import mail_address
from engine.shop import Shop
from engine.store import campaigns, consents, deliveries, trail, upkeep
from engine.store.campaigns import Campaign, Message
from engine.store.deliveries import DELIVERED, HANDED, PLANNED, REFUSED, SMTP, UNKNOWN, WITHHELD

BEGUN, ENDED, AGAIN = "sending begun", "sending ended", "unknown sent again"
MOST_ATTEMPTS = 5  # of a message that the server puts off
MOST_FAILURES = 3  # one after the other
CHECKED_ANEW = 500  # messages after which caps are counted again
STRANDED = Phrase("Zhike was stopped while it was being sent")

SpokenBy = Callable[[str], Language]


@dataclass(frozen=True)
class SendReport:
    """What one run of sending did. `went`: how many messages of the campaign are in each state now.

    Of this run: `delivered` were taken by the mail server, `refused` (with its words) were not and will not be,
    `put_off` may go another time, of `unknown` it cannot be said, `withheld` (by reason) may not be written to by now,
    for `quiet` it is a quiet hour, the last until `quiet_until`. `stranded` were under way when an earlier run was
    killed. `why` says what ended the run before its end.
    """

    campaign: int
    went: Mapping[str, int]
    delivered: int = 0
    refused: tuple[tuple[Phrase, int], ...] = ()
    put_off: int = 0
    unknown: int = 0
    withheld: Mapping[str, int] = field(default_factory=dict)
    quiet: int = 0
    quiet_until: datetime | None = None
    stranded: int = 0
    one_click: bool = False
    why: Phrase | None = None

    @property
    def left(self) -> int:
        return self.went.get(PLANNED, 0)


@dataclass
class _Run:
    """What has happened so far in a run."""

    stranded: int = 0
    done: Counter[str] = field(default_factory=Counter)
    withheld: Counter[str] = field(default_factory=Counter)
    quiet_until: datetime | None = None
    failures: int = 0
    why: Phrase | None = None


def send_campaign(
    shop: Shop,
    campaign_id: int,
    mail: Mail,
    *,
    languages: SpokenBy,
    who: str = "owner",
    most: int | None = None,
    sleep: Callable[[float], None] = time.sleep,
    progress: Progress = silent,
) -> SendReport:
    """Send what is left of an approved campaign through the mail server, at most `most` messages.

    Raises NotFound, or NotAllowed if it is not approved, or may still be taken back, or nothing is left to send, or the
    server cannot be reached at all, or another process is sending.
    """
    with upkeep.only_one(shop.path.with_name(f"{shop.path.name}-sending")) as alone, shop.open() as db:
        if not alone:
            raise NotAllowed(Phrase("A campaign is being sent already; wait until that is done."))
        run = _Run()
        mail = mail if mail.postal else replace(mail, postal=settings_of(db).shop_address)
        with store.transaction(db):
            refuse_strangers(db, who)
            campaign = _begun(shop, db, campaign_id, mail, run, who)
        try:
            _send_all(shop, db, campaign, Postman(mail, sleep), languages, run, most, sleep, progress)
        finally:
            with store.transaction(db):
                trail.add(db, at=shop.now(), who=who, deed=ENDED, subject=str(campaign.id), cause=None)
        return _report(db, campaign, run, mail)


def send_unknown_again(shop: Shop, campaign_id: int, *, who: str = "owner") -> int:
    """The owner wants those of whom it is not known to be sent the message again; how many they are.

    Raises NotFound, NotAllowed if there are none.
    """
    with upkeep.only_one(shop.path.with_name(f"{shop.path.name}-sending")) as alone, shop.open() as db:
        if not alone:
            raise NotAllowed(Phrase("A campaign is being sent already; wait until that is done."))
        with store.transaction(db):
            refuse_strangers(db, who)
            campaign = found(db, campaign_id)
            deliveries.strand(db, campaign.id, STRANDED, shop.now())
            n = deliveries.move(db, campaign.id, UNKNOWN, PLANNED, shop.now())
            if not n and trail.done_before(db, AGAIN, shop.cause) is None:
                raise NotAllowed(
                    Phrase("Of every message of campaign {id} it is known what became of it.", id=str(campaign.id))
                )
            if n:
                trail.add(db, at=shop.now(), who=who, deed=AGAIN, subject=str(campaign.id), cause=shop.cause)
            return n


def _begun(shop: Shop, db: Database, campaign_id: int, mail: Mail, run: _Run, who: str) -> Campaign:
    """Everything is planned that has gone no other way. Call in a transaction. Raises NotAllowed."""
    campaign = to_hand_over(shop, db, campaign_id)
    refuse_while_undo(shop, db, campaign)
    if campaign.plan.channel not in BY_MAIL:
        raise NotAllowed(
            Phrase("Campaign {id} was written for another way than e-mail: take its list.", id=str(campaign.id))
        )
    _ask_for_postal_address(db, campaign, mail)
    run.stranded = deliveries.strand(db, campaign.id, STRANDED, shop.now())
    deliveries.plan(db, campaign.id, SMTP, shop.now())
    counts = deliveries.counts(db, campaign.id)
    if not counts.get((SMTP, PLANNED)) and not run.stranded:
        raise _nothing_left(campaign, counts)
    trail.add(db, at=shop.now(), who=who, deed=BEGUN, subject=str(campaign.id), cause=None)
    return campaign


def _ask_for_postal_address(db: Database, campaign: Campaign, mail: Mail) -> None:
    if mail.postal:
        return
    book = rulebook(db)
    codes = {country_code(text) or book.home for text in campaigns.countries(db, campaign.id)}
    if any(book.rule("email", code).postal for code in codes):
        raise NotAllowed(
            Phrase(
                "Some of these people live where each mail has to name your postal address (United States, Canada): "
                "say it with /templates address. Nothing was sent."
            )
        )


def _nothing_left(campaign: Campaign, counts: Mapping[tuple[str, str], int]) -> NotAllowed:
    if any(way.startswith(deliveries.LIST) and state == HANDED for way, state in counts):
        return NotAllowed(
            Phrase(
                "The list of campaign {id} was written, and whoever is in it would get the message twice. If you did "
                "not send that list, take it back first: /campaign takeback {id}",
                id=str(campaign.id),
            )
        )
    return NotAllowed(Phrase("Campaign {id} has been sent; nothing is left to send.", id=str(campaign.id)))


def _send_all(
    shop: Shop,
    db: Database,
    campaign: Campaign,
    postman: Postman,
    languages: SpokenBy,
    run: _Run,
    most: int | None,
    sleep: Callable[[float], None],
    progress: Progress,
) -> None:
    waiting = deliveries.waiting(db, campaign.id)
    if not waiting:
        return
    postman.connect()  # the first time it is for the owner to mend
    due, excluded = time.monotonic(), last_check(shop, db, campaign)
    used = deliveries.addresses(db, campaign.id)
    with _stoppable() as stopped:
        for i, customer in enumerate(waiting):
            if stopped() or (most is not None and sum(run.done.values()) >= most):
                break
            progress(Phrase("Sending the messages"), i / len(waiting))
            if i % CHECKED_ANEW == CHECKED_ANEW - 1:
                excluded = last_check(shop, db, campaign)
            try:
                postman.connect()
            except NotAllowed as error:
                run.why = error.phrase
                break
            pause = due - time.monotonic()
            if pause > 0:
                sleep(pause)  # before anything is noted: whoever stops it here leaves no doubt
            message = campaigns.message(db, campaign.id, customer)
            token = _handed(shop, db, campaign, message, excluded.get(customer), used, run)
            if run.why is not None:
                break
            if token is None:
                continue
            result = _sent(shop, campaign, message, token, postman, languages)
            due = max(due, time.monotonic()) + 60 / postman.mail.per_minute
            _note(shop, db, campaign, customer, result, run)
            if run.failures >= MOST_FAILURES:
                run.why = Phrase("The mail server breaks off again and again; try again later.")
                break
    postman.close()


def _handed(
    shop: Shop, db: Database, campaign: Campaign, message: Message, reason: str | None, used: set[str], run: _Run
) -> str | None:
    """The token of a message that is noted as handed over; None for one that may not go out, or not now."""
    address = mail_address(message.email)
    with store.transaction(db):
        person = campaigns.person(db, message.customer)
        if consents.states(db, campaign.plan.channel, person).get(person) == WITHDRAWN:
            reason = UNSUBSCRIBED.message
        elif reason is None and address is None:
            reason = NO_ADDRESS.message
        elif reason is None and address is not None and address.casefold() in used:
            reason = SAME_ADDRESS.message
        if reason is None and not has_access(db, approver(db, campaign)):
            run.why = Phrase("Whoever approved this campaign has no access any more; the rest is not sent.")
            return None
        if reason is not None or address is None:
            why = Phrase(reason or NO_ADDRESS.message)
            deliveries.put(db, campaign.id, message.customer, WITHHELD, shop.now(), reason=why)
            run.withheld[why.message] += 1
            return None
        until = quiet_until(shop, rulebook(db), "email", message.country)
        if until is not None:
            run.quiet_until = until if run.quiet_until is None else max(until, run.quiet_until)
            run.done["quiet"] += 1
            return None
        used.add(address.casefold())
        token = secrets.token_urlsafe(12)
        deliveries.put(
            db, campaign.id, message.customer, HANDED, shop.now(), address=address, token=token, attempt=True
        )
        return token


def _sent(
    shop: Shop,
    campaign: Campaign,
    message: Message,
    token: str,
    postman: Postman,
    languages: SpokenBy,
) -> Result:
    address = mail_address(message.email) or ""
    written = email(
        as_row(campaign.id, message),
        postman.mail,
        to=address,
        token=token,
        now=shop.now(),
        language=languages(campaign.plan.language),
    )
    return postman.hand_over(written, address)


def _note(shop: Shop, db: Database, campaign: Campaign, customer: int, result: Result, run: _Run) -> None:
    """What came of a message, in the store."""
    state = {"delivered": DELIVERED, "refused": REFUSED, "unknown": UNKNOWN, "put off": PLANNED}[result.handed]
    with store.transaction(db):
        known = deliveries.of(db, campaign.id, customer)
        if state == PLANNED and known is not None and known.attempts >= MOST_ATTEMPTS:
            state = REFUSED
        deliveries.put(db, campaign.id, customer, state, shop.now(), reason=result.reason)
    run.done[state] += 1
    broke = result.closed or result.reason in (BROKEN, UNANSWERED)
    run.failures = run.failures + 1 if broke else 0


def _report(db: Database, campaign: Campaign, run: _Run, mail: Mail) -> SendReport:
    went: Counter[str] = Counter()
    for (_, state), n in deliveries.counts(db, campaign.id).items():
        went[state] += n
    return SendReport(
        campaign.id,
        dict(went),
        delivered=run.done[DELIVERED],
        refused=tuple(deliveries.reasons(db, campaign.id, REFUSED)) if run.done[REFUSED] else (),
        put_off=run.done[PLANNED],
        unknown=run.done[UNKNOWN],
        withheld=dict(run.withheld),
        quiet=run.done["quiet"],
        quiet_until=run.quiet_until,
        stranded=run.stranded,
        one_click=mail.unsubscribe_url is not None,
        why=run.why,
    )


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Whether the process was asked to end meanwhile: the message under way is finished first."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = {number: signal.signal(number, lambda *_: asked.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
