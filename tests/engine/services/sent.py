"""A campaign that went out, for tests of what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from engine import store
from engine.phrases import Phrase
from engine.shop import Shop
from engine.store import campaigns
from engine.store.campaigns import Plan, Send, Variant

LABELS = "ABCDE"


def add_customers(shop: Shop, n: int) -> None:
    """Customers C1, C2, … with e-mails c1@example.com, … and phones."""
    with shop.open() as db, store.transaction(db):
        (known,) = db.conn.execute("SELECT count(*) FROM customers").fetchone()
        db.conn.executemany(
            "INSERT INTO customers (key, name, email, phone) VALUES (?, ?, ?, ?)",
            ((f"C{i}", f"No {i}", f"c{i}@example.com", f"1380000{i:04}") for i in range(known + 1, known + n + 1)),
        )


def add_campaign(
    shop: Shop,
    sizes: Sequence[int],
    *,
    status: str = "approved",
    policy: str = "uniform",
    held: int = 0,
    goal: str = "win_back",
    templates: Sequence[str] = ("warm", "brief", "playful", "plain", "formal"),
) -> int:
    """One variant of each size, to customers in their order, taking turns as far as sizes allow; its number."""
    turns = sorted((turn, k) for k, size in enumerate(sizes) for turn in range(size))
    plan = Plan(
        segment_id=None,
        segment_key="away",
        segment_name=Phrase("Been away"),
        goal=goal,
        channel="text",
        language="en",
        policy=policy,
        seed=7,
        holdout_share=0.1,
        drafted_at=shop.now(),
    )
    with shop.open() as db, store.transaction(db):
        id_ = campaigns.add(
            db,
            plan,
            variants=[
                Variant(LABELS[k], templates[k], "Hello", size / max(sum(sizes), 1)) for k, size in enumerate(sizes)
            ],
            sends=[
                Send(customer, LABELS[k], customer, 1 / len(sizes), None, "Hello")
                for customer, (_, k) in enumerate(turns, start=1)
            ],
            held=range(len(turns) + 1, len(turns) + held + 1),
            excluded={},
            cause=None,
        )
        if status != "draft":
            campaigns.decide(db, id_, status=status, at=shop.now(), who="owner")
    return id_
