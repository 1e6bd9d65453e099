"""A campaign begins with what the shop's earlier ones showed."""

from __future__ import annotations

from dataclasses import replace

from engine.services.campaigns import approve_campaign, draft_campaign
from engine.services.outcomes import record_counts
from engine.shop import Shop
from tests.engine.services.test_campaigns import filled


def test_the_next_draft_goes_by_what_was_told(shop: Shop) -> None:
    segment = filled(shop, 120)
    first = draft_campaign(shop, segment_id=segment, goal="win_back", holdout=0.0)
    sizes = {variant.label: variant.n for variant in first.variants}
    assert max(sizes.values()) - min(sizes.values()) <= 1
    assert any("Nothing is known of these versions yet" in str(note) for note in first.notes)
    approve_campaign(replace(shop, cause=None), first.campaign, who="owner")
    told = ", ".join(f"{label} {n // 2 if label == 'B' else 0}/{n}" for label, n in sizes.items())
    record_counts(shop, first.campaign, told)
    second = draft_campaign(shop, segment_id=segment, goal="win_back", holdout=0.0)
    best = {variant.label: variant.n for variant in second.variants}
    assert best["B"] > 2 * best["A"]
    assert not any("Nothing is known" in str(note) for note in second.notes)
    # who wants to know keeps a fifth for each
    third = draft_campaign(shop, segment_id=segment, goal="win_back", holdout=0.0, policy="cooling:know")
    assert min(variant.n for variant in third.variants) >= 0.2 * 120 - 1
    assert third.policy == "cooling:know"
