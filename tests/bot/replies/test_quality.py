"""The check-up of the data, as it is told."""

from __future__ import annotations

from bot.replies import File, Reply, Text, plain
from bot.replies.quality import is_long, quality_reply
from engine import ENGLISH, Finding, Phrase, QualityReport

ODD = Finding("future", 9, Phrase("9 odd."), Phrase("A slip."), Phrase("Mend it."), (Phrase("one"), Phrase("two")))
NOTE = Finding("nobody", 1, Phrase("1 note."), Phrase("So it is."), is_fault=False)
LOOKED_AT = (Phrase("dates in the future"), Phrase("prices below zero"))


def report(*findings: Finding, name: str | None = None) -> QualityReport:
    return QualityReport(None if name is None else 3, name, 10, 4, findings, LOOKED_AT)


def told(reply: Reply) -> str:
    return "\n".join(plain(part.lines, ENGLISH) for part in reply.parts if isinstance(part, Text))


def test_an_empty_report_says_what_was_looked_at() -> None:
    assert told(quality_reply(report(), None)).splitlines() == [
        "How clean your data are",
        "I found nothing odd.",
        "",
        "Looked at and in order: dates in the future, prices below zero.",
        "Nothing was changed.",
    ]


def test_a_finding_has_examples_what_it_means_and_what_to_do() -> None:
    text = told(quality_reply(report(ODD, NOTE, name="may.csv"), None))
    assert "How clean may.csv is\n1 thing to look at.\n\n9 odd.\n  • one\n  • two\nA slip. → Mend it.\n" in text
    assert "\n1 note.\nSo it is.\n" in text


def test_notes_alone_are_nothing_to_mend() -> None:
    assert "Nothing needs mending" in told(quality_reply(report(NOTE), None))


def test_a_long_report_shows_some_and_brings_a_list() -> None:
    long = Finding(**{**ODD.__dict__, "examples": tuple(Phrase(f"example {n}") for n in range(5))})
    assert is_long(report(long))
    assert not is_long(report(ODD, NOTE))
    reply = quality_reply(report(long), b"sheet")
    assert isinstance(reply.parts[0], File)
    assert "example 2\n  • and others like these" in told(reply)
    assert "example 3" not in told(reply)


def test_it_leads_from_a_file_to_the_shop() -> None:
    def lines(reply: Reply) -> list[str]:
        (text,) = reply.parts
        assert isinstance(text, Text)
        return [button.line for row in text.buttons for button in row]

    assert lines(quality_reply(report(name="may.csv"), None)) == ["/quality", "/sales"]
    assert lines(quality_reply(report(), None)) == ["/sales"]


def test_nothing_to_check_is_not_in_order() -> None:
    text = told(quality_reply(QualityReport(None, None, 0, 0, (), ()), None))
    assert "There is nothing to check yet" in text
    assert "nothing odd" not in text
    assert "in order" not in text
    of_file = told(quality_reply(QualityReport(3, "goods.csv", 0, 0, (), ()), None))
    assert "this file brought none" in of_file


def test_many_things_in_order_are_counted() -> None:
    many = tuple(Phrase(f"thing {n}") for n in range(13))
    assert "13 other kinds of fault were looked for and not found." in told(
        quality_reply(QualityReport(None, None, 10, 4, (ODD,), many), None)
    )
    assert "I looked for 13 kinds of fault." in told(quality_reply(QualityReport(None, None, 10, 4, (), many), None))
