"""Several programs write to one store at a time: each waits for the others, and all is there afterwards."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine import Shop
from tests.bot.talk import free_port
from tests.engine.services.test_campaigns import filled
from tests.torture.bot_api import BotApi, listening
from tests.torture.bots import ROOT, all_done, ended, killed, started, with_helpers
from tests.torture.report import Record, Row, n_faults, tell
from tests.torture.scale import scaled

FILES = scaled(2, 15)
ORDERS = scaled(1000, 4000)  # of a file
SAID = scaled(30, 300)


def import_all(shop: Shop, writer: int) -> int:
    """Bring files in by the command line, one after the other; how many did not go in."""
    failed = 0
    for number in range(FILES):
        file = shop.path.with_name(f"orders-{writer}-{number}.csv")
        lines = [f"W{writer}F{number}O{n},C{n % 97},2026-01-{1 + n % 28:02},P{n % 9},1,9.5" for n in range(ORDERS)]
        file.write_text("\n".join(["order id,customer id,date,sku,quantity,price", *lines]))
        command = [sys.executable, "-m", "bot", "import", str(file), "--db", str(shop.path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        failed += done.returncode != 0
        assert "Traceback" not in done.stderr
    return failed


async def test_the_bot_records_while_files_come_in(shop: Shop, tmp_path: Path, record_property: Record) -> None:
    shop = Shop(shop.path)
    filled(shop, SAID)
    with_helpers(shop, 1)
    api, log = BotApi(free_port()), tmp_path / "log"
    with ThreadPoolExecutor(2) as pool:
        async with listening(api):
            bot = await started(shop, api, log)
            try:
                importing = [asyncio.get_running_loop().run_in_executor(pool, import_all, shop, n) for n in (1, 2)]
                for number in range(1, SAID + 1):
                    api.says(1, f"/unsubscribe K{number}")
                    await asyncio.sleep(0.02)
                failed = sum(await asyncio.gather(*importing))
                await all_done(shop, api)
                await ended(bot)
            finally:
                await killed(bot)
    with shop.open() as db:
        (orders,) = db.conn.execute("SELECT count(*) FROM orders WHERE key LIKE 'W%'").fetchone()
        (said,) = db.conn.execute("SELECT count(*) FROM consents WHERE state = 'withdrawn'").fetchone()
        (known,) = db.conn.execute("SELECT count(DISTINCT key) FROM orders WHERE key LIKE 'W%'").fetchone()
    lost = 2 * FILES * ORDERS - orders + SAID - said + failed
    tell(record_property, Row("two writers and the bot", 2 * FILES + SAID, lost, orders - known, n_faults(shop)))
