"""Whether every version of every type that a log has stored can still be read. Lifts in memory, rewrites nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec

from events.codec import recorded
from events.errors import CasefoldError
from events.event import event_types
from events.upcasting import missing_step

if TYPE_CHECKING:
    from events.log.read import Log

CHUNK: Final = 2_000
_FIRST: Final = "SELECT position FROM event WHERE type_id = ? ORDER BY position LIMIT 1"
_OF_TYPE: Final = f"SELECT position, body FROM event WHERE type_id = ? AND position > ? ORDER BY position LIMIT {CHUNK}"
_DISCLOSED: Final = (
    "SELECT d.position, d.field, d.value FROM disclosure d JOIN event e ON e.position = d.position"
    " WHERE e.type_id = ? AND d.position BETWEEN ? AND ?"
)


def versions(log: Log, name: str = "") -> dict[str, Any]:
    """Say which types and versions a log has stored (of one type, where it is named), and which cannot be read.

    That is: a type that is not installed, a version that is newer than the type or from which no upcaster leads on, an
    upcaster that fails. Every event of an older version is lifted to see that.
    """
    known = event_types()
    stored = []
    problems = []
    rows = log.rows("SELECT id, name, version FROM event_types ORDER BY name, version")
    for number, kind, version in rows:
        if name in ("", kind):
            current = known[kind].version if kind in known else None
            stored.append({"type": kind, "version": version, "current": current})
            if said := _problem(log, number, kind, version):
                problems.append({"type": kind, "version": version, "what": said[0], "instead": said[1]})
    return {"ok": not problems, "log": log.origin, "where": log.where, "stored": stored, "problems": problems}


def _problem(log: Log, number: int, name: str, version: int) -> tuple[str, str] | None:
    kind = event_types().get(name)
    ((first,),) = log.rows(_FIRST, (number,)) or [(0,)]
    if kind is None:
        return f"the type is not installed (first at position {first})", "install the plug-in that has it"
    if version > kind.version:
        what = f"it is newer than the type that is installed, version {kind.version} (first at position {first})"
        return what, "install the newer Casefold or plug-in"
    if step := missing_step(kind, version):
        what = f"no way leads to version {kind.version} (first at position {first})"
        return what, f"write the upcaster from version {step}: upcast={{{step}: …}}"
    if version < kind.version:
        return next(_unlifted(log, number), None)
    return None


def _unlifted(log: Log, number: int) -> Iterator[tuple[str, str]]:
    """Lift every event of a stored version; give the first that cannot be."""
    last = 0
    while rows := log.rows(_OF_TYPE, (number, last)):
        last = rows[-1][0]
        values: defaultdict[int, dict[str, Any]] = defaultdict(dict)
        for position, field, value in log.rows(_DISCLOSED, (number, rows[0][0], last)):
            values[position][field] = msgspec.json.decode(value)
        for position, body in rows:
            try:
                recorded(bytes(body), values[position])
            except CasefoldError as error:
                yield f"position {position}: {error}", "mend the upcaster"
