"""A PostgreSQL URL, read once: what to connect to, and how to name it without its password. Connects to nothing."""

from __future__ import annotations

import os
import re
from typing import Any, Final
from urllib.parse import unquote

from events.errors import Fault, Unavailable

SCHEMES: Final = frozenset({"postgresql+psycopg", "postgresql", "postgres"})
WRITE: Final = "write postgresql://USER@HOST:PORT/DATABASE (the password in ~/.pgpass or PGPASSWORD)"
CONNECT_SECONDS: Final = 10
_NAMED_ELSEWHERE: Final = ("PGDATABASE", "PGSERVICE")


def is_postgres(where: str) -> bool:
    """Whether `--db` names a PostgreSQL database, with whichever driver.

    >>> is_postgres("postgres://host/log"), is_postgres("postgresql+asyncpg://host/log"), is_postgres("log.db")
    (True, True, False)
    """
    scheme, separator, _ = where.partition("://")
    return bool(separator) and scheme.partition("+")[0] in SCHEMES


def shown(where: str) -> str:
    """Give a URL without its password and without its options, however badly it is written.

    >>> shown("postgresql+psycopg://me:se/cr@et@host:5433/log?sslmode=require&password=x")
    'postgresql://me@host:5433/log'
    >>> shown("postgresql://me:12?34@host/log"), shown("postgresql://me:12#34@host/log")
    ('postgresql://me@host/log', 'postgresql://me@host/log')
    >>> shown("postgresql://me:secret/log"), shown("postgresql:///log?host=/run/sockets")
    ('postgresql://me/log', 'postgresql:///log?host=/run/sockets')
    """
    told, _, options = where.partition("://")[2].partition("?")
    told, _, fragment = told.partition("#")
    for rest in (fragment, options.partition("=")[0]):
        if "@" in rest:  # a password with a # or a ? in it
            told, options = f"{told.partition(':')[0]}@{rest.rpartition('@')[2]}", ""
    user, at, place = told.rpartition("@")
    host, slash, name = place.partition("/")
    bare = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(:\d+)?(,.*)?", host)
    host = host if bare and "@" not in host else host.partition(":")[0]
    socket = "".join(f"?{one}" for one in options.split("&") if one.startswith("host=") and "@" not in one)
    return f"postgresql://{user.partition(':')[0]}{at}{host}{slash}{name}{socket}"


def connection_info(where: str) -> dict[str, Any]:
    """Give what the driver connects with. Raises `Fault` where the URL cannot be read, `Unavailable` without a driver.

    >>> connection_info("postgresql+psycopg://me@host/log")["dbname"]
    'log'
    """
    scheme, _, rest = where.partition("://")
    if scheme not in SCHEMES:
        raise Fault(f"Casefold does not use the driver of {scheme}://", f"write postgresql+psycopg:// or {WRITE[6:]}")
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        raise Unavailable(
            "PostgreSQL needs the driver psycopg, which is not installed; run `pip install 'casefold[postgres]'`"
        ) from None
    try:
        info: dict[str, Any] = conninfo_to_dict(f"postgresql://{rest}")
    except ProgrammingError:
        raise Fault(
            f"{shown(where)} cannot be read as a URL", f"{WRITE}; in a password, @ is %40, / is %2F, : is %3A, # is %23"
        ) from None
    elsewhere = info.get("service") or any(os.environ.get(name) for name in _NAMED_ELSEWHERE)
    if not info.get("dbname") and not elsewhere:
        raise Fault(f"{shown(where)} names no database", WRITE)
    return {"connect_timeout": CONNECT_SECONDS, "fallback_application_name": "casefold", **info}


def beside(where: str) -> str:
    """Give the name that files of the log get in the working folder: the database's own.

    >>> beside("postgresql://me:secret@host/case%2Flog?sslmode=require")
    'case-log'
    """
    name = unquote(where.partition("://")[2].partition("?")[0].rpartition("/")[2])
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-") or "casefold"
