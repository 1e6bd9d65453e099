"""What is done once a day by itself, whether the program was restarted or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine import store
from engine.errors import EngineError
from engine.phrases import Phrase
from engine.services.backups import back_up_daily
from engine.services.pool import drop_late_keys
from engine.services.retention import keep_no_longer
from engine.services.start_checks import LAST_SEEN, standing_checks
from engine.shop import Shop
from engine.store import meta


@dataclass(frozen=True)
class Daily:
    """One piece of work. `do` may give back what the owner is to be told; `failed` is told of an error's sentence."""

    name: str
    do: Callable[[Shop], Phrase | None]
    failed: Callable[[Phrase], Phrase]
    works_again: Phrase


def daily_work(shop: Shop) -> tuple[Daily, ...]:
    """What is to be done each day, in this order."""
    return (
        Daily(
            "check",
            _look_after,
            lambda why: Phrase("I could not look after the database today. {why}", why=why),
            Phrase("I can look after the database again."),
        ),
        Daily(
            "backup",
            back_up_daily,
            lambda why: Phrase(
                "Today's backup could not be made. {why} I go on trying; what you do here is stored all the same.",
                why=why,
            ),
            Phrase("The daily backup works again."),
        ),
        Daily(
            "retention",
            keep_no_longer,
            lambda why: Phrase("What was kept long enough could not be cleared away today. {why}", why=why),
            Phrase("What was kept long enough is cleared away again."),
        ),
        Daily(
            "pool keys",
            drop_late_keys,
            lambda why: Phrase("The keys of pools that are over could not be deleted today. {why}", why=why),
            Phrase("The keys of pools that are over are deleted again."),
        ),
    )


def _look_after(shop: Shop) -> Phrase | None:
    found = standing_checks(shop)
    return None if not found else Phrase("Look after this: {what}", what=found)


def due_today(shop: Shop) -> tuple[Daily, ...]:
    """What has not been done on this day, by the shop's clock, also where that was set back."""
    today = _today(shop)
    with shop.open() as db:
        return tuple(work for work in daily_work(shop) if meta.read(db, f"daily {work.name}") != today)


def do_today(shop: Shop, work: Daily) -> Phrase | None:
    """Do it; what the owner is to be told, once for a fault and once when it is over.

    Nothing is raised that the owner can mend: it is told.
    """
    fault = f"daily {work.name} failed"
    try:
        news = work.do(shop)
    except EngineError as error:
        with shop.open() as db:
            if meta.read(db, fault) is not None:
                return None
            meta.write(db, fault, _today(shop))
        return work.failed(error.phrase)
    with shop.open() as db, store.transaction(db):
        meta.write(db, f"daily {work.name}", _today(shop))
        meta.write(db, LAST_SEEN, shop.now().isoformat())
        had_failed = meta.read(db, fault) is not None
        meta.forget(db, fault)
    return work.works_again if had_failed else news


def _today(shop: Shop) -> str:
    return shop.now().astimezone().date().isoformat()
