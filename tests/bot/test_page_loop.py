"""The founder's whole loop at the chat page, in a real browser, on a real shop's orders.

What the page shows is held against figures that were counted from the file itself, in English on a desk and in
Chinese on a phone: of its first three months, and where ZHIKE_TORTURE is `full` of the whole year. A picture of every
step is left in the test's own folder, for somebody to look at.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from playwright.async_api import Locator, Page, expect

from engine import Shop, check_store, find_segments
from tests.bot.conftest import OpenPage
from tests.bot.talk import Founder, Message, buttons, running_bot, text_of
from tests.torture.scale import FULL

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Orders:
    """The shop's orders before a day, counted with pandas from the lines that have a customer and are above zero.

    `best`: by customer, the orders and the money of some who bring most. `n_customers` have bought.
    """

    until: str
    figures: tuple[str, ...]
    reasons: dict[str, int]
    n_customers: int
    best: dict[str, tuple[str, str]]


WHOLE_YEAR = Orders(
    "2012-01-01",
    ("541,909", "397,884", "132,220", "11,805", "4,338", "18,532", "8,911,407.90", "2010-12-01", "2011-12-09"),
    {"cancelled order": 9288, "negative quantity (a return)": 1336, "price of zero": 1179, "negative price": 2},
    4338,
    {"14646": ("73", "280,206.02"), "18102": ("60", "259,657.30"), "17450": ("46", "194,550.79")},
)
FIRST_WINTER = Orders(
    "2011-03-01",
    ("105,335", "67,313", "35,578", "2,444", "1,682", "3,384", "1,589,296.28", "2010-12-01", "2011-02-28"),
    {"cancelled order": 1904, "negative quantity (a return)": 214, "price of zero": 326},
    1682,
    {"14646": ("10", "57,866.02"), "18102": ("6", "38,370.09"), "14156": ("7", "25,752.25")},
)
SHOP = WHOLE_YEAR if FULL else FIRST_WINTER
CUSTOMER = "17850"
HIS_FIGURES = ("34", "5,391.21", "2010-12-02", "United Kingdom")
# 17 of his 34 orders had it, which no other product of his exceeds
HIS_FAVOURITE = ("WHITE HANGING HEART T-LIGHT HOLDER", "17")

# What stays in Latin letters in a Chinese chat, beside commands and the names that the file itself brings.
KEPT = {"Klaviyo", "Mailchimp", "Excel", "CSV", "Parquet", "XLSX", "ODS", "ZIP"}
VERSION = re.compile(r"^• ([A-C])版?\s?[(（].+[)）][:：]\s?([\d,]+)", re.MULTILINE)


@dataclass(frozen=True)
class Visit:
    """One founder: language, screen, how many bought of each version, and what is said to that."""

    locale: str
    width: int
    height: int
    bought: tuple[int, int, int]
    refused: str
    verdict: str


VISITS = [
    Visit("en-US", 1280, 800, (12, 20, 90), "nothing was changed", "C works best"),
    Visit("zh-CN", 390, 844, (12, 14, 13), "什么都没改", "看不出"),
]


@dataclass
class Seat:
    """What the founder does at the page; each deed gives what the bot answered, and shows it."""

    page: Page
    founder: Founder
    shots: Path

    async def types(self, text: str) -> list[Message]:
        await self.part("composer").fill(text)
        return await self._after("send", self.page.keyboard.press, "Enter")

    async def drops(self, path: Path) -> list[Message]:
        await self.part("file").set_input_files(path)
        await expect(self.part("waiting")).to_contain_text(path.name)
        return await self._after("upload", self.part("send").click)

    async def starts(self) -> list[Message]:
        return await self._after("send", self.part("start").click)

    async def presses(self, line: str) -> list[Message]:
        """Press the last button whose line begins so: what it says, its label, is in the chat's language."""
        return await self._after("press", self.button(line).click)

    async def takes_the_list(self, number: str) -> list[Message]:
        """Press the button of the plain list: those of other layouts begin as its line does."""
        return await self._after("press", self.page.locator(f'[data-data="/campaign list {number}"]').last.click)

    async def downloads(self, name: str) -> list[list[str]]:
        """The rows of the file of this name, its header first, as the browser saved it."""
        async with self.page.expect_download() as waiting:
            await self.part("document").filter(has_text=name).last.click()
        download = await waiting.value
        with Path(await download.path()).open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))

    async def enlarges(self) -> float:
        """The last picture in full: width and height are sound, and it can be closed; how high it is for its width."""
        picture = self.part("photo").last.locator("img")
        width, height = await picture.evaluate("i => i.decode().then(() => [i.naturalWidth, i.naturalHeight])")
        await self.part("photo").last.click()
        await expect(self.part("viewer")).to_be_visible()
        await self._shoot()
        await self.page.keyboard.press("Escape")
        await expect(self.part("viewer")).to_be_hidden()
        assert width >= 2 * 360  # sharp on a phone
        return float(height) / float(width)

    def part(self, name: str) -> Locator:
        return self.page.get_by_test_id(name)

    def button(self, line: str) -> Locator:
        return self.page.locator(f'[data-testid="button"][data-data^="{line}"]').last

    async def _after(self, kind: str, act: Callable[..., Awaitable[None]], *how: str) -> list[Message]:
        """Act, wait until the bot has answered, and see that the page shows it, nothing cut off."""
        async with self.page.expect_response(f"**/chat/{kind}") as response:
            await act(*how)
        assert (await response.value).ok
        answer = await self.founder.answers()
        assert answer
        last = self.page.locator(f'[data-message-id="{answer[-1]["message_id"]}"]')
        await expect(last.locator(".words")).to_contain_text(first_line(answer[-1]))
        await expect(last.get_by_test_id("button")).to_have_text([button["text"] for button in buttons(answer[-1])])
        if "reply_markup" in answer[-1]:
            await expect(last.get_by_test_id("button").last).to_be_in_viewport()
        await expect(self.part("typing")).to_be_hidden()
        await self._shoot()
        assert await self.page.evaluate(CUT_OFF) == []
        return answer

    async def _shoot(self) -> None:
        number = len(list(self.shots.glob("*.png"))) + 1
        await self.page.screenshot(path=self.shots / f"{number:02}.png", animations="disabled")


