"""What docs/adding.md says is tried by doing it: each example is put into a copy of the house, and used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = re.compile(r"^```\w+\n(?:# |\{# )(\S+)(?: #\})?\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the packages with every example in its place."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("bot", "engine", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "demo", folder / "data" / "demo")
    examples = dict(EXAMPLE.findall((ROOT / "docs" / "adding.md").read_text(encoding="utf-8")))
    assert len(examples) == 10
    for path, content in examples.items():
        assert not (folder / path).exists(), f"{path} is there already"
        (folder / path).write_text(content, encoding="utf-8")
    run(folder, "import", "data/demo/orders.csv")
    return folder


def run(house: Path, *words: str) -> dict[str, object]:
    """A verb of the house's command line; what it says to programs."""
    command = [sys.executable, "-m", "bot", "--db", str(house / "shop.db"), "--language", "en", *words, "--json"]
    environment = {**os.environ, "PYTHONPATH": str(house)}
    done = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_a_method_of_segmentation(house: Path) -> None:
    answer = run(house, "segments", "--method", "by_spend")
    assert (answer["method"], answer["k"]) == ("by_spend", 3)


def test_a_basis(house: Path) -> None:
    answer = run(house, "segments", "--basis", "membership", "--k", "2")
    assert (answer["bases"], answer["k"]) == (["membership"], 2)


def test_a_score(house: Path) -> None:
    answer = run(house, "evaluate", "lifecycle")
    measured: list[dict[str, object]] = answer["measured"]  # type: ignore[assignment]
    (mine,) = [score for score in measured if score["score"] == "base_rate"]
    # who is the same for everybody tells nobody from anybody
    assert mine["auc"] == pytest.approx(0.5)


def test_a_version_and_a_policy(house: Path) -> None:
    name = run(house, "segments")["segments"][0]["name"]  # type: ignore[index]
    options = ("--goal", "win_back", "--variants", "plain_hello,new_things", "--policy", "greedy")
    draft = run(house, "campaign", "draft", "--segment", name, *options)
    variants: list[dict[str, object]] = draft["variants"]  # type: ignore[assignment]
    assert [(variant["title"], variant["weight"]) for variant in variants] == [("A plain hello", 1), ("New things", 0)]


def test_a_channel(house: Path) -> None:
    name = run(house, "segments")["segments"][0]["name"]  # type: ignore[index]
    draft = run(house, "campaign", "draft", "--segment", name, "--goal", "birthday", "--channel", "whatsapp")
    assert draft["channel"] == "whatsapp"


def test_a_ranker(house: Path) -> None:
    code = "from engine.recommend.rankers import rankers; print(rankers()['last_order'].label)"
    environment = {**os.environ, "PYTHONPATH": str(house)}
    done = subprocess.run([sys.executable, "-c", code], cwd=house, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "what was in the last order", done.stderr


def test_a_way_to_make_rankers_one(house: Path) -> None:
    code = (
        "import numpy as np; from engine.recommend.recommenders import in_use\n"
        "one, table = in_use('blend_one_by_one'), np.array([[0.0], [1], [1], [0]])\n"
        "learned = one.combiner.fit(table, table[:, 0] > 0, np.random.default_rng(1))\n"
        "again = one.combiner.resumed(learned.kept())\n"
        "print(one.label, *again.probability(table[:2]).round(2), *again.shares(table[:2], np.array([0]))[:, 0])"
    )
    environment = {**os.environ, "PYTHONPATH": str(house)}
    done = subprocess.run([sys.executable, "-c", code], cwd=house, env=environment, capture_output=True, text=True)
    # means 1 apart, a variance of 1/4: a weight of 4, of which half is on either side of what is usual
    assert done.stdout.strip() == "all of them together, each fact by itself 0.12 0.88 -2.0 2.0", done.stderr


def test_a_layout(house: Path) -> None:
    path = house / "till.csv"
    path.write_text("No,Day,Box,Crop,Paid\n7001,2026-10-02,B1,Beans,4.5\n7002,2026-10-03,B2,Leek,2\n")
    answer = run(house, "import", str(path))
    assert (answer["accepted"], answer["customers"], answer["revenue"]) == (2, 2, 6.5)


def test_a_command(house: Path) -> None:
    code = "from bot.commands import commands; print(commands()['hello'].summary)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=house, env={**os.environ, "PYTHONPATH": str(house)}, capture_output=True
    )
    assert done.stdout.decode().strip() == "a friendly word"
