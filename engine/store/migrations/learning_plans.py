"""The table of what campaigns are to show: how many messages of each version, and which difference they can show."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m019_plans_of_campaigns(db: Database) -> None:
    """The first of a campaign was made with its draft; each later one holds from so many messages on."""
    run(
        db,
        """
        CREATE TABLE learning_plans (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            from_send INTEGER NOT NULL, -- messages to all variants together before it held
            sends INTEGER NOT NULL,     -- to each variant
            base REAL NOT NULL,         -- the rate that was expected
            better REAL,                -- what so many sends tell from it; NULL: nothing
            at TEXT NOT NULL,
            UNIQUE (campaign_id, from_send)
        ) STRICT;
        """,
    )