# What sticks out of the page, has more in it than it shows, or is a date on two lines.
CUT_OFF = """() => [...document.querySelectorAll(".bubble, .key, .date")]
    .filter(one => one.getBoundingClientRect().right > innerWidth
        || one.scrollWidth > one.clientWidth && one.className !== "date"
        || one.className === "date" && one.getClientRects().length > 1)
    .map(one => one.textContent)"""


def first_line(message: Message) -> str:
    """The beginning of a message; its buttons and pictures are looked at by themselves."""
    return str(message.get("text") or message.get("caption") or "").splitlines()[0]


@asynccontextmanager
async def seated(visit: Visit, shop: Shop, browser_page: OpenPage) -> AsyncIterator[Seat]:
    async with running_bot(shop, language=visit.locale, paired=False) as founder:
        page = await browser_page(founder.url, width=visit.width, height=visit.height, locale=visit.locale)
        shots = shop.path.parent / "screenshots"
        shots.mkdir()
        yield Seat(page, founder, shots)


@pytest.mark.parametrize("visit", VISITS, ids=["english-desk", "chinese-phone"])
async def test_once_round_at_the_page(visit: Visit, shop: Shop, datasets: Path, browser_page: OpenPage) -> None:
    export = cut(datasets / "online_retail.parquet", shop.path.parent / "export")
    async with seated(visit, shop, browser_page) as seat:
        assert "Parquet" in text_of(await seat.starts())
        await receipt(seat, export)
        segment = await segments(seat)
        await customer(seat)
        versions, draft = await campaign(seat, segment)
        await approval(seat, versions, draft, visit)
        await results(seat, versions, visit)
        assert check_store(shop).faults == ()
        if visit.locale == "zh-CN":
            assert await english_words(seat, export) == set()


