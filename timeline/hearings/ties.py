"""Which nodes of a network are tied to one another otherwise than through its origin. Knows no bounds and no paths."""

from __future__ import annotations

from typing import final


@final
class Ties:
    """Groups of nodes by number; node 0, the origin, ties nothing.

    Two nodes of different groups are independent: every path between them leads through the origin. Ties that are gone
    may still show, which is sound.

    >>> ties = Ties()
    >>> ties.append(), ties.append(), ties.append()
    (None, None, None)
    >>> ties.tie(1, 3)
    >>> ties.tied(3, 1), ties.tied(2, 1)
    (True, False)
    """

    __slots__ = ("_above",)

    def __init__(self) -> None:
        self._above = [0]

    def append(self) -> None:
        """Add the next node, tied to none."""
        self._above.append(len(self._above))

    def cut(self, size: int) -> None:
        """Forget the nodes after the first `size`."""
        del self._above[size:]

    def copy(self) -> Ties:
        """Give the same ties, to be changed apart from these."""
        other = Ties()
        other._above = self._above.copy()
        return other

    def tie(self, a: int, b: int) -> None:
        """Tie two nodes; the least number of a group stands for it, so that the greatest can be forgotten first."""
        a, b = self._top(a), self._top(b)
        if a != b:
            self._above[max(a, b)] = min(a, b)

    def tied(self, a: int, b: int) -> bool:
        """Whether two nodes are of one group."""
        return self._top(a) == self._top(b)

    def group(self, node: int) -> int:
        """Give the number that stands for a node's group."""
        return self._top(node)

    def _top(self, node: int) -> int:
        above = self._above
        while above[node] != node:
            above[node] = node = above[above[node]]
        return node
