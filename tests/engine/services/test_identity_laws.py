"""Whatever is imported, merged and undone, in whatever order: nothing is lost, and nobody withdrawn is written to."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from engine import NotAllowed, Shop, check_store, count_as_one, count_as_two, import_file, same_people
from engine.store import consents, customers
from tests.clock import noon

# number, e-mail, phone, name: each may be missing, and people share some of them
BUYERS = (
    ("1", "ann@x.org", "13800138000", "Ann Lee"),
    ("", "ann@x.org", "", ""),
    ("", "", "13800138000", ""),
    ("1", "", "", ""),
    ("2", "bob@x.org", "13800138000", "Bob Ray"),
    ("2", "bob2@x.org", "", "Bob Ray"),
    ("", "bob@x.org", "13900139000", ""),
    ("3", "", "13900139000", "Eve"),
    ("", "", "13900139000", "Zoe"),
    ("3", "ann@x.org", "", ""),
    ("4", "", "+12125557777", "Flo Day"),
    ("", "", "2125557777", "Flo Day"),
    ("", "", "12125557777", "Guy"),
)
ORDERS = {f"o{i}": (BUYERS[i % len(BUYERS)], 10 + i) for i in range(2 * len(BUYERS))}


class Shopkeeping(RuleBasedStateMachine):
    @initialize()
    def opens(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.shop = Shop(Path(self.folder.name) / "shop.db", clock=noon)
        self.files: list[bytes] = []
        self.sold: dict[str, int] = {}
        self.two: set[int] = set()
        self.keys: set[str] = set()
        self.n_consents = 0
        self.withdrawn: set[int] = set()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def _put(self, data: bytes) -> None:
        path = self.shop.path.with_name("file.csv")
        path.write_bytes(data)
        import_file(self.shop, path)

    @rule(orders=st.lists(st.sampled_from(sorted(ORDERS)), min_size=1, max_size=6, unique=True))
    def sells(self, orders: list[str]) -> None:
        rows = ["order id,date,customer id,email,phone,customer name,total"]
        for order in orders:
            buyer, total = ORDERS[order]
            rows.append(",".join([order, "2025-05-01", *buyer, str(total)]))
            self.sold[order] = total
            self.keys.update(key for key in buyer[:3] if key)
        self.files.append("\n".join(rows).encode())
        self._put(self.files[-1])

    @rule(
        people=st.lists(st.tuples(st.sampled_from(BUYERS), st.sampled_from(["yes", "no", ""])), min_size=1, max_size=4)
    )
    def lists(self, people: list[tuple[tuple[str, ...], str]]) -> None:
        rows = ["customer id,email,phone,customer name,consent,city"]
        for buyer, consent in people:
            rows.append(",".join([*buyer, consent, f"city {len(self.files)}"]))
            self.keys.update(key for key in buyer[:3] if key)
        self.files.append("\n".join(rows).encode())
        self._put(self.files[-1])

    @rule(data=st.data())
    def comes_again(self, data: st.DataObject) -> None:
        if self.files:
            again = data.draw(st.sampled_from(self.files))
            # not the very same file, which would not be read
            self._put(again + b"\n" * (2 + data.draw(st.integers(0, 1_000))))

    @rule(data=st.data(), one=st.booleans())
    def is_told(self, data: st.DataObject, one: bool) -> None:
        found = same_people(self.shop, n=100)
        pairs = [pair.id for pair in (*found.suspected, *found.merged)] + sorted(self.two)
        if not pairs:
            return
        pair = data.draw(st.sampled_from(pairs))
        if not one:
            count_as_two(self.shop, pair)
            before = self._everything()
            assert not count_as_two(self.shop, pair).changed
            assert self._everything() == before
        else:
            try:
                count_as_one(self.shop, pair)
            except NotAllowed:
                return
            assert not count_as_one(self.shop, pair).changed
        with self.shop.open() as db:
            self.two = {id_ for (id_,) in db.conn.execute("SELECT id FROM pairs WHERE state = 'two'")}
            assert (pair in self.two) is not one

    def _everything(self) -> list[Any]:
        with self.shop.open() as db:
            return [
                list(db.conn.execute(f"SELECT * FROM {table} ORDER BY 1"))
                for table in ("customers", "identities", "pairs", "orders", "consents", "trail")
            ]

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "shop"):
            return
        with self.shop.open() as db:
            sold = db.conn.execute(
                "SELECT o.key, o.revenue FROM orders o JOIN customers u ON u.id = o.customer_id "
                "WHERE u.merged_into IS NULL"
            )
            assert dict(sold.fetchall()) == self.sold
            (n,) = db.conn.execute("SELECT count(*) FROM consents").fetchone()
            assert n >= self.n_consents
            self.n_consents = n
            for key in self.keys:
                assert customers.found(db, key), key
        assert check_store(self.shop).faults == ()

    @invariant()
    def nobody_withdrawn_is_written_to(self) -> None:
        if not hasattr(self, "shop"):
            return
        with self.shop.open() as db:
            states = consents.states(db, "text")
            holders = db.conn.execute(
                "SELECT i.id, i.customer_id FROM consents n JOIN identities i ON i.id = n.identity_id "
                "WHERE n.state = 'withdrawn'"
            ).fetchall()
            assert {states[customer] for _, customer in holders} <= {"withdrawn"}
            assert self.withdrawn <= {id_ for id_, _ in holders}
            self.withdrawn |= {id_ for id_, _ in holders}

    @invariant()
    def two_people_stay_two(self) -> None:
        if not hasattr(self, "shop"):
            return
        with self.shop.open() as db:
            two = db.conn.execute(
                "SELECT p.id, a.customer_id = b.customer_id FROM pairs p JOIN identities a ON a.id = p.a "
                "JOIN identities b ON b.id = p.b WHERE p.state = 'two'"
            ).fetchall()
            assert {id_ for id_, _ in two} == self.two
            assert not any(same for _, same in two)


TestShopkeeping = Shopkeeping.TestCase
TestShopkeeping.settings = settings(
    max_examples=12, stateful_step_count=12, suppress_health_check=list(HealthCheck), derandomize=True
)
