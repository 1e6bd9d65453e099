"""What all tests share: a shop of their own, and the real data where it lies beside the checkout."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.shop import Shop
from tests.engine.services.pooling_shops import Round, played, small_keys

SHARED = Path(__file__).parents[2] / "shared"


def noon() -> datetime:
    """A clock that stands still."""
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """An empty shop whose clock stands still."""
    return Shop(tmp_path / "shop.db", clock=noon)


@pytest.fixture
def eight_hours_ahead() -> Iterator[None]:
    """The founder's clock, wherever the test runs: noon in UTC is 20:00."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "CST-8")  # POSIX counts westward; a name such as Asia/Shanghai would need a tz database
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder of real data sets; a test that needs it is skipped where it is absent."""
    folder = SHARED / "datasets"
    if not folder.is_dir():
        pytest.skip(f"the real data sets are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of known answers; a test that needs it is skipped where it is absent."""
    folder = SHARED / "reference"
    if not folder.is_dir():
        pytest.skip(f"the known answers are not at {folder}")
    return folder


@pytest.fixture(scope="session")
def pool_round(tmp_path_factory: pytest.TempPathFactory) -> Round:
    """Five shops that pool, kept after each step. Tests work on copies, with `small_pool_keys`."""
    return played(tmp_path_factory.mktemp("pool"))


@pytest.fixture
def small_pool_keys() -> Iterator[None]:
    with small_keys():
        yield
