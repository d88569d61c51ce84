"""Enumerates every world of a small case and counts in it. Shares no code with the engine, and is slow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement

TYPES = ("x", "y")
PEOPLE = ("g", "h")
"""Names of those who give. Two names are two persons, or one where nothing says that they are distinct."""
MORE = 1
"""How many more than its lower end an open count is tried with."""


@dataclass(frozen=True)
class Telling:
    """One event: `low` to `high` (None: open) happenings, each from `start` to `end` on the axis or from the anchor.

    With `near`, the id of a single told before it, they are measured from that one.
    """

    id: str
    teller: str
    start: int
    end: int
    tied: bool = False
    type: str = "x"
    low: int = 1
    high: int | None = 1
    near: str = ""
    by: str | None = None

    @property
    def single(self) -> bool:
        return self.low == self.high == 1

    @property
    def period(self) -> tuple[bool, str, int, int]:
        return self.tied, self.near, self.start, self.end


@dataclass(frozen=True)
class Total:
    """A claim of how many there were of a type (empty: any) from `start` to `end`, both included."""

    id: str
    start: int
    end: int
    low: int
    high: int | None
    tied: bool = False
    type: str = ""
    by: str = ""


@dataclass(frozen=True)
class Last:
    """A claim that the last of a type (empty: any) up to the anchor was from `near` to `far` before it."""

    id: str
    near: int
    far: int
    type: str = ""


@dataclass(frozen=True)
class Complete:
    """A claim that the record has every one of a type (empty: any) from `start` to `end`, both included."""

    id: str
    start: int
    end: int
    tied: bool = False
    type: str = ""


@dataclass(frozen=True)
class Case:
    """An anchor that lies from `early` to `late`, what is told, and what is claimed.

    `same` are ids that are one happening, `distinct` pairs of ids or of names that are not.
    """

    early: int
    late: int
    told: tuple[Telling, ...]
    totals: tuple[Total, ...] = ()
    lasts: tuple[Last, ...] = ()
    complete: tuple[Complete, ...] = ()
    same: tuple[frozenset[str], ...] = ()
    distinct: tuple[frozenset[str], ...] = ()


Happening = tuple[int, str, int]
World = tuple[int, tuple[Happening, ...], dict[str, int]]
"""Where the anchor is, every happening with its time, type and giver, and who each name is."""


def worlds(case: Case) -> Iterator[World]:
    """Give every world of what is told, without the claims of numbers: times, numbers, types and identities."""
    for people in _told_people(case):
        for anchor in range(case.early, case.late + 1):
            for tellings in _tellings(case, anchor, (), people):
                instances = [(at, kind, by, who) for who, (kind, by, times) in enumerate(tellings) for at in times]
                for joined in _identities(case, instances, []):
                    yield anchor, joined, people


def _people(case: Case) -> Iterator[dict[str, int]]:
    """Give who each name may be; one person where no name is told, which keeps the enumeration short."""
    yield dict.fromkeys(PEOPLE, 0)
    if any(one.by is not None for one in case.told) or any(one.by for one in case.totals):
        yield {name: number for number, name in enumerate(PEOPLE)}


def _told_people(case: Case) -> list[dict[str, int]]:
    apart = frozenset(PEOPLE) in case.distinct
    return [people for people in _people(case) if not apart or len(set(people.values())) > 1]


Way = tuple[str, int, tuple[int, ...]]


def _tellings(case: Case, anchor: int, sofar: tuple[Way, ...], people: dict[str, int]) -> Iterator[tuple[Way, ...]]:
    """Give every way the tellings may come out: of each a type, a giver and its times."""
    if len(sofar) == len(case.told):
        yield sofar
        return
    one = case.told[len(sofar)]
    known = {told.id: times[0] for told, (_, _, times) in zip(case.told, sofar, strict=False) if told.single}
    for way in _ways(one, known[one.near] if one.near else anchor if one.tied else 0, people):
        yield from _tellings(case, anchor, (*sofar, way), people)


def _ways(one: Telling, shift: int, people: dict[str, int]) -> Iterator[Way]:
    places = range(one.start + shift, one.end + shift + 1)
    most = one.low + MORE if one.high is None else one.high
    for kind in (one.type,) if one.type else TYPES:
        for by in (people[one.by],) if one.by else sorted(set(people.values())):
            for number in range(one.low, most + 1):
                for times in combinations_with_replacement(places, number):
                    yield kind, by, times


Group = tuple[int, str, int, frozenset[int]]


def _identities(
    case: Case, left: list[tuple[int, str, int, int]], groups: list[Group]
) -> Iterator[tuple[Happening, ...]]:
    """Let each telling's instance be a happening of its own, or one that others tell of."""
    if not left:
        if all(_one(case, ids, groups) for ids in case.same):
            yield tuple((at, kind, by) for at, kind, by, _ in groups)
        return
    (at, kind, by, who), rest = left[0], left[1:]
    yield from _identities(case, rest, [*groups, (at, kind, by, frozenset({who}))])
    for place, (*what, members) in enumerate(groups):
        if what == [at, kind, by] and not any(_distinct(case, case.told[who], case.told[one]) for one in members):
            others: list[Group] = [*groups[:place], (at, kind, by, members | {who}), *groups[place + 1 :]]
            yield from _identities(case, rest, others)


