"""The first page: the key answers with all that must stand beside each, and what was left out, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from events.errors import Fault
from events.event import event_types
from timeline.answers import Answer
from timeline.asking.sentences import whose_word
from timeline.asking.sides import Sides, by_speaker, sides_json
from timeline.asking.words import listed, plural
from timeline.reports.at_fault import naming, within
from timeline.reports.composing.brief import WINDOW, Brief
from timeline.reports.composing.left_out import Excluded, excluded
from timeline.reports.composing.rows import source_of, speaker_words, where_words
from timeline.reports.composing.shape import Block, Key, Pairs, Section, SideOf, Words
from timeline.views.sources import read_question

MOST_SPEAKERS: Final = 60
"""Speakers beyond which a key answer is not put to each of them alone."""
ORDERED: Final = "prescription"
"""What is no administration, and asked for by itself: how many were ordered."""
MOST_PAIRS: Final = 3
"""Pairs of speakers who differ and can both be true beyond which they are counted."""
CONVENTIONS: Final[Mapping[str, str]] = {
    "days-since-last": "Full days are of 24 hours. Calendar days are differences of dates in the zone named, the day of"
    " the dose being day 0; safety reports (ICH E2B) count it as day 1, which is one more.",
    "days-since-first": "Full days are of 24 hours. Calendar days are differences of dates in the zone named, the day"
    " of the dose being day 0; safety reports (ICH E2B) count it as day 1, which is one more.",
    "dose-total": "The window is closed: both its ends belong to it. A total, an event of several and single events in"
    " one window tell of the same happenings, so that the greatest counts and never their sum. An unknown amount is"
    " never zero, and a number over several days is never divided among them.",
    "elapsed": "From the end (or last) of the first event to the beginning (or first) of the second.",
    "holds": "Certain: true in every course of events that the record allows; impossible: in none; else possible.",
}


def keys(brief: Brief) -> Section:
    """Give the first page: what was left out, counted; then each key answer."""
    asked = list(_key_answers(brief))
    left = excluded(brief)
    counts = _counts(brief, left)
    shown: tuple[Block, ...] = tuple(_key(brief, answer, sides) for answer, sides in asked)
    blocks = (Pairs(rows=counts), *(shown or (Words(text=_none(brief), tone="note"),)))
    data = [_json(brief, answer, sides) for answer, sides in asked]
    return Section(name="answers", title="Key answers", blocks=blocks, data=data)


def _key_answers(brief: Brief) -> Iterator[tuple[Answer, Sides | None]]:
    """Ask what the report was asked to, then what every case with a death and administrations is asked."""
    for text in brief.frame.questions:
        with within(f"--ask {text!r}"):
            _, view, params = read_question(text)
            with naming(view, params):
                put = brief.ask(view, params)
        yield put, _sides(brief, view, params)
    if not brief.death:
        return
    told = {event.type for event in brief.timeline.told}
    for kind in (each.name for each in event_types().values() if each.administration and each.name in told):
        for view, params in standard(kind, brief.death):
            answer = brief.find(view, params)
            if answer is not None:
                yield answer, _sides(brief, view, params)
    ordered = {"type": ORDERED, "window": f"{WINDOW} before @{brief.death}"}
    if ORDERED in told and (answer := brief.find("dose-total", ordered)) is not None:
        yield answer, _sides(brief, "dose-total", ordered)


def standard(kind: str, death: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Give the questions about one type of administration: the last before the death, how many at the end."""
    return (
        ("days-since-last", {"type": kind, "at": f"@{death}"}),
        ("dose-total", {"type": kind, "window": f"{WINDOW} before @{death}"}),
    )


def _sides(brief: Brief, view: str, params: Mapping[str, Any]) -> Sides | None:
    speakers = {event.source.speaker for event in brief.hearing.counted}
    if not 1 < len(speakers) <= MOST_SPEAKERS:
        return None
    try:
        return by_speaker(brief.timeline, view, params, brief.account)
    except Fault:
        return None


