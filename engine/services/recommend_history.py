"""What was bought, as recommendations learn from it."""

from __future__ import annotations

import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.errors import TooLittleData
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.charges import is_charge
from engine.recommend.history import History
from engine.services.ratings import ratings_until
from engine.shop import Shop
from engine.store import customers, orders


def history_of(shop: Shop, db: Database, progress: Progress = silent) -> History:
    """Everything bought of what can be bought again, for everyone the store knows. Raises TooLittleData for nothing."""
    progress(Phrase("Reading what was bought"), 0.0)
    # an order dated in the future is a slip; a shop's own clock may be hours ahead of UTC
    tomorrow = pd.Timestamp(shop.now().replace(tzinfo=None)) + pd.Timedelta(days=1)
    bought = orders.purchases(db).loc[lambda row: row[c.AT] <= tomorrow]
    names = {id_: product.name for id_, product in orders.products(db).items() if not is_charge(product.name)}
    who = customers.frame(db)[c.CUSTOMER]
    last = bought[c.AT].max()
    rated = ratings_until(db, tomorrow, last)
    history = History.of(bought, names, who, last, catalogue=orders.catalogue(db), ratings=rated)
    if history.bought.empty:
        raise TooLittleData(
            Phrase("No order names both a customer and a product yet: import a file of orders that does.")
        )
    return history
