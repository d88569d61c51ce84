"""Reads TOML that a user wrote into plain values, in time that its length allows. Opens no file and judges no key."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import Any, Final

from events.errors import Fault

POINTS: Final = 200
"""How many points a line may hold: tomllib's time grows with the square of the parts of a dotted key."""


def read_toml(text: str, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Read a TOML document. Raises `Fault` for what is none, and for what nests deeper than a reader can follow.

    >>> read_toml("ignore = ['n']")
    {'ignore': ['n']}
    >>> read_toml("mdy")
    Traceback (most recent call last):
    ...
    events.errors.Fault: it is not TOML: Expected '=' after a key in a key/value pair (at end of document)
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > POINTS:
            raise Fault(f"line {number} has more than {POINTS} points", "break it up: a key has but few parts")
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        raise Fault(f"it is not TOML: {error}") from None
    except RecursionError:
        raise Fault("its brackets stand too deep within one another", "write it flat") from None
