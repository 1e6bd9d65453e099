"""The tables of where customers stand: their stages in each run, and how these came about."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m012_where_customers_stand(db: Database) -> None:
    run(
        db,
        """
        CREATE TABLE standings (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            stage TEXT NOT NULL,     -- awareness … churn, unknown
            warned INTEGER NOT NULL,
            purchase_days INTEGER NOT NULL,
            recency_days INTEGER,    -- since the last purchase; NULL without one
            p_none REAL,             -- of no order within the run's horizon; NULL without a purchase
            sign TEXT,               -- the kind of event that tells the stage
            sign_days INTEGER,
            visits INTEGER NOT NULL,
            monetary REAL NOT NULL,  -- money over all orders
            was TEXT NOT NULL,       -- the stage at the day with which the run compares
            was_warned INTEGER NOT NULL,
            PRIMARY KEY (run_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE stage_changes ( -- the history of each customer as one run works it out
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            day TEXT NOT NULL,       -- as of which it was so first
            stage TEXT NOT NULL,
            warned INTEGER NOT NULL,
            PRIMARY KEY (run_id, customer_id, day)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE stage_counts (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            day TEXT NOT NULL,
            stage TEXT NOT NULL,
            n INTEGER NOT NULL,
            n_warned INTEGER NOT NULL,
            PRIMARY KEY (run_id, day, stage)
        ) STRICT, WITHOUT ROWID;
        """,
    )
