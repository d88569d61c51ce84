"""Any fault as lines for a user, and the exit code it means: the one place of DESIGN 10's table. Prints nothing."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from typing import Final

from events.errors import BAD_INPUT, BadInput, CasefoldError, Problem, reason
from timeline.reports.escape import one_line

MOST_LINES: Final = 20
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL: Final = "make room for it, or name another place; what stood there is as it was"


def lines_of(error: BaseException) -> tuple[list[str], int]:
    """Give the lines of a fault, at most 20, and its exit code."""
    if isinstance(error, BadInput):
        return prefixed([str(problem) for problem in error.problems]), error.exit_code
    if isinstance(error, CasefoldError):
        return prefixed([str(error)]), error.exit_code
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        return prefixed([f"{name}{reason(error)}; {_advice(error)}"]), BAD_INPUT
    kind = f"{type(error).__name__}: {error}"
    advice = "run it again with CASEFOLD_DEBUG=1 and report what it prints"
    return prefixed([f"a fault of Casefold's own, {kind}; {advice}"]), BAD_INPUT


def _advice(error: OSError) -> str:
    if isinstance(error, IsADirectoryError):
        return "name a file in it"
    return _FULL if error.errno in _NO_ROOM else "check the name and your rights to it"


def warnings_of(warnings: Sequence[Problem]) -> list[str]:
    """Give warnings as lines, at most 20."""
    return prefixed([f"warning: {warning}" for warning in warnings], "--json lists them all")


def prefixed(lines: Sequence[str], more: str = "mend these first") -> list[str]:
    r"""Give lines as they stand on standard error: each one line, visible, after the program's name; at most 20.

    >>> prefixed(["a\nb"])
    ['casefold: a b']
    """
    shown = (
        list(lines)
        if len(lines) <= MOST_LINES
        else [*lines[: MOST_LINES - 1], f"… and {len(lines) - MOST_LINES + 1:,} more; {more}"]
    )
    return [f"casefold: {one_line(line)}" for line in shown]
