"""Files of customers."""

from __future__ import annotations

import pytest

from engine import columns as c
from engine.intake import reasons
from tests.engine.intake.files import csv, known, said


def test_a_chinese_file_of_customers() -> None:
    found, told = known(
        csv(
            "客户编号,姓名,手机号,邮箱,性别,生日,城市,省份,注册时间,兴趣,是否同意营销",
            "001,张三,138 0013 8000,Z@X.cn,女,1990-03-08,杭州,浙江,2024/01/05 10:00,茶，咖啡、茶,是",
        )
    )
    assert found.kind == "customers"
    row = told.people.iloc[0].to_dict()
    assert row == {
        c.CUSTOMER_KEY: "001",
        c.KEY_KIND: "id",
        c.KEYS: (("id", "001"), ("email", "z@x.cn"), ("phone", "13800138000")),
        c.NAME: "张三",
        c.EMAIL: "z@x.cn",
        c.PHONE: "13800138000",
        c.GENDER: "female",
        c.CITY: "杭州",
        c.REGION: "浙江",
        c.INTERESTS: "茶;咖啡",
        c.JOINED: "2024-01-05",
        c.BIRTH_YEAR: 1990,
        c.CONSENT: "granted",
        c.BOUGHT: True,
    }


@pytest.mark.parametrize(
    ("header", "cell", "expected"),
    [("birth year", "1985", 1985), ("年龄", "40岁", 1986), ("birthday", "08/03/1971", 1971), ("age", "31.0", 1995)],
)
def test_year_of_birth_from_what_the_file_has(header: str, cell: str, expected: int) -> None:
    _, told = known(csv(f"customer id,{header}", f"1,{cell}"))
    assert told.people[c.BIRTH_YEAR].tolist() == [expected]


def test_values_that_cannot_be_read_are_left_out_and_told() -> None:
    _, told = known(csv("customer id,birth year,gender", "1,1850,F", "2,1990,banana", "3,,"))
    assert told.people[c.BIRTH_YEAR].tolist() == [None, 1990, None]
    assert told.people[c.GENDER].tolist() == ["female", None, None]
    assert "1 value of year of birth could not be read" in said(told.notes)
    assert "1 value of gender could not be read" in said(told.notes)


def test_first_and_last_name_make_a_name() -> None:
    _, told = known(csv("customer id,first name,last name", "1,Ann,Lee", "2,三,张", "3,Bob,"))
    assert told.people[c.NAME].tolist() == ["Ann Lee", "张三", "Bob"]


def test_a_later_row_completes_and_corrects_an_earlier_one() -> None:
    _, told = known(csv("customer id,name,city", "1,Ann,Leeds", "2,Bob,", "1,,York"))
    assert told.people[[c.CUSTOMER_KEY, c.NAME, c.CITY]].values.tolist() == [["1", "Ann", "York"], ["2", "Bob", None]]


def test_rows_that_name_nobody_are_left_out() -> None:
    _, told = known(csv("customer id,email,city", "1,,Leeds", ",,York", ",a@x.org,Bath"))
    assert told.people[c.CUSTOMER_KEY].tolist() == ["1", "a@x.org"]
    assert told.rejected.values.tolist() == [[3, reasons.NO_CUSTOMER.message, ",,York"]]


def test_consent_said_once_withdrawn_stays_so() -> None:
    _, told = known(
        csv(
            "email,accepts marketing,unsubscribed",
            "a@x.org,yes,",
            "b@x.org,no,",
            "b@x.org,yes,",
            "c@x.org,maybe,",
            "d@x.org,yes,2024-05-01",
        )
    )
    assert told.people[c.CONSENT].tolist() == ["granted", "withdrawn", "withdrawn", "withdrawn"]
    assert [(said.channel, said.doubts) for said in told.consents] == [("any", ("", "", "maybe", ""))]
    assert "The consent of 1 person is neither yes nor no (“maybe”)" in said(told.notes)


def test_a_file_without_consent_says_so() -> None:
    _, told = known(csv("customer id,name", "1,Ann"))
    assert told.people[c.CONSENT].tolist() == [None]
    assert "No consent column" in said(told.notes)


@pytest.mark.parametrize("header", ["customer", "client", "buyer", "user", "客户", "顾客", "会员", "会员名", "用户"])
@pytest.mark.parametrize("called", ["name", "姓名", "full name"])
def test_beside_a_name_the_bare_word_is_the_number(header: str, called: str) -> None:
    found, told = known(csv(f"{header},{called},email", "c1,Ann,a@x.org"))
    assert told.people[[c.CUSTOMER_KEY, c.NAME, c.EMAIL]].values.tolist() == [["c1", "Ann", "a@x.org"]]
    assert found.notes == ()


def test_without_a_name_the_word_customer_is_the_name() -> None:
    _, told = known(csv("customer,email", "Ann,a@x.org"))
    assert told.people[[c.CUSTOMER_KEY, c.NAME]].values.tolist() == [["a@x.org", "Ann"]]


def test_a_masked_phone_is_shown_and_names_nobody() -> None:
    _, told = known(csv("姓名,手机号,邮箱", "甲,186******05,j***@x.cn", "乙,13800138000,"))
    assert told.people[c.CUSTOMER_KEY].tolist() == ["13800138000"]
    _, named = known(csv("customer id,phone,email", "1,186******05,j***@x.cn", "2,186******05,"))
    assert named.people[c.CUSTOMER_KEY].tolist() == ["1", "2"]
    assert named.people[c.PHONE].tolist() == ["186******05"] * 2
    assert named.people[c.EMAIL].tolist() == ["j***@x.cn", None]


def test_a_whole_phone_counts_more_than_a_newer_masked_one() -> None:
    _, told = known(csv("customer id,phone", "1,18600000005", "1,186******05"))
    assert told.people[c.PHONE].tolist() == ["18600000005"]


def test_birthdays_may_lie_far_back() -> None:
    _, told = known(csv("customer id,birthday", "1,25/12/85", "2,20500", "3,1990-05-01"))
    assert told.people[c.BIRTH_YEAR].tolist() == [1985, 1956, 1990]


def test_of_a_birthday_the_year_alone_is_kept_and_that_is_said() -> None:
    _, told = known(csv("customer id,birthday", "1,1990-03-08"))
    assert told.people[c.BIRTH_YEAR].tolist() == [1990]
    assert "Of a birthday only the year is kept." in said(told.notes)
    _, years = known(csv("customer id,birth year", "1,1990"))
    assert "Of a birthday" not in said(years.notes)
