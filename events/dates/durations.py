"""Durations as people write them, with the ruler each is measured by. Knows no anchor, no direction, no calendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from events.errors import Fault
from events.when import DAY, HOUR, MINUTE, SECOND, WEEK

_EXACT = {"week": WEEK, "day": DAY, "hour": HOUR, "minute": MINUTE, "second": SECOND}
_MONTHS = {"month": 1, "year": 12}
_SHORT = {"h": "hour", "hr": "hour", "hrs": "hour", "min": "minute", "mins": "minute", "sec": "second"}
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: Fraction(n) for n, word in enumerate(_WORDS, 1)} | {"a": Fraction(1), "an": Fraction(1)}
_HALF = Fraction(1, 2)
_ISO = re.compile(
    r"P(?:([0-9.]+)Y)?(?:([0-9.]+)M)?(?:([0-9.]+)W)?(?:([0-9.]+)D)?"
    r"(?:T(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?"
)
_ISO_UNITS = ("year", "month", "week", "day", "hour", "minute", "second")
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,9})?")
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[a-z]+|[^\s0-9a-z]+")
_LONGEST = 10_000 * 366 * DAY
_ADVICE = "write it like 7 days, 36 hours, one and a half weeks, 2 months or PT36H"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A length of time as written. Exactly one of `exact` (with days, where whole), calendar `days`, `months` leads.

    `exact`: microseconds, a day being 24 hours; None for calendar days and months. `days`: whole days or weeks, which
    a bare phrase counts as civil dates. `months`: whole months or years. `calendar`: written "calendar days".
    `words` are its words in plain form, `reading` the same with the ruler in hours.
    """

    text: str
    words: str
    reading: str
    exact: int | None = None
    days: int | None = None
    months: int | None = None
    calendar: bool = False
    precision: str = "second"

    @property
    def civil(self) -> bool:
        """Whether no number of hours says how long it is."""
        return self.exact is None


def words_of(text: str) -> list[str]:
    """Give the words of a phrase, lower-cased but for ISO 8601 durations, which stay whole.

    >>> words_of("within 4days of PT36H")
    ['within', '4', 'days', 'of', 'PT36H']
    """
    words: list[str] = []
    for piece in text.split():
        words += [piece] if _ISO.fullmatch(piece) else _TOKEN.findall(piece.lower())
    return words


def _number(word: str) -> Fraction | None:
    if word in _NUMBERS:
        return _NUMBERS[word]
    if not word[:1].isdigit():
        return None
    if not _NUMBER.fullmatch(word):
        raise Fault(f"{word[:40]} is not a number of at most 12 digits and 9 decimals", _ADVICE)
    return Fraction(int(word)) if word.isdigit() else Fraction(word)


def number_at(words: Sequence[str], at: int) -> tuple[Fraction, int] | None:
    """Read a number at a place: `7`, `a`, `twelve`, `half a`, `one and a half`, `1.5`; and give the place after it."""
    if words[at : at + 1] == ["half"]:
        return (_HALF, at + 2) if words[at + 1 : at + 2] in (["a"], ["an"]) else None
    number = _number(words[at]) if at < len(words) else None
    if number is None:
        return None
    if list(words[at + 1 : at + 4]) == ["and", "a", "half"]:
        return number + _HALF, at + 4
    return number, at + 1


def _unit_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    if words[at : at + 1] == ["calendar"] and words[at + 1 : at + 2] in (["day"], ["days"]):
        return "calendar day", at + 2
    if at >= len(words):
        return None
    unit = _SHORT.get(words[at], words[at].removesuffix("s"))
    return (unit, at + 1) if unit in _EXACT or unit in _MONTHS else None


def _term_at(words: Sequence[str], at: int) -> tuple[Fraction, str, int] | None:
    """Read NUMBER UNIT, and `an hour and a half`."""
    number = number_at(words, at)
    unit = _unit_at(words, number[1]) if number else None
    if number is None or unit is None:
        return None
    after = unit[1]
    halved = list(words[after : after + 3]) == ["and", "a", "half"] and _unit_at(words, after + 3) is None
    return (number[0] + _HALF, unit[0], after + 3) if halved else (number[0], unit[0], after)


def duration_at(words: Sequence[str], at: int, *, joined: bool = True) -> tuple[Duration, int] | None:
    """Read a duration from the words at a place, and give the place after it; None where there is none.

    `joined`: an "and" may join its terms (2 days and 3 hours).
    Faults on fractions of months, on units that no one ruler measures, and on what is longer than the time axis.
    """
    if at < len(words) and words[at][:1] == "P":
        return _iso(words[at]), at + 1
    terms: list[tuple[Fraction, str]] = []
    start = at
    while (term := _term_at(words, at)) is not None:
        terms.append(term[:2])
        at = term[2]
        if joined and words[at : at + 1] == ["and"] and _term_at(words, at + 1):
            at += 1
    return (_measured(terms, " ".join(words[start:at])), at) if terms else None


