"""Office shorthand (`us-shorthand`): a when-field as US offices type it -> the grammar of `when`. Knows no zone.

Month first, 24-hour clock, ranges, `unknown time`, `prior to 1008 hours`. What is mistyped or has two readings is a
`Fault`. The rules stand in docs/dates-shorthand.md.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, final

from events.dates.shorthand_sides import Side, side_of
from events.dates.shorthand_tokens import EARLIEST_YEAR, Clock, Meanings, Strange, Token, meaning_of, tokens
from events.dates.shorthand_year import with_year
from events.errors import Fault
from events.when_text import read_when

PIVOT: Final = 2049
"""The last year of the hundred that two digits may mean, unless another is stated (as in RFC 5280, 4.1.2.5.1)."""
LONGEST: Final = 200
"""Characters of a when-field; longer ones are stories."""
_GRAMMAR: Final = re.compile(
    r"^\s*(?:\[|\.\.|/?(?:[0-9X]{4}-[0-9X]{2}-[0-9X]{2}|(?:19|20)[0-9X]{2}-(?:0[1-9]|1[0-2])(?![-0-9X]))"
    r"[-0-9XTtZz:.+/?~%]*\s*$)|@[A-Za-z]"
)
"""What is plainly EDTF, or measured from another event."""
_RELATIONS: Final = frozenset({"before", "after", "by", "since"})
_NOTHING: Final = frozenset({"unknown", "notime", "to", "and", "or", "between"})
_AT_THE_END: Final = frozenset({"sometime", "some time", ","})
_CURE: Final = "write one date and time, or two with a hyphen between them: 6/24/2024 2315 hrs - 6/25/2024 0015 hrs"
_YEAR: Final = dt.timedelta(days=366)
_MONTH: Final = dt.timedelta(days=32)
_DECADE: Final = dt.timedelta(days=3660)
_JOINT: Final = Token("to", "-")


@final
@dataclass(frozen=True, slots=True)
class UsShorthand:
    """The reader `us-shorthand`: `pivot` is the last year it takes for one, `words` what parts of a day or month mean.

    `year` is the year of texts that state none (0: such texts are refused). Faults where the pivot is no year from 1999
    to 9999, where the year is none from 1900 to the pivot, and where what a word means is neither hours nor days.

    >>> read = UsShorthand()
    >>> read("06/24/2024 2315 hrs - 06/25/2024 0015 hrs")
    '2024-06-24T23:15/2024-06-25T00:15'
    >>> read("12/31/2024 prior to 1008 hours")
    '2024-12-31; before 2024-12-31T10:08'
    >>> UsShorthand(words={"early morning": "00:00-06:00"})("6/24/24 early morning")
    '2024-06-24T00:00/2024-06-24T06:00'
    >>> UsShorthand(words={"early": "1-10"}, year=2024)("early March")
    '2024-03-01/2024-03-10'
    """

    pivot: int = PIVOT
    words: Mapping[str, str] = field(default_factory=dict)
    year: int = 0
    _meanings: Meanings = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Read the table of words."""
        if not 1999 <= self.pivot <= 9999:
            raise Fault(f"{self.pivot} is no pivot", "write the last year that two digits may mean, such as 2049")
        if self.year and not EARLIEST_YEAR <= self.year <= self.pivot:
            raise Fault(f"the year {self.year} is not among {EARLIEST_YEAR} to {self.pivot}",
                        "write the year of the dates that state none, such as year = 2024")  # fmt: skip
        words = {" ".join(word.lower().split()): said for word, said in self.words.items()}
        object.__setattr__(self, "_meanings", {word: meaning_of(word, said) for word, said in words.items()})

    def __call__(self, text: str) -> str:
        """Give the text in the grammar of `when`; a text of that grammar stays as it is.

        Faults on what is mistyped, has two readings or tells a story: the text, the reason, and what to write.
        """
        if len(text) > LONGEST:
            raise Fault(f"a when-field of more than {LONGEST} characters", "write the time in when, the story in note")
        if _GRAMMAR.search(text):
            return text
        try:
            words = tokens(text, self.pivot, self._meanings, pairs=bool(self.year))
            return _read(with_year(list(words), self.year))
        except Strange as fault:
            if any(char.isalpha() for char in text) and _read_already(text):
                return text
            raise Fault(f"{text!r}: {fault.what}", fault.instead) from None
        except Fault as fault:
            raise Fault(f"{text!r}: {fault.what}", fault.instead) from None


def _read_already(text: str) -> bool:
    try:
        read_when(text, zone="UTC")
    except Fault:
        return False
    return True


