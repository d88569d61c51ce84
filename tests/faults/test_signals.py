"""Signals at awkward moments: one line, the exit code that says it, and never a word that is not so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
BOTH = pytest.mark.parametrize(
    ("number", "code", "how"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
SWALLOWED = """
import contextvars, os, sys, time
from events import stopping
class Swallows:
    def __del__(self):
        os.kill(os.getpid(), int(sys.argv[1]))
        time.sleep(0)
stop = stopping.Stop()
try:
    one = Swallows()
    del one
    print("goes on", flush=True)
    time.sleep(30)
except BaseException:
    time.sleep(3 * stopping.AGAIN)
    print("cleared away", flush=True)
    lines, code = stop.said(contextvars.copy_context())
    print(*lines, file=sys.stderr)
    sys.exit(code)
"""
ANOTHER_FAULT = """
import cli, os, sqlite3, sys
def asked(*_):
    os.kill(os.getpid(), int(sys.argv[1]))
    return sqlite3.SQLITE_OK
def run(_):
    connection = sqlite3.connect(":memory:")
    connection.set_authorizer(asked)
    connection.execute("SELECT 1")
cli._run = run
cli.main()
"""
BUSY = """
import cli, os, sys, threading, time
def run(_):
    threading.Thread(target=time.sleep, args=(45,)).start()
    os.kill(os.getpid(), int(sys.argv[1]))
cli._run = run
cli.main()
"""
TOLD = """
import cli, os, signal, sys
from events import stopping
from events.stopping import WRITTEN
was = stopping.Stop.said
def said(self, context):
    lines = was(self, context)
    os.kill(os.getpid(), signal.SIGTERM)
    return lines
stopping.Stop.said = said
def run(_):
    if sys.argv[1]:
        WRITTEN.set(True)
    os.kill(os.getpid(), signal.SIGINT)
cli._run = run
cli.main()
"""


def ran(code: str, *words: object, **env: str) -> tuple[int, str, str]:
    """Give exit code, standard output and standard error of a program."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)],
        env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@BOTH
def test_one_that_a_callback_swallows_comes_again_and_disturbs_no_clearing_away(
    number: int, code: int, how: str
) -> None:
    done = ran(SWALLOWED, int(number))
    assert done == (code, "goes on\ncleared away\n", f"casefold: {how}; nothing was written\n")


@BOTH
def test_one_that_turns_into_another_fault_is_told_as_what_it_was(number: int, code: int, how: str) -> None:
    assert ran(ANOTHER_FAULT, int(number)) == (code, "", f"casefold: {how}; nothing was written\n")


@BOTH
def test_no_thread_that_is_still_at_work_is_waited_for(number: int, code: int, how: str) -> None:
    begun = time.monotonic()
    assert ran(BUSY, int(number)) == (code, "", f"casefold: {how}; nothing was written\n")
    assert time.monotonic() - begun < 40


@pytest.mark.parametrize(("written", "stands"), [("", "nothing was written"), ("yes", "what was written stands")])
def test_what_was_written_is_said_and_a_second_signal_changes_nothing(written: str, stands: str) -> None:
    assert ran(TOLD, written) == (130, "", f"casefold: interrupted; {stands}\n")
