"""What is known of a product beyond its name and price."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m017_what_products_are(db: Database) -> None:
    """`cost` is per piece, as the shop pays it; `launched` is told by a file; `added_at` is when the store first heard
    of the product, which is not on record for those that it holds already.
    """
    run(
        db,
        """
        ALTER TABLE products ADD COLUMN cost REAL;
        ALTER TABLE products ADD COLUMN launched TEXT;
        ALTER TABLE products ADD COLUMN added_at TEXT;
        CREATE TABLE product_attributes (
            product_id INTEGER NOT NULL REFERENCES products(id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (product_id, name)
        ) STRICT, WITHOUT ROWID;
        """,
    )
