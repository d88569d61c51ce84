"""A file kept in the log by its hash, and the correction that ties it to a document. Opens no file, folds no case.

The document event gets `sha256` and `status: held` by an `amend.correct`, whose id says that the file itself is here:
so `verify` knows an attachment that is gone from a document whose hash alone was recorded.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from events.drafting import draft
from events.errors import Fault, NotHeld
from events.log.proofs.bodies import target_of

if TYPE_CHECKING:
    from events.log.read import Log

_TAKEN: Final = "attached:"
_BLOB: Final = "SELECT data FROM blob WHERE sha256 = ?"


def attach(
    log: Log, case: str, event_id: str, digest: str, data: bytes, *, told: tuple[int, str], actor: str = ""
) -> dict[str, Any]:
    """Keep a file for a document event, and say so by a correction of it, in one transaction.

    `digest` is the hex SHA-256 of `data`; `told` how many events the case had when it was read, and the sha256 that
    they give of the document so far, "" for none. Raises `Fault` where that is another one, `Overtaken`.
    """
    events, known = told
    if known and known.lower() != digest:
        raise Fault(
            f"the file is not the document {event_id}: its sha256 is {digest}, and the record says {known}",
            f"name the right file, or `casefold correct {case} {event_id} sha256={digest} --reason …` first",
        )
    name = attached_id(event_id, digest)
    line = {
        "case": case,
        "id": name,
        "type": "amend.correct",
        "data": {"target": event_id, "set": {"data": {"sha256": digest, "status": "held"}}, "reason": "file attached"},
    }
    with log.writing(actor) as writer:
        writer.expect(case, events)
        new = writer.keep("blob", (bytes.fromhex(digest), len(data), data))
        writer.append([draft(line, actor=actor)])
    done = writer.outcome
    return {
        "log": log.origin,
        "case": case,
        "document": event_id,
        "sha256": digest,
        "size": len(data),
        "stored": new,
        "id": name,
        "appended": done.appended,
        "already_there": done.already_there,
        "position": done.first_position or None,
    }


def taken_out(log: Log, case: str, event_id: str) -> tuple[str, bytes]:
    """Give the file that was last kept for a document event: its hex SHA-256, and all of it, held against that.

    Raises `Fault` where none was kept, `NotHeld` where what is there is not what was kept, or is gone.
    """
    ties = [(event.id, dict(event.written)) for event in log.events(case) if event.type == "amend.correct"]
    ours = [data for name, data in ties if attached_digest(name, data) and target_of(data) == event_id]
    if not ours:
        raise Fault(
            f"no file is kept for {event_id} of {case!r}", f"keep one with `casefold attach {case} {event_id} FILE`"
        )
    digest: str = ours[-1]["set"]["data"]["sha256"]
    found = log.rows(_BLOB, (bytes.fromhex(digest),))
    data = found[0][0] if found and isinstance(found[0][0], bytes) else b""
    if not found or hashlib.sha256(data).hexdigest() != digest:
        raise NotHeld(f"the file kept for {event_id}, {digest}, is {'altered' if found else 'gone'}: `casefold verify`")
    return digest, data


def attached_id(event_id: str, digest: str) -> str:
    """Give the id of the correction that ties a file to a document.

    >>> attached_id("report", "00" * 32)
    'attached:81d06597a8ac654c6a955c6bf45cb1f4'
    """
    tie = f"{event_id}\n{digest}".encode()
    return _TAKEN + hashlib.sha256(tie).hexdigest()[:32]


def attached_digest(name: str, data: dict[str, Any]) -> str:
    """Give the hash of the file that a correction says is here; empty for any other correction."""
    try:
        digest = data["set"]["data"]["sha256"]
    except (KeyError, TypeError):
        return ""
    target = target_of(data)
    return str(digest) if name == attached_id(target, str(digest)) else ""
