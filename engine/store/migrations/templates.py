"""Message templates that owners write, and every text that was ever sent out by one."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run

# what a rendered message has beside its text; `parts`: of how many parts an SMS is
_MESSAGE = {"subject": "TEXT", "preheader": "TEXT", "html": "TEXT", "title": "TEXT", "parts": "INTEGER"}


@migrations()
def m020_templates_and_their_versions(db: Database) -> None:
    """A row is never changed: the newest version of a template holds. `origin` is `zhike` for a text as it came with
    Zhike, which is kept when it is first edited or sent.
    """
    there = {column.name for column in db["sends"].columns}
    for name, kind in _MESSAGE.items():
        if name not in there:
            db.conn.execute(f"ALTER TABLE sends ADD COLUMN {name} {kind}")
    run(
        db,
        """
        CREATE TABLE templates (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            goal TEXT NOT NULL,
            name TEXT NOT NULL,
            channel TEXT NOT NULL,
            language TEXT NOT NULL,
            version INTEGER NOT NULL, -- 1, 2, … of this goal, name, channel and language
            source TEXT NOT NULL,
            origin TEXT NOT NULL CHECK (origin IN ('zhike', 'owner')),
            dropped INTEGER NOT NULL DEFAULT 0, -- 1: not offered from this version on
            who TEXT NOT NULL,
            cause TEXT,
            at TEXT NOT NULL,
            UNIQUE (goal, name, channel, language, version)
        ) STRICT;
        ALTER TABLE variants ADD COLUMN template_id INTEGER REFERENCES templates(id);
        """,
    )
