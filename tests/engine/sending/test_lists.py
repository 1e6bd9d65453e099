"""Lists to send: each layout as its tool wants it, and checked once more before it is written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engine.campaigns.exports import Row, export_layouts
from engine.errors import NotAllowed, NotFound
from engine.services.campaign_lists import export_campaign, take_back_list, write_campaign_list
from engine.services.campaigns import approve_campaign, draft_campaign, show_campaign
from engine.services.contact_rules import set_contact_rule
from engine.services.unsubscribing import ask_for_plain, subscribe, unsubscribe
from engine.shop import Shop
from tests.engine.sending.made import addresses, approved, later
from tests.engine.services.test_campaigns import filled, withdraw

ROW = Row(3, "K1", "Ann van Lee", "ann@x.example", "+441234567", "B", "Hi Ann\nBye", "News", None)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("layout", export_layouts().values(), ids=lambda layout: layout.name)
def test_a_layout_is_complete(layout: object) -> None:
    cells = layout.cells(ROW)  # type: ignore[attr-defined]
    assert len(cells) == len(layout.header)  # type: ignore[attr-defined]
    assert len(set(map(str, layout.header))) == len(layout.header)  # type: ignore[attr-defined]
    for told in (ROW.email, ROW.text, ROW.subject):
        assert told in cells
    assert any(cell is not None and "B" in cell for cell in cells)


def test_names_and_headers_as_the_tools_read_them() -> None:
    layouts = export_layouts()
    assert list(layouts) == ["plain", "klaviyo", "mailchimp"]
    # Mailchimp: "Format guidelines for your import file"; Klaviyo: "How to format your CSV"
    assert layouts["mailchimp"].header[:4] == ("Email Address", "First Name", "Last Name", "Phone Number")
    assert layouts["klaviyo"].header[:4] == ("Email", "First Name", "Last Name", "Phone Number")
    assert layouts["mailchimp"].cells(ROW)[:5] == ("ann@x.example", "Ann", "van Lee", "+441234567", "zhike-3-B")
    assert (
        Row(1, "K", "王小明", None, None, "A", "t").first_name,
        Row(1, "K", " ", None, None, "A", "t").first_name,
    ) == (
        "王小明",
        None,
    )


@pytest.mark.parametrize("layout", ["plain", "mailchimp", "klaviyo"])
def test_everybody_is_in_the_list_once(tmp_path: Path, layout: str) -> None:
    shop = approved(tmp_path / "shop.db")
    written = write_campaign_list(shop, 1, layout=layout)
    found = rows(written.path)
    column = {"plain": "email", "mailchimp": "Email Address", "klaviyo": "Email"}[layout]
    assert sorted(row[column] for row in found) == addresses(12)
    if layout != "plain":
        assert {row["Phone Number"] for row in found} == {f"+447700{900000 + i}" for i in range(1, 13)}
    assert show_campaign(shop, 1).went == {(f"list:{layout}", "handed over"): 12}
    again = write_campaign_list(later(shop, hours=3), 1, layout="klaviyo")
    assert (written.n_again, written.before) == (0, None)
    assert (again.n, again.n_again, again.before) == (12, 12, shop.now())
    assert take_back_list(later(shop, hours=4), 1).n == 12
    assert write_campaign_list(later(shop, hours=4), 1).n_again == 0


def test_the_rules_are_looked_at_once_more(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db")
    withdraw(shop, 1)
    unsubscribe(shop, "K2", channel="email")
    with shop.open() as db:
        db.conn.execute("UPDATE customers SET email = '138****@x.example' WHERE id = 3")
    written = write_campaign_list(shop, 1)
    assert (written.n, written.left_out) == (9, {"unsubscribed": 2, "no address for this channel": 1})
    withdraw(shop, *range(1, 13))
    with pytest.raises(NotAllowed, match="Everybody in campaign 1 has unsubscribed"):
        write_campaign_list(shop, 1)


def test_who_cannot_be_reached_there_is_told(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", channel="text")
    with shop.open() as db:
        db.conn.execute("UPDATE customers SET email = NULL WHERE id < 4")
    assert write_campaign_list(shop, 1).n == 12
    assert write_campaign_list(shop, 1, layout="mailchimp").left_out == {"no e-mail address": 3}
    with pytest.raises(NotFound, match="there are: plain, klaviyo, mailchimp"):
        write_campaign_list(shop, 1, layout="outlook")


def test_a_list_that_cannot_be_written_is_not_noted(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db")
    with pytest.raises(NotAllowed, match="Cannot write"):
        write_campaign_list(shop, 1, out=tmp_path / "nowhere" / "list.csv")
    assert show_campaign(shop, 1).went == {}


def test_who_got_enough_is_left_out(tmp_path: Path) -> None:
    shop = approved(tmp_path / "shop.db", channel="text")
    export_campaign(shop, 1)
    set_contact_rule(shop, "text cap 1/7")
    with pytest.raises(NotAllowed, match=r"got enough messages lately: 12"):
        draft_campaign(shop, segment_id=1, goal="repeat_purchase")
    assert draft_campaign(later(shop, days=8), segment_id=1, goal="repeat_purchase", holdout=0.0).audience == 12
    set_contact_rule(shop, "text cap default")
    drafts = [draft_campaign(shop, segment_id=1, goal="win_back", holdout=0.0) for _ in range(2)]
    set_contact_rule(shop, "text cap 2/7")
    approve_campaign(shop, drafts[0].campaign, who="owner")
    with pytest.raises(NotAllowed, match="nobody in campaign 4 may be written to"):
        approve_campaign(shop, drafts[1].campaign, who="owner")


def test_who_asked_for_no_personalisation_gets_the_plain_text(shop: Shop) -> None:
    segment = filled(shop, 6)
    assert ask_for_plain(shop, "K1").changed
    assert not ask_for_plain(shop, "K1").changed
    draft = draft_campaign(shop, segment_id=segment, goal="win_back", variants=["picked_for_you"], holdout=0.0)
    assert (draft.audience, draft.plain) == (6, 1)
    approve_campaign(shop, draft.campaign, who="owner")
    texts = {row["customer"]: row["text"] for row in rows(export_campaign(shop, draft.campaign))}
    assert not any(word in texts["K1"] for word in ("Name1", "Tea", "Cup"))
    assert "Name2" in texts["K2"]
    assert ask_for_plain(shop, "K1", plain=False).changed
    assert draft_campaign(shop, segment_id=segment, goal="win_back").plain == 0


def test_a_customer_may_say_yes_again(shop: Shop) -> None:
    segment = filled(shop, 4, consents={1: "withdrawn"})
    assert draft_campaign(shop, segment_id=segment, goal="win_back").excluded == {"unsubscribed": 1}
    assert subscribe(shop, "k1@example.com").changed
    assert draft_campaign(shop, segment_id=segment, goal="win_back").excluded == {}
    assert unsubscribe(shop, "Name1").customer.key == "K1"
    with pytest.raises(NotFound):
        unsubscribe(shop, "nobody")
