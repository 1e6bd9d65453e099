"""Dates as files write them."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake import dates


def moment(text: str) -> str:
    """ISO, or NaT."""
    return str(dates.read([text]).values[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2010-12-01 08:26:00", "2010-12-01T08:26:00"),
        ("2010-12-01T08:26:00Z", "2010-12-01T08:26:00"),
        ("2025-10-07 09:50:26 +0200", "2025-10-07T09:50:26"),
        ("2025-10-07 09:50:26.123456", "2025-10-07T09:50:26"),
        ("2010-12-01", "2010-12-01T00:00:00"),
        ("2010/12/1 8:26", "2010-12-01T08:26:00"),
        ("2010.12.01", "2010-12-01T00:00:00"),
        ("2026年3月8日", "2026-03-08T00:00:00"),
        ("2026年3月8日 10时5分", "2026-03-08T10:05:00"),
        ("２０２６-０３-０８", "2026-03-08T00:00:00"),
        ("20260308", "2026-03-08T00:00:00"),
        ("20260308 1005", "2026-03-08T10:05:00"),
        ("40513.351388889", "2010-12-01T08:26:00"),  # Excel's number for 1 December 2010, 8:26
        ("'2026-03-08", "2026-03-08T00:00:00"),
        ("Jun 09, 2018 09:30 pm", "2018-06-09T21:30:00"),
        ("9 June 2018", "2018-06-09T00:00:00"),
        ("12/25/2010 12:05 AM", "2010-12-25T00:05:00"),
        ("25.12.2010", "2010-12-25T00:00:00"),
        ("25/12/10", "2010-12-25T00:00:00"),
    ],
)
def test_is_read(text: str, expected: str) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2010-13-01", "31/31/2010", "3月8日", "1850-01-01", "9999-01-01", "17", "12:30", "2010-02-30"],
)
def test_is_not_read(text: str) -> None:
    assert moment(text) == "NaT"


def test_the_whole_column_tells_day_from_month() -> None:
    day_first = dates.read(["03/04/2025", "25/04/2025"])
    assert [str(value)[:10] for value in day_first.values] == ["2025-04-03", "2025-04-25"]
    assert (day_first.day_first, day_first.assumed) == (True, False)
    month_first = dates.read(["03/04/2025", "04/25/2025"])
    assert [str(value)[:10] for value in month_first.values] == ["2025-03-04", "2025-04-25"]
    assert (month_first.day_first, month_first.assumed) == (False, False)


def test_day_first_is_assumed_and_said_so_where_nothing_tells() -> None:
    read = dates.read(["03/04/2025", ""])
    assert str(read.values[0])[:10] == "2025-04-03"
    assert read.assumed


def test_a_date_that_contradicts_the_column_is_not_read() -> None:
    read = dates.read(["25/04/2025", "26/04/2025", "04/25/2025"])
    assert np.isnat(read.values).tolist() == [False, False, True]


@settings(max_examples=60, deadline=None)
@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 12, 31)))
def test_iso_comes_back(when: datetime) -> None:
    text = when.isoformat(" ", "seconds")
    assert moment(text) == text.replace(" ", "T")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=25), max_size=5))
def test_any_text_is_read_or_not(texts: list[str]) -> None:
    assert len(dates.read(texts).values) == len(texts)
