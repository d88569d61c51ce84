"""One end of a when-field in shorthand: its day, its time or part of the day, what is not known. Joins no two ends."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

from events.dates.shorthand_tokens import Clock, Day, Days, Token, Window, weekday_of
from events.errors import Fault

_OF_A_MONTH = (
    'write it with a month alone, as: early March 2024; hours of a day are words of their own: "early hours" = '
    '"00:00-06:00"'
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one end says. `unknown`: nothing but that it is not known; `timeless`: its time is said not to be known.

    `part` and `days` are what a table of words says of its `word`: hours of the day, days of the month.

    `clock_leads` says whether the time stood before the day; None where it has not both.
    """

    day: Day | None = None
    clock: Clock | None = None
    part: Window | None = None
    days: Days | None = None
    word: str = ""
    unknown: bool = False
    timeless: bool = False
    clock_leads: bool | None = None

    def needed(self) -> Side:
        """Give it, where it names a date. Faults where it does not, or has a time but no whole day."""
        if self.day is None:
            raise Fault("it has no date", "write the date with the time: 6/24/2024 2315 hrs; write a year as: in 2019")
        if not self.day.year:
            raise Fault("its date has no year", "write it, too: 6/24/2024; or give it the mapping: [when] year = 2024")
        if self.part and not self.day.whole:
            raise Fault(f"{self.word!r} means hours of a day, and it has no whole date",
                        'write the day with it; days of a month are words of their own: "early" = "1-10"')  # fmt: skip
        if self.clock and not self.day.whole:
            raise Fault("it has a time, and no whole date", "write the day with it: 6/24/2024 2315 hrs")
        self._check_month(self.day)
        return self

    def _check_month(self, day: Day) -> None:
        """Fault where days of a month stand with a year, with a day, or with a month that does not reach them."""
        if self.days and (day.day or not day.month):
            beside = "a whole date" if day.day else "no month"
            raise Fault(f"{self.word!r} means days of a month, and it has {beside}", _OF_A_MONTH)
        if self.days and self.days.first > monthrange(day.year, day.month)[1]:
            raise Fault(f"month {day.month} of {day.year} has no day {self.days.first}",
                        f"look it up, or give {self.word!r} other days")  # fmt: skip

    def in_year(self, year: int) -> Side:
        """Give it with this year. Faults where that year has no such day."""
        day = self.day
        if day is None or (day.day and day.day > monthrange(year, day.month)[1]):
            raise Fault(f"{year} has no such day", "look the date up")
        return replace(self, day=Day(year, day.month, day.day))

    @property
    def text(self) -> str:
        """The whole of it in the grammar of `when`."""
        return self.lowest if self.lowest == self.highest else f"{self.lowest}/{self.highest}"

    @property
    def first_day(self) -> Day:
        """The date it begins with, as far as it is told."""
        day = self.day or Day(0)
        return Day(day.year, day.month, self.days.first) if self.days else day

    @property
    def last_day(self) -> Day:
        """The date it ends with, as far as it is told."""
        day = self.day or Day(0)
        if not self.days:
            return day
        return Day(day.year, day.month, min(self.days.last, monthrange(day.year, day.month)[1]))

    @property
    def lowest(self) -> str:
        """Where it begins, as text."""
        clock = self.part.first if self.part else self.clock
        return _date_text(self.first_day) + (_clock_text(clock) if clock else "")

    @property
    def highest(self) -> str:
        """Where it ends, as text."""
        day = self.last_day
        if self.part is None:
            return _date_text(day) + (_clock_text(self.clock) if self.clock else "")
        return _date_text(_next(day) if self.part.over else day) + _clock_text(self.part.last)

    @property
    def begins(self) -> dt.datetime:
        """Its first minute, local."""
        year, month, day = self.first_day if self.day else Day(1)
        clock = self.part.first if self.part else self.clock or Clock(0, 0, told=True)
        return dt.datetime(year, month or 1, day or 1, clock.hour, max(clock.minute, 0))  # noqa: DTZ001

    @property
    def ends(self) -> dt.datetime:
        """Its last minute, local."""
        year, month, day = self.last_day if self.day else Day(1)
        month = month or 12
        clock = self.part.last if self.part else self.clock or Clock(23, 59, told=True)
        last = dt.date(year, month, day or monthrange(year, month)[1])
        if self.part and self.part.over:
            last += dt.timedelta(days=1)
        return dt.datetime.combine(last, dt.time(clock.hour, clock.minute if clock.minute >= 0 else 59))


def _date_text(day: Day) -> str:
    text = f"{day.year:04d}"
    text += f"-{day.month:02d}" if day.month else ""
    return text + (f"-{day.day:02d}" if day.day else "")


def _clock_text(clock: Clock) -> str:
    return f"T{clock.hour:02d}" + (f":{clock.minute:02d}" if clock.minute >= 0 else "")


def _next(day: Day) -> Day:
    after = dt.date(*day) + dt.timedelta(days=1)
    return Day(after.year, after.month, after.day)


def side_of(words: Sequence[Token], *, empty: bool = False) -> Side:
    """Read one end. Faults where it says two days or two times, or (unless `empty`) nothing.

    >>> side_of([Token("day", "6/24/2024", Day(2024, 6, 24)), Token("notime", "unknown time")]).text
    '2024-06-24'
    """
    if not words and not empty:
        raise Fault("it breaks off", "write what follows, or leave the last word out")
    days = [word.value for word in words if isinstance(word.value, Day)]
    clocks = [word.value for word in words if isinstance(word.value, Clock)]
    named = [word for word in words if isinstance(word.value, Window | Days)]
    parts = [word.value for word in named if isinstance(word.value, Window)]
    months = [word.value for word in named if isinstance(word.value, Days)]
    kinds = [word.kind for word in words]
    odd = [word for word in words if word.kind not in {"day", "clock", "part", "days", "unknown", "notime", "weekday"}]
    if odd:
        raise Fault(f"{odd[0].said!r} stands where it has no meaning", "write one date and time, or two ends")
    if len(days) > 1:
        raise Fault("two dates stand side by side", "write a hyphen between the two ends of a range")
    if len(clocks) + len(parts) > 1 or ((clocks or parts) and ("unknown" in kinds or "notime" in kinds)):
        raise Fault("it says two things of the time of day", "write one time, or the two ends of a range")
    if len(months) > 1:
        raise Fault("it says two things of the days", "write one word for the days, or the two ends of a range")
    if months and (clocks or parts):
        beside = "a time" if days else "no month"
        word = next(word for word in named if word.kind == "days")
        raise Fault(f"{word.said!r} means days of a month, and it has {beside}", _OF_A_MONTH)
    for word in words:
        if word.kind == "weekday":
            _check_weekday(word, days)
    both = bool(days and clocks)
    return Side(
        day=days[0] if days else None,
        clock=clocks[0] if clocks else None,
        part=parts[0] if parts else None,
        days=months[0] if months else None,
        word=named[0].said if named else "",
        unknown=not days and not clocks and not named and bool(words),
        timeless="notime" in kinds or (bool(days) and "unknown" in kinds),
        clock_leads=kinds.index("clock") < kinds.index("day") if both else None,
    )


def _check_weekday(word: Token, days: Sequence[Day]) -> None:
    if len(days) != 1 or not days[0].whole:
        raise Fault(f"{word.said!r} is a weekday without a date", "write the date")
    if weekday_of(days[0]) != word.value:
        raise Fault(f"that date was a {_DAYS[weekday_of(days[0])]}", "look it up, and write what is right")
