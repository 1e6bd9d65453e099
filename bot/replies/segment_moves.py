"""What has changed since the groups were last found."""

from __future__ import annotations

from bot.replies import Button, Gap, Item, Line, Picture, Reply, Text, Title
from bot.replies.segments import SHOWN, known_as
from engine import CustomerRow, Money, MoverList, Phrase, SegmentMoves, StoredSegment, counted

TOLD = 3  # ways in which people moved, in the answer to /segments


def changes(moves: SegmentMoves | None) -> list[Line]:
    """Who moved since last time and what is called otherwise; nothing if there is nothing to compare."""
    if moves is None:
        return []
    if moves.is_one_group:
        if len(moves.groups_before) == 1:
            return [Phrase("Last time ({day:%Y-%m-%d}) there were no separate groups.", day=moves.since)]
        return [
            Phrase("Last time ({day:%Y-%m-%d}) there were {n} groups.", day=moves.since, n=len(moves.groups_before))
        ]
    return [_headline(moves), *(Item(phrase) for phrase in _renamed(moves))]


def _headline(moves: SegmentMoves) -> Phrase:
    new = [counted("{n} new", "{n} new", n=moves.n_new)] if moves.n_new else []
    n = moves.n_left
    left = [counted("{n} in no group any more", "{n} in no group any more", n=n)] if n else []
    facts = (*ways(moves)[:TOLD], *_others(moves), *new, *left)
    if moves.same_data:
        k = len(moves.groups_before)
        return Phrase("Against the {k} groups of last time: {facts}.", k=k, facts=facts or (_nobody(),))
    return Phrase("Since last time ({day:%Y-%m-%d}): {facts}.", day=moves.since, facts=facts or (_nobody(),))


def _nobody() -> Phrase:
    return Phrase("nobody moved")


def ways(moves: SegmentMoves) -> list[Phrase]:
    """How many went from where to where, the most first."""
    return [
        counted(
            "{n} moved from {before} to {now}",
            "{n} moved from {before} to {now}",
            n=move.n,
            before=_former(move.before.name, move.now.name),
            now=_quoted(move.now.name),
        )
        for move in moves.moved
        if move.before is not None and move.now is not None
    ]


def _others(moves: SegmentMoves) -> list[Phrase]:
    n = sum(move.n for move in moves.moved[TOLD:])
    return [counted("{n} moved otherwise", "{n} moved otherwise", n=n)] if n else []


def _renamed(moves: SegmentMoves) -> list[Phrase]:
    return [
        Phrase(
            "{now} was called {before} before, which is no longer true of them.",
            now=_quoted(now.name),
            before=_quoted(was),
        )
        for now, was in moves.renamed
    ]


def _former(before: Phrase, now: Phrase) -> Phrase:
    return Phrase("the former {name}", name=_quoted(before)) if before == now else _quoted(before)


def _quoted(name: Phrase) -> Phrase:
    return Phrase("“{name}”", name=name)


def buttons(moves: SegmentMoves | None) -> list[tuple[Button, ...]]:
    if moves is None or moves.is_one_group:
        return []
    picture = Button(Phrase("Moves as a picture"), "/segments moves")
    return [(Button(Phrase("Who moved"), "/segments moved"), picture) if moves.n_moved else (picture,)]


def _mover(row: CustomerRow, old: StoredSegment, new: StoredSegment, currency: str | None) -> Phrase:
    """Who it is and from where to where; what they spent only of those who ordered."""
    who, before, now = known_as(row.customer), _former(old.name, new.name), _quoted(new.name)
    if row.recency_days is None:
        return Phrase("{who}: from {before} to {now}", who=who, before=before, now=now)
    money = Money(row.monetary, currency)
    return Phrase("{who}, {money} in all: from {before} to {now}", who=who, money=money, before=before, now=now)


def movers_reply(found: MoverList) -> Reply:
    """How many went where, those of them who spent most, and a button to the whole list."""
    lines: list[Line] = [*changes(found.moves), Gap(), *(Item(way) for way in ways(found.moves))]
    if found.movers:
        bought = any(one.row.recency_days is not None for one in found.movers[:SHOWN])
        title = Phrase("Who of them has spent most") if bought else Phrase("Some of them")
        lines += [Gap(), Title(title)]
    lines += [Item(_mover(one.row, one.before, one.now, found.currency)) for one in found.movers[:SHOWN]]
    rows: list[tuple[Button, ...]] = []
    if found.movers:
        rows.append((Button(Phrase("All of them as a list (CSV)"), "/segments moved csv"),))
    rows.append((Button(Phrase("Back to all segments"), "/segments"),))
    return Reply((Text(tuple(lines), tuple(rows)),))


def moves_picture_reply(picture: bytes, moves: SegmentMoves) -> Reply:
    row = (Button(Phrase("Back to all segments"), "/segments"),)
    return Reply((Picture(picture, (_headline(moves),), (row,)),))
