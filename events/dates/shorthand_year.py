"""The year that the dates of a when-field in shorthand leave out: the one its mapping states. Guesses none.

It holds only where no date of the text states a year, and only where nothing of the text may be a year itself.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from events.dates.shorthand_tokens import Clock, Day, Token
from events.errors import Fault

_LEADS: Final = frozenset({"at", "@", "on"})
"""Words that stand between a time and its date, and between no date and its year."""
_BESIDE: Final = frozenset({"filler", "about", "weekday"})
_JOINTS: Final = frozenset({"to", "and", "or", "before", "after", "by", "since"})
_TIMES: Final = frozenset({"clock", "part"})
_PAIR: Final = re.compile(r"\d+-\d+")
_NTH: Final = re.compile(r"\d(?:st|nd|rd|th)$")
_MONTH: Final = dt.timedelta(days=31)
_NONE: Final = Token("filler", "")
_TIME: Final = "write the year with its date, and the time as: 2015 hours"
_WHOLE: Final = "write each date whole: 6/24/2024"


def with_year(words: Sequence[Token], year: int) -> list[Token]:
    """Give the words with their dates in `year` (0: none is stated), where no date among them has a year.

    Faults on what may be another date: `6/18 2024` (no time), and where the year would serve, `6/18` alone (June of
    2018), dates more than a month apart, a day that the year has not.

    >>> [word.value.year for word in with_year([Token("day", "june", Day(0, 6))], 2024)]
    [2024]
    """
    _check_digits(words)
    days = [(word, word.value) for word in words if isinstance(word.value, Day)]
    stated = any(day.year for _, day in days)
    if stated and (pair := next((word.said for word, _ in days if _PAIR.fullmatch(word.said)), "")):
        raise Fault(f"{pair} may be a month and a day, or two days", _WHOLE)
    if not year or not days or stated:
        return list(words)
    _check_days(words, days)
    _check_spread([_in_year(day, year) for _, day in days])
    _check_times(words, year)
    _check_years(words, year)
    return [Token(word.kind, word.said, _in_year(word.value, year)) if isinstance(word.value, Day) else word
            for word in words]  # fmt: skip


def _in_year(day: Day, year: int) -> Day:
    if day.day and day.day > monthrange(year, day.month)[1]:
        raise Fault(f"month {day.month} of {year} has no day {day.day}", "look the date up, and write it with its year")
    return Day(year, day.month, day.day)


def _check_digits(words: Sequence[Token]) -> None:
    """Fault where four digits beside a date without a year may be that year, right or mistyped."""
    for at, word in enumerate(words):
        clock = word.value
        if isinstance(clock, Clock) and not clock.plain:
            yearlike = 19 <= clock.hour <= 20
            before, after = _date_beside(reversed(words[:at])), _date_beside(words[at + 1 :])
            if before[:1].isalpha() or (yearlike and (before or after)):
                raise Fault(f"{word.said} may be the year or the time", _TIME)


def _date_beside(words: Iterable[Token]) -> str:
    """Give the date without a year that stands next, but for words and signs that say nothing."""
    for word in words:
        if isinstance(word.value, Day):
            return "" if word.value.year else word.said
        if word.said in _LEADS or not (word.kind in _BESIDE or word.said.startswith("-")):
            break
    return ""


def _check_days(words: Sequence[Token], days: Sequence[tuple[Token, Day]]) -> None:
    """Fault where the number beside a month may be a year: a time shows that it is a day, so does an ordinal."""
    if len({bool(day.day) for _, day in days}) > 1:
        raise Fault("it mixes days and months", _WHOLE)
    if not any(word.kind in _TIMES for word in words):
        for word, day in days:
            if day.day and not _NTH.search(word.said):
                raise Fault(f"{word.said} may be a day, or a month of a year", "write the year, too: 6/24/2024")


def _check_times(words: Sequence[Token], year: int) -> None:
    """Fault where a time of four digits alone may be this year, or one beside it."""
    for before, word in pairwise([_NONE, *words]):
        clock = word.value
        bare = isinstance(clock, Clock) and not clock.plain and before.said not in _LEADS
        if bare and word.said.isdigit() and abs(int(word.said) - year) <= 1:
            raise Fault(f"{word.said} may be the year or the time", _TIME)


def _check_years(words: Sequence[Token], year: int) -> None:
    """Fault where a date without a time of its own may be a month of this year or the last, or none at all."""
    months = {word.value.month for word in words if isinstance(word.value, Day)}
    for side in _sides(words):
        kinds = {word.kind for word in side}
        for word in side:
            if _PAIR.fullmatch(word.said) and "clock" not in kinds:
                raise Fault(f"{word.said} may be a month and a day, two days, or two times", _WHOLE)
            near = isinstance(word.value, Day) and year % 100 - word.value.day in {0, 1}
            if near and len(months) > 1 and kinds.isdisjoint(_TIMES):
                raise Fault(f"{word.said} may be a month and a year", _WHOLE)


def _sides(words: Sequence[Token]) -> Iterator[list[Token]]:
    side: list[Token] = []
    for word in words:
        if word.kind in _JOINTS:
            yield side
            side = []
        else:
            side.append(word)
    yield side


def _check_spread(days: Sequence[Day]) -> None:
    """Fault where two days lie more than a month apart: one of them is mistyped, or of the next year."""
    whole = [dt.date(*day) for day in days if day.day]
    if whole and max(whole) - min(whole) > _MONTH:
        raise Fault(f"its dates lie more than a month apart in {whole[0].year}", _WHOLE)
