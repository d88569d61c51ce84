"""Contradictions that counts show: each set is minimal, and setting aside leaves a consistent rest (SEMANTICS 8, 9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timeline.case import CaseTimeline

Told = Callable[..., tuple[Any, ...]]
Line = dict[str, Any]
FIXED: tuple[Line, ...] = (
    {"type": "case.opened", "id": "opened", "data": {"zone": "UTC", "title": "A case"}},
    {"id": "death", "type": "death", "when": "2023-10-10", "source": {"standing": "found"}},
)
STANDINGS = st.sampled_from(("documented", "stated", "alleged"))
WHENS = st.sampled_from(
    (
        "2023-10-08",
        "2023-10-09",
        "2023-10-08/2023-10-09",
        "within 2 days before @death",
        "more than 1 day before @death",
    )
)
LAWS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@st.composite
def shots(draw: st.DrawFn, name: str) -> Line:
    count = draw(st.sampled_from(("", "", "2", "at least 3")))
    return {
        "id": name,
        "type": draw(st.sampled_from(("injection", "injection", "infusion"))),
        "when": draw(WHENS),
        **({"data": {"count": count}} if count else {}),
        "source": {"speaker": draw(st.sampled_from("pq")), "standing": draw(STANDINGS)},
    }


@st.composite
def claims(draw: st.DrawFn, name: str) -> Line:
    source = {"speaker": name, "standing": draw(STANDINGS)}
    if draw(st.integers(0, 2)) == 0:
        of = {"of": draw(st.sampled_from(("injection", "dose"))), "before": "death"}
        return {"id": name, "type": "claim.last", "when": draw(WHENS), "data": of, "source": source}
    count = draw(st.sampled_from(("0", "1", "at most 1", "at least 2", "at least 4")))
    of = {"of": draw(st.sampled_from(("injection", "dose"))), "count": count}
    return {"id": name, "type": "claim.total", "when": draw(WHENS), "data": of, "source": source}


@st.composite
def records(draw: st.DrawFn) -> tuple[Line, ...]:
    told = [draw(shots(name)) for name in "abc"[: draw(st.integers(0, 3))]]
    claimed = [draw(claims(name)) for name in "xyz"[: draw(st.integers(1, 3))]]
    return (*told, *claimed)


def case(told: Told, lines: tuple[Line, ...]) -> CaseTimeline:
    return CaseTimeline.of("c", told(*FIXED, *lines))


@LAWS
@given(records())
def test_each_set_contradicts_itself_and_no_less_of_it_does(told: Told, lines: tuple[Line, ...]) -> None:
    for conflict in case(told, lines).hear().conflicts:
        members = {*conflict.statements} - {"death"}
        alone = tuple(line for line in lines if line["id"] in members)
        assert case(told, alone).hear().conflicts, conflict
        for spared in members:
            rest = tuple(line for line in alone if line["id"] != spared)
            assert not case(told, rest).hear().conflicts, (conflict, spared)


@LAWS
@given(records())
def test_without_what_is_set_aside_nothing_contradicts(told: Told, lines: tuple[Line, ...]) -> None:
    aside = case(told, lines).hear().set_aside
    assert not case(told, tuple(line for line in lines if line["id"] not in aside)).hear().conflicts


@LAWS
@given(records(), st.randoms(use_true_random=False))
def test_the_order_of_the_log_changes_no_set(told: Told, lines: tuple[Line, ...], random: Any) -> None:
    mixed = list(lines)
    random.shuffle(mixed)
    first, second = case(told, lines).hear(), case(told, tuple(mixed)).hear()
    assert sorted(one.statements for one in first.conflicts) == sorted(one.statements for one in second.conflicts)
    assert sorted(first.set_aside) == sorted(second.set_aside)
