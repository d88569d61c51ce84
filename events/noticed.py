"""What was noticed about the place of a log while a command ran, for whoever prints it. Prints nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from events.errors import Problem

_NOTICED: Final[ContextVar[dict[Problem, None] | None]] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[dict[Problem, None]]:
    """Gather what is noticed while the body runs, each thing once.

    >>> with noticing() as noticed:
    ...     notice([Problem(what="others can read it"), Problem(what="others can read it")])
    >>> [str(one) for one in noticed]
    ['others can read it']
    """
    gathered: dict[Problem, None] = {}
    before = _NOTICED.set(gathered)
    try:
        yield gathered
    finally:
        _NOTICED.reset(before)


def notice(problems: Iterable[Problem]) -> None:
    """Note what a careful user should know; forgotten where nobody gathers."""
    gathered = _NOTICED.get()
    if gathered is not None:
        gathered.update(dict.fromkeys(problems))
