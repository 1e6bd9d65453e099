"""What the customers will likely bring: the shop's total, who is worth most, who bought less, who is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal, get_args

from sqlite_utils import Database

from engine.errors import NotAllowed, TooLittleData
from engine.lifecycle.kept import unpacked
from engine.lifecycle.record import TrackRecord
from engine.lifecycle.worth import LESS, Brought, Estimate, Group
from engine.phrases import Phrase, counted
from engine.progress import Progress, silent
from engine.services.behaviour import counting_day
from engine.services.evaluations import Chart, lifecycle
from engine.services.evaluations import value as of_value
from engine.services.evaluations.lifecycle import not_yet
from engine.services.evaluations.value import money_chart
from engine.services.files import write_out
from engine.services.forecasts import as_of, current_forecast, newest_forecast, notes, tells_who, track_record
from engine.sheets import Say, csv_parts
from engine.shop import Shop
from engine.store import forecasts as stored
from engine.store import meta, orders
from engine.store.forecasts import EVERYONE, BoughtLess, CustomerForecast, Due, Expected, Whom
from engine.store.runs import Run

FEWEST = 5  # customers
SHORTEST = 14  # days
SHOWN = 5  # of each list in the report
MOST = 1_000  # in one list
TESTS = 4  # of the past, in the report
DUE_DAYS = 7
FAR_ABOVE = 1 / 3  # of what as many days brought before: a forecast so much higher needs a word
STALE_DAYS = 30  # after so many without a newer order, "this week" is counted from the data's end again

People = Literal["best", "less", "due"]

HEADER = (
    Phrase("customer"),
    Phrase("name"),
    Phrase("email"),
    Phrase("phone"),
    Phrase("city"),
    Phrase("chance of an order"),
    Phrase("at least"),
    Phrase("at most"),
    Phrase("expected orders"),
    Phrase("expected money"),
    Phrase("money, likely at least"),
    Phrase("money, likely at most"),
    Phrase("usual money in this time"),
    Phrase("next order around"),
    Phrase("earliest"),
    Phrase("latest"),
    Phrase("orders so far"),
    Phrase("money so far"),
    Phrase("last order"),
)


@dataclass(frozen=True)
class PeopleList:
    """Some customers of a forecast, out of `total`; `money` is what is expected of all of them, `usual` their usual.

    `due` are the days of those who are due. First comes of whom most money is expected; of those who bought less, who
    falls short of the usual by most. `tells_who`: whether chances to order again mean anything in this shop.
    """

    which: People
    rows: tuple[Expected, ...]
    total: int
    money: float
    usual: float
    due: Due
    days: int
    as_of: date
    currency: str | None
    tells_who: bool = True


@dataclass(frozen=True)
class ValueReport:
    """One forecast of the `days` days from `as_of` on.

    `orders` (days on which somebody orders) and `money` are the shop's; `before` what the same number of days brought
    until `as_of`, None where the data are shorter; `doubts` are about a forecast far above that. `sure` says how right
    such forecasts were on the shop's past, or why that is not known; `tests` shows it, None where it is not known.
    `is_fresh`: no newer data since. `is_own`: over the shop's own number of days.
    """

    run: int
    days: int
    as_of: date
    n_customers: int
    orders: Estimate
    money: Estimate
    before: Brought | None
    doubts: tuple[Phrase, ...]
    groups: tuple[Group, ...]
    best: PeopleList
    less: PeopleList
    due: PeopleList
    sure: tuple[Phrase, ...]
    tests: Chart | None
    is_tested: bool
    notes: tuple[Phrase, ...]
    currency: str | None
    computed_at: datetime
    is_fresh: bool
    is_own: bool


@dataclass(frozen=True)
class CardForecast:
    """What is forecast of one customer for the `days` days from `as_of` on; `is_fresh`: no newer data since.

    `tells_who`: whether chances to order again mean anything in this shop.
    """

    forecast: CustomerForecast
    days: int
    as_of: date
    is_fresh: bool
    tells_who: bool = True


def value_report(
    shop: Shop, *, days: int | None = None, refresh: bool = False, progress: Progress = silent
) -> ValueReport:
    """What the next `days` days will likely bring, None being the shop's own horizon (`services/forecasts.py`).

    Answered from the store if the data are the same; with `refresh` computed anew, once per cause. Raises NotAllowed
    for days outside 7 to 730, TooLittleData with fewer than 5 customers or 14 days of orders.
    """
    with shop.open() as db:
        run = _current(shop, db, days, refresh, progress)
        record, currency = track_record(run), meta.read(db, "currency")
        before = None if run.quality["before"] is None else unpacked(Brought, run.quality["before"])
        money = unpacked(Estimate, run.quality["money"])
        best, less, due = (_people(shop, db, run, which, SHOWN) for which in get_args(People))
        return ValueReport(
            run=run.id,
            days=run.settings["days"],
            as_of=as_of(run),
            n_customers=run.quality["customers"],
            orders=unpacked(Estimate, run.quality["orders"]),
            money=money,
            before=before,
            doubts=_doubts(money.value, before, record, run.settings["days"]),
            groups=tuple(unpacked(Group, group) for group in run.quality["groups"]),
            best=best,
            less=less,
            due=due,
            sure=_sure(run, record),
            tests=None if record is None or not of_value.has_money(record) else money_chart(record, currency, TESTS),
            is_tested=record is not None,
            notes=notes(run),
            currency=currency,
            computed_at=run.at,
            is_fresh=run.data_version == orders.data_version(db),
            is_own=run.settings["is_own"],
        )


def value_people(
    shop: Shop, which: str, *, days: int | None = None, n: int = 20, progress: Progress = silent
) -> PeopleList:
    """The first `n` of those who are worth most next (`best`), who bought `less` than before, or are `due` this week.

    Raises NotAllowed for another list or n outside 1 to 1,000; else as `value_report`.
    """
    if not 1 <= n <= MOST:
        raise NotAllowed(Phrase("Cannot list {n} customers at once: ask for 1 to {most}.", n=n, most=MOST))
    chosen = _known(which)
    with shop.open() as db:
        run = _current(shop, db, days, False, progress)
        return _people(shop, db, run, chosen, n)


def export_value(
    shop: Shop,
    which: str | None = None,
    *,
    days: int | None = None,
    out: Path | str | None = None,
    say: Say = str,
    progress: Progress = silent,
) -> Path:
    """Write the forecasts of all customers, or of one list, as CSV with the columns of `HEADER`; where it was written.

    `out` is a file or a folder; None is a file among the shop's own. Raises NotAllowed if it cannot be written; else as
    `value_people`.
    """
    chosen = None if which is None else _known(which)
    with shop.open() as db:
        run = _current(shop, db, days, False, progress)
        whom: Whom = EVERYONE if chosen is None else _whom(shop, run, chosen)
        name = f"forecast-{run.settings['days']}-days.csv" if chosen is None else f"forecast-{chosen}.csv"
        rows = _cells(stored.some_of(db, run.id, whom), with_chances=tells_who(run))
        return write_out(shop, name, csv_parts(HEADER, rows, say), out)


def forecast_of(db: Database, customer_id: int) -> CardForecast | None:
    """What the newest forecast over the shop's own horizon says of a customer; None if there is none."""
    run = newest_forecast(db)
    found = None if run is None else stored.of_customer(db, run.id, customer_id)
    if run is None or found is None:
        return None
    return CardForecast(
        found, run.settings["days"], as_of(run), run.data_version == orders.data_version(db), tells_who(run)
    )


