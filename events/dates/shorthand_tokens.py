"""Office shorthand taken apart: dates, clock times and the words around them, as tokens. Weighs no whole reading."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple, final

from events.dates.shorthand_spelling import spelt
from events.errors import Fault

Kind = Literal[
    "day", "clock", "part", "days", "unknown", "notime", "about", "between", "and", "or", "to", "filler", "weekday",
    "before", "after", "by", "since",
]  # fmt: skip
EARLIEST_YEAR: Final = 1900
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MON: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_NTH: Final = r"(?:st|nd|rd|th)?"
_ORDINAL: Final = re.compile(r"(\d+)(st|nd|rd|th)(?![a-z])")
_YEAR: Final = r"(?:1[89]|2[01])\d\d(?![\d:/])"
_THING: Final = r"(?:dates?|time\s*frame|times?(?:\s+of\s+day)?|days?|hours?|hrs?\.?|range|period|incident|frame)"
_THINGS: Final = rf"{_THING}(?:(?:\s*(?:and|or|&|/)\s*|\s+){_THING})*"
_UNKNOWN: Final = r"(?:unknown|unk|undetermined|unspecified|not\s+known)"
_NOON: Final = r"(?:\s*[ap]\.?m(?![a-z])\.?|[ap](?![a-z]))?"
_DAY_PART: Final = "(?:morning|afternoon|evening|overnight|night|night ?time|day ?time|dawn|dusk|mid-?day|hours)(?:s)?"
_OPENING: Final = "early|late|mid"
_HOURS: Final = re.compile(r"\s*(?:hours?|hrs?|h)(?![a-z])")
_OF_A_DAY: Final = re.compile(rf"(?<![a-z])(?:{_DAY_PART})(?![a-z])")
_OPENS: Final = re.compile(rf"(?<![a-z])(?:{_OPENING})$")
_DATES: Final = frozenset(("iso", "y1", "y2", "y3", "d4", "m5", "y6", "y7", "slash", "short", "pair", "hyphen", "dot"))
"""The last group of each form of a date."""
_SIGNS: Final[Mapping[str, Kind]] = {"~": "about", "?": "about", "&": "and", "@": "filler"}
_WORDS: Final[tuple[tuple[str, str], ...]] = (
    ("unknown", (rf"(?:exact\s+)?(?:{_THINGS}\s+(?:is\s+|was\s+)?{_UNKNOWN}"
                rf"|{_UNKNOWN}(?:\s+(?:exact\s+)?(?:last\s+alive\s+)?{_THINGS})?)")),
    ("about", (r"on\s+or\s+(?:about|around)|(?:(?:shortly|just)\s+)?before\s+or\s+(?:(?:shortly|just)\s+)?after"
              r"|approximately|approximate|approx|about|around|circa|estimated|roughly|believed(?:\s+to\s+be)?"
              r"|possibly|probably|likely|maybe")),
    ("by", r"(?:on|at)\s+or\s+(?:before|prior\s+to)|no\s+later\s+than|not\s+later\s+than|by"),
    ("since", r"(?:on|at)\s+or\s+after|no\s+earlier\s+than|not\s+before|since"),
    ("before", r"prior\s+to|prior|before"),
    ("after", r"after"),
    ("between", r"between"),
    ("and", r"and"),
    ("or", r"or"),
    ("to", r"to|thru|through|until|till"),
    ("noon", r"(?:12\s+)?noon"),
    ("vague", rf"(?:(?:{_OPENING})(?:[\s-]+|(?![a-z])))+(?:{_DAY_PART})?|(?!hours){_DAY_PART}(?:\s+hours)?"),
    ("midnight", r"midnight"),
    ("filler", r"hours\s+of|some\s*time|at|on|of|in|from|the|an?|during"),
    ("hours", r"hours?|hrs?|h"),
    ("season", r"spring|summer|autumn|fall|winter"),
    ("weekday", r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"),
)  # fmt: skip
_NAMED: Final = "|".join((
    r"(?P<iso>\d{4}-\d{2}-\d{2}(?!\d))",
    rf"(?P<m1>{_MON})(?:\s+|(?<=\.))(?P<d1>\d{{1,2}}){_NTH}(?:\s*,\s*|\s+(?:of\s+)?)(?P<y1>{_YEAR})",
    rf"(?P<d2>\d{{1,2}}){_NTH}(?:\s+of)?[\s-]+(?P<m2>{_MON})(?:\s*,\s*|[\s-]+)(?P<y2>{_YEAR})",
    rf"(?P<m3>{_MON})(?:\s*,\s*|\s+(?:of\s+)?(?:the\s+year\s+)?|-)(?P<y3>{_YEAR})",
    rf"(?P<m4>{_MON})(?:\s+|(?<=\.))(?P<d4>\d{{1,2}}){_NTH}(?![\d:/]|\s*[ap](?:\.?m)?(?![a-z]))",
    rf"(?P<m5>{_MON})",
    rf"(?:(?:in|of|during)\s+)?(?:the\s+)?year\s+(?P<y6>{_YEAR})|(?:in|of|during)\s+(?P<y7>{_YEAR})",
))  # fmt: skip
_DIGITS: Final = "|".join((
    r"(?P<slash>\d+/\d+/\d+)",
    r"(?P<short>\d+/\d+)",
    rf"(?P<pair>(?<=\bon )\d{{1,2}}-\d{{1,2}}(?![\d/:-]|\s*[ap]\.?(?:m|(?![a-z]))|\s*(?:of\s+)?{_MON}))",
    r"(?P<hyphen>(?<![\d/-])\d{1,2}-\d{1,2}-\d+(?![\d/:-]))",
    r"(?P<dot>\d{1,2}\.\d{1,2}\.\d+(?!\.))",
    rf"(?P<clock>\d{{1,2}}:\d{{2}}(?![\d:]))(?P<n1>{_NOON})",
    rf"(?P<number>\d+)(?P<n2>{_NOON})",
    r"(?P<dash>-{1,2})",
    r"(?P<sign>[~?&@])",
    r"(?P<slant>(?<=[a-z])/(?=[a-z]))",
    r"(?P<mark>[,()]|\.(?![\d.]))",
    r"(?P<strange>[a-z]+|.)",
))  # fmt: skip


class Day(NamedTuple):
    """A civil date as far as it was written; 0 is what was not."""

    year: int
    month: int = 0
    day: int = 0

    @property
    def whole(self) -> bool:
        """Whether it is one day of a known year."""
        return bool(self.year and self.day)


class Clock(NamedTuple):
    """A time of day to the minute (-1: to the hour).

    `told`: as it stands, it is of the 24-hour clock or has am, pm; `plain`: a word or a colon shows that it is no year.
    """

    hour: int
    minute: int
    told: bool
    noon: bool = False
    plain: bool = False


class Window(NamedTuple):
    """A part of a day by a table of words; one that ends before it begins ends on the next day."""

    first: Clock
    last: Clock

    @property
    def over(self) -> bool:
        """Whether it ends on the next day."""
        return self.last[:2] < self.first[:2]


class Days(NamedTuple):
    """Part of a month by a table of words, from its first day to its last; it ends where a shorter month does."""

    first: int
    last: int


Meanings = Mapping[str, Window | Days]
"""What the words of a table mean."""
_PAIRED: Final = "write the date whole: 12/5/2024; or give the mapping its year: [when] year = 2024"


@final
@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a when-field, with what it means where that is a date or a time."""

    kind: Kind
    said: str
    value: Day | Clock | Window | Days | int | None = None


