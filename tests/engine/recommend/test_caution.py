from __future__ import annotations

from engine.recommend.caution import caution

PLENTY = {"customers": 4000, "orders": 20_000, "products": 3000}
FEW = {"customers": 40, "orders": 90, "products": 15}


def test_a_personal_list_from_plenty_of_data_needs_no_word() -> None:
    assert caution([True, True], PLENTY) is None


def test_a_list_that_is_the_same_for_all_is_called_so() -> None:
    said = "This customer has not bought a product yet, so these are simply the ones most people buy now."
    assert str(caution([False, False], PLENTY)) == said
    assert str(caution([False, False], FEW)) == said


def test_a_small_shop_is_told_how_little_it_rests_on() -> None:
    assert str(caution([True, False], FEW)) == "Take this as a hint: it rests on the orders of 40 customers."


def test_fillers_are_counted() -> None:
    assert str(caution([True, True, False], PLENTY)).startswith("1 of these is not personal")
    assert str(caution([True, False, False], PLENTY)).startswith("2 of these are not personal")
