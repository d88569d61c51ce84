"""A connection to PostgreSQL on which nothing is left to chance: names, isolation, time-outs. Runs no query of a log.

The search path is set before anything else is said, and by a statement that looks no name up: a table, function or
operator that somebody has put into another schema, or that a role's own settings point to, is never met.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from events.errors import Unavailable
from events.log.on_postgres.said import unavailable, unreachable

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMA: Final = "casefold"
LEAST: Final = 140_000
"""The oldest server there is for Casefold: PostgreSQL 14."""
LOCK: Final = (0x63617365, 0x666F6C64)
"""The advisory lock of whoever appends ("case", "fold"); such locks are the database's own."""
_SETTINGS: Final = (
    f"SET search_path = {SCHEMA}, pg_temp",
    "SET row_security = off",
    "SET default_transaction_isolation = 'read committed'",
    "SET idle_in_transaction_session_timeout = 0",
    "SET jit = off",
)
_FOR: Final = {
    "read": ("SET default_transaction_read_only = on",),
    "write": (
        "SET default_transaction_read_only = off",
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
        "SET enable_seqscan = off",
        "SET enable_hashjoin = off",
        "SET enable_mergejoin = off",
    ),
}
"""A writer only ever looks a few rows up by their keys, in tables that grow beneath the planner's figures."""

Purpose = Literal["read", "write"]


def connect(info: dict[str, Any], where: str, purpose: Purpose, busy_seconds: float) -> Connection[Any]:
    """Open a session, in autocommit. Raises `Unavailable`, in one line, where there is none to be had."""
    import psycopg

    password = str(info.get("password") or "")
    try:
        connection = psycopg.connect(**info, client_encoding="UTF8", autocommit=True)
    except psycopg.Error as error:
        raise unreachable(where, error, password) from None
    try:
        _check(connection, where)
        busy = f"SET lock_timeout = {max(1, round(busy_seconds * 1000))}"
        connection.execute("; ".join((*_SETTINGS, *_FOR[purpose], busy)))
    except psycopg.Error as error:
        connection.close()
        raise unavailable(where, error, password) from None
    except Unavailable:
        connection.close()
        raise
    return connection


def _check(connection: Connection[Any], where: str) -> None:
    if connection.info.server_version < LEAST:
        raise Unavailable(f"{where} is served by a PostgreSQL older than 14; Casefold needs 14 or newer")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise Unavailable(f"{where} is not in UTF-8; make one that is (`createdb -E UTF8 -T template0 NAME`)")


@lru_cache(maxsize=512)
def marked(sql: str) -> str:
    """Give SQL as the driver wants it: its marks, and nothing asked of a type that a column here always has.

    >>> marked("SELECT data FROM blob WHERE sha256 = ? AND typeof(data) = 'blob'")
    'SELECT data FROM blob WHERE sha256 = %s AND data IS NOT NULL'
    """
    sql = re.sub(r"typeof\(([a-z.]+)\) = 'blob'", r"\1 IS NOT NULL", sql)
    return sql.replace("%", "%%").replace("?", "%s")
