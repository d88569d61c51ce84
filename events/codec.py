"""Event <-> canonical JSON: the leaf that the log keeps, and the event read back. No SQL, no clock, no dates.

Stored leaves are never rewritten: `recorded` lifts old versions by the type's pure upcasters as they are read.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec

from events.dates.absolute import split_span
from events.errors import Fault
from events.event import Draft, EventType, Facts, RecordedEvent, find_type, type_named
from events.fields import Kind, kinds
from events.leaf.canonical import GREATEST, canonical, digest, encode, strict_json
from events.leaf.disclosure import ENVELOPE, put, sensitive_data, taken, without
from events.source import Source
from events.upcasting import lifted

__all__ = [
    "Leaf", "canonical", "content_id", "digest", "leaf", "leaf_hash", "leaf_number", "lifted", "recorded",
    "same_content", "schema", "strict_json", "typed",
]  # fmt: skip

LEAF_VERSION: Final = 1
REDACTED: Final = "[redacted]"
"""What stands for a value that was erased, wherever an event is read."""
_COPIED: Final = ("when", "until", "tags", "causes")


class Leaf(NamedTuple):
    """What is stored of an event: body, leaf hash, and `(path, salt, value as JSON)` of what the body only digests."""

    body: bytes
    leaf_hash: bytes
    disclosures: tuple[tuple[str, bytes, bytes], ...]


def content_id(own: Mapping[str, Any], key: bytes, *, head: int = 0) -> str:
    """Give the id of a line that has none: `c:` and 32 hex of HMAC-SHA256(log key, canonical own fields).

    `head` is the case's head position, covered by the ids of amendments that commands make; 0: not covered.
    """
    covered = {name: value for name, value in own.items() if name not in ("id", "actor")}
    if head:
        covered["case_position"] = head
    return f"c:{hmac.digest(key, encode(covered), 'sha256').hex()[:32]}"


def leaf_hash(body: bytes) -> bytes:
    """Give SHA-256(0x00 ‖ body): a leaf of the RFC 6962 tree."""
    return hashlib.sha256(b"\x00" + body).digest()


def leaf(
    draft: Draft,
    *,
    log: str,
    position: int,
    case_position: int,
    prev: bytes,
    event_id: str,
    recorded_at: int,
    tzdata: str,
    salt: Callable[[], bytes],
) -> Leaf:
    """Give the leaf of a draft at its place in the log.

    `prev` is the leaf hash of the case's previous event, empty for the first; `recorded_at` is in microseconds since
    1970; `salt` gives 16 fresh random bytes a call, and is called once for each sensitive value.
    """
    own = draft.own
    body: dict[str, Any] = {
        "v": LEAF_VERSION,
        "log": log,
        "position": position,
        "case": draft.case,
        "case_position": case_position,
        "id": event_id,
        "type": draft.type,
        "version": draft.version,
        "tzdata": tzdata,
        "recorded_at": recorded_at,
    }
    if prev:
        body["prev"] = prev.hex()
    for name in _COPIED:
        if value := own.get(name):
            body[name] = value
    if draft.zone:
        body["zone"] = draft.zone
    if draft.actor:
        body["actor"] = draft.actor
    if draft.earliest is not None:
        body["earliest"] = leaf_number(draft.earliest)
    if draft.latest is not None:
        body["latest"] = leaf_number(draft.latest)
    secrets = _content(own, draft.type, body)
    disclosures = tuple((path, salt(), value) for path, value in secrets)
    if disclosures:
        body["_sd"] = {path: digest(salted, path, value).hex() for path, salted, value in disclosures}
    encoded = encode(body)
    return Leaf(
        encoded, leaf_hash(encoded), tuple((path, salted, encode(value)) for path, salted, value in disclosures)
    )


def leaf_number(micros: int) -> int | str:
    """Give microseconds as a leaf writes them: a number, or its digits as text where JSON numbers are not exact.

    RFC 8785 writes every number as a double, so beyond 2^53 (before 1684, after 2255) only a text keeps all digits.

    >>> leaf_number(-14200704000000000)
    '-14200704000000000'
    """
    return micros if -GREATEST <= micros <= GREATEST else str(micros)


def _content(own: Mapping[str, Any], type_name: str, body: dict[str, Any]) -> list[tuple[str, Any]]:
    """Put data and source into the body; give what is sensitive, by path, in place of putting it there."""
    secrets: list[tuple[str, Any]] = []
    if data := own.get("data"):
        if paths := _sensitive(type_name):
            data, within = taken(data, paths)
            secrets += [(f"data.{path}", value) for path, value in within]
        if data:
            body["data"] = data
    if source := own.get("source"):
        if quote := source.get("quote"):
            source = without(source, "quote")
            secrets.append(("source.quote", quote))
        if source:
            body["source"] = source
    secrets += [(name, own[name]) for name in ("note", "private") if own.get(name)]
    return secrets


@cache
def _sensitive(type_name: str) -> tuple[str, ...]:
    return sensitive_data(type_named(type_name))


class _Body(msgspec.Struct, gc=False):
    """A leaf as it is read."""

    v: int
    log: str
    position: int
    case: str
    case_position: int
    id: str
    type: str
    version: int
    recorded_at: int
    prev: str = ""
    when: str = ""
    until: str = ""
    zone: str = ""
    tzdata: str = ""
    earliest: int | str | None = None
    latest: int | str | None = None
    data: dict[str, Any] = {}
    source: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    actor: str = ""
    causes: tuple[str, ...] = ()
    note: str = ""
    private: str = ""
    sd: dict[str, str] = msgspec.field(name="_sd", default_factory=dict)


_read_body: Final = msgspec.json.Decoder(_Body).decode


def _opened(body: bytes, disclosures: Mapping[str, Any]) -> tuple[_Body, frozenset[str]]:
    """Read a leaf and put its disclosed values back; give also the paths whose values are gone."""
    try:
        read = _read_body(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise Fault(f"the stored event cannot be read: {fault}", "run `casefold verify`") from None
    if read.v != LEAF_VERSION:
        raise Fault(f"the stored event is of leaf version {read.v}", "read it with a newer Casefold")
    if not read.sd:
        return read, frozenset()
    for path in read.sd:
        if path in disclosures:
            _disclose(read, path, disclosures[path])
    return read, frozenset(read.sd.keys() - disclosures.keys())


def _disclose(read: _Body, path: str, value: Any) -> None:
    match path.partition("."):
        case "note", "", _:
            read.note = value
        case "private", "", _:
            read.private = value
        case "source", _, "quote":
            read.source["quote"] = value
        case "data", ".", rest:
            put(read.data, rest, value)
        case _:
            raise Fault(f"the stored event has no field {path!r}", "run `casefold verify`")


def recorded(body: bytes, disclosures: Mapping[str, Any]) -> RecordedEvent:
    """Read an event back from its leaf and the values still disclosed, by path. Raises `Fault` where it is no leaf.

    A when that tells of a span (`from A to B`) is given as its two ends.
    """
    read, gone = _opened(body, disclosures)
    for path in gone:
        _disclose(read, path, REDACTED)
    spoken = ""
    if read.when[:5].lower() == "from " and not read.until and (apart := split_span(" ".join(read.when.split()))):
        spoken, (read.when, read.until) = read.when, apart
    return RecordedEvent(
        position=read.position,
        case_position=read.case_position,
        recorded_at=read.recorded_at,
        case=read.case,
        id=read.id,
        type=read.type,
        version=read.version,
        when=read.when,
        until=read.until,
        zone=read.zone,
        tzdata=read.tzdata,
        earliest=None if read.earliest is None else int(read.earliest),
        latest=None if read.latest is None else int(read.latest),
        written=read.data,
        facts=typed(read.type, read.version, read.data, gone),
        source=Source(**read.source) if read.source else NOBODY,
        tags=read.tags,
        note=read.note,
        private=read.private,
        actor=read.actor,
        causes=read.causes,
        redacted=gone,
        spoken=spoken,
    )


NOBODY: Final = Source()
"""The source of what nobody is named for."""


def typed(type_name: str, version: int, data: Mapping[str, Any], redacted: frozenset[str] = frozenset()) -> Facts:
    """Give data as the facts of its type, lifted to the type's current version; empty for a type that is not installed.

    Raises `Fault` where the data is of a newer version than the type, or does not fit it.
    """
    kind = find_type(type_name)
    if kind is None:
        return Facts()
    if version != kind.version:
        data = lifted(kind, version, data)
    try:
        return msgspec.convert(data, kind.facts)
    except msgspec.ValidationError:
        return _fitted(kind, data, redacted)


def _fitted(kind: EventType, data: Mapping[str, Any], redacted: frozenset[str]) -> Facts:
    """Fit data whose amounts were written as JSON numbers, or whose required text was erased."""
    shape = shape_of(kind)
    fitted = {name: str(value) if type(value) is int and name in shape else value for name, value in data.items()}
    for path in redacted:
        name = path.removeprefix("data.")
        if name in shape:
            fitted.setdefault(name, "")
    try:
        return msgspec.convert(fitted, kind.facts)
    except msgspec.ValidationError as fault:
        raise Fault(f"the data of this {kind.name} does not fit its type: {fault}", "run `casefold verify`") from None


@cache
def shape_of(kind: EventType) -> Mapping[str, Kind]:
    """Give the kinds of a type's data fields by name."""
    return kinds(kind.facts)


def same_content(draft: Draft, body: bytes, disclosures: Mapping[str, Any]) -> bool:
    """Whether a draft says what a stored event says; what was erased cannot tell and is not compared.

    The zone is compared only where the draft's own line has one; actor, position and time of recording are no content.
    """
    read, gone = _opened(body, disclosures)
    own: Mapping[str, Any] = draft.own
    stored: Mapping[str, Any] = {"data": read.data, "source": read.source, "note": read.note, "private": read.private}
    for path in gone:
        own, stored = without(own, path), without(stored, path)
    same_frame = (draft.case, draft.type, draft.version) == (read.case, read.type, read.version)
    return (
        same_frame
        and ("zone" not in own or own["zone"] == read.zone)
        and own.get("when", "") == read.when
        and own.get("until", "") == read.until
        and tuple(own.get("tags", ())) == read.tags
        and tuple(own.get("causes", ())) == read.causes
        and all((own.get(name) or None) == (stored.get(name) or None) for name in ("data", "source", *ENVELOPE[:2]))
    )


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema of a line of that type, data and all. Raises `Fault` for a type that is not known."""
    from events.leaf.schema import line_schema

    return line_schema(type_named(name))
