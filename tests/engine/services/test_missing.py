"""The report, the choices and what uses them, on a made shop."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import NotAllowed, NotFound, TooLittleData
from engine.phrases import Phrase
from engine.services.customer_table import export_features
from engine.services.imports import import_file
from engine.services.missing import clear_treatment, missing_field, missing_report, set_treatment
from engine.services.segments import find_segments
from engine.shop import Shop
from engine.store import missing as stored
from engine.store import transaction
from tests.engine.services import shops


@pytest.fixture
def tea(shop: Shop) -> Shop:
    """91 customers: regulars born in 1970 in 杭州, others in 1990 in 北京; every fourth has no birth year."""
    shops.fill(shop)
    with shop.open() as db, transaction(db):
        db.conn.execute("UPDATE customers SET birth_year = CASE substr(key, 1, 1) WHEN 'R' THEN 1970 ELSE 1990 END")
        db.conn.execute("UPDATE customers SET city = CASE substr(key, 1, 1) WHEN 'R' THEN '杭州' ELSE '北京' END")
        db.conn.execute("UPDATE customers SET birth_year = NULL WHERE id % 4 = 0")
        db.conn.execute("UPDATE customers SET city = NULL WHERE key = 'N1'")
    return shop


def customers_as_stored(shop: Shop) -> list[tuple[object, ...]]:
    with shop.open() as db:
        return list(db.conn.execute("SELECT * FROM customers ORDER BY id").fetchall())


def test_an_empty_shop_misses_nothing_yet(shop: Shop) -> None:
    with pytest.raises(TooLittleData, match="send a file of orders or customers first"):
        missing_report(shop)
    with pytest.raises(TooLittleData):
        export_features(shop)


def test_the_report_counts_each_field(tea: Shop) -> None:
    report = missing_report(tea)
    told = {one.gaps.field.key: one for one in report.fields}
    # of 90 every third has a word on record and every tenth, which is 30 + 9 - 3; N1 has none
    assert {key: one.gaps.n_missing for key, one in told.items()} == {
        "name": 0, "email": 91, "phone": 91, "gender": 91, "birth_year": 22, "city": 1, "region": 91, "country": 91,
        "joined": 91, "interests": 91, "consent": 55, "buyer": 0, "price": 6, "category": 6,
    }  # fmt: skip
    assert {one.gaps.n for one in report.fields} == {91, 6, n_orders(tea)}
    assert told["birth_year"].suggestion is not None
    assert told["email"].suggestion is None
    assert (told["birth_year"].chosen, told["birth_year"].treatment) == (None, "none")
    lifecycle = next(use for use in report.uses if use.key == "lifecycle")
    assert (lifecycle.n, lifecycle.total) == (1, 91)


def n_orders(shop: Shop) -> int:
    with shop.open() as db:
        return stored.n_orders(db)


def test_orders_without_a_buyer_are_counted(tea: Shop) -> None:
    with tea.open() as db, transaction(db):
        db.conn.execute("UPDATE orders SET customer_id = NULL WHERE id % 10 = 0")
        (n,) = db.conn.execute("SELECT count(*) FROM orders WHERE customer_id IS NULL").fetchone()
    (buyer,) = [one for one in missing_report(tea).fields if one.gaps.field.key == "buyer"]
    assert buyer.gaps.n_missing == n > 20


def test_a_field_is_found_by_its_names(tea: Shop) -> None:
    detail = missing_field(tea, "Year of Birth")
    assert detail.field.gaps.field.key == "birth_year"
    assert missing_field(tea, detail.field.ref).field == detail.field
    assert (
        missing_field(tea, "出生", lambda phrase: ["出生"] if str(phrase) == "year of birth" else []).field
        == detail.field
    )
    assert {use.key for use in detail.uses} == {"age", "birthday"}
    refused = {option.name for option in detail.options if option.refusal is not None}
    assert refused == {"interpolate"}
    with pytest.raises(NotFound, match="no field “shoe size”; there are: customer name, e-mail"):
        missing_field(tea, "shoe size")
    with pytest.raises(NotFound, match="Only what is known of customers is ever filled in"):
        missing_field(tea, "price")


def test_a_choice_is_kept_until_it_is_cleared(tea: Shop) -> None:
    assert set_treatment(tea, "birth_year", "median").changed
    assert not set_treatment(tea, "year of birth", "median").changed
    assert missing_field(tea, "birth_year").field.chosen == "median"
    assert clear_treatment(tea, "birth_year").changed
    assert not clear_treatment(tea, "birth_year").changed
    assert missing_field(tea, "birth_year").field.chosen is None


def test_what_cannot_be_chosen_changes_nothing(tea: Shop) -> None:
    set_treatment(tea, "city", "neighbours")
    with pytest.raises(NotAllowed, match="There is no average of city"):
        set_treatment(tea, "city", "mean")
    with pytest.raises(NotAllowed, match="Other people's data cannot tell consent"):
        set_treatment(tea, "consent", "mode")
    with pytest.raises(NotAllowed, match="no treatment named magic"):
        set_treatment(tea, "city", "magic")
    with tea.open() as db:
        assert stored.choices(db) == {"city": "neighbours"}


def test_a_repeated_update_acts_once(tea: Shop) -> None:
    caused = tea.caused_by("update 7")
    set_treatment(caused, "birth_year", "median")
    set_treatment(tea, "birth_year", "mean")
    set_treatment(caused, "birth_year", "median")  # told again after a crash: what came later stands
    with tea.open() as db:
        assert stored.choices(db) == {"birth_year": "mean"}
        deeds = db.conn.execute("SELECT subject FROM trail WHERE deed = 'treated' ORDER BY id").fetchall()
    assert deeds == [("birth_year median",), ("birth_year mean",)]


def test_nothing_filled_is_ever_stored(tea: Shop) -> None:
    before = customers_as_stored(tea)
    for field, treatment in (("birth_year", "iterative"), ("city", "neighbours"), ("consent", "none")):
        set_treatment(tea, field, treatment)
    made = export_features(tea)
    assert made.n_filled == 23
    find_segments(tea)
    missing_report(tea)
    assert customers_as_stored(tea) == before


def test_the_table_marks_what_was_filled(tea: Shop, tmp_path: Path) -> None:
    set_treatment(tea, "birth_year", "neighbours")
    made = export_features(tea, tmp_path / "all.csv")
    with made.path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    people, notes = rows[:91], [row["customer"] for row in rows[91:]]
    filled = [row for row in people if row["filled in"]]
    assert {row["filled in"] for row in filled} == {"year of birth"}
    assert len(filled) == made.n_filled == 22
    assert {row["customer"][0] for row in filled if row["year of birth"] == "1970"} == {"R"}
    assert notes == [f"# {statement}" for statement in made.statements]
    assert "# year of birth: 22 of 91 filled from the 5 most similar customers." in notes
    (newcomer,) = [row for row in people if row["customer"] == "N1"]
    assert (newcomer["orders"], newcomer["days since the last order"], newcomer["city"]) == ("0", "", "")


def test_who_is_left_out_is_told(tea: Shop) -> None:
    set_treatment(tea, "birth_year", "delete")
    made = export_features(tea)
    assert (made.n_customers, made.n_known, made.n_filled) == (69, 91, 0)
    assert "year of birth: 22 of 91 without it left out." in [str(statement) for statement in made.statements]


def test_segments_tell_ages_and_how_gaps_were_treated(tea: Shop) -> None:
    report = find_segments(tea)
    lines = {segment.key: str(report.people[segment.id]) for segment in report.segments}
    # as of 2026-11-21
    assert lines["regulars-who-spend-big"] == "typically 56 years old, 100% from 杭州"
    assert set(lines.values()) == {"typically 56 years old, 100% from 杭州", "typically 36 years old, 100% from 北京"}
    assert [str(statement) for statement in report.statements] == [
        "year of birth: unknown for 22 of 91, and left so.",
        "city: unknown for 1 of 91, and left so.",
    ]
    set_treatment(tea, "birth_year", "mode")
    (told, _) = find_segments(tea).statements
    assert str(told) == "year of birth: 22 of 91 filled with the most common one, 1990."


def test_what_else_files_tell_is_a_field_too(tea: Shop) -> None:
    with tea.open() as db, transaction(db):
        db.conn.execute("INSERT INTO attributes (id, key, name, kind) VALUES (1, 'income', 'Income', 'number')")
        db.conn.execute(
            "INSERT INTO answers (customer_id, attribute_id, value, number) SELECT id, 1, '', "
            "CASE substr(key, 1, 1) WHEN 'R' THEN 90000 ELSE 40000 END + id FROM customers WHERE id % 3 > 0"
        )
    income = missing_field(tea, "Income").field
    assert (income.gaps.n_missing, income.gaps.field.kind, income.gaps.field.whole) == (30, "number", True)
    assert income.suggestion is not None
    # regulars earn more, and orders tell who is one
    assert income.suggestion.trials["neighbours"] < 0.2 * income.suggestion.trials["median"]
    set_treatment(tea, "income", "neighbours")
    assert "Income: 30 of 91 filled from the 5 most similar customers." in map(str, export_features(tea).statements)


def test_a_question_called_like_a_field(shop: Shop, tmp_path: Path) -> None:
    """In a survey “Country” is a kind of music; and a table of customers may bring its own “monetary”."""
    path = tmp_path / "survey.csv"
    path.write_text("customer,age,Country,monetary\n" + "".join(f"{i},3{i},{i % 5 + 1},1{i}\n" for i in range(9)))
    import_file(shop, path)
    told = {one.gaps.field.key: one.gaps.n_missing for one in missing_report(shop).fields}
    assert (told["country"], told["answer country"], told["answer monetary"]) == (9, 0, 0)
    assert missing_field(shop, "country").field.gaps.field.key == "country"
    assert missing_field(shop, "Country").field.gaps.field.key == "answer country"
    assert export_features(shop).n_customers == 9


def test_segments_of_a_shop_that_knows_nobody(shop: Shop) -> None:
    shops.fill(shop)
    report = find_segments(shop)
    assert (dict(report.people), report.statements) == ({}, ())


def test_the_demos_choices_go_with_it(shop: Shop, tmp_path: Path) -> None:
    demo = Path(__file__).parents[3] / "data" / "demo"
    import_file(shop, demo / "customers.csv", demo=True)
    set_treatment(shop, "birth_year", "median")
    own = tmp_path / "own.csv"
    own.write_text("customer_id,name,birth_year\nA1,Ann,1990\nA2,Bo,\n", encoding="utf-8")
    import_file(shop, own)
    with shop.open() as db:
        assert stored.choices(db) == {}
    assert missing_field(replace(shop, seed=3), "birth_year").field.gaps.n_missing == 1


def test_phrases_have_all_their_facts(tea: Shop) -> None:
    report = missing_report(tea)
    said: list[Phrase] = [use.sentence for use in report.uses]
    said += [sentence for one in report.fields for sentence in one.gaps.sentences]
    said += [one.suggestion.reason for one in report.fields if one.suggestion is not None]
    assert len(said) > 20
    assert not [str(phrase) for phrase in said if "{" in str(phrase)]


def test_segments_of_a_shop_that_knows_places_and_no_ages(tea: Shop) -> None:
    with tea.open() as db, transaction(db):
        db.conn.execute("UPDATE customers SET birth_year = NULL")
    report = find_segments(tea)
    lines = {segment.key: str(report.people[segment.id]) for segment in report.segments if segment.id in report.people}
    assert lines["regulars-who-spend-big"] == "100% from 杭州"
