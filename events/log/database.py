"""What the log asks of a database, and which schema it must have: the seam between the dialects. Runs no SQL itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final, Protocol

from events.errors import Problem, SchemaMismatch, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table

SCHEMAS: Final = ("0001",)
"""The schema versions there have been, oldest first; the last one is the program's."""

Row = tuple[Any, ...]


class Reading(Protocol):
    """A read-only connection: no statement sent through it can change the log. SQL is written with `?` marks."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of one query."""

    def begin(self) -> None:
        """Hold one snapshot for several queries, until `end`."""

    def end(self) -> None:
        """Let the snapshot go."""

    def close(self) -> None:
        """Give the connection back."""


class Database(Protocol):
    """One database that holds, or is to hold, one log."""

    where: str
    """How messages name it, without any password."""
    warnings: list[Problem]
    """What a careful user should know about the place."""

    def state(self) -> str:
        """Give the schema version; empty where there is no log yet. Raises `Unavailable` where it is not ours."""

    def create(self) -> None:
        """Make an empty database, readable by its owner alone, where there is none."""

    def settle(self) -> None:
        """Bring the place into the state that durable writing wants, once, outside any transaction."""

    def reading(self) -> Reading:
        """Open for reading."""

    def engine(self) -> Engine:
        """Give an engine whose `begin` waits for, and takes, the one writer's lock."""

    def insert(self, connection: Connection, table: Table, rows: Sequence[Row]) -> None:
        """Insert complete rows, in the order of the table's columns, by the driver's fastest way."""

    def rows(self, connection: Connection, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of one query inside the writer's transaction. SQL is written with `?` marks."""

    def savepoint(self, connection: Connection) -> AbstractContextManager[None]:
        """Take back what is done inside where it fails, and only that."""

    def clash(self, error: BaseException) -> bool:
        """Whether a driver's error says that an event's id is taken in its case."""

    def unavailable(self, error: BaseException) -> Unavailable:
        """Put a driver's error into one line for the user."""

    def faults(self, reading: Reading) -> Iterator[Problem]:
        """Give what the database itself can say is wrong: guards that are gone, pages, keys."""

    def tidy(self) -> None:
        """Leave the place as it should be found, after writing."""

    def remove(self) -> None:
        """Take away what was made for a rehearsal."""


def check_schema(version: str, where: str) -> None:
    """Refuse a log that this program cannot read.

    >>> check_schema("9999", "a.db")
    Traceback (most recent call last):
    ...
    events.errors.SchemaMismatch: a.db was written by a newer Casefold (schema 9999, this one knows 0001); use that one
    """
    if version == SCHEMAS[-1]:
        return
    if version in SCHEMAS:
        raise SchemaMismatch(f"{where} has the older schema {version} (now {SCHEMAS[-1]}); run `casefold db upgrade`")
    raise SchemaMismatch(
        f"{where} was written by a newer Casefold (schema {version}, this one knows {SCHEMAS[-1]}); use that one"
    )
