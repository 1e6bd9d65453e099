"""How one small machine bears a bot that 500 founders share: 50 updates a second for ten minutes, over real HTTP.

    this process                                   the bot, as `zhike chat` starts it
    Bot API server  <── getUpdates, sendMessage ──  ZHIKE_SHOPS: a store of its own for each founder
    500 founders: a Poisson stream of updates, one in fifty an analysis

Every shop has the demo's 300 customers, all worked out before; an analysis is made anew, one of three in turn. Plain
commands are answered from the store in words; a few ask for a picture. The server and the founders take their share of
the same cores. Seconds are from when an update happens to its answer's first message.
Founders do not wait: who has asked for an analysis may ask for something else before it is there, and gets it after.

ZHIKE_QUICK: one minute, 100 founders.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.random import Generator, default_rng

from benchmarks import Figures
from bot.commands import Request, commands
from engine import (
    Shop,
    check_store,
    house_at,
    invite_founder,
    list_customers,
    load_demo,
    note_told,
    redeem_code,
    shop_in,
    silent,
    verdict_news,
)
from tests.bot.talk import free_port
from tests.torture.bot_api import BotApi, listening
from tests.torture.bots import all_done, ended, killed, started

SEED = 20_261_127
A_SECOND = 50
AN_ANALYSIS, A_PICTURE = 1 / 50, 1 / 200  # of all updates
PLAIN, BEHIND, PICTURE, ANALYSIS = "plain", "behind", "picture", "analysis"
ANALYSES = ("/segments again", "/lifecycle again", "/value again")
PICTURES = ("/sales", "/results 1", "/segments")
CUSTOMER = "/customer"
KINDS = {
    PLAIN: "plain commands",
    BEHIND: "plain commands behind an analysis of the same chat",
    PICTURE: "pictures of what is stored",
    ANALYSIS: "analyses",
}
# how an answer tells what it answers: by its first line
ANSWERS = {
    "What I can do": "/help",
    "Your campaigns, the newest first": "/campaigns",
    "Your customers fall into": "/segments",
    "Where your customers stand": "/lifecycle",
    "What your customers will likely bring": "/value",
    "How business goes": "/sales",
    "Campaign 1:": "/results 1",
}
SECONDS_BETWEEN_SAMPLES = 2.0
MOST_SECONDS_BEHIND = 300.0


@dataclass(frozen=True)
class Size:
    founders: int
    seconds: float
    a_second: float = A_SECOND


FULL, QUICK = Size(500, 600.0), Size(100, 60.0)


@dataclass(frozen=True)
class Asked:
    """What a founder asked for, and when."""

    chat: int
    text: str
    kind: str
    at: float

    @property
    def name(self) -> str:
        """As an answer to it is named."""
        return self.text.removesuffix(" again")


@dataclass(frozen=True)
class Answered:
    """The first message of an answer: in which chat, to what, when."""

    chat: int
    name: str
    at: float


@dataclass(frozen=True)
class Sample:
    """Memory so many seconds after the beginning: of the bot's own process, and of all its processes, in MB."""

    at: float
    bot: float
    all: float


@dataclass(frozen=True)
class Judged:
    """Seconds until each answer, by kind, and the updates that were not answered once and in their turn."""

    seconds: Mapping[str, list[float]]
    lost: Sequence[Asked]
    doubled: int
    out_of_order: int


@dataclass(frozen=True)
class Measured:
    """What came of a run; `faults` as `zhike check` finds them in all stores."""

    asked: int
    judged: Judged
    faults: int
    memory: Sequence[Sample]
    own_seconds: float
    cpu_seconds: float
    lasted: float


