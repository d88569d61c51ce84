"""Whether one value is what its field may hold: one small check a kind, each raising `Fault` with advice.

Texts that repeat are read once: every reading below is memoised by its reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from events.dates.iso import iso_bound
from events.dates.zones import zone_named
from events.drafts.place import POINTS, Place, check_id
from events.errors import Fault, quoted
from events.event import type_named
from events.fields import LEVELS, Kind, KindName
from events.leaf.canonical import GREATEST, check_profile
from events.nearest import nearest
from events.quantity import read_quantity
from events.source import STANDINGS, fold_name
from events.units import compatible, unit
from events.when import Bound, When
from events.when_text import read_date, read_duration, read_when, so_long_before

SOURCE_FIELDS: Final = ("speaker", "via", "standing", "doc", "document", "locator", "asserted", "quote", "reads")
_SOURCE_NAMES: Final = frozenset(SOURCE_FIELDS)
_READ: Final = ("standing", "asserted", "doc")
OVERLAY_FIELDS: Final = ("when", "until", "zone", "data", "source", "tags", "note")
PRECISIONS: Final = ("year", "month", "week", "day", "hour", "minute", "second")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_PATH: Final = re.compile(r"note|private|source\.quote|data(\.[a-z][a-z0-9_]*)+")


def _text(value: Any, _at: Place, _kind: Kind) -> None:
    if type(value) is not str:
        raise Fault(f"{quoted(value)} is not text", "write it as text, in quotation marks")
    if not value or value.isspace():
        raise Fault("is empty", "write it, or leave the field out")


@lru_cache(maxsize=65_536)
def _own_unit(value: str | int) -> str:
    """Read an amount; give its unit where the table does not have it."""
    if type(value) is int and value > GREATEST:
        raise Fault(f"{value} is beyond 2^53 - 1", "write it as text")
    name = read_quantity(value).unit
    return "" if not name or unit(name).known else name


def _amount(value: Any, at: Place, _kind: Kind) -> None:
    if type(value) is not str and type(value) is not int:
        raise Fault(f"{quoted(value)} is not an amount", "write it as text, e.g. '50 mg'")
    if own := _own_unit(value):
        at.warn(f"the unit {own!r} is not in the table", "it is kept as a unit of its own, and converts into no other")


def _level(value: Any, at: Place, kind: Kind) -> None:
    if type(value) is str and fold_name(value) in LEVELS:
        return
    try:
        _amount(value, at, kind)
    except Fault as fault:
        words = ", ".join(repr(each) for each in LEVELS)
        raise Fault(fault.what, f"{fault.instead}; or write one of the laboratory's words: {words}") from None


@lru_cache(maxsize=65_536)
def _counted(value: str | int) -> Bound:
    try:
        read = read_quantity(value)
    except Fault as fault:
        wrote = "write whole numbers, e.g. 27, 'at least 27' or '1 to 3'"
        raise (Fault(f"{value!r} is not a count", wrote) if "is not an amount" in fault.what else fault) from None
    if read.unit:
        raise Fault(f"{value!r} has a unit, and a count has none", "write the number alone, e.g. 'at least 27'")
    if read.count.empty or any(end is not None and end != end.to_integral_value() for end in (read.lo, read.hi)):
        raise Fault(f"{value!r} is not a count", "write whole numbers, e.g. 27, 'at least 27' or '1 to 3'")
    return read.count


def _count(value: Any, _at: Place, _kind: Kind) -> None:
    if type(value) is not str and type(value) is not int:
        raise Fault(f"{quoted(value)} is not a count", "write a whole number, or text such as 'at least 27'")
    _counted(value)


def _duration(value: Any, at: Place, kind: Kind) -> None:
    """Check how long something took: a duration, or bounds of one, such as `30 to 40 minutes`."""
    _text(value, at, kind)
    try:
        read_duration(value)
    except Fault as fault:
        try:
            bounds = compatible(read_quantity(value).unit, "min")
        except Fault:
            bounds = False
        if not bounds:
            raise fault from None


def _elapsed(value: Any, at: Place, kind: Kind) -> None:
    _text(value, at, kind)
    read_when(so_long_before(value, "@x"), zone="UTC")


def read_in_place(value: Any, at: Place) -> When:
    """Read a when in the line's zone; note what it refers to, and warn of soft dates. Raises `Fault`."""
    if type(value) is not str:
        raise Fault(f"{quoted(value)} is not a date", "write it as text, in quotation marks")
    return noted(read_when(value, zone=at.zone), at)


