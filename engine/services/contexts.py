"""What the people of a campaign are like, in numbers, for policies that choose a version for each person."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlite_utils import Database

from engine import columns as c
from engine.campaigns.audience import Ids
from engine.experiments.modes import of_each_person
from engine.experiments.policies import Policy
from engine.experiments.policies.by_segment import BySegment
from engine.services.behaviour import rfm_of_all
from engine.services.contact import asking_for_plain
from engine.shop import Shop
from engine.store import segments, stages

FEWEST = 10  # people in a group that stands for itself
BEHAVIOUR = (c.RECENCY_DAYS, c.FREQUENCY, c.MONETARY)


def features_of(shop: Shop, db: Database, people: Ids, policy: Policy) -> dict[int, list[float]] | None:
    """By customer, one row of numbers each; None for a policy that does not go by what people are like.

    One that goes by groups gets the number of the person's group: the segment, or where all are in one segment, the
    lifecycle stage. Others get a 1, recency, frequency and money (logarithms, standardised among these people), and
    for each group but the first whether they are in it. Who asked for nothing personal is like everybody on average.
    """
    one = of_each_person(policy)
    if one is None:
        return None
    groups = _groups(db, people)
    groups[np.isin(people, asking_for_plain(db))] = -1
    if isinstance(one[0], BySegment):
        return {customer: [float(group)] for customer, group in zip(people.tolist(), groups.tolist(), strict=True)}
    behaviour = _behaviour(shop, db, people)
    behaviour[groups == -1] = 0.0
    member = (groups[:, None] == np.arange(1, max(groups.max(initial=0) + 1, 1))).astype(float)
    rows = np.hstack([np.ones((people.size, 1)), behaviour, member])
    return dict(zip(people.tolist(), rows.round(4).tolist(), strict=True))


def _behaviour(shop: Shop, db: Database, people: Ids) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Who never ordered has the longest absence, and no orders and money."""
    bought = rfm_of_all(shop, db).reindex(people)[list(BEHAVIOUR)]
    bought[c.RECENCY_DAYS] = bought[c.RECENCY_DAYS].fillna(bought[c.RECENCY_DAYS].max())
    logs = np.log1p(bought.fillna(0.0).clip(lower=0).to_numpy(np.float64))
    spread = logs.std(axis=0)
    standard: np.ndarray[tuple[int, int], np.dtype[np.float64]] = (logs - logs.mean(axis=0)) / np.where(
        spread > 1e-9, spread, 1.0
    )
    return standard


def _groups(db: Database, people: Ids) -> Ids:
    """The number of each person's group, the largest first; small groups are one with the largest."""
    for labels in (_segments(db), _stages(db)):
        known = labels.reindex(people)
        sizes = known.value_counts()
        large = sizes[sizes >= FEWEST].index.tolist()
        if len(large) > 1:
            number = {label: k for k, label in enumerate(large)}
            return known.map(number).fillna(0).to_numpy(np.int64, copy=True)
    return np.zeros(people.size, np.int64)


def _segments(db: Database) -> pd.Series:
    run = segments.latest(db)
    if run is None:
        return pd.Series(dtype=object)
    return pd.Series({customer: one.id for one in run.segments for customer in segments.members(db, one.id)})


def _stages(db: Database) -> pd.Series:
    run = stages.latest_run(db)
    return pd.Series(dtype=object) if run is None else stages.standings(db, run.id)[c.STAGE]
