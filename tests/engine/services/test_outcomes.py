"""Outcomes are taken as they are told, once, whole, with one sentence for what cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import store
from engine.errors import EngineError, FileRefused, NotAllowed, NotFound
from engine.experiments.tally import Tally
from engine.services.approvals import campaign_steps
from engine.services.outcomes import OutcomeReceipt, record_counts, record_people
from engine.shop import Shop
from engine.store import deliveries, outcomes
from tests.engine.services.sent import add_campaign, add_customers


@pytest.fixture
def campaign(shop: Shop) -> int:
    """40 messages of A, 41 of B; five people held out."""
    add_customers(shop, 90)
    return add_campaign(shop, [40, 41], held=5)


def told(receipt: OutcomeReceipt) -> dict[str, tuple[int, int]]:
    return {count.label: (count.conversions, count.reported) for count in receipt.counts}


def rows(shop: Shop, table: str) -> int:
    with shop.open() as db:
        return int(db.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def a_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "back.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_counts_are_taken(shop: Shop, campaign: int) -> None:
    receipt = record_counts(shop, campaign, "A 3/40, B 5/41", who="Wang")
    assert receipt.changed
    assert told(receipt) == {"A": (3, 40), "B": (5, 41)}
    assert receipt.notes == ()
    with shop.open() as db:
        trail = db.conn.execute("SELECT who, deed, subject FROM trail").fetchall()
    assert trail == [("Wang", "recorded", f"{campaign} changed 1 2")]


def test_newer_counts_take_the_place_of_older_ones_which_are_kept(shop: Shop, campaign: int) -> None:
    record_counts(shop, campaign, "A 3/40, B 5/41")
    receipt = record_counts(shop, campaign, "A 4/40")
    assert receipt.changed
    assert told(receipt) == {"A": (4, 40), "B": (5, 41)}
    assert [count.before for count in receipt.counts] == [(3, 40), None]
    assert rows(shop, "tallies") == 3


def test_the_same_counts_again_change_nothing(shop: Shop, campaign: int) -> None:
    record_counts(shop, campaign, "A 3/40, B 5/41")
    receipt = record_counts(shop, campaign, "B 5/41; A 3/40")
    assert not receipt.changed
    assert told(receipt) == {"A": (3, 40), "B": (5, 41)}
    assert rows(shop, "tallies") == 2
    assert rows(shop, "trail") == 1


@pytest.mark.parametrize(
    ("before", "now", "note"),
    [
        (
            *(30, 3),
            "A: 3 of 40, fewer than the 30 of 40 from before, which it replaces. If that is a slip, tell it again.",
        ),
        (3, 30, "A: 30 of 40; this replaces the 3 of 40 from before."),
    ],
)
def test_that_figures_replace_earlier_ones_is_told(shop: Shop, campaign: int, before: int, now: int, note: str) -> None:
    assert record_counts(shop, campaign, f"A {before}/40").notes == ()
    receipt = record_counts(shop, campaign, f"A {now}/40")
    assert told(receipt)["A"] == (now, 40)
    assert [str(said) for said in receipt.notes] == [note]


def test_none_of_none_is_nothing_to_note(shop: Shop, campaign: int) -> None:
    with pytest.raises(NotAllowed, match="0 of 0 tells nothing"):
        record_counts(shop, campaign, "A 0/0, B 0/0")
    assert rows(shop, "trail") == rows(shop, "tallies") == 0
    assert told(record_counts(shop, campaign, "A 0/0, B 1/2")) == {"A": (0, 0), "B": (1, 2)}


def test_what_was_told_is_in_the_campaigns_history(shop: Shop, campaign: int) -> None:
    record_counts(shop, campaign, "A 3/40", who="Wang")
    assert [(step.deed, step.who) for step in campaign_steps(shop, campaign)] == [("recorded", "Wang")]


def test_the_same_cause_acts_once(shop: Shop, campaign: int) -> None:
    first = record_counts(shop.caused_by("update 7"), campaign, "A 3/40")
    record_counts(shop.caused_by("update 8"), campaign, "B 5/41")
    again = record_counts(shop.caused_by("update 7"), campaign, "A 3/40")
    assert first.changed and again.changed
    assert rows(shop, "tallies") == 2


def test_a_cause_that_changed_nothing_undoes_nothing_when_it_comes_again(shop: Shop, campaign: int) -> None:
    record_counts(shop, campaign, "A 3/40")
    assert not record_counts(shop.caused_by("update 7"), campaign, "A 3/40").changed
    record_counts(shop, campaign, "A 4/40")
    again = record_counts(shop.caused_by("update 7"), campaign, "A 3/40")
    assert not again.changed
    assert told(again)["A"] == (4, 40)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A 5/3", "A 5/3 cannot be: more people bought than got a message"),
        ("A 3/400", "A 3/400 cannot be: only 40 messages of A were in campaign 1."),
        ("A 3/40, D 1/2", "has no version D; it has A, B."),
        ("went well", "“went well” is not understood. Write how many bought of how many messages, for example: A 3/40"),
        ("A 3/40, A 4/40", "A is there twice"),
    ],
)
def test_what_cannot_be_is_refused_whole(shop: Shop, campaign: int, text: str, sentence: str) -> None:
    with pytest.raises(EngineError) as refused:
        record_counts(shop, campaign, text)
    assert sentence in str(refused.value)
    assert rows(shop, "tallies") == rows(shop, "trail") == 0


def test_a_good_count_beside_a_bad_one_is_not_recorded(shop: Shop, campaign: int) -> None:
    with pytest.raises(NotAllowed):
        record_counts(shop, campaign, "A 3/40, B 5/410")
    assert rows(shop, "tallies") == 0


def test_only_an_approved_campaign_has_outcomes(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no campaign 9; none has been approved yet"):
        record_counts(shop, 9, "A 1/2")
    add_customers(shop, 9)
    draft = add_campaign(shop, [4, 5], status="draft")
    dropped = add_campaign(shop, [4, 5], status="dropped")
    with pytest.raises(NotAllowed, match="still a draft"):
        record_counts(shop, draft, "A 1/2")
    with pytest.raises(NotAllowed, match="was dropped"):
        record_people(shop, dropped, a_file(tmp_path, "customer\nC1\n"))
    approved = add_campaign(shop, [4, 5])
    with pytest.raises(NotFound, match=f"outcomes can be told for: {approved}"):
        record_counts(shop, 9, "A 1/2")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("customer,outcome\nC1,1\nC2,0\nC3,0\n", "utf-8"),
        ("customer,outcome\nC1,yes\nC2,no\nC3,no\n", "utf-8-sig"),
        ("客户编号,是否购买\nC1,是\nC2,否\nC3,否\n", "gb18030"),
        ("email;bought\nC1@Example.com;bought\nc2@example.com;no\nc3@example.com;no\n", "utf-8"),
        ("手机号,买了\n138 0000 0001,买了\n+86 13800000002,没买\n13800000003,没买\n", "utf-8"),
    ],
)
def test_people_are_taken(shop: Shop, campaign: int, tmp_path: Path, text: str, encoding: str) -> None:
    # C1 and C3 got A, C2 got B
    receipt = record_people(shop, campaign, a_file(tmp_path, text, encoding))
    assert receipt.changed
    assert told(receipt) == {"A": (1, 2), "B": (0, 1)}
    assert receipt.not_recorded == ()


def test_a_list_of_buyers_says_that_the_others_did_not_buy(shop: Shop, campaign: int, tmp_path: Path) -> None:
    receipt = record_people(shop, campaign, a_file(tmp_path, "customer\nC1\nC2\nC3\n"))
    assert told(receipt) == {"A": (2, 40), "B": (1, 41)}
    assert "all others who got a message count as not" in str(receipt.notes[0])
    later = record_people(shop, campaign, a_file(tmp_path, "customer\nC5\n"))
    assert told(later) == {"A": (3, 40), "B": (1, 41)}
    assert rows(shop, "outcomes") == 81


def test_the_same_file_again_changes_nothing(shop: Shop, campaign: int, tmp_path: Path) -> None:
    path = a_file(tmp_path, "customer,outcome\nC1,1\nC2,0\n")
    assert record_people(shop, campaign, path).changed
    again = record_people(shop, campaign, path)
    assert not again.changed
    assert told(again) == {"A": (1, 1), "B": (0, 1)}
    assert rows(shop, "trail") == 1


def test_rows_that_name_nobody_are_told_and_the_rest_is_taken(shop: Shop, campaign: int, tmp_path: Path) -> None:
    text = "customer,outcome\nC1,1\nC82,1\nnobody,0\nC2,maybe\nC3,\nC1,0\nC4,0\n"
    receipt = record_people(shop, campaign, a_file(tmp_path, text))
    assert told(receipt) == {"A": (1, 1), "B": (0, 1)}
    assert [(row.row, str(row.reason)) for row in receipt.not_recorded] == [
        (3, "was not sent this campaign"),
        (4, "was not sent this campaign"),
        (5, "has an outcome that is neither yes nor no"),
        (6, "has no outcome"),
        (7, "contradicts an earlier row"),
    ]
    assert "5 rows were not recorded, such as: row 3 “C82,1” was not sent this campaign" in str(receipt.notes[0])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("customer,outcome\nnobody,1\nnone,0\n", "None of the 2 rows of back.csv names someone who was sent campaign"),
        ("customer,outcome\n", "back.csv has a header but no rows"),
        ("customer,date,product,amount\nC1,2026-10-01,Tea,9\n", "looks like an export of orders: send it without"),
        (
            "订单编号,客户编号,下单时间,商品名称,数量,实付金额\n1,C1,2026-10-01,茶,1,9\n",
            "looks like an export of orders",
        ),
        ("order id,email,date,sku\n1,c1@example.com,2026-10-01,P1\n", "looks like an export of orders"),
        ("customer,name,email,phone,version,text\nC1,,,,A,Hello\n", "looks like the list to send"),
        ("客户编号,姓名,邮箱,手机,版本,内容\nC1,,,,A,您好\n", "looks like the list to send"),
        ("customer\n" + "\n".join(f"C{i}" for i in range(1, 82, 2)), "names everybody who got version A"),
        ("colour,outcome\nred,1\n", "has no column that names customers"),
        ("", "back.csv is empty"),
        ("\x00\x01\x02\x03", "is not a table"),
    ],
)
def test_a_file_with_nothing_to_take_is_refused(
    shop: Shop, campaign: int, tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        record_people(shop, campaign, a_file(tmp_path, text))
    assert sentence in str(refused.value)
    assert rows(shop, "outcomes") == rows(shop, "trail") == 0


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("customer,version,text,bought", "{},A,Hello,{}"),
        ("customer,date,product,amount,bought", "{},2026-10-01,Tea,9,{}"),
        ("customer,bought", "{},{}"),
    ],
)
def test_with_a_column_that_says_who_bought_everybody_may_be_named(
    shop: Shop, campaign: int, tmp_path: Path, header: str, row: str
) -> None:
    named = [row.format(f"C{i}", "yes" if i < 5 else "no") for i in range(1, 82)]
    receipt = record_people(shop, campaign, a_file(tmp_path, "\n".join([header, *named])))
    assert told(receipt) == {"A": (2, 40), "B": (2, 41)}


def test_buyers_may_have_a_name_and_the_day_on_which_they_bought(shop: Shop, campaign: int, tmp_path: Path) -> None:
    receipt = record_people(shop, campaign, a_file(tmp_path, "customer,name,date\nC1,Lin,2026-11-01\nC2,,2026-11-02\n"))
    assert told(receipt) == {"A": (1, 40), "B": (1, 41)}


def test_everybody_of_a_tiny_version_may_have_bought(shop: Shop, tmp_path: Path) -> None:
    add_customers(shop, 9)
    tiny = add_campaign(shop, [4, 4])
    receipt = record_people(shop, tiny, a_file(tmp_path, "customer\nC1\nC3\nC5\nC7\n"))
    assert told(receipt) == {"A": (4, 4), "B": (0, 4)}


def test_a_folder_is_told(shop: Shop, campaign: int, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is a folder; name a file in it"):
        record_people(shop, campaign, tmp_path)


def test_a_missing_file_is_told(shop: Shop, campaign: int, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="Cannot read"):
        record_people(shop, campaign, tmp_path / "gone.csv")


def test_an_e_mail_that_two_people_share_names_neither(shop: Shop, campaign: int, tmp_path: Path) -> None:
    with shop.open() as db:
        db.conn.execute("UPDATE customers SET email = 'c1@example.com' WHERE key = 'C2'")
    receipt = record_people(shop, campaign, a_file(tmp_path, "customer,outcome\nc1@example.com,1\nC3,0\n"))
    assert [str(row.reason) for row in receipt.not_recorded] == ["may be more than one customer"]
    assert told(receipt)["A"] == (0, 1)


def test_of_counts_and_people_the_newer_holds(shop: Shop, campaign: int, tmp_path: Path) -> None:
    record_counts(shop, campaign, "A 3/40, B 5/41")
    receipt = record_people(shop, campaign, a_file(tmp_path, "customer,outcome\nC1,1\nC3,0\n"))
    assert told(receipt) == {"A": (1, 2), "B": (5, 41)}
    assert "this replaces the 3 of 40" in str(receipt.notes[0])
    assert told(record_counts(shop, campaign, "A 4/40"))["A"] == (4, 40)


def test_a_file_says_nothing_of_variants_it_does_not_name(shop: Shop, campaign: int, tmp_path: Path) -> None:
    record_people(shop, campaign, a_file(tmp_path, "customer,outcome\nC1,1\nC2,0\n"))
    record_counts(shop, campaign, "B 5/41")
    receipt = record_people(shop, campaign, a_file(tmp_path, "customer,outcome\nC3,0\n"))
    assert told(receipt) == {"A": (1, 2), "B": (5, 41)}


def test_the_same_cause_takes_a_file_once(shop: Shop, campaign: int, tmp_path: Path) -> None:
    path = a_file(tmp_path, "customer,outcome\nC1,1\nnobody,0\n")
    first = record_people(shop.caused_by("update 7"), campaign, path)
    again = record_people(shop.caused_by("update 7"), campaign, path)
    assert first == again
    assert rows(shop, "trail") == rows(shop, "tallies") == 1


def test_people_of_a_workbook_are_taken(shop: Shop, campaign: int, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for row in (["customer", "outcome"], ["C1", 1], ["C2", 0]):
        book.active.append(row)
    book.save(tmp_path / "back.xlsx")
    assert told(record_people(shop, campaign, tmp_path / "back.xlsx")) == {"A": (1, 1), "B": (0, 1)}


def test_past_campaigns_of_one_kind_add_up_by_template(shop: Shop) -> None:
    add_customers(shop, 90)
    first = add_campaign(shop, [40, 41])
    second = add_campaign(shop, [40, 41], templates=["brief", "new"])
    other_goal = add_campaign(shop, [40, 41], goal="repeat_purchase")
    record_counts(shop, first, "A 1/40, B 2/41")
    record_counts(shop, first, "A 3/40")
    record_counts(shop, second, "A 4/20")
    record_counts(shop, other_goal, "A 9/40")
    with shop.open() as db:
        past = outcomes.past_tally(
            db, goal="win_back", channel="text", language="en", templates=["brief", "warm", "unheard"]
        )
    assert past == Tally(np.array([61, 40, 0]), np.array([6, 3, 0]))


REPORT = "Title,Subject,Successful Deliveries,Unique Clicks,Total Orders\nSpring A,x,38,9,{a}\nSpring B,y,40,8,{b}\n"


def test_a_report_of_mailchimp_is_taken_as_counts(shop: Shop, campaign: int, tmp_path: Path) -> None:
    receipt = record_people(shop, campaign, a_file(tmp_path, REPORT.format(a=3, b=5)))
    assert told(receipt) == {"A": (3, 38), "B": (5, 40)}
    assert "orders count as bought" in " ".join(map(str, receipt.notes))
    again = record_people(shop, campaign, a_file(tmp_path, REPORT.format(a=3, b=5)))
    assert not again.changed


def test_a_report_of_another_number_of_versions_changes_nothing(shop: Shop, campaign: int, tmp_path: Path) -> None:
    one = REPORT.format(a=3, b=5).rsplit("Spring B", 1)[0]
    with pytest.raises(NotAllowed, match="reports all versions as one, and the campaign has A, B"):
        record_people(shop, campaign, a_file(tmp_path, one))
    assert rows(shop, "tallies") == 0


def test_a_report_of_more_messages_than_were_sent_is_refused(shop: Shop, campaign: int, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="only 40 messages of A were in campaign 1"):
        record_people(shop, campaign, a_file(tmp_path, REPORT.format(a=3, b=5).replace("x,38", "x,400")))


def test_messages_of_which_nothing_was_told_wait(shop: Shop, campaign: int) -> None:
    receipt = record_counts(shop, campaign, "A 3/35, B 5/41")
    assert [str(note) for note in receipt.notes] == [
        "Of these messages nothing was told yet: A 5. They wait until you do."
    ]


def test_nothing_can_come_of_messages_that_never_went_out(shop: Shop, campaign: int) -> None:
    with shop.open() as db, store.transaction(db):
        deliveries.plan(db, campaign, deliveries.SMTP, shop.now())
        deliveries.put(db, campaign, 1, deliveries.REFUSED, shop.now())
    with pytest.raises(NotAllowed, match="No message of campaign 1 has gone out yet"):
        record_counts(shop, campaign, "A 3/40")
    assert rows(shop, "tallies") == 0