def year_of(digits: str, pivot: int) -> int:
    """Give the year written in four digits, or in two: then the last such year up to `pivot`.

    Faults on other numbers of digits, and on years before 1900 or after `pivot`: they are mistyped.

    >>> year_of("24", 2049), year_of("68", 2049)
    (2024, 1968)
    """
    year = int(digits) if len(digits) == 4 else pivot - (pivot - int(digits)) % 100 if len(digits) == 2 else 0
    if not year:
        raise Fault(f"{digits} is no year of four digits", "look it up, and write all four digits")
    if not EARLIEST_YEAR <= year <= pivot:
        raise Fault(f"the year {year} is not among {EARLIEST_YEAR} to {pivot}", "look it up, or state a later pivot")
    return year


def meaning_of(word: str, said: str) -> Window | Days:
    """Read what a table of words says: hours (`22:00-06:00`) or days of a month (`1-10`). Faults where it is neither.

    >>> meaning_of("early", "1-10")
    Days(first=1, last=10)
    """
    hours = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", said, re.ASCII)
    days = re.fullmatch(r"([1-9]|[12]\d|3[01])-([1-9]|[12]\d|3[01])", said, re.ASCII)
    if not (hours or days) or not re.fullmatch(r"[a-z]+(?:[ -][a-z]+)*", word):
        raise Fault(f"{word!r} means {said!r}, which is no part of a day or a month",
                    "write e.g. night = '22:00-06:00', or days of a month: early = '1-10'")  # fmt: skip
    core = _scanner(()).fullmatch(word)
    if core and not (core["vague"] or core["strange"] or core["midnight"]):
        raise Fault(f"{word!r} has a meaning of its own", "take it out of the table of words")
    if hours:
        hour, minute, end, last = map(int, hours.groups())
        return Window(Clock(hour, minute, told=True), Clock(end, last, told=True))
    if _OF_A_DAY.search(word):
        raise Fault(f"{word!r} is part of a day, and {said!r} are days of a month", "write its hours: '06:00-12:00'")
    return _days_of(word, said)


