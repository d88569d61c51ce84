"""Checks a proof that somebody handed over, as its own verifier would. Trusts nothing that the proof says of itself."""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import msgspec

from events.codec import leaf_hash
from events.dates.civil import instant_text
from events.errors import Fault, NotHeld
from events.log.checkpoints import read_note
from events.log.merkle import is_included
from events.log.notes import Checkpoint, VerifyingKey, open_note, read_vkey
from events.log.stamps.token import read_token

MOST: Final = 256 << 20
"""The greatest size of a file in a proof, unpacked."""

FILES: Final = frozenset({"README.txt", "proof.json", "checkpoint.txt", "verify.py", "key.txt"})
"""What `casefold prove` packs; a stranger is told to unpack all of it, so that nothing else may be there."""
_UNREAD: Final = frozenset({"README.txt", "verify.py"})


_STAMP: Final = re.compile(r"stamp-[1-9][0-9]{0,3}\.tst", re.ASCII)
"""Of which there may be more than one."""


class Disclosed(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A value that is shown: its field, salt (hex) and JSON."""

    field: str
    salt: str
    value: str


class Proved(msgspec.Struct, forbid_unknown_fields=True):
    """One event of a proof."""

    position: int
    body: str
    disclosed: list[Disclosed]
    inclusion: list[str]


class Proof(msgspec.Struct, forbid_unknown_fields=True):
    """What `proof.json` holds."""

    format: str
    case: str
    complete: bool
    events: list[Proved]


class _Told(msgspec.Struct):
    """What a body must say of itself."""

    log: str
    position: int
    case: str
    case_position: int
    prev: str = ""
    sd: dict[str, str] = msgspec.field(name="_sd", default_factory=dict)


def check_proof(path: Path, keys: Iterable[VerifyingKey] = ()) -> dict[str, Any]:
    """Check a proof; with `keys`, its checkpoint must be signed by one of them, else by the key it brings along.

    Gives what holds and what does not. Raises `Fault` where the file is no proof.
    """
    files = _unpacked(path)
    try:
        proof = msgspec.json.decode(files.get("proof.json", b""), type=Proof)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Fault(f"{path} is not a proof: {error}", "name a file that `casefold prove` wrote") from None
    checkpoint, signed = read_note(files.get("checkpoint.txt", b""), f"checkpoint.txt of {path}")
    problems = [problem for problem in _events(proof, checkpoint) if problem]
    pinned = tuple(keys)
    signature = _signature(files, pinned, problems, signed=signed)
    stamps = _stamps(files, problems)
    return {
        "ok": not problems, "log": checkpoint.origin, "case": proof.case, "events": len(proof.events),
        "complete": proof.complete, "size": checkpoint.size, "root": checkpoint.root.hex(), "signature": signature,
        "stamps": stamps, "problems": problems,
    }  # fmt: skip


def _events(proof: Proof, checkpoint: Checkpoint) -> Iterable[str]:
    if not proof.events:
        yield "there is no event in it"
    before, count = "", 0
    for one in proof.events:
        body = one.body.encode()
        count += 1
        try:
            told = msgspec.json.decode(body, type=_Told)
            path = [bytes.fromhex(each) for each in one.inclusion]
        except (msgspec.MsgspecError, ValueError) as error:
            yield f"position {one.position} cannot be read: {error}"
            continue
        leaf = leaf_hash(body)
        if (told.log, told.position, told.case) != (checkpoint.origin, one.position, proof.case):
            yield f"position {one.position} says that it is position {told.position} of {told.case} in {told.log}"
        if not is_included(leaf, one.position - 1, checkpoint.size, path, checkpoint.root):
            yield f"position {one.position} is not in the log of this checkpoint as it stands here"
        yield from _shown(one, told)
        if proof.complete and (told.case_position, told.prev) != (count, before):
            yield f"events are left out before position {one.position}"
        before = leaf.hex()


def _shown(one: Proved, told: _Told) -> Iterable[str]:
    for each in one.disclosed:
        try:
            opened = bytes.fromhex(each.salt) + f'["{each.field}",{each.value}]'.encode()
        except ValueError:
            opened = b""
        if hashlib.sha256(opened).hexdigest() != told.sd.get(each.field):
            yield f"{each.field} of position {one.position} is not what was recorded"


def _signature(files: dict[str, bytes], pinned: tuple[VerifyingKey, ...], problems: list[str], *, signed: bool) -> str:
    """Say how the signature stands; a problem only where a key was given or brought along and it does not hold."""
    if not signed:
        if pinned:
            problems.append("the checkpoint is not signed")
        return "none"
    brought = files.get("key.txt", b"").decode("utf-8", "replace").strip()
    if not pinned and not brought:
        return "not checked"
    try:
        open_note(files["checkpoint.txt"], pinned or [read_vkey(brought)])
    except (NotHeld, Fault) as error:
        problems.append(str(error))
        return "does not hold"
    return "holds" if pinned else "holds with the key that the proof brings along: compare it with the keeper's"


def _stamps(files: dict[str, bytes], problems: list[str]) -> list[dict[str, Any]]:
    """Give when each time stamp says that it saw the checkpoint; who signed it is for openssl to say."""
    made, imprint = [], hashlib.sha256(files["checkpoint.txt"]).digest()
    for name in sorted(filter(_STAMP.fullmatch, files)):
        try:
            stamp = read_token(files[name])
        except Fault as fault:
            problems.append(f"{name}: {fault.what}")
            continue
        if stamp.imprint != imprint:
            problems.append(f"{name} is a time stamp of something else than checkpoint.txt")
        made.append({"file": name, "time": instant_text(stamp.at), "signature": "not checked"})
    return made


def _is_ours(info: zipfile.ZipInfo) -> bool:
    link = stat.S_ISLNK(info.external_attr >> 16)
    return not link and (info.filename in FILES or bool(_STAMP.fullmatch(info.filename)))


def _unpacked(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as packed:
            for info in packed.infolist():
                if info.file_size > MOST:
                    raise Fault(f"{info.filename} in {path} is too large for a proof", "ask for it again")
            names = packed.namelist()
            if len(set(names)) != len(names):
                raise Fault(f"{path} holds two files of one name", "ask for it again")
            if other := next((one for one in packed.infolist() if not _is_ours(one)), None):
                raise Fault(f"{path} holds {other.filename!r}, which is no file of a proof", "do not unpack it")
            return {name: packed.read(name) for name in names if name not in _UNREAD}
    except FileNotFoundError:
        raise Fault(f"there is no file {path}", "name the proof") from None
    except IsADirectoryError:
        raise Fault(f"{path} is a folder", "name a file that `casefold prove` wrote") from None
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Fault(f"{path} is not a proof: {error}", "name a file that `casefold prove` wrote") from None
