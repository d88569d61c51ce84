"""One-, two- and three-compartment models in closed form: what is left of one dose at a time. Knows no case, no bounds.

A mammillary model: doses enter and leave by the central compartment, and each peripheral one exchanges with it alone.
After a rapid dose the concentration is a sum of falling exponentials whose coefficients are all positive, so that it
only falls (Gibaldi and Perrier, "Pharmacokinetics", 2nd ed. 1982, chapter 2). Times are minutes, amounts mg for each
kg of body weight, volumes L for each kg, concentrations ng/mL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import acos, cos, exp, expm1, inf, log, pi, sqrt
from typing import Final, NamedTuple, final

NG_PER_ML: Final = 1000.0
"""ng/mL in one mg/L."""


class Exchange(NamedTuple):
    """How fast a peripheral compartment is reached and left again, as rate constants per minute, both above zero."""

    out: float
    back: float


@final
@dataclass(frozen=True)
class Disposition:
    """What becomes of 1 mg/kg given at once: `terms` are (ng/mL at time zero, rate constant per minute), fastest first.

    >>> one = disposition(1.0, 0.01)
    >>> one.terms, round(one.bolus(100.0), 3), round(one.half_life, 2)
    (((1000.0, 0.01),), 367.879, 69.31)
    """

    terms: tuple[tuple[float, float], ...]

    @property
    def half_life(self) -> float:
        """The terminal half-life, in minutes."""
        return log(2) / self.slowest

    @cached_property
    def slowest(self) -> float:
        """The least rate constant, per minute."""
        return min(rate for _, rate in self.terms)

    @property
    def area(self) -> float:
        """The area under the whole curve, in ng/mL × min for 1 mg/kg; the dose over the clearance."""
        return sum(size / rate for size, rate in self.terms)

    def slowed(self, by: float) -> Disposition:
        """Give the curve of somebody in whom everything leaves `by` times more slowly, from the same start."""
        return Disposition(tuple((size, rate / by) for size, rate in self.terms))

    def bolus(self, age: float) -> float:
        """What is left of 1 mg/kg given at once, `age` minutes ago; nothing before it was given."""
        found = 0.0
        for size, rate in self.terms if age >= 0 else ():
            found += size * exp(-rate * age)
        return found

    def infused(self, age: float, lasting: float) -> float:
        """What is left of 1 mg/kg infused evenly over `lasting` minutes that began `age` minutes ago.

        >>> model = disposition(0.25, 0.02)
        >>> model.infused(30.0, 0.0) == model.bolus(30.0)
        True
        """
        if age < 0 or inf in (age, lasting):
            return 0.0
        if lasting == 0:
            return self.bolus(age)
        run = min(age, lasting)
        found = 0.0
        for size, rate in self.terms:
            found += size * exp(-rate * (age - run)) * _mean(rate * run)
        return run / lasting * found

    def absorbed(self, age: float, absorption: float) -> float:
        """What is left of 1 mg/kg taken up at a rate constant of `absorption` per minute, given `age` minutes ago."""
        if age <= 0 or age == inf:
            return 0.0
        found = 0.0
        for size, rate in self.terms:
            found += size * _between(rate, absorption, age)
        return absorption * found


def _mean(x: float) -> float:
    """Give the mean of e^-s over s from 0 to x."""
    return 1.0 if x < 1e-12 else -expm1(-x) / x


def _between(one: float, other: float, age: float) -> float:
    """Give (e^(-a·t) - e^(-b·t)) / (b - a), and its limit where a = b."""
    slow, apart = min(one, other), abs(one - other)
    return exp(-slow * age) * age * _mean(apart * age)


def disposition(volume: float, leaving: float, exchanges: Sequence[Exchange] = ()) -> Disposition:
    """Give the closed form of a model: central `volume` (L/kg), rate of leaving, up to two peripheral compartments.

    Rates are per minute; all numbers are above zero. The three-compartment rates are the roots of a cubic whose roots
    are all real and positive (the trigonometric form).
    """
    start = NG_PER_ML / volume
    if not exchanges:
        return Disposition(((start, leaving),))
    rates = _two(leaving, *exchanges) if len(exchanges) == 1 else _three(leaving, *exchanges)
    sizes = (start * _share(rate, rates, exchanges) for rate in rates)
    return Disposition(tuple(zip(sizes, rates, strict=True)))


def _two(leaving: float, one: Exchange) -> tuple[float, ...]:
    both = leaving + one.out + one.back
    fast = (both + sqrt(both * both - 4 * leaving * one.back)) / 2
    return fast, leaving * one.back / fast


def _three(leaving: float, one: Exchange, other: Exchange) -> tuple[float, ...]:
    """Give the roots of x³ - ax² + bx - c, largest first; the least from the product of all, which keeps its digits."""
    a = leaving + one.out + one.back + other.out + other.back
    b = (leaving + one.out) * other.back + (leaving + other.out) * one.back + one.back * other.back
    c = leaving * one.back * other.back
    third, spread = a / 3, sqrt(max(0.0, a * a - 3 * b)) / 3
    turned = (2 * third**3 - third * b + c) / (2 * spread**3)
    angle = acos(min(1.0, max(-1.0, turned))) / 3
    fast, middle = third + 2 * spread * cos(angle), third + 2 * spread * cos(angle - 2 * pi / 3)
    return fast, middle, c / (fast * middle)


def _share(rate: float, rates: Sequence[float], exchanges: Sequence[Exchange]) -> float:
    """Give what part of the start falls at this rate: between 0 and 1, as the rates back lie between the roots."""
    share = 1.0
    others = [each for each in rates if each != rate]
    for exchange, other in zip(sorted(exchanges, key=lambda each: -each.back), others, strict=True):
        share *= (exchange.back - rate) / (other - rate)
    return max(0.0, share)
