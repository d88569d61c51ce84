"""What the commands of integrity do, from files and options to the JSON that scripts read. Prints nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from events.errors import BadInput, Fault, Problem, reason
from events.log.attach import attach, taken_out
from events.log.backup import backup, copy_to
from events.log.checkpoints import checkpoint, key_file, key_if_there, make_key, read_note
from events.log.keys import read_verifying_key
from events.log.notes import NOTE_BYTES, VerifyingKey
from events.log.opening import database_at, open_log, write_to
from events.log.proofs.check_proof import check_proof
from events.log.proofs.prove import prove
from events.log.read import Log
from events.log.redact import apply, redact, redactions
from events.log.regular_file import read_under
from events.log.stamps import stamp
from events.log.verify import Verified, verify
from events.whole_file import write_new

REPLY_BYTES: Final = 1_000_000
"""The longest file that is read as a time stamp."""


def new_key_json(where: str, *, key: str = "", old: str = "", lost: bool = False, actor: str = "") -> dict[str, Any]:
    """Make the log's key, or change it; the log is created where there is none."""
    path = key_file(where, key)

    def written(log: Log) -> dict[str, Any]:
        made = make_key(log, path, old=Path(old) if old else None, lost=lost, actor=actor)
        created = log.where if log.created else ""
        return {"log": log.origin, "key": str(made), "id": made.id, "file": str(path), "created": created}

    return write_to(where, written)


def checkpoint_json(where: str, *, key: str = "") -> dict[str, Any]:
    """Make a checkpoint of the log as it stands. A key that is named must be there."""
    with _writing(where) as log:
        note = checkpoint(log, key_file(where, key), must_sign=bool(key))
        made, signed = read_note(note.encode())
        return {"log": log.origin, "size": made.size, "root": made.root.hex(), "signed": signed, "note": note}


def verify_json(
    where: str, *, checkpoints: Sequence[str] = (), vkeys: Sequence[str] = (), key: str = "", ca: str = ""
) -> dict[str, Any]:
    """Verify a log; its own key serves where no other is given."""
    given = [(name, _note(name)) for name in checkpoints]
    with open_log(where) as log:
        pinned = [read_verifying_key(Path(name)) for name in vkeys] or _own(log, key_file(where, key))
        done = verify(log, checkpoints=given, keys=pinned, ca=ca)
        return {
            "ok": done.ok,
            "log": log.origin,
            "size": done.size,
            "root": done.root,
            "problems": [asdict(one) for one in done.problems],
            "checked_against": [asdict(one) for one in done.checked_against],
            "redacted": [asdict(one) for one in done.redacted],
            "stamps": [asdict(one) for one in done.stamps],
            "unknown": list(done.unknown),
        }


def stamp_request_json(where: str, file: str) -> dict[str, Any]:
    """Write the request for a time stamp of the log's last checkpoint."""
    with open_log(where) as log:
        noted, made = stamp.request(log)
        write_new(file, made, "--request")
        return {"log": log.origin, "size": noted.size, "root": noted.root.hex(), "request": file}


def stamp_reply_json(where: str, file: str, *, ca: str = "", actor: str = "") -> dict[str, Any]:
    """Take in what a time-stamping authority sent back."""
    try:
        with open(file, "rb") as opened:  # noqa: PTH123 (as given, for the message)
            reply = opened.read(REPLY_BYTES + 1)
    except OSError as error:
        raise Fault(f"{file} cannot be read: {reason(error)}", "name the reply of the authority (.tsr)") from error
    if len(reply) > REPLY_BYTES:
        raise Fault(f"{file} is too long for a time stamp", "name the reply of the authority (.tsr)")
    with _writing(where) as log:
        return stamp.take_in(log, reply, ca=ca, actor=actor)


def attach_json(
    where: str, case: str, event_id: str, file: str, *, root: str, told: tuple[int, str], actor: str = ""
) -> dict[str, Any]:
    """Keep a file in the log for a document event (see `attach`)."""
    digest, data = read_under(root, file)
    with _writing(where) as log:
        return attach(log, case, event_id.removeprefix("@"), digest, data, told=told, actor=actor)


def taken_out_json(where: str, case: str, event_id: str, output: str) -> dict[str, Any]:
    """Give a file that was kept for a document event out again (see `taken_out`)."""
    with open_log(where) as log:
        digest, data = taken_out(log, case, event_id.removeprefix("@"))
        write_new(output, data, "--out")
        return {
            "log": log.origin,
            "case": case,
            "document": event_id.removeprefix("@"),
            "sha256": digest,
            "size": len(data),
            "file": output,
        }


