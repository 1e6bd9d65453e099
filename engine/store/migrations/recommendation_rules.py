"""The tables of what may be recommended: the owner's rules, and what customers have said no to."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m016_what_may_be_recommended(db: Database) -> None:
    """A refusal is kept with each identity of who said it, so that it stays theirs when one person becomes two."""
    run(
        db,
        """
        CREATE TABLE recommendation_rules ( -- a row per change; the newest is in force
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            rules TEXT NOT NULL,            -- JSON: all that holds from then on
            who TEXT NOT NULL,
            cause TEXT,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE refusals (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            identity_id INTEGER NOT NULL REFERENCES identities(id) ON DELETE CASCADE,
            product_id INTEGER REFERENCES products(id) ON DELETE CASCADE, -- NULL: no product at all
            who TEXT NOT NULL,
            cause TEXT,
            at TEXT NOT NULL,
            taken_back_at TEXT,             -- NULL: it holds
            taken_back_by TEXT,
            taken_back_cause TEXT
        ) STRICT;
        CREATE INDEX refusals_by_identity ON refusals(identity_id);
        """,
    )
