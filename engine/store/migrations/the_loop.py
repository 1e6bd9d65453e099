"""The tables of the founder's loop: what files tell, what was computed, sent and came back, who talks."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m001_what_the_files_tell(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE meta (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE imports (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            sha256 TEXT NOT NULL UNIQUE,
            kind TEXT NOT NULL,      -- orders, customers, products
            receipt TEXT NOT NULL,   -- JSON
            demo INTEGER NOT NULL DEFAULT 0,
            cause TEXT,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE rejected_rows (
            import_id INTEGER NOT NULL REFERENCES imports(id) ON DELETE CASCADE,
            row INTEGER NOT NULL,    -- in the file, the header being row 1
            reason TEXT NOT NULL,    -- the English message of a phrase without facts
            text TEXT NOT NULL,      -- the row as it stood, as one line of CSV
            PRIMARY KEY (import_id, row)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE customers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE, -- as the shop's own system calls the customer
            name TEXT,
            email TEXT,
            phone TEXT,
            gender TEXT,             -- female, male, other
            birth_year INTEGER,
            city TEXT,
            region TEXT,
            country TEXT,
            joined TEXT,
            interests TEXT,          -- with semicolons between
            import_id INTEGER REFERENCES imports(id)
        ) STRICT;
        CREATE TABLE consents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            channel TEXT NOT NULL,   -- any, or the name of a channel
            state TEXT NOT NULL CHECK (state IN ('granted', 'withdrawn')),
            how TEXT NOT NULL,       -- where it is recorded, in words
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX consents_by_customer ON consents(customer_id, id);
        CREATE TABLE products (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            name_zh TEXT,
            name_en TEXT,
            category TEXT,
            price REAL
        ) STRICT;
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE,
            customer_id INTEGER REFERENCES customers(id), -- NULL where the file names none
            at TEXT NOT NULL,
            revenue REAL NOT NULL,
            quantity REAL NOT NULL,
            n_lines INTEGER NOT NULL,
            import_id INTEGER REFERENCES imports(id)
        ) STRICT;
        CREATE INDEX orders_by_customer ON orders(customer_id);
        CREATE TABLE lines (
            order_id INTEGER NOT NULL REFERENCES orders(id) ON DELETE CASCADE,
            line INTEGER NOT NULL,
            product_id INTEGER NOT NULL REFERENCES products(id),
            quantity REAL NOT NULL,
            price REAL NOT NULL,
            PRIMARY KEY (order_id, line)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE events (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,      -- return, visit, view, …
            at TEXT NOT NULL,
            product_id INTEGER REFERENCES products(id),
            quantity REAL,
            value REAL,
            order_key TEXT,
            import_id INTEGER REFERENCES imports(id)
        ) STRICT;
        CREATE INDEX events_by_customer ON events(customer_id, kind);
        """,
    )


@migrations()
def m002_what_was_computed(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL,      -- segments, recommendations
            method TEXT NOT NULL,
            settings TEXT NOT NULL,  -- JSON
            seed INTEGER NOT NULL,
            data_version INTEGER NOT NULL, -- the newest import it saw
            quality TEXT NOT NULL,   -- JSON
            cause TEXT,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE segments (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            key TEXT NOT NULL,       -- the English name as a slug
            name TEXT NOT NULL,      -- phrase
            sentence TEXT NOT NULL,  -- phrase
            rules TEXT NOT NULL,     -- JSON list of phrases
            profile TEXT NOT NULL,   -- JSON: feature -> median
            size INTEGER NOT NULL,
            share_of_customers REAL NOT NULL,
            share_of_revenue REAL NOT NULL,
            UNIQUE (run_id, key)
        ) STRICT;
        CREATE TABLE memberships (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            segment_id INTEGER NOT NULL REFERENCES segments(id) ON DELETE CASCADE,
            PRIMARY KEY (run_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX memberships_by_segment ON memberships(segment_id);
        CREATE TABLE recommendations (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            rank INTEGER NOT NULL,   -- 1, 2, …
            product_id INTEGER NOT NULL REFERENCES products(id),
            score REAL NOT NULL,
            ranker TEXT NOT NULL,
            reason TEXT NOT NULL,    -- phrase
            PRIMARY KEY (run_id, customer_id, rank)
        ) STRICT, WITHOUT ROWID;
        """,
    )


@migrations()
def m003_what_was_sent_and_what_came_back(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE campaigns (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            segment_id INTEGER REFERENCES segments(id) ON DELETE SET NULL,
            segment_key TEXT NOT NULL,
            segment_name TEXT NOT NULL, -- phrase
            goal TEXT NOT NULL,
            channel TEXT NOT NULL,
            language TEXT NOT NULL,
            policy TEXT NOT NULL,
            seed INTEGER NOT NULL,
            holdout_share REAL NOT NULL,
            notes TEXT NOT NULL,     -- JSON list of phrases: what its owner was told
            status TEXT NOT NULL CHECK (status IN ('draft', 'approved', 'dropped')),
            cause TEXT,
            drafted_at TEXT NOT NULL,
            decided_at TEXT,
            decided_by TEXT
        ) STRICT;
        CREATE TABLE variants (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            label TEXT NOT NULL,     -- A, B, …
            template TEXT NOT NULL,  -- the template's name
            source TEXT NOT NULL,    -- the template's text, as it was
            weight REAL NOT NULL,    -- share of the audience that the policy meant for it
            UNIQUE (campaign_id, label)
        ) STRICT;
        CREATE TABLE sends (
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            variant_id INTEGER NOT NULL REFERENCES variants(id) ON DELETE CASCADE,
            position INTEGER NOT NULL, -- 1, 2, … in the order of assignment
            propensity REAL NOT NULL,
            product_id INTEGER REFERENCES products(id),
            text TEXT NOT NULL,
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE holdouts (
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE exclusions (
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            reason TEXT NOT NULL,    -- the English message of a phrase without facts
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE outcomes (
            campaign_id INTEGER NOT NULL REFERENCES campaigns(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            converted INTEGER NOT NULL CHECK (converted IN (0, 1)),
            at TEXT NOT NULL,
            PRIMARY KEY (campaign_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE tallies (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            variant_id INTEGER NOT NULL REFERENCES variants(id) ON DELETE CASCADE,
            sends INTEGER NOT NULL,
            conversions INTEGER NOT NULL CHECK (conversions BETWEEN 0 AND sends),
            at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX tallies_by_variant ON tallies(variant_id, id);
        CREATE TABLE trail (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            deed TEXT NOT NULL,      -- imported, drafted, approved, dropped, recorded, paired, …
            subject TEXT NOT NULL,   -- what it was done to: an id, or a name
            cause TEXT UNIQUE
        ) STRICT;
        """,
    )


@migrations()
def m004_who_talks(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE inbox (
            update_id INTEGER PRIMARY KEY,
            chat_id INTEGER,
            payload TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0,
            delivered INTEGER NOT NULL DEFAULT 0, -- parts of its answer that went out
            received_at TEXT NOT NULL,
            handled_at TEXT
        ) STRICT;
        CREATE INDEX inbox_waiting ON inbox(update_id) WHERE state = 'waiting';
        CREATE TABLE chats (
            chat_id INTEGER PRIMARY KEY,
            user_id INTEGER NOT NULL,
            role TEXT NOT NULL,      -- owner
            language TEXT,           -- en or zh; NULL follows the chat
            state TEXT NOT NULL DEFAULT '{}',
            since TEXT NOT NULL
        ) STRICT;
        """,
    )
