"""The faults Casefold speaks of: `Problem` for data, one tree of exceptions for callers and users. Prints nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, final

import msgspec

DONE = 0
NOT_HELD = 1
BAD_INPUT = 2
UNAVAILABLE = 3
OVERTAKEN = 4

LONGEST: Final = 600
"""The longest words of a fault, in characters: what it is about may be a megabyte."""


def short(words: str) -> str:
    """Give the words of a fault, their middle left out where they are long.

    >>> len(short("x" * 1_000_000))
    600
    """
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 202]} … {words[-199:]}"


def quoted(value: object) -> str:
    """Give a value as whoever wrote it knows it: text in quotation marks, anything else as JSON.

    >>> quoted("a"), quoted(None), quoted({"b": [True]})
    ("'a'", 'null', '{"b":[true]}')
    """
    if isinstance(value, str):
        return repr(value)
    try:
        return msgspec.json.encode(value).decode()
    except (TypeError, ValueError, OverflowError):
        return repr(value)


def reason(error: OSError) -> str:
    """Give in words why the system refused a file: its own words, but for a folder.

    >>> reason(IsADirectoryError(21, "Is a directory")), reason(PermissionError(13, "Permission denied"))
    ('it is a folder', 'Permission denied')
    """
    return "it is a folder" if isinstance(error, IsADirectoryError) else error.strerror or str(error)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault in data: where it stands, what is wrong, and what to write instead.

    >>> print(Problem(file="a", line=3, field="when", what="24:00 is no time", instead="write 00:00 of the day after"))
    a:3: when: 24:00 is no time; write 00:00 of the day after
    """

    file: str = ""
    line: int = 0
    field: str = ""
    what: str
    instead: str = ""

    def __post_init__(self) -> None:
        if len(self.what) > LONGEST:
            object.__setattr__(self, "what", short(self.what))

    def __str__(self) -> str:
        place = ":".join(part for part in (self.file, str(self.line) if self.line else "") if part)
        head = ": ".join(part for part in (place, self.field) if part)
        words = "; ".join(part for part in (self.what, self.instead) if part)
        return f"{head}: {words}" if head else words


class CasefoldError(Exception):
    """The root of every fault a user may meet; each child knows its exit code."""

    exit_code = BAD_INPUT


class BadInput(CasefoldError):
    """Input that cannot be taken as it stands; nothing was written. Exit code 2."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Fault(CasefoldError):
    """A text that does not say what it should: `what` is wrong, and what to write `instead`. Exit code 2.

    `within` is where in the checked value it stands, dotted; empty where the whole of it is at fault.

    >>> str(Fault("24:00 is not a time", "write 00:00 of the next day"))
    '24:00 is not a time; write 00:00 of the next day'
    """

    def __init__(self, what: str, instead: str = "", *, within: str = "") -> None:
        what = short(what)
        super().__init__("; ".join(part for part in (what, short(instead)) if part))
        self.what = what
        self.instead = short(instead)
        self.within = within

    def inside(self, name: str) -> Fault:
        """Give the same fault of the value that this one stands in, under a name.

        >>> Fault("'foun' is not a standing", within="standing").inside("source").within
        'source.standing'
        """
        return Fault(self.what, self.instead, within=f"{name}.{self.within}" if self.within else name)

    def problem(self, *, file: str = "", line: int = 0, field: str = "") -> Problem:
        """Give the same fault as a value, with its place."""
        path = ".".join(part for part in (field, self.within) if part)
        return Problem(file=file, line=line, field=path, what=self.what, instead=self.instead)


class NotHeld(CasefoldError):
    """What was checked did not hold. Exit code 1."""

    exit_code = NOT_HELD


class Unavailable(CasefoldError):
    """The database is missing, busy or unreachable. Exit code 3."""

    exit_code = UNAVAILABLE


class SchemaMismatch(Unavailable):
    """The database's schema is newer or older than the program's. Exit code 3."""


class Overtaken(CasefoldError):
    """A concurrent writer got there first (`--expect`). Exit code 4."""

    exit_code = OVERTAKEN


class Preceded(Overtaken):
    """Another program made the log at a place while this one was about to; nothing was written. Exit code 4."""

    def __init__(self, where: str) -> None:
        super().__init__(f"another program made {where} meanwhile, and nothing was written; run the command again")
