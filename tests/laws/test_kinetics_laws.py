"""What models and bounds must do whatever the numbers: linear, additive, mass kept, every sampled world inside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf, isclose
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.case import CaseTimeline
from timeline.kinetics.compartments import Disposition, Exchange, disposition
from timeline.kinetics.enclosures import (
    ANYTHING,
    GONE,
    NEXT_TO_NOTHING,
    NOTHING,
    Span,
    absorbed,
    at_once,
    infused,
    streamed,
)
from timeline.kinetics.given import Given
from timeline.kinetics.left import leaves, left, since, together
from timeline.kinetics.parameters import Route
from timeline.kinetics.shipped import shipped
from timeline.views import ask

ROUTES = shipped()["ketamine"].routes
RATES = st.floats(0.001, 2.0)
AGES = st.floats(0.0, 3000.0)
SHARES = st.floats(0.0, 1.0)


@st.composite
def curves(draw: st.DrawFn) -> Disposition:
    others = draw(st.lists(st.builds(Exchange, RATES, RATES), max_size=2))
    return disposition(draw(st.floats(0.05, 4.0)), draw(RATES), others)


@st.composite
def spans(draw: st.DrawFn, least: float = 0.0, most: float = 3000.0) -> Span:
    lo, hi = sorted((draw(st.floats(least, most)), draw(st.floats(least, most))))
    return Span(lo, hi)


@st.composite
def doses(draw: st.DrawFn) -> Given:
    kind, route = draw(st.sampled_from(
        [("infusion", ROUTES[0]), ("injection", ROUTES[1]), ("injection", ROUTES[0]), ("oral_dose", ROUTES[3])]
    ))  # fmt: skip
    count = draw(st.integers(1, 3))
    return Given(
        id="x",
        type=kind,
        count=Span(float(count), float(count + draw(st.integers(0, 2)))),
        dose=draw(spans(0.0, 5.0)),
        age=draw(spans(-100.0)),
        lasting=draw(spans(0.0, 300.0)),
        routes=(route,),
        sure=draw(st.booleans()),
    )


def inside(value: float, span: Span) -> bool:
    """Whether a value lies in a span, but for what binary arithmetic may be off where next to nothing is left."""
    return span.lo <= value * (1 + 1e-12) + 1e-200 and value * (1 - 1e-12) - 1e-200 <= span.hi


def within(share: float, span: Span) -> float:
    return min(span.hi, max(span.lo, span.lo + share * (span.hi - span.lo)))


def one_world(curve: Disposition, dose: Given, route: Route, shares: tuple[float, ...]) -> float:
    """What one dose leaves in one world, computed from the model alone."""
    age, much, part, speed, long = shares
    since = within(age, dose.age)
    if dose.type == "infusion":
        each = curve.infused(since, within(long, dose.lasting))
    elif route.at_once:
        each = curve.bolus(since)
    else:
        assert route.absorption is not None
        each = curve.absorbed(since, within(speed, route.absorption))
    return each * within(much, dose.dose) * within(part, route.availability)


SHARED = st.tuples(SHARES, SHARES, SHARES, SHARES, SHARES)


@tries(25)
@given(curve=curves(), dose=doses(), worlds=st.lists(SHARED, min_size=5, max_size=5), more=SHARES)
def test_every_sampled_world_lies_within_the_bounds(
    curve: Disposition, dose: Given, worlds: list[tuple[float, ...]], more: float
) -> None:
    found = left(curve, dose)
    count = int(within(more, dose.count))
    total = sum(one_world(curve, dose, dose.routes[0], shares) for shares in worlds[:count])
    assert inside(total, found)
    if not dose.sure:
        assert found.lo == 0.0


@tries(50)
@given(
    curve=curves(),
    dose=doses(),
    routes=st.lists(st.sampled_from(ROUTES), max_size=2),
    age=spans(-100.0, 1_500_000.0),
    endless=st.booleans(),
    stream=st.booleans(),
)
def test_what_is_passed_over_leaves_exactly_nothing(
    curve: Disposition, dose: Given, routes: list[Route], age: Span, endless: bool, stream: bool
) -> None:
    dose = replace(dose, routes=tuple(routes), age=age, lasting=ANYTHING if endless else dose.lasting)
    dose = replace(dose, stream=dose.dose) if stream else dose
    found = left(curve, dose)
    if since(dose) * curve.slowest > GONE:
        assert found == NOTHING
    if not leaves(dose):
        assert found.lo == 0.0


@tries(25)
@given(curve=curves(), age=spans(-50.0), lasting=spans(0.0, 300.0), shares=st.tuples(SHARES, SHARES))
def test_infusions_are_bounded_at_their_ends_and_between(
    curve: Disposition, age: Span, lasting: Span, shares: tuple[float, float]
) -> None:
    at, long = within(shares[0], age), within(shares[1], lasting)
    assert inside(curve.infused(at, long), infused(curve, age, lasting))
    assert inside(curve.infused(at, long) * long, streamed(curve, age, lasting))
    assert inside(curve.bolus(at), at_once(curve, age))


@tries(25)
@given(curve=curves(), age=spans(), lasting=spans(0.0, 300.0))
def test_the_bounds_of_infusions_are_reached(curve: Disposition, age: Span, lasting: Span) -> None:
    """Both ends occur: on a grid with the corners and the line where it has just ended, each is met."""
    found = infused(curve, age, lasting)
    meets = max(age.lo, lasting.lo)
    points = [(t, long) for t in age for long in lasting]
    points += [(meets, meets)] if meets <= min(age.hi, lasting.hi) else []
    seen = [curve.infused(*each) for each in points]
    assert isclose(min(seen), found.lo, rel_tol=1e-8, abs_tol=1e-300)
    assert isclose(max(seen), found.hi, rel_tol=1e-8, abs_tol=1e-300)


@tries(25)
@given(curve=curves(), age=AGES, lasting=st.floats(0.1, 300.0), rate=RATES, by=st.floats(0.0, 50.0))
def test_concentration_is_linear_in_the_dose(
    curve: Disposition, age: float, lasting: float, rate: float, by: float
) -> None:
    once = Given(id="a", type="infusion", dose=Span(1.0, 1.0), age=Span(age, age), lasting=Span(lasting, lasting),
                 routes=(ROUTES[0],), sure=True)  # fmt: skip
    more = Given(id="a", type="infusion", dose=Span(by, by), age=Span(age, age), lasting=Span(lasting, lasting),
                 routes=(ROUTES[0],), sure=True)  # fmt: skip
    assert isclose(left(curve, more).hi, by * left(curve, once).hi, rel_tol=1e-9, abs_tol=1e-290)
    assert curve.absorbed(age, rate) >= 0.0


@tries(25)
@given(curve=curves(), some=st.lists(doses(), max_size=3), others=st.lists(doses(), max_size=3))
def test_superposition_adds(curve: Disposition, some: list[Given], others: list[Given]) -> None:
    both = together(curve, (*some, *others), (*some, *others))
    one, other = together(curve, some, some), together(curve, others, others)
    assert isclose(both.hi, one.hi + other.hi, rel_tol=1e-9, abs_tol=1e-290)
    assert isclose(both.lo, one.lo + other.lo, rel_tol=1e-9, abs_tol=1e-290)


@tries(25)
@given(curve=curves(), lasting=st.floats(1.0, 120.0), rate=RATES)
def test_mass_is_kept(curve: Disposition, lasting: float, rate: float) -> None:
    """The area under each curve is the dose over the clearance: by Simpson's rule, with steps that grow."""
    speeds = [speed for _, speed in curve.terms]
    step, end = 0.02 / max(*speeds, rate), 40 / min(*speeds, rate) + lasting
    for at in (curve.bolus, lambda t: curve.infused(t, lasting), lambda t: curve.absorbed(t, rate)):
        area = _area(at, 0.0, lasting, step) + _area(at, lasting, end, step)
        assert isclose(area, curve.area, rel_tol=1e-3)


