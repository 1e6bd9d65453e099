"""Reports of Mailchimp and Klaviyo as counts per version."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import FileRefused, NotAllowed
from engine.intake import campaign_reports
from engine.intake.campaign_reports import Version
from engine.intake.outcomes import Count
from tests.engine.intake.files import csv, said

AB = b"""Campaign Report
"Title:","Spring Promo"
"Delivery Date/Time:","Sat, May 1, 2021 10:15"

"Combination 1 Stats"
"Subject Line:","Spring Sale"
"Total Recipients:","1,751"
"Successful Deliveries:","1,742"
"Bounces:","9 (0.5%)"
"Recipients Who Clicked:","20 (1.1%)"
"Total Clicks:","157"

"Combination 2 Stats"
"Subject Line:","Limited Time"
"Total Recipients:","1,750"
"Successful Deliveries:","1,742"
"Recipients Who Clicked:","27 (1.5%)"
"Total Clicks:","624"

"Clicks by URL"
"URL","Total Clicks","Unique Clicks"
"""
TABLE = "Title,Subject,Successful Deliveries,Unique Clicks,Total Orders"


@pytest.fixture
def folder(datasets: Path) -> Path:
    return datasets / "layouts"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        # “Successful Deliveries” and “Recipients Who Clicked”; it names no orders
        ("mailchimp_campaign_single_report.csv", Version("Summer Sale Campaign", 995, 100, None)),
        # “Successful Deliveries”, “Unique Clicks”, “Total Orders”
        ("mailchimp_campaigns_aggregate.csv", Version("[06-10-18] Sample Styles", 108, 7, 0)),
        # “Successful Deliveries”, “Unique Clicks”, “Unique Placed Order”, all as floats
        ("klaviyo_campaigns.csv", Version("Sample promo", 121108, 770, 23)),
    ],
)
def test_the_samples(folder: Path, name: str, version: Version) -> None:
    assert campaign_reports.read((folder / name).read_bytes(), name) == (version,)


def test_orders_count_where_there_are_any_else_clicks(folder: Path) -> None:
    klaviyo = campaign_reports.read((folder / "klaviyo_campaigns.csv").read_bytes(), "k.csv")
    mailchimp = campaign_reports.read((folder / "mailchimp_campaigns_aggregate.csv").read_bytes(), "m.csv")
    assert klaviyo is not None
    assert mailchimp is not None
    counts, notes = campaign_reports.counts(klaviyo, ["A"], "k.csv")
    assert counts == (Count("A", 23, 121108),)
    assert "orders count as bought" in said(notes)
    counts, notes = campaign_reports.counts(mailchimp, ["A"], "m.csv")
    assert counts == (Count("A", 7, 108),)
    assert "people who clicked count as bought" in said(notes)


def test_the_blocks_of_an_a_b_test_are_its_versions() -> None:
    versions = campaign_reports.read(AB, "ab.csv")
    assert versions == (Version("Spring Sale", 1742, 20, None), Version("Limited Time", 1742, 27, None))
    counts, notes = campaign_reports.counts(versions, ["A", "B"], "ab.csv")
    assert counts == (Count("A", 20, 1742), Count("B", 27, 1742))
    assert "In the report A is “Spring Sale”, B is “Limited Time”." in said(notes)


def test_titles_that_end_with_a_letter_are_that_version() -> None:
    versions = campaign_reports.read(csv(TABLE, "Spring B,x,40,3,1", "Spring A,y,41,4,2"), "t.csv")
    assert versions is not None
    counts, _ = campaign_reports.counts(versions, ["A", "B"], "t.csv")
    assert set(counts) == {Count("B", 1, 40), Count("A", 2, 41)}


def test_one_version_reported_of_several_is_refused_in_one_sentence(folder: Path) -> None:
    versions = campaign_reports.read((folder / "klaviyo_campaigns.csv").read_bytes(), "k.csv")
    assert versions is not None
    with pytest.raises(NotAllowed) as caught:
        campaign_reports.counts(versions, ["A", "B"], "k.csv")
    assert str(caught.value) == (
        "k.csv reports all versions as one, and the campaign has A, B: export the report of each version."
    )


def test_more_campaigns_than_versions_are_refused() -> None:
    versions = campaign_reports.read(csv(TABLE, *(f"C{i},x,4,1,0" for i in range(3))), "t.csv")
    assert versions is not None
    with pytest.raises(NotAllowed, match="reports 3 campaigns or versions, and this campaign has 2: keep one"):
        campaign_reports.counts(versions, ["A", "B"], "t.csv")


def test_what_is_no_report_is_left_to_others() -> None:
    assert campaign_reports.read(csv("customer,outcome", "C1,1"), "p.csv") is None
    assert campaign_reports.read(b"", "p.csv") is None


def test_a_report_without_counts_is_refused() -> None:
    with pytest.raises(FileRefused, match="does not tell for each version"):
        campaign_reports.read(csv(TABLE, "A,x,n/a,1,0"), "t.csv")
    with pytest.raises(FileRefused, match="does not tell for each version"):
        campaign_reports.read(b'Campaign Report\n"Title:","x"\n', "t.csv")
