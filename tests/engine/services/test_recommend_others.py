"""What groups want, who for a product, who is due, what is similar, and what a text means."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engine import load_demo, store
from engine.errors import NotAllowed, NotFound, TooLittleData
from engine.phrases import Phrase
from engine.services.lifecycle import find_stages
from engine.services.lifecycle_people import lifecycle_audience
from engine.services.meant import meanings, segment_meant
from engine.services.recommend import recommend_for
from engine.services.recommend_due import due_audience, due_list, export_due
from engine.services.recommend_people import export_recommendations, first_choices, recommend_for_segment
from engine.services.recommend_who import export_who, product_audience, who_for_product
from engine.services.recommendation_rules import change_rules
from engine.services.refusals import refuse, refuse_all
from engine.services.segment_rules import save_rule
from engine.services.similar import similar_to
from engine.shop import Shop
from engine.store import segments
from tests.engine.services.test_recommend import CUP, ORDERS, TEA, fill


@pytest.fixture(scope="module")
def demo_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = Shop(tmp_path_factory.mktemp("demo") / "shop.db")
    load_demo(shop)
    find_stages(shop)
    recommend_for(shop, "K0003")
    return shop.path


@pytest.fixture
def demo(demo_path: Path, tmp_path: Path) -> Shop:
    copy = tmp_path / "shop.db"
    copy.write_bytes(demo_path.read_bytes())
    return Shop(copy)


@pytest.fixture
def tea_shop(shop: Shop) -> Shop:
    fill(shop, ORDERS)
    return shop


def english(phrase: Phrase) -> list[str]:
    return [str(phrase)]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def segment_of(shop: Shop, *customers: int) -> int:
    with shop.open() as db, store.transaction(db):
        run = db.conn.execute(
            "INSERT INTO runs (kind, method, settings, seed, data_version, quality, at) "
            "VALUES ('segments', 'kmeans', '{}', 1, 1, '{}', '2026-11-01T00:00:00+00:00')"
        ).lastrowid
        name = '{"": "phrase", "message": "Regulars", "plural": null, "facts": {}}'
        segment = db.conn.execute(
            "INSERT INTO segments (run_id, key, name, sentence, rules, profile, size, share_of_customers, "
            "share_of_revenue) VALUES (?, 'regulars', ?, ?, '[]', '{}', ?, 0.5, 0.5)",
            [run, name, name, len(customers)],
        ).lastrowid
        db.conn.executemany(
            "INSERT INTO memberships (run_id, customer_id, segment_id) VALUES (?, ?, ?)",
            [(run, customer, segment) for customer in customers],
        )
    assert segment is not None
    return segment


def test_what_a_segment_would_want(tea_shop: Shop) -> None:
    found = recommend_for_segment(tea_shop, segment_of(tea_shop, 1, 2, 3), each=2)
    # 1 gets tea and then the cup; 2 and 3 have bought both
    assert [(wish.product, wish.n, wish.n_again, wish.n_personal) for wish in found.wishes] == [
        ("T", 3, 3, 3),
        ("C", 3, 2, 3),
    ]
    assert (found.n_people, found.n_without, found.n_wishes, found.each) == (3, 0, 2, 2)
    assert "5 customers" in str(found.note)


def test_everyones_own_products_as_a_list(tea_shop: Shop) -> None:
    segment = segment_of(tea_shop, 1, 7)
    ann, stranger = rows_of(export_recommendations(tea_shop, segment, each=2))
    assert (ann["customer"], ann["product 1"], ann["product 2"]) == ("C1", "Tea", "Cup")
    assert ann["why 1"].startswith("bought twice, 34 days apart")
    assert stranger["why 1"].startswith("popular, not personal")
    assert len(rows_of(export_recommendations(tea_shop))) == 7


def test_a_group_under_rules(tea_shop: Shop) -> None:
    segment = segment_of(tea_shop, 1, 2, 3)
    recommend_for_segment(tea_shop, segment)
    refuse(tea_shop, "C2", "T")
    refuse_all(tea_shop, "C3")
    found = recommend_for_segment(tea_shop, segment, each=1)
    assert [(wish.product, wish.n) for wish in found.wishes] == [("T", 1), ("C", 1)]
    assert (found.n_people, found.n_without) == (2, 1)
    assert first_choices(tea_shop, segment) == {1: TEA, 2: CUP}
    assert [row["customer"] for row in rows_of(export_recommendations(tea_shop, segment))] == ["C1", "C2"]


def test_who_for_a_product(tea_shop: Shop) -> None:
    found = who_for_product(tea_shop, "cup")
    # 2 and 3 bought it before; tea speaks for it to 1
    assert [(one.customer.key, one.again) for one in found.rows] == [("C2", True), ("C3", True), ("C1", False)]
    assert (found.total, found.n_again, found.n_buyers) == (3, 2, 2)
    assert str(found.rows[2].reason) == "2 people who bought Tea also bought this"
    assert [one.customer.key for one in who_for_product(tea_shop, "C", 1, offset=2).rows] == ["C1"]
    refuse(tea_shop, "C3", "cup")
    refuse_all(tea_shop, "C2")
    assert [one.customer.key for one in who_for_product(tea_shop, "cup").rows] == ["C1"]
    change_rules(tea_shop, "exclude C")
    assert who_for_product(tea_shop, "cup").rows == ()
    with pytest.raises(NotAllowed, match="There is nobody yet of whom it is known that they may want Cup"):
        product_audience(tea_shop, "cup")


def test_a_product_nobody_bought(tea_shop: Shop) -> None:
    with tea_shop.open() as db, store.transaction(db):
        db.conn.execute("INSERT INTO products (id, key, name) VALUES (9, 'N', 'Novelty')")
    found = who_for_product(tea_shop, "Novelty")
    assert (found.total, found.n_buyers) == (0, 0)
    assert str(found.note).startswith("Nobody has bought it yet")
    assert str(similar_to(tea_shop, "Novelty").note).startswith("Nobody has bought it yet")


def test_a_product_audience_is_the_same_while_it_is_the_same_people(demo: Shop) -> None:
    found = who_for_product(demo, "T08", 400)
    audience = product_audience(demo, "T08")
    assert audience.size == found.n_likeliest == 30  # a tenth of 300
    with demo.open() as db:
        assert segments.members(db, audience.id) == sorted(one.customer.id for one in found.rows[:30])
    assert product_audience(demo, "T08") == audience
    assert product_audience(demo, "T08", 3).size == 3
    scores = [one.score for one in found.rows]
    assert scores == sorted(scores, reverse=True)
    assert len(rows_of(export_who(demo, "T08"))) == found.total
    refuse(demo, found.rows[0].customer.key, "T08")
    assert product_audience(demo, "T08").id != audience.id


def test_who_is_due(demo: Shop) -> None:
    found = due_list(demo, 1_000)
    assert 0 < found.n_customers <= found.total == len(found.rows)
    for row in found.rows:
        one = row.purchase
        assert one.due <= found.until
        assert one.high >= found.on
        assert one.last < one.due
    late = next(row for row in found.rows if row.purchase.due < found.on)
    assert str(late.when) == f"{(found.on - late.purchase.due).days} days overdue"
    first = found.rows[0].purchase
    assert [row.purchase for row in due_list(demo, 2, offset=1).rows] == [row.purchase for row in found.rows[1:3]]
    audience = due_audience(demo)
    assert audience.size == found.n_customers
    assert due_audience(demo) == audience
    assert len(rows_of(export_due(demo))) == found.total
    refuse(demo, first.customer.key, first.product.key)
    pairs = {(row.purchase.customer.key, row.purchase.product.key) for row in due_list(demo, 1_000).rows}
    assert len(pairs) == found.total - 1
    assert (first.customer.key, first.product.key) not in pairs


def test_a_due_product_is_told_in_the_customers_list(demo: Shop) -> None:
    row = due_list(demo, 1).rows[0]
    items = recommend_for(demo, row.purchase.customer.key, 10).items
    assert {item.product: str(item.due) for item in items if item.due}[row.purchase.product.key] == str(row.when)


def test_nobody_is_due(tea_shop: Shop) -> None:
    assert due_list(tea_shop).rows == ()
    with pytest.raises(NotAllowed, match="Nobody is due for a repeat purchase this week"):
        due_audience(tea_shop)


def test_what_is_similar(tea_shop: Shop) -> None:
    found = similar_to(tea_shop, "茶")
    (cup,) = found.together
    assert (cup.product.key, cup.n_common, found.n_buyers) == ("C", 2, 3)
    assert found.note is None
    assert str(similar_to(tea_shop, "Pot").note).startswith("No other product has been bought")
    change_rules(tea_shop, "exclude C")
    assert similar_to(tea_shop, "T").together == ()


@pytest.mark.parametrize("n", [0, 51])
def test_how_many_are_similar_is_bounded(tea_shop: Shop, n: int) -> None:
    with pytest.raises(NotAllowed, match=f"Cannot show {n} similar products: ask for 1 to 50"):
        similar_to(tea_shop, "T", n)


def test_a_shop_without_orders(shop: Shop) -> None:
    fill(shop, [])
    with pytest.raises(TooLittleData, match="No order names both"):
        due_list(shop)
    with pytest.raises(TooLittleData, match="No order names both"):
        who_for_product(shop, "T")
    with pytest.raises(NotFound, match="no segment 7"):
        recommend_for_segment(shop, 7)


def meant(shop: Shop, text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.key) for one in meanings(shop, text, english).found]


def test_what_a_text_means(tea_shop: Shop) -> None:
    segment = segment_of(tea_shop, 1, 2)
    assert meant(tea_shop, "c1") == [("customer", "C1")]
    assert meant(tea_shop, "name 3") == [("customer", "C3")]
    assert meant(tea_shop, "TEA") == [("product", "T")]
    assert meant(tea_shop, "regulars") == [("group", "regulars")]
    assert meant(tea_shop, "regu") == [("group", "regulars")]
    # a product's number goes before the customers whose name has it in it
    assert meant(tea_shop, "P") == [("product", "P")]
    # several are called so: it is to be asked
    assert meant(tea_shop, "Li") == [("customer", "C6"), ("customer", "C7")]
    assert meant(tea_shop, "e") == [
        *(("customer", f"C{n}") for n in range(1, 8)),
        ("group", "regulars"),
        ("product", "T"),
        ("product", "X"),
    ]
    with pytest.raises(NotFound, match="Nothing is called “xyz”"):
        meanings(tea_shop, "xyz", english)
    with pytest.raises(NotFound):
        meanings(tea_shop, " ", english)
    for text in ("C1", "Tea", "Regulars"):
        (one,) = meanings(tea_shop, text, english).found
        assert meanings(tea_shop, one.ref, english).found == (one,)
    assert segment_meant(tea_shop, f"#s{segment}") == segment
    assert segment_meant(tea_shop, "#p1") is None


def test_groups_of_the_lifecycle_and_the_owners_own_are_meant_as_well(demo: Shop) -> None:
    save_rule(demo, "Teapots: orders >= 3", "owner")
    assert meant(demo, "teapots") == [("group", "rule-teapots")]
    (churn,) = meanings(demo, "churn", english).found
    segment = segment_meant(demo, churn.ref)
    assert segment == lifecycle_audience(demo, "churn").id
    assert recommend_for_segment(demo, segment).n_people > 0
