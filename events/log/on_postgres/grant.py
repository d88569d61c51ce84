"""What a role of the server may do with a log: read it, append to it, redact in it. Never more, and makes no role."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from events.errors import Fault
from events.log.database import COLUMNS
from events.log.on_postgres.session import SCHEMA

if TYPE_CHECKING:
    from events.log.on_postgres.server import PostgresDatabase

MAY: Final = ("read", "append", "redact")
"""Rising: each may do what those before it may."""
_ROLE: Final = (
    "SELECT rolsuper, pg_has_role(rolname, (SELECT nspowner FROM pg_namespace WHERE nspname = %s), 'MEMBER')"
    " FROM pg_roles WHERE rolname = %s"
)
_MORE: Final = "SELECT 1 FROM pg_namespace WHERE nspname = %s AND pg_has_role(nspowner, 'USAGE')"


def grant(database: PostgresDatabase, role: str, may: str = "append") -> tuple[str, ...]:
    """Let a role do so much with the log, and take from it what else it was let do; gives the statements sent.

    Raises `Fault` where there is no such role, or where no grant could bind it: a superuser, or the owner of the log.
    """
    import psycopg

    with closing(database.session("write")) as connection:
        try:
            found = connection.execute(_ROLE, (SCHEMA, role)).fetchone()
            owns = connection.execute(_MORE, (SCHEMA,)).fetchone()
            _check(role, found, owns=owns is not None, where=database.where)
            statements = _statements(role, may)
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement)
        except psycopg.Error as error:
            raise database.unavailable(error) from error
    return statements


def _check(role: str, found: Any, *, owns: bool, where: str) -> None:
    if found is None:
        raise Fault(
            f"{where} knows no role {role!r}", f"create it first: CREATE ROLE {_quoted(role)} LOGIN PASSWORD '…'"
        )
    superuser, owner = found
    if superuser:
        raise Fault(f"{role} is a superuser, whom no grant binds", "name a role that is none")
    if owner:
        raise Fault(
            f"{role} owns the log, or may act as its owner, and can alter it whatever is granted",
            "name another role, and keep the owner's for `db upgrade` and `db grant`",
        )
    if not owns:
        raise Fault("this role does not own the log, and may grant nothing", "name its owner in the URL")


def _statements(role: str, may: str) -> tuple[str, ...]:
    name = _quoted(role)
    made = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {name}",
        f"REVOKE ALL ON SCHEMA {SCHEMA} FROM {name}",
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO {name}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO {name}",
    ]
    if may in MAY[1:]:
        made.append(f"GRANT INSERT ON {', '.join(f'{SCHEMA}.{table}' for table in COLUMNS)} TO {name}")
    if may == "redact":
        made.append(f"GRANT DELETE ON {SCHEMA}.disclosure TO {name}")
    return tuple(made)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
