"""The bounds of every instant measured from one of them, each made when it is asked for. Searches no graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar, final, overload

from events.when import Bound

T = TypeVar("T")


@final
class Reach(Mapping[str, Bound]):
    """Bounds of t_x - t_node by the name of x, from the distances to and from the node; None is no path.

    `index` numbers the names in order and may grow: later names are not in here.
    """

    __slots__ = ("_from", "_index", "_to")

    def __init__(self, index: Mapping[str, int], to: Sequence[int | None], back: Sequence[int | None]) -> None:
        """Keep the distances of as many names as there were."""
        self._index, self._to, self._from = index, to, back

    def __getitem__(self, name: str) -> Bound:
        """Give the bound of one instant; raises KeyError."""
        number = self._index[name]
        if number >= len(self._to):
            raise KeyError(name)
        low, high = self._to[number], self._from[number]
        return Bound(None if low is None else -low, high)

    @overload
    def get(self, name: str, /) -> Bound | None: ...
    @overload
    def get(self, name: str, /, default: Bound | T) -> Bound | T: ...
    def get(self, name: str, /, default: object = None) -> object:
        """Give the bound of one instant, or the default where there is none of that name."""
        number = self._index.get(name)
        if number is None or number >= len(self._to):
            return default
        low = self._to[number]
        return Bound(None if low is None else -low, self._from[number])

    def made(self) -> dict[str, Bound]:
        """Make every bound at once."""
        lows = [None if low is None else -low for low in self._to]
        return dict(zip(self, map(Bound, lows, self._from), strict=True))

    def __iter__(self) -> Iterator[str]:
        """Give the names in order."""
        return islice(self._index, len(self._to))

    def __len__(self) -> int:
        """Count the names."""
        return len(self._to)