def _current(shop: Shop, db: Database, days: int | None, refresh: bool, progress: Progress) -> Run:
    """The forecast in force; of so few customers or days that it would be a guess about others, none."""
    day = counting_day(shop, db)
    n, first = orders.bought_by(db, day)
    if first is not None and n < FEWEST:
        raise TooLittleData(
            counted(
                "Only {n} customer has ordered so far: what they will bring would be a guess below {fewest}.",
                "Only {n} customers have ordered so far: what they will bring would be a guess below {fewest}.",
                n=n,
                fewest=FEWEST,
            )
        )
    covered = 0 if first is None else (day - first.normalize()).days
    if first is not None and covered < SHORTEST:
        raise TooLittleData(
            counted(
                "Your orders cover {n} day: too short to tell who comes back when. Import older orders as well, of "
                "{shortest} days or more.",
                "Your orders cover {n} days: too short to tell who comes back when. Import older orders as well, of "
                "{shortest} days or more.",
                n=covered,
                shortest=SHORTEST,
            )
        )
    return current_forecast(shop, db, days, refresh=refresh, progress=progress)


def _sure(run: Run, record: TrackRecord | None) -> tuple[Phrase, ...]:
    if record is None:
        return (not_yet(run).verdict,)
    set_right = lifecycle.since_then(record)
    return (*of_value.verdicts(record), lifecycle.verdict(record), *(() if set_right is None else (set_right,)))


