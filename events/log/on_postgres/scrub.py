"""Makes PostgreSQL forget, as far as it can: the table's files hold no deleted value. Deletes nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection


def scrub(connection: Connection[Any]) -> bool:
    """Write the disclosures anew, and have the old files given up; whether it could be done.

    A plain VACUUM leaves the bytes of what was deleted in the pages. False where this role is not the owner (the server
    then only warns) or somebody reads for longer than the lock is waited for.
    """
    import psycopg

    before = connection.execute("SELECT pg_relation_filenode('disclosure')").fetchone()
    try:
        connection.execute("VACUUM (FULL) disclosure")
        connection.execute("CHECKPOINT")
    except psycopg.errors.InsufficientPrivilege:
        pass  # CHECKPOINT is for superusers and pg_checkpoint; one comes by itself
    except psycopg.Error:
        return False
    return connection.execute("SELECT pg_relation_filenode('disclosure')").fetchone() != before
