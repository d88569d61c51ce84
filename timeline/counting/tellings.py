"""Whether two tellings are of one happening: certainly distinct, certainly one, or may be one. Counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from itertools import combinations
from typing import Final, final

from events.when import ANY, EARLIEST, LATEST, Bound
from timeline.counting.happenings import NOTHING_DECLARED, Declared, Happening, Moment, Record, Scope, Teller, gap
from timeline.network import Network

FEW: Final = 4
"""One in so many of all that are known is few enough to be compared by themselves."""


@final
class Tellings:
    """Answers for pairs of happenings of one network; keeps what it has found out.

    Where it knows `everyone` that may be asked of, it compares them once.
    """

    def __init__(
        self, network: Network, declared: Declared = NOTHING_DECLARED, everyone: Sequence[Happening] = ()
    ) -> None:
        self.network = network
        self.declared = declared
        self.everyone = everyone
        self._apart: dict[tuple[str, str], bool] = {}

    @classmethod
    def of(cls, record: Record) -> Tellings:
        """Give the tellings of a record, or of a larger one that it is a part of."""
        known = record.shared.get("tellings")
        return known if isinstance(known, cls) else cls(record.network, record.declared)

    @classmethod
    def share(cls, record: Record) -> None:
        """Let the questions of a record, and of its parts, compare its happenings but once."""
        record.shared["tellings"] = cls(record.network, record.declared, record.told)

    def apart(self, a: Happening, b: Happening) -> bool:
        """Whether the two are certainly distinct (SEMANTICS 5)."""
        key = (a.id, b.id) if a.id < b.id else (b.id, a.id)
        if key not in self._apart:
            self._apart[key] = _listed_both(a, b) or self._told_apart(a, b) or self._never_meet(a, b)
        return self._apart[key]

    def may_share(self, happenings: Iterable[Happening]) -> tuple[tuple[str, str], ...]:
        """Give the pairs of events of several that may tell of some of the same, also where one telling lists both.

        Only exact counts of one period are different rows of a telling (SEMANTICS 6).
        """
        several = [one for one in happenings if not one.single]
        return tuple((a.id, b.id) for a, b in combinations(several, 2) if not self._are_rows(a, b))

    def _are_rows(self, a: Happening, b: Happening) -> bool:
        rows = _listed_both(a, b) and a.exact and b.exact and a.ends == b.ends
        return rows or self._told_apart(a, b) or self._never_meet(a, b)

    @cached_property
    def _own(self) -> Mapping[str, Bound]:
        return self.network.bounds()

    def _told_apart(self, a: Happening, b: Happening) -> bool:
        one, other = a.scope, b.scope
        if (
            (one.type and other.type and one.type != other.type)
            or (one.substance and other.substance and one.substance != other.substance)
            or (a.route and b.route and a.route != b.route)
        ):
            return True
        if not self.declared.distinct:
            return False
        return self.declared.apart(one.given_by, other.given_by) or any(
            self.declared.apart(one, other) for one in (a.id, *a.tellings) for other in (b.id, *b.tellings)
        )

    def _never_meet(self, a: Happening, b: Happening) -> bool:
        if not (a.dated and b.dated):
            return False
        return self._precedes(a.last, b.first) or self._precedes(b.last, a.first)

    def _precedes(self, early: str, late: str) -> bool:
        """Whether the first instant is before the second in every world; own bounds first, they are cheap."""
        end, start = self._own.get(early, ANY).hi, self._own.get(late, ANY).lo
        if end is not None and start is not None and end < start:
            return True
        least = gap(self.network, Moment(early), Moment(late)).lo
        return least is not None and least > 0

    def may_be_one(self, happenings: Sequence[Happening]) -> tuple[tuple[str, str], ...]:
        """Give the pairs of singles, and of events of several, that may be one or share happenings; by id."""
        return tuple(sorted((a.id, b.id) for a, b in self._near(happenings) if a.single == b.single))

    def overlaps(self, happenings: Sequence[Happening]) -> tuple[tuple[str, str], ...]:
        """Give the pairs (event of several, single) where the single may be among the several; by id."""
        near = ((a, b) if b.single else (b, a) for a, b in self._near(happenings) if a.single != b.single)
        return tuple(sorted((several.id, single.id) for several, single in near))

    def touching(self, some: Iterable[Happening], others: Iterable[Happening]) -> list[Happening]:
        """Give those of some that are not certainly distinct from all the others, which are not among them."""
        rows, columns = list(some), list(others)
        theirs = {one.id for one in columns}
        near = {pair for a, b in self._near([*rows, *columns]) for pair in ((a.id, b.id), (b.id, a.id))}
        touched = {a for a, b in near if b in theirs}
        return [one for one in rows if one.id in touched]

    def _near(self, happenings: Sequence[Happening]) -> tuple[tuple[Happening, Happening], ...]:
        """Give the pairs that are not certainly distinct, each in the order of ids."""
        few = FEW * len(happenings) < len(self.everyone) and "_neighbours" not in self.__dict__
        if few or not self.everyone:
            return tuple(self._swept(happenings))
        asked = {one.id: one for one in happenings}
        every = self._neighbours
        return tuple((one, asked[b]) for one in happenings for b in every.get(one.id, ()) if b in asked)

    @cached_property
    def _neighbours(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for a, b in self._swept(self.everyone):
            found.setdefault(a.id, []).append(b.id)
        return found

    def _swept(self, happenings: Sequence[Happening]) -> Iterator[tuple[Happening, Happening]]:
        """Walk along the axis: only those whose own bounds meet, and that no one telling lists, need be compared."""
        rows: dict[tuple[Teller | None, bool], list[tuple[int, Happening]]] = {}
        for low, high, one in sorted(map(self._placed, happenings), key=lambda each: (each[0], each[2].id)):
            own = (one.teller, one.single)
            for key, row in rows.items():
                if key == own and one.teller is not None:
                    continue
                row[:] = [each for each in row if each[0] >= low]
                for _, other in row:
                    if not (self._told_apart(one, other) or self.apart(one, other)):
                        yield (one, other) if one.id < other.id else (other, one)
            rows.setdefault(own, []).append((high, one))

    def _placed(self, one: Happening) -> tuple[int, int, Happening]:
        if not one.dated:
            return EARLIEST, LATEST, one
        low, high = self._own.get(one.first, ANY).lo, self._own.get(one.last, ANY).hi
        return EARLIEST if low is None else low, LATEST if high is None else high, one

    def largest(
        self, happenings: Iterable[Happening], weigh: Callable[[Happening], int] | None = None
    ) -> tuple[Happening, ...]:
        """Give a large set of pairwise certainly distinct happenings, greedily from the teller with most; by id.

        `weigh` says how much each is worth where that is not one.
        """
        rows: dict[tuple[Teller | str, bool], list[Happening]] = {}
        for one in sorted(happenings, key=lambda one: one.id):
            rows.setdefault((one.id if one.teller is None else one.teller, one.single), []).append(one)
        worth = weigh or _one_each
        order = sorted(rows.items(), key=lambda row: (-sum(map(worth, row[1])), str(row[0])))
        if len(order) == 1:
            return tuple(order[0][1])
        near: dict[str, set[str]] = {}
        for a, b in self._near([one for _, row in order for one in row]):
            near.setdefault(a.id, set()).add(b.id)
            near.setdefault(b.id, set()).add(a.id)
        chosen: list[Happening] = []
        taken = set[str]()
        for _, row in order:
            apart = [one for one in row if one.id not in near or near[one.id].isdisjoint(taken)]
            chosen += apart
            taken.update(one.id for one in apart)
        return tuple(sorted(chosen, key=lambda one: one.id))


def _one_each(_: Happening) -> int:
    return 1


def _listed_both(a: Happening, b: Happening) -> bool:
    """Whether one telling lists both; this never separates several from a single, nor a claim's instant."""
    return a.teller is not None and a.teller == b.teller and a.single == b.single


