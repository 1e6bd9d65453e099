"""A column “Total” is of the order or of the row: one reading for the whole file, always told. Sums are by hand."""

from __future__ import annotations

import pytest

from engine import columns as c
from engine.intake import fields as f
from engine.intake import orders as order_lines
from engine.intake import understand
from engine.intake.choices import Choice
from tests.engine.intake.files import TODAY, csv

HEADER = "Order ID,Date,Customer Email,Product,Quantity,Total"
OF_ORDERS = "so it was taken as the amount of the whole"
OF_ROWS = "fits what each row holds"
DIFFERENT = "differs between"
A_MUG_ALONE = (
    "1,2025-01-04,a@q.com,Mug,1,10.00",
    "1,2025-01-04,a@q.com,Tea,1,10.00",
    "2,2025-01-05,b@q.com,Mug,2,20.00",
)


def read(*rows: str, header: str = HEADER, choice: Choice | None = None) -> tuple[float, str]:
    """The money of all orders, and what is told of the column."""
    found = understand(csv(header, *rows), "a.csv", lambda headers: choice)
    told = order_lines.read(found.table, found.cells, TODAY)
    notes = [note for note in map(str, found.notes) if "Total" in note]
    return round(float(told.orders[c.REVENUE].sum()), 2), " ".join(notes)


@pytest.mark.parametrize(
    ("rows", "money", "reading"),
    [
        # a mug alone costs 10 a piece: the first order's rows are 10 each
        (A_MUG_ALONE, 40.0, OF_ROWS),
        # mug 10 and tea 5 alone: together they are the 15 that both rows state
        (
            (
                "1,2025-01-04,a@q.com,Mug,1,15",
                "1,2025-01-04,a@q.com,Tea,1,15",
                "2,2025-01-05,b@q.com,Mug,1,10",
                "3,2025-01-05,b@q.com,Tea,2,10",
            ),
            35.0,
            OF_ORDERS,
        ),
        # all cost 10 a piece, in orders of two and of three pieces
        (
            (
                "1,2025-01-04,a@q.com,Mug,1,10",
                "1,2025-01-04,a@q.com,Tea,1,10",
                "2,2025-01-05,b@q.com,Mug,1,10",
                "2,2025-01-05,b@q.com,Tea,1,10",
                "2,2025-01-05,b@q.com,Cup,1,10",
            ),
            50.0,
            OF_ROWS,
        ),
        # two pieces are 20 in all, three are 30
        (
            (
                "1,2025-01-04,a@q.com,Mug,1,20",
                "1,2025-01-04,a@q.com,Tea,1,20",
                "2,2025-01-05,b@q.com,Mug,1,30",
                "2,2025-01-05,b@q.com,Tea,1,30",
                "2,2025-01-05,b@q.com,Cup,1,30",
            ),
            50.0,
            OF_ORDERS,
        ),
        # nothing speaks for either: a number is of an order
        (("1,2025-01-04,a@q.com,Mug,1,10", "1,2025-01-04,a@q.com,Tea,1,10"), 10.0, OF_ORDERS),
        # one order whose rows differ settles it for all
        ((*A_MUG_ALONE, "3,2025-01-06,c@q.com,Mug,1,10", "3,2025-01-06,c@q.com,Tin,1,7"), 57.0, DIFFERENT),
    ],
)
def test_one_reading_for_the_whole_file(rows: tuple[str, ...], money: float, reading: str) -> None:
    total, told = read(*rows)
    assert total == money
    assert reading in told


def test_nothing_is_told_where_no_order_has_several_rows() -> None:
    assert read("1,2025-01-04,a@q.com,Mug,1,10", "2,2025-01-04,a@q.com,Tea,1,10") == (20.0, "")


def test_a_header_that_speaks_of_the_order_is_believed() -> None:
    header = HEADER.replace("Total", "Order Total")
    assert read(*A_MUG_ALONE, header=header) == (30.0, "")


def test_rows_without_an_order_number_are_each_for_themselves() -> None:
    rows = ("2025-01-04,a@q.com,Mug,10", "2025-01-04,a@q.com,Tea,10")
    total, told = read(*rows, header="Date,Customer Email,Product,Total")
    assert total == 20.0
    assert OF_ROWS in told


@pytest.mark.parametrize(("field", "money"), [(f.ORDER_TOTAL, 30.0), (c.REVENUE, 40.0)])
def test_what_the_founder_says_goes_before(field: str, money: float) -> None:
    assert read(*A_MUG_ALONE, choice=Choice("orders", {"Total": field}))[0] == money


def test_the_note_tells_the_words_that_change_it() -> None:
    assert '--map "Total=amount of the order"' in read(*A_MUG_ALONE)[1]
    assert '--map "Total=amount of the line"' in read(*A_MUG_ALONE[:2])[1]
