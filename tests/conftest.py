"""What all tests share: a shop of their own, and the real data where it lies beside the checkout."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from engine.shop import Shop
from tests.clock import noon
from tests.engine.services.pooling_shops import Round, played, small_keys
from tests.torture.report import rows_of, table

SHARED = Path(__file__).parents[2] / "shared"
# begun first, so that no worker is left alone with one of them at the end
LONG = (
    "tests/torture/",
    "tests/bot/test_page_loop.py",
    "tests/bot/test_stopping.py",
    "tests/bot/test_hostile_doors.py",
)

# how long a draw takes tells of the machine; what is submitted is tried by the same draws each time, and whoever
# works on it by new ones
settings.register_profile(
    "zhike", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("zhike")


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a shop in which nothing is, to copy only: to make one takes every migration there ever was."""
    path = tmp_path_factory.mktemp("empty") / "shop.db"
    with Shop(path, clock=noon).open():
        pass
    return path


@pytest.fixture
def shop(tmp_path: Path, empty_store: Path) -> Shop:
    """An empty shop whose clock stands still."""
    return Shop(Path(shutil.copy(empty_store, tmp_path / "shop.db")), clock=noon)


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
def pool_round(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Round:
    """Five shops that pool, kept after each step. Tests work on copies, with `small_pool_keys`.

    Played once for all workers: whoever comes while it is played waits.
    """
    if worker_id == "master":
        return played(tmp_path_factory.mktemp("pool"))
    folder = tmp_path_factory.getbasetemp().parent / "pool"
    folder.mkdir(exist_ok=True)
    kept = folder / "round"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(played(folder)))
    found: Round = pickle.loads(kept.read_bytes())
    return found


@pytest.fixture
def small_pool_keys() -> Iterator[None]:
    with small_keys():
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of what was tried of the faults that the program is to survive."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    rows = [
        row
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for row in rows_of(report.user_properties)
    ]
    if rows:
        terminalreporter.section("what was survived")
        for line in table(rows):
            terminalreporter.write_line(line)
