"""In which order the updates of the chat came in."""

from sqlite_utils import Database

from engine.store.migrations.registry import migrations, run


@migrations()
def m030_in_which_order_updates_came(db: Database) -> None:
    # their numbers do not tell: after a week of silence Telegram begins anywhere, also below the last one
    run(
        db,
        """
        ALTER TABLE inbox ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0;
        UPDATE inbox SET arrival = (SELECT count(*) FROM inbox before WHERE before.update_id <= inbox.update_id)
            WHERE state = 'waiting';
        CREATE INDEX inbox_arrival ON inbox(arrival);
        """,
    )
