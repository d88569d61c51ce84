"""What `casefold db check` looks at: schema, triggers, file, positions, chain, hashes, columns. Changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from events.codec import leaf_number
from events.errors import Problem
from events.log.checkpoints import kept_beside, key_file
from events.log.database import SCHEMAS, Row
from events.log.read import Log

CHUNK: Final = 2_000
SHOWN: Final = 100
"""Problems after which looking further tells nothing new."""

_CASE_ORDER: Final = (
    "SELECT e.case_id, e.case_position, e.position, c.name, e.event_id, t.name, t.version, e.earliest, e.latest,"
    " e.recorded_at, e.body, e.leaf_hash FROM event e LEFT JOIN cases c ON c.id = e.case_id"
    " LEFT JOIN event_types t ON t.id = e.type_id WHERE (e.case_id, e.case_position) > (?, ?)"
    f" ORDER BY e.case_id, e.case_position LIMIT {CHUNK}"
)


def check(log: Log) -> tuple[Problem, ...]:
    """Give what is wrong with a log, at most `SHOWN` of it; empty where nothing is. Reads every row, memory flat."""
    problems: list[Problem] = []
    for problem in _problems(log):
        problems.append(problem)
        if len(problems) == SHOWN:
            break
    return tuple(problems)


def _problems(log: Log) -> Iterator[Problem]:
    yield from _schema(log)
    yield from log.faults()
    yield from _positions(log)
    yield from _behind(log)
    yield from _events(log)


def _schema(log: Log) -> Iterator[Problem]:
    ((version,),) = log.rows("SELECT version_num FROM alembic_version")
    if version != SCHEMAS[-1]:
        yield Problem(
            field="schema", what=f"the schema is {version}, not {SCHEMAS[-1]}", instead="run `casefold db upgrade`"
        )


def _positions(log: Log) -> Iterator[Problem]:
    ((count, first, last),) = log.rows("SELECT count(*), min(position), max(position) FROM event")
    if count and (first != 1 or last != count):
        gap = log.rows(
            "SELECT position + 1 FROM event e WHERE NOT EXISTS"
            " (SELECT 1 FROM event n WHERE n.position = e.position + 1) ORDER BY position LIMIT 1"
        )
        missing = 1 if first != 1 else gap[0][0]
        yield Problem(field=f"position {missing}", what="is missing", instead="restore a backup")
    back = log.rows(
        "SELECT e.position FROM event e JOIN event b ON b.position = e.position - 1"
        " WHERE e.recorded_at < b.recorded_at LIMIT 10"
    )
    for (position,) in back:
        yield Problem(
            field=f"position {position}",
            what="was recorded before the event in front of it",
            instead="restore a backup",
        )


def _behind(log: Log) -> Iterator[Problem]:
    """Find that the log is behind a checkpoint of it: one it holds itself, or the one kept beside its key."""
    ((size,),) = log.rows("SELECT coalesce(max(position), 0) FROM event")
    ((held,),) = log.rows("SELECT coalesce(max(size), 0) FROM checkpoint")
    kept = kept_beside(key_file(log.where), log.origin)
    last, whose = max((held, "a checkpoint that it holds"), (kept, "the last checkpoint signed with its key"))
    if last > size:
        yield Problem(
            field=f"position {size + 1}",
            what=f"is missing: {whose} is of {last} events. The end was cut off, or this is an older copy, or one made"
            " without the file -wal beside it",
            instead="restore a backup, or copy the file with `casefold db backup`",
        )


def _events(log: Log) -> Iterator[Problem]:
    case, at, prev = 0, 0, b""
    while rows := log.rows(_CASE_ORDER, (case, at)):
        for row in rows:
            if row[0] != case:
                at, prev = 0, b""
            yield from _event(log.origin, row, at + 1, prev)
            case, at, prev = row[0], row[1], row[11] if isinstance(row[11], bytes) else b""


def _event(origin: str, row: Row, expected: int, prev: bytes) -> Iterator[Problem]:
    _, case_position, position, case, event_id, kind, version, earliest, latest, recorded_at, body, leaf_hash = row

    def wrong(what: str) -> Problem:
        return Problem(field=f"position {position}", what=what, instead="restore a backup")

    if case_position != expected:
        yield wrong(f"has case position {case_position}, not {expected}")
    if not isinstance(body, bytes) or not isinstance(leaf_hash, bytes):
        yield wrong("its text or its hash has been altered: it is not stored as bytes")
        return
    if hashlib.sha256(b"\x00" + body).digest() != leaf_hash:
        yield wrong("its text has been altered: it no longer gives its hash")
    try:
        leaf: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        yield wrong("its text cannot be read")
        return
    if leaf.get("prev", "") != prev.hex():
        yield wrong("does not follow the event that stands before it in its case")
    columns = {
        "log": origin, "position": position, "case": case, "case_position": case_position, "id": event_id, "type": kind,
        "version": version, "earliest": _number(earliest), "latest": _number(latest), "recorded_at": recorded_at,
    }  # fmt: skip
    for name, value in columns.items():
        if leaf.get(name) != value:
            yield wrong(f"its {name} stands as {value!r} in the table and as {leaf.get(name)!r} in its text")


def _number(micros: int | None) -> int | str | None:
    return leaf_number(micros) if isinstance(micros, int) else micros
