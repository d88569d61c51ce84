"""The bounds of every instant measured from one of them, each made when it is asked for. Searches no graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import final

from events.when import Bound


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

    def __iter__(self) -> Iterator[str]:
        """Give the names in order."""
        return islice(self._index, len(self._to))

    def __len__(self) -> int:
        """Count the names."""
        return len(self._to)
