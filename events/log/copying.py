"""A log copied row by row into another, empty database of either kind: the same log there. Decides and checks nothing.

Read in one state of the log, written in one transaction; positions, bodies, salts and values go as they are.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from events.errors import Fault, Preceded, Unavailable
from events.log.database import COLUMNS, Clash
from events.log.making import Naming, make
from events.log.uninterrupted import uninterrupted
from events.stopping import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.log.database import Database, Reading, Row

CHUNK: Final = 3_000
BEFORE: Final = ("cases", "event_types")
BESIDE: Final = ("batch", "tile", "checkpoint", "blob", "timestamp")
"""Tables that go in one by one, in the order of their keys; a blob may be long, so each goes alone."""
_NAMED: Final = "SELECT origin, key, created_at FROM log"


def copy_log(source: Database, target: Database) -> None:
    """Copy what one database holds into one that is empty; both stay as they were where that fails."""
    with closing(source.reading()) as reading:
        reading.begin()
        ((origin, key, created_at),) = reading.rows(_NAMED)
        try:
            make(target, Naming(origin, bytes(key), created_at))
            with target.writing() as writing:
                if writing.rows("SELECT 1 FROM event LIMIT 1"):
                    raise taken(target)
                for table, rows in _rows(reading):
                    writing.insert(table, rows)
                with uninterrupted():
                    writing.commit()
                    WRITTEN.set(True)
        except Preceded as quicker:
            raise taken(target) from quicker
        except Clash as clash:
            raise Unavailable(f"an id stands twice in {source.where}; run `casefold verify`") from clash
        finally:
            reading.end()
            target.tidy()
            target.discard()


def taken(target: Database) -> Fault:
    """Give the fault that a database holds a log already."""
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
