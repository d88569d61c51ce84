"""A leaf read as strictly as it was written, and what is asked of its parts. Knows no row and no database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final, NoReturn

import msgspec

LEAF_VERSION: Final = 1
SALT_BYTES: Final = 16
_sha256: Final = hashlib.sha256


class Body(msgspec.Struct, gc=False, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A leaf, exactly as version 1 writes it, in the order it is written.

    Decoding and encoding it again gives the same bytes, or it is no leaf.
    """

    sd: dict[str, str] = msgspec.field(name="_sd", default_factory=dict)
    actor: str = ""
    case: str
    case_position: int
    causes: Any = msgspec.UNSET
    data: Any = msgspec.UNSET
    earliest: int | str | None = None
    id: str
    latest: int | str | None = None
    log: str
    position: int
    prev: str = ""
    recorded_at: int
    source: Any = msgspec.UNSET
    tags: Any = msgspec.UNSET
    type: str
    tzdata: str = ""
    until: str = ""
    v: int
    version: int
    when: str = ""
    zone: str = ""


def no_float(text: str) -> NoReturn:
    """Refuse a number with a point or an exponent: a leaf has none."""
    raise msgspec.ValidationError(f"the number {text} is not of the profile")


read_body: Final = msgspec.json.Decoder(Body, float_hook=no_float).decode
write_body: Final = msgspec.json.Encoder(order="deterministic").encode


def canonical(body: Body, text: bytes) -> bool:
    """Whether this text is the one way to write this leaf: written again it is the same, and its names are ASCII.

    Only a name within what nests could be anything else.
    """
    nested = [body.causes, body.data, body.source, body.tags]
    return write_body(body) == text and (text.isascii() or ascii_names(nested))


def ascii_names(value: Any) -> bool:
    """Whether every name within a JSON value is ASCII."""
    if isinstance(value, dict):
        return all(map(str.isascii, value)) and all(map(ascii_names, value.values()))
    return not isinstance(value, list) or all(map(ascii_names, value))


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
    return body.data if isinstance(body.data, dict) else {}


def target_of(data: Mapping[str, Any]) -> str:
    """Give the id that an amendment's data names."""
    return str(data.get("target", "")).removeprefix("@")
