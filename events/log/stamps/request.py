"""The request for a time stamp (RFC 3161), as a time-stamping authority takes it. Sends nothing and keeps nothing."""

from __future__ import annotations

import hashlib
from typing import Final

from events.log.stamps.der import INTEGER, NULL, OCTETS, OID, SEQUENCE, write

SHA256: Final = bytes.fromhex("608648016503040201")
"""2.16.840.1.101.3.4.2.1, without its tag."""
_TRUE: Final = bytes.fromhex("0101ff")


def stamp_request(text: bytes, *, nonce: int = 0) -> bytes:
    """Give the DER of a TimeStampReq for the SHA-256 of a text, which asks for the authority's certificate.

    Without a nonce (0) the same text always gives the same request: whoever replays an older reply to it gives away an
    older stamp, which only proves more.

    >>> stamp_request(b"abc").hex()[:48]
    '30390201013031300d060960864801650304020105000420'
    """
    algorithm = write(SEQUENCE, write(OID, SHA256), write(NULL))
    imprint = write(SEQUENCE, algorithm, write(OCTETS, hashlib.sha256(text).digest()))
    once = write(INTEGER, nonce.to_bytes(nonce.bit_length() // 8 + 1, "big")) if nonce else b""
    return write(SEQUENCE, write(INTEGER, b"\x01"), imprint, once, _TRUE)
