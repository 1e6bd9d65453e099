"""Where the customers stand: all stages, the people of one, and the months before."""

from __future__ import annotations

from bot.replies import Button, Buttons, Gap, Item, Line, Picture, Reply, Text, Title, says
from bot.replies.segments import known_as
from engine import GroupLine, LifecycleReport, Money, Phrase, StageLine, StageMonth, StagePeople, counted, in_percent

SHOWN = 10  # people in one message
HEADLINE = Phrase("Where your customers stand")
MONTHS = Phrase("Month by month")


def lifecycle_reply(report: LifecycleReport, pictures: tuple[bytes, ...]) -> Reply:
    """The pictures, then stages and moves in words with a button to the people of each."""
    lines = [*_first(report), basis(report), Gap(), *_stages(report), *_moves(report), *_trust(report)]
    text = Text(tuple(lines if pictures else [Title(HEADLINE), *lines]), _buttons(report))
    captions = ((HEADLINE,), (_since(report),))
    shown = [Picture(png, caption) for png, caption in zip(pictures, captions, strict=False)]
    return Reply((*shown, text))


def basis(report: LifecycleReport) -> Phrase:
    """From which data and when this was found."""
    facts = {
        "customers": counted("{n} customer", "{n} customers", n=report.n_customers),
        "as_of": report.as_of,
        "computed": report.computed_at,
    }
    if report.is_fresh:
        return Phrase("{customers}, as of {as_of}; worked out on {computed:%Y-%m-%d %H:%M}.", **facts)
    return Phrase(
        "{customers}, as of {as_of}; worked out on {computed:%Y-%m-%d %H:%M}. Your data have changed since: "
        "have it worked out again.",
        **facts,
    )


def _stages(report: LifecycleReport) -> list[Line]:
    lines: list[Line] = [Item(stage_line(stage)) for stage in report.stages if stage.observable]
    if report.warned.n:
        lines.append(
            Item(
                counted(
                    "Churn warning, for some of those in use and loyal: {n} person {meaning}",
                    "Churn warning, for some of those in use and loyal: {n} people {meaning}",
                    n=report.warned.n,
                    meaning=report.warned.meaning,
                )
            )
        )
    return lines if report.unobservable is None else [*lines, report.unobservable]


def stage_line(stage: StageLine) -> Phrase:
    facts = {"name": stage.name, "n": people(stage.n), "share": in_percent(stage.share), "meaning": stage.meaning}
    if stage.share_of_revenue > 0:
        return Phrase(
            "{name}: {n} ({share}; {money} of the money): {meaning}", **facts, money=in_percent(stage.share_of_revenue)
        )
    return Phrase("{name}: {n} ({share}): {meaning}", **facts)


def called(stage: Phrase, warned: bool) -> Phrase:
    """A stage with its mark."""
    return Phrase("{stage}, {mark}", stage=stage, mark=Phrase("Churn warning")) if warned else stage


def people(n: int) -> Phrase:
    return counted("{n} person", "{n} people", n=n)


def _moves(report: LifecycleReport) -> list[Line]:
    if report.since is None:
        return []
    entries = [
        Item(Phrase("{name}: {n}, {meaning}", name=entry.name, n=people(entry.n), meaning=entry.meaning))
        for entry in report.entries
        if entry.n
    ]
    if not entries:
        return [Gap(), Phrase("Nobody has moved to another stage since {since}.", since=report.since)]
    return [Gap(), Title(_since(report)), *entries]


def _since(report: LifecycleReport) -> Phrase:
    return Phrase("Who has moved since {since}", since=report.since)


def _how(report: LifecycleReport) -> list[Line]:
    """How the stages are told, and what that was worth before."""
    return [report.how] if report.record is None else [report.how, report.record]


def _first(report: LifecycleReport) -> list[Line]:
    """That nothing is foretold, and why, before anything that stands on it."""
    return [*_how(report), Gap()] if report.rules.by_days else []


