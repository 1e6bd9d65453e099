"""The next export of orders answers for the messages, as a founder talks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from engine import Shop, record_counts
from tests.bot.talk import running_bot, text_of, with_button
from tests.bot.test_sending_talk import asked
from tests.engine.services.test_matching import LAST, NEXT, later, orders_file, sent, sold

__all__ = ["sold"]  # a fixture


async def test_dropped_orders_answer_and_lead_to_the_results(sold: Shop, tmp_path: Path) -> None:
    campaign = sent(sold)
    async with running_bot(later(sold, 60)) as founder:
        answers = await founder.drops(orders_file(tmp_path, [*NEXT, LAST], "next.csv"))
        assert "What came of your messages" in text_of(answers)
        assert f"Campaign {campaign}, by your orders: A 1 of 20, B 2 of 20 bought within 30 days" in text_of(answers)
        assert "The messages brought" in text_of(answers) or "Whether the messages brought money" in text_of(answers)
        label = f"Results of {campaign}"
        results = await founder.presses(with_button(answers, label), label)
        assert "A: 1 of 20 bought" in text_of(results)
        assert "and 1 of the 20 who got none" in text_of(results)


async def test_where_orders_differ_the_founder_chooses(sold: Shop, tmp_path: Path) -> None:
    campaign = sent(sold)
    record_counts(sold, campaign, "A 5/20, B 1/20")
    async with running_bot(later(sold, 60)) as founder:
        answers = await founder.drops(orders_file(tmp_path, [*NEXT, LAST], "next.csv"))
        assert "You told A 5/20, B 1/20, but your orders say A 1/20, B 2/20" in text_of(answers)
        results = await founder.says(f"/results {campaign}")
        told = await founder.presses(with_button(results, "Go by what I told"), "Go by what I told")
        assert "I go by what you told, as you chose." in text_of(told)
        results = await founder.says(f"/results {campaign}")
        assert "A: 5 of 20 bought" in text_of(results)
        await founder.presses(with_button(results, "Go by the orders"), "Go by the orders")
        assert "A: 1 of 20 bought" in text_of(await founder.says(f"/results {campaign}"))


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("7 days", "en", "A 1 of 20, B 1 of 20 bought within 7 days of the message"),
        ("7天", "zh", "收到消息后7天内买了的，A 20人里1人、B 20人里1人"),
        ("within 60 days", "en", "40 messages of campaign 1 are not answered yet"),
        ("complete", "en", "A 1 of 20, B 2 of 20 bought within 30 days"),
        ("齐了", "zh", "收到消息后30天内买了的"),
        ("use orders", "en", "A 1 of 20, B 2 of 20 bought"),
    ],
)
def test_what_is_said_of_orders(sold: Shop, tmp_path: Path, text: str, language: str, answer: str) -> None:
    sent(sold)
    asked(later(sold, 60), "import", "", file=orders_file(tmp_path, [*NEXT, LAST], "next.csv"), file_name="next.csv")
    said, _ = asked(later(sold, 60), "outcome", f"1 {text}", language)
    assert answer in said
    assert asked(later(sold, 60), "outcome", text, language)[0] == said  # of the latest, and twice is as once


def test_a_report_that_is_dropped_is_known(sold: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    campaign = sent(sold)
    with sold.open() as db:
        db.conn.execute("UPDATE customers SET email = lower(key) || '@example.com'")
    path = tmp_path / "report.csv"
    path.write_text("Email Address,Opens,Clicks\nc1@example.com,2,1\nc2@example.com,1,0\n")
    said, _ = asked(sold, "import", "", file=path, file_name="report.csv")
    assert f"Noted for campaign {campaign}." in said
    assert "A: 1 of 1 bought" in said
    assert main(["--db", str(sold.path), "import", str(path)]) == 0
    assert "I know these figures already: nothing was changed." in capsys.readouterr().out


def test_the_command_line_sets_how_orders_count(sold: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sent(sold)
    db = ["--db", str(sold.path)]
    assert main([*db, "import", str(orders_file(tmp_path, [*NEXT, LAST], "next.csv"))]) == 0
    assert "What came of your messages" in capsys.readouterr().out
    assert main([*db, "outcome", "orders", "1", "--days", "7"]) == 0
    assert "bought within 7 days" in capsys.readouterr().out
    assert main([*db, "outcome", "orders", "1"]) != 0
    assert "Say what to set: --days 14, --use orders or --complete." in capsys.readouterr().err
