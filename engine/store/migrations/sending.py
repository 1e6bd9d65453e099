"""The tables of sending: by which rules, to whom with which effect, and who wants no word that goes by their traits."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run

# what a rendered message has beside its text
_MESSAGE = {"subject": "TEXT", "preheader": "TEXT", "html": "TEXT"}


@migrations()
def m021_how_messages_go_out(db: Database) -> None:
    """A delivery is what has become of one send. A rule of contact is never changed: the newest row of its name holds,
    and one without a value stands for what Zhike ships with.
    """
    there = {column.name for column in db["sends"].columns}
    for name, kind in (_MESSAGE | {"plain": "INTEGER NOT NULL DEFAULT 0"}).items():
        if name not in there:
            db.conn.execute(f"ALTER TABLE sends ADD COLUMN {name} {kind}")
    run(
        db,
        """
        CREATE TABLE deliveries (
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            way TEXT NOT NULL,       -- smtp, hand, or list:<layout>
            state TEXT NOT NULL CHECK (
                state IN ('planned', 'handed over', 'delivered', 'refused', 'unknown', 'withheld')),
            address TEXT,            -- to which it went
            token TEXT,              -- by which somebody who unsubscribes is known
            attempts INTEGER NOT NULL DEFAULT 0,
            reason TEXT,             -- a phrase: why it is not delivered
            at TEXT NOT NULL,        -- of the last change
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deliveries_by_customer ON deliveries(customer_id, at);
        CREATE INDEX deliveries_by_token ON deliveries(token) WHERE token IS NOT NULL;
        CREATE INDEX sends_by_customer ON sends(customer_id);
        CREATE TABLE contact_rules (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            channel TEXT NOT NULL,   -- of all channels: any
            country TEXT NOT NULL,   -- ISO 3166 alpha-2; everywhere: empty
            name TEXT NOT NULL,      -- consent, cap, quiet, …
            value TEXT,              -- JSON
            who TEXT NOT NULL,
            cause TEXT,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE plain_only (    -- who wants no message that goes by what is known of them
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            identity_id INTEGER NOT NULL REFERENCES identities(id) ON DELETE CASCADE,
            who TEXT NOT NULL,
            cause TEXT,
            at TEXT NOT NULL,
            taken_back_at TEXT,
            taken_back_by TEXT
        ) STRICT;
        CREATE UNIQUE INDEX plain_only_once ON plain_only(identity_id) WHERE taken_back_at IS NULL;
        """,
    )
