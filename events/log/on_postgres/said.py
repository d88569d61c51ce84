"""What PostgreSQL says, in one line for the user, never with a password or a payload. Knows no event."""

from __future__ import annotations

from typing import Final

from events.errors import Unavailable

GRANT: Final = "ask its owner to run `casefold db grant ROLE`"
BUSY: Final = "is busy: another program is writing to it; try again when that has finished"
_LOST: Final = (
    "the connection was lost; whether the last events were kept is not known: run the command again, for what is there"
    " is not appended twice"
)
_CODES: Final = {
    "25006": "may not be written: the server takes no changes there (a replica, or set to read only)",
    "28": "does not let this role in; check the role and its password (PGPASSWORD or ~/.pgpass)",
    "3D000": "is no database of that server; create it first (`createdb NAME`), or name another with --db",
    "40": "was changed by somebody else at the same moment; run the command again",
    "42501": f"may not be read or written so by this role; {GRANT}",
    "53100": "could not be written: the server's disk is full; nothing was written",
    "53200": "could not be used: the server has no memory left; nothing was written",
    "53300": "takes no more connections; try again later",
    "55P03": BUSY,
    "57014": "took longer than the server allows (statement_timeout), or the statement was cancelled",
    "57P": "is shutting down or starting up, and " + _LOST,
    "58": "could not be read or written: the server's disk reports a fault",
    "08": _LOST,
    "XX001": "is damaged; restore a backup, then run `casefold db check`",
    "XX002": "is damaged; restore a backup, then run `casefold db check`",
}
_CONNECTING: Final = (
    ("password authentication failed", _CODES["28"]),
    ("no password supplied", "wants a password; give it by PGPASSWORD or ~/.pgpass"),
    ("no pg_hba.conf entry", "does not let this role in from here (pg_hba.conf)"),
    ("Peer authentication failed", "does not let this user of the machine in under that role (pg_hba.conf)"),
    ("too many", _CODES["53300"]),
    ("permission denied for database", f"may not be opened by this role; {GRANT}"),
    ("starting up", "is starting up; try again in a moment"),
    ("shutting down", "is shutting down; try again later"),
)


def unreachable(where: str, error: BaseException, password: str) -> Unavailable:
    """Say why there is no connection."""
    told = str(error)
    if 'database "' in told and "does not exist" in told:
        return Unavailable(f"{where} {_CODES['3D000']}")
    if 'role "' in told and "does not exist" in told:
        return Unavailable(f"{where} knows no such role; name another user, or create it (`createuser NAME`)")
    for words, meaning in _CONNECTING:
        if words in told:
            return Unavailable(f"{where} {meaning}")
    reason = _first_line(told.rpartition("failed: ")[2] or told, password)
    return Unavailable(f"{where} cannot be reached: {reason}; is the server running, and the address right?")


def unavailable(where: str, error: BaseException, password: str = "") -> Unavailable:
    """Say what the server, or the way to it, refused."""
    code = getattr(error, "sqlstate", None) or ""
    for start in (code, code[:3], code[:2]):
        if start and start in _CODES:
            return Unavailable(f"{where} {_CODES[start]}")
    if not code and type(error).__name__ in ("OperationalError", "InterfaceError"):
        return Unavailable(f"{where}: {_LOST}")
    told = getattr(getattr(error, "diag", None), "message_primary", None) or str(error)
    return Unavailable(f"{where} could not be used: {_first_line(told, password)}")


def _first_line(text: str, password: str) -> str:
    line = next(iter(text.strip().splitlines()), "no reason given").strip().rstrip(".")
    return line.replace(password, "…") if password else line
