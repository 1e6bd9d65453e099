"""What the deep rankers share: whether they can be had, how a network is trained, and when it stops.

PyTorch takes seconds to load and is an extra, so it is loaded where a network is trained or asked, and nowhere else.
Networks are functions of named arrays (`Arrays`), which a file can hold.

A training lasts minutes and changes nothing outside itself: it is cancelled as other long work is, by ending its
process. Between rounds it tells how far it is.
"""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.errors import NotAllowed
from engine.phrases import Phrase
from engine.progress import Progress, silent
from engine.recommend.history import History, Ints
from engine.recommend.order_by_order import Inputs, OrderByOrder
from engine.recommend.rankers import Kept, Ranker

if TYPE_CHECKING:
    from engine.recommend.network import FittedNetwork

Tensor: TypeAlias = Any  # PyTorch's: it may not be there
Table = NDArray[np.float32]
Arrays = Mapping[str, Table]
Tensors = Mapping[str, Tensor]

INSTALL = "pip install 'zhike[deep]'"
ABSENT = Phrase("It needs PyTorch, which is not installed; this installs it: {command}", command=INSTALL)
PLACES = 20  # of a held-out customer's list count
PRODUCTS = "products"  # among what is kept: the ids of the products that the network knows


@dataclass(frozen=True)
class Training:
    """Adam over all customers but those held out, round by round.

    It ends when `patience` rounds in a row ranked the last orders of those held out no better (NDCG), after
    `epochs` rounds, or after `minutes`; the best round counts. The same seed gives the same network, unless the
    minutes ran out.
    """

    epochs: int = 60
    patience: int = 6
    minutes: float = 10.0
    batch: int = 256  # customers
    learning_rate: float = 2e-3
    held_out: float = 0.1  # share of the customers with two orders or more
    most_held_out: int = 1_000
    threads: int = 1  # several wait for each other longer than they save where the machine has other work, too
    device: str = "cpu"


@dataclass(frozen=True)
class Deep(Ranker):
    """A ranker that trains a network; whoever waits for `fit` can watch it.

    A network's logits say how likely each product of its vocabulary is in what a customer buys next.
    """

    name: str = ""
    personal: bool = True
    slow: bool = True
    width: int = 0  # of its layers
    least: int = 200  # customers to learn from: a tenth of fewer cannot say when to stop
    training: Training = field(default_factory=Training)

    def lacking(self, history: History) -> Phrase | None:
        return self.too_few(history) if installed() else ABSENT

    @abstractmethod
    def too_few(self, history: History) -> Phrase | None:
        """What is lacking if fewer than `least` customers teach it something."""

    @abstractmethod
    def drawn(self, popularity: Table, rng: Generator) -> Arrays:
        """A network before training, for products with this share of what was bought."""

    @abstractmethod
    def loss(self, network: Tensors, past: OrderByOrder, customers: Ints, rng: Generator, share: float) -> Tensor:
        """What is to become small, of these customers, when the batches before made up `share` rounds."""

    @abstractmethod
    def logits(self, network: Tensors, inputs: Inputs) -> Tensor:
        """A row per list of purchases, a column per product."""

    def fit(self, history: History, rng: Generator, progress: Progress = silent) -> FittedNetwork:
        """Raises NotAllowed without PyTorch. With fewer customers than `least` it trains on what there is."""
        from engine.recommend.network import FittedNetwork

        _needs_pytorch()
        vocabulary = history.products[history.buyers() > 0]
        if not vocabulary.size:
            return FittedNetwork(self, {}, vocabulary, history)
        past = OrderByOrder.of(history, vocabulary)
        teachers, out = held_out(past, self.training, rng)
        popularity = np.bincount(past.product, minlength=vocabulary.size) / past.product.size
        start = self.drawn(popularity.astype(np.float32), rng)
        with reproducible(rng, self.training):
            network = tensors(start, self.training.device)
            asked, right = past.inputs(out, past.n_orders[out] - 1), past.later(out, past.n_orders[out] - 1)
            steps = count()

            def losses() -> Iterator[Tensor]:
                n_batches = max(1, round(teachers.size / self.training.batch))
                for customers in np.array_split(rng.permutation(teachers), n_batches):
                    yield self.loss(network, past, customers, rng, next(steps) / n_batches)

            def checked() -> float:
                return ndcg(chances(self, network, asked), *right)

            arrays = trained(network, losses, checked, self.training, progress)
        return FittedNetwork(self, arrays, vocabulary, history)

    def resumed(self, history: History, kept: Kept) -> FittedNetwork:
        from engine.recommend.network import FittedNetwork

        _needs_pytorch()
        arrays = {name: array for name, array in kept.items() if name != PRODUCTS}
        return FittedNetwork(self, arrays, kept[PRODUCTS], history)


