"""The list of steps, and how one runs its statements."""

from sqlite_utils import Database, Migrations

migrations = Migrations("zhike")


def run(db: Database, statements: str) -> None:
    # executescript would commit the step's transaction
    for statement in statements.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)
