"""The fast lane of a bulk load: a plain line of JSONL straight to its leaf; leaves whatever is unusual to `drafting`.

It refuses nothing and warns of nothing: it gives a `Swift`, or None, and then the line is read the slow way. What it
takes, the slow way takes without a warning, as the same event with the same leaf (a law of tests/laws). It takes lines

- of the fields case, id, type, when, until, data, source and tags, without a backslash or a space nobody sees;
- dated by plain dates and instants alone, where no case needs to be asked for its zone;
- of types without sensitive data, whose fields refer to no other event (amendments, claims and openings are slow).

A name that stands twice is seen by counting quotation marks: those of what a decoder drops are missing in the draft.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import Any, ClassVar, Final, NamedTuple, final
from unicodedata import is_normalized

import msgspec

from events.codec import LEAF_VERSION
from events.dates.iso import iso_bound, iso_ends
from events.drafting import LOG_CASE
from events.drafts.place import ID, Place
from events.drafts.shapes import Shape, shape_of_type
from events.errors import Fault
from events.event import Draft
from events.leaf.canonical import GREATEST, encode, plain, strict_json
from events.source import STANDINGS

SLOW_FAMILIES: Final = frozenset({"amendments", "claims", "log"})
SLOW_TYPES: Final = frozenset({"case.opened"})
PLAIN_KINDS: Final = frozenset({"text", "amount", "level", "count", "duration", "choice", "hex", "zone"})
"""Kinds of field whose check looks at the value alone, and whose value is text or a whole number."""
KEPT: Final = 16_384
"""Texts of data that are kept with what was found of them; longer ones than `SHORT` bytes are not."""
SHORT: Final = 512
_ODD: Final = re.compile(rb"\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2[\x80\x81]|\xe3\x80\x80|\xef\xbb\xbf")
"""How spaces beyond ASCII, and marks that nobody sees, begin in UTF-8."""
_Data = tuple[msgspec.Raw | None, int]
"""Canonical data, and how many quotation marks it, case and type have in a line; see `_SLOW`."""
_FRAME: Final = 8
_NO_DATA: Final[_Data] = (None, _FRAME)
_SLOW: Final[_Data] = (None, -1)
"""A line with such data is to be read the slow way."""
_OPEN: Final = (None, None)


class _Said(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """A source without quote or doc, its fields in canonical order."""

    asserted: str = ""
    document: str = ""
    locator: str = ""
    reads: str = ""
    speaker: str = ""
    standing: str = ""
    via: str = ""


class _Line(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    """A line that may take the lane."""

    case: str
    type: str
    id: str = ""
    when: str = ""
    until: str = ""
    data: msgspec.Raw = msgspec.Raw()
    source: _Said | None = None
    tags: tuple[str, ...] = ()


@final
class Swift(msgspec.Struct, gc=False):
    """A draft off the fast lane: `data` and `source` are canonical bytes; the rest is as in `events.event.Draft`."""

    case: str
    id: str
    type: str
    when: str
    until: str
    zone: str
    earliest: int | None
    latest: int | None
    data: msgspec.Raw | None
    source: msgspec.Raw | None
    tags: tuple[str, ...]
    written: bytes
    file: str
    line: int

    version: ClassVar[int] = 1
    mentions: ClassVar[tuple[str, ...]] = ()
    requires: ClassVar[tuple[str, ...]] = ()
    singles: ClassVar[tuple[str, ...]] = ()

    @property
    def own(self) -> dict[str, Any]:
        """The fields of the line as written."""
        return strict_json(self.written)

    def draft(self) -> Draft:
        """Give it as the slow way does."""
        return Draft(
            own=self.own, case=self.case, id=self.id, type=self.type, version=1, zone=self.zone, actor="",
            earliest=self.earliest, latest=self.latest, file=self.file, line=self.line,
        )  # fmt: skip


_read: Final = msgspec.json.Decoder(_Line).decode
_is_id: Final = ID.fullmatch


def _is_usual(line: bytes) -> bool:
    """Whether a line beyond ASCII has no character that is warned about."""
    try:
        return _ODD.search(line) is None and is_normalized("NFC", line.decode())
    except UnicodeDecodeError:
        return False


@final
class FastLane:
    """The lane of one file: `zone` is its batch's, empty where each case has its own."""

    def __init__(self, file: str, zone: str) -> None:
        self._file = file
        self._zone = zone
        self._known: defaultdict[str, dict[bytes, _Data]] = defaultdict(dict)

    def swift(self, line: bytes, number: int) -> Swift | None:
        """Give the draft of a line, or None where it has to be read the slow way."""
        if b"\\" in line or not (line.isascii() or _is_usual(line)):
            return None
        try:
            read = _read(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None
        raw, own_id, source = bytes(read.data), read.id, read.source
        data = self._known[read.type].get(raw) or self._data(read.type, raw)
        if data[1] < 0 or not _is_case(read.case) or (own_id and not _is_id(own_id)):
            return None
        ends = self._ends(read) if read.when or read.until else _OPEN
        said = b"" if source is None else plain(source)
        if ends is None or (source is not None and not self._is_source(source, said)):
            return None
        marks = data[1] + (4 if own_id else 0) + (4 if read.when else 0) + (2 + said.count(b'"') if said else 0)
        if read.tags or read.until:
            marks += _marks(read)
        if line.count(b'"') != marks:
            return None
        return Swift(
            read.case, own_id, read.type, read.when, read.until, self._zone, ends[0], ends[1], data[0],
            msgspec.Raw(said) if said else None, read.tags, line, self._file, number,
        )  # fmt: skip

    def _data(self, name: str, raw: bytes) -> _Data:
        known = self._known[name]
        if len(known) >= KEPT:
            known.clear()
        found = _checked(name, raw)
        if len(raw) <= SHORT:
            known[raw] = found
        return found

    def _ends(self, read: _Line) -> tuple[int | None, int | None] | None:
        """Give the first and last microsecond of its when."""
        ends = iso_ends(read.when, self._zone)
        if ends is None or ends[0] < -GREATEST or ends[1] > GREATEST:
            return None
        if read.until:
            until = iso_ends(read.until, self._zone)
            if until is None or until[1] < ends[0]:
                return None
        return ends

    def _is_source(self, source: _Said, said: bytes) -> bool:
        """Whether a source is one: nothing blank, a standing of the six, a plain date."""
        if b'" ' in said or said == b"{}" or (source.standing and source.standing not in STANDINGS):
            return False
        asserted = source.asserted
        return not asserted or (bool(self._zone) and iso_bound(asserted, self._zone) is not None)


@lru_cache(maxsize=65_536)
def _is_case(case: str) -> bool:
    return case != LOG_CASE and _is_id(case) is not None


def _marks(read: _Line) -> int:
    """Count the quotation marks of `until` and of the tags; tags that are blank give a number that no line has."""
    if not all(tag and not tag.isspace() for tag in read.tags):
        return -(10**9)
    return (4 if read.until else 0) + (2 + 2 * len(read.tags) if read.tags else 0)


def _checked(name: str, raw: bytes) -> _Data:
    """Check data as `drafting` does, field by field."""
    try:
        shape = _shape(name)
        if shape is None or not raw:
            return _SLOW if shape is None or shape.bare_is_wrong else _NO_DATA
        data = strict_json(raw)
        place = Place("", "", "UTC", str)
        for field, value in data.items():
            check, kind = shape.checks[field]
            if kind.name not in PLAIN_KINDS:
                return _SLOW
            check(value, place, kind)
        if shape.rule is not None:
            shape.rule(data)
    except (Fault, KeyError):
        return _SLOW
    if place.warnings or not data or not all(field in data for field in shape.required):
        return _SLOW
    encoded = encode(data)
    return msgspec.Raw(encoded), encoded.count(b'"') + 2 + _FRAME


@cache
def _shape(name: str) -> Shape | None:
    """Give what is needed of a type that may take the lane. Raises `Fault` where there is no such type."""
    shape = shape_of_type(name)
    kind = shape.kind
    slow = kind.family in SLOW_FAMILIES or name in SLOW_TYPES or kind.sensitive or kind.version != 1
    return None if slow else shape


class Stamp(NamedTuple):
    """What the leaves of one transaction share: the log's origin, time of recording (µs), tzdata version, enterer."""

    log: str
    recorded_at: int
    tzdata: str
    actor: str


class _Leaf(msgspec.Struct, omit_defaults=True, gc=False):
    """A leaf, its fields in canonical order; what is empty is left out."""

    actor: str = ""
    case: str = ""
    case_position: int = 0
    data: msgspec.Raw | None = None
    earliest: int | None = None
    id: str = ""
    latest: int | None = None
    log: str = ""
    position: int = 0
    prev: str = ""
    recorded_at: int | None = None
    source: msgspec.Raw | None = None
    tags: tuple[str, ...] = ()
    type: str = ""
    tzdata: str | None = None
    until: str = ""
    v: int = 0
    version: int = 0
    when: str = ""
    zone: str = ""


def swift_body(draft: Swift, stamp: Stamp, position: int, case_position: int, prev: bytes, event_id: str) -> bytes:
    """Give the bytes that `codec.leaf` gives for the same draft, encoded once."""
    return plain(
        _Leaf(
            stamp.actor, draft.case, case_position, draft.data, draft.earliest, event_id, draft.latest, stamp.log,
            position, prev.hex(), stamp.recorded_at, draft.source, draft.tags, draft.type, stamp.tzdata, draft.until,
            LEAF_VERSION, 1, draft.when, draft.zone,
        )
    )  # fmt: skip
