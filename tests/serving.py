"""Runs `casefold` in children of one warmed process, each as a fresh program sees it. Knows no test.

A command spends nine tenths of its time on importing. Here one process imports everything once and waits; for each run
it forks, and the child has its own words, folder, environment and the three streams, and leaves by `cli.main`.
`python serving.py SOCKET` serves; `python serving.py SOCKET WORDS…` runs one command there and has its exit code.
"""

from __future__ import annotations

import array
import contextlib
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence

STREAMS = 3
WARM = (
    "cli", "events", "events.log", "events.batches", "migrations", "timeline", "timeline.reports",
    "timeline.reports.words", "timeline.views",
)  # fmt: skip
LIBRARIES = ("sqlite3", "sqlalchemy.dialects.sqlite", "alembic.command", "pendulum", "rich.progress")


def ask(
    where: str, words: Sequence[str], *, folder: str, env: Mapping[str, str], streams: Sequence[int] = (0, 1, 2)
) -> int:
    """Run one command in the server at this socket, on these three streams, and give its exit code."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(where)
        fds = array.array("i", streams)
        line.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
        with line.makefile("rwb") as talk:
            talk.write(json.dumps({"words": list(words), "folder": folder, "env": dict(env)}).encode() + b"\n")
            talk.flush()
            return int(talk.readline() or b"70")


def serve(where: str) -> None:
    """Take commands at this socket until the process that started the server is gone."""
    _warm()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.bind(f"{where}.new")
        line.listen(64)
        os.rename(f"{where}.new", where)  # noqa: PTH104 (the test that waits must never see it half made)
        line.settimeout(1)
        parent = os.getppid()
        while os.getppid() == parent:
            with contextlib.suppress(TimeoutError, ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            with contextlib.suppress(TimeoutError):
                asked, _ = line.accept()
                _answer(asked, line)


def _answer(asked: socket.socket, line: socket.socket) -> None:
    """Leave one command to a child that waits for a grandchild, so that the server takes the next one at once."""
    with asked:
        if os.fork():
            return
        line.close()
        asked.settimeout(None)
        _, held, _, _ = asked.recvmsg(1, socket.CMSG_SPACE(STREAMS * array.array("i").itemsize))
        fds = array.array("i")
        fds.frombytes(held[0][2])
        with asked.makefile("rwb") as talk:
            wanted = json.loads(talk.readline())
            child = os.fork()
            if not child:
                _become(wanted, fds)
            status = os.waitpid(child, 0)[1]
            talk.write(b"%d\n" % os.waitstatus_to_exitcode(status))
            talk.flush()
        os._exit(0)


def _become(wanted: Mapping[str, object], fds: Sequence[int]) -> None:
    """Be the program: its streams, folder, environment and words, and its way out."""
    code = 70
    try:
        for target, fd in enumerate(fds):
            os.dup2(fd, target)
        for name in ("stdin", "stdout", "stderr"):
            kept = getattr(sys, name)
            fresh = open(kept.fileno(), kept.mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            setattr(sys, name, fresh)
        os.chdir(str(wanted["folder"]))
        os.environ.clear()
        os.environ.update(wanted["env"])  # type: ignore[call-overload]
        time.tzset()
        sys.argv = ["casefold", *wanted["words"]]  # type: ignore[misc]
        signal.signal(signal.SIGINT, signal.default_int_handler)
        code = _run()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _run() -> int:
    import cli

    try:
        cli.main()
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(done.code is not None)
    except BaseException:  # noqa: BLE001 (as the interpreter would: a traceback, and 1)
        import traceback

        traceback.print_exc()
    return 1


def _warm() -> None:
    """Import what any command may need, from where the program finds it; nothing of it may run yet."""
    sys.path[:] = [place for place in sys.path if place != os.path.dirname(os.path.abspath(__file__))]  # noqa: PTH100, PTH120
    for name in (*WARM, *LIBRARIES):
        room = importlib.import_module(name)
        for each in pkgutil.iter_modules(getattr(room, "__path__", ()), f"{name}."):
            if name.startswith(("events", "timeline")):
                with contextlib.suppress(ImportError):
                    importlib.import_module(each.name)
    import gc

    gc.freeze()


if __name__ == "__main__":
    if len(sys.argv) == 2:
        serve(sys.argv[1])
    else:
        sys.exit(ask(sys.argv[1], sys.argv[2:], folder=os.getcwd(), env=os.environ))  # noqa: PTH109