def _read(words: Sequence[Token]) -> str:
    said = [word for word in words if word.kind not in {"filler", "about"}]
    if not said:
        raise Fault("it says nothing", "write a date, or unknown")
    if all(word.kind in _NOTHING for word in said) and any(word.kind in {"unknown", "notime"} for word in said):
        return "unknown"
    if said == list(words) and [word.kind for word in said] == ["day", "clock", "day", "clock"]:
        said[2:2] = [_JOINT]
    _check_end(words)
    _check_clocks([word for word in said if isinstance(word.value, Clock)])
    soft = "about " if any(word.kind == "about" for word in words) else ""
    if any(word.kind in _RELATIONS for word in said):
        return _related(said, soft)
    return soft + _ranged(_without_between(said))


def _check_end(words: Sequence[Token]) -> None:
    """Fault where the last word leads to something; a day and then `at` leaves the time open."""
    end = words[-1]
    blank = end.said in {"at", "@"} and words[-2].kind == "day"
    if end.kind == "filler" and end.said not in _AT_THE_END and not blank:
        raise Fault(f"it breaks off after {end.said!r}", "look up what follows, or leave the word out")


def _check_clocks(words: Sequence[Token]) -> None:
    """Fault where a time may be of the morning or of the afternoon."""
    clocks = [word.value for word in words if isinstance(word.value, Clock)]
    halves = any(clock.noon for clock in clocks)
    whole = any(word.said.startswith("0") for word in words) or any(clock.hour > 12 for clock in clocks)
    for word, clock in zip(words, clocks, strict=True):
        certain = clock.hour > 12 or clock.hour == 0 or clock.noon or "noon" in word.said
        if not certain and (halves or not (clock.told or whole)):
            raise Fault(f"{word.said} may be morning or afternoon", "write four digits, or am or pm with each time")


def _split(words: Sequence[Token], kinds: frozenset[str]) -> tuple[list[list[Token]], list[Token]]:
    """Give the stretches between the words of these kinds, and those words."""
    sides: list[list[Token]] = [[]]
    joints: list[Token] = []
    for word in words:
        if word.kind in kinds:
            joints.append(word)
            sides.append([])
        else:
            sides[-1].append(word)
    return sides, joints


def _without_between(words: Sequence[Token]) -> list[Token]:
    """Leave out `between`, where it stands first or after the day of both times. Faults on `and` without it."""
    at = [n for n, word in enumerate(words) if word.kind == "between"]
    if not at:
        if any(word.kind == "and" for word in words):
            raise Fault("`and` without `between` may be two times", "write between A and B, or two events")
        return list(words)
    head = [word.kind for word in words[: at[0]] if word.kind not in {"unknown", "notime", "weekday"}]
    if len(at) > 1 or head not in ([], ["day"]):
        raise Fault("`between` stands where it has two readings", _CURE)
    rest = [word for word in words if word.kind != "between"]
    if not any(word.kind in {"and", "to"} for word in rest):
        raise Fault("`between` has one end", "write between A and B")
    return rest


def _ranged(words: Sequence[Token]) -> str:
    """Read one moment, or two with a joint between them."""
    if any(word.kind == "or" for word in words):
        return _either(words)
    if any(word.kind == "days" for word in words) and any(word.said == "/" for word in words):
        raise Fault("its word may speak of one month or of both", "write both: early March 2024 to early April 2024")
    sides, joints = _split(words, frozenset({"to", "and"}))
    sides = _rejoined(sides, joints)
    if len(sides) > 2:
        raise Fault(f"it has {len(sides)} ends", _CURE)
    first = side_of(sides[0])
    if len(sides) == 1:
        return first.needed().text
    last = side_of(sides[1])
    if first.unknown or last.unknown:
        return _open(first, last)
    return _closed(first, last)


def _rejoined(sides: Sequence[list[Token]], joints: Sequence[Token]) -> list[list[Token]]:
    """Put a day and its time together where a hyphen stands between them, too: `D - T - D - T`."""
    if not all(sides):
        raise Fault("it has a joint with nothing beside it", _CURE)
    if len(sides) <= 2:
        return list(sides)
    whole: list[list[Token]] = []
    for n, side in enumerate(sides):
        kinds = {word.kind for word in side}
        before = {word.kind for word in whole[-1]} if whole else set()
        if kinds == {"clock"} and before == {"day"} and joints[n - 1].said.startswith("-"):
            whole[-1] = [*whole[-1], *side]
        else:
            whole.append(list(side))
    if len(whole) == 2 and all(any(word.kind == "day" for word in side) for side in whole):
        return whole
    raise Fault(f"it has {len(sides)} ends", _CURE)


def _open(first: Side, last: Side) -> str:
    """Read a range with an end that is not known."""
    if last.unknown and first.clock is not None:
        return f"{first.needed().lowest}/.."
    if first.unknown and (last.clock is not None or not first.timeless):
        return f"../{last.needed().highest}"
    raise Fault("it may be that day, or a range with an open end", "write the day and `unknown time`, or the range")


