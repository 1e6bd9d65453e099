"""How customers buy: how lately, how often, how much; and, where that is asked for, their habits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from engine import columns as c
from engine.errors import TooLittleData
from engine.feature_table import Feature, FeatureTable
from engine.features import habits, times
from engine.features.bases import Sources
from engine.features.complete import Column, column, complete
from engine.features.of_people import told_table
from engine.features.told import CHANNEL, Told, names, of_basis
from engine.features.usable import shortened, usable
from engine.phrases import Phrase, counted

NAME = "behavioural"

# The gap between orders is left out: one-time buyers have none, and any number put in its place would group them
# by that number. Tenure is left out too: how long ago the first order was says little of a customer's worth.
FEATURES = (
    Feature(c.RECENCY_DAYS, Phrase("days since the last order"), "days", NAME),
    Feature(c.FREQUENCY, Phrase("orders"), "count", NAME),
    Feature(c.MONETARY, Phrase("revenue"), "money", NAME),
    Feature(c.ORDER_VALUE, Phrase("money per order"), "money", NAME),
    Feature(c.ITEMS_PER_ORDER, Phrase("pieces per order"), "number", NAME),
    Feature(c.N_PRODUCTS, Phrase("different products"), "count", NAME),
)

NO_ORDERS = Phrase("No order of a known customer is here yet; import a file of orders first.")
NOTHING = Phrase("What your files tell of buying is not enough to group by.")

Made = Callable[[Sources], list[Column]]
HABITS: Mapping[str, tuple[Phrase, Made | None]] = {
    "orders": (Phrase("orders and money"), None),
    "cadence": (Phrase("rhythm of buying"), lambda sources: times.cadence(sources.orders, sources.behaviour)),
    "basket": (Phrase("what is in a basket"), lambda sources: habits.basket(sources.bought)),
    "categories": (Phrase("money by category"), lambda sources: habits.category_shares(sources.bought)),
    "discounts": (Phrase("buying at a discount"), lambda sources: habits.discounts(sources.bought)),
    "channel": (Phrase("way of buying"), None),
    "times": (Phrase("weekdays and hours"), lambda sources: times.times(sources.orders)),
    "activity": (Phrase("visits and other activity"), None),
    "told": (Phrase("what files tell of buying"), None),
}
PARTS: Mapping[str, Phrase] = {name: words for name, (words, _) in HABITS.items()}
OF_FILES = ("channel", "told")
WHY_NOT: Mapping[str, Phrase] = {
    "orders": NO_ORDERS,
    "cadence": Phrase("For the rhythm of buying, some customers must have ordered three times."),
    "basket": Phrase("For baskets, orders must say which products they have."),
    "categories": Phrase("For categories, at least two categories of products must be known and bought."),
    "discounts": Phrase("For discounts, a product must have been sold at different prices."),
    "channel": Phrase("For ways of buying, a list of customers must tell their channel."),
    "times": Phrase("For weekdays and hours, orders on several weekdays are needed."),
    "activity": Phrase("For activity, import a file of visits, clicks or other events."),
    "told": Phrase("Files tell nothing of buying beside the orders."),
}


def table(behaviour: pd.DataFrame) -> FeatureTable:
    """The customers of `engine.features.behavioural` as they are grouped by default."""
    return FeatureTable(behaviour[[feature.key for feature in FEATURES]].astype("float64"), FEATURES)


@dataclass(frozen=True)
class Behavioural:
    label = Phrase("how they buy")
    parts = PARTS

    def has_data(self, sources: Sources) -> bool:
        return bool(sources.n_buyers or of_basis(sources.told, "behavioural"))

    def table(self, sources: Sources, parts: Sequence[str]) -> FeatureTable:
        """Without `parts`, the orders alone, or what files tell of buying where there is no order.

        With parts, everybody of whom one of them tells something. Of all parts those without data are left out and
        told; of some, one without data is an error.
        """
        if not parts:
            return table(sources.behaviour) if sources.n_buyers else _without_orders(sources)
        if set(parts) == {"orders"}:
            if not sources.n_buyers:
                raise TooLittleData(NO_ORDERS)
            return table(sources.behaviour)
        return _of_parts(sources, parts)


def _without_orders(sources: Sources) -> FeatureTable:
    mine = of_basis(sources.told, "behavioural")
    if not mine:
        raise TooLittleData(NO_ORDERS)
    made = told_table(NAME, sources, mine, NOTHING)
    said = Phrase(
        "No order of a known customer is here: what your files tell of buying is used instead: {columns}.",
        columns=shortened([feature.words for feature in made.features]),
    )
    return FeatureTable(made.frame, made.features, (said, *made.statements))


def _of_parts(sources: Sources, parts: Sequence[str]) -> FeatureTable:
    columns: list[Column] = []
    statements: list[Phrase] = []
    lacking = []
    for part in parts:
        found, told = _part(sources, part)
        columns += found
        statements += told
        if not found:
            lacking.append(part)
    if lacking and (not columns or set(parts) != set(HABITS)):
        raise TooLittleData(WHY_NOT[lacking[0]])
    statements += [WHY_NOT[part] for part in lacking]
    if sources.n_buyers:
        columns, left_out = _of_buyers(columns, sources.behaviour.index)
        statements += left_out
    return complete(columns, statements)


def _part(sources: Sources, part: str) -> tuple[list[Column], tuple[Phrase, ...]]:
    """The columns of a part, none where it has no data, and what was left out."""
    if part in OF_FILES:
        return _told(sources, part)
    if part == "activity":
        return _activity(sources), ()
    if not sources.n_buyers:
        return [], ()
    made = HABITS[part][1]
    if made is not None:
        return made(sources), ()
    made_table = table(sources.behaviour)
    return [Column(feature, made_table.frame[feature.key]) for feature in made_table.features], ()


def _activity(sources: Sources) -> list[Column]:
    if not sources.has_events:
        return []
    engagement = sources.engagement
    return habits.activity(engagement, sources.behaviour.index if sources.n_buyers else engagement.index)


def _told(sources: Sources, part: str) -> tuple[list[Column], tuple[Phrase, ...]]:
    mine: tuple[Told, ...] = of_basis(sources.told, "behavioural")
    mine = tuple(one for one in mine if names(CHANNEL, one.key) == (part == "channel"))
    if not mine:
        return [], ()
    fit = usable(mine, sources.known, sources.treatments, sources.unread)
    if not fit.told:
        return [], fit.statements
    cells, treated = sources.treated([one.key for one in fit.told])
    return [column(one, cells[one.key], NAME) for one in fit.told], (*fit.statements, *treated)


def _of_buyers(columns: Sequence[Column], buyers: pd.Index) -> tuple[list[Column], list[Phrase]]:
    """The columns of those who ordered: what is told of others would be all that is known of them."""
    others: pd.Index = buyers[:0]
    for one in columns:
        others = others.union(one.cells.index[one.cells.notna()].difference(buyers))
    kept = [Column(one.feature, one.cells.reindex(buyers)) for one in columns]
    if not len(others):
        return kept, []
    said = counted(
        "{n} customer has not ordered yet and is in no group.",
        "{n} customers have not ordered yet and are in no group.",
        n=len(others),
    )
    return kept, [said]


BASIS = Behavioural()
