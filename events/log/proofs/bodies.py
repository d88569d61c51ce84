"""A leaf read as strictly as it was written, and what is asked of its parts. Knows no row and no database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

import msgspec

SALT_BYTES: Final = 16
ABSENT: Final = msgspec.Raw()
_sha256: Final = hashlib.sha256


class Body(msgspec.Struct, gc=False, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A leaf, exactly as version 1 writes it, in the order it is written; what nests is left as text.

    Decoding and encoding it again gives the same bytes, or it is no leaf.
    """

    sd: dict[str, str] = msgspec.field(name="_sd", default_factory=dict)
    actor: str = ""
    case: str
    case_position: int
    causes: msgspec.Raw = ABSENT
    data: msgspec.Raw = ABSENT
    earliest: int | str | None = None
    id: str
    latest: int | str | None = None
    log: str
    position: int
    prev: str = ""
    recorded_at: int
    source: msgspec.Raw = ABSENT
    tags: msgspec.Raw = ABSENT
    type: str
    tzdata: str = ""
    until: str = ""
    v: int
    version: int
    when: str = ""
    zone: str = ""


def _no_float(text: str) -> NoReturn:
    raise msgspec.ValidationError(f"the number {text} is not of the profile")


read_body: Final = msgspec.json.Decoder(Body).decode
write_body: Final = msgspec.json.Encoder(order="deterministic").encode
_read_nested: Final = msgspec.json.Decoder(float_hook=_no_float).decode
_write_nested: Final = msgspec.json.Encoder(order="sorted").encode


def plain(text: bytes) -> bool:
    """Whether what nests in a leaf is canonical too. Raises msgspec's errors where it is not even JSON."""
    value = _read_nested(text)
    return _write_nested(value) == text and (text.isascii() or _ascii_names(value))


def _ascii_names(value: Any) -> bool:
    if isinstance(value, dict):
        return all(name.isascii() and _ascii_names(inner) for name, inner in value.items())
    return not isinstance(value, list) or all(map(_ascii_names, value))


def same(told: Sequence[int | str | None], column: Sequence[int | None]) -> bool:
    """Whether bounds are the same in the leaves and in their column."""
    return told == list(column) or list(map(number, told)) == list(column)


def number(told: int | str | None) -> int | str | None:
    """Give a bound of a leaf as its column has it: digits written as text are a number."""
    try:
        return int(told) if isinstance(told, str) else told
    except ValueError:
        return told


def opens(path: str, digest: str, salt: object, value: object) -> bool:
    """Whether a salt and a value are those that a digest was made of."""
    if not isinstance(salt, bytes) or not isinstance(value, bytes) or len(salt) != SALT_BYTES:
        return False
    return _sha256(b'%b["%b",%b]' % (salt, path.encode(), value)).hexdigest() == digest


def data_of(body: Body) -> dict[str, Any]:
    """Give the data of a leaf; empty where it has none."""
    value = msgspec.json.decode(body.data) if body.data is not ABSENT else {}
    return value if isinstance(value, dict) else {}


def target_of(data: Mapping[str, Any]) -> str:
    """Give the id that an amendment's data names."""
    return str(data.get("target", "")).removeprefix("@")
