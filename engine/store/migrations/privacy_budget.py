"""The tables of reports that may be shared: what was spent of the privacy budget, and what was told for it."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m027_privacy_budget(db: Database) -> None:
    """What has been told cannot be untold, so what was spent on it is never changed or deleted.

    A note for whom it was may name somebody who is forgotten later, and can be changed.
    """
    run(
        db,
        """
        CREATE TABLE private_reports (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            spend TEXT NOT NULL UNIQUE, -- the same in the file beside the database
            epsilon REAL NOT NULL CHECK (epsilon > 0),
            demo INTEGER NOT NULL,      -- of the made-up shop, whose customers nobody has to protect
            data_version TEXT NOT NULL,
            asked TEXT NOT NULL,        -- JSON: what the owner asked for, by which the same is known again
            released TEXT NOT NULL,     -- JSON: the figures with their noise, and no others
            for_whom TEXT NOT NULL,
            who TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER private_reports_stay
            BEFORE UPDATE OF id, spend, epsilon, demo, data_version, asked, released, at ON private_reports
            BEGIN SELECT RAISE(ABORT, 'what was released is not changed'); END;
        CREATE TRIGGER private_reports_remain BEFORE DELETE ON private_reports
            BEGIN SELECT RAISE(ABORT, 'what was spent is not taken back'); END;
        CREATE TABLE private_report_copies (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            report_id INTEGER NOT NULL REFERENCES private_reports(id),
            for_whom TEXT NOT NULL,
            who TEXT NOT NULL,
            at TEXT NOT NULL
        ) STRICT
        """,
    )