def _key(brief: Brief, answer: Answer, sides: Sides | None) -> Key:
    ids = answer.rests_on.both
    return Key(
        question=answer.question,
        plain=plain_question(answer),
        text=answer.text,
        tight=answer.tight,
        sentence=answer.sentence,
        word=_capital(whose_word(brief.hearing, ids)) if ids else "",
        convention=CONVENTIONS.get(answer.view, ""),
        least=answer.rests_on.min,
        most=answer.rests_on.max,
        sources=_sources(brief, ids),
        sides=tuple(_side(brief, one.shown, one.answer) for one in sides.sides) if sides else (),
        verdicts=_verdicts(sides) if sides else (),
        set_aside=tuple(answer.set_aside),
        undated=answer.undated,
        assumes=answer.assumes,
    )


def plain_question(answer: Answer) -> str:
    """Give the question as a person asks it; one of no known kind as it was written."""
    given = answer.parameters
    if answer.view in ("days-since-last", "days-since-first"):
        which = "last" if answer.view == "days-since-last" else "first"
        return f"How long before {given['at']} was the {which} {_said(given['type'])}?"
    if answer.view == "dose-total":
        what = f"{_said(given['type'])}s" if given.get("type") else "administrations"
        verb = "ordered" if answer.values.get("counted") == "ordered" else "given"
        return f"How many {what} were {verb} in the {given['window']}, and how much?"
    if answer.view == "elapsed":
        return f"How long was it from {given.get('a', 'the first')} to {given.get('b', 'the second')}?"
    return answer.question


def _said(name: Any) -> str:
    return str(name).replace("_", " ")


def _sources(brief: Brief, ids: Sequence[str]) -> tuple[str, ...]:
    """Give the sources of these events, each once: who says so, standing, document and place."""
    told = (brief.timeline.by_id[one] for one in ids if one in brief.timeline.by_id)
    named = (source_of(event) for event in told if not event.type.startswith("amend."))
    said = (
        f"{speaker_words(one)} ({one.get('standing') or 'no standing given'})"
        + (f": {where_words(one)}" if where_words(one) else "")
        for one in named
    )
    return tuple(dict.fromkeys(said))


def _side(brief: Brief, name: str, answer: Answer) -> SideOf:
    ids = answer.rests_on.both
    own = (brief.timeline.by_id[one] for one in ids if one in brief.timeline.by_id)
    spoken = (event for event in own if (event.source.speaker or "nobody named") == name)
    standings = dict.fromkeys(event.source.standing or "none given" for event in spoken)
    return SideOf(name=name, text=answer.text, standing=listed(list(standings)), ids=ids)


def _verdicts(sides: Sides) -> tuple[str, ...]:
    """Say which sides agree, which differ and can both be true, which cannot, and who has no word on it."""
    said = [f"{listed(_named(names))} agree." for names in sides.same]
    said += [f"{listed(_named(pair))} cannot both be true." for pair in sides.exclude]
    if len(sides.differ) > MOST_PAIRS:
        said.append(f"All other pairs ({len(sides.differ)}) differ, and can both be true.")
    else:
        said += [f"{listed(_named(pair))} differ, and can both be true." for pair in sides.differ]
    if sides.silent:
        said.append(f"No word on it: {listed(_named(sides.silent))}.")
    return tuple(said)


def _named(names: Sequence[str]) -> list[str]:
    return [name or "nobody named" for name in names]


def _counts(brief: Brief, left: Excluded) -> tuple[tuple[str, str], ...]:
    """Count what the record tells of, and what is undated, set aside, withdrawn or left out."""
    undated = len([one for one in brief.told["undated"] if brief.events[one]["type"] != "document"])
    told = len([one for one in brief.events.values() if one["type"] != "document"])
    conflicts = len(brief.hearing.conflicts)
    return (
        ("told", f"{plural(told, 'event')} in this account, {undated} of them undated"),
        ("left out", left.words or "nothing"),
        (
            "contradictions",
            plural(conflicts, "set") + " of statements that cannot all be true" if conflicts else "none",
        ),
    )


def _none(brief: Brief) -> str:
    deaths = sum(event.type == "death" for event in brief.timeline.told)
    if deaths != 1:
        return (
            f"The case has {deaths} events of type death, not one to measure from;"
            " put a question with --ask, such as --ask 'elapsed @a @b'."
        )
    return "None could be asked: the case tells of no administration; put a question with --ask."


def _json(brief: Brief, answer: Answer, sides: Sides | None) -> dict[str, Any]:
    if sides is None:
        return brief.json(answer)
    return sides_json(sides, as_of=brief.as_of, log=brief.log, read=brief.read)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
