"""The tables of recommendations: two lists for each customer, and what else a run of them learns."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m018_two_lists_and_their_kin(db: Database) -> None:
    """A reason is a phrase as before, or, shorter, a JSON list: the id of its wording, then the facts in its order.

    A run whose quality names a `fit` brings newer lists for some customers only, those of `updated_customers`, and
    what the run of that fit says of all others still holds.
    """
    run(
        db,
        """
        CREATE TABLE wordings (
            id INTEGER PRIMARY KEY,
            message TEXT NOT NULL,
            plural TEXT NOT NULL,    -- empty where it counts nothing
            facts TEXT NOT NULL,     -- JSON: the names of its facts
            UNIQUE (message, plural, facts)
        ) STRICT;
        CREATE TABLE recommendations_of_two_lists (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            again INTEGER NOT NULL,  -- 1: the customer had bought it before, 0: a discovery
            rank INTEGER NOT NULL,   -- 1, 2, … within its list
            product_id INTEGER NOT NULL REFERENCES products(id),
            score REAL NOT NULL,
            ranker TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (run_id, customer_id, again, rank)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO recommendations_of_two_lists
            SELECT run_id, customer_id, ranker = 'repeat',
            row_number() OVER (PARTITION BY run_id, customer_id, ranker = 'repeat' ORDER BY rank),
            product_id, score, ranker, reason FROM recommendations ORDER BY 1, 2, 3, 4;
        DROP TABLE recommendations;
        ALTER TABLE recommendations_of_two_lists RENAME TO recommendations;
        CREATE TABLE updated_customers (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            PRIMARY KEY (run_id, customer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE who_for_products (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            product_id INTEGER NOT NULL REFERENCES products(id),
            rank INTEGER NOT NULL,   -- 1, 2, … within the run and product
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            again INTEGER NOT NULL,
            score REAL NOT NULL,
            ranker TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (run_id, product_id, rank)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE similar_products (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            product_id INTEGER NOT NULL REFERENCES products(id),
            how TEXT NOT NULL,       -- together: bought by the same people; alike: in what is said of it
            rank INTEGER NOT NULL,   -- 1, 2, … within its list
            other_id INTEGER NOT NULL REFERENCES products(id),
            similarity REAL NOT NULL,
            n_common INTEGER,        -- buyers in common, of those who bought together
            reason TEXT,             -- of those that are alike
            PRIMARY KEY (run_id, product_id, how, rank)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE fitted_products (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            product_id INTEGER NOT NULL REFERENCES products(id),
            n_buyers INTEGER NOT NULL,
            PRIMARY KEY (run_id, product_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE due_purchases (
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
            product_id INTEGER NOT NULL REFERENCES products(id),
            n_days INTEGER NOT NULL, -- on which it was bought
            last TEXT NOT NULL,
            gap_days REAL NOT NULL,  -- the usual time between two purchases
            due TEXT NOT NULL,
            low TEXT NOT NULL,       -- the next purchase likely falls between these days
            high TEXT NOT NULL,
            own INTEGER NOT NULL,    -- 1: the gap is the customer's own, 0: that of all who buy the product
            PRIMARY KEY (run_id, customer_id, product_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE kept_models (   -- what a run learned, for lists of later orders without learning it again
            run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
            name TEXT NOT NULL,      -- of a ranker, or of what else is kept
            arrays BLOB NOT NULL,    -- NumPy's npz
            PRIMARY KEY (run_id, name)
        ) STRICT, WITHOUT ROWID;
        """,
    )
