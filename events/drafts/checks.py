"""Whether one value is what its field may hold: one small check a kind, each raising `Fault` with advice.

Texts that repeat are read once: every reading below is memoised by its reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final, final

from events.dates.iso import iso_bound
from events.dates.zones import zone_named
from events.errors import Fault, Problem
from events.event import type_named
from events.fields import LEVELS, Kind, KindName, nearest
from events.leaf.canonical import GREATEST, check_profile
from events.quantity import read_quantity
from events.source import STANDINGS, fold_name
from events.units import unit
from events.when import Bound, When
from events.when_text import read_date, read_duration, read_when, so_long_before

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}(?<!\.first)(?<!\.last)(?<!\.start)(?<!\.end)")
_POINTS: Final = (".first", ".last", ".start", ".end")
SOURCE_FIELDS: Final = ("speaker", "via", "standing", "doc", "document", "locator", "asserted", "quote", "reads")
_SOURCE_NAMES: Final = frozenset(SOURCE_FIELDS)
OVERLAY_FIELDS: Final = ("when", "until", "zone", "data", "source", "tags", "note")
PRECISIONS: Final = ("year", "month", "week", "day", "hour", "minute", "second")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")
_HEX: Final = re.compile(r"[0-9a-f]{64}")
_PATH: Final = re.compile(r"note|private|source\.quote|data(\.[a-z][a-z0-9_]*)+")


@final
class Place:
    """Where the values of one line stand: its zone, its own id, and what its checks found out on the way.

    `mentions` are the ids its times and claims refer to, `requires` those that must be there before it.
    """

    __slots__ = ("_case_zone", "_zone", "amends", "case", "id", "mentions", "requires", "warnings")

    def __init__(self, case: str, own_id: str, zone: str, case_zone: Callable[[str], str]) -> None:
        self.case = case
        self.id = own_id
        self._zone = zone
        self._case_zone: Callable[[str], str] | None = None if zone else case_zone
        self.amends = False
        self.mentions: list[str] = []
        self.requires: list[str] = []
        self.warnings: list[Problem] = []

    @property
    def zone(self) -> str:
        """The zone of its dates: the event's own, else its batch's, else its case's, asked only when needed."""
        if self._case_zone is not None:
            self._zone, self._case_zone = self._case_zone(self.case), None
        return self._zone

    def warn(self, what: str, instead: str) -> None:
        """Note something that may be meant, but that its enterer should know of."""
        self.warnings.append(Problem(what=what, instead=instead))

    def refer(self, event_id: str) -> None:
        """Note that the line speaks of another event. Raises `Fault` where it is the line's own."""
        if event_id == self.id and event_id:
            raise Fault(f"@{event_id} is this event itself", "name another event")
        (self.requires if self.amends else self.mentions).append(event_id)


def check_id(text: Any, what: str = "id") -> str:
    """Give an id as it is; raises `Fault` with the rule that it breaks (DESIGN 3)."""
    if type(text) is str and ID.fullmatch(text):
        return text
    if not isinstance(text, str):
        raise Fault(f"{text!r} is no {what}", "write it as text, in quotation marks")
    if text.endswith(_POINTS):
        point = next(point for point in _POINTS if text.endswith(point))
        raise Fault(
            f"{text!r} ends in {point}, which names an instant of an event", f"write {text.removesuffix(point)!r}"
        )
    if not text:
        raise Fault(f"the {what} is empty", "write letters, digits and . _ : / -")
    if len(text) > 128:
        raise Fault(f"the {what} {text[:20]!r}… has {len(text)} characters", "write 128 at most")
    odd = next((char for char in text if not re.match(r"[A-Za-z0-9._:/-]", char)), text[0])
    shown = repr(odd) if odd.isascii() and odd.isprintable() else f"U+{ord(odd):04X}"
    verb = "begins with" if odd == text[0] else "holds"
    advice = "write letters A-Z, digits and . _ : / -, a letter or digit first"
    raise Fault(f"the {what} {text!a} {verb} {shown}", advice)


def _text(value: Any, _at: Place, _kind: Kind) -> None:
    if type(value) is not str:
        raise Fault(f"{value!r} is not text", "write it as text, in quotation marks")
    if not value or value.isspace():
        raise Fault("is empty", "leave the field out")


@lru_cache(maxsize=65_536)
def _own_unit(value: str | int) -> str:
    """Read an amount; give its unit where the table does not have it."""
    if type(value) is int and value > GREATEST:
        raise Fault(f"{value} is beyond 2^53 - 1", "write it as text")
    name = read_quantity(value).unit
    return "" if not name or unit(name).known else name


