"""What programs may rely on: documents, exit statuses, and where answers and errors go."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from engine import Shop, chat_of

DEMO = Path(__file__).parents[3] / "data" / "demo"
Zhike = Callable[..., dict[str, Any]]


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DB", "PORT", "LANGUAGE", "TELEGRAM_TOKEN", "WEBHOOK_URL"):
        monkeypatch.delenv(f"ZHIKE_{name}", raising=False)
    return tmp_path / "shop" / "zhike.db"


@pytest.fixture
def zhike(db: Path, capsys: pytest.CaptureFixture[str]) -> Zhike:
    """Runs a verb that must work, and gives its document."""

    def run(*words: str, language: str = "en") -> dict[str, Any]:
        assert main(["--db", str(db), "--language", language, *words, "--json"]) == 0
        said = capsys.readouterr()
        assert said.err == ""
        document: dict[str, Any] = json.loads(said.out)
        return document

    return run


@pytest.fixture
def refused(db: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a verb that must refuse, and gives its sentence."""

    def run(*words: str, language: str = "en") -> str:
        assert main(["--db", str(db), "--language", language, *words]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        return said.err.strip()

    return run


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_loop_as_programs_see_it(zhike: Zhike, tmp_path: Path) -> None:
    receipt = zhike("import", str(DEMO / "orders.csv"))
    assert set(receipt) >= {
        "rows", "accepted", "without_customer", "rejected", "reasons", "rejected_file", "orders", "customers",
        "revenue", "currency", "period",
    }  # fmt: skip
    assert receipt["rows"] == receipt["accepted"] + receipt["without_customer"] + receipt["rejected"]
    assert sum(receipt["reasons"].values()) == receipt["rejected"]
    assert (receipt["currency"], receipt["already"]) == ("CNY", False)
    assert [len(day) for day in receipt["period"]] == [10, 10]
    assert receipt["period"][1] == "2026-10-31"
    rejected = Path(receipt["rejected_file"])
    assert stat.S_IMODE(rejected.stat().st_mode) == 0o600
    assert len(rows_of(rejected)) == receipt["rejected"]
    again = zhike("import", str(DEMO / "orders.csv"))
    assert again["already"]
    assert {**again, "already": False} == receipt

    segments = zhike("segments", "--method", "kmeans", "--k", "auto")
    assert set(segments) >= {"run", "method", "k", "segments", "quality"}
    assert len(segments["segments"]) == segments["k"]
    for segment in segments["segments"]:
        assert set(segment) >= {"name", "size", "share_of_customers", "share_of_revenue", "sentence", "rules"}
    assert sum(segment["share_of_customers"] for segment in segments["segments"]) == pytest.approx(1)
    assert sum(segment["share_of_revenue"] for segment in segments["segments"]) == pytest.approx(1)
    assert sum(segment["size"] for segment in segments["segments"]) == receipt["customers"]

    best = zhike("customers", "-n", "1")["customers"][0]["customer"]
    products = zhike("recommend", best, "-n", "5")
    assert products["customer"] == best
    assert len(products["items"]) == 5
    for item in products["items"]:
        assert set(item) >= {"product", "name", "score", "reason", "ranker"}

    name = segments["segments"][-1]["name"]
    draft = zhike("campaign", "draft", "--segment", name, "--goal", "win_back")
    assert set(draft) >= {"campaign", "audience", "excluded", "holdout", "variants", "samples"}
    assert [set(variant) >= {"variant", "weight", "sample"} for variant in draft["variants"]] == [True] * 3
    assert sum(variant["weight"] for variant in draft["variants"]) == pytest.approx(1)
    in_all = draft["audience"] + draft["holdout"] + sum(draft["excluded"].values())
    assert in_all == segments["segments"][-1]["size"]
    number = str(draft["campaign"])
    assert zhike("campaign", "show", number)["status"] == "draft"
    assert zhike("campaign", "approve", number)["status"] == "approved"
    out = tmp_path / "list.csv"
    assert zhike("campaign", "export", number, "--out", str(out))["file"] == str(out)
    rows = rows_of(out)
    sent = {variant["variant"]: variant["n"] for variant in draft["variants"]}
    assert {label: sum(row["version"] == label for row in rows) for label in sent} == sent

    counts = f"A 2/{sent['A']}, B 1/{sent['B']}"
    assert zhike("outcome", "record", number, counts)["changed"]
    assert not zhike("outcome", "record", number, counts)["changed"]
    results = zhike("results", number)
    assert set(results) >= {"variants", "verdict"}
    for variant in results["variants"]:
        assert set(variant) >= {"variant", "sends", "conversions", "rate", "interval", "weight"}
    first = results["variants"][0]
    assert (first["conversions"], first["rate"]) == (2, pytest.approx(2 / sent["A"]))
    assert first["interval"][0] < first["rate"] < first["interval"][1]
    assert results["verdict"]["state"] in {"enough", "not yet", "never"}
    assert zhike("results") == results


def test_a_name_works_in_either_language(zhike: Zhike) -> None:
    zhike("import", str(DEMO / "orders.csv"))
    english = zhike("segments")["segments"][0]["name"]
    chinese = zhike("segments", language="zh")["segments"][0]["name"]
    assert chinese != english
    for name in (english, chinese, english.upper()):
        assert zhike("campaign", "draft", "--segment", name, "--goal", "repeat-purchase")["audience"] > 0


def test_backup_and_check(zhike: Zhike, tmp_path: Path) -> None:
    zhike("import", str(DEMO / "orders.csv"))
    copy = Path(zhike("backup", str(tmp_path / "copy.db"))["backup"])
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    connection = sqlite3.connect(copy)
    assert connection.execute("SELECT count(*) FROM orders").fetchone()[0] > 1000
    connection.close()
    health = zhike("check")
    assert health == {**health, "sound": True, "faults": []}


def test_check_finds_a_fault(zhike: Zhike, db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    zhike("import", str(DEMO / "orders.csv"))
    connection = sqlite3.connect(db)
    connection.execute("UPDATE orders SET revenue = revenue + 100 WHERE id = 5")
    connection.commit()
    connection.close()
    assert main(["--db", str(db), "--language", "en", "check"]) == 2
    assert "an order's sum is not the sum of its lines (1)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("import", "no-such-file.csv"), "no-such-file.csv"),
        (("segments",), "import"),
        (("segments", "--k", "many"), "whole number or auto"),
        (("segments", "--method", "magic"), "kmeans"),
        (("recommend", "nobody"), "nobody"),
        (("customers", "nobody"), "nobody"),
        (("customers", "-n", "0"), "1 to 1,000"),
        (("campaign", "show", "7"), "no campaign 7"),
        (("campaign", "draft", "--segment", "Kings", "--goal", "win_back"), "segments"),
        (("outcome", "record", "7", "A 1/2"), "no campaign 7"),
        (("results",), "approved yet"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_the_user_can_mend(refused: Callable[..., str], words: tuple[str, ...], part: str) -> None:
    assert part in refused(*words)


def test_a_file_that_is_not_there_is_not_sound(refused: Callable[..., str], db: Path, tmp_path: Path) -> None:
    assert "There is no database" in refused("check")
    assert "There is no database" in refused("backup", str(tmp_path / "copy.db"))
    assert not db.exists()


@pytest.mark.parametrize("words", [["nonsense"], ["results", "x"], ["campaign"], ["import"]], ids=" ".join)
def test_words_that_are_no_command_get_one_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "shows how" in said.err


def test_what_goes_wrong_is_json_for_programs(db: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--db", str(db), "--language", "en", "customers", "-n", "0", "--json"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert set(json.loads(said.err)) == {"error"}
    assert "1 to 1,000" in json.loads(said.err)["error"]
    with pytest.raises(SystemExit):
        main(["--json", "nonsense"])
    assert "shows how" in json.loads(capsys.readouterr().err)["error"]


def test_versions_are_named_by_letter_or_name(zhike: Zhike) -> None:
    zhike("import", str(DEMO / "orders.csv"))
    name = zhike("segments")["segments"][0]["name"]
    by_letter = zhike("campaign", "draft", "--segment", name, "--goal", "win_back", "--variants", "a, C")
    names = [variant["template"] for variant in by_letter["variants"]]
    by_name = zhike("campaign", "draft", "--segment", name, "--goal", "win_back", "--variants", ",".join(names))
    assert [variant["template"] for variant in by_name["variants"]] == names
    assert len(names) == 2


def test_a_backup_never_overwrites(zhike: Zhike, refused: Callable[..., str], tmp_path: Path) -> None:
    zhike("import", str(DEMO / "orders.csv"))
    (tmp_path / "letter.txt").write_text("dear")
    assert "is there already" in refused("backup", str(tmp_path / "letter.txt"))
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_a_fault_of_ours_ends_with_status_1(
    db: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(shop: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("bot.cli.upkeep.check_store", broken)
    assert main(["--db", str(db), "check"]) == 1
    assert "fault of Zhike's" in capsys.readouterr().err


def test_options_stand_before_or_behind_the_verb(db: Path, zhike: Zhike, capsys: pytest.CaptureFixture[str]) -> None:
    zhike("customers")
    assert main(["check", "--json", "--db", str(db)]) == 0
    behind = capsys.readouterr().out
    assert main(["--json", "--db", str(db), "check"]) == 0
    assert capsys.readouterr().out == behind


def test_another_program_s_database_is_left_alone(refused: Callable[..., str], db: Path) -> None:
    db.parent.mkdir()
    connection = sqlite3.connect(db)
    connection.execute("CREATE TABLE letters (text TEXT)")
    connection.commit()
    connection.close()
    assert "another program" in refused("customers")
    connection = sqlite3.connect(db)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("letters",)]
    connection.close()


@pytest.mark.parametrize("path", ["", "/dev/null", "/"])
def test_a_database_must_be_a_file(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--db", path, "--language", "en", "customers"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
def test_a_terminal_without_chinese_shows_what_it_can(zhike: Zhike, db: Path, encoding: str) -> None:
    zhike("import", str(DEMO / "orders.csv"))
    command = [sys.executable, "-m", "bot", "--db", str(db), "--language", "zh", "segments"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(command, cwd=DEMO.parents[1], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"%" in done.stdout


def test_one_chat_per_database(refused: Callable[..., str], db: Path) -> None:
    db.parent.mkdir()
    with chat_of(Shop(db)):
        assert "answers the chat" in refused("chat", "--no-browser")
    with chat_of(Shop(db)):
        pass


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "zhike：没有'nonsense'这个命令，可以用："),
        (["wave"], "zhike wave：还缺：id。用法看：`zhike wave -h`"),
        (["results", "x"], "zhike results：id 要写数字，'x'不是。"),
        (["sales", "--wrong"], "zhike：看不懂：--wrong。"),
        (["campaign", "draft", "--channel"], "zhike campaign draft：--channel 后面要写一个值。"),
        (["outcome", "orders", "3", "--use", "x"], "--use 不能写'x'，可以选："),
        (["same", "--one", "1", "--two", "2"], "zhike same：--two 和 --one 不能一起用。"),
        (["sales", "--json=1"], "--json 后面不用写值，你写了'1'。"),
    ],
    ids=lambda case: " ".join(case) if isinstance(case, list) else "",
)
def test_wrong_words_are_told_in_the_shops_language(
    words: list[str], said: str, db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIKE_LANGUAGE", "zh")
    with pytest.raises(SystemExit):
        main(words)
    assert said in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--language", "en", *words])
    assert "shows how" in capsys.readouterr().err


def test_help_has_its_headings_in_the_shops_language(
    db: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHIKE_LANGUAGE", "zh")
    for words in (["-h"], ["campaign", "-h"], ["results", "-h"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
        said = capsys.readouterr().out
        assert said.startswith("用法：zhike")
        assert "选项:" in said
    with pytest.raises(SystemExit):
        main(["--language=en", "results", "-h"])
    assert capsys.readouterr().out.startswith("usage: zhike results")
