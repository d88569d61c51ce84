"""The one door of all views: names, parameters, questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import timeline
from events.errors import Fault
from timeline import views
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import Parameter, ask, view, view_named

EMPTY = CaseTimeline.of("c", ())


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a view that gives back what it was asked."""
    views.views()
    monkeypatch.setattr(views, "_VIEWS", dict(views._VIEWS))

    @view(
        "echo",
        asks="what it was asked",
        parameters=(
            Parameter(name="type", kind="positional", shown="TYPE", required=True),
            Parameter(name="at", shown="REF"),
            Parameter(name="of", shown="NAME", repeatable=True),
            Parameter(name="sweep", kind="flag"),
        ),
    )
    def echo(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
        return Answer(values={"got": dict(params)}, in_fact={}, text="", sentence="")


def test_every_name_that_notebooks_may_rely_on_is_there() -> None:
    assert all(getattr(timeline, name) is not None for name in timeline.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = timeline.nonsense


def test_built_in_views_come_without_an_installation() -> None:
    assert {"chronology", "elapsed", "holds"} <= set(views.views())


@pytest.mark.usefixtures("echo")
def test_what_was_asked_comes_back_with_the_answer() -> None:
    params = {"sweep": True, "of": ["a", "b"], "type": "infusion", "at": ""}
    answer = ask(EMPTY, "echo", params, Account(standings=("found",)))
    assert answer.values == {"got": {"type": "infusion", "of": ("a", "b"), "sweep": True}}
    assert answer.question == "echo infusion --of a --of b --sweep"
    assert (answer.view, answer.version, answer.case) == ("echo", 1, "c")
    assert answer.account == Account(standings=("found",))
    assert view_named("echo").usage == "echo TYPE [--at REF] [--of NAME] [--sweep]"


@pytest.mark.usefixtures("echo")
@pytest.mark.parametrize(
    ("name", "params", "said"),
    [
        ("eco", {}, "'eco' is not a view; did you mean 'echo'?"),
        ("echo", {}, "view 'echo' needs TYPE; write: echo TYPE [--at REF] [--of NAME] [--sweep]"),
        ("echo", {"type": "x", "off": "1"}, "view 'echo' takes no 'off'; did you mean 'of'?"),
    ],
)
def test_a_wrong_question_is_refused_with_what_to_write(name: str, params: dict[str, Any], said: str) -> None:
    with pytest.raises(Fault) as fault:
        ask(EMPTY, name, params)
    assert str(fault.value) == said


@pytest.mark.usefixtures("echo")
def test_a_name_is_taken_once() -> None:
    def other(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
        raise NotImplementedError

    other.__module__ = "elsewhere"
    with pytest.raises(ValueError, match="'echo' is registered twice"):
        view("echo", asks="")(other)
