"""What kept views ask of the place they lie in: the seam between the databases. Runs no SQL and opens no file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from timeline.kept.rows import Row
from timeline.kept.tables import Table

Rows = Callable[..., list[tuple[Any, ...]]]
"""Gives all rows of one query: SQL with `?` marks, and its parameters."""

Check = Callable[[], None]
"""Raises `Moved` where what is about to be kept must not be."""


class Damaged(Exception):  # noqa: N818 (a signal between rooms, not a fault)
    """What lies in the place is not what is kept there, or can no longer be read: it is discarded, never mended."""


class Absent(Damaged):
    """Nothing is kept there yet."""


class Moved(Exception):  # noqa: N818 (a signal between rooms, not a fault)
    """Another program, or a redaction, put something else into the place meanwhile: begin again."""


class Keeping(Protocol):
    """One transaction that holds the lock of those who keep; what is not committed was never there."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of one query."""

    def insert(self, table: Table, rows: Iterable[Row]) -> None:
        """Insert rows in the order of the table's columns."""

    def commit(self, check: Check) -> None:
        """Keep it, if `check`, called under the lock, raises nothing. Raises `Moved` where others moved the place."""


class Place(Protocol):
    """Where kept views of one log lie. Every fault is `Unavailable`, `Damaged` or `Moved`."""

    where: str
    """How messages name it, without any password."""

    def reading(self) -> AbstractContextManager[Rows | None]:
        """Hold one state for several queries; None where nothing is kept yet. Raises `Damaged`."""

    def keeping(self) -> AbstractContextManager[Keeping]:
        """Wait for the lock, and change what is kept. Raises `Damaged`, and `Absent` where nothing is."""

    def anew(self) -> AbstractContextManager[Keeping]:
        """Make empty tables aside, which take the place of what is kept only when they are committed."""
