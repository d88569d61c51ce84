"""Another process that looks at chunks of a log when it is asked: how it is started, asked and ended. Judges nothing.

It needs nothing of the program's main module, so that a notebook or a script may verify, too, wherever it does so.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from typing import IO, Any, Final, cast, final

from events.log.auditing.look import Asked, Looked, Looker

FAILURES: Final = (OSError, EOFError, pickle.PickleError)
"""What `Other.look` raises where the process has ended."""
_START: Final = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer);"
    " from events.log.auditing.others import serve; serve(sys.stdin.buffer, sys.stdout.buffer)"
)


@final
class Other:
    """Another process, with a connection to the log of its own; it ends with the one that started it."""

    def __init__(self, where: str, asked: Asked) -> None:
        """Start it isolated: nothing but what this process imports from, too, is on its path.

        Raises `OSError` where none can be started, also where an embedded Python does not know its own program.
        """
        piped = subprocess.PIPE
        self._process = subprocess.Popen(  # noqa: S603 (this very interpreter)
            [sys.executable or "", "-I", "-c", _START], stdin=piped, stdout=piped, stderr=subprocess.DEVNULL
        )
        self._asks = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        self._untold: list[Any] = [sys.path, (where, asked)]

    def __enter__(self) -> Other:
        """Give it."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def look(self, start: int, stop: int) -> Looked | None:
        """Have it look at a chunk, as `Looker.look` does. Raises one of `FAILURES` where it has ended."""
        while self._untold:
            _send(self._asks, self._untold.pop(0))
        _send(self._asks, (start, stop))
        return cast("Looked | None", _received(self._answers))


def serve(asks: IO[bytes], answers: IO[bytes]) -> None:
    """Be the other process: look at the chunks that are asked for, until nobody asks."""
    import gc

    from events.log.opening import open_log

    where, asked = _received(asks)
    looker = Looker(open_log(where).rows, asked)
    gc.disable()  # a chunk makes no circles, and half a million small values to be searched for them
    while True:
        try:
            start, stop = _received(asks)
        except EOFError:
            return
        _send(answers, looker.look(start, stop))


def _send(to: IO[bytes], value: Any) -> None:
    pickle.dump(value, to, pickle.HIGHEST_PROTOCOL)
    to.flush()


def _received(by: IO[bytes]) -> Any:
    return pickle.load(by)  # noqa: S301 (from the process that this one started, or was started by)
