"""Training and explaining of networks, with the real ones in the folder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from engine import columns as c
from engine.phrases import Name
from engine.recommend.alone import Alone
from engine.recommend.deep import Deep, Training, ndcg, trained
from engine.recommend.history import History
from engine.recommend.rankers import rankers
from engine.recommend.rankers.sasrec import SasRec
from engine.recommend.rankers.vae import MultVae
from tests.engine.recommend.networks import (
    QUICK,
    at,
    lowest_without,
    one_after_the_other,
    own_taste,
    two_tastes,
    watched,
)
from tests.engine.recommend.tables import history, rng

pytest.importorskip("torch", reason="PyTorch is not installed: pip install 'zhike[deep]'")

VAE = MultVae(width=32, latent=8, training=QUICK)
SASREC = SasRec(width=32, blocks=1, ahead=1, training=QUICK)
both = pytest.mark.parametrize("ranker", [VAE, SASREC], ids=["vae", "sasrec"])


@both
def test_it_learns_who_likes_what(ranker: Deep) -> None:
    past = two_tastes()
    assert own_taste(ranker.fit(past, rng()), past) > 0.97


def test_sasrec_learns_what_comes_after_what() -> None:
    past = one_after_the_other()
    scores = SASREC.fit(past, rng()).scores(np.arange(past.customers.size))
    last = past.bought.sort_values(c.AT, kind="stable").groupby(c.CUSTOMER)[c.PRODUCT].last().to_numpy()
    # by chance one in nine
    assert (scores.argmax(axis=1) == (last + 1) % 9).mean() > 0.97


def test_the_vae_says_what_comes_later_and_does_not_give_back_its_input() -> None:
    """All begin with two of products 1 to 5 and go on with two of 6 to 10; the last twelve have only begun."""
    draw = np.random.default_rng(3)
    rows = [
        (who, int(product) + 1, 2 * who + order, f"2026-0{order + 1}-10")
        for who in range(120)
        for order in range(2 if who < 108 else 1)
        for product in 5 * order + draw.permutation(5)[:2]
    ]
    scores = VAE.fit(history(rows), rng()).scores(np.arange(108, 120))
    assert scores[:, 5:].sum(axis=1).mean() > 0.7


@both
def test_the_same_seed_gives_the_same_network_and_leaves_pytorch_as_it_was(ranker: Deep) -> None:
    import torch

    past, few = two_tastes(40), replace(ranker, training=replace(QUICK, epochs=2))
    before, n = torch.get_rng_state(), torch.get_num_threads()
    one, same, other = (few.fit(past, np.random.default_rng(seed)).scores(at(0, 1)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.allclose(one, other)
    assert torch.equal(before, torch.get_rng_state())
    assert n == torch.get_num_threads()


@both
def test_what_was_kept_goes_on_in_a_shop_that_has_grown(ranker: Deep) -> None:
    past = two_tastes(40)
    fitted = replace(ranker, training=replace(QUICK, epochs=2)).fit(past, rng())
    kept = {name: np.array(array) for name, array in fitted.kept().items()}
    ids = {int(each): Name(f"P{each}") for each in past.products} | {0: Name("P0"), 5000: Name("P5000")}
    rows = past.bought.assign(
        **{c.CUSTOMER: past.customers[past.bought[c.CUSTOMER]], c.PRODUCT: past.products[past.bought[c.PRODUCT]]}
    )
    first = rows[rows[c.CUSTOMER] == 3].assign(**{c.CUSTOMER: 900})
    new = pd.DataFrame({c.CUSTOMER: [901], c.PRODUCT: [0], c.ORDER: [77_777], c.AT: [past.as_of]})
    grown = History.of(pd.concat([rows, first, new]), ids, [*past.customers.tolist(), 900, 901], past.as_of)

    before, after = fitted.scores(np.arange(40)), ranker.resumed(grown, kept).scores(np.arange(42))
    np.testing.assert_allclose(after[:40, 1:-1], before, rtol=1e-5)
    np.testing.assert_allclose(after[40], after[3], rtol=1e-5)
    assert not after[:, [0, -1]].any(), "the network knows nothing of what came after it"
    assert not after[41].any(), "nor of a customer who bought nothing else"
    fewer = past.until(pd.Timestamp("2026-02-01"))
    assert ranker.resumed(fewer, kept).scores(np.arange(40)).shape == (40, 20)


@both
def test_a_reason_names_what_speaks_most_for_it(ranker: Deep) -> None:
    past = two_tastes(60)
    fitted = replace(ranker, training=replace(QUICK, epochs=6)).fit(past, rng())
    customers, products = at(0, 0, 1, 2, 2), at(0, 3, 15, 12, 7)
    found, reasons = fitted.telling(customers, products), fitted.reasons(customers, products)
    whole = fitted.scores(customers)[np.arange(5), products]
    for i, (customer, product) in enumerate(zip(customers.tolist(), products.tolist(), strict=True)):
        source, score = lowest_without(fitted, customer, product)
        if score >= whole[i]:
            assert found.source[i] == -1
            assert str(reasons[i]).startswith("goes with everything they bought")
            continue
        assert found.source[i] == source
        assert found.score[i] == pytest.approx(score, rel=1e-4)
        rows = past.bought[(past.bought[c.CUSTOMER] == customer) & (past.bought[c.PRODUCT] == source)]
        assert reasons[i].facts["last"] == rows[c.AT].max().date()
        same = "mostly because they bought it before" if source == product else f"mostly because of P{source + 1}, "
        assert str(reasons[i]).startswith(same)
    assert (found.source >= 0).any()


def test_sasrec_looks_at_the_last_orders_only() -> None:
    past = one_after_the_other(40)
    fitted = replace(SASREC, longest=2, training=replace(QUICK, epochs=2)).fit(past, rng())
    orders = past.bought.groupby(c.CUSTOMER)[c.AT].rank(method="dense", ascending=False)
    assert (orders > 2).any()
    short = replace(past, bought=past.bought[orders <= 2].reset_index(drop=True))
    everyone = np.arange(past.customers.size)
    scores = fitted.ranker.resumed(short, fitted.kept()).scores(everyone)
    np.testing.assert_allclose(scores, fitted.scores(everyone), rtol=1e-5)


def test_a_product_bought_before_can_be_the_reason_for_itself() -> None:
    rows = [(who, 1 + who % 2, 3 * who + step, f"2026-0{step + 1}-10") for who in range(60) for step in range(3)]
    fitted = SASREC.fit(history(rows), rng())
    assert str(fitted.reasons(at(0), at(0))[0]) == "mostly because they bought it before, the last time on 2026-03-10"


@both
def test_batches_do_not_show_in_reasons(ranker: Deep, monkeypatch: pytest.MonkeyPatch) -> None:
    past = two_tastes(20)
    fitted = replace(ranker, training=replace(QUICK, epochs=3)).fit(past, rng())
    customers, products = np.repeat(np.arange(20), 2), np.tile(at(1, 15), 20)
    whole = fitted.telling(customers, products)
    monkeypatch.setattr("engine.recommend.network.CELLS", 60)
    apart = fitted.telling(customers, products)
    np.testing.assert_array_equal(whole.source, apart.source)
    np.testing.assert_allclose(whole.score, apart.score, rtol=1e-5)
    assert fitted.reasons(at(), at()) == []


def values(*found: float) -> tuple[dict[str, object], list[float]]:
    """A network of one number that each round makes smaller, and what each round is worth."""
    import torch

    return {"x": torch.ones(1)}, list(found)


def test_training_stops_when_it_gets_no_better_and_the_best_round_counts() -> None:
    network, worth = values(1, 3, 2, 2, 9)
    seen: list[float] = []

    def checked() -> float:
        seen.append(float(network["x"].detach()[0]))  # type: ignore[attr-defined]
        return worth[len(seen) - 1]

    told, progress = watched()
    settings = Training(epochs=5, patience=2, learning_rate=0.1)
    found = trained(network, lambda: iter([network["x"].sum()]), checked, settings, progress)  # type: ignore[attr-defined]
    assert len(seen) == 4
    assert found["x"].tolist() == pytest.approx([seen[1]])
    assert told[1][0] == "Training a network: round 2 of 5 at most"
    assert told[1][1] == pytest.approx(0.2)


def test_training_ends_with_its_minutes() -> None:
    past = two_tastes(40)
    told, progress = watched()
    replace(VAE, training=replace(QUICK, minutes=1e-9)).fit(past, rng(), progress)
    assert len(told) == 1


def test_progress_goes_from_nothing_towards_one() -> None:
    told, progress = watched()
    replace(VAE, training=replace(QUICK, epochs=4, patience=9)).fit(two_tastes(40), rng(), progress)
    shares = [share for _, share in told]
    assert shares[0] == pytest.approx(0.0, abs=0.01)
    assert shares == sorted(shares)
    assert len(shares) == 4
    assert shares[-1] < 1


def test_ndcg_by_hand() -> None:
    scores = np.array([[3, 2, 1], [1, 2, 3], [1, 1, 1]], np.float32)
    # first row: the second of one, 1 / log2(3); second row: first and third of two, (1 + 1/2) / (1 + 1/log2(3))
    expected = (1 / np.log2(3) + 1.5 / (1 + 1 / np.log2(3))) / 2
    assert ndcg(scores, at(0, 1, 1), at(1, 2, 0)) == pytest.approx(expected)
    assert ndcg(scores, at(), at()) == 0.0


def test_whoever_tries_a_network_can_watch_it() -> None:
    told, progress = watched()
    network = replace(VAE, training=replace(QUICK, epochs=2))
    listing = Alone(network, rankers()["popular"]).fit_watched(two_tastes(40), rng(), progress)
    assert len(told) == 2
    lists = listing.lists(at(0, 1), 20, new=False)
    assert lists.place.max() == 20
