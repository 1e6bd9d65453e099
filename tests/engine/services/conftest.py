"""A shop that has been lived in, for tests of what becomes of its customers' data."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.services.campaigns import draft_campaign
from engine.services.lifecycle import find_stages
from engine.services.recommend import refresh_recommendations
from engine.services.segments import export_segment, find_segments
from engine.services.unsubscribing import ask_for_plain
from engine.services.value import value_report
from engine.shop import Shop
from tests.clock import noon
from tests.engine.services.demo_shop import put_demo

WHO = "K0003"  # was sent the demo's first campaign, and bought


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The demo shop with all that can be worked out of it, and a campaign that waits; to copy only."""
    shop = Shop(tmp_path_factory.mktemp("lived") / "shop.db", clock=noon)
    put_demo(shop)
    segments = find_segments(shop).segments
    find_stages(shop)
    refresh_recommendations(shop)
    value_report(shop)
    ask_for_plain(shop, WHO)
    of_them = next(one for one in segments if holds(shop, one.id))
    draft_campaign(shop, segment_id=of_them.id, goal="repeat_purchase")
    export_segment(shop, of_them.id)
    return shop


def holds(shop: Shop, segment: int) -> bool:
    with shop.open() as db:
        sql = (
            "SELECT 1 FROM memberships m JOIN customers u ON u.id = m.customer_id WHERE m.segment_id = ? AND u.key = ?"
        )
        return db.conn.execute(sql, [segment, WHO]).fetchone() is not None


@pytest.fixture
def full(lived_in: Shop, tmp_path: Path) -> Shop:
    folder = tmp_path / "shop"
    shutil.copytree(lived_in.path.parent, folder)
    return replace(lived_in, path=folder / "shop.db")