def _closed(first: Side, last: Side) -> str:
    """Read a range, each end lending the other the day, or the year, that is written once."""
    first, last = _lent(first, last)
    text = f"{first.lowest}/{last.highest}"
    if first.begins > last.ends:
        raise Fault("it ends before it begins", "look both ends up, and write the earlier first")
    if first.clock and last.clock and last.ends - first.begins > _YEAR:
        raise Fault("it gives the minute, and lasts more than a year", "look both years up")
    if (first.first_day.day or last.last_day.day) and last.ends - first.begins > _DECADE:
        raise Fault("it gives the day, and lasts more than ten years", "look both years up")
    return text


def _lent(first: Side, last: Side) -> tuple[Side, Side]:
    """Lend the day that is written once to the time of the other end. Faults where that end may be of another day."""
    if first.day is None and last.day is None:
        raise Fault("it has no date", "write the date with the time: 6/24/2024 2315 hrs")
    if last.day is None:
        if first.clock is None and first.part is None and not first.timeless:
            raise Fault("it may be a time of that day, or a range up to it", "write 6/24/2024 2315 hrs, or both ends")
        last = replace(last, day=first.day)
    if first.day is None:
        if not last.clock_leads:
            raise Fault("the first time may be of that day, or of another", "write the date with each time")
        first = replace(first, day=last.day)
    return _same_year(first, last)


def _same_year(first: Side, last: Side) -> tuple[Side, Side]:
    """Lend the one year that is written to a month and day beside it, where both lie within a month."""
    if not (first.day and last.day) or bool(first.day.year) == bool(last.day.year):
        return first.needed(), last.needed()
    year = first.day.year or last.day.year
    if not (first.day.month and last.day.month):
        raise Fault("it may be a month of that year, or a range", "write the year with its month: June 2024")
    if bool(first.day.day) != bool(last.day.day):
        raise Fault("it mixes days and months", "write each date whole: 6/24/2024")
    lacking = first if not first.day.year else last
    said = lacking.day.day if lacking.day else 0
    if lacking.clock is None and first.day.month != last.day.month and year % 100 - said in {0, 1}:
        raise Fault("one of its dates may be a month and a year", "write each date whole: 6/24/2024")
    first, last = first.in_year(year), last.in_year(year)
    if first.day and first.day.day and not dt.timedelta() <= last.begins - first.begins < _MONTH:
        raise Fault("one of its dates has no year", "write each date whole: 6/24/2024")
    return first.needed(), last.needed()


def _either(words: Sequence[Token]) -> str:
    """Read `D or D`: one of them."""
    sides, _ = _split(words, frozenset({"or"}))
    if any(len(side) != 1 or side[0].kind != "day" for side in sides):
        raise Fault("`or` may join more than two days", "write the days alone: 6/24/2024 or 6/25/2024")
    return "[" + ",".join(side_of(side).needed().text for side in sides) + "]"


def _related(words: Sequence[Token], soft: str) -> str:
    """Read before, after, by, since: of one date, or of times on one day; or after one and before another."""
    sides, joints = _split(words, _RELATIONS)
    told = [_plain(side, last=n == len(joints)) for n, side in enumerate(sides)]
    head, ends = told[0], told[1:]
    if len(ends) > 2 or len({joint.kind in {"before", "by"} for joint in joints}) != len(ends):
        raise Fault("its before and after have two readings", _CURE)
    day = head.day
    if head.clock or head.word or (day and any(end.day for end in ends)):
        raise Fault("it has a time before and after the word", "write before or after one date and time")
    if day is None:
        day = next((end.day for end in reversed(ends) if end.day), None) if any(end.clock for end in ends) else None
    whole = [(end if end.day else replace(end, day=day)).needed() for end in ends]
    parts = [head.text] if head.day else []
    parts += [_relation(joint.kind, end, soft) for joint, end in zip(joints, whole, strict=True)]
    text = "; ".join(parts)
    if not _read_already(text):
        raise Fault("it ends before it begins", "look both ends up, and write the earlier first")
    return text


def _plain(words: Sequence[Token], *, last: bool) -> Side:
    """Give the side of a before or an after, without an `and` before the next, or a closing `- unknown`."""
    if not last and words and words[-1].kind == "and":
        words = words[:-1]
    if last and len(words) > 2 and words[-2].kind == "to" and words[-1].kind in {"unknown", "notime"}:
        words = words[:-2]
    return side_of(words, empty=not last)


def _relation(kind: str, end: Side, soft: str) -> str:
    return f"{kind} {soft}{end.lowest if kind in {'before', 'since'} else end.highest}"


def readings(texts: Sequence[str], reader: UsShorthand) -> Iterator[tuple[str, str]]:
    """Give each text with what it is read as, or with `refused: ` and the reason; for reviews of an office's texts."""
    for text in texts:
        try:
            yield text, reader(text)
        except Fault as fault:
            yield text, f"refused: {fault.what.removeprefix(f'{text!r}: ')}"
