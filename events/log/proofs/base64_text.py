"""Bytes as base64 in its one strict form, for notes and proofs (RFC 4648, section 4). Asks not what they mean."""

from __future__ import annotations

import base64
import binascii

from events.errors import Fault


def base64_of(data: bytes) -> str:
    """Write bytes as base64.

    >>> base64_of(b"log")
    'bG9n'
    """
    return base64.b64encode(data).decode("ascii")


def bytes_of(text: str, what: str, *, secret: bool = False) -> bytes:
    """Read base64 that `base64_of` could have written, at least one byte of it.

    Raises `Fault`, which names `what` it was, and never repeats a `secret`.

    >>> bytes_of("bG9n", "the root")
    b'log'
    >>> bytes_of("bG9=", "the root")
    Traceback (most recent call last):
    ...
    events.errors.Fault: the root is not base64: 'bG9='; copy the whole line again
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    if not data or base64_of(data) != text:
        raise Fault(f"{what} is not base64" + ("" if secret else f": {text[:60]!r}"), "copy the whole line again")
    return data
