"""Redaction: an event that says so, and the erasure of the values it names, in one transaction. Decides nothing alone.

The leaf keeps a salted digest of what was erased; without salt and value nobody can guess it. What lies in other copies
of the log, or has been given out, no command can take back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from events.codec import content_id
from events.drafting import draft
from events.errors import Fault

if TYPE_CHECKING:
    from events.log.read import Log

REDACT: Final = "amend.redact"
CORRECT: Final = "amend.correct"
NOT_REACHED: Final = (
    "files outside the database keep what they have, and the log does not know where they are: the files that were"
    " loaded, quarantines (`load --quarantine FILE`), backups, exports, reports, saved answers, proofs;"
    " find them, and delete or mend them by hand"
)

_TYPED: Final = (
    "SELECT e.position, e.event_id, e.body FROM event_types t JOIN cases c ON c.name = ?"
    " JOIN event e ON e.case_id = c.id AND e.type_id = t.id WHERE t.name = ? ORDER BY e.position"
)
_CASES_WITH: Final = (
    "SELECT DISTINCT c.name FROM event_types t JOIN event e ON e.type_id = t.id JOIN cases c ON c.id = e.case_id"
    " WHERE t.name = ? ORDER BY c.name"
)
_ONE: Final = (
    "SELECT e.position, e.body FROM event e JOIN cases c ON c.id = e.case_id WHERE c.name = ? AND e.event_id = ?"
)


class Target(NamedTuple):
    """Sensitive fields of one event that are to be erased together."""

    id: str
    position: int
    fields: tuple[str, ...]


def redact(
    log: Log, case: str, event_id: str, fields: Sequence[str], *, reason: str, authority: str, actor: str = ""
) -> dict[str, Any]:
    """Erase fields of an event, and what corrections set them to, for good; says what was erased, and by which events.

    Raises `Fault` where a field is not sensitive, was never there or is gone already, `Overtaken` where the case moved.
    """
    targets = _targets(log, case, event_id, tuple(dict.fromkeys(fields)))
    head = log.case_head(case)
    lines = [_line(case, target, reason, authority) for target in targets]
    with log.writing(actor) as writer:
        writer.expect(case, head)
        ids = [content_id(line, log.key, head=head + n) for n, line in enumerate(lines)]
        writer.append(draft({**line, "id": one}, actor=actor) for line, one in zip(lines, ids, strict=True))
        writer.erase([(target.position, field) for target in targets for field in target.fields])
    scrubbed = log.scrub()
    made = [
        {"id": one.id, "position": one.position, "fields": list(one.fields), "by": writer.outcome.first_position + n}
        for n, one in enumerate(targets)
    ]
    return {"log": log.origin, "case": case, "redacted": made, "scrubbed": scrubbed, "not_reached": _not_reached(log)}


def redactions(log: Log) -> list[dict[str, Any]]:
    """List every redaction of the log, to be kept elsewhere and applied again after a backup was restored."""
    return [
        {"case": case, "id": _target(data), "fields": data["fields"],
         "reason": data.get("reason", ""), "authority": data.get("authority", ""), "position": position}
        for case in _cases_with(log, REDACT)
        for position, _, data in _of_type(log, case, REDACT)
    ]  # fmt: skip


def apply(log: Log, wanted: Iterable[Mapping[str, Any]], *, actor: str = "") -> dict[str, Any]:
    """Redact again what a list says; also erase what the log's own redactions name and is there all the same."""
    made: list[dict[str, Any]] = []
    for one in wanted:
        case, event_id = str(one["case"]), str(one["id"])
        left = [str(field) for field in one["fields"] if _is_there(log, case, event_id, str(field))]
        if left:
            words = {"reason": str(one.get("reason", "")), "authority": str(one.get("authority", ""))}
            made += redact(log, case, event_id, left, actor=actor, **words)["redacted"]
    again = [
        (position, field)
        for one in redactions(log)
        for position in _positions(log, one["case"], one["id"])
        for field in one["fields"]
        if _is_there(log, one["case"], one["id"], field)
    ]
    if again:
        with log.writing(actor) as writer:
            writer.erase(again)
    scrubbed = log.scrub()
    return {
        "log": log.origin,
        "redacted": made,
        "erased_again": len(again),
        "scrubbed": scrubbed,
        "not_reached": _not_reached(log),
    }


def _not_reached(log: Log) -> str:
    return "; ".join(filter(None, (NOT_REACHED, log.beyond)))


def _line(case: str, target: Target, reason: str, authority: str) -> dict[str, Any]:
    words = {"reason": reason, "authority": authority}
    data = {"target": target.id, "fields": list(target.fields), **{name: text for name, text in words.items() if text}}
    return {"case": case, "type": REDACT, "data": data}


def _targets(log: Log, case: str, event_id: str, fields: tuple[str, ...]) -> list[Target]:
    """Give the event and the corrections of it, each with the fields to erase; raises `Fault`."""
    found = log.rows(_ONE, (case, event_id.removeprefix("@")))
    if not found:
        raise Fault(f"there is no event {event_id} in case {case}", f"see `casefold log {case}`")
    ((position, body),) = found
    sensitive = _leaf(body).get("_sd", {})
    for field in fields:
        if field not in sensitive:
            known = ", ".join(sorted(sensitive)) or "none"
            raise Fault(
                f"{event_id} has no sensitive field {field!r}",
                f"name one that it has ({known}); what is not sensitive cannot be erased, only corrected or retracted",
            )
        if not _is_there(log, case, event_id, field):
            raise Fault(f"{field} of {event_id} is gone already", "leave it out")
    targets = [Target(event_id.removeprefix("@"), position, fields)]
    corrections = _of_type(log, case, CORRECT)
    for target in targets:  # grows: a correction may itself have been corrected
        wanted = [f"data.set.{field}" for field in target.fields]
        for at, one, data in corrections:
            left = tuple(field for field in wanted if _is_there(log, case, one, field))
            if _target(data) == target.id and left:
                targets.append(Target(one, at, left))
    return targets


def _of_type(log: Log, case: str, kind: str) -> list[tuple[int, str, dict[str, Any]]]:
    rows = log.rows(_TYPED, (case, kind))
    return [(position, event_id, _leaf(body).get("data", {})) for position, event_id, body in rows]


def _cases_with(log: Log, kind: str) -> list[str]:
    return [case for (case,) in log.rows(_CASES_WITH, (kind,))]


def _positions(log: Log, case: str, event_id: str) -> list[int]:
    return [position for position, _ in log.rows(_ONE, (case, event_id))]


def _is_there(log: Log, case: str, event_id: str, field: str) -> bool:
    return any(
        log.rows("SELECT 1 FROM disclosure WHERE position = ? AND field = ?", (position, field))
        for position in _positions(log, case, event_id.removeprefix("@"))
    )


def _leaf(body: bytes) -> dict[str, Any]:
    return msgspec.json.decode(body, type=dict[str, Any])


def _target(data: Mapping[str, Any]) -> str:
    return str(data.get("target", "")).removeprefix("@")