def _amount(value: Any, at: Place, _kind: Kind) -> None:
    if type(value) is not str and type(value) is not int:
        raise Fault(f"{value!r} is not an amount", "write it as text, e.g. '50 mg'")
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
    read = read_quantity(value)
    if read.unit:
        raise Fault(f"{value!r} has a unit, and a count has none", "write the number alone, e.g. 'at least 27'")
    if read.count.empty or any(end is not None and end != end.to_integral_value() for end in (read.lo, read.hi)):
        raise Fault(f"{value!r} is not a count", "write whole numbers, e.g. 27, 'at least 27' or '1 to 3'")
    return read.count


def _count(value: Any, _at: Place, _kind: Kind) -> None:
    if type(value) is not str and type(value) is not int:
        raise Fault(f"{value!r} is not a count", "write a whole number, or text such as 'at least 27'")
    _counted(value)


def _duration(value: Any, at: Place, kind: Kind) -> None:
    _text(value, at, kind)
    read_duration(value)


def _elapsed(value: Any, at: Place, kind: Kind) -> None:
    _text(value, at, kind)
    read_when(so_long_before(value, "@x"), zone="UTC")


def read_in_place(value: Any, at: Place) -> When:
    """Read a when in the line's zone; note what it refers to, and warn of soft dates. Raises `Fault`."""
    if type(value) is not str:
        raise Fault(f"{value!r} is not a date", "write it as text, in quotation marks")
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
        if part.soft:
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
    point = next((point for point in _POINTS if type(value) is str and value.endswith(point)), "")
    _event(value.removesuffix(point) if point else value, at, kind)


def _list(value: Any, least: int = 1) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise Fault(f"{value!r} is not a list", "write a list: [..., ...]")
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
        raise Fault(f"{value!r} is none of its words", nearest(str(value), kind.choices))


def check_source(value: Any, at: Place, _kind: Kind) -> None:
    """Raise `Fault` where a source is not one; every field is text, the standing one of six, `asserted` a date."""
    if not isinstance(value, Mapping):
        raise Fault(f"{value!r} is not a source", 'write an object: {"speaker": ..., "standing": ...}')
    if not _SOURCE_NAMES.issuperset(value):
        name = next(name for name in value if name not in _SOURCE_NAMES)
        raise Fault(f"a source has no field {name!r}", nearest(name, SOURCE_FIELDS))
    for said in value.values():
        if type(said) is not str or not said or said.isspace():
            name = next(name for name, one in value.items() if one is said)
            raise Fault(
                f"{name} is empty" if said in ("", None) else f"{name} is not text", "write text, or leave it out"
            )
    if (standing := value.get("standing")) is not None and standing not in STANDINGS:
        raise Fault(f"{standing!r} is not a standing", nearest(standing, STANDINGS))
    if asserted := value.get("asserted"):
        _asserted(asserted, at.zone or "UTC")
    if doc := value.get("doc"):
        at.mentions.append(check_id(doc.removeprefix("@"), "doc"))


@lru_cache(maxsize=4096)
def _asserted(said: str, zone: str) -> None:
    if iso_bound(said, zone) is None:
        read_date(said, zone=zone)


def _type(value: Any, _at: Place, _kind: Kind) -> None:
    type_named(value if type(value) is str else repr(value))


def _object(value: Any, words: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping) or not value:
        raise Fault(f"{value!r} is not {words}", "write an object, or leave the field out")
    for name in value:
        if not isinstance(name, str) or not name.isascii() or not name:
            raise Fault(f"the name {name!r} is not plain ASCII", "write names in ASCII")
    return value


def _widths(value: Any, at: Place, kind: Kind) -> None:
    for precision, width in _object(value, "a table of widths").items():
        if precision not in PRECISIONS:
            raise Fault(f"{precision!r} is not a precision", nearest(precision, PRECISIONS))
        _duration(width, at, kind)


def _words(value: Any, _at: Place, _kind: Kind) -> None:
    for word, window in _object(value, "a table of words").items():
        if type(window) is not str or not _CLOCK.fullmatch(window):
            raise Fault(f"{word!r} means {window!r}, which is no part of a day", "write e.g. '22:00-06:00'")


def _overlay(value: Any, at: Place, kind: Kind) -> None:
    for name, laid in _object(value, "an object of fields to set").items():
        if name not in OVERLAY_FIELDS:
            raise Fault(f"a correction sets no {name!r}", nearest(name, OVERLAY_FIELDS))
        if laid is not None:
            _laid(name, laid, at, kind)


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
        raise Fault(f"{value!r} is not a SHA-256", "write 64 hex digits in lower case")


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
