"""A person's own data: every table that would lose a row if they were forgotten has it in the export."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.language import speaker
from engine.errors import NotFound
from engine.privacy.personal_words import COLUMNS, SECTIONS
from engine.services.forgetting import forget_customer
from engine.services.personal_data import (
    personal_data_as_json,
    personal_data_as_text,
    personal_data_of,
    write_personal_data,
)
from engine.services.unsubscribing import unsubscribe
from engine.shop import Shop
from engine.store.forgetting import counts, listed
from engine.store.personal import PERSONAL
from engine.store.personal_data import columns
from tests.engine.services.conftest import WHO


def test_every_personal_table_and_column_has_words(shop: Shop) -> None:
    assert set(SECTIONS) == set(PERSONAL)
    with shop.open() as db:
        for table in PERSONAL:
            assert set(columns(db, table)) <= set(COLUMNS), table


def test_all_that_would_go_is_told(full: Shop) -> None:
    unsubscribe(full, WHO)
    data = personal_data_of(full, WHO)
    with full.open() as db, listed(db, [data.customer.id]):
        there = counts(db)
    there.pop("updated_customers", None)  # that a list was renewed says nothing of them
    assert {section.table: len(section.rows) for section in data.sections} == there
    assert set(there) >= {"customers", "orders", "lines", "sends", "consents", "memberships", "standings", "forecasts"}


def test_programs_and_people_can_read_it(full: Shop) -> None:
    unsubscribe(full, WHO, channel="email")
    data = personal_data_of(full, WHO)
    document = json.loads(personal_data_as_json(data))
    sections = {section["table"]: section for section in document["sections"]}
    assert sections["customers"]["rows"][0]["email"] == "k0003@example.com"
    said = sections["consents"]["rows"][-1]
    assert (said["channel"], said["state"], said["how"]) == ("email", "withdrawn", "told by owner")
    assert said["at"].startswith("2026-11-23")
    assert any("Julia" in row["text"] for row in sections["sends"]["rows"])
    assert isinstance(sections["memberships"]["rows"][0]["segment_id"], str)
    text = personal_data_as_text(data).decode("utf-8-sig")
    assert "What is kept of Julia Porter" in text
    assert "An estimate from the dates and sums of your orders alone" in text
    chinese = personal_data_as_text(data, speaker("zh")).decode("utf-8-sig")
    assert "Who you are" not in chinese
    assert "Julia Porter" in chinese


def test_it_is_written_for_its_owner_only_and_forgotten_with_them(full: Shop, tmp_path: Path) -> None:
    data = personal_data_of(full, WHO)
    paths = write_personal_data(full, data)
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600, 0o600]
    assert WHO not in "".join(path.name for path in paths)
    forget_customer(full, WHO)
    assert not any(path.exists() for path in paths)
    with pytest.raises(NotFound):
        personal_data_of(full, WHO)
