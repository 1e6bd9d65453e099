"""Lists for some customers, under the rules: from what rankers say together to what may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from engine import columns as c
from engine.phrases import Phrase
from engine.recommend.history import History, Ints
from engine.recommend.lists import Bought, Candidates, Flags, Fused, two_lists
from engine.recommend.rankers import rankers
from engine.recommend.ruled import PINNED, RANKER
from engine.recommend.who import Wanted
from engine.services.rules_in_force import RulesInForce
from engine.store.recommendations import Row

# candidates of each list that the rules choose from, for each place: enough where a rule takes out most
DEPTH = 4


class Drawing:
    """Draws lists from a history by the rules in force, batch by batch.

    What a customer refused is left to the reading, for which a list is longer by as many: a refusal that is taken back
    brings its product back at once.
    """

    def __init__(self, history: History, fused: Fused, force: RulesInForce, top: int) -> None:
        self._history, self._fused, self._top = history, fused, top
        self._force = replace(force, refused=force.refused.iloc[:0]).launching(history)
        self._n_refused = force.refused.groupby(c.CUSTOMER).size()
        at = force.products.index.get_indexer(pd.Index(history.products))
        self._allowed = force.allowed().mask[at]
        self._twin = np.unique(force.products[c.TWIN].to_numpy(np.int64)[at], return_inverse=True)[1].astype(np.int64)
        self._bought = Bought(history, self._twin)
        self._personal = np.array([rankers()[name].personal for name in fused.names])

    def lists(self, customers: Ints, wanted: Wanted | None = None) -> Iterator[Row]:
        """Both lists of the customers at these positions, by customer, what to buy again last; and who of them wants
        what into `wanted`.
        """
        found = self._fused.candidates(customers)
        ids = self._history.customers[customers]
        shown = self._allowed[found.product] & ~np.isin(ids, self._force.wanting_none)[found.row]
        found = found.only(shown)
        again = self._bought.before(customers, found)
        if wanted is not None:
            theirs = self._personal[found.ranker]
            mine = found.only(theirs)
            # a list is for somebody who comes; who of all wants a product most is also a question of who comes
            comes = self._fused.returning(customers)[mine.row]
            wanted.add(customers, mine._replace(score=mine.score * comes), again[theirs])
        room = np.asarray(self._top + self._n_refused.reindex(ids).fillna(0).to_numpy(), np.int64)
        chosen, flags, rank = two_lists(found, again, self._twin, DEPTH * int(room.max(initial=0)))
        if self._is_plain:
            short = rank <= room[chosen.row]
            return self._rows(customers, chosen.only(short), flags[short], rank[short])
        return self._ruled(customers, chosen, flags, rank, room)

    @property
    def _is_plain(self) -> bool:
        """Whether no rule looks at more than the product itself."""
        rules = self._force.rules
        general = rules.rest_days is None and rules.most_per_category is None and rules.relevance == 1.0
        return general and not rules.pinned and not rules.launches

    def _rows(self, customers: Ints, chosen: Candidates, again: Flags, rank: Ints) -> Iterator[Row]:
        who = customers[chosen.row]
        return zip(
            self._history.customers[who].tolist(),
            again.tolist(),
            rank.tolist(),
            self._history.products[chosen.product].tolist(),
            chosen.score.tolist(),
            [self._fused.names[position] for position in chosen.ranker.tolist()],
            self._fused.reasons(who, chosen.product, chosen.ranker),
            strict=True,
        )

    def _ruled(self, customers: Ints, chosen: Candidates, again: Flags, rank: Ints, room: Ints) -> Iterator[Row]:
        names = np.array([*self._fused.names], dtype=object)
        picks = pd.DataFrame(
            {
                c.CUSTOMER: self._history.customers[customers[chosen.row]],
                c.PRODUCT: self._history.products[chosen.product],
                c.RANK: rank,
                c.SCORE: chosen.score,
                c.RANKER: names[chosen.ranker],
                c.AGAIN: again,
            }
        )
        ids, top = self._history.customers[customers], int(room.max(initial=0))
        parts = [
            self._force.ruled(picks[again == which], top=top, customers=ids, again=which).picks.assign(
                **{c.AGAIN: which}
            )
            for which in (True, False)
        ]
        rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
        rows = rows[rows[c.LIST_PLACE].to_numpy() <= room[np.searchsorted(ids, rows[c.CUSTOMER].to_numpy(np.int64))]]
        return self._told(rows.sort_values([c.CUSTOMER, c.AGAIN, c.LIST_PLACE], ascending=[True, False, True]))

    def _told(self, rows: pd.DataFrame) -> Iterator[Row]:
        reason = np.full(len(rows), PINNED, dtype=object)
        picked = np.flatnonzero((rows[c.RANKER] != RANKER).to_numpy())
        of_name = {name: position for position, name in enumerate(self._fused.names)}
        mine = rows.iloc[picked]
        said = self._fused.reasons(
            np.searchsorted(self._history.customers, mine[c.CUSTOMER].to_numpy(np.int64)),
            np.searchsorted(self._history.products, mine[c.PRODUCT].to_numpy(np.int64)),
            np.array([of_name[name] for name in mine[c.RANKER].tolist()], np.int64),
        )
        reason[picked] = _objects(said)
        return zip(
            rows[c.CUSTOMER].tolist(),
            rows[c.AGAIN].tolist(),
            rows[c.LIST_PLACE].tolist(),
            rows[c.PRODUCT].tolist(),
            rows[c.SCORE].tolist(),
            rows[c.RANKER].tolist(),
            reason.tolist(),
            strict=True,
        )


def _objects(phrases: list[Phrase]) -> np.ndarray:
    column = np.empty(len(phrases), dtype=object)
    column[:] = phrases
    return column
