"""The benchmark of rendering, small: both sides write the same words."""

from __future__ import annotations

import pytest

from benchmarks import rendering
from engine.campaigns.messages import write_all
from engine.campaigns.templates import chosen, in_folder
from engine.places import shipped


@pytest.mark.parametrize("case", rendering.CASES, ids="-".join)
def test_both_sides_write_the_same(case: tuple[str, str, str]) -> None:
    goal, channel, language = case
    template = chosen(in_folder(shipped("templates")), goal, channel=channel, language=language)[0]
    readers = rendering._readers(40, language, 1)
    ours = write_all([template], [0] * 40, readers)
    bare = rendering._bare(template, readers)()
    assert [message.text for message in ours] == [parts[0].strip() for parts in bare]
    if channel == "email":
        assert [(message.subject, message.preheader) for message in ours] == [parts[1:] for parts in bare]
    assert len({message.text for message in ours}) > 30


def test_the_table_tells_the_share_of_the_bare_render(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rendering, "N", 50)
    monkeypatch.setattr(rendering, "ROUNDS", 1)
    figures = rendering.run()
    assert len(figures.rows) == len(rendering.CASES)
    assert all(str(row[4]).endswith("%") for row in figures.rows)
