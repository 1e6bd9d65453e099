"""What a network learned from all purchases: a variational autoencoder that says what comes later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from engine import columns as c
from engine.phrases import Phrase, counted
from engine.recommend.deep import Arrays, Deep, Table, Tensor, Tensors, weights
from engine.recommend.history import Floats, History, Ints
from engine.recommend.order_by_order import Inputs, OrderByOrder
from engine.recommend.sparse import row_of_each


@dataclass(frozen=True)
class MultVae(Deep):
    """Multinomial likelihood with a latent normal variable, whose divergence from N(0, 1) comes to count by and by.

    The input is the logarithm of 1 plus a customer's orders of each product, each order counting half after
    `half_life_days`. Other than in the source, the network does not give back its input: a customer's orders are cut
    in two at random, and it says from the earlier ones what is in the later ones. One order stands for both.

    Source: Liang, Krishnan, Hoffman & Jebara (2018), "Variational Autoencoders for Collaborative Filtering".
    """

    name: str = "vae"
    width: int = 400
    latent: int = 200
    dropout: float = 0.5
    divergence: float = 0.2  # its weight in the end: β in the source
    annealed: float = 20.0  # rounds until then
    half_life_days: float = 120.0

    @property
    def label(self) -> Phrase:
        return Phrase("what a neural network learned from all purchases")

    def too_few(self, history: History) -> Phrase | None:
        products = history.bought.drop_duplicates([c.CUSTOMER, c.PRODUCT]).groupby(c.CUSTOMER).size()
        n = int((products > 1).sum())
        if n >= self.least:
            return None
        return counted(
            "{n} customer has bought two different products; a neural network needs {least} to learn from.",
            "{n} customers have bought two different products; a neural network needs {least} to learn from.",
            n=n,
            least=self.least,
        )

    def drawn(self, popularity: Table, rng: Generator) -> Arrays:
        n = popularity.size
        return {
            "into": weights(rng, n, self.width),
            "into_bias": np.zeros(self.width, np.float32),
            "mean": weights(rng, self.width, self.latent),
            "mean_bias": np.zeros(self.latent, np.float32),
            "spread": 0.1 * weights(rng, self.width, self.latent),
            "spread_bias": np.full(self.latent, -2.0, np.float32),
            "back": weights(rng, self.latent, self.width),
            "back_bias": np.zeros(self.width, np.float32),
            "out": weights(rng, self.width, n),
            "out_bias": np.zeros(n, np.float32),
        }

    def loss(self, network: Tensors, past: OrderByOrder, customers: Ints, rng: Generator, share: float) -> Tensor:
        """The negative evidence lower bound per customer (eq. 6 of the source)."""
        import torch

        n = past.n_orders[customers]
        cut = np.where(n > 1, rng.integers(1, np.maximum(2, n)), 0)
        mean, log_variance = self._encoded(network, past.inputs(customers, np.maximum(1, cut)), self.dropout)
        drawn = mean + torch.randn_like(mean) * torch.exp(log_variance / 2)
        likely = torch.log_softmax(_decoded(network, drawn), dim=1)
        missed = -likely[tuple(map(torch.from_numpy, past.later(customers, cut)))].sum() / customers.size
        apart = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()
        return missed + self.divergence * min(1.0, share / self.annealed) * apart

    def logits(self, network: Tensors, inputs: Inputs) -> Tensor:
        mean, _ = self._encoded(network, inputs)
        return _decoded(network, mean)

    def _encoded(self, network: Tensors, inputs: Inputs, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """Mean and log variance of each list's latent variable."""
        import torch
        from torch.nn import functional

        device = network["into"].device
        values, products, starts = self._values(inputs, network["into"].shape[0])
        strength = functional.dropout(torch.from_numpy(values).to(device), dropout)
        taken = functional.embedding_bag(
            torch.from_numpy(products).to(device),
            network["into"],
            torch.from_numpy(starts).to(device),
            mode="sum",
            per_sample_weights=strength,
        )
        hidden = torch.tanh(taken + network["into_bias"])
        return (
            hidden @ network["mean"] + network["mean_bias"],
            hidden @ network["spread"] + network["spread_bias"],
        )

    def _values(self, inputs: Inputs, n_products: int) -> tuple[Table, Ints, Ints]:
        """How strongly each product speaks in each list (of length 1), the products, where each list begins."""
        from scipy.sparse import csr_array

        orders: Floats = 0.5 ** (inputs.age / self.half_life_days)
        matrix = csr_array((orders, (inputs.row, inputs.product)), shape=(inputs.n, n_products))
        values = np.log1p(matrix.data)
        row = row_of_each(matrix)
        length = np.sqrt(np.bincount(row, values**2, minlength=inputs.n))
        values /= np.maximum(length, np.finfo(np.float32).tiny)[row]
        return values.astype(np.float32), matrix.indices.astype(np.int64), matrix.indptr[:-1].astype(np.int64)


def _decoded(network: Tensors, latent: Tensor) -> Tensor:
    hidden = (latent @ network["back"] + network["back_bias"]).tanh()
    return hidden @ network["out"] + network["out_bias"]


RANKER = MultVae()