def noted(when: When, at: Place) -> When:
    """Note what a when refers to, and warn of its soft parts. Raises `Fault` where it refers to its own event."""
    for part in when.parts:
        if part.anchor is not None:
            if part.anchor.id == at.id:
                raise Fault(
                    f"{when.text!r} refers to the event itself", "write it relative to another event, or a date"
                )
            at.mentions.append(part.anchor.id)
            if part.anchor.side == "single" and not part.anchor.point:
                at.singles.append(part.anchor.id)
        if part.soft and not at.has_width(part.precision):
            at.warn(
                f"{part.text!r} has no width, so that it bounds nothing in a calculation",
                f"write e.g. '{part.text} ± {_width(part.text)}', or widths in the `about` of case.opened",
            )
    return when


def _width(text: str) -> str:
    """Give a width to propose: minutes where a time is as fine as hours, else days."""
    return "30 minutes" if any(fine in text for fine in (":", "hour", "minute", "second")) else "3 days"


def _when(value: Any, at: Place, _kind: Kind) -> None:
    read_in_place(value, at)


def _event(value: Any, at: Place, _kind: Kind) -> None:
    at.refer(check_id(value.removeprefix("@") if type(value) is str else value, "reference"))


def _instant(value: Any, at: Place, kind: Kind) -> None:
    point = next((point for point in POINTS if type(value) is str and value.endswith(point)), "")
    _event(value.removesuffix(point) if point else value, at, kind)


def _list(value: Any, least: int = 1) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Fault(f"{quoted(value)} is not a list", "write a list: [..., ...]")
    if len(value) < least:
        raise Fault(f"lists {len(value)}", f"list at least {least}" if least > 1 else "leave the field out")
    return list(value)


def _events(value: Any, at: Place, kind: Kind) -> None:
    for one in _names_in(value, at, kind):
        _event(one, at, kind)


def _causes(value: Any, at: Place, _kind: Kind) -> None:
    for one in _list(value):
        event_id = check_id(one.removeprefix("@") if type(one) is str else one, "cause")
        if event_id == at.id and event_id:
            raise Fault(f"@{event_id} is this event itself", "name another event")
        at.mentions.append(event_id)


def _names_in(value: Any, at: Place, kind: Kind) -> list[Any]:
    listed = _list(value, 2)
    _texts(listed, at, kind)
    if len({one.removeprefix("@") for one in listed}) != len(listed):
        raise Fault("names one of them twice", "name each once")
    return listed


def _names(value: Any, at: Place, kind: Kind) -> None:
    for one in _names_in(value, at, kind):
        if one.startswith("@"):
            _event(one, at, kind)


def _groups(value: Any, at: Place, kind: Kind) -> None:
    listed = _list(value)
    for group in listed if all(isinstance(one, list | tuple) for one in listed) else [listed]:
        _names_in(group, at, kind)


def _texts(value: Any, at: Place, kind: Kind) -> None:
    for one in _list(value):
        _text(one, at, kind)


def _choice(value: Any, _at: Place, kind: Kind) -> None:
    if type(value) is not str or value not in kind.choices:
        raise Fault(f"{quoted(value)} is none of its words", nearest(str(value), kind.choices))


def check_source(value: Any, at: Place, _kind: Kind) -> None:
    """Raise `Fault` where a source is not one; every field is text, the standing one of six, `asserted` a date."""
    if not isinstance(value, Mapping):
        raise Fault(f"{quoted(value)} is not a source", 'write an object: {"speaker": ..., "standing": ...}')
    if not _SOURCE_NAMES.issuperset(value):
        name = next(name for name in value if name not in _SOURCE_NAMES)
        raise Fault(f"a source has no field {name!r}", nearest(name, SOURCE_FIELDS), within=name)
    for name, said in value.items():
        if type(said) is not str or not said or said.isspace():
            what = "is empty" if said in ("", None) else "is not text"
            raise Fault(what, "write text, or leave it out", within=name)
    for name in _READ:
        if said := value.get(name):
            try:
                _said(name, said, at)
            except Fault as fault:
                raise fault.inside(name) from None


