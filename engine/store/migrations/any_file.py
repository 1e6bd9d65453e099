"""The tables of any shop's file: who is who, what columns are, events and answers, gaps, places."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m005_who_is_who(db: Database) -> None:
    """What each file told under one key is kept apart, so that counting two of them as one person can be undone.

    Of an order, event or consent without an identity, its customer's own identity (`home_id`) has told.
    """
    run(
        db,
        """
        CREATE TABLE identities (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE, -- whom it counts for now
            home_id INTEGER UNIQUE REFERENCES customers(id) ON DELETE CASCADE, -- the customer it brought in
            kind TEXT NOT NULL CHECK (kind IN ('id', 'email', 'phone', 'name')),
            scope TEXT NOT NULL,     -- whose numbers these are: a platform, ? and a header, or nothing
            value TEXT NOT NULL,
            label TEXT NOT NULL,     -- the value, numbered where two people have the same
            name TEXT,
            email TEXT,
            phone TEXT,
            gender TEXT,
            birth_year INTEGER,
            city TEXT,
            region TEXT,
            country TEXT,
            joined TEXT,
            interests TEXT,
            import_id INTEGER REFERENCES imports(id), -- that told of it first
            told_by INTEGER REFERENCES imports(id)    -- that told of it last
        ) STRICT;
        CREATE INDEX identities_by_customer ON identities(customer_id);
        CREATE TABLE identity_keys ( -- what was told beside the identity's own value
            identity_id INTEGER NOT NULL REFERENCES identities(id) ON DELETE CASCADE,
            kind TEXT NOT NULL,      -- email, phone
            value TEXT NOT NULL,
            import_id INTEGER REFERENCES imports(id),
            PRIMARY KEY (identity_id, kind, value)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE pairs (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            a INTEGER NOT NULL REFERENCES identities(id) ON DELETE CASCADE,
            b INTEGER NOT NULL REFERENCES identities(id) ON DELETE CASCADE,
            state TEXT NOT NULL CHECK (state IN ('one', 'maybe', 'two')),
            kind TEXT NOT NULL,      -- of the key that they share
            value TEXT NOT NULL,
            import_id INTEGER REFERENCES imports(id),
            who TEXT,                -- who decided; NULL: the rules
            at TEXT NOT NULL,
            UNIQUE (a, b),
            CHECK (a < b)
        ) STRICT;
        CREATE INDEX pairs_by_b ON pairs(b);
        ALTER TABLE customers ADD COLUMN merged_into INTEGER REFERENCES customers(id);
        ALTER TABLE orders ADD COLUMN identity_id INTEGER REFERENCES identities(id);
        ALTER TABLE events ADD COLUMN identity_id INTEGER REFERENCES identities(id);
        ALTER TABLE consents ADD COLUMN identity_id INTEGER REFERENCES identities(id);
        INSERT INTO identities (customer_id, home_id, kind, scope, value, label, name, email, phone, gender,
            birth_year, city, region, country, joined, interests, import_id, told_by)
        SELECT id, id, CASE key WHEN email THEN 'email' WHEN phone THEN 'phone' ELSE 'id' END, '', key, key, name,
            email, phone, gender, birth_year, city, region, country, joined, interests, import_id, import_id
        FROM customers ORDER BY id;
        INSERT OR IGNORE INTO identity_keys (identity_id, kind, value, import_id)
        SELECT id, 'email', email, import_id FROM identities WHERE email <> value
        UNION SELECT id, 'phone', phone, import_id FROM identities WHERE phone <> value;
        """,
    )


@migrations()
def m006_what_columns_are(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE column_choices (
            header TEXT PRIMARY KEY, -- the folded names of a file's columns, as engine.intake.choices.key_of has them
            choice TEXT,             -- JSON; NULL: ask again for the next such file
            at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE import_headers (
            import_id INTEGER PRIMARY KEY REFERENCES imports(id) ON DELETE CASCADE,
            header TEXT NOT NULL
        ) STRICT;
        CREATE TABLE waiting_files (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,      -- as the founder calls it
            sha256 TEXT NOT NULL,
            header TEXT NOT NULL,
            card TEXT NOT NULL,      -- JSON: what its columns are taken for
            state TEXT NOT NULL CHECK (state IN ('waiting', 'imported', 'dropped', 'replaced')),
            import_id INTEGER,
            cause TEXT UNIQUE,
            at TEXT NOT NULL
        ) STRICT;
        """,
    )


@migrations()
def m007_what_people_do_and_answer(db: Database) -> None:
    run(
        db,
        """
        ALTER TABLE events ADD COLUMN place TEXT;
        CREATE INDEX events_by_time ON events(at);
        ALTER TABLE products ADD COLUMN stock REAL;
        ALTER TABLE products ADD COLUMN description TEXT;
        CREATE TABLE attributes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key TEXT NOT NULL UNIQUE, -- the name, folded
            name TEXT NOT NULL,       -- as the file's header has it
            kind TEXT NOT NULL        -- number, scale, choice, yes_no, date, tags, text
        ) STRICT;
        CREATE TABLE answers (
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            attribute_id INTEGER NOT NULL REFERENCES attributes(id) ON DELETE CASCADE,
            identity_id INTEGER NOT NULL DEFAULT 0, -- under which of the customer's keys it was told
            value TEXT NOT NULL,
            number REAL,              -- of numbers and scales; yes is 1, no is 0
            import_id INTEGER REFERENCES imports(id),
            PRIMARY KEY (customer_id, attribute_id, identity_id)
        ) STRICT, WITHOUT ROWID;
        """,
    )


@migrations()
def m008_how_gaps_are_treated(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE treatments (
            field TEXT PRIMARY KEY,  -- a column of what is known of customers
            treatment TEXT NOT NULL, -- none, delete, mean, median, …
            who TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
    )


@migrations()
def m009_where_orders_went(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE order_places (   -- of orders without a customer, who would have a place of their own
            order_id INTEGER PRIMARY KEY REFERENCES orders(id) ON DELETE CASCADE,
            place TEXT NOT NULL
        ) STRICT;
        """,
    )


@migrations()
def m010_orders_that_went_to_several_places(db: Database) -> None:
    run(
        db,
        """
        ALTER TABLE order_places RENAME TO earlier_places;
        CREATE TABLE order_places (   -- of orders of which a file tells it; the others go where their customer is
            order_id INTEGER NOT NULL REFERENCES orders(id) ON DELETE CASCADE,
            place TEXT NOT NULL,
            share REAL NOT NULL,      -- of the order's money; those of one order sum to 1
            PRIMARY KEY (order_id, place)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO order_places (order_id, place, share) SELECT order_id, place, 1 FROM earlier_places;
        DROP TABLE earlier_places;
        """,
    )


@migrations()
def m011_what_a_return_is_of(db: Database) -> None:
    run(
        db,
        """
        -- 1: the row is the sale itself, given back, of which orders has nothing or what is left
        ALTER TABLE events ADD COLUMN of_sale INTEGER NOT NULL DEFAULT 0;
        """,
    )
