"""What customers would buy next: how often that was right on the shop's own past, and which method tells it best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from engine.lifecycle.kept import packed
from engine.phrases import Phrase, counted
from engine.progress import Progress
from engine.recommend.comparison import Comparison, Interval, Scored, Standing, Verdict
from engine.recommend.recommenders import recommenders
from engine.services.evaluations import Bar, Chart, Found, Row
from engine.services.recommend_trials import as_of, comparison, current_trial, is_deep, untested
from engine.shop import Shop
from engine.store.runs import Run

FEWEST_PER_HUNDRED = 50  # people; of fewer the numbers themselves are told
MOST_ROWS = 9  # of a chart: the best, what is in use, and the baseline
Sort = Literal["all", "new"]


@dataclass(frozen=True)
class Recommend:
    @property
    def label(self) -> Phrase:
        return Phrase("what customers would buy next")

    def found(self, shop: Shop, db: Database, *, refresh: bool, progress: Progress) -> Found:
        return found_of(current_trial(shop, db, refresh=refresh, progress=progress))

    def found_slowly(self, shop: Shop, db: Database, *, refresh: bool, progress: Progress) -> Found:
        return found_of(current_trial(shop, db, deep=True, refresh=refresh, progress=progress))


def found_of(run: Run) -> Found:
    """What a trial says, in words, numbers and charts."""
    slower = None if is_deep(run) or not _slow() else Phrase("Try what takes long, too")
    result = comparison(run)
    if result is None:
        why = untested(run) or Phrase("The shop's own data cannot support a test yet.")
        return Found(why, (), (), numbers(run, None), as_of(run), run.at, slower)
    return Found(
        verdict=verdict(result),
        facts=tuple(facts(result, run)),
        charts=tuple(_charts(result)),
        numbers=numbers(run, result),
        as_of=as_of(run),
        computed_at=run.at,
        slower=slower,
    )


def _slow() -> set[str]:
    return {one.name for one in recommenders(deep=True) if one.slow}


def verdict(result: Comparison) -> Phrase:
    """Of how many who came back the list held something they bought, beside a list of best-sellers."""
    chosen, base = result.of(result.all.chosen).all, result.of(result.baseline).all
    if result.all.chosen == result.baseline:
        return Phrase(
            "{found}, with a mere list of best-sellers: nothing that I tried was clearly better.",
            found=_found(result, chosen.hit_rate.value, result.n_customers),
        )
    beside = Phrase(
        "{found}; with a list of best-sellers it would have been {base}.",
        found=_found(result, chosen.hit_rate.value, result.n_customers),
        base=_right(base.hit_rate.value, result.n_customers),
    )
    over = result.all.over_baseline
    if over is None or over.low > 0:
        return beside
    return Phrase(
        "{beside} That is no better than best-sellers, as far as your data can show.",
        beside=beside,
    )


def _found(result: Comparison, rate: float, n: int) -> Phrase:
    if n < FEWEST_PER_HUNDRED:
        return counted(
            "Of {n} customer who bought again, {right} found a product of theirs among the first {k}",
            "Of {n} customers who bought again, {right} found a product of theirs among the first {k}",
            n=n,
            right=_right(rate, n),
            k=result.k,
        )
    return Phrase(
        "Of 100 customers who bought again, {right} found a product of theirs among the first {k}",
        right=_right(rate, n),
        k=result.k,
    )


def _right(rate: float, n: int) -> int:
    return round(rate * (n if n < FEWEST_PER_HUNDRED else 100))


def facts(result: Comparison, run: Run) -> Iterator[Phrase]:
    """What is in use and by how much it won, the same for new products, how it was tested, what was not."""
    yield _in_use(result, result.all)
    yield from _of_new(result)
    yield _tested(result)
    if run.quality["learned_from"] < run.quality["customers"]:
        yield Phrase(
            "Tried with {some:,} of your {all:,} customers, drawn at random.",
            some=run.quality["learned_from"],
            all=run.quality["customers"],
        )
    for one in result.standings:
        if one.name in _slow():
            yield _of_slow(result, one)
    for lack in dict.fromkeys(skipped.lack for skipped in result.skipped):
        labels = tuple(Phrase("“{label}”", label=skipped.label) for skipped in result.skipped if skipped.lack == lack)
        yield Phrase("Not tried: {labels}. {lack}", labels=labels, lack=lack)


def _in_use(result: Comparison, decided: Verdict) -> Phrase:
    label = result.of(decided.chosen).label
    if decided.second is None or decided.ahead is None:
        return Phrase("In use: {label}.", label=label)
    second = result.of(decided.second).label
    if decided.ahead.low > 0:
        return Phrase(
            "In use: {label}. What people then bought stood {ahead:.0%} better on its lists than with the next best, "
            "{second} (surely between {low:.0%} and {high:.0%}).",
            label=label,
            second=second,
            **_shares(decided.ahead),
        )
    return Phrase(
        "In use: {label}. Between it and {second} there is no difference that this shop's data can show "
        "({low:+.0%} to {high:+.0%}).",
        label=label,
        second=second,
        **_shares(decided.ahead),
    )


def _shares(ahead: Interval) -> dict[str, float]:
    return {"ahead": ahead.value, "low": ahead.low, "high": ahead.high}


def _of_new(result: Comparison) -> Iterator[Phrase]:
    """How often something was found that they had never bought before; nothing where nobody bought such a thing."""
    if not result.n_new:
        return
    chosen, base = result.of(result.new.chosen), result.of(result.baseline)
    rates = {"right": chosen.new.hit_rate.value, "base": base.new.hit_rate.value}
    told = {name: _right(rate, result.n_new) for name, rate in rates.items()}
    if result.n_new < FEWEST_PER_HUNDRED:
        yield counted(
            "Products they had never bought: of {n} customer who bought one, {right} found it among the first {k} new "
            "ones; with best-sellers {base}. Best at that: {label}.",
            "Products they had never bought: of {n} customers who bought one, {right} found it among the first {k} new "
            "ones; with best-sellers {base}. Best at that: {label}.",
            n=result.n_new,
            k=result.k,
            label=chosen.label,
            **told,
        )
        return
    yield Phrase(
        "Products they had never bought: of 100 customers who bought one, {right} found it among the first {k} new "
        "ones; with best-sellers {base}. Best at that: {label}.",
        k=result.k,
        label=chosen.label,
        **told,
    )


def _tested(result: Comparison) -> Phrase:
    first, last = result.origins[0], result.origins[-1]
    if first == last:
        return counted(
            "Tested on {first}, with the orders until then and what was bought in the {days} days after: {n} customer "
            "who came back.",
            "Tested on {first}, with the orders until then and what was bought in the {days} days after: {n} customers "
            "who came back.",
            n=result.n_customers,
            first=first,
            days=result.horizon,
        )
    return counted(
        "Tested on {tests} days from {first} to {last}, each with the orders until then and what was bought in the "
        "{days} days after: {n} customer who came back.",
        "Tested on {tests} days from {first} to {last}, each with the orders until then and what was bought in the "
        "{days} days after: {n} customers who came back.",
        n=result.n_customers,
        tests=len(result.origins),
        first=first,
        last=last,
        days=result.horizon,
    )


def _of_slow(result: Comparison, slow: Standing) -> Phrase:
    if slow.name == result.all.chosen:
        return Phrase("“{label}” takes long, and is worth it on this shop.", label=slow.label)
    gap = slow.all.ndcg.value / max(result.of(result.all.chosen).all.ndcg.value, 1e-9) - 1
    return Phrase(
        "“{label}” takes long, and did not beat what is in use on this shop ({gap:+.0%}).", label=slow.label, gap=gap
    )


def _charts(result: Comparison) -> Iterator[Chart]:
    yield _hits(result, "all", Phrase("How often a list holds something they then bought"))
    yield _places(result, "all", Phrase("How far up it stands"))
    if result.n_new:
        yield _hits(result, "new", Phrase("New to them: how often a list holds it"))
        yield _places(result, "new", Phrase("New to them: how far up it stands"))


def _hits(result: Comparison, sort: Sort, title: Phrase) -> Chart:
    note = Phrase(
        "Of 100 customers who came back, how many found a product of theirs among the first {k}, and where the true "
        "number lies. The line: a list of best-sellers. Dark: in use.",
        k=result.k,
    )
    bars = {
        one.name: (one.label, _of(one, sort).hit_rate, Phrase("{right} of 100", right=_hundredths(_of(one, sort))))
        for one in _shown(result, sort)
    }
    return _chart(result, sort, title, note, bars, _of(result.of(result.baseline), sort).hit_rate.value)


def _places(result: Comparison, sort: Sort, title: Phrase) -> Chart:
    note = Phrase(
        "All in the first places counts 1, further down counts less, nothing found counts 0 (NDCG at {k}). "
        "The line: a list of best-sellers. Dark: in use.",
        k=result.k,
    )
    bars = {
        one.name: (one.label, _of(one, sort).ndcg, Phrase("{value:.3f}", value=_of(one, sort).ndcg.value))
        for one in _shown(result, sort)
    }
    return _chart(result, sort, title, note, bars, _of(result.of(result.baseline), sort).ndcg.value)


def _chart(
    result: Comparison,
    sort: Sort,
    title: Phrase,
    note: Phrase,
    bars: dict[str, tuple[Phrase, Interval, Phrase]],
    mark: float,
) -> Chart:
    chosen = (result.all if sort == "all" else result.new).chosen
    rows = tuple(
        Row(
            Phrase("best-sellers, the same list for all") if name == result.baseline else label,
            (Bar(found.value, said, "chosen" if name == chosen else "other", found.low, found.high),),
        )
        for name, (label, found, said) in bars.items()
    )
    return Chart(title, note, rows, full=1.0 if sort == "all" else None, mark=mark)


def _shown(result: Comparison, sort: Sort) -> list[Standing]:
    """The best, best first; what is in use and the baseline are always among them."""
    ranked = sorted(result.standings, key=lambda one: -_of(one, sort).ndcg.value)
    always = {result.baseline, (result.all if sort == "all" else result.new).chosen}
    best = [one.name for one in ranked if one.name not in always][: MOST_ROWS - len(always)]
    return [one for one in ranked if one.name in always or one.name in best]


def _of(standing: Standing, sort: Sort) -> Scored:
    return standing.all if sort == "all" else standing.new


def _hundredths(scored: Scored) -> int:
    return round(100 * scored.hit_rate.value)


def numbers(run: Run, result: Comparison | None) -> dict[str, Any]:
    """The trial for programs."""
    if result is None:
        return {"tested": False, "in_use": run.method}
    return {"tested": True, "in_use": result.all.chosen, "in_use_for_new": result.new.chosen, **_plain(packed(result))}


def _plain(kept: dict[str, Any]) -> dict[str, Any]:
    """Labels and sentences are for people."""
    standings = [{name: part for name, part in one.items() if name != "label"} for one in kept["standings"]]
    return {**{name: part for name, part in kept.items() if name != "skipped"}, "standings": standings}


EVALUATOR = Recommend()