def _days_of(word: str, said: str) -> Days:
    first, last = map(int, said.split("-"))
    if last < first:
        raise Fault(f"{word!r} means {said!r}, which ends before it begins", "write the earlier day first, as '1-10'")
    return Days(first, last)


def _form(word: str, *, days: bool) -> str:
    """Give the pattern of a word of a table; `early` is none where it opens a longer phrase (`early morning`).

    Where it means hours, it may have `hours` behind it.
    """
    more = _DAY_PART if days else f"(?!hours){_DAY_PART}"
    alone = rf"(?![\s-]*(?:{_OPENING}|{more})(?![a-z]))" if _OPENS.search(word) else ""
    return re.escape(word).replace(r"\ ", r"\s+") + alone


@lru_cache(maxsize=64)
def _scanner(words: tuple[tuple[str, bool], ...]) -> re.Pattern[str]:
    own = "|".join(_form(word, days=days) for word, days in sorted(words, key=lambda one: -len(one[0])))
    rows = ((("own", own),) if own else ()) + _WORDS
    named = "|".join(f"(?P<{name}>(?<![a-z])(?:{form})(?![a-z]))" for name, form in rows)
    return re.compile(f"{_NAMED}|{named}|{_DIGITS}", re.ASCII | re.DOTALL)


def tokens(text: str, pivot: int, words: Meanings, *, pairs: bool = False) -> Iterator[Token]:
    """Take a text apart. Faults on words and signs it does not know, and on what no date and no clock shows.

    `pairs` takes two numbers with a hyphen after `on` (`on 12-5`) for a month and a day.

    >>> [token.kind for token in tokens("Between 2/27/2022 at 1322 hours and unknown", 2049, {})]
    ['between', 'day', 'filler', 'clock', 'and', 'unknown']
    """
    said = spelt(" ".join(text.lower().split()))
    last: Token | None = None
    beside: Token | None = None
    table = tuple((word, isinstance(meaning, Days)) for word, meaning in words.items())
    for match in _scanner(table).finditer(said):
        kind = match.lastgroup
        if match[0].isspace() or (kind == "mark" and match[0] != ","):
            continue
        if kind == "hours":
            if last and last.kind == "days":
                raise _vague(f"{last.said} hours")
            if last is None or last.kind not in {"clock", "notime", "part"}:
                raise Fault("hours of no time", "write the time before it: 1630 hours")
            continue
        if kind == "dash" and last and last.kind == "days" and _within_a_word(match, said):
            continue
        if kind == "pair" and not pairs:
            raise Strange(f"{match[0]} may be a month and a day, two days, or two times", _PAIRED)
        last = _token(match, said, beside, pivot, words)
        beside = beside if kind == "dash" else last
        yield last


