"""The units amounts are written in, and exact conversion between compatible ones. Reads no quantities, uses no floats.

Spellings follow UCUM where it has one (https://ucum.org); `u` stands for micro. A unit outside the table is kept as a
unit of its own, compatible with itself alone. Numerator and denominator never cancel: `mg/kg` is no percentage.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final, final

from events.errors import Fault


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as read: its one spelling, what it measures above and below the line, and its size in base units.

    `known` is False where some part of it is not in the table.
    """

    name: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    size: Fraction
    known: bool = True


_METRIC: Final = {"k": Fraction(1000), "": Fraction(1), "d": Fraction(1, 10), "c": Fraction(1, 100)} | {
    prefix: Fraction(1, 1000**power) for power, prefix in enumerate(("m", "u", "n", "p"), start=1)
}
_PREFIX_WORDS: Final = {
    "k": "kilo", "": "", "d": "deci", "c": "centi", "m": "milli", "u": "micro", "n": "nano", "p": "pico",
}  # fmt: skip
_METRIC_BASES: Final = (
    ("g", "mass", ("gram", "gramme"), "k munp"),
    ("L", "volume", ("liter", "litre"), " dcmun"),
    ("mol", "substance", ("mole",), " munp"),
    ("eq", "equivalents", ("equivalent",), " mu"),
)
_OTHERS: Final = (
    ("s", "time", Fraction(1), ("sec", "second", "seconds", "secs")),
    ("min", "time", Fraction(60), ("minute", "minutes", "mins")),
    ("h", "time", Fraction(3600), ("hr", "hrs", "hour", "hours")),
    ("d", "time", Fraction(86_400), ("day", "days")),
    ("wk", "time", Fraction(604_800), ("week", "weeks")),
    ("mo", "civil time", Fraction(1), ("month", "months")),
    ("a", "civil time", Fraction(12), ("year", "years", "yr", "yrs")),
    ("[lb_av]", "mass", Fraction(45_359_237, 100_000), ("lb", "lbs", "pound", "pounds")),
    ("[IU]", "international units", Fraction(1), ("IU", "international unit", "international units")),
    ("%", "percent", Fraction(1), ("percent",)),
    ("cm", "length", Fraction(1, 100), ("centimeter", "centimeters", "centimetre", "centimetres")),
    ("mm", "length", Fraction(1, 1000), ("millimeter", "millimeters", "millimetre", "millimetres")),
    ("m", "length", Fraction(1), ("meter", "meters", "metre", "metres")),
    ("m2", "area", Fraction(1), ("m^2", "m²")),
)
_COUNT_NOUNS: Final = (
    "ampoule", "application", "bag", "bottle", "capsule", "dose", "drop", "infusion", "injection", "kit", "lozenge",
    "package", "patch", "piece", "pill", "puff", "sachet", "session", "shot", "spray", "suppository", "syringe",
    "tablet", "troche", "unit", "vial",
)  # fmt: skip
_NOUN_ALIASES: Final = {
    "amp": "ampoule", "ampule": "ampoule", "ampules": "ampoule", "cap": "capsule", "caps": "capsule", "tab": "tablet",
    "tabs": "tablet", "patches": "patch", "dosage": "dose", "suppositories": "suppository", "supp": "suppository",
}  # fmt: skip
_CURRENCIES: Final = ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "INR", "MXN")