def installed() -> bool:
    return find_spec("torch") is not None


def _needs_pytorch() -> None:
    if not installed():
        raise NotAllowed(ABSENT)


@contextmanager
def reproducible(rng: Generator, training: Training) -> Iterator[None]:
    """Within it PyTorch draws from a seed of `rng`'s, on `training.threads`; outside it all is as it was."""
    import torch

    with threads(training.threads), torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(rng.integers(2**63)))
        yield


@contextmanager
def threads(n: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(n)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def trained(
    network: Tensors,
    losses: Callable[[], Iterator[Tensor]],
    checked: Callable[[], float],
    training: Training,
    progress: Progress,
) -> Arrays:
    """The network of the round that `checked` best. `losses` is one round, batch by batch."""
    import torch

    every = [tensor.requires_grad_() for tensor in network.values()]
    adam = torch.optim.Adam(every, lr=training.learning_rate, fused=True)
    best, since, found = -np.inf, 0, arrays_of(network)
    end = time.monotonic() + 60 * training.minutes
    for epoch in range(training.epochs):
        spent = 1 - (end - time.monotonic()) / (60 * training.minutes)
        progress(
            Phrase("Training a network: round {epoch} of {epochs} at most", epoch=epoch + 1, epochs=training.epochs),
            min(1.0, max(epoch / training.epochs, spent)),
        )
        for loss in losses():
            adam.zero_grad()
            loss.backward()
            adam.step()
            if time.monotonic() > end:
                break
        value, since = checked(), since + 1
        if value > best:
            best, since, found = value, 0, arrays_of(network)
        if since >= training.patience or time.monotonic() > end:
            break
    return found


def chances(ranker: Deep, network: Tensors, inputs: Inputs) -> Table:
    """How likely each product is next, for each list of purchases: rows add up to 1."""
    import torch

    with torch.no_grad():
        found: Table = torch.softmax(ranker.logits(network, inputs), dim=1).cpu().numpy()
    return found


def tensors(arrays: Arrays, device: str) -> Tensors:
    import torch

    return {name: torch.tensor(array, device=device) for name, array in arrays.items()}


def arrays_of(network: Tensors) -> Arrays:
    return {name: tensor.detach().cpu().numpy().copy() for name, tensor in network.items()}


def weights(rng: Generator, *shape: int) -> Table:
    """Random weights, as wide as Glorot & Bengio (2010) have it."""
    wide = np.sqrt(2.0 / (shape[0] + shape[-1]))
    return np.asarray(wide * rng.standard_normal(shape), np.float32)


def held_out(past: OrderByOrder, training: Training, rng: Generator) -> tuple[Ints, Ints]:
    """Customers to learn from, and those who bought at least twice and whose last orders say when to stop."""
    again = np.flatnonzero(past.n_orders > 1)
    n = min(round(training.held_out * again.size), training.most_held_out)
    out = np.sort(rng.choice(again, n, replace=False))
    return np.setdiff1d(np.flatnonzero(past.n_orders), out), out


def ndcg(scores: Table, rows: Ints, products: Ints) -> float:
    """Mean NDCG at 20 of the rows that have products among the pairs (`rows`, `products`); 0 without any."""
    if not rows.size:
        return 0.0
    right = np.zeros(scores.shape, dtype=np.bool_)
    right[rows, products] = True
    best = np.argsort(-scores, axis=1, kind="stable")[:, :PLACES]
    worth = 1.0 / np.log2(np.arange(best.shape[1]) + 2.0)
    gained = np.take_along_axis(right, best, axis=1) @ worth
    ideal = np.concatenate([[0.0], np.cumsum(worth)])[np.minimum(right.sum(axis=1), best.shape[1])]
    return float((gained[ideal > 0] / ideal[ideal > 0]).mean())
