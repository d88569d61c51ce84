"""A proof for strangers: events of a case, that they are in the log, and that none before the last was left out.

It shows bodies and disclosed values, never `private`. Checks nothing of the log beyond what it proves.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from events.errors import Fault
from events.log.checkpoints import announced, newest, read_note
from events.log.merkle import inclusion_proof
from events.log.notes import Checkpoint, VerifyingKey, parts
from events.log.stamps.token import read_token
from events.log.tree import hashes_in

if TYPE_CHECKING:
    from events.log.read import Log

FORMAT: Final = "casefold-proof-1"
NEVER: Final = frozenset({"private"})
"""What never leaves by a proof."""
_ROWS: Final = (
    "SELECT e.position, e.event_id, e.body FROM event e JOIN cases c ON c.id = e.case_id"
    " WHERE c.name = ? ORDER BY e.case_position"
)
_DISCLOSED: Final = "SELECT field, salt, value FROM disclosure WHERE position = ? ORDER BY field"
_STAMPS: Final = "SELECT token FROM timestamp WHERE size = ? ORDER BY received_at, token_sha256"
_STAMPED: Final = (
    "SELECT note, size FROM checkpoint WHERE size >= ? AND size IN (SELECT size FROM timestamp) ORDER BY size"
)
_DATE: Final = (1980, 1, 1, 0, 0, 0)

README: Final = """\
A proof from the log {origin}

It shows that {count} of the case {case} {were} in that log, word for word as in proof.json, when the log had
{size} events and the root (SHA-256, hex)

    {root}

Check it: unpack all files into one folder and run `python3 verify.py` there. It needs Python 3 and nothing else; for
the signature also `openssl`. It is short: read it, or write your own from RFC 9162 (inclusion proofs) and
c2sp.org/tlog-checkpoint (checkpoint.txt).

What it does not check for you: whether the checkpoint and the key are the right ones. Compare root and size, or the
whole checkpoint, with a copy that came to you another way (printed, mailed, published), and key.txt with the keeper.

{stamped}{completeness}
Fields under `_sd` in a body are salted digests; `disclosed` gives the values that are shown (field, salt, value). A
field without one was erased, or is private. The proof shows what was recorded and when the log says it was: not that
it is true, and not that everything was recorded.
"""
STAMPED: Final = """\
A time-stamping authority (RFC 3161) says when it saw checkpoint.txt, in {names}. verify.py does not look at that.
Check it with openssl and the authority's certificates (PEM), come to you another way, in ca.pem:

    {checks}

Whether a certificate was revoked since is not asked there. `openssl ts -reply -token_in -text -in {first}` shows all
that it says.

