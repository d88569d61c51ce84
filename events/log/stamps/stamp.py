"""Time stamps (RFC 3161) of a log's checkpoints: asked for, taken in, told of by an event. Sends nothing itself.

The authority is shown the hash of a checkpoint note and signs it with the time. Whoever holds note, token and the
authority's certificate can check that with openssl alone.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from events.dates.civil import instant_text
from events.drafting import drafted
from events.errors import Fault, NotHeld
from events.log.checkpoints import LOG_CASE
from events.log.stamps.request import stamp_request
from events.log.stamps.signature import check_signature, not_checked
from events.log.stamps.token import Stamp, read_token, token_of

if TYPE_CHECKING:
    from events.log.read import Log

STAMP_EVENT: Final = "log.stamp"
SKEW: Final = 300_000_000
"""How far apart (µs) the clocks of this machine and of an authority may be."""
NOT_REVOKED: Final = "whether the authority's certificate was revoked"

_NOTES: Final = "SELECT size, root, note FROM checkpoint ORDER BY size DESC"
_AT: Final = "SELECT recorded_at FROM event WHERE position = ?"


class Noted(NamedTuple):
    """A checkpoint as the log keeps it."""

    size: int
    root: bytes
    note: bytes


def request(log: Log) -> tuple[Noted, bytes]:
    """Give the log's last checkpoint, and the request for a time stamp of it. Raises `Fault` where there is none."""
    noted = _notes(log)
    return noted[0], stamp_request(noted[0].note)


def take_in(log: Log, reply: bytes, *, ca: str = "", actor: str = "", now: int | None = None) -> dict[str, Any]:
    """Check a reply, keep its token, and append the event that tells of it, in one transaction; says what was done.

    `ca` is the file of certificates (PEM) that the authority's own must lead to. `now` is this machine's time, µs.
    Raises `NotHeld` where the stamp is of no checkpoint of this log, fits not its times, or has a wrong signature,
    `Fault` where it is no time stamp or there already. Nothing is written then.
    """
    token = token_of(reply)
    stamp = read_token(token)
    noted = _stamped(log, stamp)
    _plausible(log, noted, stamp, time.time_ns() // 1000 if now is None else now)
    left = not_checked(ca)
    if not left:
        check_signature(token, noted.note, ca)
    digest = hashlib.sha256(token).digest()
    data = {"size": noted.size, "root": noted.root.hex(), "token_sha256": digest.hex()}
    line = {"case": LOG_CASE, "id": f"stamp-{digest.hex()[:32]}", "type": STAMP_EVENT, "data": data}
    with log.writing(actor, (lambda: now) if now is not None else None, reserved=True) as writer:
        if not writer.keep("timestamp", (digest, noted.size, token, stamp.at)):
            raise Fault("this time stamp is in the log already", "ask for a new one with `casefold stamp --request`")
        writer.append([drafted(line, reserved=True).draft])
    return {
        "log": log.origin,
        **data,
        "time": instant_text(stamp.at),
        "position": writer.outcome.first_position,
        "signature": "not checked" if left else "holds",
        "not_checked": [left or NOT_REVOKED],
    }


def _notes(log: Log) -> list[Noted]:
    noted = [Noted(int(size), bytes(root), bytes(note)) for size, root, note in log.rows(_NOTES)]
    if not noted:
        raise Fault("this log has no checkpoint to stamp", "make one with `casefold checkpoint` first")
    return noted


def _stamped(log: Log, stamp: Stamp) -> Noted:
    """Give the checkpoint that was stamped, be it the last one or an older one."""
    for one in _notes(log):
        if hashlib.sha256(one.note).digest() == stamp.imprint:
            return one
    raise NotHeld(
        f"this time stamp is of the hash {stamp.imprint.hex()}, which is that of no checkpoint of this log:"
        " nothing was written; send the file that `casefold stamp --request FILE` wrote"
    )


def _plausible(log: Log, noted: Noted, stamp: Stamp, now: int) -> None:
    """Refuse a stamp that the log's own times contradict; kept, it would be found by every `verify` for ever."""
    ((recorded,),) = log.rows(_AT, (noted.size,)) if noted.size else ((0,),)
    if recorded > stamp.at + SKEW:
        raise NotHeld(
            f"the time stamp says {instant_text(stamp.at)}, and an event it covers was recorded at"
            f" {instant_text(recorded)}: one clock is wrong; nothing was written"
        )
    if now < stamp.at - SKEW:
        raise Fault(
            f"the time stamp says {instant_text(stamp.at)}, and this machine's clock stands at {instant_text(now)}",
            "set the clock, then take the reply in",
        )
