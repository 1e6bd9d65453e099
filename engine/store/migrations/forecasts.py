"""The tables of forecasts."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m013_what_customers_will_do(db: Database) -> None:
    """The run says from which day and over how many days (`as_of` and `days` of its settings), and how good it is."""
    run(
        db,
        """
        CREATE TABLE forecasts (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            p_none REAL NOT NULL,    -- probability of no order in the run's days
            p_none_low REAL NOT NULL,
            p_none_high REAL NOT NULL,
            orders REAL NOT NULL,    -- expected in these days
            orders_low REAL NOT NULL,
            orders_high REAL NOT NULL,
            money REAL NOT NULL,     -- expected in these days
            money_low REAL NOT NULL,
            money_high REAL NOT NULL,
            usual_money REAL,        -- what the customer's own pace so far would bring; NULL without a habit
            next_at TEXT,            -- the day of the next order; NULL where none is likely
            next_low TEXT,
            next_high TEXT,
            PRIMARY KEY (run_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        """,
    )
