"""The tables of what the shop's own orders say came of campaigns, beside what was told."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m023_outcomes_from_orders(db: Database) -> None:
    """`tallies` are what held of a variant, one after the other; `told_reports` all that was told of it, also what did
    not hold because the orders did.
    """
    if "source" not in {column.name for column in db["tallies"].columns}:
        db.conn.execute("ALTER TABLE tallies ADD COLUMN source TEXT NOT NULL DEFAULT 'counts'")
    run(
        db,
        """
        CREATE TABLE told_reports (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            variant_id INTEGER NOT NULL REFERENCES variants(id) ON DELETE CASCADE,
            source TEXT NOT NULL,    -- counts, report (of an e-mail tool), people
            sends INTEGER NOT NULL,
            conversions INTEGER NOT NULL CHECK (conversions BETWEEN 0 AND sends),
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX told_reports_by_variant ON told_reports(variant_id, id);
        INSERT INTO told_reports (variant_id, source, sends, conversions, at)
            SELECT variant_id, source, sends, conversions, at FROM tallies ORDER BY id;
        CREATE TABLE bought (        -- of those whose window is over, as the orders say by now
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            held INTEGER NOT NULL CHECK (held IN (0, 1)),
            converted INTEGER NOT NULL CHECK (converted IN (0, 1)),
            revenue REAL NOT NULL,   -- within the window
            before REAL NOT NULL,    -- in as many days before it
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE matchings (     -- the newest of a campaign holds
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            import_id INTEGER REFERENCES imports(id) ON DELETE SET NULL,
            found TEXT NOT NULL,     -- JSON
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX matchings_by_campaign ON matchings(campaign_id, id);
        CREATE TABLE matching_settings (
            campaign_id INTEGER PRIMARY KEY REFERENCES campaigns(id) ON DELETE CASCADE,
            days INTEGER,            -- NULL: as usual for the goal
            used TEXT CHECK (used IN ('orders', 'told')), -- NULL: what tells it person by person
            complete_until TEXT      -- until when the owner says that all orders are known, in local time
        ) STRICT;
        """,
    )


@migrations()
def m023b_price_of_an_sms_when_it_was_decided(db: Database) -> None:
    """What a part of an SMS cost when a campaign was decided on; NULL where nobody had said, or it was not kept."""
    db.conn.execute("ALTER TABLE campaigns ADD COLUMN sms_price REAL")
