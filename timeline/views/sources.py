"""What rests on whom, and which answers move if a speaker is not believed. Says not who is to be believed.

JSON: `{"view": "sources", "sources": [{"speaker", "via", "standing", "events": [ids]}], "answers": [{"question",
"text", "values": {…}, "in_fact": {…}, "rests_on": {"min", "max"}, "without": [{"speaker", "moved", "text", "values",
"in_fact"}]}]}`. A row of `sources` is one speaker through one reporter with one standing, most events first; nobody
named, no reporter and no standing are `""`. `answers` are those of `--view`, else the case's standard questions that
apply. In each row of `without` one speaker (all ways of writing the name) is left out; `moved` is whether any value
is another. What an answer is counted from stays: the anchors of a question keep their dates, on whose word they say.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from events.errors import Fault
from events.event import RecordedEvent, event_types
from timeline.answers import Answer, Rests
from timeline.asking import words
from timeline.asking.part import Asked, Last, part_of
from timeline.asking.questions import read_ref, read_window
from timeline.asking.sentences import sentence
from timeline.asking.verdicts import agree
from timeline.case import CaseTimeline, family
from timeline.hearings.account import NOBODY, Account
from timeline.hearings.hearing import Hearing
from timeline.views import Parameter, View, ask, view, view_named

_SILENT: Final = frozenset({"case", "log", "amendments"})
_FINAL: Final = "4 days before @{}"
LESS: Final = 2
"""Of a case, one in so many events at most are worth to be heard by themselves."""
Question = tuple[str, str, dict[str, Any]]
"""The question as it is written, the view, its parameters."""
Names = tuple[str, ...]


@view(
    "sources",
    asks="what rests on whom, and which answers move if a speaker is not believed",
    parameters=(
        Parameter(
            name="view",
            shown="QUESTION",
            repeatable=True,
            help="a question as ask takes it, in quotes: 'days-since-last infusion --at death'",
        ),
    ),
)
def sources(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give who says what, and each question's answer with everybody and without each speaker."""
    hearing = timeline.hear(account)
    told = _told(hearing)
    asked = [read_question(text) for text in params.get("view", ())] or standard_questions(timeline)
    speakers = _speakers(timeline, told)
    rows = _rows(timeline, told)
    answers = moves(timeline, asked, parts(timeline, asked, account), account)
    values = {"sources": rows, "answers": answers}
    ids = tuple(sorted(event.id for event in told))
    text = f"{words.plural(len(speakers), 'speaker')}, {words.plural(len(told), 'event')}"
    moved = [_moved_text(one) for one in answers]
    return Answer(
        values=values,
        in_fact=values,
        text="; ".join((text, *moved)),
        sentence=sentence(hearing, "; ".join((f"the record rests on {text}", *moved)), ()),
        tight=False,
        rests_on=Rests(min=ids, max=ids),
        set_aside=hearing.set_aside,
        undated=hearing.undated,
        assumes=(*_kept(hearing, asked), *hearing.assumes),
    )


def read_question(text: str) -> Question:
    """Read a question as `casefold ask` takes it after the case; raises `Fault`.

    >>> read_question("days-since-last infusion --at death")[1:]
    ('days-since-last', {'type': 'infusion', 'at': 'death'})
    """
    try:
        given = shlex.split(text)
    except ValueError:
        raise Fault(f"{text!r} has a quote that does not end", "close it") from None
    if not given:
        raise Fault("the question is empty", "write a view and its parameters: 'elapsed @a @b'")
    return text, given[0], _parameters(view_named(given[0]), given[1:])


def standard_questions(timeline: CaseTimeline) -> list[Question]:
    """Give the questions every case of a death is asked: the last of each administration, the doses at the end."""
    deaths = sorted(event.id for event in timeline.told if event.type == "death")
    if len(deaths) != 1:
        return []
    given = sorted(filter(_administered, {event.type for event in timeline.told}))
    asked: list[Question] = []
    for kind in given:
        parameters = {"type": kind, "at": deaths[0]}
        asked.append((f"days-since-last {kind} --at {deaths[0]}", "days-since-last", parameters))
    if given:
        window = _FINAL.format(deaths[0])
        asked.append((f"dose-total --window '{window}'", "dose-total", {"window": window}))
    return asked


def _administered(kind: str) -> bool:
    known = event_types().get(kind)
    return known is not None and known.administration


def _parameters(chosen: View, given: Sequence[str]) -> dict[str, Any]:
    options = {f"--{each.name}": each for each in chosen.parameters if each.kind != "positional"}
    places = [each for each in chosen.parameters if each.kind == "positional"]
    found: dict[str, Any] = {}
    waiting = iter(given)
    for word in waiting:
        name, equals, value = word.partition("=")
        if name in options:
            each = options[name]
            if each.name in found and not each.repeatable and each.kind != "flag":
                raise Fault(f"{name} is given twice in the question", "give it once")
            text = True if each.kind == "flag" else value if equals else next(waiting, "")
            found[each.name] = (*found.get(each.name, ()), text) if each.repeatable else text
        elif word.startswith("--") or not places:
            raise Fault(f"view {chosen.name!r} takes no {word!r}", f"write: {chosen.usage}")
        else:
            found[places.pop(0).name] = word
    return found


