"""Pictures for a chat: one column to be read on a phone, measured in pixels from the top left corner.

Letters are Noto Sans SC, which has Latin and Chinese in one file, so that a picture looks the same everywhere.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

WIDTH = 760
MARGIN = 36
DPI = 100

PAPER = "#fcfbf8"
INK = "#24313b"
MUTED = "#66737d"
RULE = "#dfe3e4"
LIGHT = "#a9c4cf"
DEEP = "#2b6777"
WARM = "#c8804f"

# heights of letters
LARGE, MIDDLE, SMALL = 40, 30, 25
LINE = 1.4  # from one line of text to the next, in heights of letters

_OPENING = "（「『《【“‘([¥$£€"
_CLOSING = "，。、；：！？）」』》】”’…%,.;:!?)]"

Align = Literal["left", "right", "center"]

_lock = threading.Lock()


class Canvas:
    """A picture of WIDTH times `height` pixels that is drawn on."""

    def __init__(self, height: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.height = height
        self._figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        FigureCanvasAgg(self._figure)

    def text(
        self, x: float, y: float, words: str, size: float = MIDDLE, colour: str = INK, align: Align = "left"
    ) -> None:
        """One line of text, its middle at height `y`; at `x` it begins, or ends, or has its middle there, too."""
        self._figure.text(
            x / WIDTH,
            1 - y / self.height,
            words,
            fontproperties=_font(size),
            color=colour,
            horizontalalignment=align,
            verticalalignment="center_baseline",
            parse_math=False,
        )

    def lines(self, y: float, lines: Sequence[str], size: float = MIDDLE, colour: str = INK) -> float:
        """Text from the left margin, from `y` downwards; where the next may begin."""
        for line in lines:
            self.text(MARGIN, y + size * LINE / 2, line, size, colour)
            y += size * LINE
        return y

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled box, its top left corner at (x, y)."""
        from matplotlib.patches import Rectangle

        corner = (x / WIDTH, 1 - (y + height) / self.height)
        self._figure.add_artist(Rectangle(corner, width / WIDTH, height / self.height, facecolor=colour, linewidth=0))

    def band(self, start: tuple[float, float], end: tuple[float, float], height: float, colour: str) -> None:
        """A band of even height that swings from its top left corner to its top right one."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path as Outline

        (left, top), (right, bottom) = start, end
        middle = (left + right) / 2
        upper = [(left, top), (middle, top), (middle, bottom), (right, bottom)]
        lower = [(x, y + height) for x, y in reversed(upper)]
        corners = [(x / WIDTH, 1 - y / self.height) for x, y in (*upper, *lower, upper[0])]
        curve = [Outline.CURVE4] * 3
        outline = Outline(corners, [Outline.MOVETO, *curve, Outline.LINETO, *curve, Outline.CLOSEPOLY])
        self._figure.add_artist(PathPatch(outline, facecolor=colour, linewidth=0, alpha=0.75))

    def dots(self, at: Sequence[tuple[float, float]], size: float, colour: str, shape: str = "o") -> None:
        """Dots `size` pixels wide, their middles at these points; `shape` is one of matplotlib's markers."""
        from matplotlib.lines import Line2D

        xs, ys = [x / WIDTH for x, _ in at], [1 - y / self.height for _, y in at]
        self._figure.add_artist(
            Line2D(
                xs,
                ys,
                linestyle="none",
                marker=shape,
                markersize=size * 72 / DPI,
                markerfacecolor=colour,
                markeredgewidth=0,
                alpha=0.75,
            )
        )

    def png(self) -> bytes:
        file = BytesIO()
        self._figure.savefig(file, format="png", dpi=DPI, facecolor=PAPER)
        return file.getvalue()


def text_width(words: str, size: float = MIDDLE) -> float:
    """How wide one line of text is."""
    from matplotlib.text import Text

    text = Text(0, 0, words, fontproperties=_font(size), parse_math=False)
    text.set_figure(_ruler())
    return text.get_window_extent().width


def wrapped(words: str, width: float, size: float = MIDDLE) -> list[str]:
    """The text in lines of at most `width`: broken at spaces and beside Chinese letters, else between any two.

    A comma or a closing bracket does not begin a line, nor does an opening one end it.
    """
    lines: list[str] = []
    while words:
        end = _fitting(words, width, size)
        if end < len(words):
            end = next((at for at in range(end, 0, -1) if _may_break(words, at)), end)
        lines.append(words[:end].rstrip())
        words = words[end:].lstrip()
    return lines


def _may_break(words: str, at: int) -> bool:
    before, after = words[at - 1], words[at]
    if " " in (before, after):
        return True
    beside_chinese = "W" in (east_asian_width(before), east_asian_width(after))
    return beside_chinese and after not in _CLOSING and before not in _OPENING


def _fitting(words: str, width: float, size: float) -> int:
    """How many letters fit, at least one."""
    few, many = 1, len(words)
    while few < many:
        middle = (few + many + 1) // 2
        if text_width(words[:middle], size) <= width:
            few = middle
        else:
            many = middle - 1
    return few


@cache
def _ruler() -> Figure:
    """What text is measured on."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    ruler = Figure(dpi=DPI)
    FigureCanvasAgg(ruler)
    return ruler


@cache
def _font(size: float) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    with _lock:
        family = _family()
    return FontProperties(family=[family, "DejaVu Sans"], size=size * 72 / DPI)


@cache
def _family() -> str:
    """The name of the font, which matplotlib knows from now on."""
    from matplotlib.font_manager import FontProperties, fontManager

    # The package's code would load pyplot; only its letters are needed.
    package = find_spec("zhplot")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("zhplot, which brings the letters of pictures, is not installed")
    path = Path(package.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"
    fontManager.addfont(str(path))
    return FontProperties(fname=str(path)).get_name()