def told_once(happenings: Iterable[Happening], same: Iterable[tuple[str, frozenset[str]]]) -> tuple[Happening, ...]:
    """Join the happenings that claims (by id) say are one: one node, one count, and what any knows (SEMANTICS 5).

    The network must tie their nodes together. The one with the least id stands for all.
    """
    group: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    for claim, ids in same:
        known = [group[one] for one in ids if one in group]
        whole = ids.union(*(members for members, _ in known))
        claims = frozenset({claim}).union(*(by for _, by in known))
        group.update(dict.fromkeys(whole, (whole, claims)))
    joined: dict[frozenset[str], list[Happening]] = {}
    for one in sorted(happenings, key=lambda one: one.id):
        joined.setdefault(group[one.id][0] if one.id in group else frozenset((one.id,)), []).append(one)
    return tuple(
        replace(reduce(_join, row), by=tuple(sorted(group[row[0].id][1]))) if len(row) > 1 else row[0]
        for row in joined.values()
    )


def _join(a: Happening, b: Happening) -> Happening:
    """Join two tellings of one; where they disagree what one happening cannot be both of is not known."""
    count = a.count.meet(b.count)
    clash = count.empty or any(one and other and one != other for one, other in zip(_kind(a), _kind(b), strict=True))
    return replace(
        a,
        torn=a.torn or ((*(a.tellings or (a.id,)), b.id) if clash else ()),
        scope=Scope(*(_agreed(one, other) for one, other in zip(a.scope.fields, b.scope.fields, strict=True))),
        route=_agreed(a.route, b.route),
        count=a.count.hull(b.count) if count.empty else count,
        dated=a.dated or b.dated,
        soft=a.soft and b.soft,
        tellings=tuple(sorted({*(a.tellings or (a.id,)), *(b.tellings or (b.id,))})),
    )


def _kind(one: Happening) -> tuple[str, str, str]:
    return one.scope.type, one.scope.substance, one.route


def _agreed(one: str, other: str) -> str:
    return "" if one and other and one != other else one or other
