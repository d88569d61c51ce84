"""Reads what a parameter file says of substances: models, routes, caveats. Opens no file: the text is given.

The form is that of `substances.toml` beside this room, whose head describes it. Every fault is one line that names the
substance, the model or route, and what to write instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, final

from events.errors import Fault
from events.nearest import nearest
from events.quantity import read_quantity
from events.source import fold_name
from events.toml_text import read_toml
from events.units import factor
from timeline.kinetics.compartments import Disposition, Exchange, disposition
from timeline.kinetics.enclosures import Span

_SUBSTANCE: Final = frozenset(
    {"molar_mass", "assay", "spread", "slower", "persons_source", "caveats", "models", "routes"}
)
_RATES: Final = frozenset({"name", "citation", "seen", "volume", "leaving_per_min", "others"})
_CLEARANCES: Final = frozenset({"name", "citation", "seen", "weight", "volume", "clearance", "half_life", "others"})
_ROUTE: Final = frozenset({"names", "types", "availability", "absorption_per_min", "at_once", "citation", "assumed"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One published model of one substance."""

    name: str
    citation: str
    seen: str
    compartments: int
    curve: Disposition


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way into the blood: what part arrives, how fast (per minute; None: not known), for which types of event."""

    name: str
    names: frozenset[str]
    types: tuple[str, ...]
    availability: Span
    absorption: Span | None
    at_once: bool
    citation: str
    assumed: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """All that a file says of one substance; `assay` in ng/mL, `molar_mass` in g/mol, None where it does not say.

    A person may have `spread` times what a model says, and be `slower` times as slow, either way (1: as the model).
    """

    name: str
    molar_mass: Fraction | None
    assay: Fraction
    spread: Fraction
    slower: Fraction
    persons_source: str
    caveats: tuple[str, ...]
    models: tuple[Model, ...]
    routes: tuple[Route, ...]

    def routes_for(self, route: str, type_: str) -> tuple[Route, ...]:
        """Give the ways that a stated route, else a type of event, may mean; none where the file has none for it."""
        if route:
            return tuple(each for each in self.routes if fold_name(route) in each.names)
        return tuple(each for each in self.routes if type_ in each.types)


def read_substances(text: str, named: str = "the parameter file") -> Mapping[str, Substance]:
    """Read a parameter file's text; gives its substances by folded name. Raises `Fault`, naming the place.

    >>> made = read_substances('''[x]
    ... assay = "1 ng/mL"
    ... [[x.models]]
    ... name = "one"
    ... citation = "me"
    ... weight = "70 kg"
    ... volume = "70 L"
    ... half_life = "60 minutes"
    ... ''')
    >>> round(made["x"].models[0].curve.half_life)
    60
    """
    try:
        read = read_toml(text, parse_float=Decimal)
    except Fault as fault:
        instead = fault.instead or "write it in the form of the shipped substances.toml"
        raise Fault(f"{named}: {fault.what}", instead) from None
    return {fold_name(name): _substance(_Place(named, name), name, said) for name, said in read.items()}


@final
class _Place:
    """Where in the file something stands; makes the faults that name it."""

    def __init__(self, *path: str) -> None:
        self.path = path

    def within(self, name: str) -> _Place:
        return _Place(*self.path, name)

    def fault(self, what: str, instead: str) -> Fault:
        return Fault(f"{': '.join(self.path)}: {what}", instead)

    def table(self, said: Any, known: Iterable[str]) -> Mapping[str, Any]:
        if not isinstance(said, Mapping):
            raise self.fault("is no table", "write it in the form of the shipped substances.toml")
        for name in said:
            if name not in set(known):
                raise self.fault(f"{name!r} is not known here", nearest(name, sorted(known)))
        return said

    def rows(self, said: Mapping[str, Any], name: str) -> list[Any]:
        found = said.get(name, [])
        if not isinstance(found, list):
            raise self.fault(f"{name!r} is no list", f"write {name} = [...]")
        return found

    def texts(self, said: Mapping[str, Any], name: str) -> tuple[str, ...]:
        return tuple(str(each) for each in self.rows(said, name))

    def number(self, said: Mapping[str, Any], name: str, unit: str = "") -> Fraction:
        """Read one number above zero, in a unit."""
        found = self.span(said, name, unit)
        if found[0] != found[1] or not found[0]:
            raise self.fault(f"{name} is {said[name]!r}", "write one number above zero")
        return found[0]

    def span(self, said: Mapping[str, Any], name: str, unit: str = "") -> tuple[Fraction, Fraction]:
        """Read a number or a range, in a unit; both ends known."""
        if name not in said:
            example = f'"2 {unit}"' if unit else "0.5"
            raise self.fault(f"{name} is missing", f"write {name} = {example}")
        try:
            found = read_quantity(said[name])
            by = factor(found.unit, unit)
        except Fault as fault:
            raise self.fault(f"{name}: {fault.what}", fault.instead) from None
        if found.lo is None or found.hi is None:
            raise self.fault(f"{name} is {said[name]!r}", "write a number, or a range such as '0.1 to 0.5'")
        return Fraction(found.lo) * by, Fraction(found.hi) * by


def _substance(place: _Place, name: str, said: Any) -> Substance:
    table = place.table(said, _SUBSTANCE)
    models = tuple(_model(place, each) for each in place.rows(table, "models"))
    if not models:
        raise place.fault("has no model", "write at least one [[NAME.models]]")
    routes = place.within("routes")
    return Substance(
        name=name,
        molar_mass=place.number(table, "molar_mass", "g/mol") if "molar_mass" in table else None,
        assay=place.number(table, "assay", "ng/mL"),
        spread=_at_least_one(place, table, "spread"),
        slower=_at_least_one(place, table, "slower"),
        persons_source=str(table.get("persons_source", "")),
        caveats=place.texts(table, "caveats"),
        models=models,
        routes=tuple(
            _route(routes.within(key), key, each) for key, each in _mapping(routes, table.get("routes", {})).items()
        ),
    )


def _at_least_one(place: _Place, table: Mapping[str, Any], name: str) -> Fraction:
    found = place.number(table, name) if name in table else Fraction(1)
    if found < 1:
        raise place.fault(f"{name} is {table[name]!r}", "write how many times, 1 or more")
    return found


def _mapping(place: _Place, said: Any) -> Mapping[str, Any]:
    return place.table(said, said if isinstance(said, Mapping) else ())


def _model(place: _Place, said: Any) -> Model:
    named = place.within(f"model {said.get('name', 'without a name')!r}" if isinstance(said, Mapping) else "models")
    by_rates = isinstance(said, Mapping) and "leaving_per_min" in said
    table = named.table(said, _RATES if by_rates else _CLEARANCES)
    for name in ("name", "citation"):
        if not table.get(name):
            raise named.fault(f"{name} is missing", f"write {name} = '...': nothing is computed without its source")
    others = named.rows(table, "others")
    if len(others) > 2:
        raise named.fault("has more than three compartments", "write at most two others")
    return Model(
        name=str(table["name"]),
        citation=str(table["citation"]),
        seen=str(table.get("seen", "")),
        compartments=1 + len(others),
        curve=_by_rates(named, table, others) if by_rates else _by_clearances(named, table, others),
    )


def _by_rates(place: _Place, table: Mapping[str, Any], others: list[Any]) -> Disposition:
    each = [place.table(one, {"out_per_min", "back_per_min"}) for one in others]
    return disposition(
        float(place.number(table, "volume", "L/kg")),
        float(place.number(table, "leaving_per_min")),
        [Exchange(*(float(place.number(one, name)) for name in ("out_per_min", "back_per_min"))) for one in each],
    )


def _by_clearances(place: _Place, table: Mapping[str, Any], others: list[Any]) -> Disposition:
    weight, volume = place.number(table, "weight", "kg"), place.number(table, "volume", "L")
    exchanges = []
    for one in others:
        each = place.table(one, {"volume", "clearance"})
        flow = place.number(each, "clearance", "L/min")
        exchanges.append(Exchange(float(flow / volume), float(flow / place.number(each, "volume", "L"))))
    if "half_life" in table and not others:
        leaving = 0.693147180559945309 / float(place.number(table, "half_life", "min"))
    else:
        leaving = float(place.number(table, "clearance", "L/min") / volume)
    return disposition(float(volume / weight), leaving, exchanges)


def _route(place: _Place, name: str, said: Any) -> Route:
    table = place.table(said, _ROUTE)
    availability = Span(*map(float, place.span(table, "availability")))
    if availability.hi > 1:
        raise place.fault(f"availability is {table['availability']!r}", "write the part that arrives, 0 to 1")
    rate = Span(*map(float, place.span(table, "absorption_per_min"))) if "absorption_per_min" in table else None
    if rate is not None and not rate.lo:
        raise place.fault("absorption_per_min reaches zero", "leave it out where nothing is known of it")
    return Route(
        name=name,
        names=frozenset(fold_name(each) for each in (name, *place.texts(table, "names"))),
        types=place.texts(table, "types"),
        availability=availability,
        absorption=rate,
        at_once=bool(table.get("at_once")),
        citation=str(table.get("citation", "")),
        assumed=str(table.get("assumed", "")),
    )
