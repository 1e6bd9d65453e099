"""The picture of places: nothing in it overlaps, and it says what it shows."""

from __future__ import annotations

import pytest

from bot.language import language
from bot.replies import pictures
from bot.replies.pictures import INK, WIDTH, Canvas, text_width
from bot.replies.pictures.places import COLUMNS, ROWS, TILES, places_picture
from engine import Name, Places, PlaceShare
from tests.bot.replies.test_pictures import size_of

Drawn = list[tuple[float, float, float, float, str]]


def places_of(level: str, sizes: dict[str, tuple[int, float]]) -> Places:
    n, money = sum(size for size, _ in sizes.values()), sum(spent for _, spent in sizes.values())
    rows = tuple(
        PlaceShare(key, Name(key, key), size, size / n, spent, spent / money if money else 0.0)
        for key, (size, spent) in sizes.items()
    )
    own = tuple(row for row in rows if level != "province" or row.key in TILES)
    return Places(level, own, tuple(row for row in rows if row not in own), n, 3, "CNY")  # type: ignore[arg-type]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """The texts of each picture drawn, and its tiles and bars: left, top, right, bottom, what it is."""
    things: Drawn = []
    text, box = Canvas.text, Canvas.box

    def note_text(
        self: Canvas,
        x: float,
        y: float,
        words: str,
        size: float = pictures.MIDDLE,
        colour: str = INK,
        align: str = "left",
    ) -> None:
        left = x - text_width(words, size) / 2 if align == "center" else x
        things.append((left, y - size / 2, left + text_width(words, size), y + size / 2, words))
        text(self, x, y, words, size, colour, align)  # type: ignore[arg-type]

    def note_box(self: Canvas, x: float, y: float, width: float, height: float, colour: str) -> None:
        things.append((x, y, x + width, y + height, colour))
        box(self, x, y, width, height, colour)

    monkeypatch.setattr(Canvas, "text", note_text)
    monkeypatch.setattr(Canvas, "box", note_box)
    return things


def is_apart(one: tuple[float, float, float, float, str], other: tuple[float, float, float, float, str]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


EVERYWHERE = {key: (10 * at + 1, 1000.0 * at) for at, key in enumerate(TILES)} | {
    "上海": (1_234_567, 9e9),
    "Germany": (3, 5.0),
}
LEVELS = {
    "all provinces": ("province", EVERYWHERE),
    "one province": ("province", {"西藏": (1, 0.0)}),
    "countries": (
        "country",
        {f"A country with a rather long name {at}": (400_000 - at, 1e6 / (1 + at)) for at in range(40)},
    ),
    "without money": ("city", {"Lyon": (3, 0.0), "Nice": (2, 0.0)}),
}


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("name", LEVELS)
def test_nothing_overlaps_or_leaves_the_picture(drawn: Drawn, name: str, code: str) -> None:
    width, height = size_of(places_picture(places_of(*LEVELS[name]), language(code)))
    assert width == WIDTH
    boxes = [thing for thing in drawn if thing[-1].startswith("#")]
    texts = [thing for thing in drawn if not thing[-1].startswith("#")]
    for some in (boxes, texts):
        for at, (left, top, right, bottom, what) in enumerate(some):
            assert 0 <= left < right <= WIDTH, what
            assert 0 <= top < bottom <= height, what
            assert all(is_apart(some[at], other) for other in some[:at]), what
    # a word stands within its tile, or beside every box
    for one in texts:
        inside = [
            box for box in boxes if box[0] <= one[0] and one[2] <= box[2] and box[1] <= one[1] and one[3] <= box[3]
        ]
        assert inside or all(is_apart(one, box) for box in boxes), one[-1]


def test_every_province_has_a_tile_of_its_own() -> None:
    places = [(column, row) for column, row, _ in TILES.values()]
    assert len(TILES) == len(set(places)) == len({letters for *_, letters in TILES.values()}) == 34
    assert all(0 <= column < COLUMNS and 0 <= row < ROWS for column, row in places)


def test_it_says_how_many_and_whose_money(drawn: Drawn) -> None:
    places_picture(places_of("province", {"广东": (66, 800.0), "Germany": (4, 200.0)}), language("zh"))
    words = [thing[-1] for thing in drawn if not thing[-1].startswith("#")]
    assert "66" in words
    assert words[-4:] == ["广东", "66位客户，占消费额的80%", "Germany", "4位客户，占消费额的20%"]