def _iso(text: str) -> Duration:
    match = _ISO.fullmatch(text)
    numbers = [(group, unit) for group, unit in zip(match.groups(), _ISO_UNITS, strict=True) if group] if match else []
    if not numbers or text.endswith("T"):
        raise Fault(f"{text!r} is not an ISO 8601 duration", _ADVICE)
    return _measured([(_number(group) or Fraction(0), unit) for group, unit in numbers], text)


def _plain(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    text = f"{float(number):.9f}".rstrip("0")
    return text if Fraction(text) == number else str(number)


def _told(terms: Sequence[tuple[Fraction, str]]) -> str:
    return " ".join(f"{_plain(number)} {unit}{'' if number == 1 else 's'}" for number, unit in terms)


def hours_text(micros: int) -> str:
    """Give an exact length in hours, or in smaller units where hours do not come out even.

    >>> hours_text(252 * HOUR), hours_text(90 * MINUTE)
    ('252 hours', '90 minutes')
    """
    for unit in ("hour", "minute", "second"):
        if micros % _EXACT[unit] == 0:
            return _told([(Fraction(micros, _EXACT[unit]), unit)])
    return f"{micros} microseconds"


def _measured(terms: Sequence[tuple[Fraction, str]], text: str) -> Duration:
    units = {unit for _, unit in terms}
    words = _told(terms)
    if len(units) != len(terms):
        raise Fault(f"{text!r} names a unit twice", _ADVICE)
    if units <= _MONTHS.keys():
        return _in_months(terms, text, words)
    if units == {"calendar day"}:
        return _in_calendar_days(terms[0][0], text, words)
    if not units <= _EXACT.keys():
        raise Fault(f"{text!r} mixes units that no one ruler measures", "write one of them alone, or hours")
    return _in_hours(terms, text, words)


def _in_months(terms: Sequence[tuple[Fraction, str]], text: str, words: str) -> Duration:
    months = sum((number * _MONTHS[unit] for number, unit in terms), Fraction(0))
    if any(number.denominator != 1 for number, _ in terms):
        raise Fault(f"{text!r} has a fraction of a month or a year", "write whole months, such as 18 months, or days")
    if months > 120_000:
        raise Fault(f"{text!r} is longer than the time axis", "write at most 9,999 years")
    precision = "month" if "month" in {unit for _, unit in terms} else "year"
    return Duration(text=text, words=words, reading=words, months=int(months), precision=precision)


def _in_calendar_days(days: Fraction, text: str, words: str) -> Duration:
    if days.denominator != 1 or days > _LONGEST // DAY:
        raise Fault(f"{text!r} is not a number of civil dates", "write whole calendar days, or hours")
    return Duration(text=text, words=words, reading=words, days=int(days), calendar=True, precision="day")


def _in_hours(terms: Sequence[tuple[Fraction, str]], text: str, words: str) -> Duration:
    micros = sum((number * _EXACT[unit] for number, unit in terms), Fraction(0))
    if micros.denominator != 1:
        raise Fault(f"{text!r} is finer than a microsecond", "write fewer decimals")
    if micros > _LONGEST:
        raise Fault(f"{text!r} is longer than the time axis", "write at most 9,999 years")
    units = {unit for _, unit in terms}
    exact = int(micros)
    days = exact // DAY if units <= {"week", "day"} and exact % DAY == 0 else None
    reading = words if units == {"hour"} or not units & {"week", "day"} else f"{words} ({hours_text(exact)})"
    precision = min(units, key=_EXACT.__getitem__)
    return Duration(text=text, words=words, reading=reading, exact=exact, days=days, precision=precision)


def read_duration(text: str) -> Duration:
    """Read a duration, in words, in figures or as ISO 8601.

    Faults on anything else, with advice.

    >>> read_duration("one and a half weeks").reading
    '1.5 weeks (252 hours)'
    >>> read_duration("P1Y6M").months
    18
    """
    if len(text) > 200:
        raise Fault("a duration of more than 200 characters", _ADVICE)
    words = words_of(text)
    found = duration_at(words, 0)
    if found is None or found[1] != len(words):
        raise Fault(f"{text.strip()!r} is not a duration", _ADVICE)
    return found[0]
