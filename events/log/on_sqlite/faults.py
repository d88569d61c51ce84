"""What SQLite itself can say is wrong with a log's file: triggers, pages, keys. Reads no event and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from events.errors import Problem
from events.log.database import Row
from events.log.triggers import triggers

SHOWN: Final = 100

Rows = Callable[[str, tuple[Any, ...]], list[Row]]


def faults(rows: Rows) -> Iterator[Problem]:
    """Give what is wrong with the triggers, then with the file."""
    yield from _triggers(rows)
    yield from _structure(rows)


def _triggers(rows: Rows) -> Iterator[Problem]:
    there: dict[str, str] = dict(rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'", ()))
    for name, sql in triggers().items():
        if name not in there:
            yield Problem(field="schema", what=f"the trigger {name} is gone", instead="find out who removed it")
        elif there[name] != sql:
            yield Problem(
                field="schema", what=f"the trigger {name} has been altered", instead="find out who altered it"
            )
    for name in there.keys() - triggers().keys():
        yield Problem(field="schema", what=f"the trigger {name} is not Casefold's", instead="find out who added it")


def _structure(rows: Rows) -> Iterator[Problem]:
    for (words,) in rows(f"PRAGMA integrity_check({SHOWN})", ()):
        if words != "ok":
            yield Problem(field="file", what=str(words), instead="restore a backup")
    for table, row, parent, _ in rows("PRAGMA foreign_key_check", ()):
        yield Problem(
            field="file", what=f"row {row} of {table} belongs to nothing in {parent}", instead="restore a backup"
        )
