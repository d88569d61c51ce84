"""Whether two tellings are of one happening: certainly distinct, certainly one, or may be one. Counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cached_property, reduce
from operator import attrgetter, itemgetter
from typing import Any, Final, final

from msgspec.structs import replace

from events.when import ANY, EARLIEST, LATEST, Bound
from timeline.counting.happenings import NOTHING_DECLARED, Declared, Happening, Moment, Record, Scope, Teller, gap
from timeline.counting.neighbours import Neighbours, Pairs, Spanned
from timeline.network import Network

_ID: Final = attrgetter("id")
FEW: Final = 4
"""One in so many of all that are known is few enough to be compared by themselves."""
HALF: Final = 2
"""The same of a part that many questions are asked of: it is compared as a whole once."""


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
        self._at_once = False

    @classmethod
    def of(cls, record: Record) -> Tellings:
        """Give the tellings of a record, or of a larger one that it is a part of."""
        known = record.shared.get("tellings")
        return known if isinstance(known, cls) else cls(record.network, record.declared)

    @classmethod
    def share(cls, record: Record) -> None:
        """Let the questions of a record, and of its parts, compare its happenings but once."""
        record.shared["tellings"] = cls(record.network, record.declared, record.told)

    def among(self, some: Sequence[Happening]) -> Tellings:
        """Give the tellings of a part of all, compared as a whole: with all, where they are many, once for good."""
        if not self.everyone or self._few(some, HALF):
            return Tellings(self.network, self.declared, some)
        self._at_once = True
        return self

    def apart(self, a: Happening, b: Happening) -> bool:
        """Whether the two are certainly distinct (SEMANTICS 5)."""
        key = (a.id, b.id) if a.id < b.id else (b.id, a.id)
        if key not in self._apart:
            self._apart[key] = _listed_both(a, b) or self._told_apart(a, b) or self._never_meet(a, b)
        return self._apart[key]

    def sharing(self, some: Iterable[Happening], others: Iterable[Happening]) -> list[Happening]:
        """Give those of some that may tell of some of the same as one of the others; all of them events of several."""
        rows, columns = ([one for one in each if not one.single] for each in (some, others))
        return _beside(self._sharing([*rows, *columns]), rows, columns) if rows and columns else []

    def may_share(self, happenings: Iterable[Happening]) -> Pairs:
        """Give the pairs of events of several that may tell of some of the same, also where one telling lists both."""
        return _pairs(self._sharing(several := [one for one in happenings if not one.single]), several)

    def _sharing(self, several: Iterable[Happening]) -> Neighbours:
        """Compare events of several: only exact counts of one period are different rows of a telling (SEMANTICS 6)."""
        return Neighbours(
            map(self._placed, several),
            self.declared,
            telling=lambda one: (one.teller, one.ends) if one.teller is not None and one.exact else None,
            differ=self._told_apart,
            apart=self._never_meet,
            tied=self.network.group,
        )

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

    def may_be_one(self, happenings: Sequence[Happening]) -> Pairs:
        """Give the pairs of singles, and of events of several, that may be one or share happenings; by id."""
        near = self._near(happenings)
        return _pairs(near, *([one for one in happenings if one.single is single] for single in (True, False)))

    def overlaps(self, happenings: Sequence[Happening]) -> Pairs:
        """Give the pairs (event of several, single) where the single may be among the several; by id."""
        near = self._near(happenings)
        group = near.rows.group(near.places[one.id] for one in happenings if one.single)
        several = sorted(near.places[one.id] for one in happenings if not one.single)
        return Pairs(near.names, near.rows, [(place, group) for place in several])

    def touching(self, some: Iterable[Happening], others: Iterable[Happening]) -> list[Happening]:
        """Give those of some that are not certainly distinct from all the others, which are not among them."""
        rows, columns = list(some), list(others)
        return _beside(self._near([*rows, *columns]), rows, columns) if rows and columns else []

    def beside(self, happenings: Sequence[Happening]) -> Callable[[int], int]:
        """Give, for the place of one, the mask of the places of those that it is not certainly distinct from.

        The happenings are in the order of their ids.
        """
        near = self._near(happenings)
        if near.names != [one.id for one in happenings]:
            near = self._compared(happenings)
        return near.rows.mask

    def _near(self, happenings: Sequence[Happening]) -> Neighbours:
        """Compare all that may be asked of, once; or only these, where they are few."""
        if not self.everyone or self._few(happenings, FEW):
            return self._compared(happenings)
        self._at_once = True
        return self._neighbours

    def _few(self, happenings: Sequence[Happening], one_in: int) -> bool:
        return not self._at_once and one_in * len(happenings) < len(self.everyone)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return self._compared(self.everyone)

    def _compared(self, happenings: Iterable[Happening]) -> Neighbours:
        return Neighbours(
            map(self._placed, happenings),
            self.declared,
            telling=_telling,
            differ=self._told_apart,
            apart=self._never_meet,
            tied=self.network.group,
        )

    def _placed(self, one: Happening) -> Spanned:
        if not one.dated:
            return Spanned(EARLIEST, LATEST, one)
        low, high = self._own.get(one.first, ANY).lo, self._own.get(one.last, ANY).hi
        return Spanned(EARLIEST if low is None else low, LATEST if high is None else high, one)

    def largest(
        self, happenings: Iterable[Happening], weigh: Callable[[Happening], int] | None = None
    ) -> tuple[Happening, ...]:
        """Give a large set of pairwise certainly distinct happenings, greedily from the teller with most; by id.

        `weigh` says how much each is worth where that is not one.
        """
        rows: dict[tuple[Teller | str, bool], list[Happening]] = {}
        for one in sorted(happenings, key=_ID):
            rows.setdefault((one.id if one.teller is None else one.teller, one.single), []).append(one)
        worth = weigh or _one_each
        order = sorted(rows.items(), key=lambda row: (-sum(map(worth, row[1])), str(row[0])))
        if len(order) == 1:
            return tuple(order[0][1])
        near = self._near([one for _, row in order for one in row])
        chosen = [*order[0][1]] if order else []
        for _, row in order[1:]:
            taken = near.rows.group(near.places[one.id] for one in chosen)
            chosen += [one for one in row if not near.rows.meets(near.places[one.id], taken)]
        return tuple(sorted(chosen, key=_ID))


def _pairs(near: Neighbours, *kinds: Sequence[Happening]) -> Pairs:
    """Give the pairs within each kind, by id."""
    wanted: list[tuple[int, Any]] = []
    for kind in kinds:
        group = near.rows.group(near.places[one.id] for one in kind)
        wanted += [(near.places[one.id], group) for one in kind]
    return Pairs(near.names, near.rows, sorted(wanted, key=itemgetter(0)), once=True)


def _beside(near: Neighbours, some: Sequence[Happening], others: Sequence[Happening]) -> list[Happening]:
    """Give those of some that are beside any of the others."""
    group = near.rows.group(near.places[one.id] for one in others)
    return [one for one in some if near.rows.meets(near.places[one.id], group)]


def _telling(one: Happening) -> Hashable:
    """Name the telling that lists an event, apart for singles; None for a claim's instant, which none lists."""
    return None if one.teller is None else (one.teller, one.single)


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
    in_order = sorted(happenings, key=_ID)
    for claim, ids in same:
        known = [group[one] for one in ids if one in group]
        whole = ids.union(*(members for members, _ in known))
        claims = frozenset({claim}).union(*(by for _, by in known))
        group.update(dict.fromkeys(whole, (whole, claims)))
    if not group:
        return tuple(in_order)
    joined: dict[frozenset[str], list[Happening]] = {}
    for one in in_order:
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
