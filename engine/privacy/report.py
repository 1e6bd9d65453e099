"""The report: what the released figures say, with how far the noise may have moved each. A function of them alone."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from engine.phrases import Money, Name, Phrase, counted, in_percent
from engine.privacy.borders import ORDERS, SEGMENTS, SPENT
from engine.privacy.budget import TOTAL
from engine.privacy.campaign_rates import rate_interval
from engine.privacy.centroids import smallest_told
from engine.privacy.consistent import adding_up, best_total
from engine.privacy.noise import give_or_take
from engine.privacy.points import described
from engine.privacy.release import CampaignLabel, Figure, Released

FEWEST: Final = 10  # a smaller noisy count is not shown, however little noise there is
WELL_TOLD: Final = 0.7  # of the customers, in groups whose range is not wide, or the report says so
_CLOSED: Final = ("stages", "segments", "spent", "orders")  # histograms of everybody that add up


@dataclass(frozen=True)
class Entry:
    """One figure: about `value`, most likely from `low` to `high`; all None where it is too small to tell.

    `said` is the same in words.
    """

    key: str
    label: Phrase
    value: float | None
    low: float | None
    high: float | None
    said: Phrase


@dataclass(frozen=True)
class Section:
    """`below`: counts smaller than this are not shown; `drawn`: its entries are counts to be compared."""

    key: str
    title: Phrase
    note: Phrase
    entries: tuple[Entry, ...]
    below: int | None = None
    drawn: bool = True

    @property
    def shown(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.value is not None)

    @property
    def hidden(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.value is None)


@dataclass(frozen=True)
class PrivateReport:
    """`guarantee` in two sentences; `caution` where the noise leaves little to see."""

    epsilon: float
    as_of: date
    sections: tuple[Section, ...]
    guarantee: tuple[Phrase, Phrase]
    caution: Phrase | None = None


@dataclass(frozen=True)
class Words:
    """What public lists are called: stages and places in the order of their cells, goals of campaigns by key."""

    stages: tuple[Phrase, ...]
    places: tuple[Name, ...]
    goals: Mapping[str, Phrase]


TITLES: Final[Mapping[str, Phrase]] = {
    "overview": Phrase("Overview"),
    "stages": Phrase("Where customers stand"),
    "segments": Phrase("Segments by orders and time"),
    "groups": Phrase("Groups that the data show"),
    "orders": Phrase("Customers by number of orders"),
    "spent": Phrase("Customers by what they spent in all"),
    "places": Phrase("Where customers are"),
}
NOTES: Final[Mapping[str, Phrase]] = {
    "stages": Phrase(
        "By fixed rules. Purchase: one order, within 30 days. Loyalty: orders on 4 or more days, the last within 180 "
        "days. Churn: no order for a year. Use: the others who ordered. The rest never ordered, and stand by what they "
        "did."
    ),
    "segments": Phrase("By fixed borders that do not depend on the data."),
    "groups": Phrase("Found by a private k-means over days since the last order, orders and money."),
    "orders": Phrase("All their orders so far."),
    "spent": Phrase("In the shop's currency."),
    "places": Phrase("By a public list of provinces and countries."),
}


def private_report(released: Released, words: Words) -> PrivateReport:
    """What these figures say."""
    figures = released.figures
    everybody, noise = best_total(figures["customers"], [figures[key] for key in _CLOSED if key in figures])
    sections = [_overview(released, everybody, noise)]
    labels = {
        "stages": words.stages,
        "segments": tuple(SEGMENTS.values()),
        "orders": _by_orders(),
        "spent": _by_money(released.asked.currency),
    }
    for key, names in labels.items():
        if key in figures:
            sections.append(_closed(key, figures[key], names, everybody))
    if "groups" in figures:
        sections.append(_groups(released))
    sections.append(_places(figures["places"], words.places))
    sections += [
        _campaign(label, figures[f"campaign {at}"], words) for at, label in enumerate(released.asked.campaigns)
    ]
    return PrivateReport(
        released.asked.epsilon,
        released.asked.as_of,
        tuple(sections),
        guarantee(released.asked.epsilon),
        _caution(sections, everybody),
    )


def guarantee(epsilon: float) -> tuple[Phrase, Phrase]:
    """What is promised, in two sentences."""
    return (
        Phrase(
            "Whoever reads this report, whatever else they know, can hardly tell whether any one customer is in it: "
            "nothing that they might conclude gets more than {factor:.2f} times as likely, or as unlikely, by one "
            "customer with everything of theirs being there or not (ε = {epsilon:.2f}).",
            factor=math.exp(epsilon),
            epsilon=epsilon,
        ),
        Phrase(
            "All such reports of this shop together, for good, stay within {factor:.1f} times (ε = {total:.2f}), and "
            "after that no new one is made.",
            factor=math.exp(TOTAL),
            total=TOTAL,
        ),
    )


def least_shown(figure: Figure, chance: float = 0.1) -> int:
    """The smallest noisy count that is shown: if all cells were empty, the `chance` that one had so many by noise."""
    return max(FEWEST, give_or_take(figure.scale, 1 - 2 * chance / len(figure.values)) + 1)


def counted_entry(key: str, label: Phrase, value: float, half: float, below: int) -> Entry:
    """A count, or that it is too small to tell."""
    n = round(value)
    if n < below:
        return Entry(key, label, None, None, None, Phrase("too few to tell (under {below})", below=below))
    said = Phrase("about {n}, give or take {half}", n=n, half=round(half))
    return Entry(key, label, n, max(0, n - round(half)), n + round(half), said)


def _overview(released: Released, everybody: float, noise: float) -> Section:
    figures, currency = released.figures, released.asked.currency
    half = math.ceil(1.96 * math.sqrt(noise))
    money, orders = figures["money"], figures["all_orders"]
    n = (max(1.0, everybody - half), max(1.0, everybody), everybody + half)
    spent = _range(money)
    placed = _range(orders)
    entries = (
        counted_entry("customers", Phrase("Customers"), everybody, half, max(FEWEST, half + 1)),
        _money_entry("money", Phrase("Money from all orders"), spent, currency),
        _number_entry("orders", Phrase("Orders"), placed),
        _money_entry("per_customer", Phrase("Money per customer"), _ratio(spent, n), currency),
        _money_entry("per_order", Phrase("Money per order"), _ratio(spent, placed), currency),
        _number_entry("orders_per_customer", Phrase("Orders per customer"), _ratio(placed, n), decimals=1),
    )
    note = Phrase(
        "As of {as_of}. No customer counts with more than {money:0} or {orders} orders, so that nobody stands out; "
        "what they brought beyond that is left out.",
        as_of=released.asked.as_of,
        money=Money(float(money.bound or 0), currency),
        orders=orders.bound,
    )
    return Section("overview", TITLES["overview"], note, entries, drawn=False)


Range = tuple[float, float, float]  # low, about, high


def _range(figure: Figure) -> Range:
    value, half = figure.values[0] * figure.unit, give_or_take(figure.scale) * figure.unit
    return value - half, value, value + half


def _ratio(above: Range, below: Range) -> Range:
    """From the smallest over the largest to the other way round: both true at once, it holds."""
    if below[0] <= 0 or above[0] <= 0:
        return (0.0, 0.0, math.inf)
    return above[0] / below[2], above[1] / below[1], above[2] / below[0]


def _tells(found: Range) -> bool:
    """Whether a figure is larger than what the noise may have made of it."""
    low, about, high = found
    return about > 0 and low > 0 and math.isfinite(high) and (high - low) / 2 < about


def _money_entry(key: str, label: Phrase, found: Range, currency: str | None) -> Entry:
    if not _tells(found):
        return Entry(key, label, None, None, None, NOISE_AS_LARGE)
    low, about, high = (float(f"{value:.4g}") for value in found)
    said = Phrase(
        "about {about:0}, most likely {low:0} to {high:0}",
        about=Money(about, currency),
        low=Money(low, currency),
        high=Money(high, currency),
    )
    return Entry(key, label, about, low, high, said)


def _number_entry(key: str, label: Phrase, found: Range, decimals: int = 0) -> Entry:
    if not _tells(found):
        return Entry(key, label, None, None, None, NOISE_AS_LARGE)
    low, about, high = (round(value, decimals) for value in found)
    said = Phrase(
        "about {about}, most likely {low} to {high}",
        about=f"{about:,.{decimals}f}",
        low=f"{low:,.{decimals}f}",
        high=f"{high:,.{decimals}f}",
    )
    return Entry(key, label, about, low, high, said)


NOISE_AS_LARGE: Final = Phrase("cannot be told: the noise is as large as the figure")


def _closed(key: str, figure: Figure, labels: Sequence[Phrase], everybody: float) -> Section:
    below, half = least_shown(figure), give_or_take(figure.scale)
    cells = adding_up(figure, everybody)
    entries = tuple(
        counted_entry(f"{key}_{at}", label, float(value), half, below)
        for at, (label, value) in enumerate(zip(labels, cells, strict=True))
    )
    return Section(key, TITLES[key], NOTES[key], entries, below)


def _places(figure: Figure, places: Sequence[Name]) -> Section:
    """The places that stand out, most customers first, and those of whom none on the list is known."""
    # naming a country where nobody is would be worse than to leave one out
    below, half = least_shown(figure, 0.01), give_or_take(figure.scale)
    *named, unknown = figure.values
    at = sorted((one for one, n in enumerate(named) if n >= below), key=lambda one: (-named[one], one))
    entries = [
        counted_entry(f"places_{one}", Phrase("{place}", place=places[one]), named[one], half, below) for one in at
    ]
    entries.append(counted_entry("places_unknown", Phrase("elsewhere or not known"), unknown, half, below))
    return Section("places", TITLES["places"], NOTES["places"], tuple(entries), below)


def _groups(released: Released) -> Section:
    figure = released.figures["groups"]
    far_off = smallest_told(len(released.middles[0]), figure.epsilon)
    below, half = max(least_shown(figure), far_off), give_or_take(figure.scale)
    order = sorted(range(len(figure.values)), key=lambda one: -figure.values[one])
    entries = tuple(
        counted_entry(
            f"groups_{place}",
            described(released.middles[one], released.asked.currency),
            figure.values[one],
            half,
            below,
        )
        for place, one in enumerate(order)
    )
    return Section("groups", TITLES["groups"], NOTES["groups"], entries, below)


def _campaign(label: CampaignLabel, figure: Figure, words: Words) -> Section:
    """By version how many were reached, how many of them bought, and their share with noise and chance in its range."""
    below, half = least_shown(figure), give_or_take(figure.scale)
    cells = np.array(figure.values, float).reshape(-1, 2)
    entries: list[Entry] = []
    for version, (bought, not_bought) in zip(label.versions, cells, strict=True):
        key = f"campaign_{label.number}_{version}"
        # two noisy cells: their noise adds up, and is less than twice one's
        reached = counted_entry(
            f"{key}_reached", Phrase("{version}: reached", version=version), bought + not_bought, 1.5 * half, below
        )
        buyers = counted_entry(
            f"{key}_bought", Phrase("{version}: of them bought", version=version), bought, half, below
        )
        entries += [reached, buyers]
        if reached.value is not None and buyers.value is not None:
            low, share, high = rate_interval(bought, not_bought, figure.scale)
            said = Phrase("{share:.1%}, most likely {low:.1%} to {high:.1%}", share=share, low=low, high=high)
            entries.append(Entry(f"{key}_share", Phrase("{version}: share", version=version), share, low, high, said))
    number, goal = str(label.number), words.goals.get(label.goal)
    # a goal of the owner's own may be called anything, and is not told
    title = (
        Phrase("Campaign {number}", number=number)
        if goal is None
        else Phrase("Campaign {number}: {goal}", number=number, goal=goal)
    )
    note = Phrase("The share's range has both in it: the noise, and the chance that so few people bought or not.")
    return Section(f"campaign_{label.number}", title, note, tuple(entries), below, drawn=False)


def _caution(sections: Iterable[Section], everybody: float) -> Phrase | None:
    """At a small shop the noise that hides one customer hides most of what there is to see."""
    told = [
        sum(n for n, high in _counts(section) if high - n <= n / 3)
        for section in sections
        if section.key in ("stages", "segments", "groups")
    ]
    share = min(told) / max(1.0, everybody)
    if share >= WELL_TOLD:
        return None
    return Phrase(
        "With so few customers the noise covers much of this: {share} of them are in groups that cannot be told, or "
        "only very roughly. Read it as an order of magnitude.",
        share=in_percent(1 - share),
    )


def _counts(section: Section) -> list[tuple[float, float]]:
    """What is shown, and how much it may be."""
    return [(entry.value, entry.high) for entry in section.shown if entry.value is not None and entry.high is not None]


def _by_orders() -> tuple[Phrase, ...]:
    labels = [Phrase("no order")]
    for low, high in pairwise(ORDERS):
        if high == low + 1:
            labels.append(counted("{n} order", "{n} orders", n=high))
        else:
            labels.append(Phrase("{low} to {high} orders", low=low + 1, high=high))
    return (*labels, Phrase("over {high} orders", high=ORDERS[-1]))


def _by_money(currency: str | None) -> tuple[Phrase, ...]:
    labels = [Phrase("nothing")]
    for low, high in pairwise(SPENT):
        above = Money(float(low), currency)
        labels.append(Phrase("over {low:0}, up to {high:0}", low=above, high=Money(float(high), currency)))
    return (*labels, Phrase("over {high:0}", high=Money(float(SPENT[-1]), currency)))
