"""/share and zhike share: a card first, the report by a button, the same again for nothing, and files to pass on."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import Request, commands
from bot.commands.share import Wish, wish_of
from bot.language import language
from bot.replies import File, Picture, Reply, Text, markup
from bot.replies.share_files import report_charts, report_html, report_json
from engine import ENGLISH, NotAllowed, Shop, make_report, offer_report, privacy_budget, silent
from tests.bot.talk import buttons, running_bot, text_of, with_button
from tests.engine.services.demo_shop import put_demo
from tests.engine.services.shops import fill


def answer(shop: Shop, text: str, code: str = "en", **more: object) -> Reply:
    return commands()["share"].run(shop, Request(code, text=text, **more), silent)  # type: ignore[arg-type]


def words(reply: Reply, code: str = "en") -> str:
    texts = [part for part in reply.parts if isinstance(part, Text)]
    return "\n".join(line for part in texts for line in markup(part.lines, language(code)))


def lines_of(reply: Reply) -> dict[str, str]:
    texts = [part for part in reply.parts if isinstance(part, Text)]
    return {button.label.say(ENGLISH): button.line for part in texts for row in part.buttons for button in row}


async def test_a_report_from_the_card_to_the_files(shop: Shop) -> None:
    put_demo(shop)
    async with running_bot(shop) as founder:
        (card,) = await founder.says("/share")
        said = text_of([card])
        assert "It uses 0.50 of the privacy budget, of which 2.00 of 2.00 is left" in said
        assert "Overview, Where customers stand, Segments by orders and time" in said
        assert "most groups will be too small to tell" in said  # 300 customers
        assert "This is the demo shop" in said
        await founder.presses(card, "Say for whom")
        (card,) = await founder.says("the investor")
        assert "For: the investor" in text_of([card])
        answers = await founder.presses(card, "Make it (uses 0.50 of the budget)")
        said = text_of(answers)
        assert "0.50 was spent on it; 1.50 of 2.00 is left" in said
        assert "1.65 times as likely" in said
        assert "Report 1, for the investor, is below." in said
        files = {message["document"]["file_name"]: message for message in answers if "document" in message}
        assert set(files) == {"report-1.html", "report-1.json"}
        document = json.loads(await founder.downloads(files["report-1.json"]))
        assert document["epsilon"] == 0.5
        # the button of the card is gone, and what it said costs nothing any more
        assert not any("Make it" in button["text"] for message in answers for button in buttons(message))
        (card,) = await founder.says("/share")
        assert "Report 1 was made of the same data" in text_of([card])
        again = await founder.presses(card, "Show the same report")
        assert "so nothing was spent; 1.50 of 2.00 is left" in text_of(again)
        (budget,) = await founder.says("/share budget")
        assert "report 1 of 2026-11-23: 0.50, as of 2026-11-23, for the investor" in text_of([budget])
        handed = await founder.presses(with_button([budget], "Pass report 1 on"), "Pass report 1 on")
        assert any("document" in message for message in handed)
    assert privacy_budget(shop)[0].spent == 0.5


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Wish()),
        ("1", Wish(1.0)),
        ("0.25 groups 4 until 2026-10-31 for the investor", Wish(0.25, 4, date(2026, 10, 31), "the investor")),
        ("g3 @2026-10-31 给投资人", Wish(0.5, 3, date(2026, 10, 31), "投资人")),
        ("for  Ann   Bell", Wish(for_whom="Ann Bell")),
        ("for 0.5", Wish(for_whom="0.5")),
    ],
)
def test_what_the_words_mean(text: str, wish: Wish) -> None:
    assert wish_of(text) == wish
    assert wish_of(f"{wish.words} for {wish.for_whom}" if wish.for_whom else wish.words) == wish


@pytest.mark.parametrize("text", ["soon", "nan", "inf", "until tomorrow", "groups many", "0.5 please"])
def test_words_that_mean_nothing_are_answered_with_an_example(shop: Shop, text: str) -> None:
    fill(shop)
    with pytest.raises(NotAllowed, match="2026-10-31"):
        answer(shop, text)
    assert privacy_budget(shop)[0].spent == 0.0


def test_a_note_is_as_long_as_a_button_can_bear(shop: Shop) -> None:
    fill(shop)
    card = answer(shop, "0.25 groups 4 until 2026-10-31 给 " + "投" * 9)
    assert any(line.endswith("投" * 9) for line in lines_of(card).values())
    with pytest.raises(NotAllowed, match="28 letters, or 9 Chinese"):
        answer(shop, "0.25 groups 4 until 2026-10-31 给 " + "投" * 10)


def test_a_small_shop_is_offered_less_noise(shop: Shop) -> None:
    fill(shop)
    card = answer(shop, "for Ann")
    (line,) = [line for label, line in lines_of(card).items() if label == "Less noise, for 1.00"]
    assert line == "/share 1 for Ann"
    assert "It uses 1.00" in words(answer(shop, line.removeprefix("/share ")))


def test_when_it_is_spent_there_is_no_button_to_make_one(shop: Shop) -> None:
    fill(shop)
    for epsilon in (1.0, 0.9):
        make_report(shop, epsilon=epsilon)
    labels = lines_of(answer(shop, ""))
    assert not any(label.startswith(("Make it", "Less noise")) for label in labels)
    assert "Reports so far, and the budget" in labels
    with pytest.raises(NotAllowed, match=r"only 0\.10 of 2\.00 is left"):
        answer(shop, "make 0.5")


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_report_in_both_languages(shop: Shop, code: str) -> None:
    put_demo(shop)
    reply = answer(shop, "make 1 groups 2", code)
    said = words(reply, code)
    assert ("掺" in said or "误差" in said) if code == "zh" else "give or take" in said
    if code == "zh":
        assert "不管谁看这份报告" in said
        assert not re.search(r"[a-z]{4,}", re.sub(r"k-means|/share|report-\d", "", said))
    assert any(isinstance(part, Picture) and part.content[:4] == b"\x89PNG" for part in reply.parts)
    page = next(part for part in reply.parts if isinstance(part, File) and part.name.endswith(".html"))
    assert f'<html lang="{code}">' in page.content.decode()


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert not any(name in ("src", "href") or name.startswith("on") for name, _ in attrs)


def test_the_files_hold_released_figures_and_nobody(shop: Shop) -> None:
    """No customer, product, shop name, place in the file system or day of an import; nothing to load from elsewhere."""
    put_demo(shop)
    made = make_report(shop, for_whom="the investor")
    with shop.open() as db:
        people = [row[0] for row in db.conn.execute("SELECT name FROM customers UNION SELECT key FROM customers")]
        goods = [row[0] for row in db.conn.execute("SELECT name FROM products UNION SELECT name_zh FROM products")]
        mails = [row[0] for row in db.conn.execute("SELECT email FROM customers")]
    for spoken in (ENGLISH, language("zh")):
        page = report_html(made.report, spoken).decode()
        text = page + json.dumps(report_json(made.report, spoken), ensure_ascii=False)
        assert not [name for name in (*people, *goods, *mails) if name and name in text]
        assert not [word for word in ("investor", "zhike", "知客", "shop.db", "orders.csv") if word in text]
        tags = Tags()
        tags.feed(page)
        assert tags.found == {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "ul", "li"}


def test_every_figure_is_told_with_its_range_or_not_at_all(shop: Shop) -> None:
    put_demo(shop)
    document = report_json(make_report(shop).report, ENGLISH)
    figures = [figure for section in document["sections"] for figure in section["figures"]]
    assert len(figures) > 50
    for figure in figures:
        known = [figure[key] is not None for key in ("value", "low", "high")]
        assert all(known) or not any(known)
        if figure["value"] is not None:
            assert figure["low"] <= figure["value"] <= figure["high"]


def test_the_picture_has_only_what_is_shown(shop: Shop) -> None:
    put_demo(shop)
    report = make_report(shop, epsilon=1.0).report
    charts = report_charts(report)
    shown = {str(entry.label) for section in report.sections for entry in section.shown}
    assert charts
    assert {str(row.label) for chart in charts for row in chart.rows} <= shown


# the command line


@pytest.fixture
def filled(shop: Shop) -> Shop:
    fill(shop)
    return shop


def test_the_command_line_shows_the_card_first(filled: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--db", str(filled.path), "--language", "en", "share"]) == 0
    assert "Nothing was made yet: the same with --yes makes it." in capsys.readouterr().out
    assert privacy_budget(filled)[0].spent == 0.0
    assert offer_report(filled).same is None


def test_the_command_line_makes_it_with_yes(filled: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["--db", str(filled.path), "--language", "en", "share", "--json"]
    out = tmp_path / "out"
    assert main([*command, "--yes", "--epsilon", "0.75", "--for", "Ann", "--out", str(out)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["made"], made["number"], made["for"]) == (True, 1, "Ann")
    assert made["budget"] == {"total": 2.0, "spent": 0.75, "left": 1.25}
    assert json.loads((out / "report-1.json").read_text(encoding="utf-8")) == made["report"]
    assert main([*command, "--yes", "--epsilon", "0.75"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["made"], again["report"]) == (False, made["report"])
    assert main([*command, "--again", "1", "--for", "Ben"]) == 0
    assert json.loads(capsys.readouterr().out)["report"] == made["report"]
    assert main([*command, "--budget"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["spent"], told["left"]) == (0.75, 1.25)
    (report,) = told["reports"]
    assert [copy["for"] for copy in report["passed_on"]] == ["", "Ben"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--epsilon", "3"], "0.10 to 1.00"),
        (["--epsilon", "nan"], "0.10 to 1.00"),
        (["--until", "soon"], "is no day"),
        (["--groups", "99"], "2 to 8"),
        (["--again", "4"], "No report was made yet"),
        (["--again", "99999999999999999999"], "No report was made yet"),
    ],
)
def test_the_command_line_refuses_in_one_sentence(
    filled: Shop, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert main(["--db", str(filled.path), "--language", "en", "share", "--yes", *options]) == 2
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1