"""
COMPLETE: Final = """\
It holds the case from its first event to number {count}, at position {last}: each event names the hash of the one
before it, so none is left out between. Whether later events of the case were recorded since, only the keeper can say.
"""
CHOSEN: Final = """\
It holds chosen events, and the amendments to them so far; other events of the case are left out.
"""


def prove(log: Log, case: str, ids: Sequence[str] = ()) -> tuple[bytes, dict[str, Any]]:
    """Give the proof of a case, or of these of its events and their amendments, as a zip; and what it holds.

    Raises `Fault` where there is no such event, or where no checkpoint of the log covers it yet.
    """
    with log.snapshot():
        rows = log.rows(_ROWS, (case,))
        if not rows:
            raise Fault(f"there is no case {case!r}", "see `casefold cases`")
        chosen = _chosen(rows, [one.removeprefix("@") for one in ids]) if ids else {row[0] for row in rows}
        wanted = [row for row in rows if row[0] in chosen]
        last = wanted[-1][0]
        note, stamps = _checkpoint(log, last)
        if not note:
            raise Fault(
                f"no checkpoint covers position {last} yet", "run `casefold checkpoint` first, then this command again"
            )
        checkpoint, signed = read_note(note.encode())
        events = [_proved(log, checkpoint.size, position, body) for position, _, body in wanted]
    proof = {"format": FORMAT, "case": case, "complete": not ids, "events": events}
    said = {
        "case": case, "events": len(events), "complete": not ids, "last_position": last, "size": checkpoint.size,
        "root": checkpoint.root.hex(), "signed": signed, "stamps": len(stamps),
    }  # fmt: skip
    made = _files(proof, note, checkpoint, last, _key(log, note) if signed else None, stamps)
    return _zipped(made), said


def _proved(log: Log, size: int, position: int, body: bytes) -> dict[str, Any]:
    shown = [
        [field, salt.hex(), value.decode()]
        for field, salt, value in log.rows(_DISCLOSED, (position,))
        if not NEVER & set(field.split("."))
    ]
    inclusion = [one.hex() for one in inclusion_proof(position - 1, size, hashes_in(log.rows))]
    return {"position": position, "body": body.decode(), "disclosed": shown, "inclusion": inclusion}


def _chosen(rows: Iterable[Sequence[Any]], ids: Sequence[str]) -> Collection[int]:
    """Give the positions of the events named and of the amendments to them, and to those."""
    wanted, chosen = set(ids), set()
    for position, event_id, body in rows:
        leaf = msgspec.json.decode(body, type=dict[str, Any])
        target = str(leaf.get("data", {}).get("target", "")).removeprefix("@")
        if event_id in wanted or (leaf["type"].startswith("amend.") and target in wanted):
            wanted.add(event_id)
            chosen.add(position)
    there = {event_id for _, event_id, _ in rows}
    for one in ids:
        if one not in there:
            raise Fault(f"there is no event {one} in the case", "see `casefold log CASE`")
    return chosen


def _checkpoint(log: Log, last: int) -> tuple[str, dict[str, bytes]]:
    """Give the checkpoint, with its time stamps, that says most of what was there at position `last`; empty for none.

    That is the oldest that covers it and was time-stamped: it says the earliest time by which all of it was there. It
    is never an unsigned one where the newest is signed; the newest serves where none is stamped.
    """
    latest = newest(log, last)
    signed = bool(latest) and read_note(latest.encode())[1]
    for note, size in log.rows(_STAMPED, (last,)):
        stamps = _stamps(log, bytes(note), size)
        if stamps and read_note(bytes(note))[1] >= signed:
            return bytes(note).decode(), stamps
    return latest, {}


def _stamps(log: Log, note: bytes, size: int) -> dict[str, bytes]:
    """Give the time stamps of this very checkpoint, by the names of their files; what cannot be read is none."""
    tokens = (bytes(token) for (token,) in log.rows(_STAMPS, (size,)))
    ours = (token for token in tokens if _is_of(token, note))
    return {f"stamp-{n}.tst": token for n, token in enumerate(ours, 1)}


def _is_of(token: bytes, note: bytes) -> bool:
    with suppress(Fault):
        return read_token(token).imprint == hashlib.sha256(note).digest()
    return False


def _stamped(stamps: Mapping[str, bytes]) -> str:
    """Say how to check the time stamps; nothing where there is none."""
    if not stamps:
        return ""
    command = "openssl ts -verify -in {} -token_in -data checkpoint.txt -CAfile ca.pem -attime {}"
    checks = [command.format(name, read_token(token).at // 1_000_000) for name, token in stamps.items()]
    return STAMPED.format(names=", ".join(stamps), checks="\n    ".join(checks), first=next(iter(stamps)))


def _key(log: Log, note: str) -> VerifyingKey | None:
    """Give the key that the log names for a signature of this note."""
    by = {(one.name, one.id) for one in parts(note.encode())[1]}
    return next((key for key in announced(log) if (key.name, key.id) in by), None)


def _files(
    proof: dict[str, Any],
    note: str,
    checkpoint: Checkpoint,
    last: int,
    key: VerifyingKey | None,
    stamps: Mapping[str, bytes],
) -> dict[str, bytes]:
    count = len(proof["events"])
    words = COMPLETE.format(count=count, last=last) if proof["complete"] else CHOSEN
    readme = README.format(
        origin=checkpoint.origin, count="1 event" if count == 1 else f"{count} events",
        were="was" if count == 1 else "were", case=proof["case"], size=checkpoint.size, root=checkpoint.root.hex(),
        stamped=_stamped(stamps), completeness=words,
    )  # fmt: skip
    files = {
        "README.txt": readme,
        "proof.json": json.dumps(proof, ensure_ascii=False, indent=1) + "\n",
        "checkpoint.txt": note,
        "verify.py": Path(__file__).with_name("stranger.py").read_text("utf-8"),
    }
    named = {**files, "key.txt": f"{key}\n"} if key else files
    return {**{name: text.encode() for name, text in named.items()}, **stamps}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack the files; the same proof gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name, _DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