def _area(at: Callable[[float], float], start: float, end: float, step: float) -> float:
    area = 0.0
    while start < end:
        step = min(step, (end - start) / 2)
        area += step / 3 * (at(start) + 4 * at(start + step) + at(start + 2 * step))
        start += 2 * step
        step = max(step * 1.15, 1e-9) if start < end * (1 - 1e-12) else end
    return area


@tries(25)
@given(curve=curves(), dose=doses(), by=st.tuples(*(st.floats(0.0, 50.0),) * 4))
def test_wider_doubts_widen_the_bounds(curve: Disposition, dose: Given, by: tuple[float, ...]) -> None:
    wider = Given(
        id="x",
        type=dose.type,
        count=Span(dose.count.lo, dose.count.hi + 1),
        dose=Span(max(0.0, dose.dose.lo - by[0]), dose.dose.hi + by[1]),
        age=Span(dose.age.lo - by[2], dose.age.hi + by[3]),
        lasting=Span(dose.lasting.lo / 2, dose.lasting.hi + by[0]),
        routes=dose.routes,
        sure=dose.sure,
    )
    narrow, wide = left(curve, dose), left(curve, wider)
    assert wide.lo <= narrow.lo * (1 + 1e-8) + NEXT_TO_NOTHING * 100
    assert narrow.hi * (1 - 1e-8) <= wide.hi + NEXT_TO_NOTHING * 100


