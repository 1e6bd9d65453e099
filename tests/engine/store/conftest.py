"""What the tests of the store share: a shop whose file is yet to be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.shop import Shop
from tests.clock import noon


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop.db", clock=noon)
