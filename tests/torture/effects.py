"""What can be done to a shop, each to happen whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine import (
    Shop,
    approve_campaign,
    approve_wave,
    back_up_beside,
    draft_campaign,
    forget_customer,
    import_file,
    make_report,
    record_counts,
    restore,
    submit_pool,
    unsubscribe,
)
from tests.clock import At
from tests.engine.sending.made import approved
from tests.engine.sending.test_waves import begun, told
from tests.engine.services.demo_shop import put_demo
from tests.engine.services.kept import add_orders, small_shop
from tests.engine.services.pooling_shops import shops, small_keys
from tests.engine.services.shops import fill
from tests.engine.services.test_campaigns import filled

N_ORDERS = 400
CAUSE = "update:7"

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Effect:
    """A shop is prepared in a folder, then something is done to it, by a cause if `again` changes nothing twice."""

    prepare: Callable[[Path], Shop]
    act: Callable[[Shop], object]
    again: bool = True


def rows(shop: Shop) -> Counts:
    """How many rows each table has, and how many backups lie beside it.

    Without `meta`, which holds what is going on.
    """
    with shop.open() as db:
        tables = [name for name in db.table_names() if not name.startswith("sqlite_") and name != "meta"]
        counts = {name: int(db.conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables}
    return {**counts, "backups": len(list(shop.backups.glob("*.db")))}


def demo_and_a_file(folder: Path) -> Shop:
    """The import first makes room and then fills it."""
    shop = Shop(folder / "shop.db", clock=At())
    put_demo(shop)
    lines = [f"O{n},C{n % 50},2026-0{1 + n % 9}-1{n % 9},P{n % 20},Tea {n % 20},1,9.5" for n in range(N_ORDERS)]
    (folder / "orders.csv").write_text("\n".join(["order id,customer id,date,sku,product,quantity,price", *lines]))
    return shop


def with_draft(folder: Path) -> Shop:
    shop = Shop(folder / "shop.db", clock=At())
    draft_campaign(shop, segment_id=filled(shop, 60), goal="win_back", channel="text")
    return shop


def with_approved(folder: Path) -> Shop:
    shop = with_draft(folder)
    approve_campaign(shop, 1, who="owner")
    return shop


def with_outcomes(folder: Path) -> Shop:
    shop = begun(folder / "shop.db", 80)
    told(shop, 0.5, 0.25)
    return shop


def with_backup(folder: Path) -> Shop:
    shop = small_shop(folder)
    back_up_beside(shop)
    add_orders(shop, 60, first=40)
    return shop


def to_share(folder: Path) -> Shop:
    shop = Shop(folder / "shop.db", clock=At())
    fill(shop)
    return shop


def in_a_pool(folder: Path) -> Shop:
    with small_keys():
        made = shops(folder)
        made.join()
        made.start()
    return replace(made.all[2], clock=At())


def submit(shop: Shop) -> None:
    with small_keys():
        submit_pool(shop)


def go_back(shop: Shop) -> None:
    (backup,) = [path for path in shop.backups.glob("*.db") if "before-restore" not in path.name]
    restore(shop, backup)


EFFECTS = {
    "import": Effect(demo_and_a_file, lambda shop: import_file(shop, shop.path.with_name("orders.csv"))),
    "approval": Effect(with_draft, lambda shop: approve_campaign(shop, 1, who="owner")),
    "outcome": Effect(with_approved, lambda shop: record_counts(shop, 1, "A 1/9, B 2/9")),
    "wave": Effect(with_outcomes, lambda shop: approve_wave(shop, 1, 2, "20")),
    "unsubscribing": Effect(with_draft, lambda shop: unsubscribe(shop, "K3")),
    "forgetting": Effect(lambda folder: approved(folder / "shop.db", 30), lambda shop: forget_customer(shop, "K3")),
    "report to share": Effect(to_share, lambda shop: make_report(shop, for_whom="the investor")),
    "pool submission": Effect(in_a_pool, submit),
    "backup": Effect(small_shop, back_up_beside, again=False),
    "restore": Effect(with_backup, go_back, again=False),
}


def act_on(name: str) -> Callable[[Shop], object]:
    """What a process of its own is told to do: functions above have no names that could be sent."""
    return Acting(name)


@dataclass(frozen=True)
class Acting:
    name: str

    def __call__(self, shop: Shop) -> object:
        return EFFECTS[self.name].act(shop.caused_by(CAUSE))
