"""Makes PostgreSQL forget, as far as it can: the table's files hold no deleted value. Deletes nothing itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.errors import Diagnostic

FIRST: Final = 0.05
"""Seconds that are waited before the second time."""


def scrub(connection: Connection[Any], seconds: float) -> bool:
    """Write the disclosures anew, and have the old files given up; whether it could be done.

    A plain VACUUM leaves the bytes of what was deleted in the pages. A full one takes along what was deleted after the
    oldest transaction that still runs, in any database of the server, began: it is done again until nothing is, for so
    many seconds. False where this role is not the owner (the server then only warns) or somebody is in the way longer.
    """
    import psycopg

    before = connection.execute("SELECT pg_relation_filenode('disclosure')").fetchone()
    try:
        taken = map(_taken_along, _waiting(connection, seconds))
        if next((rows for rows in taken if rows <= 0), 1) != 0:
            return False
        connection.execute("CHECKPOINT")
    except psycopg.errors.InsufficientPrivilege:
        pass  # CHECKPOINT is for superusers and pg_checkpoint; one comes by itself
    except psycopg.Error:
        return False
    return connection.execute("SELECT pg_relation_filenode('disclosure')").fetchone() != before


def _waiting(connection: Connection[Any], seconds: float) -> Iterator[Connection[Any]]:
    """Give the connection again and again, each time after a wait of twice the length, for so many seconds."""
    yield connection
    wait = FIRST
    while wait <= seconds:
        connection.execute("SELECT pg_sleep(%s)", (wait,))
        yield connection
        wait, seconds = 2 * wait, seconds - wait


def _taken_along(connection: Connection[Any]) -> int:
    """Write the table anew; give how many deleted rows the server says were taken along, -1 if it does not say."""
    details: list[str] = []

    def told(notice: Diagnostic) -> None:
        details.append(notice.message_detail or "")

    connection.add_notice_handler(told)
    try:
        connection.execute("VACUUM (FULL, VERBOSE) disclosure")
    finally:
        connection.remove_notice_handler(told)
    return next((int(found[0]) for found in map(re.compile(r"\d+").search, details) if found), -1)
