"""Import, /sales and /quality, as the chat and the command line answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands import Request, commands
from bot.delivery import outgoing
from bot.language import language
from bot.replies import Picture, Reply, Text, plain
from engine import EngineError, Shop, silent

KEYLESS = "订单号,日期,商品,数量,单价\n" + "".join(
    f"{n},2025-05-{n % 25 + 1:02} 10:30,{'茶壶' if n % 2 else '茶杯'},1,{20 + n % 2}\n" for n in range(40)
)


@pytest.fixture
def keyless(tmp_path: Path) -> Path:
    path = tmp_path / "淘宝.csv"
    path.write_text(KEYLESS, encoding="utf-8")
    return path


def answer(shop: Shop, name: str, text: str = "", file: Path | None = None, code: str = "en") -> Reply:
    request = Request(code, text=text, file=file, file_name=None if file is None else file.name)
    return commands()[name].run(shop, request, silent)


def words(reply: Reply, code: str = "en") -> str:
    return "\n".join(plain(part.lines, language(code)) for part in reply.parts)


def test_a_file_without_customers_says_so_and_what_it_can_tell(shop: Shop, keyless: Path) -> None:
    reply = answer(shop, "import", file=keyless, code="zh")
    said = words(reply, "zh")
    assert "40笔订单没写客户" in said
    assert "是谁买的：文件里没有买家这一列，40笔订单只能看卖了什么、什么时候卖的。" in said
    assert isinstance(reply.parts[0], Picture)
    (text,) = [part for part in reply.parts if isinstance(part, Text)]
    first = text.buttons[0][0]
    assert (first.line, first.label.say(language("zh"))) == ("/sales", "生意怎么样？")
    business = answer(shop, "sales")
    assert isinstance(business.parts[0], Picture)
    said = words(business)
    assert "40 orders from 2025-05-01 to 2025-05-25, 820.00 in all" in said
    assert "茶壶: 420.00 (51%), 20 pieces" in said
    assert "The busiest hour is 10:00 to 11:00, with 100% of all orders." in said


def test_the_busiest_hour_is_told_of_orders_with_a_time(shop: Shop, tmp_path: Path) -> None:
    days = [f"{n},2025-05-{1 + n % 9:02d},a,5" for n in range(40)]
    times = [f"{n},2025-05-{1 + n % 9:02d} 10:05,c,5" for n in range(40, 80)]
    for name, rows in (("days", days), ("times", times)):
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(["order,date,customer,price", *rows]))
        answer(shop, "import", file=path)
    told = words(answer(shop, "sales"))
    assert "The busiest hour is 10:00 to 11:00, with 100% of the orders that tell their time of day." in told
    assert "40 orders have a date and no time of day; the hours are told without them." in told


@pytest.mark.parametrize("n", [2, 8])
def test_business_of_a_file_that_tells_days_and_amounts_only(shop: Shop, tmp_path: Path, n: int) -> None:
    """Nothing stands out, so that there is nothing to say below the picture, or instead of it."""
    path = tmp_path / "orders.csv"
    rows = [f"{k},C{k % 3},2026-0{1 + k % 8}-1{k % 8},{20 + k}.00" for k in range(n)]
    path.write_text("\n".join(["order id,customer id,date,amount", *rows]))
    answer(shop, "import", file=path)
    sent = outgoing(answer(shop, "sales"), language("en"))
    assert f"{n} orders from 2026-01-10" in sent[0].html
    assert [button.line for row in sent[-1].buttons for button in row] == ["/segments", "/quality"]
    assert all(message.html.strip() or message.picture for message in sent)


def test_quality_of_one_import_and_of_the_shop(shop: Shop, keyless: Path) -> None:
    answer(shop, "import", file=keyless)
    assert "How clean 淘宝.csv is" in words(answer(shop, "quality", "1"))
    assert "How clean your data are" in words(answer(shop, "quality"))
    for text in ("x", "1 2", "9"):
        with pytest.raises(EngineError):
            answer(shop, "quality", text)


def test_programs_get_limits_findings_and_sums(
    tmp_path: Path, keyless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*line: str) -> dict[str, object]:
        assert main(["--db", str(tmp_path / "zhike.db"), "--language", "en", "--json", *line]) == 0
        document: dict[str, object] = json.loads(capsys.readouterr().out)
        return document

    made = run("import", str(keyless))
    limits = made["limits"]
    assert isinstance(limits, list)
    assert [limit["limit"] for limit in limits] == ["buyer", "currency"]
    assert (made["orders_without_customer"], made["revenue_without_customer"]) == (40, 820.0)
    found = made["quality"]
    assert isinstance(found, list)
    assert [(one["check"], one["n"], one["fault"]) for one in found] == [("nobody", 40, False)]
    quality = run("quality")
    assert (quality["orders"], quality["findings"], quality["import"]) == (40, found, None)
    assert len(str(quality["in_order"])) > 100
    assert run("quality", "--import", "1")["import"] == 1
    sales = run("sales")
    assert (sales["orders"], sales["revenue"], sales["unit"], sales["without_customer"]) == (40, 820.0, "day", 40)
    assert sales["best"] == [
        {"name": "茶壶", "pieces": 20.0, "revenue": 420.0, "share": 0.512195},
        {"name": "茶杯", "pieces": 20.0, "revenue": 400.0, "share": 0.487805},
    ]
