"""The part of a record that may matter to what is asked of a window. Counts nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, NamedTuple, final

from timeline.counting.happenings import Happening, Record, Scope, Window
from timeline.counting.placing import gaps_from, kept_places
from timeline.counting.tellings import Tellings
from timeline.network import Network

FEW: Final = 100
"""Up to so many happenings are all taken: choosing among them takes longer."""
FAR: Final = 1 << 62
"""An open upper end; an open lower end is its negative."""


def near(record: Record, window: Window, also: Iterable[str] = ()) -> Record:
    """Give a record without single happenings that are certainly outside of a window, where no claim counts them.

    Nothing in the window depends on them, but for their scopes: these divide a question, and one of each stays. So do
    the ones that `also` names. What is left is compared with one another but once.
    """
    if len(record.happenings) <= FEW or record.limits or record.closed:
        return record
    known = record.shared.get("near")
    if not isinstance(known, _Near) or known.happenings is not record.happenings:
        known = record.shared["near"] = _Near(record.happenings)
    extra = frozenset(known.places[one] for one in also if one in known.places)
    part = known.part
    if part is None or part.network is not record.network or (part.window, part.extra) != (window, extra):
        places = known.within(record, window) | known.always | extra
        happenings = tuple([record.happenings[place] for place in sorted(places)])
        shared = {"placed": kept_places(record), "tellings": Tellings.of(record).among(happenings)}
        part = known.part = _Part(record.network, window, extra, happenings, shared)
    return replace(record, happenings=part.happenings, shared=part.shared)


class _Part(NamedTuple):
    """What was taken for the last window: how many there were, and how much, is asked of one part."""

    network: Network
    window: Window
    extra: frozenset[int]
    happenings: tuple[Happening, ...]
    shared: dict[str, Any]


class _Ends(NamedTuple):
    """The lower ends by place, and the upper ends in order, with their places."""

    network: Network
    lows: list[int]
    highs: list[int]
    by_high: list[int]


@final
class _Near:
    """The happenings of a record by when they can be, as measured from the nodes that were asked for."""

    def __init__(self, happenings: tuple[Happening, ...]) -> None:
        self.happenings = happenings
        self.places = {one.id: place for place, one in enumerate(happenings)}
        scopes: dict[Scope, int] = {}
        for place, one in enumerate(happenings):
            scopes.setdefault(one.scope, place)
        self.always = {*scopes.values(), *(place for place, one in enumerate(happenings) if not one.single)}
        self.part: _Part | None = None
        self._known: dict[str, _Ends] = {}

    def within(self, record: Record, window: Window) -> set[int]:
        """Give the places of those that may lie after the start of a window and up to its end."""
        starts, ends = self._from(record, window.start.node), self._from(record, window.end.node)
        later = starts.by_high[bisect_right(starts.highs, window.start.shift) :]
        return {place for place in later if ends.lows[place] <= window.end.shift}

    def _from(self, record: Record, node: str) -> _Ends:
        found = self._known.get(node)
        if found is None or found.network is not record.network:
            bounds = gaps_from(record, node, self.happenings)
            lows = [-FAR if each.lo is None else each.lo for each in bounds]
            highs = [FAR if each.hi is None else each.hi for each in bounds]
            order = sorted(range(len(highs)), key=highs.__getitem__)
            found = self._known[node] = _Ends(record.network, lows, [highs[place] for place in order], order)
        return found
