"""The lines that `casefold same` and `casefold alias` append."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.asking.identity import alias_fields, same_fields
from timeline.case import CaseTimeline
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
LINES: tuple[dict[str, Any], ...] = (
    {"id": "opened", "type": "case.opened", "data": {"zone": "UTC"}},
    {"id": "clinic", "type": "infusion", "when": "2023-10-20", "source": {"speaker": "clinic"}},
    {"id": "police", "type": "infusion", "when": "2023-10-20", "source": {"speaker": "police"}},
    {"id": "alias", "type": "case.alias", "data": {"name": "M.E.", "means": "medical examiner"}},
)


@pytest.fixture
def case(told: Told) -> CaseTimeline:
    return CaseTimeline.of("c", told(*LINES))


def test_the_same_line_makes_two_tellings_one(case: CaseTimeline, told: Told) -> None:
    line = same_fields(case, ["@clinic", "police"])
    assert line == {"case": "c", "type": "claim.same", "data": {"ids": ["clinic", "police"]}}
    window = {"window": "2023-10-20"}
    assert ask(case, "dose-total", window).values["administrations"] == {"min": 1, "max": 2}
    one = case.then(told({**line, "id": "same"}, start=9))
    assert ask(one, "dose-total", window).values["administrations"] == {"min": 1, "max": 1}


@pytest.mark.parametrize(
    ("ids", "why"),
    [
        (["clinic"], "names 1 event"),
        (["clinic", "@clinic"], "names 1 event"),
        (["clinic", "polce"], "no event of case"),
        (["clinic", "alias"], "no happening"),
    ],
)
def test_what_is_no_pair_of_happenings_is_refused(case: CaseTimeline, ids: list[str], why: str) -> None:
    with pytest.raises(Fault, match=why):
        same_fields(case, ids)


def test_the_nearest_id_is_offered(case: CaseTimeline) -> None:
    with pytest.raises(Fault) as fault:
        same_fields(case, ["clinic", "polce"])
    assert fault.value.instead == "did you mean 'police'?"


def test_the_alias_line_makes_two_names_one(case: CaseTimeline, told: Told) -> None:
    line = alias_fields(case, "the aide", " assistant ")
    assert line == {"case": "c", "type": "case.alias", "data": {"name": "the aide", "means": "assistant"}}
    assert case.then(told({**line, "id": "one"}, start=9)).same_name("The Aide") == "assistant"


@pytest.mark.parametrize(("name", "means"), [("x", " "), ("X", "x"), ("m.e.", "Medical Examiner")])
def test_one_name_needs_no_alias(case: CaseTimeline, name: str, means: str) -> None:
    with pytest.raises(Fault):
        alias_fields(case, name, means)
