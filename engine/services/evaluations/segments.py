"""The groups among customers: how many there are, and whether they come back when customers are drawn anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from engine.phrases import Phrase, counted
from engine.progress import Progress
from engine.segments.called import method_called
from engine.segments.choose import STEADY
from engine.segments.resampling import CHANCE_ALONE
from engine.segments.sentences import ALL, WELL_APART
from engine.services.evaluations import Bar, Chart, Found, Row
from engine.services.segments import SegmentReport, find_segments, latest_segments
from engine.shop import Shop

MEASURED = ("prediction_strength", "silhouettes", "weights", "stability", "agreement")


@dataclass(frozen=True)
class Segments:
    @property
    def label(self) -> Phrase:
        return Phrase("the groups of your customers")

    def found(self, shop: Shop, db: Database, *, refresh: bool, progress: Progress) -> Found:
        report = _report(shop, refresh, progress)
        return Found(
            verdict=verdict(report),
            facts=tuple(_facts(report.k, report.quality)),
            charts=tuple(_charts(report)),
            numbers={
                "method": report.method,
                "k": report.k,
                **{name: report.quality[name] for name in MEASURED if name in report.quality},
            },
            as_of=report.as_of,
            computed_at=report.computed_at,
        )


def _report(shop: Shop, refresh: bool, progress: Progress) -> SegmentReport:
    """The newest segments, whatever they were asked for; found anew in the same way if the data have changed."""
    latest = latest_segments(shop)
    if latest is not None and latest.is_fresh and not refresh:
        return latest
    return find_segments(shop, refresh=refresh, progress=progress)


def verdict(report: SegmentReport) -> Phrase:
    """Whether the groups can be relied on, or why there are none."""
    if report.k == 1:
        return report.segments[0].sentence
    strength = report.quality.get("prediction_strength", {}).get(str(report.k))
    if strength is None:
        return Phrase(
            "Groups of this kind (“{method}”) are not found by trying, so no test says more.",
            method=method_called(report.method),
        )
    if strength >= ALL:
        return Phrase(
            "Your {k} groups can be relied on: found again with half of your customers, everybody stayed together.",
            k=report.k,
        )
    if strength >= STEADY:
        return Phrase(
            "Your {k} groups can be relied on: found again with half of your customers, people of one group stayed "
            "together at least {strength:.0%} of the time.",
            k=report.k,
            strength=strength,
        )
    return Phrase(
        "Take your {k} groups as a rough map: found again with half of your customers, people of one group stayed "
        "together only {strength:.0%} of the time.",
        k=report.k,
        strength=strength,
    )


def _facts(k: int, quality: Mapping[str, Any]) -> Iterator[Phrase]:
    weights: Mapping[str, float] = quality.get("weights", {})
    if len(weights) > 1 and str(k) in weights:
        other = max((number for number in weights if number != str(k)), key=weights.__getitem__)
        yield Phrase(
            "All measures together speak for {chosen} ({share:.0%}), then for {other} ({less:.0%}).",
            chosen=_groups(k),
            share=weights[str(k)],
            other=_groups(int(other)),
            less=weights[other],
        )
        yield Phrase("In made-up shops whose groups are known, three in four times this finds the right number.")


def _charts(report: SegmentReport) -> Iterator[Chart]:
    strengths: Mapping[str, float] = report.quality.get("prediction_strength", {})
    if strengths:
        yield Chart(
            Phrase("How well each number of groups comes back"),
            Phrase(
                "One half of your customers is grouped without the other, again and again: how many people of a group "
                "stay together. From the line on, groups are steady. Dark: the number in use."
            ),
            tuple(Row(_groups(int(k)), (_bar(share, chosen=int(k) == report.k),)) for k, share in strengths.items()),
            full=1.0,
            mark=STEADY,
        )
    silhouettes: Mapping[str, float] = report.quality.get("silhouettes", {})
    if silhouettes:
        yield Chart(
            Phrase("How far apart the groups stand"),
            Phrase(
                "How much nearer customers are to their own group than to the next: 0% is a line through a crowd, 100% "
                "is far apart. From the line on, the gaps are clear. Dark: the number in use."
            ),
            tuple(
                Row(_groups(int(k)), (_bar(max(0.0, share), chosen=int(k) == report.k),))
                for k, share in silhouettes.items()
            ),
            full=1.0,
            mark=WELL_APART,
        )
    stability: Mapping[str, float] = report.quality.get("stability", {})
    rows = tuple(
        Row(segment.name, (_bar(stability[segment.key], chosen=stability[segment.key] >= CHANCE_ALONE),))
        for segment in report.segments
        if segment.key in stability and report.k > 1
    )
    if rows:
        yield Chart(
            Phrase("How well each group comes back"),
            Phrase(
                "Customers are drawn anew, again and again, and grouped: how much of the group is found again. Before "
                "the line (pale), rely on it least."
            ),
            rows,
            full=1.0,
            mark=CHANCE_ALONE,
        )


def _bar(share: float, *, chosen: bool) -> Bar:
    return Bar(share, Phrase("{share:.0%}", share=share), "chosen" if chosen else "other")


def _groups(n: int) -> Phrase:
    return Phrase("no groups") if n == 1 else counted("{n} group", "{n} groups", n=n)


EVALUATOR = Segments()
