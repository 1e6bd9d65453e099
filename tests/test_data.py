"""The demo shop: made by its script to the byte, and full enough that everything has something to show."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from engine.campaigns.templates import chosen, in_folder
from engine.places import shipped

DATA = shipped("data")
FILES = ("campaigns.csv", "customers.csv", "orders.csv", "products.csv")


@pytest.fixture(scope="module")
def made() -> dict[str, pd.DataFrame]:
    return {name: pd.read_csv(DATA / "demo" / name, dtype=str, keep_default_na=False) for name in FILES}


def test_the_script_makes_the_files_that_are_kept(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DATA / "make_demo.py", tmp_path], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DATA / "demo" / name).read_bytes(), name


def test_its_size(made: dict[str, pd.DataFrame]) -> None:
    assert len(made["customers.csv"]) == 300
    assert 1_500 <= len(made["orders.csv"]) <= 2_500
    assert len(made["products.csv"]) >= 30
    days = made["orders.csv"]["order_date"]
    assert days.min() >= "2025-05-01"
    assert "2026-10-25" < days.max() < "2026-11-01"


def test_nobody_in_it_can_be_reached(made: dict[str, pd.DataFrame]) -> None:
    customers = made["customers.csv"]
    assert customers["email"].str.fullmatch(r"(k\d{4}@example\.com)?").all()
    assert customers["phone"].str.fullmatch(r"(1000000\d{4}|\+44 7700 900\d{3}|\+1 604 555 01\d\d)?").all()
    assert customers["name"].is_unique


def test_it_has_something_of_everything(made: dict[str, pd.DataFrame]) -> None:
    customers, products, orders = made["customers.csv"], made["products.csv"], made["orders.csv"]
    assert {"granted", "withdrawn", ""} == set(customers["consent"])
    assert ((customers["consent"] == "") == (customers["consent_at"] == "")).all()
    assert set(products["product_id"]) == set(orders["product_id"])
    assert "" not in {*products["name_en"], *products["name_zh"]}
    assert customers["name"].str.isascii().sum() > 20
    assert {"completed", "cancelled", "refunded"} == set(orders["status"])
    n_orders = orders[orders["status"] == "completed"].groupby("customer_id")["order_id"].nunique()
    assert (n_orders == 1).sum() > 30
    assert (n_orders >= 6).sum() > 60


def test_what_goes_together_is_bought_together(made: dict[str, pd.DataFrame]) -> None:
    orders = made["orders.csv"]
    baskets = orders.groupby("product_id")["order_id"].agg(set)
    n = orders["order_id"].nunique()
    for one, other in (("T14", "A02"), ("T11", "A01"), ("C02", "C04"), ("A04", "C08")):
        together = len(baskets[one] & baskets[other])
        assert together * n / (len(baskets[one]) * len(baskets[other])) > 2, (one, other)


def test_the_past_campaigns_are_what_the_orders_say(made: dict[str, pd.DataFrame]) -> None:
    sent, orders, customers = made["campaigns.csv"], made["orders.csv"], made["customers.csv"]
    done = orders[(orders["status"] == "completed") & (orders["customer_id"] != "")]
    days = done.groupby("customer_id")["order_date"].agg(list)
    refused = customers[customers["consent"] == "withdrawn"].set_index("customer_id")["consent_at"]
    # an order whose customer the file lost still was the answer to a message
    lost = 0
    for row in sent.to_dict("records"):
        customer, at = row["customer_id"], row["sent_at"]
        until = str(pd.Timestamp(at) + pd.Timedelta(days=14))[:16]
        came = any(at < day <= until for day in days.get(customer, []))
        lost += came != (row["converted"] == "1")
        assert customer not in refused or refused[customer] > at[:10]
    assert lost <= 2
    assert sent["campaign"].nunique() == 2
    assert not sent.duplicated(["campaign", "customer_id"]).any()


def test_the_past_campaigns_were_written_from_templates_that_there_are(made: dict[str, pd.DataFrame]) -> None:
    sent = made["campaigns.csv"]
    for goal, group in sent[sent["variant"] != "holdout"].groupby("goal"):
        texts = chosen(in_folder(shipped("templates")), str(goal), channel="text", language="zh")
        assert {text.name for text in texts} == set(group["variant"])
