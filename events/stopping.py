"""How SIGINT and SIGTERM break a command off, and what to say of it then. Ends no process, and prints nothing."""

from __future__ import annotations

import os
import signal
import sys
from contextvars import Context, ContextVar
from typing import Final, NamedTuple, final

AGAIN: Final = 0.05
"""Seconds after which a command that goes on all the same is broken off once more."""
WRITTEN: Final[ContextVar[bool]] = ContextVar("written", default=False)
"""Whether something stands that an interruption does not take back: a transaction, a file in its place."""


class Terminated(BaseException):
    """The process was asked to end (SIGTERM)."""


class BrokenOff(NamedTuple):
    """How a command was broken off, in a word, and the exit code that says so."""

    how: str
    code: int


INTERRUPTED: Final = BrokenOff("interrupted", 130)
TERMINATED: Final = BrokenOff("terminated", 143)


@final
class Stop:
    """Breaks the command off at a signal, by `KeyboardInterrupt` or `Terminated`; `told` is how, None where it was not.

    What a signal raises inside a callback, such as one that SQLite asks, comes to nothing, or to another fault. So it
    is raised again until it is being handled; what then ends the command is not disturbed a second time.
    """

    def __init__(self) -> None:
        self.told: BrokenOff | None = None
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as under nohup
            signal.signal(signal.SIGINT, self._come)
        signal.signal(signal.SIGTERM, self._come)
        sys.unraisablehook = self._swallowed

    def said(self, context: Context) -> tuple[list[str], int]:
        """Give the line that says how it was broken off, and whether what it wrote in its context stands; and the code.

        From here on signals change nothing.
        """
        self.deaf()
        how, code = self.told or INTERRUPTED
        stands = context.get(WRITTEN, False)
        return [f"casefold: {how}; {'what was written stands' if stands else 'nothing was written'}"], code

    def deaf(self) -> None:
        """Have a signal that comes now change nothing: there is nothing left to break off."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)

    def _come(self, number: int, _: object) -> None:
        if self.told is None:
            self.told = INTERRUPTED if number == signal.SIGINT else TERMINATED
            if os.name == "posix":
                signal.signal(signal.SIGALRM, self._again)
                signal.setitimer(signal.ITIMER_REAL, AGAIN, AGAIN)
        self._again()

    def _again(self, *_: object) -> None:
        """Raise it, but while it is being handled, a commit is under way (`uninterrupted`), or all is done."""
        error = sys.exc_info()[1]
        while error is not None and not isinstance(error, KeyboardInterrupt | Terminated):
            error = error.__context__
        if error is None and signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
            raise KeyboardInterrupt if self.told is INTERRUPTED else Terminated

    def _swallowed(self, what: sys.UnraisableHookArgs) -> None:
        """Keep quiet of a break-off that came to nothing: it is raised again."""
        if not isinstance(what.exc_value, KeyboardInterrupt | Terminated):
            sys.__unraisablehook__(what)
