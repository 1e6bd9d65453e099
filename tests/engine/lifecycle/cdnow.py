"""CDNOW's 2,357 customers as the literature counts them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from engine import columns as c
from engine.lifecycle.counts import Counts, counts

END = date(1997, 9, 30)  # of the 39 weeks to fit


def orders(datasets: Path) -> pd.DataFrame:
    """All transactions of the sample: customer, day and money."""
    read = pd.read_csv(datasets / "cdnow_sample.txt", sep=r"\s+", header=None)
    return pd.DataFrame({c.CUSTOMER: read[1], c.AT: pd.to_datetime(read[2].astype(str)), c.REVENUE: read[4]})


def weeks(datasets: Path) -> Counts:
    """The first 39 weeks, in weeks."""
    return counts(orders(datasets), END)[1].per(7)


def spending(datasets: Path) -> tuple[np.ndarray, np.ndarray]:
    """Of the 946 repeat buyers: the number of repeat days and their mean money."""
    bought = orders(datasets)
    days = bought[bought[c.AT] <= pd.Timestamp(END)].groupby([c.CUSTOMER, c.AT])[c.REVENUE].sum().reset_index()
    repeats = days[days.groupby(c.CUSTOMER).cumcount() > 0].groupby(c.CUSTOMER)[c.REVENUE].agg(["size", "mean"])
    return repeats["size"].to_numpy(float), repeats["mean"].to_numpy(float)
