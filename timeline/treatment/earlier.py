"""Which of many events certainly was the last before an instant, and how long before. Words nothing.

An instant that no statement ties to them lies from each as their own bounds do: the one with the latest end that is not
after it is the last, and need not be looked for among all of them. Those that are tied to it are asked one by one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import final

from events.when import ANY, Bound
from timeline.network import Network


@final
class Earlier:
    """Events by their nodes, sorted once to be asked of many instants."""

    def __init__(self, network: Network, nodes: Mapping[str, str]) -> None:
        self.network, self.nodes = network, nodes
        self.own = network.bounds()
        ends = ((self.own.get(node, ANY).hi, one) for one, node in nodes.items())
        self.ended = sorted((hi, one) for hi, one in ends if hi is not None)
        self.highs = [hi for hi, _ in self.ended]
        self.tied: dict[int | str, list[str]] = {}
        for one, node in nodes.items():
            self.tied.setdefault(network.group(node), []).append(one)

    def last(self, node: str) -> tuple[str, Bound] | None:
        """Give the one that was the shortest time before the instant of a node, at least; the first by id of several.

        None where none of them certainly was at or before it.
        """
        tied = self.tied.get(self.network.group(node), [])
        found = ((one, self.network.between(self.nodes[one], node)) for one in (*tied, *self._free(node, {*tied})))
        sure = [(elapsed.lo, one, elapsed) for one, elapsed in found if elapsed.lo is not None and elapsed.lo >= 0]
        _, one, elapsed = min(sure, default=(0, "", ANY))
        return (one, elapsed) if one else None

    def _free(self, node: str, tied: set[str]) -> list[str]:
        """Give the first by id of those with the latest end at or before the instant; of those that are not tied."""
        low = self.own.get(node, ANY).lo
        until = 0 if low is None else bisect_right(self.highs, low)
        while until:
            begin = bisect_left(self.highs, self.highs[until - 1])
            free = [one for _, one in self.ended[begin:until] if one not in tied]
            if free:
                return free[:1]
            until = begin
        return []
