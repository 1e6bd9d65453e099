"""The tables of who may talk to the bot."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m026_access(db: Database) -> None:
    """Codes are kept as hashes, in two parts: who does not know the first cannot use up the tries at the second."""
    run(
        db,
        """
        ALTER TABLE chats ADD COLUMN name TEXT NOT NULL DEFAULT '';
        CREATE TABLE pairing_codes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            role TEXT NOT NULL CHECK (role IN ('owner', 'helper')),
            salt TEXT NOT NULL,
            beginning TEXT NOT NULL, -- hash of the first letters
            whole TEXT NOT NULL,     -- hash of all of it
            wrong INTEGER NOT NULL DEFAULT 0,
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            expires_at TEXT          -- NULL: until the bot starts again
        ) STRICT;
        CREATE TABLE pairing_tries ( -- wrong ones of the last hour
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id INTEGER NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TABLE allowed_groups (
            chat_id INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            who TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        """,
    )