def run() -> Figures:
    size = QUICK if os.environ.get("ZHIKE_QUICK") else FULL
    found = measured(size)
    judged = found.judged
    rows = [
        (told, f"{len(times):,}", *(f"{np.percentile(times, share):.3f}" for share in (50, 95, 99, 100)))
        for kind, told in KINDS.items()
        if (times := judged.seconds[kind])
    ]
    notes = [
        f"{found.asked:,} updates of {size.founders} founders in {size.seconds:.0f} s: lost {len(judged.lost)}, "
        f"doubled {judged.doubled}, chats that were answered out of order {judged.out_of_order}; "
        f"zhike check of all stores: {found.faults} faults.",
        f"The bot took {found.cpu_seconds:.0f} CPU s of {os.cpu_count()} cores in {found.lasted:.0f} s, "
        f"{found.own_seconds:.0f} of them in its own process.",
        *memory_told(found.memory),
        *(f"not answered: {asked.text} ({asked.kind})" for asked in judged.lost[:5]),
    ]
    header = ("", "answers", *(f"{name}, s" for name in ("p50", "p95", "p99", "longest")))
    return Figures("A bot that many founders share, under load", header, rows, notes)


def memory_told(samples: Sequence[Sample]) -> list[str]:
    """Memory in the second, the middle and the last minute of a run, and its peak."""
    if not samples:
        return []
    end = samples[-1].at
    minute = min(60.0, end / 4)
    spans = {"second": (minute, 2 * minute), "middle": (end / 2 - minute / 2, end / 2 + minute / 2)}
    spans["last"] = (end - minute, end)
    told = []
    for name, (since, until) in spans.items():
        within = [sample for sample in samples if since <= sample.at <= until]
        own, every = (np.median([getattr(sample, which) for sample in within]) for which in ("bot", "all"))
        told.append(f"{name} minute {own:.0f} ({every:.0f})")
    peak = max(sample.all for sample in samples)
    return [f"Memory of the bot's own process (of all its processes), MB: {', '.join(told)}; at most ({peak:.0f})."]


def measured(size: Size) -> Measured:
    with tempfile.TemporaryDirectory() as folder:
        house, keys = prepared(Path(folder) / "shops", size.founders)
        return asyncio.run(_measured(size, house, keys, Path(folder) / "log"))


def prepared(folder: Path, founders: int) -> tuple[Shop, list[str]]:
    """A house with so many shops, each with the demo's customers, all worked out once; and the customers' numbers."""
    house = house_at(folder)
    first = shop_in(house, "founder-1")
    load_demo(first)
    for line in (*ANALYSES, *PICTURES, "/campaigns"):
        name, _, text = line.removeprefix("/").partition(" ")
        commands()[name].run(first, Request("en", text=text), silent)
    for news in verdict_news(first):
        note_told(first, news.results)
    for n in range(2, founders + 1):
        path = shop_in(house, f"founder-{n}").path
        path.parent.mkdir(mode=0o700)
        shutil.copy(first.path, path)
    for n in range(1, founders + 1):
        name, code = invite_founder(house, f"founder-{n}")
        if redeem_code(house, code, chat_id=n, user_id=n) is None:
            raise RuntimeError(f"{name} was not let in")
    return house, [row.customer.key for row in list_customers(first, n=100).rows]


async def _measured(size: Size, house: Shop, keys: Sequence[str], log: Path) -> Measured:
    api, memory = BotApi(free_port(), batch=100), list[Sample]()
    async with listening(api):
        bot = await started(house, api, log, ZHIKE_SHOPS=str(house.path.parent))
        try:
            began = monotonic()
            watching = asyncio.create_task(_watch(bot.pid, memory))
            asked = await _ask(size, api, keys, default_rng(SEED))
            await all_done(house, api, MOST_SECONDS_BEHIND)
            lasted = monotonic() - began
            watching.cancel()
            own_seconds, *others = map(_cpu_seconds, _tree(bot.pid))
            await ended(bot)
        finally:
            await killed(bot)
    shops = (house, *(shop_in(house, f"founder-{n}") for n in range(1, size.founders + 1)))
    return Measured(
        len(asked),
        judged(asked, answers(api)),
        sum(len(check_store(shop).faults) for shop in shops),
        [sample for sample in memory if sample.at <= size.seconds],
        own_seconds,
        own_seconds + sum(others),
        lasted,
    )


