"""Runs one call beside whatever its starter goes on with, or later in its place. Knows no database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import final


@final
class Abreast:
    """A call that runs in a thread. What it raises, also an interruption, is raised by `end`, in its starter.

    It begins apart from its making, so that whoever may have to stop it knows it before it runs.
    """

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="casefold-insert")

    def begin(self) -> None:
        """Have it run; an interruption that comes here may find it running already."""
        self._thread.start()

    def end(self) -> None:
        """Wait until it is over; raise what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error

    def stopped(self, stop: Callable[[], None]) -> None:
        """Have it stopped and wait until it is over, however it went; nothing where it never began."""
        if self._thread.is_alive():
            stop()
            self._thread.join()

    def _run(self) -> None:
        try:
            self._call()
        except BaseException as error:  # noqa: BLE001 (it belongs to the starter)
            self._error = error


@final
class Later:
    """A call that is made when its end is asked for."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.end = call

    def begin(self) -> None:
        """Not yet."""

    def stopped(self, stop: Callable[[], None]) -> None:
        """It has not begun."""
