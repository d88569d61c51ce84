"""By what part of itself a laboratory says that its value may be off: percent is read, other words are not guessed."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_PERCENT: Final = re.compile(r"(?:±|\+/-|\+-)?\s*(?P<number>[0-9]{1,2}(?:\.[0-9]+)?)\s*%")


def share_of(uncertainty: str) -> Fraction | None:
    """Read an uncertainty in percent; None for other words.

    >>> share_of("± 10 %"), share_of("k = 2"), share_of("")
    (Fraction(1, 10), None, None)
    """
    found = _PERCENT.fullmatch(uncertainty.strip())
    return Fraction(found["number"]) / 100 if found else None
