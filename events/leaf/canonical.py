"""JSON in and canonical JSON out, under the log's narrow profile (DESIGN 7). Knows no events, rounds nothing.

In: one strict reading of a line. Out: RFC 8785 for objects without floats, with ASCII keys and integers below 2^53,
where sorting by bytes and by UTF-16 units agree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final, NoReturn

import msgspec

from events.errors import Fault

GREATEST: Final = 2**53 - 1
"""The greatest integer that every JSON reader keeps."""
DEPTH: Final = 32
"""How deep objects and lists may nest."""
_HIDDEN: Final = frozenset("\u200b\u200c\u200d\ufeff")
_BIDI: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _Exactly(Exception):  # noqa: N818 (a signal, not a fault)
    """The quick reading cannot tell; read exactly."""


def _decimal(_text: str) -> NoReturn:
    raise _Exactly


_decode: Final = msgspec.json.Decoder(float_hook=_decimal).decode
plain: Final = msgspec.json.Encoder().encode
"""JSON bytes in the order of writing, for counting and looking through; never stored."""
encode: Final = msgspec.json.Encoder(order="sorted").encode
"""Canonical bytes of an object already known to keep the profile; `canonical` checks first."""
_DIGITS: Final = bytes(48 if 48 <= byte < 58 else byte for byte in range(256))
_LONG: Final = b"0" * 16


def strict_json(line: bytes) -> dict[str, Any]:
    r"""Read one JSON object; numbers with a point or an exponent become their text.

    Raises `Fault` where another reader might read something else.

    >>> strict_json(b'{"amount": 1.50, "count": 3}')
    {'amount': '1.50', 'count': 3}
    >>> strict_json(b'{"dose": 1, "dose": 10}')
    Traceback (most recent call last):
    ...
    events.errors.Fault: 'dose' stands twice in one object; write each name once
    """
    try:
        value = _decode(line)
    except (_Exactly, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _exactly(line)
    # A name that stands twice loses its quotation marks in the value, and -0 its sign; only escapes add any.
    if (
        type(value) is dict
        and line.count(b'"') == (written := plain(value)).count(b'"')
        and line.count(b"-") == written.count(b"-")
        and line.count(b"{") + line.count(b"[") <= DEPTH
        and _LONG not in line.translate(_DIGITS)
        and (b"\\u" not in line or (b"\\u0022" not in line and b"\\u0000" not in line))
    ):
        return value
    return _exactly(line)


def _exactly(line: bytes) -> dict[str, Any]:
    """Read slowly, looking at every name and number."""
    try:
        text = line.decode()
    except UnicodeDecodeError as fault:
        raise Fault(f"byte {fault.start + 1} of the line is not UTF-8", "save the file as UTF-8") from None
    if text.startswith("\ufeff"):
        raise Fault("a byte order mark stands inside the file", "remove it; only a file's first bytes may be one")
    try:
        value = json.loads(
            text, object_pairs_hook=_named, parse_float=_number, parse_int=_whole, parse_constant=_constant
        )
    except json.JSONDecodeError as fault:
        raise Fault(
            f"is not JSON: {fault.msg.lower()} (column {fault.colno})", "write one JSON object on the line"
        ) from None
    except RecursionError:
        raise Fault("nests far too deep", f"nest at most {DEPTH} deep") from None
    if not isinstance(value, dict):
        raise Fault("is not a JSON object", 'write one object a line: {"case": ..., "type": ...}')
    check_profile(value)
    return value


def _named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Fault(f"{twice!r} stands twice in one object", "write each name once")
    return named


def _number(text: str) -> str:
    if abs(float(text)) == float("inf"):
        raise Fault(f"{_short(text)} is too large a number", "write it as text, in quotation marks, if it is meant")
    return text


def _whole(text: str) -> int | str:
    if text == "-0":
        return text
    if len(text) > 17 or abs(int(text)) > GREATEST:
        raise Fault(
            f"{_short(text)} is beyond 2^53 - 1, and readers would round it", "write it as text, in quotation marks"
        )
    return int(text)


def _constant(text: str) -> NoReturn:
    raise Fault(f"{text} is not a JSON number", "write 'unknown', or leave the field out")


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:12]}… ({len(text)} characters)"


def check_profile(value: Any, depth: int = 1) -> None:
    """Raise `Fault` where a value cannot be kept: floats, great integers, NUL, lone surrogates, depth over 32."""
    match value:
        case str():
            check_text(value)
        case bool() | None:
            pass
        case int():
            _whole(str(value) if abs(value) <= GREATEST else str(GREATEST) + "0")
        case dict() | list() | tuple() if depth > DEPTH:
            raise Fault(f"nests more than {DEPTH} deep", f"nest at most {DEPTH} deep")
        case dict():
            for name, inner in value.items():
                check_text(name)
                check_profile(inner, depth + 1)
        case list() | tuple():
            for inner in value:
                check_profile(inner, depth + 1)
        case float():
            raise Fault(f"{value!r} is a binary number", "write it as text, digit by digit, or as a Decimal's text")
        case _:
            raise Fault(f"{value!r} is not JSON", "write text, whole numbers, lists and objects")


def check_text(text: str) -> None:
    """Raise `Fault` where a text holds NUL or half a character."""
    if not isinstance(text, str):
        raise Fault(f"{text!r} is no name", "write names as text")
    if "\x00" in text:
        raise Fault(f"{text[:24]!r} holds the character NUL, which databases cannot keep", "remove it")
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise Fault(
            f"{text[:24]!r} holds half a character (a lone surrogate)", "write the whole character, or remove it"
        )


def unseen(text: str) -> str:
    r"""Give the first character that a reader does not see or that turns the writing about, as `U+202E`; else nothing.

    >>> unseen("abc"), unseen("a\u202eb")
    ('', 'U+202E')
    """
    if text.isascii():
        return ""
    return next((f"U+{ord(char):04X}" for char in text if char in _HIDDEN or char in _BIDI), "")


def canonical(value: Any) -> bytes:
    r"""Give RFC 8785 bytes; raises `Fault` outside the profile (floats, great integers, names beyond ASCII, ...).

    >>> canonical({"b": "é", "a": [1, None]})
    b'{"a":[1,null],"b":"\xc3\xa9"}'
    """
    check_profile(value)
    for name in _names(value):
        if not name.isascii():
            raise Fault(f"the name {name!r} is not plain ASCII", "write names of fields in ASCII")
    return encode(value)


def _names(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _names(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _names(inner)


def digest(salt: bytes, path: str, value: Any) -> bytes:
    """Give SHA-256(salt ‖ JCS([path, value])): what the leaf holds in place of a sensitive value (DESIGN 7)."""
    return hashlib.sha256(salt + encode([path, value])).digest()
