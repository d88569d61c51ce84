"""Checkpoints and keys of a log: made, signed, kept; never one that contradicts the last. Checks no event.

The last one signed is also kept beside the key, outside the database, so that a signer who has been given back an older
copy of the log notices.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from events.errors import Fault, NotHeld, reason
from events.log.keys import read_key, write_key
from events.log.notes import (
    Checkpoint,
    SigningKey,
    VerifyingKey,
    new_key,
    open_note,
    parts,
    read_checkpoint,
    read_vkey,
    sign,
)
from events.log.opening import database_at
from events.log.tree import Rows, root_of_log
from events.whole_file import to_disk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.log.read import Log

LOG_CASE: Final = "casefold:log"
KEY_EVENT: Final = "log.key"
_LAST: Final = "SELECT size, root FROM checkpoint ORDER BY size DESC LIMIT 1"
_UPTO: Final = "SELECT note FROM checkpoint WHERE size BETWEEN 1 AND ? ORDER BY size DESC LIMIT 1"
_COVERING: Final = "SELECT note FROM checkpoint WHERE size >= ? ORDER BY size DESC LIMIT 1"


def key_file(where: str, named: str = "") -> Path:
    """Give the file of a log's signing key: the one named, else `FILE.key` beside the database.

    That of a PostgreSQL database lies in the working folder, and begins with the database's name.
    """
    return Path(named or f"{database_at(where).beside}.key")


def last_file(key: Path, origin: str) -> Path:
    """Give the file beside a key that remembers the last checkpoint signed of a log."""
    return key.with_name(f"{key.name}.{origin.replace('/', '-')}.last")


def kept_beside(key: Path, origin: str) -> int:
    """Give the size of the last checkpoint signed, as the file beside the key remembers it; 0 where none is there."""
    try:
        last = read_note(last_file(key, origin).read_bytes())[0]
    except (OSError, Fault):
        return 0
    return last.size if last.origin == origin else 0


def key_if_there(path: Path, origin: str) -> SigningKey | None:
    """Read the signing key of a log; None where there is no such file. Raises `Fault` where it is another log's."""
    if not path.exists():
        return None
    key = read_key(path)
    if key.name != origin:
        raise Fault(f"{path} signs the log {key.name}, and this is {origin}", "name this log's own key with --key")
    return key


def checkpoint(log: Log, key_path: Path, *, must_sign: bool = False, at: int | None = None) -> str:
    """Make the checkpoint of the log as it stands, under the writer's lock; gives the note, or unsigned its text.

    `at` is the time to write down, µs since 1970; now unless given. Without a key it is unsigned, or a `Fault` where it
    `must_sign`. Raises `NotHeld`, and signs nothing, where the log does not continue what was signed or stored before.
    """
    key = key_if_there(key_path, log.origin)
    if key is None and must_sign:
        raise Fault(f"there is no key at {key_path}", "make one with `casefold key new`, or name another file")
    if key is not None:
        _still_signs(log, key.verifying, key_path)
    with log.holding() as writing:
        size, root = _head(writing.rows)
        known = writing.rows(_LAST, ())
        for last_size, last_root in known:
            _continues(writing.rows, size, int(last_size), bytes(last_root), "the log's own last checkpoint")
        if key is not None:
            _continues_last(writing.rows, size, last_file(key_path, log.origin), log.origin)
        text = str(Checkpoint(origin=log.origin, size=size, root=root))
        note = sign(text, key) if key is not None else text
        if key is not None:
            _remember(last_file(key_path, log.origin), note)
        if not known or known[0][0] < size:
            writing.insert("checkpoint", [(size, root, note.encode(), _now() if at is None else at)])
    return note


def newest(log: Log, size: int) -> str:
    """Give the newest stored checkpoint that covers the first `size` events; empty where there is none."""
    return next((bytes(note).decode() for (note,) in log.rows(_COVERING, (size,))), "")


def newest_upto(log: Log, size: int) -> bytes:
    """Give the newest stored checkpoint of at most `size` events; empty where there is none."""
    return next((bytes(note) for (note,) in log.rows(_UPTO, (size,))), b"")


def read_note(note: bytes, file: str = "") -> tuple[Checkpoint, bool]:
    """Read a checkpoint, signed or not, and whether it is signed at all; no signature is checked.

    Raises `Fault`, which names the `file` where one is given.
    """
    try:
        signed = b"\n\n" in note
        return read_checkpoint(parts(note)[0] if signed else note.decode()), signed
    except UnicodeDecodeError:
        fault = Fault("this is not a checkpoint", "name a file that `casefold checkpoint` printed")
    except Fault as said:
        fault = said
    raise Fault(f"{file}: {fault.what}" if file else fault.what, fault.instead) from None


