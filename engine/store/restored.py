"""What a restored store has to know of the time since its backup: what cannot be undone by going back.

Both stores are of the same shop and of this version: `restored` is written to, `before` is what it takes the place of.
Call in a transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from engine.store import consents, trail
from engine.store.consents import WITHDRAWN

_SENT = "SELECT {columns} FROM deliveries WHERE campaign_id = ? AND state <> 'planned'"
_DELIVERY = ("campaign_id", "customer_id", "way", "state", "address", "token", "attempts", "reason", "at")


def keep_who_may_talk(restored: Database, before: Database) -> None:
    """Whoever was let in or shut out since stays so."""
    rows = before.conn.execute("SELECT * FROM chats").fetchall()
    if not rows:
        return
    restored.conn.execute("DELETE FROM chats")
    restored.conn.executemany(f"INSERT INTO chats VALUES ({', '.join('?' * len(rows[0]))})", rows)


def keep_refusals(restored: Database, before: Database, at: datetime) -> int:
    """Who has said no since is not written to again; how many they are."""
    persons = dict(restored.conn.execute("SELECT key, id FROM customers WHERE merged_into IS NULL"))
    keys = dict(before.conn.execute("SELECT id, key FROM customers WHERE merged_into IS NULL"))
    kept = set()
    for (channel,) in before.conn.execute("SELECT DISTINCT channel FROM consents ORDER BY channel").fetchall():
        known = consents.states(restored, channel)
        for customer, state in consents.states(before, channel).items():
            person = persons.get(keys.get(customer))
            if state == WITHDRAWN and person is not None and known.get(person) != WITHDRAWN:
                consents.say(restored, person, WITHDRAWN, channel=channel, how="kept at a restore", at=at)
                kept.add(person)
    return len(kept)


def keep_what_was_sent(restored: Database, before: Database, at: datetime) -> int:
    """No message that went out since goes out again; how many these are.

    A campaign that was decided on otherwise since is dropped; who was sent a later wave waits for none.
    """
    n = 0
    for id_, then, since in _same_campaigns(restored, before):
        sent = before.conn.execute(_SENT.format(columns=", ".join(_DELIVERY)), [id_]).fetchall()
        if then not in (since, "dropped"):
            restored.conn.execute(
                "UPDATE campaigns SET status = 'dropped', decided_at = ?, decided_by = 'restore' WHERE id = ?",
                [at.isoformat(), id_],
            )
            trail.add(restored, at=at, who="restore", deed="dropped", subject=str(id_), cause=None)
            n += len(sent)
            continue
        known = {
            row[0]
            for row in restored.conn.execute(
                "SELECT customer_id FROM deliveries WHERE campaign_id = ? AND state <> 'planned'", [id_]
            )
        }
        planned = {
            row[0] for row in restored.conn.execute("SELECT customer_id FROM sends WHERE campaign_id = ?", [id_])
        }
        restored.conn.executemany(
            f"INSERT OR REPLACE INTO deliveries ({', '.join(_DELIVERY)}) VALUES ({', '.join('?' * len(_DELIVERY))})",
            (row for row in sent if row[1] in planned),
        )
        restored.conn.executemany(
            "DELETE FROM reserves WHERE campaign_id = ? AND customer_id = ?",
            before.conn.execute("SELECT campaign_id, customer_id FROM sends WHERE campaign_id = ?", [id_]).fetchall(),
        )
        n += sum(row[1] not in known for row in sent)
    return n


def doubt_what_was_sent(restored: Database, reason: str, at: datetime) -> int:
    """Of what an approved campaign has not sent yet nothing is known any more; how many messages that is.

    For a store whose successor cannot be read. `reason`: a stored phrase.
    """
    cursor = restored.conn.execute(
        "INSERT INTO deliveries (campaign_id, customer_id, way, state, reason, at) "
        "SELECT s.campaign_id, s.customer_id, 'smtp', 'unknown', ?1, ?2 FROM sends s "
        "JOIN campaigns c ON c.id = s.campaign_id AND c.status = 'approved' WHERE true "
        "ON CONFLICT (campaign_id, customer_id) DO UPDATE SET state = 'unknown', reason = ?1, at = ?2 "
        "WHERE state IN ('planned', 'handed over')",
        [reason, at.isoformat()],
    )
    return int(cursor.rowcount)


def put_updates_aside(restored: Database, at: datetime) -> int:
    """What was being answered when the backup was made is not answered a second time; how many updates that is."""
    cursor = restored.conn.execute(
        "UPDATE inbox SET state = 'failed', payload = '', handled_at = ? WHERE state = 'waiting'", [at.isoformat()]
    )
    return int(cursor.rowcount)


def _same_campaigns(restored: Database, before: Database) -> list[tuple[int, str, str]]:
    """The campaigns that both know: the number, the state then, and the state since."""
    sql = "SELECT id, seed, drafted_at, status FROM campaigns ORDER BY id"
    since = {tuple(row[:3]): row[3] for row in before.conn.execute(sql)}
    return [(row[0], row[3], since[row[:3]]) for row in restored.conn.execute(sql).fetchall() if row[:3] in since]
