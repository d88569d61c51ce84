"""What a careful colleague would ask of a case before relying on it, each with the events and the cure. Judges nothing.

JSON: `{"view": "check", "asks": [{"about", "ids", "question", "cure", "line"}], "counts": {about: n}}`. `about` is one
of contradiction, misprint (a date before its cause), anchor (a death that may be later than the finding of the body),
label (pieces, strength and total that disagree), shorter window (an answer that falls at a slightly shorter one), leans
on one (an answer that moves without one speaker), may be one, persons, soft date, undated, uncertainty, second-hand,
source. `ids` are the events, `cure` says what to write or to look for. The gravest come first. `--window` is the window
that is shortened by an hour (else the 4 days before the one death). Nobody is found wrong: a question may have a good
answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from events.errors import Fault
from events.when import HOUR
from timeline.answers import Answer, Rests
from timeline.asking import words
from timeline.asking.questions import Window, read_window
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline
from timeline.doubts.asks import ORDER, Ask, in_order, named
from timeline.doubts.identities import labels, persons, tellings
from timeline.doubts.times import anchors, misprints, unsettled
from timeline.doubts.words_of import second_hand, uncertain, unsourced
from timeline.hearings.account import Account
from timeline.hearings.account import check as named_there
from timeline.hearings.hearing import Hearing
from timeline.views import Parameter, ask, view
from timeline.views.sources import Question, moves, parts, standard_questions

_ACTING: Final = frozenset({"amend.correct", "amend.retract", "amend.reinstate"})
DAYS: Final = "4 days before @{}"


@view(
    "check",
    asks="what a careful colleague would ask: each with the events and the cure",
    parameters=(
        Parameter(name="window", shown="WINDOW", help="the window to shorten by an hour; else 4 days before the death"),
    ),
)
def check(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give the questions that a record leaves open, the gravest first."""
    hearing = timeline.hear(account)
    window = str(params.get("window") or _window(timeline))
    asked = read_window(timeline, window) if window else None
    asks = in_order(
        [
            *_contradictions(hearing),
            *anchors(hearing),
            *misprints(hearing),
            *(_answers(timeline, asked, window, account) if _speaks(timeline, account) else ()),
            *tellings(hearing),
            *persons(hearing),
            *unsettled(hearing),
            *uncertain(hearing),
            *second_hand(hearing),
            *unsourced(hearing),
        ]
    )
    counts = Counter(one.about for one in asks)
    values = {"asks": [one.json for one in asks], "counts": {about: counts[about] for about in ORDER if counts[about]}}
    ids = tuple(dict.fromkeys(each for one in asks for each in one.ids))
    text = _text(counts)
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=sentence(hearing, f"before relying on this record, ask: {text}" if asks else text, ()),
        tight=False,
        rests_on=Rests(min=ids, max=ids),
        set_aside=hearing.set_aside,
        undated=hearing.undated,
    )


def _text(counts: Mapping[Any, int]) -> str:
    total = sum(counts.values())
    if not total:
        return "no question left open by these checks"
    each = (f"{about} {counts[about]}" for about in ORDER if counts.get(about))
    return f"{words.plural(total, 'question')} ({', '.join(each)})"


def _window(timeline: CaseTimeline) -> str:
    deaths = [event.id for event in timeline.told if event.type == "death"]
    return DAYS.format(deaths[0]) if len(deaths) == 1 else ""


def _speaks(timeline: CaseTimeline, account: Account) -> bool:
    """Whether all that the account names says something; what only an amendment names has nothing to be asked of."""
    if not timeline.amended.by:
        return True
    try:
        named_there(account, [event for event in timeline.told if event.type not in _ACTING])
    except Fault:
        return False
    return True


def _answers(timeline: CaseTimeline, asked: Window | None, window: str, account: Account) -> Iterator[Ask]:
    yield from labels(timeline.hear(account))
    standard = standard_questions(timeline)
    counted, *put = parts(timeline, [(window, "dose-total", {"window": window}), *standard], account)
    if asked is not None:
        yield from _shorter(counted, asked, window, account)
    yield from _leaning(timeline, standard, put, account)


def _put(timeline: CaseTimeline, view_name: str, params: Mapping[str, Any], account: Account) -> Answer | None:
    """Put a question; None where it cannot be answered, so that nothing is left to ask. It rests on no amendment."""
    try:
        return ask(timeline, view_name, params, account, resting=False)
    except Fault:
        return None


def _contradictions(hearing: Hearing) -> Iterator[Ask]:
    for each in hearing.disputes:
        aside = named(each.set_aside)
        yield Ask(
            about="contradiction",
            ids=tuple(each.conflict.statements),
            question=f"which of them is right? {each.why}",
            cure=f"shown without {aside}; look at the sources, and correct or retract what was entered wrongly",
        )


# --- answers that are less firm than they look -----------------------------------------------------------------------


def _shorter(timeline: CaseTimeline, asked: Window, window: str, account: Account) -> Iterator[Ask]:
    """Ask of a count that falls where the window is shorter by an hour; `window` is how it is written."""
    if asked.anchor is None or asked.days is not None or asked.reach <= HOUR:
        return
    side = "before" if asked.before else "after"
    less = f"{(asked.reach - HOUR) // HOUR} hours {side} {asked.anchor}"
    if asked.reach % HOUR:
        return
    first, second = (_put(timeline, "dose-total", {"window": text}, account) for text in (window, less))
    if first is None or second is None:
        return
    most, least = (each.values["administrations"]["min"] for each in (first, second))
    if least >= most:
        return
    ids = tuple(one for one in first.rests_on.min if one not in second.rests_on.min and one in timeline.by_id)
    yield Ask(
        about="shorter window",
        ids=ids,
        question=f"at least {most} in {window!r} is at least {least} in {less!r}: does {named(ids)} speak of the whole "
        "window?",
        cure="say the window with the number; if the source tells how they were spread, write events for the days",
    )


def _leaning(
    timeline: CaseTimeline, asked: Sequence[Question], put: Sequence[CaseTimeline], account: Account
) -> Iterator[Ask]:
    """Ask of each standard answer that moves without one speaker."""
    try:
        answers = moves(timeline, asked, put, account, resting=False)
    except Fault:
        return
    for one in answers:
        for without in one["without"]:
            if without["moved"] and without["text"] != one["text"]:
                ids = tuple(event.id for event in _of(timeline, without["speaker"], one["rests_on"]))
                yield Ask(
                    about="leans on one",
                    ids=ids,
                    question=f"{one['question']}: {one['text']}, but without {without['speaker'] or 'nobody named'}: "
                    f"{without['text']}. Does anybody else say so?",
                    cure="look for a second source, or say on whose word the answer stands",
                )


def _of(timeline: CaseTimeline, speaker: str, rests: Mapping[str, Any]) -> Iterator[Any]:
    same = timeline.same_name
    for event_id in dict.fromkeys((*rests["min"], *rests["max"])):
        event = timeline.by_id.get(event_id)
        if event is not None and same(event.source.speaker) == same(speaker):
            yield event
