"""A fault in what a view is asked names the parameter: every view, every parameter; where it is not clear, none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.case import CaseTimeline
from timeline.reports.at_fault import naming
from timeline.views import ask, views

SOUND = {
    "type": "infusion", "at": "@death", "a": "@dose", "b": "@death", "id": "dose", "window": "4 days before @death",
    "statement": "@dose before @death", "substance": "ketamine", "reaction": "@death", "from": "1",
}  # fmt: skip
WRONG = "4 dais after @deth"
ANYTHING = {"substance", "given-by", "regimen"}
"""Parameters that take any name: the record need not have it."""
ASKED = [
    (view, each.name)
    for view, one in views().items()
    for each in one.parameters
    if each.kind in ("positional", "option") and each.name not in ANYTHING
]


@pytest.fixture(scope="module")
def case(told: Callable[..., tuple[Any, ...]]) -> CaseTimeline:
    return CaseTimeline.of(
        "c",
        told(
            {"id": "o", "type": "case.opened", "data": {"zone": "UTC"}},
            {"id": "dose", "type": "infusion", "when": "2023-10-20", "data": {"substance": "ketamine"}},
            {"id": "death", "type": "death", "when": "2023-10-28"},
            {"id": "bought", "type": "supply", "data": {"substance": "ketamine", "from": "physician A"}},
            {"id": "charged", "type": "charge", "data": {"defendant": "physician A", "offence": "distribution"}},
        ),
    )


def fault(case: CaseTimeline, view: str, params: dict[str, Any]) -> str:
    with pytest.raises(Fault) as caught, naming(view, params):
        ask(case, view, params)
    return str(caught.value)


@pytest.mark.parametrize(("view", "name"), ASKED)
def test_every_parameter_of_every_view_is_named(case: CaseTimeline, view: str, name: str) -> None:
    parameters = {each.name: each for each in views()[view].parameters}
    params: dict[str, str | list[str]] = {each.name: SOUND[each.name] for each in parameters.values() if each.required}
    params[name] = [WRONG] if parameters[name].repeatable else WRONG
    assert fault(case, view, params).startswith(f"{parameters[name].words.partition(' ')[0]}: ")


def test_the_parameter_that_is_the_text_is_named_before_one_that_has_it_in_it(case: CaseTimeline) -> None:
    said = fault(case, "days-since-last", {"type": "infusion", "at": "infusio"})
    assert said == "--at: 'infusio' is no event of case 'c'; did you mean 'infusion'?"


def test_where_it_may_be_either_nothing_is_named(case: CaseTimeline) -> None:
    assert fault(case, "elapsed", {"a": "deth", "b": "deth"}).startswith("'deth' is no event")


def test_a_word_that_a_fault_happens_to_use_names_nothing(case: CaseTimeline) -> None:
    said = fault(case, "residual", {"substance": "ketamine", "at": "@death", "back-calculate": True})
    assert said.startswith("how much was taken is not computed from a level found after death")


@pytest.mark.parametrize(("window", "said"), [("4 days before @seizure", "the case has"), ("2023-13-45/2024", "2023-")])
def test_a_fault_that_quotes_nothing_begins_with_what_is_wrong(case: CaseTimeline, window: str, said: str) -> None:
    assert fault(case, "dose-total", {"window": window}).startswith(f"--window: {said}")


def test_a_fault_that_names_the_option_itself_is_left(case: CaseTimeline) -> None:
    said = fault(case, "dose-total", {"window": "2023-10-28", "sweep": True})
    assert said.startswith("--sweep needs a window up to an event")


def test_a_date_in_a_question_is_refused_where_no_zone_can_be_meant(told: Callable[..., tuple[Any, ...]]) -> None:
    zoned = {"when": "2023-10-28", "zone": "America/Los_Angeles"}
    case = CaseTimeline.of("c", told({"id": "death", "type": "death", **zoned}))
    said = fault(case, "dose-total", {"window": "2023-10-28"})
    assert said.startswith("--window: 2023-10-28 is a civil date or a local time, and no zone is known to read it in; ")
    assert "give the case a zone (`casefold add CASE case.opened zone=America/Los_Angeles`)" in said
