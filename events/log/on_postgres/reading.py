"""A session that only reads, one state of the log at a time. Knows no event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, final

from events.errors import Unavailable
from events.log.database import Row
from events.log.on_postgres.session import marked

if TYPE_CHECKING:
    from psycopg import Connection


@final
class PostgresReading:
    """Its transactions are read only, whatever is sent; several queries see one state between `begin` and `end`."""

    def __init__(self, connection: Connection[Any], said: Callable[[BaseException], Unavailable]) -> None:
        self._connection = connection
        self._said = said
        self._cursor = connection.cursor(binary=True)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of one query."""
        import psycopg

        try:
            cursor = self._cursor.execute(marked(sql), parameters)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            raise self._said(error) from error

    def begin(self) -> None:
        """Hold one snapshot for several queries, until `end`."""
        self.rows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def end(self) -> None:
        """Let the snapshot go."""
        if not self._connection.closed and self._connection.info.transaction_status:
            self.rows("ROLLBACK")

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def __del__(self) -> None:
        """Close what a caller has dropped without a word, as SQLite's own connections do."""
        self._connection.close()
