"""What the log asks of a database, and which schema it must have: the seam between the dialects. Runs no SQL itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Final, Protocol

from events.errors import Problem, SchemaMismatch, Unavailable

if TYPE_CHECKING:
    from sqlalchemy import Engine

SCHEMAS: Final = ("0001", "0002")
"""The schema versions there have been, oldest first; the last one is the program's."""

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "cases": ("id", "name"),
    "event_types": ("id", "name", "version"),
    "event": (
        "position", "case_id", "case_position", "event_id", "type_id", "earliest", "latest", "recorded_at", "body",
        "leaf_hash",
    ),
    "disclosure": ("position", "field", "salt", "value"),
    "batch": ("n", "sha256", "name", "map_sha256", "first", "last", "loaded_at", "actor"),
    "tile": ("level", "index", "hash"),
    "checkpoint": ("size", "root", "note", "created_at"),
    "blob": ("sha256", "size", "data"),
    "timestamp": ("token_sha256", "size", "token", "received_at"),
}  # fmt: skip
"""The columns of the tables that grow, as `schema` has them (a test compares); importing that costs a command 0.2 s."""

Row = tuple[Any, ...]


class Clash(Exception):  # noqa: N818 (a signal between rooms, not a fault)
    """The id of an event to be inserted is taken in its case."""


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


class Writing(Protocol):
    """One transaction that holds the one writer's lock. SQL is written with `?` marks; faults are `Unavailable`."""

    abreast: bool
    """Whether `insert` may run in another thread, while this one sends nothing."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Give all rows of one query."""

    def insert(self, table: str, rows: Sequence[Row], *, abreast: bool = False) -> None:
        """Insert complete rows, in the order of `COLUMNS`, by the driver's fastest way. Raises `Clash`."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Take back what is done inside where it ends in `Clash`, and only that."""

    def interrupt(self) -> None:
        """Have the statement that another thread may be running end now."""

    def erasing(self) -> None:
        """Have what is deleted from here on overwritten, where the database can do that at once."""

    def commit(self) -> None:
        """Make it durable."""

    def rollback(self) -> None:
        """Take it all back."""


class Database(Protocol):
    """One database that holds, or is to hold, one log."""

    address: str
    """What opens it again, with the password if there is one: never printed."""
    where: str
    """How messages name it, without any password."""
    beside: str
    """How the names of files begin that belong to it, such as its key's."""
    beyond: str
    """What `scrub` cannot reach; empty where it reaches all that the database itself keeps."""
    warnings: list[Problem]
    """What a careful user should know about the place."""
    aside: bool
    """Whether what `create` made is not there for good yet: nothing was committed, and `discard` takes it away."""

    def state(self) -> str:
        """Give the schema version; empty where there is no log yet. Raises `Unavailable` where it is not ours."""

    def create(self) -> None:
        """Make an empty database, readable by its owner alone, where there is none; aside, until it is published."""

    def publish(self) -> None:
        """Put what was made aside in its place, durably; the first transaction that is committed does so by itself.

        Raises `Preceded` where another program was quicker.
        """

    def discard(self) -> None:
        """Take away what was made and is not there for good."""

    def settle(self) -> None:
        """Bring the place into the state that durable writing wants, once, outside any transaction."""

    def reading(self) -> Reading:
        """Open for reading."""

    def engine(self) -> Engine:
        """Give an engine for migrations, whose `begin` waits for, and takes, the one writer's lock."""

    def writing(self) -> AbstractContextManager[Writing]:
        """Wait for the one writer's lock, and hold one transaction; where the body fails, nothing of it is left."""

    def unavailable(self, error: BaseException) -> Unavailable:
        """Put a driver's error into one line for the user."""

    def faults(self, reading: Reading) -> Iterator[Problem]:
        """Give what the database itself can say is wrong: guards that are gone, pages, keys."""

    def copy_to(self, file: str) -> None:
        """Copy the whole log, as it stands at one instant, into an empty SQLite file, while others may write."""

    def scrub(self) -> bool:
        """Leave nothing of what was deleted in the place or beside it; whether that could be done."""

    def tidy(self) -> None:
        """Leave the place as it should be found, after writing."""

    def remove(self) -> None:
        """Take away what was made for a rehearsal."""


def check_schema(version: str, where: str) -> None:
    """Refuse a log that this program cannot read.

    >>> check_schema("9999", "a.db")
    Traceback (most recent call last):
    ...
    events.errors.SchemaMismatch: a.db was written by a newer Casefold (schema 9999, this one knows 0002); use that one
    """
    if version == SCHEMAS[-1]:
        return
    if version in SCHEMAS:
        raise SchemaMismatch(f"{where} has the older schema {version} (now {SCHEMAS[-1]}); run `casefold db upgrade`")
    raise SchemaMismatch(
        f"{where} was written by a newer Casefold (schema {version}, this one knows {SCHEMAS[-1]}); use that one"
    )