def _within_a_word(match: re.Match[str], text: str) -> bool:
    """Whether a hyphen joins two words into one (`mid-March`)."""
    return text[match.start() - 1].isalpha() and text[match.end() : match.end() + 1].isalpha()


def _token(match: re.Match[str], text: str, beside: Token | None, pivot: int, words: Meanings) -> Token:
    """Give the token of a match; `beside` is the one before it, a hyphen left out."""
    kind, said = match.lastgroup or "", match[0]
    if kind in {"n1", "n2"}:
        return _time(match, text, beside, pivot)
    if kind in _DATES:
        if "/" in said:
            _alone(match, text)
        _check_ordinal(said)
        return Token("day", said, _day(match.groupdict(), pivot))
    if kind == "strange":
        raise Strange(f"{said[:20]!r} is not read", "write the date and the time alone, and the rest in note")
    if kind in {"dash", "slant"}:
        return Token("to", said)
    if kind in {"mark", "sign"}:
        return Token(_SIGNS.get(said, "filler"), said)
    return _word(kind, said, words)


@final
class Strange(Fault):
    """A word, a sign or a number that is none of office shorthand; the ordinary grammar may know it."""


def _alone(match: re.Match[str], text: str) -> None:
    """Fault where a date of digits has one stroke too many."""
    if text[match.end() : match.end() + 1] == "/" or (text[match.start() - 1 : match.start()] == "/"):
        raise Fault("a stroke too many at a date", "look the date up, and write it like 6/24/2024")


def _check_ordinal(said: str) -> None:
    """Fault where the ending of a number is not its own (`1th`): one of the two is mistyped."""
    for number, ending in _ORDINAL.findall(said):
        last = 0 if number[-2:-1] == "1" else int(number[-1])
        if ending != {1: "st", 2: "nd", 3: "rd"}.get(last, "th"):
            raise Fault(f"{number}{ending} is no day", "look the date up, and write it like 6/24/2024")


def _day(groups: Mapping[str, str | None], pivot: int) -> Day:
    """Give the date that was written, as far as it goes."""
    if iso := groups["iso"]:
        year, month, day = iso.split("-")
        return _existing(year_of(year, pivot), int(month), int(day))
    for form in "12345":
        if name := groups[f"m{form}"]:
            year_said, day_said = groups.get(f"y{form}"), groups.get(f"d{form}")
            month_number = _MONTHS.index(name[:3]) + 1
            year_number = year_of(year_said, pivot) if year_said else 0
            return _existing(year_number, month_number, int(day_said) if day_said else 0, named=day_said is None)
    if years := groups["y6"] or groups["y7"]:
        return Day(year_of(years, pivot))
    digits = groups["slash"] or groups["hyphen"] or groups["dot"]
    if digits:
        month, day, year = re.split("[/.-]", digits)
        if max(len(month), len(day)) > 2:
            raise Fault(f"{digits} is no date", "look it up, and write it like 6/24/2024")
        return _existing(year_of(year, pivot), int(month), int(day))
    short = groups["short"] or groups["pair"] or ""
    month, rest = re.split("[/-]", short)
    if len(rest) not in {1, 2, 4} or len(month) > 2:
        raise Fault(f"{short} is no date", "look it up, and write it like 6/24/2024")
    if len(rest) == 4:
        found = _existing(year_of(rest, pivot), int(month), 0, named=True)
        if (other := year_of(rest[2:], pivot)) != found.year:  # 6/20/24 is of June 2024, as 6/2024 is
            whole = f"{month}/{rest[:2]}/{other}"
            instead = f"write {whole}, or the month's name and {rest}"
            raise Fault(f"{short} may be a month and a year, or {whole}", instead)
        return found
    return _existing(0, int(month), int(rest))


def _existing(year: int, month: int, day: int, *, named: bool = False) -> Day:
    """Give the date, where the calendar has it. `named`: its day was not written."""
    if not 1 <= month <= 12:
        raise Fault(f"there is no month {month}", "look the date up; the month stands first: 6/24/2024")
    if named:
        return Day(year, month)
    if not 1 <= day <= monthrange(year or 2000, month)[1]:
        raise Fault(f"month {month} has no day {day}", "look the date up, and write a day that the month has")
    return Day(year, month, day)