@tries(25)
@given(curve=curves(), dose=doses(), worlds=SHARED, slow=st.floats(0.25, 4.0))
def test_whoever_is_slower_has_no_less(
    curve: Disposition, dose: Given, worlds: tuple[float, ...], slow: float
) -> None:
    """What is left in one world rises with how slowly it leaves: the slowest and the fastest bound all others."""
    each = [one_world(curve.slowed(by), dose, dose.routes[0], worlds) for by in (0.25, slow, 4.0)]
    assert each[0] <= each[1] * (1 + 1e-9) + 1e-200
    assert each[1] <= each[2] * (1 + 1e-9) + 1e-200


@tries(25)
@given(curve=curves(), rates=spans(0.01, 1.0), age=spans(), share=SHARES)
def test_an_absorption_that_is_wider_known_is_wider_bounded(
    curve: Disposition, rates: Span, age: Span, share: float
) -> None:
    one = within(share, rates)
    inner, outer = absorbed(curve, age, Span(one, one)), absorbed(curve, age, rates)
    assert outer.lo <= inner.lo * (1 + 1e-8) + NEXT_TO_NOTHING
    assert inner.hi * (1 - 1e-8) <= outer.hi + NEXT_TO_NOTHING
    assert absorbed(curve, Span(age.lo, inf), rates).hi >= inner.hi * (1 - 1e-8) - NEXT_TO_NOTHING


@tries(25)
@given(curve=curves(), first=st.floats(0.0, 500.0), apart=st.floats(200.0, 2000.0), many=st.integers(1, 90))
def test_however_many_that_lie_apart_are_bounded(curve: Disposition, first: float, apart: float, many: int) -> None:
    """Any number of equal doses at least so far apart leaves no more than the bound for a number not known."""
    for kind, route in (("infusion", ROUTES[0]), ("injection", ROUTES[1])):
        each = Given(id="x", type=kind, dose=Span(1.0, 1.0), lasting=Span(40.0, 40.0), routes=(route,), sure=True)
        several = replace(each, count=Span(0.0, inf), age=Span(first, inf), apart=apart)
        ages = [first + n * apart for n in range(many)]
        told = [replace(each, age=Span(age, age)) for age in ages]
        assert together(curve, told, told).lo <= left(curve, several).hi * (1 + 1e-9)


# --- the view, from events to levels ---------------------------------------------------------------------------------

HOURS = st.tuples(st.integers(0, 23), st.integers(0, 23)).map(lambda ends: tuple(sorted(ends)))
WHOLE = st.tuples(st.integers(1, 90), st.integers(0, 30)).map(lambda ends: (ends[0], ends[0] + ends[1]))


@st.composite
def told_doses(draw: st.DrawFn, name: str) -> tuple[dict[str, Any], Callable[..., float]]:
    """One administration as an event, and what it leaves in a world, from what its words allow."""
    (first, last), (least, most), (light, heavy) = draw(HOURS), draw(WHOLE), draw(WHOLE)
    kind = draw(st.sampled_from(["infusion", "injection"]))
    per_kg, long = draw(st.booleans()), draw(st.integers(1, 200))
    amount = f"{least} to {most} {'mg/kg' if per_kg else 'mg'}"
    weight, duration = f"{light} to {heavy} kg", f"{long} minutes"
    data = {"substance": "ketamine", "amount": amount, "weight": weight, "duration": duration}
    when = f"2023-10-27T{first:02}:00:00.000000Z/2023-10-27T{last:02}:00:00.000000Z"
    source = {"speaker": "clinic", "document": "chart"}

    def world(curve: Disposition, shares: tuple[float, ...]) -> float:
        age = 36 * 60 - 60 * within(shares[0], Span(first, last))
        much = within(shares[1], Span(least, most)) / (1 if per_kg else within(shares[2], Span(light, heavy)))
        return much * (curve.infused(age, long) if kind == "infusion" else 0.93 * curve.absorbed(age, 0.1))

    return {"id": name, "type": kind, "when": when, "data": data, "source": source}, world


@tries(15)
@given(a=told_doses("a"), b=told_doses("b"), shares=st.tuples(SHARED, SHARED))
def test_an_answer_holds_every_world_of_its_events(
    told: Callable[..., tuple[Any, ...]], a: Any, b: Any, shares: tuple[tuple[float, ...], ...]
) -> None:
    at = {"id": "at", "type": "fact", "when": "2023-10-28T12:00:00.000000Z", "data": {"text": "now"}}
    timeline = CaseTimeline.of("c", told(at, a[0], b[0]))
    answer = ask(timeline, "residual", {"substance": "ketamine", "at": "at"})
    for model, row in zip(shipped()["ketamine"].models, answer.values["models"], strict=True):
        left_over = a[1](model.curve, shares[0]) + b[1](model.curve, shares[1])
        assert float(row["left"]["min"]) <= left_over <= float(row["left"]["max"]), model.name
