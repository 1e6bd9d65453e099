"""Segments from run to run, and the rules that the owner writes."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m014_segments_from_run_to_run_and_owners_rules(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE run_predecessors ( -- with which earlier run of the same question a run was compared
            run_id INTEGER PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
            before_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE
        ) STRICT;
        CREATE TABLE segment_predecessors ( -- which of its segments a segment continues
            segment_id INTEGER PRIMARY KEY REFERENCES segments(id) ON DELETE CASCADE,
            before_id INTEGER NOT NULL REFERENCES segments(id) ON DELETE CASCADE,
            overlap REAL NOT NULL           -- Jaccard index over customers of both runs
        ) STRICT;
        CREATE TABLE segment_flows (        -- how many went where, those who stayed among them
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            before_id INTEGER REFERENCES segments(id) ON DELETE CASCADE, -- NULL: new since then
            now_id INTEGER REFERENCES segments(id) ON DELETE CASCADE,    -- NULL: in no segment any more
            n INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX segment_flows_by_run ON segment_flows(run_id);
        CREATE TABLE owner_rules (          -- a row per version; the newest of a name is in force
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,           -- the name as names are compared
            version INTEGER NOT NULL,
            rule TEXT,                      -- as its owner wrote it; NULL: given up
            who TEXT NOT NULL,
            cause TEXT,
            at TEXT NOT NULL,
            UNIQUE (folded, version)
        ) STRICT;
        CREATE TABLE rule_segments (        -- which run holds the people of a version
            run_id INTEGER PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
            rule_id INTEGER NOT NULL REFERENCES owner_rules(id) ON DELETE CASCADE
        ) STRICT;
        CREATE INDEX rule_segments_by_rule ON rule_segments(rule_id);
        """,
    )