def backup_json(where: str, file: str) -> dict[str, Any]:
    """Copy a log to a new file, and verify the copy."""
    with open_log(where) as log:
        return _copied(log, file, backup(log, file, keys=_own(log, key_file(where))))


def copy_json(where: str, to: str) -> dict[str, Any]:
    """Copy a log into another, empty database of either kind, and verify the copy."""
    with open_log(where) as log:
        return _copied(log, database_at(to).where, copy_to(log, to, keys=_own(log, key_file(where))))


def _copied(log: Log, file: str, done: Verified) -> dict[str, Any]:
    """Say what was copied where, and what its verification found."""
    return {
        "ok": done.ok,
        "log": log.origin,
        "file": file,
        "size": done.size,
        "root": done.root,
        "problems": [asdict(one) for one in done.problems],
    }


def grant_json(where: str, role: str, may: str) -> dict[str, Any]:
    """Let a role of the database's server read, append or redact. Raises `Fault` where there are no roles."""
    from events.log.on_postgres.grant import grant
    from events.log.on_postgres.server import PostgresDatabase

    with open_log(where) as log:
        if not isinstance(log.database, PostgresDatabase):
            raise Fault(
                f"{log.where} is a SQLite file, which knows no roles",
                "give the file to a user or a group (chown, chmod); roles are PostgreSQL's",
            )
        statements = grant(log.database, role, may)
        return {"log": log.origin, "where": log.where, "role": role, "may": may, "statements": list(statements)}


def prove_json(where: str, case: str, ids: Sequence[str], output: str) -> dict[str, Any]:
    """Write a proof of a case, or of some of its events."""
    with open_log(where) as log:
        packed, said = prove(log, case, ids)
        write_new(output, packed, "-o")
        return {"log": log.origin, **said, "file": output}


def check_proof_json(file: str, vkeys: Sequence[str] = ()) -> dict[str, Any]:
    """Check a proof that somebody handed over."""
    return check_proof(Path(file), [read_verifying_key(Path(name)) for name in vkeys])


def redact_json(
    where: str, words: Sequence[str], *, reason: str = "", authority: str = "", actor: str = ""
) -> dict[str, Any]:
    """Erase fields of an event: `words` are its case, its id and the fields."""
    if len(words) < 3:
        raise Fault("it is not said what to erase", "write `casefold redact CASE ID FIELD… --reason … --authority …`")
    missing = [name for name, text in (("--reason", reason), ("--authority", authority)) if not text.strip()]
    if missing:
        words_ = "say why, and on whose authority; both are kept"
        raise BadInput([Problem(field=name, what="is missing", instead=words_) for name in missing])
    case, event_id, *fields = words
    with _writing(where) as log:
        return redact(log, case, event_id, fields, reason=reason, authority=authority, actor=actor)


def redactions_json(where: str) -> dict[str, Any]:
    """List every redaction, to be kept apart from the backups and applied again after one was restored."""
    with open_log(where) as log:
        return {"log": log.origin, "redactions": redactions(log)}


def reapply_json(where: str, file: str, *, actor: str = "") -> dict[str, Any]:
    """Apply a list of redactions again; raises `Fault` where it is no such list, or another log's."""
    try:
        listed = json.loads(Path(file).read_text("utf-8"))
        origin, wanted = listed["log"], listed["redactions"]
        pairs = [(one["case"], one["id"], list(one["fields"])) for one in wanted]
    except OSError as error:
        raise Fault(f"{file} cannot be read: {reason(error)}", "name a file you may read") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Fault(
            f"{file} is no list of redactions", "name one that `casefold redact --list --json` wrote"
        ) from error
    with _writing(where) as log:
        if origin != log.origin:
            raise Fault(f"{file} is of the log {origin}, and this is {log.origin}", "name this log's own list")
        return {**apply(log, wanted, actor=actor), "listed": len(pairs)}


def _writing(where: str) -> Log:
    """Open a log for writing that must be there already."""
    open_log(where).close()
    return open_log(where, mode="write")


def _own(log: Log, path: Path) -> list[VerifyingKey]:
    key = key_if_there(path, log.origin)
    return [key.verifying] if key else []


def _note(name: str) -> bytes:
    try:
        with open(name, "rb") as file:  # noqa: PTH123 (as given, for the message)
            return file.read(NOTE_BYTES + 1)
    except OSError as error:
        raise Fault(f"{name} cannot be read: {reason(error)}", "name a checkpoint that was kept") from error
