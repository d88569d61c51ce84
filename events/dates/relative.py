"""The relative parts of a `when`: so long before or after another event. Knows nothing of that event."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, final

from events.dates.absolute import TOLERANCE
from events.dates.civil import civil_certainty, civil_difference
from events.dates.durations import Duration, duration_at, number_at, read_duration, words_of
from events.dates.refusals import reference_refusal
from events.dates.stretch import Place
from events.dates.zones import offset_spread
from events.errors import Fault
from events.when import DAY, Bound, Civil, Part, Point, Ref, Side

Direction = Literal["before", "after", "of"]
Unit = Literal["day", "month", "year"]
Comparator = Literal["more than", "at least", "less than", "at most", "exactly", "about", "between", ""]
_REF = re.compile(r"@([A-Za-z0-9][A-Za-z0-9._:/-]{0,127})")
_POINTS: tuple[Point, ...] = ("first", "last", "start", "end")
_COMPARATORS: dict[str, Comparator] = {
    "more than": "more than", "at least": "at least", "less than": "less than", "at most": "at most",
    "exactly": "exactly", "about": "about", "around": "about", "within": "at most", "within the": "at most",
    "in the": "at most",
}  # fmt: skip
_SIDES: dict[Direction, Side] = {"before": "start", "after": "end", "of": "single"}
_PLAIN: dict[str, tuple[Bound, Side, str]] = {
    "before": (Bound(None, -1), "start", "before {}"),
    "by": (Bound(None, 0), "start", "at or before {}"),
    "no later than": (Bound(None, 0), "single", "at or before {}"),
    "after": (Bound(1, None), "end", "after {}"),
    "since": (Bound(0, None), "end", "at or after {}"),
    "not before": (Bound(0, None), "single", "at or after {}"),
    "at": (Bound(0, 0), "single", "at the same instant as {}"),
}
_CIVIL = {
    "same day as": (0, "on the same civil day as {}"),
    "the same day as": (0, "on the same civil day as {}"),
    "on the same day as": (0, "on the same civil day as {}"),
    "the day before": (1, "on the civil day before {}"),
    "the day after": (-1, "on the civil day after {}"),
}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    """What stands before the reference, taken apart; `span` holds one duration, or two after between."""

    text: str
    comparator: Comparator
    span: tuple[Duration, ...]
    direction: Direction
    ref: Ref
    said: str

    @property
    def low(self) -> Duration:
        return self.span[0]

    @property
    def high(self) -> Duration:
        return self.span[-1]

    def towards(self, gap: Bound) -> Bound:
        """Turn how far the event is from the anchor into t - anchor."""
        if self.direction == "of":
            return Bound(None if gap.hi is None else -gap.hi, gap.hi)
        return gap if self.direction == "after" else gap.negate()

    def steps(self, gap: Bound) -> Bound:
        """Turn how many days or months the event is from the anchor into the civil difference anchor - t."""
        return self.towards(gap).negate()


def ref_of(text: str) -> Ref:
    """Read `@id`, with .first, .last, .start or .end. Faults on anything else.

    >>> str(ref_of("@shots.last"))
    '@shots.last'
    """
    match = _REF.fullmatch(text)
    if match is None:
        raise Fault(f"{text[:140]!r} is not a reference", "write @ and an id of letters, digits and . _ : / -")
    name, dot, point = match[1].rpartition(".")
    for known in _POINTS:
        if dot and name and point == known:
            return Ref(id=name, point=known)
    return Ref(id=match[1])


def _sided(ref: Ref, side: Side) -> Ref:
    return ref if ref.point else replace(ref, side=side)


def _range(comparator: Comparator, low: int, high: int, *, tick: int) -> Bound:
    """Give the numbers a comparator allows; `tick` is what strictness takes."""
    if comparator == "more than":
        return Bound(low + tick, None)
    if comparator == "at least":
        return Bound(low, None)
    if comparator == "less than":
        return Bound(0, high - tick)
    return Bound(0, high) if comparator == "at most" else Bound(low, high)


def _checked(gap: Bound, text: str) -> Bound:
    if gap.empty:
        raise Fault(f"{text!r} leaves no time at all", "write the shorter duration first, and no less than 0")
    return gap


def _exact(phrase: _Phrase, low: int, high: int, width: Duration | None) -> Part:
    """Give the part of durations in hours of fixed length."""
    gap = _checked(_range(phrase.comparator, low, high, tick=1), phrase.text)
    outer = phrase.towards(gap.widen(width.exact or 0) if width else gap)
    reading = f"{phrase.said} {phrase.ref}"
    if width:
        reading += f", give or take {width.reading}"
    elif phrase.comparator == "":
        reading = f"exactly {reading}, no tolerance stated"
    return _part(phrase, reading, outer=outer, inner=outer, literal=outer)


def _part(phrase: _Phrase, reading: str, *, outer: Bound, inner: Bound | None, literal: Bound,
          civil: Civil | None = None) -> Part:  # fmt: skip
    return Part(
        text=phrase.text, reading=reading, anchor=phrase.ref, outer=outer, inner=inner, literal=literal,
        precision=min((d.precision for d in phrase.span), key=_FINENESS.index), civil=civil,
        hull=civil is not None,
    )  # fmt: skip


_FINENESS = ("second", "minute", "hour", "day", "week", "month", "year")


def _civil(phrase: _Phrase, unit: Unit, width: Duration | None, place: Place) -> Part:
    """Give the part of calendar days, months, years, and of bare days and weeks."""
    low, high = _counted(phrase.low, unit), _counted(phrase.high, unit)
    clip = unit == "month" and phrase.comparator != ""
    gap = _checked(_range(phrase.comparator, low, high, tick=0 if clip else 1), phrase.text)
    strict = clip and phrase.comparator in {"more than", "less than"}
    if strict and phrase.comparator == "less than" and high == 0:
        raise Fault(f"{phrase.text!r} leaves no time at all", "write at, or a longer duration")
    zone = place.count(phrase.text)
    civil = Civil(steps=phrase.steps(gap), unit=unit, zone=zone, clip=clip, strict=strict)
    reading = f"{phrase.said} {phrase.ref}{_explained(phrase, unit, gap, clip=clip)} in {zone}"
    if width is None:
        return _civil_part(phrase, reading, civil)
    return _civil_wide(phrase, f"{reading}, give or take {width.reading}", civil, width, gap)


def _counted(duration: Duration, unit: Unit) -> int:
    number = duration.days if unit == "day" else duration.months
    if number is None:
        raise Fault(f"{duration.text!r} does not fit the other duration", "write both in the same unit")
    return number // 12 if unit == "year" else number


def _explained(phrase: _Phrase, unit: Unit, gap: Bound, *, clip: bool) -> str:
    if clip:
        return " (shifted by calendar months, the day clipped to its month)"
    if unit != "day":
        return f" (calendar {unit}s differ by {gap.lo})"
    if phrase.comparator in {"", "exactly", "about"}:
        return f" (civil dates differ by {gap.lo})"
    until = f"{gap.lo} or more" if gap.hi is None else f"{gap.lo} to {gap.hi}"
    return f" (civil dates differ by {until}{', either way' if phrase.direction == 'of' else ''})"


def _civil_part(phrase: _Phrase, reading: str, civil: Civil) -> Part:
    outer, inner = civil_difference(civil).negate(), civil_certainty(civil)
    inner = None if inner is None else inner.negate()
    return _part(phrase, reading, outer=outer, inner=inner, literal=outer, civil=civil)


def _civil_wide(phrase: _Phrase, reading: str, civil: Civil, width: Duration, gap: Bound) -> Part:
    """Give a civil part with a stated tolerance; hours widen it by as many more steps as they can reach."""
    if civil.unit == "year" and width.months is not None and width.months % 12:
        # A year's months lie up to eleven away from the month that is its number's times twelve.
        gap, civil = Bound((gap.lo or 0) * 12 - 11, (gap.hi or 0) * 12 + 11), replace(civil, unit="month")
    same = _same_unit(civil.unit, width)
    if same is not None:
        return _civil_part(phrase, reading, replace(civil, steps=phrase.steps(gap.widen(same)), strict=False))
    if width.exact is None:
        raise Fault(f"± {width.text} is measured by another ruler", "write the tolerance in hours, or in the same unit")
    outer = civil_difference(civil).widen(width.exact).negate()
    if civil.unit != "day":
        return _part(phrase, reading, outer=outer, inner=None, literal=outer)
    more = -(-(width.exact + offset_spread(civil.zone)) // DAY)
    reach = replace(civil, steps=civil.steps.widen(more))
    return _part(phrase, reading, outer=outer, inner=None, literal=outer, civil=reach)


def _same_unit(unit: Unit, width: Duration) -> int | None:
    """Give a tolerance in the unit that the dates are counted in; None where another ruler measures it."""
    if unit == "day":
        return width.days if width.calendar else None
    return width.months // 12 if unit == "year" and width.months is not None else width.months


def _softened(part: Part, phrase: _Phrase) -> Part:
    """Take the width away: only the order is left."""
    order = Bound(None, -1) if phrase.direction == "before" else Bound(1, None)
    reading = f"{part.reading}: no width stated, so only {phrase.direction} it"
    return replace(part, reading=reading, outer=order, inner=None, soft=True, civil=None, hull=False)


def _measured(phrase: _Phrase, width: Duration | None, place: Place) -> Part:
    first, last = phrase.low, phrase.high
    if first.months is not None or last.months is not None:
        bare_years = phrase.comparator == "" and first.precision == "year"
        part = _civil(phrase, "year" if bare_years else "month", width, place)
    elif first.calendar or last.calendar or _bare_days(phrase):
        part = _civil(phrase, "day", width, place)
    elif width is not None and width.exact is None:
        raise Fault(f"± {width.text} is measured by another ruler", "write the tolerance in hours")
    else:
        part = _exact(phrase, first.exact or 0, last.exact or 0, width)
    return _softened(part, phrase) if phrase.comparator == "about" and width is None else part


def _bare_days(phrase: _Phrase) -> bool:
    return phrase.comparator == "" and phrase.low.days is not None


def _leading(words: Sequence[str]) -> tuple[str, int]:
    """Give the comparator the words begin with, and where they go on."""
    for size in (2, 1):
        if (found := " ".join(words[:size])) in _COMPARATORS and len(words) >= size:
            return found, size
    return ("between", 1) if words[:1] == ["between"] else ("", 0)


def _durations(words: Sequence[str], at: int, text: str, *, two: bool) -> tuple[tuple[Duration, ...], int]:
    if two:
        return _two_durations(words, at, text)
    found = duration_at(words, at)
    if found is None:
        raise reference_refusal(text)
    return (found[0],), found[1]


def _two_durations(words: Sequence[str], at: int, text: str) -> tuple[tuple[Duration, ...], int]:
    """Read D and D; the first may leave its unit to the second."""
    first = duration_at(words, at, joined=False)
    number = number_at(words, at) if first is None else None
    if number is not None and words[number[1] : number[1] + 1] == ["and"]:
        first = _borrowing(words, at, number[1])
    second = None
    if first is not None and words[first[1] : first[1] + 1] == ["and"]:
        second = duration_at(words, first[1] + 1, joined=False)
    if first is None or second is None:
        raise reference_refusal(text)
    return (first[0], second[0]), second[1]


def _borrowing(words: Sequence[str], at: int, end: int) -> tuple[Duration, int] | None:
    """Read the number in words[at:end] with the unit that follows the next number."""
    following = number_at(words, end + 1)
    found = duration_at([*words[at:end], *words[following[1] : following[1] + 2]], 0) if following else None
    if found is None and following:
        found = duration_at([*words[at:end], *words[following[1] : following[1] + 1]], 0)
    return (found[0], end) if found else None


def _phrase(text: str, words: Sequence[str], ref: Ref) -> _Phrase:
    said, at = _leading(words)
    comparator: Comparator = "between" if said == "between" else _COMPARATORS.get(said, "")
    span, at = _durations(words, at, text, two=comparator == "between")
    end = list(words[at:])
    within = said.startswith(("within", "in"))
    if end not in (["before"], ["after"]) and not (end == ["of"] and within):
        raise reference_refusal(text)
    direction: Direction = "before" if end == ["before"] else "after" if end == ["after"] else "of"
    told = " and ".join(duration.reading for duration in span)
    if comparator == "" and span[0].days is not None and not span[0].calendar:
        told = f"{span[0].days} calendar day{'' if span[0].days == 1 else 's'}"
    plain = "within" if within else said
    return _Phrase(text=text, comparator=comparator, span=span, direction=direction,
                   ref=_sided(ref, _SIDES[direction]), said=f"{plain} {told} {end[0]}".strip())  # fmt: skip


def _during(text: str, ref: Ref) -> list[Part]:
    if ref.point:
        raise Fault(f"{ref} is one instant, which has no during", f"write at {ref}, or during @{ref.id}")
    reading = f"during {ref}, its ends included"
    sides: tuple[tuple[Side, Bound], ...] = (("start", Bound(0, None)), ("end", Bound(None, 0)))
    return [
        Part(text=text, reading=reading, anchor=replace(ref, side=side), outer=bound, inner=bound, literal=bound)
        for side, bound in sides
    ]


def _plain(text: str, words: str, ref: Ref, place: Place) -> list[Part] | None:
    """Read a phrase without a duration, or None."""
    if words == "during":
        return _during(text, ref)
    if words in _PLAIN:
        bound, side, reading = _PLAIN[words]
        anchor = _sided(ref, side)
        return [Part(text=text, reading=reading.format(ref), anchor=anchor, outer=bound, inner=bound, literal=bound)]
    if words not in _CIVIL:
        return None
    days, reading = _CIVIL[words]
    zone = place.count(text)
    civil = Civil(steps=Bound(days, days), zone=zone)
    outer, inner = civil_difference(civil).negate(), civil_certainty(civil)
    side = "single" if days == 0 else "start" if days > 0 else "end"
    return [
        Part(
            text=text, reading=f"{reading.format(ref)} in {zone}", anchor=_sided(ref, side), outer=outer,
            inner=None if inner is None else inner.negate(), literal=outer, precision="day", hull=True, civil=civil,
        )
    ]  # fmt: skip


def read_relative(text: str, place: Place) -> list[Part]:
    """Read one part of a `when` that refers to another event; `during` gives two. Faults with what to write instead."""
    head, at, tail = text.partition("@")
    name, *rest = tail.split(" ", 1)
    width = TOLERANCE.match(" " + rest[0]) if rest else None
    if not head.strip() or "@" in tail or (rest and width is None):
        raise reference_refusal(text)
    ref = ref_of(at + name)
    tolerance = read_duration((" " + rest[0])[width.end() :]) if rest and width else None
    words = words_of(head)
    plain = _plain(text, " ".join(words), ref, place)
    if plain is None:
        return [_measured(_phrase(text, words, ref), tolerance, place)]
    if tolerance is not None:
        raise Fault(f"{text!r} has a tolerance but no duration", f"write within {tolerance.words} of {ref}")
    return plain


