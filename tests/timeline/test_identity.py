"""The lines that `casefold same` and `casefold alias` append."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.asking.already import claimed_already
from timeline.asking.identity import alias_fields, same_fields, unlike
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


def test_one_happening_of_two_types_is_said_when_the_claim_or_one_of_them_is_new(told: Told) -> None:
    lines: tuple[dict[str, Any], ...] = (
        {"id": "same", "type": "claim.same", "data": {"ids": ["@given", "ordered", "gone"]}},
        {"id": "given", "type": "infusion"},
        {"id": "ordered", "type": "prescription"},
        {"id": "shot", "type": "injection"},
        {"id": "other", "type": "claim.same", "data": {"ids": ["given", "shot"]}},
    )
    case = CaseTimeline.of("c", told(*lines))
    (said,) = unlike(case, 3)
    assert said.startswith("case c: @same says that @given (infusion) and @ordered (prescription) are one happening; ")
    assert not unlike(case, 4), "nothing of it is new"
    assert not unlike(case.upto(2), 1), "one that is not there has no type"


def test_an_empty_name_is_no_alias(case: CaseTimeline) -> None:
    with pytest.raises(Fault):
        alias_fields(case, "x", " ")


@pytest.mark.parametrize(("name", "means"), [("X", "x"), ("m.e.", "Medical Examiner")])
def test_one_name_needs_no_alias(case: CaseTimeline, name: str, means: str) -> None:
    already = claimed_already(case, alias_fields(case, name, means))
    assert already == f"{name!r} and {means!r} are one name already"
    assert not claimed_already(case, alias_fields(case, name, "the aide"))


def test_a_pair_is_one_already_where_the_same_source_said_so(case: CaseTimeline, told: Told) -> None:
    line = {**same_fields(case, ["clinic", "police"]), "source": {"speaker": "analyst"}}
    assert not claimed_already(case, line)
    one = case.then(told({**line, "id": "same"}, start=9))
    turned = {**line, "data": {"ids": ["police", "clinic"]}}
    assert claimed_already(one, turned) == "@same says that already"
    assert not claimed_already(one, {**turned, "source": {"speaker": "court"}}), "another's word is another claim"
    assert not claimed_already(one, {**turned, "note": "both at noon"})
