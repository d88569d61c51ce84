"""Whether a time stamp was signed by somebody whom a certificate vouches for: asks openssl, offline. Reads no log."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from events.errors import Fault, NotHeld, Unavailable
from events.log.stamps.token import read_token

NO_OPENSSL: Final = "openssl is not installed here, and it is what checks the signature of a time stamp"
NO_CA: Final = "no certificate of the authority was given (--ca FILE), so anybody could have made the time stamp"
SECONDS: Final = 30


def not_checked(ca: str) -> str:
    """Say why the signature of a time stamp cannot be checked; empty where it can. Raises `Fault` for no such file."""
    if not ca:
        return NO_CA
    if not Path(ca).is_file():
        raise Fault(f"there is no file of certificates at {ca}", "name a PEM file with --ca")
    return "" if shutil.which("openssl") else NO_OPENSSL


def check_signature(token: bytes, text: bytes, ca: str) -> None:
    """Have openssl check a token over a text, with the certificates of `ca` (PEM), as of the time it says.

    Whether a certificate was revoked since is not asked: that would need the network. Raises `NotHeld`, `Unavailable`.
    """
    seconds = str(read_token(token).at // 1_000_000)
    with tempfile.TemporaryDirectory(prefix="casefold-stamp-") as folder:
        named, data = Path(folder, "token"), Path(folder, "note")
        named.write_bytes(token)
        data.write_bytes(text)
        own = Path(ca).absolute()
        words = ("ts", "-verify", "-in", named, "-token_in", "-data", data, "-CAfile", own, "-attime", seconds)
        program = shutil.which("openssl") or "openssl"
        try:
            done = subprocess.run([program, *words], capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"openssl could not be run: {error}") from error
    if done.returncode:
        raise NotHeld(f"the signature of the time stamp does not hold: {_reason(done.stderr.decode(errors='replace'))}")


def _reason(said: str) -> str:
    """Give the last thing that openssl names as a reason."""
    lines = [line for line in said.splitlines() if ":error:" in line or line.startswith("error:")]
    words = [part for line in lines for part in line.split(":")[4:6] if part and not part.endswith((".c", "routines"))]
    return ", ".join(dict.fromkeys(word.strip() for word in words)) or "openssl gives no reason"
