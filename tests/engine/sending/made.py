"""Shops and clocks for tests of sending."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from engine import ENGLISH, Language, Mail
from engine.services.campaigns import approve_campaign, draft_campaign
from engine.services.sending import SendReport, send_campaign
from engine.shop import Shop
from tests.clock import NOON, At
from tests.engine.services.test_campaigns import filled


def later(shop: Shop, **time: float) -> Shop:
    return replace(shop, clock=At(NOON + timedelta(**time)))


def approved(path: Path, n: int = 12, *, channel: str = "email") -> Shop:
    """A shop with campaign 1 to `n` people, approved at noon; the clock is an hour after."""
    shop = Shop(path, clock=At())
    draft = draft_campaign(shop, segment_id=filled(shop, n), goal="win_back", channel=channel, holdout=0.0)
    approve_campaign(shop, draft.campaign, who="owner")
    return later(shop, hours=1)


def english(code: str) -> Language:
    return ENGLISH


def send(shop: Shop, mail: Mail, most: int | None = None) -> SendReport:
    return send_campaign(shop, 1, mail, languages=english, most=most, sleep=lambda seconds: None)


def addresses(n: int) -> list[str]:
    return sorted(f"k{i}@example.com" for i in range(1, n + 1))
