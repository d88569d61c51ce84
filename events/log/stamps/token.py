"""What a time stamp (RFC 3161) says: of which hash, and when. Checks no signature: that is `stamp_signature`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from events.errors import Fault, NotHeld
from events.log.stamps.der import FIRST, INTEGER, OCTETS, OID, SEQUENCE, TIME, Part, first, inside
from events.log.stamps.request import SHA256

SIGNED_DATA: Final = bytes.fromhex("2a864886f70d010702")
TST_INFO: Final = bytes.fromhex("2a864886f70d0109100104")
_GRANTED: Final = (b"\x00", b"\x01")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME: Final = re.compile(r"(\d{14})(?:\.(\d{1,6})\d*)?Z", re.ASCII)


class Stamp(NamedTuple):
    """What an authority said: the SHA-256 it was shown, and when (µs since 1970, UTC)."""

    imprint: bytes
    at: int


def token_of(reply: bytes) -> bytes:
    """Give the token of a reply; a bare token is given back. Raises `NotHeld` where it was not granted, `Fault`."""
    try:
        parts = inside(reply, SEQUENCE)
        if parts and parts[0].tag == OID:
            return reply
        status = first(first(parts, SEQUENCE).parts(), INTEGER).inside
        if status not in _GRANTED:
            raise NotHeld(f"the authority granted no time stamp (status {int.from_bytes(status, 'big', signed=True)})")
        return parts[1].whole
    except (Fault, IndexError):
        raise _no_stamp("the reply of a time-stamping authority") from None


def read_token(token: bytes) -> Stamp:
    """Read what a token says. Raises `Fault` where it is none, or is of another hash than SHA-256."""
    try:
        kind, wrapped = inside(token, SEQUENCE)[:2]
        signed = first(wrapped.parts(), SEQUENCE).parts()
        content = first(signed, SEQUENCE).parts()
        if (kind.inside, content[0].inside, wrapped.tag) != (SIGNED_DATA, TST_INFO, FIRST):
            raise _no_stamp("a time stamp")
        info = inside(first(content[1].parts(), OCTETS).inside, SEQUENCE)
        return Stamp(_imprint(first(info, SEQUENCE)), _instant(first(info, TIME)))
    except (Fault, IndexError, ValueError):
        raise _no_stamp("a time stamp of a SHA-256 hash") from None


def _imprint(part: Part) -> bytes:
    algorithm, digest = part.parts()
    if first(algorithm.parts(), OID).inside != SHA256 or digest.tag != OCTETS or len(digest.inside) != 32:
        raise _no_stamp("a time stamp of a SHA-256 hash")
    return digest.inside


def _instant(part: Part) -> int:
    found = _TIME.fullmatch(part.inside.decode("ascii"))
    if found is None:
        raise ValueError(part.inside)
    whole = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return (whole - _EPOCH) // timedelta(microseconds=1) + int((found[2] or "").ljust(6, "0"))


def _no_stamp(what: str) -> Fault:
    return Fault(f"this is not {what}", "name the file (.tsr) that the authority sent back")