def _table() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Give the exact spellings, and the aliases that hold whatever their case."""
    exact: dict[str, Unit] = {}
    loose: dict[str, Unit] = {}

    def add(name: str, kind: str, size: Fraction, *spellings: str) -> None:
        unit = Unit(name=name, above=(kind,), below=(), size=size)
        for spelling in (name, *spellings):
            exact.setdefault(spelling, unit)
            loose.setdefault(spelling.casefold(), unit)

    for base, kind, nouns, prefixes in _METRIC_BASES:
        for prefix in (one.strip() for one in prefixes):
            word = _PREFIX_WORDS[prefix]
            add(prefix + base, kind, _METRIC[prefix], *(word + noun + end for noun in nouns for end in ("", "s")))
    for name, kind, size, spellings in _OTHERS:
        add(name, kind, size, *spellings)
    for noun in _COUNT_NOUNS:
        add(noun, noun, Fraction(1), noun + "s")
    for alias, noun in _NOUN_ALIASES.items():
        exact[alias] = loose[alias] = exact[noun]
    for alias, name in {"gm": "g", "gms": "g", "mgs": "mg", "mcg": "ug", "mcgs": "ug", "cc": "mL", "ccs": "mL"}.items():
        exact[alias] = loose[alias] = exact[name]
    for code in _CURRENCIES:
        exact[code] = Unit(name=code, above=(code,), below=(), size=Fraction(1))
    return exact, loose


_EXACT, _LOOSE = _table()
_SHAPE: Final = re.compile(r"[^\W\d_%\[\]][\w .'\[\]²^-]{0,39}|%|\[[A-Za-z_]{1,12}\]")
_MULTIPLE: Final = re.compile(r"([1-9][0-9]{0,5})\s*(\D.*)")


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Read a unit; one outside the table is a unit of its own. Raises `Fault` where it is no unit at all.

    >>> unit("µg/ml").name, unit("mcg/mL").name, unit("tablets").name
    ('ug/mL', 'ug/mL', 'tablet')
    >>> unit("sprinkle").known
    False
    """
    plain = " ".join(text.split()).replace("µ", "u").replace("μ", "u")
    if not plain:
        return Unit(name="", above=(), below=(), size=Fraction(1))
    above, *below = (one.strip() for one in plain.replace(" per ", "/").split("/"))
    if len(below) == 1 and below[0].startswith("(") and below[0].endswith(")"):
        below = [one.strip() for one in below[0][1:-1].split(".")]
    top, bottoms = _atom(above, text), [_multiple(one, text) for one in below]
    size = top.size
    for bottom in bottoms:
        size /= bottom.size
    return Unit(
        name="/".join([top.name, *(one.name for one in bottoms)]),
        above=top.above,
        below=tuple(sorted(one.above[0] for one in bottoms)),
        size=size,
        known=top.known and all(one.known for one in bottoms),
    )


def _atom(text: str, whole: str) -> Unit:
    found = _EXACT.get(text) or _LOOSE.get(text.casefold())
    if found is not None:
        return found
    if not _SHAPE.fullmatch(text):
        raise Fault(f"{whole.strip()!r} is not a unit", "write a unit such as mg, mL, mg/kg, vials, or none")
    return Unit(name=text, above=(f"own {text.casefold()}",), below=(), size=Fraction(1), known=False)


def _multiple(text: str, whole: str) -> Unit:
    """Read what stands below a line, which may be several of a unit: the `24 h` of `mg/24 h`."""
    several = _MULTIPLE.fullmatch(text)
    if several is None:
        return _atom(text, whole)
    one = _atom(several[2].strip(), whole)
    size = one.size * int(several[1])
    return Unit(name=f"{several[1]}{one.name}", above=one.above, below=(), size=size, known=one.known)


def unit_words(name: str, *, one: bool) -> str:
    """Give a unit's spelling as it stands after a number, count nouns in the plural but after one.

    >>> unit_words("vial", one=False), unit_words("vial", one=True), unit_words("mg", one=False)
    ('vials', 'vial', 'mg')
    """
    if one or name not in _COUNT_NOUNS:
        return name
    return {"patch": "patches", "suppository": "suppositories"}.get(name, name + "s")


def compatible(first: str, second: str) -> bool:
    """Whether amounts in the two units convert into one another.

    >>> compatible("g", "mg"), compatible("mg", "mL"), compatible("mg/kg", "mg"), compatible("vial", "vials")
    (True, False, False, True)
    """
    one, other = unit(first), unit(second)
    return (one.above, one.below) == (other.above, other.below)


def factor(first: str, second: str) -> Fraction:
    """Give how many of `second` one `first` is, exactly. Raises `Fault` where they are not compatible.

    >>> factor("ug/mL", "ng/mL"), factor("g", "mg")
    (Fraction(1000, 1), Fraction(1000, 1))
    """
    if not compatible(first, second):
        raise Fault(f"{first or 'a bare number'} does not convert to {second or 'a bare number'}", "keep the two apart")
    return unit(first).size / unit(second).size
