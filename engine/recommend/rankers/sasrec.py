"""What a network learned from the order in which people buy: attention over their orders, to say what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase, counted
from engine.recommend.deep import Arrays, Deep, Table, Tensor, Tensors, Training, weights
from engine.recommend.history import Floats, History, Ints
from engine.recommend.order_by_order import Inputs, OrderByOrder, begins

N_GAPS = 12  # days between orders in powers of 2: up to 2,048


class Baskets(NamedTuple):
    """The last orders of each list, the earliest first. Each list's steps are its start and then its orders."""

    row: Ints  # which list
    step: Ints  # counted through all lists
    starts: Ints  # the first of `products` of each
    products: Ints
    gap: Floats  # days since the order before
    n: Ints  # of each list

    @property
    def first(self) -> Ints:
        """The first step of each list: before any order."""
        return np.cumsum(self.n + 1) - (self.n + 1)

    @property
    def size(self) -> Ints:
        """Products of each order."""
        return np.diff(np.append(self.starts, self.products.size))


@dataclass(frozen=True)
class SasRec(Deep):
    """Causal self-attention over a customer's orders, each the mean of its products, with softmax over all products.

    The order in which the products of one order stand says nothing, so an order is one step of the sequence, and
    what is to be told at a step are the products of the next `ahead` orders. A start before the first order and the
    days since the order before go in as well. Where all orders have one product this is the source's idea as it is.

    Source: Kang & McAuley (2018), "Self-Attentive Sequential Recommendation"; softmax over all products after
    Klenitskiy & Vasilev (2023), "Turning Dross Into Gold Loss: is BERT4Rec really better than SASRec?".
    """

    name: str = "sasrec"
    width: int = 96
    blocks: int = 2
    heads: int = 2
    longest: int = 40  # orders
    ahead: int = 3
    dropout: float = 0.3
    unseen: float = 0.2  # share of the products that are left out of each order at random
    training: Training = field(default_factory=lambda: Training(epochs=40, batch=128, learning_rate=2e-3))

    @property
    def label(self) -> Phrase:
        return Phrase("what a neural network learned from the order of purchases")

    def too_few(self, history: History) -> Phrase | None:
        orders = history.bought.drop_duplicates([c.CUSTOMER, c.ORDER]).groupby(c.CUSTOMER).size()
        n = int((orders > 1).sum())
        if n >= self.least:
            return None
        return counted(
            "{n} customer has ordered twice or more; a neural network needs {least} to learn an order of purchases.",
            "{n} customers have ordered twice or more; a neural network needs {least} to learn an order of purchases.",
            n=n,
            least=self.least,
        )

    def drawn(self, popularity: Table, rng: Generator) -> Arrays:
        width = self.width

        def small(*shape: int) -> Table:
            return (0.05 * rng.standard_normal(shape)).astype(np.float32)

        found = {
            "vectors": small(popularity.size, width),
            "bias": np.log(popularity + 1e-9, dtype=np.float32) / 2,
            "start": small(width),
            "places": small(self.longest + 1, width),
            "gaps": small(N_GAPS, width),
            "norm": np.ones(width, np.float32),
        }
        for block in range(self.blocks):
            found |= {f"{block}.{part}": weights(rng, width, width) for part in ("query", "key", "value", "project")}
            found |= {f"{block}.{part}": np.ones(width, np.float32) for part in ("before", "between")}
            found |= {
                f"{block}.wide": weights(rng, width, 4 * width),
                f"{block}.wide_bias": np.zeros(4 * width, np.float32),
                f"{block}.narrow": weights(rng, 4 * width, width),
                f"{block}.narrow_bias": np.zeros(width, np.float32),
            }
        return found

    def loss(self, network: Tensors, past: OrderByOrder, customers: Ints, rng: Generator, share: float) -> Tensor:
        """Cross-entropy of each step's products; a step with n products weighs √n."""
        import torch

        baskets = self._baskets(past.inputs(customers))
        step, product = self._targets(baskets, past.n_products)
        steps, which = np.unique(step, return_inverse=True)
        states = self._states(network, baskets, rng)[torch.from_numpy(steps)]
        likely = torch.log_softmax(_logits(network, states), dim=1)
        weight = (1.0 / np.sqrt(np.bincount(which)))[which]
        portion = torch.from_numpy((weight / weight.sum()).astype(np.float32)).to(likely.device)
        return -(likely[torch.from_numpy(which), torch.from_numpy(product)] * portion).sum()

    def logits(self, network: Tensors, inputs: Inputs) -> Tensor:
        import torch

        baskets = self._baskets(inputs)
        return _logits(network, self._states(network, baskets)[torch.from_numpy(baskets.first + baskets.n)])

    def _baskets(self, inputs: Inputs) -> Baskets:
        """Of the last `longest` orders."""
        first = begins(inputs.row, inputs.order)
        n = np.bincount(inputs.row[first], minlength=inputs.n)
        number = np.cumsum(first) - 1 - (np.cumsum(n) - n)[inputs.row]
        short = inputs.only(number >= (n - self.longest)[inputs.row])
        starts = np.flatnonzero(begins(short.row, short.order))
        row, age, n = short.row[starts], short.age[starts], np.minimum(n, self.longest)
        follows = ~begins(row)
        gap = np.zeros(row.size)
        gap[1:] = np.where(follows[1:], np.maximum(0.0, age[:-1] - age[1:]), 0.0)
        # each list has one step more than orders, its start
        return Baskets(row, np.arange(row.size) + row + 1, starts, short.product, gap, n)

    def _targets(self, baskets: Baskets, n_products: int) -> tuple[Ints, Ints]:
        """What is to be told: a step, and a product; each once."""
        order = np.repeat(np.arange(baskets.row.size), baskets.size)
        step = baskets.step[order]
        n = np.minimum(step - baskets.first[baskets.row[order]], self.ahead)  # steps at which it is to be told
        back = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n) + 1
        return np.divmod(
            np.unique((np.repeat(step, n) - back) * n_products + np.repeat(baskets.products, n)), n_products
        )

    def _states(self, network: Tensors, baskets: Baskets, rng: Generator | None = None) -> Tensor:
        """After each step: steps × width. With `rng` for training."""
        import torch
        from torch.nn import functional

        dropout = 0.0 if rng is None else self.dropout
        row = np.repeat(np.arange(baskets.n.size), baskets.n + 1)
        number = np.arange(row.size) - baskets.first[row]
        # counted from the end: in training the last order is only told, so that the one before stands where in use
        # the last one will
        ahead = 0 if rng is None else 1
        place = np.minimum(self.longest, self.longest - baskets.n[row] + number + ahead)
        orders = self._mean_products(network, baskets, rng)
        state = network["start"].expand(row.size, self.width).index_put((torch.from_numpy(baskets.step),), orders)
        state = functional.dropout(state + network["places"][torch.from_numpy(place)], dropout)
        for block in range(self.blocks):
            mine = f"{block}."
            part = {name.removeprefix(mine): tensor for name, tensor in network.items() if name.startswith(mine)}
            state = state + functional.dropout(self._attended(part, state, row, number, dropout), dropout)
            calm = functional.layer_norm(state, (self.width,), part["between"])
            wide = functional.gelu(calm @ part["wide"] + part["wide_bias"])
            state = state + functional.dropout(wide @ part["narrow"] + part["narrow_bias"], dropout)
        return functional.layer_norm(state, (self.width,), network["norm"])

    def _mean_products(self, network: Tensors, baskets: Baskets, rng: Generator | None) -> Tensor:
        """Each order as one vector, with the days since the one before."""
        import torch
        from torch.nn import functional

        device = network["vectors"].device
        size = baskets.size
        seen = np.ones(baskets.products.size) if rng is None else (rng.random(baskets.products.size) >= self.unseen)
        basket = np.repeat(np.arange(size.size), size)
        share = seen / np.maximum(1, np.bincount(basket, seen, minlength=size.size))[basket]
        mean = functional.embedding_bag(
            torch.from_numpy(baskets.products).to(device),
            network["vectors"],
            torch.from_numpy(baskets.starts).to(device),
            mode="sum",
            per_sample_weights=torch.from_numpy(share.astype(np.float32)).to(device),
        )
        gap = np.minimum(N_GAPS - 1, np.log2(1.0 + baskets.gap)).astype(np.int64)
        return mean * self.width**0.5 + network["gaps"][torch.from_numpy(gap)]

    def _attended(self, part: Tensors, state: Tensor, row: Ints, number: Ints, dropout: float) -> Tensor:
        """What each step takes from those before it in its list."""
        import torch
        from torch.nn import functional

        calm = functional.layer_norm(state, (self.width,), part["before"])
        # lists differ in length: only here, where the cost is small, are they filled up to the longest
        shape = int(row.max(initial=0)) + 1, int(number.max(initial=0)) + 1
        where = torch.from_numpy(row), torch.from_numpy(number)

        def by_list(name: str) -> Tensor:
            laid = state.new_zeros(*shape, self.width).index_put(where, calm @ part[name])
            return laid.view(*shape, self.heads, self.width // self.heads).transpose(1, 2)

        seen = functional.scaled_dot_product_attention(
            by_list("query"), by_list("key"), by_list("value"), dropout_p=dropout, is_causal=True
        )
        return seen.transpose(1, 2).reshape(*shape, self.width)[where] @ part["project"]


def _logits(network: Tensors, states: Tensor) -> Tensor:
    return states @ network["vectors"].T + network["bias"]


RANKER = SasRec()
