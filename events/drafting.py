"""A line of a batch -> a draft, checked whole: every fault of the line is named, with what to write instead.

Reads no files and no log; what a batch or a case adds (zone, case, actor) comes as arguments. `own` stays as written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final, NamedTuple, final
from unicodedata import is_normalized

from events.codec import lifted
from events.dates.day_words import spelled
from events.dates.iso import iso_bound
from events.dates.zones import zone_named
from events.drafts.checks import CHECKS, Check, check_source, noted, read_in_place
from events.drafts.place import ID, Place, check_id, zone_given
from events.drafts.shapes import UNTYPED, shape_of_type
from events.errors import BadInput, Fault, Problem, quoted
from events.event import Draft
from events.fields import Kind
from events.leaf.canonical import check_profile, plain, unseen
from events.nearest import nearest
from events.when import ANY, Bound
from events.when_text import read_span

FIELDS: Final = (
    "case", "id", "type", "version", "when", "until", "zone", "data", "source", "tags", "note", "private", "actor",
    "causes",
)  # fmt: skip
"""The fields of an event's line (DESIGN 3)."""
RESERVED: Final = frozenset(
    (
        "recorded_at",
        "position",
        "case_position",
        "seq",
        "leaf_hash",
        "_sd",
        "v",
        "log",
        "prev",
        "tzdata",
        "earliest",
        "latest",
    )
)
"""Names that only the log gives."""
LOG_CASE: Final = "casefold:log"
_KNOWN: Final = frozenset(FIELDS)
_ANY: Final = Kind("text")


class Drafted(NamedTuple):
    """A draft, and what its enterer should know of it."""

    draft: Draft
    warnings: tuple[Problem, ...]


@lru_cache(maxsize=4096)
def _is_case(text: str) -> bool:
    return ID.fullmatch(text) is not None


def _no_zone(_case: str) -> str:
    return ""


def _no_words(_: str) -> Mapping[str, str]:
    return {}


def _no_widths(_: str) -> Collection[str]:
    return ()


def draft(fields: Mapping[str, Any], **given: Any) -> Draft:
    """Check one line and give its draft; the arguments are those of `drafted`. Raises `BadInput`.

    >>> draft({"case": "perry", "id": "death", "type": "death", "when": "2023-10-28T23:17Z"}).earliest
    1698535020000000
    """
    return drafted(fields, **given).draft


def drafted(
    fields: Mapping[str, Any],
    *,
    zone: str = "",
    case: str = "",
    actor: str = "",
    case_zone: Callable[[str], str] = _no_zone,
    case_words: Callable[[str], Mapping[str, str]] = _no_words,
    case_about: Callable[[str], Collection[str]] = _no_widths,
    file: str = "",
    line: int = 0,
    reader: Callable[[str], str] | None = None,
    reserved: bool = False,
) -> Drafted:
    """Check one line whole; give its draft and the warnings. Raises `BadInput` with every problem of the line.

    `zone`, `case` and `actor` serve where the line has none; `case_zone` is asked where neither line nor batch has a
    zone and a date needs one. `reader` rewrites dates of another notation into the grammar of `when`; the words it
    replaces go to `source.reads`; `case_words` gives the case's words for times of day, asked where a date is not
    understood without them, and treated likewise; `case_about` the precisions for which the case says how wide "about"
    is, so that no warning asks for a width. `reserved` lets the program's own commands write the log's own case
    and types.
    """
    reading = _Reading(fields, zone, case, case_zone, reader, case_words)
    reading.place.case_about = case_about
    whole = reading.read(reserved)
    own, place, problems = reading.own, reading.place, reading.problems
    spoken = fields.get("actor")
    if spoken is not None and (type(spoken) is not str or not spoken):
        problems.append(Problem(field="actor", what=f"{quoted(spoken)} is not a name", instead="write text"))
    if problems:
        raise BadInput(_placed(problems, file, line))
    ready = Draft(
        own=own,
        case=place.case,
        id=place.id,
        type=reading.shape.kind.name,
        version=own.get("version", 1),
        zone=own.get("zone") or zone,
        actor=spoken or actor,
        earliest=whole.lo,
        latest=whole.hi,
        mentions=tuple(dict.fromkeys(place.mentions)) if place.mentions else (),
        requires=tuple(place.requires) if place.requires else (),
        singles=tuple(dict.fromkeys(place.singles)) if place.singles else (),
        file=file,
        line=line,
    )
    return Drafted(ready, _placed(place.warnings, file, line) if place.warnings else ())


