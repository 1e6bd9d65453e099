"""Trials of recommenders: kept with the data they were made of, and what their words say of the numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from engine.errors import NotAllowed
from engine.lifecycle.kept import packed
from engine.phrases import Phrase
from engine.recommend.alone import Alone
from engine.recommend.comparison import Comparison, Interval, Scored, Standing, Verdict
from engine.recommend.rankers.popular import Popular
from engine.recommend.recommenders import recommenders
from engine.recommend.trials import Recommender, Skipped
from engine.services import recommend_trials as service
from engine.services.evaluate import evaluate
from engine.services.evaluations import recommend as words
from engine.services.recommend_trials import chosen_recommender, comparison, current_trial, newest_trial
from engine.shop import Shop
from engine.store import transaction
from engine.store.runs import Run
from tests.clock import noon
from tests.engine.services import shops


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = Shop(tmp_path_factory.mktemp("tea") / "shop.db", clock=noon)
    shops.fill(shop)
    return shop


def test_a_trial_is_made_once_per_state_of_the_data(tea: Shop) -> None:
    with tea.open() as db:
        assert newest_trial(db) is None
        first = current_trial(tea, db)
        assert current_trial(tea, db) == first == newest_trial(db)
        asked = tea.caused_by("update 7")
        anew = current_trial(asked, db, refresh=True)
        assert anew.id > first.id
        assert current_trial(asked, db, refresh=True) == anew
        found = comparison(anew)
        assert found == comparison(first), "the seed is stored, and gives the same"
        with transaction(db):
            shops.add_import(db, "more.csv")
        assert current_trial(tea, db).id > anew.id


def test_the_winner_is_what_is_to_be_used(tea: Shop) -> None:
    with tea.open() as db:
        run = current_trial(tea, db)
    found = comparison(run)
    assert found is not None
    # the shop is too small to learn from: what is in use keeps to the stated rule until it can
    assert run.method == found.all.chosen == "mix"
    assert chosen_recommender(run) == recommenders()[0].name == "blend_logistic"
    assert "blend_logistic" not in {one.name for one in found.standings}
    assert chosen_recommender(
        replace(run, quality={**run.quality, "comparison": packed(_won_by(found, "repeat"))})
    ) == ("repeat")
    best = max(found.standings, key=lambda one: one.all.ndcg.value)
    assert found.of(found.all.chosen).all.ndcg.value >= 0.9 * best.all.ndcg.value
    assert {one.name for one in found.standings} >= {"repeat", "item_to_item", "popular"}


def _won_by(found: Comparison, name: str) -> Comparison:
    return replace(found, all=replace(found.all, chosen=name))


def test_without_a_trial_the_default(tmp_path: Path) -> None:
    default = recommenders()[0].name
    assert chosen_recommender(None) == default
    shop = Shop(tmp_path / "young.db", clock=noon)
    with shop.open() as db, transaction(db):
        shops.add_import(db)
        shops.add_products(db, shops.GOODS)
        shops.add_customers(db, ({"key": f"A{number}"} for number in range(30)))
        shops.add_orders(db, (order for n in range(30) for order in shops.gifts(f"A{n}", n % 20)))
    with shop.open() as db:
        run = current_trial(shop, db)
    assert comparison(run) is None
    assert chosen_recommender(run) == chosen_recommender(run, new=True) == default
    gone = replace(run, quality={**run.quality, "comparison": None})
    assert chosen_recommender(gone) == default


@pytest.mark.skipif(any(one.slow for one in recommenders(deep=True)), reason="something takes long")
def test_where_nothing_takes_long(tea: Shop) -> None:
    with pytest.raises(NotAllowed, match="Nothing here takes long"):
        evaluate(tea, "recommend", deep=True)


def test_other_kinds_have_no_longer_form(tea: Shop) -> None:
    with pytest.raises(NotAllowed, match="has no longer form"):
        evaluate(tea, "lifecycle", deep=True)


def scored(ndcg: float, hits: float) -> Scored:
    near = {name: Interval(v, v - 0.01, v + 0.01) for name, v in {"ndcg": ndcg, "hit_rate": hits}.items()}
    other = dict.fromkeys(("recall", "mrr", "map"), Interval(0.1, 0.1, 0.1))
    return Scored(**near, **other, coverage=0.5, novelty=3.0, diversity=0.8)


MIX, POPULAR = Phrase("the mix"), Phrase("what most people buy now")
WON = Verdict("mix", "popular", Interval(0.6, 0.5, 0.7), Interval(0.6, 0.5, 0.7))
FOUND = Comparison(
    k=10,
    horizon=30,
    origins=(date(2026, 7, 1), date(2026, 8, 1)),
    n_customers=400,
    n_new=300,
    baseline="popular",
    standings=(
        Standing("mix", MIX, scored(0.32, 0.62), scored(0.1, 0.4)),
        Standing("popular", POPULAR, scored(0.2, 0.38), scored(0.05, 0.2)),
    ),
    all=WON,
    new=WON,
)


def run_of(**quality: object) -> Run:
    counts = {"customers": 500, "learned_from": 500}
    return Run(1, "recommend_trial", "mix", {"deep": False}, 0, 1, {**counts, **quality}, noon())


def test_how_many_of_a_hundred_found_something() -> None:
    assert str(words.verdict(FOUND)) == (
        "Of 100 customers who bought again, 62 found a product of theirs among the first 10; with a list of "
        "best-sellers it would have been 38."
    )
    few = replace(FOUND, n_customers=21)
    assert str(words.verdict(few)) == (
        "Of 21 customers who bought again, 13 found a product of theirs among the first 10; with a list of "
        "best-sellers it would have been 8."
    )
    unclear = replace(FOUND, all=replace(WON, over_baseline=Interval(0.1, -0.1, 0.3)))
    assert str(words.verdict(unclear)).endswith("That is no better than best-sellers, as far as your data can show.")
    beaten = replace(FOUND, all=Verdict("popular", "mix", Interval(0.0, -0.2, 0.2), None))
    assert str(words.verdict(beaten)) == (
        "Of 100 customers who bought again, 38 found a product of theirs among the first 10, with a mere list of "
        "best-sellers: nothing that I tried was clearly better."
    )


def test_by_how_much_it_won_and_how_it_was_tested() -> None:
    used, new, tested = map(str, words.facts(FOUND, run_of()))
    assert used == (
        "In use: the mix. What people then bought stood 60% better on its lists than with the next best, what most "
        "people buy now (surely between 50% and 70%)."
    )
    assert new == (
        "Products they had never bought: of 100 customers who bought one, 40 found it among the first 10 new ones; "
        "with best-sellers 20. Best at that: the mix."
    )
    assert tested == (
        "Tested on 2 days from 2026-07-01 to 2026-08-01, each with the orders until then and what was bought in the "
        "30 days after: 400 customers who came back."
    )


def test_what_the_data_cannot_show_is_said() -> None:
    tie = replace(FOUND, all=replace(WON, ahead=Interval(0.02, -0.03, 0.08)), n_new=0, origins=FOUND.origins[:1])
    used, tested = map(str, words.facts(tie, run_of()))
    assert used == (
        "In use: the mix. Between it and what most people buy now there is no difference that this shop's data can "
        "show (-3% to +8%)."
    )
    assert tested.startswith("Tested on 2026-07-01, with the orders until then")


def test_what_was_left_out_is_said() -> None:
    partly = replace(FOUND, skipped=(Skipped(Phrase("what they rated"), Phrase("There are no ratings.")),))
    said = [str(fact) for fact in words.facts(partly, run_of(learned_from=100))]
    assert "Tried with 100 of your 500 customers, drawn at random." in said
    assert said[-1] == "Not tried: “what they rated”. There are no ratings."


def test_the_charts_have_intervals_and_mark_best_sellers() -> None:
    charts = list(words._charts(FOUND))
    assert [chart.mark for chart in charts] == [0.38, 0.2, 0.2, 0.05]
    hits = charts[0]
    assert [str(row.label) for row in hits.rows] == ["the mix", "best-sellers, the same list for all"]
    (bar,) = hits.rows[0].bars
    assert (bar.value, str(bar.said), bar.tone, bar.low, bar.high) == (0.62, "62 of 100", "chosen", 0.61, 0.63)
    assert len(list(words._charts(replace(FOUND, n_new=0)))) == 2


def test_of_many_the_best_are_drawn_with_what_is_in_use_and_the_baseline() -> None:
    many = tuple(Standing(f"r{n}", MIX, scored(0.5 + n / 100, 0.5), scored(0.1, 0.1)) for n in range(20))
    rows = words._shown(replace(FOUND, standings=(*FOUND.standings, *many)), "all")
    assert len(rows) == words.MOST_ROWS
    assert [one.name for one in rows] == [*(f"r{n}" for n in range(19, 12, -1)), "mix", "popular"]


def test_one_that_takes_long_is_told_of_honestly() -> None:
    slow = Standing("deep", Phrase("a deep model"), scored(0.24, 0.5), scored(0.1, 0.1))
    assert str(words._of_slow(FOUND, slow)) == (
        "“a deep model” takes long, and did not beat what is in use on this shop (-25%)."
    )
    won = replace(FOUND, standings=(slow, *FOUND.standings), all=replace(WON, chosen="deep"))
    assert "is worth it" in str(words._of_slow(won, slow))


@dataclass(frozen=True)
class Slow(Alone):
    """Best-sellers, slowly."""

    name: str = "slow"

    @property
    def label(self) -> Phrase:
        return Phrase("a deep model")

    @property
    def slow(self) -> bool:
        return True


def test_what_takes_long_is_tried_on_request_and_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only = [one for one in recommenders() if one.name in ("popular", "repeat")]

    def few(*, deep: bool = False) -> list[Recommender]:
        return [*only, *([Slow(Popular())] if deep else [])]

    monkeypatch.setattr(service, "recommenders", few)
    monkeypatch.setattr(words, "recommenders", few)
    shop = Shop(tmp_path / "shop.db", clock=noon)
    shops.fill(shop)
    quick = evaluate(shop, "recommend")
    assert str(quick.found.slower) == "Try what takes long, too"
    assert "slow" not in str(quick.found.numbers)
    deep = evaluate(shop, "recommend", deep=True)
    assert deep.deep and deep.found.slower is None
    assert {one["name"] for one in deep.found.numbers["standings"]} == {"popular", "repeat", "slow"}
    assert any("takes long, and did not beat" in str(fact) for fact in deep.found.facts)
    assert evaluate(shop, "recommend").found == deep.found, "it answers what asks for less"


def test_a_catalogue_of_one(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "one.db", clock=noon)
    with shop.open() as db, transaction(db):
        shops.add_import(db)
        shops.add_products(db, {"G1": shops.GOODS["G1"]})
        shops.add_customers(db, ({"key": f"A{number}"} for number in range(30)))
        shops.add_orders(db, (order for n in range(30) for order in shops.gifts(f"A{n}", n, n + 30, n + 60, n + 90)))
    found = evaluate(shop, "recommend").found
    assert str(found.verdict).startswith("Of 30 customers who bought again, 30 found a product of theirs")
    assert "no better than best-sellers" in str(found.verdict)
    assert len(found.charts) == 2, "nobody can buy anything new"