def make_key(log: Log, path: Path, *, old: Path | None = None, lost: bool = False, actor: str = "") -> VerifyingKey:
    """Make the log's key in a new file, and write down in the log whose signature counts from here on.

    A log that has a key changes it with the `old` one, which signs the change too; where that is `lost`, the log says
    so for ever. Raises `Fault`.
    """
    before = announced(log)
    previous = read_key(old) if old is not None else None
    if previous is not None and previous.name != log.origin:
        raise Fault(f"{old} signs the log {previous.name}, and this is {log.origin}", "name this log's own old key")
    if previous is not None and old is not None:
        _still_signs(log, previous.verifying, old)
    if before and previous is None and not lost:
        raise Fault(
            f"this log is signed by {before[-1].id} already",
            "change its key with `casefold key new --old FILE --key NEWFILE`, or say --lost if the old one is gone",
        )
    key = new_key(log.origin)
    write_key(path, key)
    try:
        _announce(log, key, previous, actor)
    except BaseException:
        path.unlink()
        raise
    return key.verifying


def _still_signs(log: Log, key: VerifyingKey, path: Path) -> None:
    """Raise `Fault` where the log says that another key signs it since: the keeper took the wrong file."""
    known = announced(log)
    if known and key != known[-1]:
        raise Fault(
            f"{path} holds the key {key.id}, and this log is signed by {known[-1].id} since its key was changed",
            "name the file of that key with --key or CASEFOLD_KEY (as the key so far: --old)",
        )


def announced(log: Log) -> tuple[VerifyingKey, ...]:
    """Give the keys that the log itself names, oldest first: a claim of the log about itself, trusted by nobody."""
    if not log.has_case(LOG_CASE):
        return ()
    made = (event.written["new"] for event in log.events(LOG_CASE) if event.type == KEY_EVENT)
    return tuple(read_vkey(text) for text in made)


def change_text(origin: str, old: str, new: str) -> str:
    """Give the text that both keys sign when one follows the other."""
    return f"casefold: the key of this log\n{origin}\nold {old or 'none'}\nnew {new}\n"


def trusted_keys(pinned: Iterable[VerifyingKey], changes: Iterable[dict[str, Any]], origin: str) -> set[VerifyingKey]:
    """Give the keys pinned, and those that a change signed by both ties to one of them, from either side."""
    trusted = set(pinned)
    pairs = [pair for data in changes if (pair := _pair(data, origin))]
    for _ in pairs:
        for old, new in pairs:
            if old in trusted or new in trusted:
                trusted |= {old, new}
    return trusted


def _pair(data: dict[str, Any], origin: str) -> tuple[VerifyingKey, VerifyingKey] | None:
    """Give the old and the new key of a change that both signed; None for any other."""
    with suppress(Fault, NotHeld, AttributeError, TypeError, KeyError):
        old, new = read_vkey(data["old"]), read_vkey(data["new"])
        note = f"{change_text(origin, data['old'], data['new'])}\n" + "".join(
            f"{line}\n" for line in data["signatures"]
        )
        if {old, new} <= set(open_note(note.encode(), (old, new)).signed_by):
            return old, new
    return None


def _announce(log: Log, key: SigningKey, previous: SigningKey | None, actor: str) -> None:
    from events.drafting import drafted

    old = str(previous.verifying) if previous else ""
    keys = (previous, key) if previous else (key,)
    note = sign(change_text(log.origin, old, str(key.verifying)), *keys)
    data = {"new": str(key.verifying), "signatures": note.rpartition("\n\n")[2].splitlines()}
    if old:
        data["old"] = old
    line = {"case": LOG_CASE, "id": f"key-{key.verifying.id}", "type": KEY_EVENT, "data": data}
    with log.writing(actor, reserved=True) as writer:
        writer.append([drafted(line, reserved=True).draft])


def _head(rows: Rows) -> tuple[int, bytes]:
    ((size,),) = rows("SELECT coalesce(max(position), 0) FROM event", ())
    return int(size), root_of_log(rows, int(size))


def _continues(rows: Rows, size: int, last_size: int, last_root: bytes, what: str) -> None:
    if size < last_size:
        raise NotHeld(
            f"the log has {size} events, and {what} was of {last_size}: restored from an older copy?"
            " Nothing was signed; restore the newer copy, or keep this one as another log"
        )
    if root_of_log(rows, last_size) != last_root:
        raise NotHeld(
            f"the first {last_size} events are not those of {what}: altered, or an older copy that went on by itself?"
            " Nothing was signed; run `casefold verify`"
        )


def _continues_last(rows: Rows, size: int, path: Path, origin: str) -> None:
    """Hold the log against the checkpoint kept beside the key; its place makes it trusted, whoever signed it."""
    try:
        note = path.read_bytes()
    except FileNotFoundError:
        return
    except OSError as error:
        raise Fault(f"{path} cannot be read: {reason(error)}", "the last checkpoint signed is kept there") from error
    last = read_note(note)[0]
    if last.origin != origin:
        raise NotHeld(f"{path} is of the log {last.origin}, and this is {origin}: nothing was signed")
    _continues(rows, size, last.size, last.root, f"the last checkpoint signed with this key ({path.name})")


def _remember(path: Path, note: str) -> None:
    """Put the note in the place of the last one, so that after any fault one of the two is there."""
    passing = path.with_name(f"{path.name}.new")
    try:
        passing.write_bytes(note.encode())
        to_disk(passing)
        passing.replace(path)
        to_disk(path.parent)
    except OSError as error:
        raise Fault(
            f"{path} cannot be written: {reason(error)}", "the last checkpoint signed is kept there; make room for it"
        ) from error


def _now() -> int:
    return time.time_ns() // 1000
