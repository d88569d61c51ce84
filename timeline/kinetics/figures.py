"""Levels as figures: rounded outwards to four digits, never below what an assay finds, and how they read. No models."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import lru_cache
from math import inf
from typing import Final, NamedTuple, final

from timeline.counting.measures import outward
from timeline.kinetics.enclosures import Span

DIGITS: Final = 4


@lru_cache(maxsize=4096)
def figure(number: float, *, up: bool, digits: int = DIGITS) -> str | None:
    """Give a number as decimal text, rounded outwards to a few digits; None for what is open.

    >>> figure(123.456, up=True), figure(0.0123456, up=False), figure(12345678.0, up=False)
    ('123.5', '0.01234', '12340000')
    """
    if number == inf:
        return None
    exact = Decimal(repr(number))
    if not exact:
        return "0"
    place = Decimal(1).scaleb(exact.adjusted() - digits + 1)
    text = f"{exact.quantize(place, ROUND_CEILING if up else ROUND_FLOOR):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@final
class Level(NamedTuple):
    """Bounds of a level in ng/mL with the least an assay would find; nothing below that is ever printed.

    >>> Level(Span(1e-28, 2e-20), Fraction(1, 10)).json, Level(Span(1e-28, 2e-20), Fraction(1, 10)).words
    ({'min': '0', 'max': '0.1'}, 'below 0.1 ng/mL')
    >>> Level(Span(0.01, 250.0), Fraction(1, 10)).words, Level(Span(9.0, inf), Fraction(1, 10)).words
    ('at most 250 ng/mL', 'at least 9 ng/mL, no upper end')
    """

    span: Span
    assay: Fraction

    @property
    def below(self) -> bool:
        """Whether no assay would find any of it."""
        return self.span.hi < self.assay

    @property
    def least(self) -> str:
        """The lower end as text."""
        return "0" if self.span.lo < self.assay else figure(self.span.lo, up=False) or "0"

    @property
    def most(self) -> str | None:
        """The upper end as text; None where it is open."""
        return outward(self.assay, up=True) if self.below else figure(self.span.hi, up=True)

    @property
    def json(self) -> dict[str, str | None]:
        """Both ends as scripts read them."""
        return {"min": self.least, "max": self.most}

    @property
    def words(self) -> str:
        """How it reads."""
        if self.below:
            return f"below {self.most} ng/mL"
        if self.most is None:
            return "not bounded" if self.least == "0" else f"at least {self.least} ng/mL, no upper end"
        if self.least == self.most:
            return f"{self.most} ng/mL"
        return f"at most {self.most} ng/mL" if self.least == "0" else f"{self.least} to {self.most} ng/mL"

    def factor(self, found: Span) -> dict[str, str | None] | None:
        """Give how many times more `found` is than this; at least counts from the assay's limit. None where open."""
        if self.span.hi == inf:
            return None
        least = figure(found.lo / max(self.span.hi, float(self.assay)), up=False, digits=3)
        most = None if self.span.lo < self.assay else figure(found.hi / self.span.lo, up=True, digits=3)
        return {"min": least, "max": most}


def grouped(text: str) -> str:
    """Give a number's text with its thousands apart.

    >>> grouped("35400"), grouped("0.12")
    ('35,400', '0.12')
    """
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}"
