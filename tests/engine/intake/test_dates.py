"""Dates as files write them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.intake import dates
from tests.engine.intake.files import said


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
        ("2025-03-08T10:22:33.123Z", "2025-03-08T10:22:33"),
        ("2025-10-07 09:50:26+02:00", "2025-10-07T09:50:26"),
        ("2025-10-07 09:50 UTC+8", "2025-10-07T09:50:00"),
        ("2025/3/8", "2025-03-08T00:00:00"),
        ("25.3.8", "2025-03-08T00:00:00"),
        ("8.3.25", "2025-03-08T00:00:00"),
        ("25年3月8日", "2025-03-08T00:00:00"),
        ("2025年3月8日 下午3:05", "2025-03-08T15:05:00"),
        ("2025年3月8日 中午12:30", "2025-03-08T12:30:00"),
        ("2025年3月8日 星期六 晚上8点", "2025-03-08T20:00:00"),
        ("Mon, Apr 26, 2021 12:25", "2021-04-26T12:25:00"),
        ("Sat, 08 Mar 2025 10:22:33 +0000", "2025-03-08T10:22:33"),
        ("Sat Mar 08 2025 10:22:33 GMT+0800 (China Standard Time)", "2025-03-08T10:22:33"),
        ("Sat Mar  8 10:22:33 2025", "2025-03-08T10:22:33"),
        ("2014-12-06 02", "2014-12-06T02:00:00"),
        ("2014/12/06 02", "2014-12-06T02:00:00"),
        ("01JAN2025", "2025-01-01T00:00:00"),
        ("01JAN2025:10:22:33", "2025-01-01T10:22:33"),
        ("08/Mar/2025:10:22:33 +0800", "2025-03-08T10:22:33"),
        ("08-Mar-25", "2025-03-08T00:00:00"),
        ("20250308101112", "2025-03-08T10:11:12"),
        ("20250308T101112Z", "2025-03-08T10:11:12"),
        ("1741429353", "2025-03-08T10:22:33"),  # date -u -d @1741429353
        ("1741429353123", "2025-03-08T10:22:33"),
        ('="2025-03-08"', "2025-03-08T00:00:00"),
        ("\t2025-03-08\u00a010:22", "2025-03-08T10:22:00"),
        ("2025-03-08\n10:22:33", "2025-03-08T10:22:33"),
        ("2025-03-08 0:30 AM", "2025-03-08T00:30:00"),
    ],
)
def test_is_read(text: str, expected: str) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "yesterday",
            "2010-13-01",
            "31/31/2010",
            "3月8日",
            "1850-01-01",
            "9999-01-01",
            "17",
            "12:30",
            "2010-02-30",
        ),
        *(
            "2025-03-08 24:00",
            "2025-03-08 10:60",
            "2025-03-08 10:22:75",
            "2025年3月8日 晚上12:30",
            "2025-03",
            "1.5",
            "3.8",
        ),
        *("--", "2025/03/08-10:22", "2025-03-08 and more", "10.5.5.5", "5" * 500),
    ],
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


@settings(max_examples=60)
@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 12, 31)))
def test_iso_comes_back(when: datetime) -> None:
    text = when.isoformat(" ", "seconds")
    assert moment(text) == text.replace(" ", "T")


@settings(max_examples=100)
@given(st.lists(st.text(max_size=25), max_size=5))
def test_any_text_is_read_or_not(texts: list[str]) -> None:
    assert len(dates.read(texts).values) == len(texts)


TODAY = date(2026, 11, 26)


def days(texts: list[str], **settings: Any) -> list[str]:
    return [str(value)[:10] for value in dates.read(texts, **{"today": TODAY, **settings}).values]


def test_the_order_of_the_rows_tells_day_from_month() -> None:
    read = dates.read(["01/02/2025", "05/02/2025", "03/03/2025", "04/03/2025"])
    assert (read.day_first, read.assumed) == (True, False)
    assert "only so are the rows in order" in said(read.notes)
    down = dates.read(["04/03/2025", "03/11/2025", "02/05/2025", "01/12/2025"])
    assert (down.day_first, down.assumed) == (False, False)


def test_the_rows_and_not_the_texts_are_in_order() -> None:
    texts = ["05/02/2025", "03/03/2025", "01/02/2025", "04/03/2025"]
    assert dates.read(texts).assumed
    read = dates.read(texts, np.array([2, 2, 0, 1, 3, 3], dtype=np.int32))
    assert (read.day_first, read.assumed) == (True, False)


def test_no_order_is_of_tomorrow() -> None:
    read = dates.read(["05/12/2026"], today=TODAY)
    assert (read.day_first, read.assumed) == (False, False)
    assert "in the future" in said(read.notes)
    assert dates.read(["05/11/2026"], today=TODAY).assumed


def test_the_one_who_asked_decides() -> None:
    for day_first, expected in ((True, "2025-04-03"), (False, "2025-03-04")):
        read = dates.read(["03/04/2025"], day_first=day_first)
        assert (str(read.values[0])[:10], read.day_first, read.assumed) == (expected, day_first, False)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["25.12.10", "25.12.11", "26.1.3"], ["2025-12-10", "2025-12-11", "2026-01-03"]),
        (["25.3.8", "25.3.10"], ["2025-03-08", "2025-03-10"]),
        (["10.3.25", "8.3.25"], ["2025-03-10", "2025-03-08"]),
        (["10.12.25", "11.12.25"], ["2025-12-10", "2025-12-11"]),
        (["25/12/10", "26/12/10"], ["2010-12-25", "2010-12-26"]),
        (["25-12-10"], ["2025-12-10"]),
    ],
)
def test_a_short_year_is_at_the_end_where_the_column_says_so(texts: list[str], expected: list[str]) -> None:
    assert days(texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["3月8日"], ["2026-03-08"]),
        (["12月5日"], ["2025-12-05"]),
        (["8 Dec", "Mar 8"], ["2025-12-08", "2026-03-08"]),
        (["12月28日", "12月30日", "1月2日"], ["2025-12-28", "2025-12-30", "2026-01-02"]),
        (["1月5日", "1月2日", "12月30日"], ["2026-01-05", "2026-01-02", "2025-12-30"]),
        # the last row cannot be of the year before the first
        (["1月5日", "6月1日", "11月20日", "12月5日"], ["2025-01-05", "2025-06-01", "2025-11-20", "2025-12-05"]),
        (["2024年12月30日", "1月2日", "3月1日"], ["2024-12-30", "2025-01-02", "2025-03-01"]),
        (["2月29日"], ["2024-02-29"]),
    ],
)
def test_a_date_without_a_year_is_the_latest_in_its_row(texts: list[str], expected: list[str]) -> None:
    assert days(texts) == expected
    assert "without a year" in said(dates.read(texts, today=TODAY).notes)


def test_days_that_would_be_of_the_fifties_are_counted_as_sas_does() -> None:
    # SAS: '01JAN2014'd is 19724, '01MAR2025'd is 23801
    assert days(["19724", "23801"]) == ["2014-01-01", "2025-03-01"]
    assert "SAS" in said(dates.read(["19724"]).notes)
    assert days(["23801", "45000"]) == ["1965-02-28", "2023-03-15"]  # Excel's
    assert days(["23801"], born=True) == ["1965-02-28"]
    # SAS: '31DEC2024:00:00:00'dt is 2051222400, which in seconds of Unix lies in 2035
    assert days(["2051222400"]) == ["2024-12-31"]


def test_two_digits_of_a_birthday_are_no_year_to_come() -> None:
    assert days(["25/12/85", "25/12/30"], born=True) == ["1985-12-25", "1930-12-25"]
    assert days(["25/12/28"]) == ["2028-12-25"]


FORMS = (
    ("%Y-%m-%d %H:%M:%S", "seconds"),
    ("%Y/%m/%d %H:%M", "minutes"),
    ("%Y年%m月%d日 %H时%M分", "minutes"),
    ("%Y%m%d%H%M%S", "seconds"),
    ("%Y%m%dT%H%M%SZ", "seconds"),
    ("%d %b %Y %H:%M:%S", "seconds"),
    ("%d%b%Y:%H:%M:%S", "seconds"),
    ("%b %d, %Y %I:%M %p", "minutes"),
    ("%A, %B %d, %Y %H:%M", "minutes"),
    ("%a %b %d %H:%M:%S %Y", "seconds"),
    ("%Y-%m-%dT%H:%M:%S+0800", "seconds"),
    ("%y.%m.%d", "days"),
)


@settings(max_examples=200)
@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2026, 11, 26)), st.sampled_from(FORMS))
def test_what_is_written_comes_back(when: datetime, form: tuple[str, str]) -> None:
    pattern, unit = form
    if unit == "days":
        # 25.12.10 by itself has two readings; a neighbour that begins with the year tells
        texts = [when.strftime(pattern), when.strftime("%y.%m.") + "1"]
        if when.year < 2000:
            return
    else:
        texts = [when.strftime(pattern)]
    expected = np.datetime64(when).astype(f"datetime64[{ {'seconds': 's', 'minutes': 'm', 'days': 'D'}[unit] }]")
    assert dates.read(texts, today=TODAY).values[0] == expected


@settings(max_examples=60)
@given(
    st.lists(st.dates(min_value=date(2000, 1, 1), max_value=TODAY), min_size=1, max_size=8, unique=True),
    st.booleans(),
    st.sampled_from("/-."),
)
def test_a_column_is_read_as_it_was_written_or_assumed(found: list[date], day_first: bool, sign: str) -> None:
    texts = [one.strftime(f"%d{sign}%m{sign}%Y" if day_first else f"%m{sign}%d{sign}%Y") for one in found]
    read = dates.read(texts, today=TODAY, day_first=day_first)
    assert [value.item().date() for value in read.values] == found
    alone = dates.read(texts, today=TODAY)
    if any(one.day > 12 for one in found):
        assert (alone.day_first, alone.assumed) == (day_first, False)


def test_dates_with_points_have_the_day_first() -> None:
    read = dates.read(["04.03.2025", "05.03.2025", "05.03.2025 10:00"], today=TODAY)
    assert (read.day_first, read.assumed) == (True, False)
    assert [str(day) for day in read.values.astype("datetime64[D]")] == ["2025-03-04", "2025-03-05", "2025-03-05"]
    assert "dates with points" in str(read.notes)
    assert dates.read(["04.03.2025", "05/03/2025"], today=TODAY).assumed
    # what the file shows goes before
    assert dates.read(["04.03.2025", "03.14.2025"], today=TODAY).day_first is False
