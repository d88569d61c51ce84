"""Superposition: what administrations, each known as far as bounds, leave together under one model. Knows no record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp, inf
from typing import Final

from timeline.kinetics.compartments import Disposition
from timeline.kinetics.enclosures import GONE, NOTHING, ONCE, Span, absorbed, at_once, by_any_way, infused, streamed
from timeline.kinetics.given import Given
from timeline.kinetics.parameters import Route

STEPS: Final = 40
"""How many of several that lie apart are added one by one; the rest is bounded by a geometric series."""


def left(curve: Disposition, given: Given) -> Span:
    """Bound what one administration (or several of one kind) leaves, in ng/mL; at least nothing where it is not sure.

    >>> from timeline.kinetics.compartments import disposition
    >>> x = Given(id="x", type="infusion", dose=Span(2.0, 4.0), age=Span(0.0, 0.0))
    >>> round(left(disposition(1.0, 0.01), x).hi, 3)
    4000.0
    """
    each = of_each(curve, given)
    if not each.hi:
        return NOTHING
    much = given.stream or given.dose
    found = each.times(much)
    if not given.whole and given.count != ONCE:
        found = found.times(given.count)
    if given.apart and not given.whole and given.count.hi > 1:
        found = Span(found.lo, min(found.hi, _spaced(curve, given) * much.hi if much.hi else 0.0))
    return found if given.sure else Span(0.0, found.hi)


def _spaced(curve: Disposition, given: Given) -> float:
    """Bound what 1 mg/kg of each of several leaves where their starts lie apart, however many there were.

    The k-th last began at least k times `apart` before the last. Of each, what is left after a while more is at most
    e^(-slowest × while) times what was left, times (1 + while / age) where it is still being taken up (the mean of a
    falling exponential times its length is concave): the rest is a geometric series.
    """
    most, last, first, k = 0.0, 0.0, max(0.0, given.age.lo), 0
    while first + k * given.apart <= given.age.hi and k < min(given.count.hi, STEPS):
        last = of_each(curve, replace(given, age=Span(first + k * given.apart, given.age.hi))).hi
        most, k = most + last, k + 1
    if k < STEPS:
        return most
    slowest = min(*(rate for _, rate in curve.terms), *(_speed(route) for route in given.routes), inf)
    ratio = exp(-slowest * given.apart) * (1 + 1 / (STEPS - 1))
    return most + last * ratio / (1 - ratio) if ratio < 1 and _falls(given, first + (STEPS - 1) * given.apart) else inf


def _falls(given: Given, age: float) -> bool:
    """Whether what is left of each falls from an age on, as the proof of `_spaced` needs it."""
    over = given.lasting.hi <= age or not any(route.at_once for route in given.routes)
    known = bool(given.routes) and all(route.at_once or route.absorption is not None for route in given.routes)
    return over and known and given.stream is None


def _speed(route: Route) -> float:
    return route.absorption.lo if route.absorption is not None else inf


def of_each(curve: Disposition, given: Given) -> Span:
    """Bound what 1 mg/kg of it leaves (of a stream, 1 mg/kg a minute), whatever its route may be."""
    if not given.routes:
        lasts = given.stream is not None
        return Span(0.0, _by_any_way(curve, given.age, given.lasting.hi if lasts else 1.0))
    found = _by_route(curve, given, given.routes[0])
    for route in given.routes[1:]:
        found = found.hull(_by_route(curve, given, route))
    return found


def _by_route(curve: Disposition, given: Given, route: Route) -> Span:
    if given.stream is not None:
        found = streamed(curve, given.age, given.lasting) if route.at_once else by_any_way(curve, given.age)
        found = found if route.at_once else found.times(Span(0.0, given.lasting.hi))
    elif route.at_once and given.type != "injection":
        found = infused(curve, given.age, given.lasting)
    elif route.at_once:
        found = at_once(curve, given.age)
    elif route.absorption is None:
        found = by_any_way(curve, given.age)
    else:
        found = absorbed(curve, given.age, route.absorption)
    return found.times(route.availability)


def _by_any_way(curve: Disposition, age: Span, times: float) -> float:
    return by_any_way(curve, age).times(Span(0.0, times)).hi


def together(curve: Disposition, everyone: Sequence[Given], apart: Sequence[Given]) -> Span:
    """Add up: at most all of them, at least those that are certainly apart from one another (`apart`).

    Concentrations add because every model is linear in the dose.
    """
    return Span(at_least(curve, everyone, apart), at_most(curve, everyone))


def at_most(curve: Disposition, everyone: Iterable[Given]) -> float:
    """Give the most that all of them leave together."""
    most = 0.0
    for each in everyone:
        most += left(curve, each).hi
    return most


def at_least(curve: Disposition, everyone: Iterable[Given], apart: Iterable[Given]) -> float:
    """Give the least that those of everyone leave that are apart; no more than the most, should the record disagree."""
    least, sound = 0.0, True
    for each in apart:
        found = left(curve, each)
        least, sound = least + found.lo, sound and found.lo <= found.hi
    return least if sound else min(least, at_most(curve, everyone))


def since(given: Given) -> float:
    """Give how many minutes ago it was over at least, if it fades at the slowest rate of a curve; -inf if it does not.

    Once that many, times the rate, are more than `GONE`, nothing is left by any of its ways: `left` is `NOTHING`.
    """
    if given.stream is not None or not given.routes:
        return -inf
    return min(_since(given, route) for route in given.routes)


def _since(given: Given, route: Route) -> float:
    age = given.age.lo
    if route.at_once:
        return age if given.type == "injection" else age - given.lasting.hi
    return age if route.absorption is not None and age * route.absorption.lo > GONE else -inf


def leaves(given: Given) -> bool:
    """Whether its least can be more than nothing: not of one that may not have been, or whose infusion may go on."""
    if not given.sure or not given.routes:
        return False
    endless = given.stream is None and given.type != "injection" and given.lasting.hi == inf
    return not (endless and any(route.at_once for route in given.routes))


def bounded(given: Given) -> bool:
    """Whether its number and its amount both have an upper end."""
    amount = given.stream.hi if given.stream else given.dose.hi
    return amount != inf and (given.whole or given.count.hi != inf or amount == 0 or bool(given.apart))
