"""DER in a few lines: values written, and a value's parts read strictly. Knows no structure and checks no signature."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from events.errors import Fault

INTEGER: Final = 0x02
OCTETS: Final = 0x04
NULL: Final = 0x05
OID: Final = 0x06
TIME: Final = 0x18
SEQUENCE: Final = 0x30
FIRST: Final = 0xA0
"""The tag [0], constructed: what stands in it is tagged explicitly."""

_LONG: Final = 0x80
_MOST_LENGTH: Final = 4


class Part(NamedTuple):
    """One value: its tag, what stands in it, and the whole of it as it stood."""

    tag: int
    inside: bytes
    whole: bytes

    def parts(self) -> list[Part]:
        """Give the values that stand in this one. Raises `Fault`."""
        return list(_parts(self.inside))


def write(tag: int, *inside: bytes) -> bytes:
    """Give a value of a tag.

    >>> write(SEQUENCE, write(INTEGER, bytes([1])), write(OCTETS, bytes(200))).hex()[:18]
    '3081ce0201010481c8'
    """
    joined = b"".join(inside)
    size = len(joined)
    if size < _LONG:
        return bytes((tag, size)) + joined
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(octets))) + octets + joined


def read(data: bytes) -> Part:
    """Read bytes that are one value and nothing else. Raises `Fault`.

    >>> read(bytes.fromhex("020141")).inside
    b'A'
    >>> read(bytes.fromhex("0201"))
    Traceback (most recent call last):
    ...
    events.errors.Fault: this is not DER: it is cut off
    """
    found = list(_parts(data))
    if len(found) != 1:
        raise _no_der(f"{len(found)} values stand where one should")
    return found[0]


def inside(data: bytes, *tags: int) -> list[Part]:
    """Read one value, go down the first of its kind for each tag, and give the parts of the last. Raises `Fault`."""
    part = read(data)
    if part.tag != tags[0]:
        raise _no_der("it is of another structure")
    for tag in tags[1:]:
        part = first(part.parts(), tag)
    return part.parts()


def first(parts: list[Part], tag: int) -> Part:
    """Give the first part of a tag. Raises `Fault` where there is none."""
    for part in parts:
        if part.tag == tag:
            return part
    raise _no_der("it is of another structure")


def _parts(data: bytes) -> Iterator[Part]:
    start = 0
    while start < len(data):
        begin, size = _length(data, start)
        end = begin + size
        if end > len(data):
            raise _no_der("it is cut off")
        yield Part(data[start], data[begin:end], data[start:end])
        start = end


def _length(data: bytes, start: int) -> tuple[int, int]:
    """Give where a value's inside begins and how long it is; only the shortest way to write a length is taken."""
    if data[start] & 0x1F == 0x1F or len(data) < start + 2:
        raise _no_der("it is cut off, or has a tag that is not used here")
    size, begin = data[start + 1], start + 2
    if size < _LONG:
        return begin, size
    count = size - _LONG
    octets = data[begin : begin + count]
    if not 0 < count <= _MOST_LENGTH or len(octets) < count or not octets[0] or (count == 1 and octets[0] < _LONG):
        raise _no_der("a length is not written as it should be")
    return begin + count, int.from_bytes(octets, "big")


def _no_der(what: str) -> Fault:
    return Fault(f"this is not DER: {what}")
