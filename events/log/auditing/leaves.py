"""Leaves written again from the columns of their rows and what only they tell: the same bytes, or something is wrong.

That compares every column, its type and the canonical form at once. Names nothing that is wrong, and reads no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from types import NoneType
from typing import Any, Final

import msgspec
from msgspec.structs import astuple, fields

from events.leaf.canonical import GREATEST
from events.log.proofs.bodies import LEAF_VERSION, Body, ascii_names, no_float, write_body

_COPIED: Final = frozenset(
    {"case", "case_position", "earliest", "id", "latest", "position", "recorded_at", "type", "version"}
)
"""What a row tells of its leaf, too."""
_TYPES: Final = (
    ("case_position", frozenset({int})),
    ("earliest", frozenset({int, NoneType})),
    ("id", frozenset({str})),
    ("latest", frozenset({int, NoneType})),
    ("position", frozenset({int})),
    ("recorded_at", frozenset({int})),
)
"""As what: a text and the bytes of it would be written alike. Names of cases and of types are known to be texts."""
_SAME: Final = ("log", "v")
"""What every leaf of a log tells."""
_NAMES: Final = tuple(each.name for each in fields(Body))
_OWN: Final = tuple(name for name in _NAMES if name not in _COPIED and name not in _SAME)


def _like_body(name: str, only: Iterable[str]) -> type[msgspec.Struct]:
    """Give a struct of fields of `Body` in their order, each one that it may leave out, and none that it must have."""
    made = []
    for each in fields(Body):
        if each.name in only:
            factory = each.default_factory is not msgspec.NODEFAULT
            default = msgspec.field(default_factory=each.default_factory) if factory else each.default
            made.append((each.name, each.type, msgspec.UNSET if default is msgspec.NODEFAULT else default))
    return msgspec.defstruct(name, made, rename={"sd": "_sd"}, omit_defaults=True, gc=False)


_Leaf: Final = _like_body("_Leaf", _NAMES)
_read: Final = msgspec.json.Decoder(_like_body("_Told", _OWN), float_hook=no_float).decode

Columns = Mapping[str, Sequence[Any]]
"""What leaves tell, field by field."""


def told_by(texts: Sequence[bytes]) -> Columns:
    """Read what only these leaves tell, and no row. Raises what msgspec does, and `UnicodeError`, where one is none."""
    return dict(zip(_OWN, zip(*map(astuple, map(_read, texts)), strict=True), strict=True))


def hold(texts: tuple[bytes, ...], told: Columns, rows: Columns, origin: str) -> bool:
    """Whether what the rows tell of a log's leaves, with what only those tell, is written as exactly these texts."""
    if any(not wanted.issuperset(map(type, rows[name])) for name, wanted in _TYPES):
        return False
    bounds = {name: _bounds(rows[name]) for name in ("earliest", "latest")}
    given: dict[str, Iterable[Any]] = {**told, **rows, **bounds, "log": repeat(origin), "v": repeat(LEAF_VERSION)}
    leaves = map(_Leaf, *[given[name] for name in _NAMES])
    return tuple(map(write_body, leaves)) == texts and _ascii(texts, told)


def _bounds(micros: Sequence[int | None]) -> Sequence[int | str | None]:
    """Give bounds as leaves write them: beyond 2^53 as digits."""
    if max(filter(None, micros), default=0) <= GREATEST and min(filter(None, micros), default=0) >= -GREATEST:
        return micros
    return [each if each is None or -GREATEST <= each <= GREATEST else str(each) for each in micros]


def _ascii(texts: Sequence[bytes], told: Columns) -> bool:
    """Whether every name within what nests is ASCII; only a text that is not all ASCII could have another."""
    if all(map(bytes.isascii, texts)):
        return True
    nested = zip(texts, told["causes"], told["data"], told["source"], told["tags"], strict=True)
    return all(text.isascii() or ascii_names(within) for text, *within in nested)
