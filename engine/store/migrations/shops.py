"""The tables of a bot that many founders share: in the house's own store; empty in the store of a shop."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run

# whatever changes who is let in; what a chat is in the middle of, or speaks, does not
_CHANGES = {
    "chats": ("INSERT", "DELETE", "UPDATE OF chat_id, user_id, role"),
    "pairing_codes": ("INSERT", "DELETE"),
    "allowed_groups": ("INSERT", "DELETE"),
    "members": ("INSERT", "DELETE", "UPDATE"),
    "shop_groups": ("INSERT", "DELETE", "UPDATE"),
}


@migrations()
def m029_shops(db: Database) -> None:
    """Who belongs to which shop; and a count of changes, by which a bot that runs knows that it is up to date."""
    run(
        db,
        """
        ALTER TABLE pairing_codes ADD COLUMN shop TEXT;
        CREATE TABLE shops (
            name TEXT PRIMARY KEY,   -- of its folder, too
            since TEXT NOT NULL,
            closed_at TEXT
        ) STRICT;
        CREATE TABLE members (
            user_id INTEGER PRIMARY KEY,
            chat_id INTEGER NOT NULL,
            shop TEXT NOT NULL REFERENCES shops(name),
            role TEXT NOT NULL CHECK (role IN ('owner', 'helper')),
            since TEXT NOT NULL
        ) STRICT;
        CREATE INDEX members_shop ON members(shop);
        CREATE TABLE shop_groups (
            chat_id INTEGER PRIMARY KEY,
            shop TEXT NOT NULL REFERENCES shops(name)
        ) STRICT;
        CREATE TABLE guests_changed (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            n INTEGER NOT NULL
        ) STRICT;
        INSERT INTO guests_changed VALUES (1, 0);
        """,
    )
    for table, changes in _CHANGES.items():
        for change in changes:
            db.conn.execute(
                f"CREATE TRIGGER guests_by_{table}_{change.split()[0].lower()} AFTER {change} ON {table} "
                "BEGIN UPDATE guests_changed SET n = n + 1; END"
            )