def cut(export: Path, folder: Path) -> Path:
    """The file with what was sold before the day of the figures."""
    table = pq.read_table(export)
    folder.mkdir()
    pq.write_table(table.filter(pc.field("InvoiceDate") < pd.Timestamp(SHOP.until)), folder / export.name)
    return folder / export.name


async def receipt(seat: Seat, export: Path) -> None:
    """Every row of the file is accounted for, and those left out can be had."""
    told = text_of(await seat.drops(export))
    assert [figure for figure in SHOP.figures if figure not in told] == []
    assert [n for n in SHOP.reasons.values() if not re.search(rf"^• {n:,}\D", told, re.MULTILINE)] == []
    header, *rows = await seat.downloads("rejected-rows.csv")
    assert len(header) == 3
    assert len(rows) == sum(SHOP.reasons.values())
    if seat.founder.language == "en-US":
        assert Counter(row[1] for row in rows) == SHOP.reasons


async def segments(seat: Seat) -> int:
    """A picture and a button for each segment; the last one is looked into."""
    answer = await seat.types("/segments")
    found = find_segments(seat.founder.shop).segments
    assert sum(segment.size for segment in found) == SHOP.n_customers
    assert await seat.enlarges() < 2
    told = text_of(answer)
    assert f"{len(found)}" in first_line(answer[0])
    for segment in found:
        assert re.search(rf"^{segment.size:,}\D.*{segment.share_of_customers:.0%}", told, re.MULTILINE)
        await expect(seat.button(f"/segments show {segment.id}")).to_be_visible()
    richest = next(segment for segment in found if segment.share_of_revenue > 0.5)
    people = text_of(await seat.presses(f"/segments show {richest.id}"))
    for key, figures in SHOP.best.items():
        assert any(key in line and all(figure in line for figure in figures) for line in people.splitlines())
    other = next(segment for segment in found if segment.id != richest.id and segment.size > 600)
    await seat.presses("/segments")
    assert f"{other.size:,}" in text_of(await seat.presses(f"/segments show {other.id}"))
    return other.id


async def customer(seat: Seat) -> None:
    """One person's card, and what he would buy next."""
    card = text_of(await seat.types(f"/customer {CUSTOMER}"))
    assert [figure for figure in (CUSTOMER, *HIS_FIGURES) if figure not in card] == []
    next_for_him = text_of(await seat.types(f"/recommend {CUSTOMER}"))
    assert len(re.findall(r"^\d\. ", next_for_him, re.MULTILINE)) == 5
    product, times = HIS_FAVOURITE
    place = next_for_him.splitlines().index(f"1. {product}")
    assert times in next_for_him.splitlines()[place + 1]


async def campaign(seat: Seat, segment: int) -> tuple[dict[str, int], Message]:
    """By buttons from the segment to the draft; how many get each version, and the draft."""
    size = next(one.size for one in find_segments(seat.founder.shop).segments if one.id == segment)
    await seat.types("/campaign")
    await seat.presses(f"/campaign for {segment}")
    (choice,) = await seat.presses(f"/campaign {segment} win_back")
    assert len(ticks(choice)) == 3
    (fewer,) = await seat.presses(f"/campaign {segment} win_back AB ")
    assert len(ticks(fewer)) == 2
    (all_again,) = await seat.presses(f"/campaign {segment} win_back ABC ")
    assert ticks(all_again) == ticks(choice)
    await seat.presses("/campaign draft")
    (draft,) = await seat.presses("/campaign details ")
    words = text_of([draft])
    versions = {label: int(n.replace(",", "")) for label, n in VERSION.findall(words)}
    assert list(versions) == ["A", "B", "C"]
    assert max(versions.values()) - min(versions.values()) <= 1
    get, held_out = (int(n.replace(",", "")) for n in re.findall(r"^(?:• )?([\d,]+)", words, re.MULTILINE)[:2])
    assert get == sum(versions.values())
    assert get + held_out == size
    return versions, draft