def _placed(problems: Iterable[Problem], file: str, line: int) -> tuple[Problem, ...]:
    """Give problems, each once, with the line they stand on."""
    return tuple(replace(problem, file=file, line=line) for problem in dict.fromkeys(problems))


@final
class _Reading:
    """One line being checked: what is wrong with it gathers in `problems`."""

    __slots__ = ("case_words", "own", "place", "problems", "shape", "version_known")

    def __init__(
        self,
        fields: Mapping[str, Any],
        zone: str,
        case: str,
        case_zone: Callable[[str], str],
        reader: Callable[[str], str] | None,
        case_words: Callable[[str], Mapping[str, str]],
    ) -> None:
        self.problems: list[Problem] = []
        self.case_words = case_words
        self.shape = UNTYPED
        self.own = own = dict(fields)
        own.pop("actor", None)
        if case and "case" not in own:
            own["case"] = case
        if reader is not None:
            self._rewrite(reader)
        case_name, own_id = own.get("case"), own.get("id", "")
        self.place = Place(
            case_name if type(case_name) is str else "",
            own_id if type(own_id) is str else "",
            self._zone(own["zone"]) if "zone" in own else zone,
            zone_given(own) or case_zone,
        )

    def _rewrite(self, reader: Callable[[str], str]) -> None:
        for name in ("when", "until"):
            text = self.own.get(name)
            if type(text) is not str:
                continue
            try:
                rewritten = reader(text)
            except Fault as fault:
                self.problems.append(fault.problem(field=name))
                continue
            if rewritten != text:
                self._write(name, rewritten, text)

    def _write(self, name: str, rewritten: str, text: str) -> None:
        """Put a date in the words of the grammar, and keep the source's own beside it."""
        self.own[name] = rewritten
        source = self.own.get("source") or {}
        if isinstance(source, Mapping) and "reads" not in source:
            self.own["source"] = {**source, "reads": text}

    def fault(self, field: str, fault: Fault) -> None:
        """Note a fault of a field."""
        self.problems.append(fault.problem(field=field))

    def read(self, reserved: bool) -> Bound:
        """Check everything; give the bounds of `when`'s own absolute parts."""
        own = self.own
        if not _KNOWN.issuperset(own):
            self._unknown()
        self._names(reserved)
        whole = self._times()
        if "data" in own or self.shape.bare_is_wrong:
            self._data(own.get("data"))
        if "source" in own:
            self._checked("source", check_source, own["source"], _ANY)
        for name in ("tags", "note", "private", "causes"):
            if name in own:
                self._checked(name, _REST[name], own[name], _ANY)
        if not self.problems:
            self._storable()
        return whole

    def _unknown(self) -> None:
        for name in self.own:
            if name in RESERVED:
                self.fault(name, Fault("is a name that only the log gives", "leave it out"))
            elif name not in _KNOWN:
                self.fault(str(name), Fault(f"an event has no field {name!r}", nearest(name, FIELDS)))

    def _names(self, reserved: bool) -> None:
        own, place = self.own, self.place
        case, own_id, name = own.get("case"), own.get("id"), own.get("type")
        try:
            self.shape = shape_of_type(_type_of(name))
        except Fault as fault:
            self.fault("type", fault)
        if not (type(case) is str and _is_case(case)):
            self._checked("case", _case, case, _ANY)
        if "id" in own and not (type(own_id) is str and ID.fullmatch(own_id)):
            self._checked("id", _own_id, own_id, _ANY)
        kind = self.shape.kind
        place.amends = kind.family == "amendments"
        if (case == LOG_CASE or kind.family == "log") and not reserved:
            field = "case" if case == LOG_CASE else "type"
            self.fault(field, Fault(f"{own[field]!r} belongs to the log itself", "let its commands write it"))
        version = own.get("version", 1)
        self.version_known = type(version) is int and 1 <= version <= kind.version
        if not self.version_known:
            advice = f"write {kind.version}, or leave it out"
            self.fault("version", Fault(f"{quoted(version)} is no version of {kind.name}", advice))

    def _times(self) -> Bound:
        own = self.own
        if "when" not in own:
            if "until" in own:
                self._instant("until")
            return ANY
        whole = self._instant("when")
        if "until" in own:
            end = self._instant("until")
            if end.hi is not None and whole.lo is not None and end.hi < whole.lo:
                what = f"it ends ({own['until']!r}) before it begins ({own['when']!r})"
                self.fault("until", Fault(what, "write an end that is not before the beginning"))
        return whole

    def _zone(self, name: Any) -> str:
        """Give the line's own zone; where it is none, UTC stands in, so that its dates are checked all the same."""
        zone = name if type(name) is str else repr(name)
        try:
            zone_named(zone)
        except Fault as fault:
            self.fault("zone", fault)
            return "UTC"
        return zone

    def _instant(self, name: str) -> Bound:
        value, place = self.own[name], self.place
        try:
            if type(value) is str and (bound := iso_bound(value, place.zone)) is not None:
                return bound
            own = read_in_place(value, place).own if name == "until" else self._begins(value)
        except Fault as fault:
            if type(value) is str and (rewritten := spelled(value, self.case_words(place.case))) != value:
                self._write(name, rewritten, value)
                return self._instant(name)
            self.fault(name, fault)
            return ANY
        self._name_warnings(name)
        return own

    def _begins(self, value: Any) -> Bound:
        """Give the bounds of a when's own absolute parts, of its beginning where it tells of a span (`from A to B`)."""
        place = self.place
        span = read_span(value, place.zone) if type(value) is str and value[:5].lower() == "from " else None
        if span is None:
            return read_in_place(value, place).own
        if "until" in self.own:
            raise Fault(f"{value!r} says its end, and so does until", "write the end once")
        noted(span[1], place)
        return noted(span[0], place).own

    def _checked(self, field: str, check: Check, value: Any, kind: Kind) -> None:
        try:
            check(value, self.place, kind)
        except Fault as fault:
            self.fault(field, fault)
        if self.place.warnings:
            self._name_warnings(field)

    def _name_warnings(self, field: str) -> None:
        """Say where the warnings that have no field yet stand."""
        warnings = self.place.warnings
        warnings[:] = [one if one.field else replace(one, field=field) for one in warnings]

    def _data(self, data: Any) -> None:
        shape = self.shape
        if shape is UNTYPED:
            return None
        if data is None and "data" not in self.own:
            data = {}
        elif not isinstance(data, Mapping):
            return self.fault("data", Fault(f"{quoted(data)} is not an object", 'write {"name": value, ...}'))
        version = self.own.get("version", 1)
        if version != shape.kind.version and self.version_known:
            try:
                data = lifted(shape.kind, version, data)
            except Fault as fault:
                return self.fault("version", fault)
        self._fields(data)
        for name in shape.required:
            if name not in data:
                self.fault(f"data.{name}", Fault(f"{shape.kind.name} needs it", "write it"))
        if shape.rule is not None and not self.problems:
            try:
                shape.rule(data)
            except Fault as fault:
                self.fault("data", fault)
        return None

    def _fields(self, data: Mapping[str, Any]) -> None:
        checks, place, warnings = self.shape.checks, self.place, self.place.warnings
        for name, value in data.items():
            found = checks.get(name)
            if found is None:
                what = f"{self.shape.kind.name} has no data field {name!r}"
                self.fault(f"data.{name}", Fault(what, nearest(name, checks)))
                continue
            try:
                found[0](value, place, found[1])
            except Fault as fault:
                self.fault(f"data.{name}", fault)
            if warnings:
                self._name_warnings(f"data.{name}")

    def _storable(self) -> None:
        """Refuse what canonical JSON cannot keep; warn of characters nobody sees."""
        try:
            encoded = plain(self.own)
        except (UnicodeEncodeError, TypeError, ValueError, OverflowError):
            encoded = b"\\u0000"
        if b"\\u0000" in encoded:
            try:
                check_profile(self.own)
            except Fault as fault:
                return self.fault("", fault)
        if not encoded.isascii():
            self.place.warnings += _strange(encoded.decode())
        return None


def _strange(text: str) -> Iterable[Problem]:
    """Warn of characters nobody sees, and of accents that stand apart from their letters."""
    if char := unseen(text):
        yield Problem(
            what=f"a text holds {char}, which readers do not see", instead="it is kept, and shown as its number"
        )
    if not is_normalized("NFC", text):
        what = "a text is not in Unicode's composed form (NFC)"
        yield Problem(what=what, instead="it is kept as written; names are compared as if it were")


def _case(value: Any, _place: Place, _kind: Kind) -> None:
    if value is None:
        raise Fault("the line has no case", "write the id of the case, or load with --case")
    check_id(value, "case")


def _own_id(value: Any, _place: Place, _kind: Kind) -> None:
    check_id(value)


def _type_of(name: Any) -> str:
    if type(name) is not str or not name:
        raise Fault("the line has no type", "write the type of the event, e.g. infusion")
    return name


_REST: Final[Mapping[str, Check]] = {
    "tags": CHECKS["texts"],
    "note": CHECKS["text"],
    "private": CHECKS["text"],
    "causes": CHECKS["causes"],
}
