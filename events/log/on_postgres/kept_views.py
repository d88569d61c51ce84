"""Where kept views lie in a log's PostgreSQL database, and how they are taken away. Reads nothing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from events.log.on_postgres.session import LOCK

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMA: Final = "casefold_views"
HOLD: Final = f"SELECT pg_catalog.pg_advisory_xact_lock({LOCK[0]}, {LOCK[1] ^ 1})"
"""Takes the lock of whoever keeps, until the transaction ends."""


def purge(connection: Connection[Any]) -> bool:
    """Take away all that is kept of the log; whether it could be done.

    False where this role does not own it, or another program has been reading or keeping there for too long.
    """
    import psycopg

    try:
        with connection.transaction():
            connection.execute(HOLD)
            connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    except psycopg.Error:
        return False
    return True
