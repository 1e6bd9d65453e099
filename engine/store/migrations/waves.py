"""The tables of campaigns that go out in waves: who waits, what each wave was, and by which chances it was drawn."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m022_waves(db: Database) -> None:
    """Who waits for a later wave has a row in `reserves` and none in `sends`; it is the send that was drafted, so that
    an approval can be taken back. Draws are the chances of all variants, where one campaign has several.
    """
    db.conn.execute("ALTER TABLE campaigns ADD COLUMN first_share REAL")  # NULL: all at once
    db.conn.execute("ALTER TABLE sends ADD COLUMN draw_id INTEGER REFERENCES draws(id)")
    run(
        db,
        """
        CREATE TABLE draws (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            chances TEXT NOT NULL    -- JSON list, in the order of the variants
        ) STRICT;
        CREATE INDEX draws_by_campaign ON draws(campaign_id);
        CREATE TABLE waves (
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            number INTEGER NOT NULL, -- 1, 2, …
            n INTEGER NOT NULL,      -- messages in it when it was approved
            from_send INTEGER NOT NULL,     -- messages of the waves before it
            from_position INTEGER NOT NULL, -- of its first message, in the order of assignment
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            PRIMARY KEY (campaign_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reserves (
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            variant_id INTEGER NOT NULL REFERENCES variants(id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            propensity REAL NOT NULL,
            product_id INTEGER REFERENCES products(id),
            text TEXT NOT NULL,
            parts INTEGER,
            subject TEXT,
            preheader TEXT,
            html TEXT,
            title TEXT,
            plain INTEGER NOT NULL DEFAULT 0,
            draw_id INTEGER REFERENCES draws(id),
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reserves_by_customer ON reserves(customer_id);
        CREATE TABLE contexts (      -- what a policy that chooses for each person knew of them at the draft
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            features TEXT NOT NULL,  -- JSON list of numbers
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE verdicts (      -- the verdict by a campaign's newest report, and which one its owner has been told
            campaign_id INTEGER PRIMARY KEY REFERENCES campaigns(id) ON DELETE CASCADE,
            tally_id INTEGER NOT NULL,
            state TEXT NOT NULL,
            best TEXT,               -- label
            told_state TEXT NOT NULL,
            told_best TEXT,
            told_at TEXT
        ) STRICT;
        """,
    )
    # what was reported before is no news
    db.conn.execute(
        "INSERT INTO verdicts (campaign_id, tally_id, state, told_state) "
        "SELECT v.campaign_id, max(t.id), '', '' FROM tallies t JOIN variants v ON v.id = t.variant_id "
        "GROUP BY v.campaign_id"
    )