async def _ask(size: Size, api: BotApi, keys: Sequence[str], rng: Generator) -> list[Asked]:
    """Founders ask, at random moments that nothing holds up; what was asked."""
    asked: list[Asked] = []
    turn: Counter[str] = Counter()
    began = at = monotonic()
    while (at := at + float(rng.exponential(1 / size.a_second))) < began + size.seconds:
        await asyncio.sleep(max(0.0, at - monotonic()))
        chat = int(rng.integers(1, size.founders + 1))
        kind = str(rng.choice((PLAIN, PICTURE, ANALYSIS), p=(1 - A_PICTURE - AN_ANALYSIS, A_PICTURE, AN_ANALYSIS)))
        turn[kind] += 1
        if kind == PLAIN:
            text = str(rng.choice(("/help", "/campaigns", f"{CUSTOMER} {rng.choice(keys)}"), p=(0.2, 0.2, 0.6)))
        else:
            among = PICTURES if kind == PICTURE else ANALYSES
            text = among[turn[kind] % len(among)]
        # one in four is a button
        (api.presses if rng.random() < 0.25 else api.says)(chat, text)
        asked.append(Asked(chat, text, kind, monotonic()))
    return asked


def answers(api: BotApi) -> list[Answered]:
    """The answers that chats got; further parts of one and news of progress are left out."""
    found = []
    for at, method, values in api.asked:
        if method in ("sendMessage", "sendPhoto", "editMessageText"):
            words = re.sub(r"</?\w+>", "", str(values.get("text") or values.get("caption") or ""))
            name = _named(words.partition("\n")[0])
            if name is not None:
                found.append(Answered(int(values["chat_id"]), name, at))
    return found


def _named(first_line: str) -> str | None:
    """What an answer answers, by its first line."""
    card = re.fullmatch(r".* \((\w+)\)", first_line)
    if card is not None:
        return f"{CUSTOMER} {card[1]}"
    return next((name for words, name in ANSWERS.items() if first_line.startswith(words)), None)


def judged(asked: Sequence[Asked], answered: Sequence[Answered]) -> Judged:
    """Which answer came to which update: in each chat, the first to an update of its name that has none yet."""
    asked_in: defaultdict[int, list[Asked]] = defaultdict(list)
    came: defaultdict[int, list[Answered]] = defaultdict(list)
    for one in asked:
        asked_in[one.chat].append(one)
    for answer in answered:
        came[answer.chat].append(answer)
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    lost: list[Asked] = []
    doubled = out_of_order = 0
    for chat in sorted({*asked_in, *came}):
        left = came[chat]
        moments: list[float] = []
        analysed_at = 0.0
        for one in asked_in[chat]:
            answer = next((answer for answer in left if answer.name == one.name), None)
            if answer is None:
                lost.append(one)
                continue
            left.remove(answer)
            moments.append(answer.at)
            kind = BEHIND if one.kind == PLAIN and one.at < analysed_at else one.kind
            seconds[kind].append(answer.at - one.at)
            if one.kind == ANALYSIS:
                analysed_at = answer.at
        doubled += len(left)
        out_of_order += moments != sorted(moments)
    return Judged(seconds, lost, doubled, out_of_order)


async def _watch(pid: int, memory: list[Sample]) -> None:
    began = monotonic()
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_SAMPLES)
        memory.append(Sample(monotonic() - began, _megabytes(pid), sum(map(_megabytes, _tree(pid)))))


def _tree(pid: int) -> Iterator[int]:
    """A process and all that it has begun, directly or not."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from _tree(int(child))


def _megabytes(pid: int) -> float:
    """What a process takes, its share of what it has in common with others included; 0 for one that is gone."""
    with suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
        if found is not None:
            return int(found[1]) / 1024
    return 0.0


def _cpu_seconds(pid: int) -> float:
    """What a process and those that it has outlived took; 0 for one that is gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0
