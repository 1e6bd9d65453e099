"""Contract tests over every preset, and which one data suggest."""

from __future__ import annotations

import pytest

from engine.errors import NotAllowed
from engine.features import presets
from engine.features.presets import STAGES, Preset
from engine.intake import acts
from engine.intake.synonyms import folded


@pytest.mark.parametrize("preset", presets.presets(), ids=lambda preset: preset.name)
class TestEveryPreset:
    def test_is_found_by_its_file_s_name(self, preset: Preset) -> None:
        assert presets.preset(preset.name) is preset

    def test_gives_each_stage_events_that_files_are_known_to_tell(self, preset: Preset) -> None:
        assert list(preset.stages) == list(STAGES)
        kinds = [kind for kinds in preset.stages.values() for kind in kinds]
        assert all(preset.stages.values())
        assert len(set(kinds)) == len(kinds), "an event shows one stage"
        assert set(kinds) | set(preset.ratings) | set(preset.leaving) | set(preset.deeds) <= set(acts.WORDS)
        assert not set(kinds) & set(preset.leaving)

    def test_its_words_are_folded(self, preset: Preset) -> None:
        words = [*preset.activity, *preset.held, *preset.satisfaction, *preset.signs]
        assert [folded(word) for word in words] == words

    def test_is_known_by_its_own_signs(self, preset: Preset) -> None:
        others = {other.name for other in presets.presets()} - {preset.name}
        for current in others:
            assert presets.proposed(current, preset.signs, preset.deeds) == preset.name
        assert presets.proposed(preset.name, preset.signs, preset.deeds) is None


def test_the_three_presets() -> None:
    assert [preset.name for preset in presets.presets()] == ["finance", "shop", "social"]
    assert presets.preset(presets.USUAL).name == "shop"


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(NotAllowed, match="no preset farm; there are: finance, shop, social"):
        presets.preset("farm")


def test_one_sign_proposes_nothing() -> None:
    assert presets.proposed("shop", ["balance"], ()) is None
    assert presets.proposed("shop", ["balance", "housing"], ()) == "finance"
    assert presets.proposed("shop", (), ["post", "follow"]) == "social"


def test_what_attributes_carry() -> None:
    finance = presets.preset("finance")
    assert [finance.role_of(key) for key in ("balance", "持有产品数", "满意度", "交易次数", "job")] == [
        "held",
        "held",
        "satisfaction",
        "activity",
        None,
    ]
