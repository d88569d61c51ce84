"""Hands one command to the process that runs them (tests/serving.py), for scripts. Imports as little as it can.

`python -I -S handing.py SOCKET WORDS…` has the command's exit code; it is started once for every command of a script,
so that what the standard library's `socket` imports would be a third of its time.
"""

import _socket
import array
import json
import os
import sys


def main() -> int:
    """Hand over the words of this command, and give its exit code."""
    with_streams = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, array.array("i", (0, 1, 2)))]
    wanted = {"words": sys.argv[2:], "folder": os.getcwd(), "env": dict(os.environ)}  # noqa: PTH109 (pathlib is slow)
    line = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    line.connect(sys.argv[1])
    line.sendmsg([b"!"], with_streams)
    line.sendall(json.dumps(wanted).encode() + b"\n")
    return int(line.recv(16) or b"70")


if __name__ == "__main__":
    sys.exit(main())