def _trust(report: LifecycleReport) -> list[Line]:
    told = [] if report.rules.by_days else _how(report)
    caveats = [Item(caveat) for caveat in report.caveats]
    return [Gap(), *told, *caveats] if told or caveats else []


def _buttons(report: LifecycleReport) -> Buttons:
    moved = [entry for entry in report.entries if entry.n]
    groups = [GroupLine(stage.key, stage.name, stage.meaning, stage.n) for stage in report.stages if stage.n]
    if report.warned.n:
        groups.append(report.warned)
    stages = [_to(group) for group in groups]
    return (
        *((_to(entry),) for entry in moved),
        *(tuple(stages[at : at + 2]) for at in range(0, len(stages), 2)),
        (Button(MONTHS, "/lifecycle history"), Button(Phrase("All as a list (CSV)"), "/lifecycle csv")),
        (Button(Phrase("Work it out again"), "/lifecycle again"),),
    )


def _to(group: GroupLine) -> Button:
    label = Phrase("{name} ({n})", name=group.name, n=people(group.n))
    return Button(label, f"/lifecycle show {group.key}")


def people_reply(found: StagePeople) -> Reply:
    """Some of the people of a stage, and why each is in it."""
    group = found.group
    lines: list[Line] = [
        Title(group.name),
        Phrase("{n}: {meaning}", n=people(group.n), meaning=group.meaning),
        Phrase("Counted as of {as_of}.", as_of=found.as_of),
    ]
    if not found.is_fresh:
        lines.append(Phrase("Your data have changed since: have it worked out again."))
    if found.rows:
        paid = found.rows[0].monetary > 0
        lines += [Gap(), Title(Phrase("Who has spent most") if paid else Phrase("Some of them"))]
    for row in found.rows:
        lines.append(
            Item(
                Phrase(
                    "{who}: {reason}; {money} in all",
                    who=known_as(row.customer),
                    reason=row.reason,
                    money=Money(row.monetary, found.currency),
                )
                if row.monetary
                else Phrase("{who}: {reason}", who=known_as(row.customer), reason=row.reason)
            )
        )
    after = found.offset + len(found.rows)
    rest = found.total - after
    buttons: list[tuple[Button, ...]] = []
    if rest > 0 and found.rows:
        buttons.append((Button(Phrase("Further people ({n})", n=rest), f"/lifecycle show {group.key} {after}"),))
    if group.n:
        buttons += [
            (Button(Phrase("Draft a campaign for them"), f"/campaign for {group.key}"),),
            (Button(Phrase("All of them as a list (CSV)"), f"/lifecycle csv {group.key}"),),
        ]
    buttons.append((Button(Phrase("Back to all stages"), "/lifecycle"),))
    return says(*lines, buttons=tuple(buttons))


def history_reply(report: LifecycleReport, picture: bytes | None) -> Reply:
    """How many were in each stage at the ends of the months before."""
    names = {stage.key: stage.name for stage in report.stages}
    lines: list[Line] = [Item(month_line(month, names)) for month in reversed(report.months)]
    note = Phrase("Each month as it was to be known then.")
    buttons = ((Button(Phrase("Back to all stages"), "/lifecycle"),),)
    if picture is None:
        return says(Title(MONTHS), note, *lines, buttons=buttons)
    return Reply((Picture(picture, (MONTHS,)), Text((note, *lines), buttons)))


def month_line(month: StageMonth, names: dict[str, Phrase]) -> Phrase:
    told = [
        Phrase("{name} {n}", name=names[key], n=month.counts[key])
        for key in names
        if key != "unknown" and month.counts.get(key)
    ]
    if month.n_warned:
        told.append(Phrase("{name} {n}", name=Phrase("Churn warning"), n=month.n_warned))
    return Phrase("{day}: {told}", day=month.day, told=tuple(told) or Phrase("nobody was known yet"))
