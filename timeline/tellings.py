"""Whether two tellings are of one happening: certainly distinct, certainly one, or may be one. Counts nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from itertools import combinations
from typing import final

from events.when import ANY, Bound
from timeline.happenings import NOTHING_DECLARED, Declared, Happening, Moment, Scope, Teller, gap
from timeline.network import Network


@final
class Tellings:
    """Answers for pairs of happenings of one network; keeps what it has found out."""

    def __init__(self, network: Network, declared: Declared = NOTHING_DECLARED) -> None:
        self.network = network
        self.declared = declared
        self._apart: dict[tuple[str, str], bool] = {}

    def apart(self, a: Happening, b: Happening) -> bool:
        """Whether the two are certainly distinct (SEMANTICS 5)."""
        key = (a.id, b.id) if a.id < b.id else (b.id, a.id)
        if key not in self._apart:
            self._apart[key] = _listed_both(a, b) or self._told_apart(a, b) or self._never_meet(a, b)
        return self._apart[key]

    @cached_property
    def _own(self) -> Mapping[str, Bound]:
        return self.network.bounds()

    def _told_apart(self, a: Happening, b: Happening) -> bool:
        kinds = ((a.scope.type, b.scope.type), (a.scope.substance, b.scope.substance), (a.route, b.route))
        if any(one and other and one != other for one, other in kinds):
            return True
        return self.declared.apart(a.scope.given_by, b.scope.given_by) or any(
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
        tellers = {one.teller for one in happenings}
        if len(tellers) <= 1 and None not in tellers and all(one.single for one in happenings):
            return ()
        ordered = sorted(happenings, key=lambda one: one.id)
        return tuple(
            (a.id, b.id) for a, b in combinations(ordered, 2) if a.single == b.single and not self.apart(a, b)
        )

    def overlaps(self, happenings: Sequence[Happening]) -> tuple[tuple[str, str], ...]:
        """Give the pairs (event of several, single) where the single may be among the several; by id."""
        ordered = sorted(happenings, key=lambda one: one.id)
        singles = [one for one in ordered if one.single]
        return tuple((m.id, s.id) for m in ordered if not m.single for s in singles if not self.apart(m, s))

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
        chosen: list[Happening] = []
        for _, row in order:
            if chosen:
                chosen.extend(one for one in row if all(self.apart(one, other) for other in chosen))
            else:
                chosen.extend(row)
        return tuple(sorted(chosen, key=lambda one: one.id))


def _one_each(_: Happening) -> int:
    return 1


def _listed_both(a: Happening, b: Happening) -> bool:
    """Whether one telling lists both; this never separates several from a single, nor a claim's instant."""
    return a.teller is not None and a.teller == b.teller and a.single == b.single


def told_once(happenings: Iterable[Happening], same: Iterable[frozenset[str]]) -> tuple[Happening, ...]:
    """Join the happenings that claims say are one: one node, one count, and what any of them knows (SEMANTICS 5).

    The network must tie their nodes together. The one with the least id stands for all.
    """
    group: dict[str, frozenset[str]] = {}
    for ids in same:
        whole = frozenset(ids).union(*(group.get(one, frozenset()) for one in ids))
        group.update(dict.fromkeys(whole, whole))
    joined: dict[frozenset[str], list[Happening]] = {}
    for one in sorted(happenings, key=lambda one: one.id):
        joined.setdefault(group.get(one.id, frozenset((one.id,))), []).append(one)
    return tuple(reduce(_join, row) for row in joined.values())


def _join(a: Happening, b: Happening) -> Happening:
    count = a.count.meet(b.count)
    known = Scope(*(one or other for one, other in zip(a.scope.fields, b.scope.fields, strict=True)))
    return replace(
        a,
        scope=known,
        route=a.route or b.route,
        count=a.count if count.empty else count,
        dated=a.dated or b.dated,
        tellings=tuple(sorted({*(a.tellings or (a.id,)), *(b.tellings or (b.id,))})),
    )
