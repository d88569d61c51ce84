"""A stretch that signals wait for: what has begun to be made durable is not called off half-way. Writes nothing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let a commit that has begun end: an interruption that comes so late must not say that nothing was written."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    was = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in was.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