def ticks(message: Message) -> list[str]:
    return [button["text"] for button in buttons(message) if button["text"].startswith("✓")]


async def approval(seat: Seat, versions: dict[str, int], draft: Message, visit: Visit) -> None:
    """The list has everybody once, with the text that the draft showed; it is made once."""
    bubble = seat.page.locator(f'[data-message-id="{draft["message_id"]}"]')
    shown = [await quote.inner_text() for quote in await bubble.locator("blockquote").all()]
    assert len(shown) == 3
    approve = next(button["callback_data"] for button in buttons(draft) if "approve" in button["callback_data"])
    number = approve.split()[-1]
    await seat.presses(approve)
    await seat.takes_the_list(number)
    _, *rows = await seat.downloads(f"campaign-{number}.csv")
    assert Counter(row[4] for row in rows) == versions
    assert len({row[0] for row in rows}) == len(rows)
    assert set(shown) <= {row[5] for row in rows}
    await expect(bubble.locator(f'[data-data="{approve}"]')).to_have_count(0)
    (refused,) = await seat.types(approve)
    assert visit.refused in refused["text"]
    assert "\n" not in refused["text"]
    assert await seat.part("document").filter(has_text=f"campaign-{number}.csv").count() == 1


async def results(seat: Seat, versions: dict[str, int], visit: Visit) -> None:
    """The outcome is told by text; picture and words say what it means."""
    asked = text_of(await seat.types("/outcome"))
    comma = ", " if seat.founder.language == "en-US" else "，"
    assert comma.join(f"{label} 3/{n}" for label, n in versions.items()) in asked
    told = zip(versions.items(), visit.bought, strict=True)
    await seat.types(", ".join(f"{label} {wins}/{n}" for (label, n), wins in told))
    answer = await seat.types("/results")
    assert await seat.enlarges() < 1
    words = text_of(answer)
    assert visit.verdict in words
    for (label, n), wins in zip(versions.items(), visit.bought, strict=True):
        low, high = wilson(wins, n)
        line = next(line for line in words.splitlines() if line.startswith(f"• {label}"))
        assert {f"{wins}", f"{n}", f"{wins / n:.1%}"} <= set(re.findall(r"[\d.]+%?", line))
        # it holds however often it is asked for: near the interval of one look, mostly wider
        _, first, last = (float(share) / 100 for share in re.findall(r"([\d.]+)%", line))
        assert first < wins / n < last
        assert 0.9 * (high - low) < last - first < 1.6 * (high - low)
        assert max(abs(first - low), abs(last - high)) < 0.5 * (high - low)


def wilson(wins: int, n: int) -> tuple[float, float]:
    """The interval of a share at 95 %.

    Source: Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference".
    """
    z, rate = 1.959964, wins / n
    middle, half = rate + z * z / (2 * n), z * sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


async def english_words(seat: Seat, export: Path) -> set[str]:
    """The English that the bot has spoken: words of two letters or more that are neither names nor commands."""
    said = [message for message in await seat.founder.messages() if message["from"]["is_bot"]]
    text = "\n".join([text_of(said), *(button["text"] for message in said for button in buttons(message))])
    table = pq.read_table(export, columns=["Description", "Country"])
    names = {" ".join(name.split()).lower() for column in table.columns for name in column.unique().to_pylist() if name}
    text = re.sub(r"online_retail\.parquet|/[a-z]+", "", text)
    # a name of one word could hide English, so only those of several are taken out
    for name in sorted((name for name in names if " " in name), key=len, reverse=True):
        text = re.sub(re.escape(name), "", text, flags=re.IGNORECASE)
    return set(re.findall(r"[A-Za-z]{2,}", text)) - KEPT
