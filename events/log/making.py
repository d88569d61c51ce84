"""Makes an empty log, or brings one to the program's schema: migrations, its name, its tiles. Appends nothing."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from events.log.database import Database, Row

if TYPE_CHECKING:
    from sqlalchemy import Connection


class Naming(NamedTuple):
    """What makes a log this one and no other: its origin, the key of its content ids, and when it was made (µs)."""

    origin: str
    key: bytes
    created_at: int


def make(database: Database, named: Naming | None = None) -> None:
    """Make an empty log where there is none: aside, where the database can do that, until it is published."""
    database.create()
    migrate(database, named)


def migrate(database: Database, named: Naming | None = None) -> None:
    """Take every migration that is missing, in one transaction, and give a new log its origin and key."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.exc import DBAPIError

    import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = database.engine()
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _name_log(connection, named)
            _fill_tree(connection)
    except DBAPIError as error:
        raise database.unavailable(error.orig or error) from error


def _name_log(connection: Connection, named: Naming | None) -> None:
    from events.log import schema

    if connection.execute(schema.log.select()).first() is None:
        name = named or Naming(f"casefold/{os.urandom(16).hex()}", os.urandom(32), time.time_ns() // 1000)
        connection.execute(schema.log.insert(), name._asdict())


def _fill_tree(connection: Connection) -> None:
    """Give a log from before there was a tree its tiles."""
    from events.log import schema, tree
    from events.log.on_postgres.session import marked

    def rows(sql: str, parameters: tuple[Any, ...]) -> list[Row]:
        asked = marked(sql) if connection.dialect.name == "postgresql" else sql
        return [tuple(row) for row in connection.exec_driver_sql(asked, parameters)]

    def insert(tiles: list[Row]) -> None:
        names = [column.name for column in schema.tile.columns]
        connection.execute(schema.tile.insert(), [dict(zip(names, row, strict=True)) for row in tiles])

    tree.fill(rows, insert)