def _one(case: Case, ids: frozenset[str], groups: list[Group]) -> bool:
    """Whether the singles of these ids are one happening."""
    places = {number for number, one in enumerate(case.told) if one.id in ids}
    return any(places <= members for *_, members in groups)


def _distinct(case: Case, a: Telling, b: Telling) -> bool:
    """Whether one telling lists both, or a claim sets them apart; an event tells of each of its own once."""
    if a.id == b.id or frozenset((a.id, b.id)) in case.distinct:
        return True
    if any({a.id, b.id} <= ids for ids in case.same):
        return False
    exact = a.low == a.high and b.low == b.high and a.period == b.period
    return a.teller == b.teller and ((a.single and b.single) or (exact and not a.single and not b.single))


def on_record(case: Case) -> Iterator[World]:
    """Give the worlds of what is told and claimed, with further happenings only where a claim tells of some."""
    return _claimed(case, anywhere=False)


def in_fact(case: Case, hidden: int = 1) -> Iterator[World]:
    """Give the worlds with up to so many happenings that nobody recorded."""
    return _claimed(case, anywhere=True, hidden=hidden)


def _claimed(case: Case, *, anywhere: bool, hidden: int = 1) -> Iterator[World]:
    fewest = min((one.low for one in case.totals if one.high != 0), default=0)
    most = max(hidden if anywhere else 0, fewest + MORE if case.totals else 0)
    told = [total for total in case.totals if total.high != 0]
    for plain in worlds(case):
        for (anchor, happened, people), ats in _with_lasts(plain, case.lasts, ()):
            places = [(at, kind, by) for at in range(-2, 12) for kind in TYPES for by in sorted({*people.values()})]
            free = [
                one
                for one in places
                if (anywhere and not any(_closes(each, one, anchor) for each in case.complete))
                or any(_in(total, one, anchor, people) for total in told)
            ]
            for number in range(most + 1):
                for more in combinations_with_replacement(free, number):
                    every = (*happened, *more)
                    if all(_agrees(total, every, anchor, people) for total in case.totals) and all(
                        _is_last(one, every, anchor, at) for one, at in zip(case.lasts, ats, strict=True)
                    ):
                        yield anchor, every, people


def _with_lasts(world: World, lasts: tuple[Last, ...], ats: tuple[int, ...]) -> Iterator[tuple[World, tuple[int, ...]]]:
    """Let the one that each claim of a last tells of be one that is told, or another; give its time, too."""
    if not lasts:
        yield world, ats
        return
    anchor, happened, people = world
    claim, rest = lasts[0], lasts[1:]
    for at in range(anchor - claim.far, anchor - claim.near + 1):
        for kind in (claim.type,) if claim.type else TYPES:
            if any(one[:2] == (at, kind) for one in happened):
                yield from _with_lasts(world, rest, (*ats, at))
            for by in sorted({*people.values()}):
                yield from _with_lasts((anchor, (*happened, (at, kind, by)), people), rest, (*ats, at))


def _is_last(claim: Last, happened: tuple[Happening, ...], anchor: int, last: int) -> bool:
    return not any(last < at <= anchor and claim.type in {"", kind} for at, kind, _ in happened)


def _closes(claim: Complete, one: Happening, anchor: int) -> bool:
    shift = anchor if claim.tied else 0
    return claim.start + shift <= one[0] <= claim.end + shift and claim.type in {"", one[1]}


def _in(total: Total, one: Happening, anchor: int, people: dict[str, int]) -> bool:
    shift = anchor if total.tied else 0
    by = not total.by or people[total.by] == one[2]
    return by and total.start + shift <= one[0] <= total.end + shift and total.type in {"", one[1]}


def _agrees(total: Total, happened: tuple[Happening, ...], anchor: int, people: dict[str, int]) -> bool:
    number = sum(_in(total, one, anchor, people) for one in happened)
    return total.low <= number and (total.high is None or number <= total.high)


def number(world: World, start: int, end: int, *, tied: bool, type_: str = "", by: str = "") -> int:
    """Count the happenings of a type, by a giver, from `start` to `end`, both included."""
    anchor, happened, people = world
    asked = Total("asked", start, end, 0, None, tied=tied, type=type_, by=by)
    return sum(_in(asked, one, anchor, people) for one in happened)


def since_last(world: World, type_: str = "") -> int | None:
    """Give how long before the anchor the last one of a type was; None where there was none."""
    anchor, happened, _ = world
    return min((anchor - at for at, kind, _ in happened if at <= anchor and type_ in {"", kind}), default=None)


def since_first(world: World, type_: str = "") -> int | None:
    """Give how long before the anchor the first one of a type was; None where there was none."""
    anchor, happened, _ = world
    return max((anchor - at for at, kind, _ in happened if at <= anchor and type_ in {"", kind}), default=None)