def _said(name: str, said: str, at: Place) -> None:
    """Raise `Fault` where one of the fields of a source that are more than text is not what it should be."""
    if name == "doc":
        at.mentions.append(check_id(said.removeprefix("@"), "doc"))
    elif name == "asserted":
        _asserted(said, at.zone or "UTC")
    elif said not in STANDINGS:
        raise Fault(f"{said!r} is not a standing", nearest(said, STANDINGS))


@lru_cache(maxsize=4096)
def _asserted(said: str, zone: str) -> None:
    if iso_bound(said, zone) is None:
        read_date(said, zone=zone)


def _type(value: Any, _at: Place, _kind: Kind) -> None:
    type_named(value if type(value) is str else repr(value))


def _object(value: Any, words: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not value:
        raise Fault(f"{quoted(value)} is not {words}", "write an object, or leave the field out")
    for name in value:
        if not isinstance(name, str) or not name.isascii() or not name:
            raise Fault(f"the name {name!r} is not plain ASCII", "write names in ASCII")
    return value


def _widths(value: Any, at: Place, kind: Kind) -> None:
    for precision, width in _object(value, "a table of widths").items():
        if precision not in PRECISIONS:
            raise Fault(f"{precision!r} is not a precision", nearest(precision, PRECISIONS))
        _text(width, at, kind)
        read_duration(width)


def _words(value: Any, _at: Place, _kind: Kind) -> None:
    for word, window in _object(value, "a table of words").items():
        if type(window) is not str or not _CLOCK.fullmatch(window):
            raise Fault(f"{word!r} means {window!r}, which is no part of a day", "write e.g. '22:00-06:00'")


def _overlay(value: Any, at: Place, kind: Kind) -> None:
    for name, laid in _object(value, "an object of fields to set").items():
        if name not in OVERLAY_FIELDS:
            raise Fault(f"a correction sets no {name!r}", nearest(name, OVERLAY_FIELDS), within=name)
        if laid is None:
            continue
        try:
            _laid(name, laid, at, kind)
        except Fault as fault:
            raise fault.inside(name) from None


def _laid(name: str, laid: Any, at: Place, kind: Kind) -> None:
    match name:
        case "when" | "until":
            read_in_place(laid, at)
        case "zone":
            _zone(laid, at, kind)
        case "source":
            check_source(
                {field: said for field, said in _object(laid, "a source").items() if said is not None}, at, kind
            )
        case "data":
            check_profile(_object(laid, "an object of data fields"))
        case "tags":
            _texts(laid, at, kind)
        case _:
            _text(laid, at, kind)


def _paths(value: Any, at: Place, kind: Kind) -> None:
    _texts(value, at, kind)
    for path in value:
        if not _PATH.fullmatch(path):
            raise Fault(f"{path!r} is not a sensitive field", "write note, private, source.quote, or data. and a name")


def _hex(value: Any, _at: Place, _kind: Kind) -> None:
    if type(value) is not str or not _HEX.fullmatch(value):
        raise Fault(f"{quoted(value)} is not a SHA-256", "write 64 hex digits in lower case")


def _zone(value: Any, at: Place, kind: Kind) -> None:
    _text(value, at, kind)
    zone_named(value)


Check = Callable[[Any, Place, Kind], None]
CHECKS: Final[Mapping[KindName, Check]] = {
    "text": _text,
    "count": _count,
    "amount": _amount,
    "level": _level,
    "duration": _duration,
    "elapsed": _elapsed,
    "when": _when,
    "event": _event,
    "instant": _instant,
    "events": _events,
    "names": _names,
    "groups": _groups,
    "choice": _choice,
    "source": check_source,
    "type": _type,
    "widths": _widths,
    "words": _words,
    "overlay": _overlay,
    "paths": _paths,
    "hex": _hex,
    "zone": _zone,
    "texts": _texts,
    "causes": _causes,
}
"""The check of each kind of field; a kind without one cannot be named."""