def _doubts(money: float, before: Brought | None, record: TrackRecord | None, days: int) -> tuple[Phrase, ...]:
    """A word about a forecast far above what the same number of days brought before."""
    if before is None or before.money <= 0 or money / before.money - 1 <= FAR_ABOVE:
        return ()
    more = money / before.money - 1
    last = None if record is None or not record.totals else record.totals[-1]
    if last is not None and last.money < last.money_expected:
        return (
            Phrase(
                "That is {more:.0%} more than before, and in the last test {share:.0%} less came than was expected: "
                "it is likely too high.",
                more=more,
                share=1 - last.money / last.money_expected,
            ),
        )
    return (
        Phrase(
            "That is {more:.0%} more than before, because it goes by all your orders so far and not only by those of "
            "the last {days} days: count on less.",
            more=more,
            days=days,
        ),
    )


def _known(which: str) -> People:
    for people in get_args(People):
        if which == people:
            return people  # type: ignore[no-any-return]
    raise NotAllowed(Phrase("There is no list “{which}”: choose {lists}.", which=which, lists=get_args(People)))


def _people(shop: Shop, db: Database, run: Run, which: People, n: int) -> PeopleList:
    whom = _whom(shop, run, which)
    total, money, usual = stored.n_of(db, run.id, whom)
    return PeopleList(
        which=which,
        rows=tuple(stored.some_of(db, run.id, whom, n)),
        total=total,
        money=money,
        usual=usual,
        due=_week(shop, run),
        days=run.settings["days"],
        as_of=as_of(run),
        currency=meta.read(db, "currency"),
        tells_who=tells_who(run),
    )


def _whom(shop: Shop, run: Run, which: People) -> Whom:
    if which == "less":
        return BoughtLess(*LESS)
    return _week(shop, run) if which == "due" else EVERYONE


def _week(shop: Shop, run: Run) -> Due:
    """The seven days from today, or from the end of the data where that is long past."""
    begin, today = as_of(run), shop.now().date()
    first = today if timedelta(0) < today - begin <= timedelta(days=STALE_DAYS) else begin
    return Due(first, first + timedelta(days=DUE_DAYS - 1))


def _cells(rows: Iterable[Expected], *, with_chances: bool) -> Iterator[tuple[str | None, ...]]:
    for row in rows:
        who, told = row.customer, row.forecast
        come = told.p_none
        next_order = told.next_order
        yield (
            who.key,
            who.name,
            who.email,
            who.phone,
            who.city,
            *(f"{1 - share:.0%}" if with_chances else None for share in (come.value, come.high, come.low)),
            f"{told.orders.value:.2f}",
            *(f"{money:.2f}" for money in (told.money.value, told.money.low, told.money.high)),
            None if told.usual_money is None else f"{told.usual_money:.2f}",
            *((None,) * 3 if next_order is None else map(_day, (next_order.value, next_order.low, next_order.high))),
            str(row.n_orders),
            f"{row.revenue:.2f}",
            None if row.last_order_at is None else row.last_order_at.date().isoformat(),
        )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
