"""A log copied row by row into another, empty database of either kind: the same log there. Decides and checks nothing.

Read in one state of the log, written in one transaction; positions, bodies, salts and values go as they are.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from events.errors import Fault, NotHeld, Unavailable
from events.log.database import COLUMNS, Clash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.log.database import Database, Reading, Row
    from events.log.notes import VerifyingKey
    from events.log.read import Log
    from events.log.verify import Verified

CHUNK: Final = 3_000
BEFORE: Final = ("cases", "event_types")
BESIDE: Final = ("batch", "tile", "checkpoint", "blob", "timestamp")
"""Tables that go in one by one, in the order of their keys; a blob may be long, so each goes alone."""
_NAMED: Final = "SELECT origin, key, created_at FROM log"


def copy_to(log: Log, where: str, *, keys: Sequence[VerifyingKey] = ()) -> Verified:
    """Copy an open log into another database that has none, and verify what is there.

    Raises `Fault` where there is a log already, `NotHeld` where the copy has another root than the log.
    """
    from events.log.opening import database_at, open_log
    from events.log.tree import root_of_log
    from events.log.verify import verify

    target = database_at(where)
    if target.state():
        raise _taken(target)
    copy_log(log.database, target)
    with open_log(where) as copy:
        done = verify(copy, keys=keys)
        root = root_of_log(copy.rows, done.size)
    if root_of_log(log.rows, done.size) != root:
        raise NotHeld(f"{target.where} has another root than the first {done.size} events of {log.where}")
    return done


def copy_log(source: Database, target: Database) -> None:
    """Copy what one database holds into one that is empty; both stay as they were where that fails."""
    from events.log.opening import Naming, make

    with closing(source.reading()) as reading:
        reading.begin()
        ((origin, key, created_at),) = reading.rows(_NAMED)
        make(target, Naming(origin, bytes(key), created_at))
        try:
            with target.writing() as writing:
                if writing.rows("SELECT 1 FROM event LIMIT 1"):
                    raise _taken(target)
                for table, rows in _rows(reading):
                    writing.insert(table, rows)
                writing.commit()
        except Clash as clash:
            raise Unavailable(f"an id stands twice in {source.where}; run `casefold verify`") from clash
        finally:
            reading.end()
            target.tidy()


def _taken(target: Database) -> Fault:
    return Fault(f"{target.where} holds a log already; a copy never overwrites", "name an empty database")


def _rows(reading: Reading) -> Iterator[tuple[str, list[Row]]]:
    """Give all rows by table, a few thousand at a time: cases, types, events with their values, then the rest."""
    for table in BEFORE:
        yield from _ordered(reading, table, CHUNK)
    ((last,),) = reading.rows("SELECT coalesce(max(position), 0) FROM event")
    for start in range(1, int(last) + 1, CHUNK):
        for table in ("event", "disclosure"):
            sql = f"SELECT {_names(table)} FROM {table} WHERE position BETWEEN ? AND ? ORDER BY 1, 2"
            rows = reading.rows(sql, (start, start + CHUNK - 1))
            if table == "event" and not rows:
                raise Unavailable(f"position {start} of the log is missing; run `casefold verify`")
            yield table, rows
    for table in BESIDE:
        yield from _ordered(reading, table, 1 if table == "blob" else CHUNK)


def _ordered(reading: Reading, table: str, at_once: int) -> Iterator[tuple[str, list[Row]]]:
    sql = f"SELECT {_names(table)} FROM {table} ORDER BY 1, 2 LIMIT ? OFFSET ?"
    done = 0
    while rows := reading.rows(sql, (at_once, done)):
        yield table, rows
        done += len(rows)


def _names(table: str) -> str:
    return ", ".join(f'"{name}"' for name in COLUMNS[table])