def _time(match: re.Match[str], text: str, beside: Token | None, pivot: int) -> Token:
    """Read a time of day: 2315, 23:15, 11:15 pm; 9999 is the code for a time not known."""
    digits = match["number"] or match["clock"].replace(":", "")
    noon = (match["n1"] or match["n2"] or "").strip()
    if noon:
        return Token("clock", match[0], _noon(digits, noon))
    if text[match.end() : match.end() + 1] == "/" or text[match.start() - 1 : match.start()] == "/":
        raise Fault(f"{match[0]} beside a stroke is no date", "look it up, and write it like 6/24/2024")
    hours = _HOURS.match(text, match.end()) is not None
    if match["number"] and digits == "9999":
        return Token("notime", match[0])
    if match["number"] and len(digits) != 4:
        raise Strange(f"{match[0]} is no time of four digits", "look it up, and write it like 0930")
    hour, minute = int(digits[:-2]), int(digits[-2:])
    if hour > 23 or minute > 59:
        if match["number"] and EARLIEST_YEAR <= int(digits) <= pivot and not hours:
            return Token("day", match[0], Day(int(digits)))
        advice = "write 0000 with the next day's date" if (hour, minute) == (24, 0) else "look it up"
        raise Fault(f"no clock shows {match[0]}", f"{advice}; hours are 00 to 23, minutes 00 to 59")
    joined = text[match.start() - 1 : match.start()] == "-"
    doubtful = match["number"] and not hours and (joined or EARLIEST_YEAR <= int(digits) <= pivot)
    if doubtful and beside is not None and isinstance(beside.value, Day) and not beside.value.year:
        raise Fault(f"{match[0]} may be the year or the time", "write the year with its date: 6/24/2024")
    return Token("clock", match[0], Clock(hour, minute, told=len(digits) == 4 or hour == 0 or hours,
                                           plain=hours or bool(match["clock"])))  # fmt: skip


def _noon(digits: str, noon: str) -> Clock:
    hour, minute = (int(digits), -1) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if not 1 <= hour <= 12 or minute > 59:
        raise Fault(f"no clock shows {digits} {noon}", "write 1 to 12 before am and pm, or four digits alone")
    return Clock(hour % 12 + (12 if noon[0] == "p" else 0), minute, told=True, noon=True, plain=True)


def _word(kind: str, said: str, words: Meanings) -> Token:
    """Give the token of a word of the shorthand."""
    if kind == "own":
        meaning = words[" ".join(said.split())]
        return Token("days" if isinstance(meaning, Days) else "part", said, meaning)
    if kind == "noon":
        return Token("clock", said, Clock(12, 0, told=True, plain=True))
    if kind == "weekday":
        return Token("weekday", said, _WEEKDAYS.index(said[:3]))
    if kind == "unknown":
        return Token("unknown" if re.search(r"date|day|range|period|incident|alive|frame", said)
                     or not re.search(r"time|h(?:ou)?rs?", said) else "notime", said)  # fmt: skip
    if kind == "vague":
        raise _vague(said.strip(" -"))
    if kind == "midnight":
        raise Fault("midnight belongs to two days", "write 0000 with the date of the day that begins")
    if kind == "season":
        raise Fault(f"{said!r} is a season, or no date", "write the months: 12/1971 - 2/1972")
    return Token(kind, said)  # type: ignore[arg-type]


def _vague(said: str) -> Fault:
    advice = f'give the mapping a table of words: [when.words] "{said}" = '
    if _OF_A_DAY.search(said):
        return Fault(f"{said!r} has no hours of its own", f'{advice}"HH:MM-HH:MM"; or write the hours')
    return Fault(f"{said!r} has no days or hours of its own",
                 f'{advice}"1-10" for days of a month, or "HH:MM-HH:MM" for hours; or write the days')  # fmt: skip


def weekday_of(day: Day) -> int:
    """Give the weekday of a whole date, Monday 0."""
    return dt.date(*day).weekday()
