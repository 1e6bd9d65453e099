"""What is told of segments beside their names and rules."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m015_what_is_told_of_segments(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE segment_facts (    -- of segments found since then
            segment_id INTEGER PRIMARY KEY REFERENCES segments(id) ON DELETE CASCADE,
            facts TEXT NOT NULL         -- JSON: what sets its members apart, what would move them out, …
        ) STRICT;
        CREATE TABLE segment_drawings ( -- what the pictures of all segments of a run are drawn from
            run_id INTEGER PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
            drawing TEXT NOT NULL       -- JSON
        ) STRICT;
        """,
    )
