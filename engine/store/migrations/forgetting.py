"""A trail that is never changed, who is forgotten, and how long things are kept."""

import json
import secrets

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m024_a_trail_that_shows_changes(db: Database) -> None:
    """A hash covers its row and the hash before it; `meta` keeps how many rows there are and the last hash."""
    from engine.privacy.chain import linked

    db.conn.execute("ALTER TABLE trail ADD COLUMN hash TEXT NOT NULL DEFAULT ''")
    rows = db.conn.execute("SELECT id, at, who, deed, subject, cause FROM trail ORDER BY id").fetchall()
    hashes = linked(fields for _, *fields in rows)
    db.conn.executemany(
        "UPDATE trail SET hash = ? WHERE id = ?", ((hash_, row[0]) for hash_, row in zip(hashes, rows, strict=True))
    )
    end = json.dumps([len(rows), hashes[-1] if hashes else ""])
    db.conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('trail end', ?)", [end])
    run(
        db,
        """
        CREATE TRIGGER trail_is_not_changed BEFORE UPDATE ON trail
            BEGIN SELECT RAISE(ABORT, 'the trail is added to, never changed'); END;
        CREATE TRIGGER trail_is_not_cut BEFORE DELETE ON trail
            BEGIN SELECT RAISE(ABORT, 'the trail is added to, never cut'); END;
        """,
    )


@migrations()
def m024b_who_is_forgotten_and_what_is_kept_how_long(db: Database) -> None:
    """`forgettings` say nothing of who it was: the ids mean nothing once their rows are gone."""
    run(
        db,
        """
        CREATE TABLE forgettings (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            why TEXT NOT NULL,       -- asked, or retention
            people INTEGER NOT NULL,
            cause TEXT,
            at TEXT NOT NULL,
            cleaned_at TEXT          -- when nothing was left in the file either; NULL: that is still to be done
        ) STRICT;
        CREATE TABLE suppressions (  -- under which keys a forgotten person would come back, as keyed hashes
            hash TEXT NOT NULL,      -- HMAC-SHA256
            forgetting_id INTEGER NOT NULL REFERENCES forgettings(id),
            person INTEGER NOT NULL, -- of several forgotten at once, which
            PRIMARY KEY (hash, forgetting_id, person)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE retention (     -- the newest row of a name holds
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            days INTEGER,            -- NULL: for good
            who TEXT NOT NULL,
            cause TEXT,
            at TEXT NOT NULL
        ) STRICT;
        """,
    )
    db.conn.execute(
        "INSERT OR IGNORE INTO meta (key, value) VALUES ('forgetting keys', ?)", [json.dumps([secrets.token_hex(32)])]
    )
