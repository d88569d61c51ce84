"""A leaf read as strictly as it was written, and what is asked of its parts. Knows no row and no database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, NoReturn

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


class Told(NamedTuple):
    """Many leaves by field, in the order of the fields of `Body`."""

    sd: tuple[dict[str, str], ...]
    actor: tuple[str, ...]
    case: tuple[str, ...]
    case_position: tuple[int, ...]
    causes: tuple[msgspec.Raw, ...]
    data: tuple[msgspec.Raw, ...]
    earliest: tuple[int | str | None, ...]
    id: tuple[str, ...]
    latest: tuple[int | str | None, ...]
    log: tuple[str, ...]
    position: tuple[int, ...]
    prev: tuple[str, ...]
    recorded_at: tuple[int, ...]
    source: tuple[msgspec.Raw, ...]
    tags: tuple[msgspec.Raw, ...]
    type: tuple[str, ...]
    tzdata: tuple[str, ...]
    until: tuple[str, ...]
    v: tuple[int, ...]
    version: tuple[int, ...]
    when: tuple[str, ...]
    zone: tuple[str, ...]


def plain(nested: Iterable[msgspec.Raw]) -> bool:
    """Whether what nests in leaves is canonical too: each one JSON value, they are read as one list, which is quicker.

    Raises msgspec's errors where they are not even JSON.
    """
    texts = [each for each in nested if each is not ABSENT]
    joined = b"[%b]" % b",".join(texts)
    values = _read_nested(joined)
    return len(values) == len(texts) and _write_nested(values) == joined and (joined.isascii() or _ascii_names(values))


def _ascii_names(value: Any) -> bool:
    if isinstance(value, dict):
        return all(name.isascii() and _ascii_names(inner) for name, inner in value.items())
    return not isinstance(value, list) or all(map(_ascii_names, value))


def same(told: tuple[int | str | None, ...], column: tuple[int | None, ...]) -> bool:
    """Whether bounds are the same in the leaves and in their column."""
    return told == column or tuple(map(number, told)) == column


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
