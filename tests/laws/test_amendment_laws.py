"""Amendments to any depth against a naive reading of SEMANTICS 3, word by word; and what must not change anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.case import CaseTimeline
from timeline.hearings.amendments import amend, content, target_of
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
Flat = dict[tuple[str, ...], Any]
DATA = ("count", "route", "given_by")
SOURCE = ("speaker", "via")


def fields(names: tuple[str, ...], words: st.SearchStrategy[str | None]) -> st.SearchStrategy[Any]:
    return st.none() | st.dictionaries(st.sampled_from(names), words, min_size=1)


OVERLAYS = st.fixed_dictionaries(
    {},
    optional={
        "when": st.sampled_from(["2023-10-28", "2024", None]),
        "until": st.sampled_from(["2025", None]),
        "data": fields(DATA, st.sampled_from(["1", "2", None])),
        "source": fields(SOURCE, st.sampled_from(["ana", "ben", None])),
        "tags": st.sampled_from([["x"], ["x", "y"], None]),
    },
).filter(bool)

OF_RULINGS = st.fixed_dictionaries({"data": st.sampled_from([{"reason": "misread"}, {"reason": None}, None])})


@st.composite
def stacks(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Lines of one or two events, and amendments of anything earlier."""
    lines: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 2))):
        source = {"speaker": "court", "via": "paper"}
        data = {"count": "3", "route": "oral"}
        lines.append(
            {"id": f"e{n}", "type": "injection", "when": "2022", "data": data, "source": source, "tags": ["t"]}
        )
    for n in range(draw(st.integers(0, 9))):
        chosen = draw(st.sampled_from(lines))
        target = chosen["id"]
        kind = draw(st.sampled_from(["amend.correct", "amend.correct", "amend.retract", "amend.reinstate"]))
        root = chosen
        while root["type"] == "amend.correct":
            root = next(line for line in lines if line["id"] == root["data"]["target"])
        overlays = OVERLAYS if root["type"] == "injection" else OF_RULINGS
        data = {"target": target} | ({"set": draw(overlays)} if kind == "amend.correct" else {})
        lines.append({"id": f"a{n}", "type": kind, "data": data})
    return lines


class Naive:
    """The text of SEMANTICS 3, read recursively: every question goes through all the lines again."""

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self.lines = lines
        self.place = {line["id"]: n for n, line in enumerate(lines)}

    @cache  # noqa: B019
    def live(self, name: str) -> bool:
        """An amendment is live, and an event stands, unless its newest live retract or reinstate is a retract."""
        for line in reversed(self.lines):
            rules = line["type"] in ("amend.retract", "amend.reinstate") and line["data"]["target"] == name
            if rules and self.live(line["id"]):
                return bool(line["type"] == "amend.reinstate")
        return True

    def corrections(self, name: str) -> list[dict[str, Any]]:
        found = [one for one in self.lines if one["type"] == "amend.correct" and one["data"]["target"] == name]
        return [one for one in found if self.live(one["id"])]

    def overlay(self, line: dict[str, Any]) -> Flat:
        """What a correction sets, after the corrections of it."""
        found = flat(line["data"]["set"])
        for one in self.corrections(line["id"]):
            lay(found, self.overlay(one))
        return found

    def content(self, name: str) -> Flat:
        line = self.lines[self.place[name]]
        found = flat({key: value for key, value in line.items() if key not in ("id", "type", "case")})
        for one in self.corrections(name):
            lay(found, self.overlay(one))
        return {path: value for path, value in found.items() if value is not None}


def flat(fields: Mapping[str, Any]) -> Flat:
    found: Flat = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            found |= {(name, each): said for each, said in value.items()}
        else:
            found[name,] = value
    return found


def lay(under: Flat, over: Flat) -> None:
    for path, value in over.items():
        if value is None:
            for each in [each for each in under if each[: len(path)] == path]:
                del under[each]
        else:
            under.pop(path[:1], None)
            under[path] = value


@tries(100)
@given(lines=stacks())
def test_stacks_of_amendments_are_what_the_text_says(told: Told, lines: list[dict[str, Any]]) -> None:
    naive, events = Naive(lines), told(*lines, zone="UTC")
    found = amend(events)
    standing = {event.id: event for event in found.events}
    assert set(standing) == {line["id"] for line in lines if naive.live(line["id"])}
    assert set(found.withdrawn) == {line["id"] for line in lines} - set(standing)
    for name in [name for name in standing if name.startswith("e")]:
        said = {key: value for key, value in content(standing[name]).items() if key != "zone"}
        assert flat(said) == naive.content(name)


@tries(40)
@given(lines=stacks())
def test_what_is_named_behind_an_event_is_live_and_what_is_not_named_changes_nothing(
    told: Told, lines: list[dict[str, Any]]
) -> None:
    naive, events = Naive(lines), told(*lines, zone="UTC")
    found = amend(events)
    behind = {one for name, ids in found.by.items() if name.startswith("e") for one in ids}
    assert all(naive.live(one) for one in behind)
    alone = amend([event for event in events if event.id in behind or not event.type.startswith("amend.")])
    assert [content(one) for one in alone.events if one.id.startswith("e")] == [
        content(one) for one in found.events if one.id.startswith("e")
    ]


@tries(25)
@given(lines=stacks(), cut=st.integers(0, 11))
def test_the_prefix_and_then_the_rest_is_the_whole(told: Told, lines: list[dict[str, Any]], cut: int) -> None:
    events = told(*lines, zone="UTC")
    whole = CaseTimeline.of("c", events)
    parts = CaseTimeline.of("c", events[:cut]).then(events[cut:])
    assert parts.told == whole.told
    assert parts.upto(cut).told == CaseTimeline.of("c", events[:cut]).told
    assert ask(parts, "chronology", {}) == ask(whole, "chronology", {})


@tries(25)
@given(lines=stacks())
def test_a_history_ends_with_what_the_case_tells(told: Told, lines: list[dict[str, Any]]) -> None:
    timeline = CaseTimeline.of("c", told(*lines, zone="UTC"))
    answer = ask(timeline, "history", {"id": "e0"})
    now = timeline.by_id.get("e0")
    assert answer.values["content"] == (content(now) if now else None)
    assert [step["id"] for step in answer.values["steps"][1:]] == [
        event.id for event in timeline.events if target_of(event) in answer.rests_on.min
    ]


def test_a_tower_of_retractions_is_read_to_its_end(told: Told) -> None:
    lines: list[dict[str, Any]] = [{"id": "e0", "type": "injection", "when": "2022"}]
    lines += [{"id": "a0", "type": "amend.retract", "data": {"target": "e0"}}]
    lines += [{"id": f"a{n}", "type": "amend.retract", "data": {"target": f"a{n - 1}"}} for n in range(1, 1_200)]
    events = told(*lines, zone="UTC")
    assert "e0" in {event.id for event in amend(events).events}
    assert "e0" in amend(events[:-1]).withdrawn
