"""Customers grouped by who they are, where, and what they like: from files to stored runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import columns as c
from engine.errors import NotAllowed, TooLittleData
from engine.feature_table import FeatureTable
from engine.features.bases import chosen, combined
from engine.services.bases import StoreSources, bases_named, basis_choices
from engine.services.imports import import_file
from engine.services.missing import set_treatment
from engine.services.segment_places import places_of
from engine.services.segments import find_segments, last_bases
from engine.shop import Shop
from tests.engine.services import shops

DEMO = Path(__file__).parents[3] / "data" / "demo"


def table_of(shop: Shop, *bases: str) -> FeatureTable:
    with shop.open() as db:
        return combined(chosen(bases), StoreSources(shop, db))


def people_file(path: Path, n: int = 40) -> Path:
    """Two kinds of people: the young, poor and content, the old, rich and discontent."""
    rows = ["id,birth_year,gender,city,Income,Education,interests,Happy"]
    for i in range(n):
        old = i % 2
        rows.append(
            f"P{i},{1955 if old else 1999},{'female' if i % 3 else 'male'},{'杭州' if i % 4 else '上海'},"
            f"{90000 + 10 * i if old else 20000 + 10 * i},{'PhD' if old else 'BA'},"
            f"{'tea;golf' if old else 'tea;books'},"
            f"{1 + i % 2 if old else 4 + i % 3 // 2}"
        )
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def people(shop: Shop, tmp_path: Path) -> Shop:
    import_file(shop, people_file(tmp_path / "people.csv"))
    return shop


def test_people_without_orders_are_grouped(people: Shop) -> None:
    report = find_segments(people, bases=("demographic", "psychographic"), k=2)
    assert [segment.size for segment in report.segments] == [20, 20]
    assert report.bases == ("demographic", "psychographic")
    assert [str(label) for label in report.basis_labels] == ["who they are", "what they like and think"]
    assert not any("not ordered" in str(caveat) for caveat in report.caveats)
    assert "statements" not in report.quality


def test_a_stored_run_answers_its_own_question_only(people: Shop) -> None:
    first = find_segments(people, bases=("demographic",), k=2)
    assert find_segments(people, bases=["demographic", "demographic"], k=2) == first
    assert find_segments(people, bases=("demographic", "psychographic"), k=2).run != first.run
    again = find_segments(people, bases=("demographic",), k=2)
    assert again.run > first.run
    set_treatment(people, "Income", "median")
    assert find_segments(people, bases=("demographic",), k=2).run > again.run


def test_what_was_grouped_by_last(people: Shop) -> None:
    assert last_bases(people) == ("behavioural",)
    find_segments(people, bases=("demographic",), k=1)
    assert last_bases(people) == ("demographic",)


def test_without_orders_it_says_what_there_is_to_group_by(people: Shop) -> None:
    with pytest.raises(
        TooLittleData, match=r"import a file of orders first\. You can group by: who they are \(demographic\)"
    ):
        find_segments(people)
    choices = {choice.name: choice.has_data for choice in basis_choices(people)}
    assert choices == {"behavioural": False, "demographic": True, "geographic": True, "psychographic": True}


def test_an_unknown_basis_stores_nothing(people: Shop) -> None:
    with pytest.raises(NotAllowed, match=r"cannot be grouped by horoscope"):
        find_segments(people, bases=("horoscope",))
    assert last_bases(people) == ("behavioural",)


def test_words_and_endless_numbers_in_a_column_of_numbers_are_gaps(people: Shop) -> None:
    with people.open() as db:
        (income,) = db.conn.execute("SELECT id FROM attributes WHERE key = 'income'").fetchone()
        db.conn.execute(
            "UPDATE answers SET value = 'a lot', number = NULL WHERE attribute_id = ? AND customer_id = 1", [income]
        )
        db.conn.execute(
            "UPDATE answers SET value = 'inf', number = 9e999 WHERE attribute_id = ? AND customer_id = 2", [income]
        )
    table = table_of(people, "demographic")
    assert np.isfinite(table.frame["income"]).all()
    said = [str(statement) for statement in table.statements]
    assert "Income: 2 answers are no numbers that can be reckoned with, and count as missing." in said


def test_gaps_are_treated_as_was_chosen(people: Shop) -> None:
    with people.open() as db:
        db.conn.execute("UPDATE customers SET birth_year = NULL WHERE id <= 4")
    left = table_of(people, "demographic")
    assert "Unknown for up to 4 of 40; for the grouping alone" in str(left.statements[-1])
    set_treatment(people, "year of birth", "delete")
    assert len(table_of(people, "demographic")) == 36
    set_treatment(people, "year of birth", "mean")
    filled = table_of(people, "demographic")
    assert "year of birth: 4 of 40 filled with the average" in str(filled.statements[0])
    with people.open() as db:
        assert db.conn.execute("SELECT count(birth_year) FROM customers").fetchone()[0] == 36


def test_bases_are_understood_in_the_words_of_the_face() -> None:
    def spoken(phrase: object) -> list[str]:
        return [str(phrase), {"who they are": "人群特征"}.get(str(phrase), str(phrase))]

    assert bases_named(["人群特征，geographic"], spoken) == ("demographic", "geographic")
    assert bases_named(["Behavioural:Cadence", "+demographic"], spoken) == ("behavioural:cadence", "demographic")
    assert bases_named(["sideways"], spoken) is None
    assert bases_named([], spoken) is None
    with pytest.raises(NotAllowed):
        bases_named(["demographic", "sideways"], spoken)


def test_all_habits_of_a_shop(shop: Shop) -> None:
    shops.fill(shop)
    table = table_of(shop, "behavioural:all")
    assert len(table) == 90
    keys = {feature.key for feature in table.features}
    assert keys >= {c.RECENCY_DAYS, c.GAP_DAYS, "products_per_order", "discount_share", "weekend_share"}
    assert not table.frame.isna().any().any()


def test_customers_and_money_by_province(shop: Shop) -> None:
    import_file(shop, DEMO / "orders.csv")
    import_file(shop, DEMO / "customers.csv")
    with shop.open() as db:
        places = places_of(db)
        (money,) = db.conn.execute("SELECT sum(revenue) FROM orders WHERE customer_id IS NOT NULL").fetchone()
    assert places is not None
    assert (places.level, places.n_known, places.n_unknown) == ("province", 300, 0)
    rows = (*places.rows, *places.others)
    assert sum(row.size for row in rows) == 300
    assert sum(row.money for row in rows) == pytest.approx(money)
    assert sum(row.share_of_money for row in rows) == pytest.approx(1)
    assert [row.money for row in places.rows] == sorted((row.money for row in places.rows), reverse=True)
    assert {row.name.en for row in places.rows} >= {"Shanghai", "Zhejiang"}
    assert "United Kingdom" in {row.key for row in places.others}


def test_where_no_place_is_known(shop: Shop) -> None:
    shops.fill(shop, size=2)
    with shop.open() as db:
        db.conn.execute("UPDATE customers SET city = NULL, region = NULL, country = NULL")
        assert places_of(db) is None
    with pytest.raises(TooLittleData, match=r"Nothing is known of where your customers are"):
        find_segments(shop, bases=("geographic",))


class TestRealFiles:
    def test_customer_personality(self, shop: Shop, datasets: Path) -> None:
        import_file(shop, datasets / "customer_personality.csv")
        people = table_of(shop, "demographic")
        assert [feature.key for feature in people.features] == [
            *("age", "education", "maritalstatus", "income", "kidhome", "teenhome")
        ]
        assert len(people) == 2240
        # three who live “alone”, two each who say “absurd” and “YOLO”
        assert (people.frame["maritalstatus"] == "other").sum() == 7
        buying = table_of(shop, "behavioural")
        assert len(buying.features) == 19
        assert "Not used, since everybody's is the same: Z_CostContact, Z_Revenue." in map(str, buying.statements)

    def test_young_people_survey(self, shop: Shop, datasets: Path) -> None:
        import_file(shop, datasets / "young_people_survey.csv")
        taste = table_of(shop, "psychographic")
        assert len(taste) == 1010
        assert len(taste.features) == 140
        kinds = [feature.kind for feature in taste.features]
        assert {kind: kinds.count(kind) for kind in set(kinds)} == {"scale": 135, "choice": 5}
        people = table_of(shop, "demographic")
        assert {"age", "gender", "height", "weight", "numberofsiblings", "onlychild"} <= set(people.frame.columns)
        assert list(table_of(shop, "geographic").frame.columns) == ["villagetown"]

    def test_superstore_s_regions(self, shop: Shop, datasets: Path) -> None:
        import_file(shop, datasets / "superstore_zh.xls")
        table = table_of(shop, "geographic")
        # of its cities, nine in ten customers would be elsewhere
        assert list(table.frame.columns) == [c.REGION]
        assert table.frame[c.REGION].value_counts().iloc[1:3].to_dict() == {"山东": 72, "广东": 66}
        assert table.frame[c.REGION].nunique() == 8
        with shop.open() as db:
            places = places_of(db)
        assert places is not None
        assert (places.level, len(places.rows), places.others) == ("province", 31, ())
        assert (places.rows[0].key, places.rows[0].size) == ("山东", 72)
