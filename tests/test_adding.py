"""What docs/adding.md says is tried by doing it: each example is put into a copy of the house, and used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = re.compile(r"^```\w+\n(?:# |\{# )(\S+)(?: #\})?\n(.*?)^```$", re.M | re.S)


# Says what each line that it is given is answered with: words of the command line, or a program.
_ANSWERING = """
import io, json, sys
from contextlib import redirect_stdout
from bot.cli import main
for line in sys.stdin:
    asked, said = json.loads(line), io.StringIO()
    with redirect_stdout(said):
        status = main(asked) if isinstance(asked, list) else exec(asked, {})
    print(json.dumps([status or 0, said.getvalue()]), flush=True)
"""


class House:
    """A copy of the packages with every example in its place, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ANSWERING],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> dict[str, object]:
        """A verb of the command line; what it says to programs."""
        answer: dict[str, object] = json.loads(
            self._said(["--db", str(self.folder / "shop.db"), "--language", "en", *words, "--json"])
        )
        return answer

    def prints(self, code: str) -> str:
        return self._said(code).strip()

    def _said(self, asked: list[str] | str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "it ended"
        status, said = json.loads(answer)
        assert status == 0, said
        return str(said)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    for name in ("bot", "engine", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "demo", folder / "data" / "demo")
    examples = dict(EXAMPLE.findall((ROOT / "docs" / "adding.md").read_text(encoding="utf-8")))
    assert len(examples) == 10
    for path, content in examples.items():
        assert not (folder / path).exists(), f"{path} is there already"
        (folder / path).write_text(content, encoding="utf-8")
    house = House(folder)
    with house.process:
        house.run("import", "data/demo/orders.csv")
        yield house


def test_a_method_of_segmentation(house: House) -> None:
    answer = house.run("segments", "--method", "by_spend")
    assert (answer["method"], answer["k"]) == ("by_spend", 3)


def test_a_basis(house: House) -> None:
    answer = house.run("segments", "--basis", "membership", "--k", "2")
    assert (answer["bases"], answer["k"]) == (["membership"], 2)


def test_a_score(house: House) -> None:
    answer = house.run("evaluate", "lifecycle")
    measured: list[dict[str, object]] = answer["measured"]  # type: ignore[assignment]
    (mine,) = [score for score in measured if score["score"] == "base_rate"]
    # who is the same for everybody tells nobody from anybody
    assert mine["auc"] == pytest.approx(0.5)


def test_a_version_and_a_policy(house: House) -> None:
    name = house.run("segments")["segments"][0]["name"]  # type: ignore[index]
    options = ("--goal", "win_back", "--variants", "plain_hello,new_things", "--policy", "greedy")
    draft = house.run("campaign", "draft", "--segment", name, *options)
    variants: list[dict[str, object]] = draft["variants"]  # type: ignore[assignment]
    assert [(variant["title"], variant["weight"]) for variant in variants] == [("A plain hello", 1), ("New things", 0)]


def test_a_channel(house: House) -> None:
    name = house.run("segments")["segments"][0]["name"]  # type: ignore[index]
    draft = house.run("campaign", "draft", "--segment", name, "--goal", "birthday", "--channel", "whatsapp")
    assert draft["channel"] == "whatsapp"


def test_a_ranker(house: House) -> None:
    code = "from engine.recommend.rankers import rankers; print(rankers()['last_order'].label)"
    assert house.prints(code) == "what was in the last order"


def test_a_way_to_make_rankers_one(house: House) -> None:
    code = (
        "import numpy as np; from engine.recommend.recommenders import in_use\n"
        "one, table = in_use('blend_one_by_one'), np.array([[0.0], [1], [1], [0]])\n"
        "learned = one.combiner.fit(table, table[:, 0] > 0, np.random.default_rng(1))\n"
        "again = one.combiner.resumed(learned.kept())\n"
        "print(one.label, *again.probability(table[:2]).round(2), *again.shares(table[:2], np.array([0]))[:, 0])"
    )
    # means 1 apart, a variance of 1/4: a weight of 4, of which half is on either side of what is usual
    assert house.prints(code) == "all of them together, each fact by itself 0.12 0.88 -2.0 2.0"


def test_a_layout(house: House) -> None:
    path = house.folder / "till.csv"
    path.write_text("No,Day,Box,Crop,Paid\n7001,2026-10-02,B1,Beans,4.5\n7002,2026-10-03,B2,Leek,2\n")
    answer = house.run("import", str(path))
    assert (answer["accepted"], answer["customers"], answer["revenue"]) == (2, 2, 6.5)


def test_a_command(house: House) -> None:
    assert house.prints("from bot.commands import commands; print(commands()['hello'].summary)") == "a friendly word"
