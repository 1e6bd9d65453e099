"""The picture of places: China as a grid of one tile per province, other places as a ranked list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.replies.pictures import (
    DEEP,
    INK,
    LARGE,
    LINE,
    MARGIN,
    MIDDLE,
    MUTED,
    PAPER,
    RULE,
    SMALL,
    WIDTH,
    Canvas,
    text_width,
    wrapped,
)
from engine import Language, Phrase, Places, PlaceShare, counted

INNER = WIDTH - 2 * MARGIN
COLUMNS, ROWS = 7, 8
BETWEEN = 4
TILE = (INNER - (COLUMNS - 1) * BETWEEN) / COLUMNS
GAP = 26
BAR = 30
BESIDE = 14
ROW = MIDDLE * LINE + 4 + BAR + 18
MOST_LISTED = 12
MOST_BELOW_MAP = 6
SMALLEST = 17  # of letters in a tile
LEAST_TOLD = 0.005
PALE = "#d3e2e7"
DARK = 0.7  # of the way from the lightest to the darkest: from there on letters are light

# Column and row of each province, so that neighbours on the map are neighbours here as far as a grid allows; and the
# two letters that ISO 3166-2:CN has for it, since an English name does not fit a tile.
TILES: Final[Mapping[str, tuple[int, int, str]]] = {
    "黑龙江": (6, 0, "HL"),
    "内蒙古": (4, 1, "NM"),
    "吉林": (6, 1, "JL"),
    "新疆": (0, 2, "XJ"),
    "甘肃": (1, 2, "GS"),
    "宁夏": (2, 2, "NX"),
    "山西": (3, 2, "SX"),
    "河北": (4, 2, "HE"),
    "北京": (5, 2, "BJ"),
    "辽宁": (6, 2, "LN"),
    "西藏": (0, 3, "XZ"),
    "青海": (1, 3, "QH"),
    "陕西": (2, 3, "SN"),
    "河南": (3, 3, "HA"),
    "山东": (4, 3, "SD"),
    "天津": (5, 3, "TJ"),
    "四川": (1, 4, "SC"),
    "重庆": (2, 4, "CQ"),
    "湖北": (3, 4, "HB"),
    "安徽": (4, 4, "AH"),
    "江苏": (5, 4, "JS"),
    "上海": (6, 4, "SH"),
    "云南": (1, 5, "YN"),
    "贵州": (2, 5, "GZ"),
    "湖南": (3, 5, "HN"),
    "江西": (4, 5, "JX"),
    "浙江": (5, 5, "ZJ"),
    "广西": (2, 6, "GX"),
    "广东": (3, 6, "GD"),
    "福建": (4, 6, "FJ"),
    "台湾": (5, 6, "TW"),
    "海南": (2, 7, "HI"),
    "澳门": (3, 7, "MO"),
    "香港": (4, 7, "HK"),
}


def places_picture(places: Places, language: Language) -> bytes:
    """A PNG, `WIDTH` pixels wide and as high as it takes."""
    is_map = places.level == "province"
    title = wrapped(Phrase("Where your customers are").say(language), INNER, LARGE)
    note = wrapped(_note(places).say(language), INNER, SMALL)
    listed, left = _listed(places)
    rest = wrapped(_rest(left, places).say(language), INNER, SMALL) if left else []
    head = MARGIN + len(title) * LARGE * LINE + len(note) * SMALL * LINE + GAP
    grid = ROWS * (TILE + BETWEEN) + GAP if is_map else 0
    canvas = Canvas(head + grid + len(listed) * ROW + len(rest) * SMALL * LINE + MARGIN)
    y = canvas.lines(canvas.lines(MARGIN, title, LARGE), note, SMALL, MUTED) + GAP
    if is_map:
        _map(canvas, y, places, language)
        y += grid
    _list(canvas, y, listed, places, language)
    canvas.lines(y + len(listed) * ROW, rest, SMALL, MUTED)
    return canvas.png()


def _map(canvas: Canvas, top: float, places: Places, language: Language) -> None:
    by_key = {row.key: row for row in places.rows}
    for key, (column, line, letters) in TILES.items():
        x, y = MARGIN + column * (TILE + BETWEEN), top + line * (TILE + BETWEEN)
        row = by_key.get(key)
        words = key if language.code == "zh" else letters
        if row is None:
            canvas.box(x, y, TILE, TILE, RULE)
            canvas.text(x + TILE / 2, y + TILE / 2, words, SMALL, MUTED, "center")
            continue
        depth = _shade(row, places)
        canvas.box(x, y, TILE, TILE, _colour(depth))
        letter = PAPER if depth >= DARK else INK
        canvas.text(x + TILE / 2, y + TILE * 0.33, words, SMALL, letter, "center")
        number = Phrase("{n}", n=row.size).say(language)
        canvas.text(x + TILE / 2, y + TILE * 0.7, number, _fitting(number), letter, "center")


def _list(canvas: Canvas, y: float, listed: Sequence[PlaceShare], places: Places, language: Language) -> None:
    """Each place with a bar, the longest of which leaves room for the widest label."""
    labels = [_said(row, _has_money(places)).say(language) for row in listed]
    longest = INNER - BESIDE - max((text_width(label, SMALL) for label in labels), default=0)
    most = max((_share(row, places) for row in listed), default=0) or 1.0
    for row, label in zip(listed, labels, strict=True):
        canvas.lines(y, wrapped(_called(row, places, language), INNER)[:1])
        below = y + MIDDLE * LINE + 4
        length = max(3.0, _share(row, places) / most * longest)
        canvas.box(MARGIN, below, length, BAR, _colour(_shade(row, places)))
        canvas.text(MARGIN + length + BESIDE, below + BAR / 2, label, SMALL, MUTED)
        y += ROW


def _called(row: PlaceShare, places: Places, language: Language) -> str:
    name = row.name.in_language(language.code)
    with_letters = places.level == "province" and language.code != "zh" and row.key in TILES
    return f"{name} ({TILES[row.key][2]})" if with_letters else name


def _listed(places: Places) -> tuple[list[PlaceShare], list[PlaceShare]]:
    """The places that are told below, the greatest first, and the others."""
    rows = sorted((*places.rows, *places.others), key=lambda row: (-row.money, -row.size))
    most = MOST_BELOW_MAP if places.level == "province" else MOST_LISTED
    return rows[:most], rows[most:]


def _rest(left: Sequence[PlaceShare], places: Places) -> Phrase:
    n = sum(row.size for row in left)
    customers = counted("{n} customer", "{n} customers", n=n)
    if _has_money(places):
        money = sum(row.share_of_money for row in left)
        return counted(
            "{n} more place: {customers}, {share:.0%} of the money",
            "{n} more places: {customers}, {share:.0%} of the money",
            n=len(left),
            customers=customers,
            share=money,
        )
    return counted("{n} more place: {customers}", "{n} more places: {customers}", n=len(left), customers=customers)


def _note(places: Places) -> Phrase:
    known = counted("{n} customer whose place is known", "{n} customers whose place is known", n=places.n_known)
    if places.level == "province" and _has_money(places):
        return Phrase("{known}. In each tile: how many. The darker, the more money.", known=known)
    if places.level == "province":
        return Phrase("{known}. In each tile: how many.", known=known)
    if _has_money(places):
        return Phrase("{known}. The longer the bar, the more money.", known=known)
    return Phrase("{known}. The longer the bar, the more people.", known=known)


def _said(row: PlaceShare, has_money: bool) -> Phrase:
    customers = counted("{n} customer", "{n} customers", n=row.size)
    if not has_money:
        return customers
    if 0 < row.share_of_money < LEAST_TOLD:
        return Phrase("{customers}, under 1% of the money", customers=customers)
    return Phrase("{customers}, {share:.0%} of the money", customers=customers, share=row.share_of_money)


def _has_money(places: Places) -> bool:
    return any(row.money > 0 for row in (*places.rows, *places.others))


def _share(row: PlaceShare, places: Places) -> float:
    return max(0.0, row.share_of_money if _has_money(places) else row.share_of_customers)


def _shade(row: PlaceShare, places: Places) -> float:
    """0 to 1: how dark a place is, by the root of its share, so that small ones still differ."""
    most = max(_share(one, places) for one in (*places.rows, *places.others))
    return float((_share(row, places) / most) ** 0.5) if most else 0.0


def _colour(depth: float) -> str:
    """From the lightest to the darkest."""
    ends = ([int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (PALE, DEEP))
    return "#" + "".join(f"{round(low + depth * (high - low)):02x}" for low, high in zip(*ends, strict=True))


def _fitting(number: str) -> float:
    """The size in which a number fits into a tile."""
    return next((size for size in (SMALL, 21, SMALLEST) if text_width(number, size) <= TILE - 8), SMALLEST)