def _told(hearing: Hearing) -> list[RecordedEvent]:
    """Give what somebody tells of the case."""
    types = {event.type: event for event in hearing.counted}
    told = {name for name, event in types.items() if family(event) not in _SILENT}
    return [event for event in hearing.counted if event.type in told]


def _speakers(timeline: CaseTimeline, told: Sequence[RecordedEvent]) -> list[Names]:
    """Give the ways of writing each speaker's name, those together that the case says are one; nobody named last."""
    groups: dict[str, dict[str, None]] = {}
    for name in dict.fromkeys(event.source.speaker for event in told):
        groups.setdefault(timeline.same_name(name), {})[name] = None
    return [tuple(names) for _, names in sorted(groups.items(), key=lambda one: (not one[0], one[0]))]


def _rows(timeline: CaseTimeline, told: Sequence[RecordedEvent]) -> list[dict[str, Any]]:
    written: dict[tuple[str, str, str], list[RecordedEvent]] = {}
    for event in told:
        source = event.source
        written.setdefault((source.speaker, source.via, source.standing), []).append(event)
    groups: dict[tuple[str, str, str], list[RecordedEvent]] = {}
    for (speaker, via, standing), events in written.items():
        groups.setdefault((timeline.same_name(speaker), timeline.same_name(via), standing), []).extend(events)
    ordered = sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))
    return [
        {
            "speaker": events[0].source.speaker,
            "via": events[0].source.via,
            "standing": events[0].source.standing,
            "events": sorted(event.id for event in events),
        }
        for _, events in ordered
    ]


def parts(timeline: CaseTimeline, asked: Sequence[Question], account: Account) -> list[CaseTimeline]:
    """Give for each question the part of the case that it is put to; all of it where that is no shorter way."""
    read = [dosing(timeline, question) for question in asked]
    try:
        part = part_of(timeline, timeline.hear(account), [one for one in read if one is not None])
    except Fault:  # an anchor is unclear, and the question will say so
        part = timeline
    if len(part.told) * LESS > len(timeline.told):
        part = timeline  # it is heard already
    return [timeline if one is None else part for one in read]


def moves(
    timeline: CaseTimeline,
    asked: Sequence[Question],
    put: Sequence[CaseTimeline],
    account: Account,
    *,
    resting: bool = True,
) -> list[dict[str, Any]]:
    """Give each question's answer with everybody and without each speaker; `put` are the `parts` it is put to.

    Not `resting`: what it rests on may lack amendments, as in `ask`.
    """
    speakers = _speakers(timeline, _told(timeline.hear(account))) if asked else []
    pairs = zip(asked, put, strict=True)
    return [_moves(part, question, account, speakers, resting=resting) for question, part in pairs]


def _moves(
    timeline: CaseTimeline, question: Question, account: Account, speakers: Sequence[Names], *, resting: bool
) -> dict[str, Any]:
    text, name, parameters = question
    whole = ask(timeline, name, parameters, account, resting=resting)
    rests = {"min": list(whole.rests_on.min), "max": list(whole.rests_on.max)}
    without = []
    for names in speakers:
        others = tuple(name for each in speakers if each != names for name in each)
        unheard = replace(account, speakers=others) if others else NOBODY
        answer = ask(timeline, name, parameters, unheard, resting=False)
        without.append({"speaker": names[0], "moved": not agree(whole, answer), **_answer(answer)})
    return {"question": text, **_answer(whole), "rests_on": rests, "without": without}


def dosing(timeline: CaseTimeline, question: Question) -> Asked | None:
    """Give a question of a last or of a window's doses as `part_of` takes it; None for any other, or where it fails."""
    _, name, parameters = question
    try:
        if name == "days-since-last" and parameters.keys() == {"type", "at"}:
            return Last(type=parameters["type"], anchor=read_ref(timeline, parameters["at"], "start"))
        if name == "dose-total" and parameters.keys() == {"window"}:
            return read_window(timeline, parameters["window"])
    except Fault:
        return None
    return None


def _answer(answer: Answer) -> dict[str, Any]:
    return {"text": answer.text, "values": dict(answer.values), "in_fact": dict(answer.in_fact)}


def _moved_text(one: Mapping[str, Any]) -> str:
    moved = [f"without {each['speaker'] or 'nobody named'}: {each['text']}" for each in one["without"] if each["moved"]]
    return f"{one['question']}: {one['text']} ({'; '.join(moved) if moved else 'whoever is not believed'})"


def _kept(hearing: Hearing, asked: Sequence[Question]) -> tuple[str, ...]:
    """Say that a speaker who is not believed still dates what a question is counted from."""
    if not asked or not hearing.counted:
        return ()
    return ("a speaker left out still dates what a question is counted from",)
