"""The heads of the cases a batch touches: id, events so far, last leaf hash; bounded however many cases there are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final, final

from events.log.database import Row

KEPT: Final = 50_000
"""Cases in the younger half of the store; twice as many are kept at most, between slices."""
ASKED: Final = 500
NO_LEAF: Final = b""

Rows = Callable[[str, tuple[Any, ...]], list[Row]]


@final
class Head:
    """The head of one case: its row id (0: no row yet), how many events it has, the leaf hash of the last."""

    __slots__ = ("count", "id", "prev")

    def __init__(self, number: int, count: int, prev: bytes) -> None:
        self.id = number
        self.count = count
        self.prev = prev


@final
class Heads:
    """Heads by case name; what a slice needs is read in a few queries, and what was not touched lately is let go."""

    def __init__(self, rows: Rows, next_id: int) -> None:
        self.next_id = next_id
        self._rows = rows
        self._young: dict[str, Head] = {}
        self._old: dict[str, Head] = {}

    def of(self, names: Collection[str]) -> dict[str, Head]:
        """Give the heads of these cases, for one slice to move forward."""
        if len(self._young) > KEPT:
            self._old, self._young = self._young, {}
        missing = []
        for name in names:
            if name not in self._young:
                if name in self._old:
                    self._young[name] = self._old.pop(name)
                else:
                    missing.append(name)
        self._read(missing)
        return {name: self._young[name] for name in names}

    def one(self, name: str) -> Head:
        """Give the head of one case."""
        return self.of((name,))[name]

    def _read(self, names: list[str]) -> None:
        for start in range(0, len(names), ASKED):
            asked = names[start : start + ASKED]
            marks = ", ".join("?" * len(asked))
            found = self._rows(
                "SELECT c.name, c.id, e.case_position, e.leaf_hash FROM cases c JOIN event e ON e.case_id = c.id"
                " AND e.case_position = (SELECT max(case_position) FROM event WHERE case_id = c.id)"
                f" WHERE c.name IN ({marks})",
                tuple(asked),
            )
            for name in asked:
                self._young[name] = Head(0, 0, NO_LEAF)
            for name, number, count, prev in found:
                self._young[name] = Head(number, count, bytes(prev))
