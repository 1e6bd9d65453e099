"""The tables of pooling with other shops: keys, files and results of each round."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m028_pools(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE pool_identity (     -- never leaves the store
            id INTEGER PRIMARY KEY CHECK (id = 1),
            signing BLOB NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE pools (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            round TEXT NOT NULL UNIQUE,
            invitation BLOB NOT NULL,
            organised INTEGER NOT NULL CHECK (organised IN (0, 1)),
            at TEXT NOT NULL,
            name TEXT,                   -- what this shop is called in it
            exchange BLOB,               -- secret, forgotten with the result
            p BLOB,                      -- the Paillier key of the key keeper, forgotten when the sum is opened
            q BLOB,
            joined BLOB,
            roster BLOB,
            roster_hash TEXT,
            submitted BLOB,              -- for this roster
            counts TEXT,                 -- JSON of what was counted, without noise
            number INTEGER NOT NULL DEFAULT 0,
            summed BLOB,
            result BLOB,
            totals TEXT,                 -- JSON of the result, once it was checked
            used INTEGER NOT NULL DEFAULT 1 CHECK (used IN (0, 1))
        ) STRICT;
        CREATE TABLE pool_files (        -- what other shops sent to the organiser; the newest of each counts
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            pool_id INTEGER NOT NULL REFERENCES pools(id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind IN ('join', 'submission')),
            roster_hash TEXT NOT NULL,   -- '' of a join
            key TEXT NOT NULL,
            number INTEGER NOT NULL,
            hash TEXT NOT NULL,
            content BLOB NOT NULL,
            at TEXT NOT NULL,
            UNIQUE (pool_id, kind, roster_hash, key)
        ) STRICT;
        """,
    )
