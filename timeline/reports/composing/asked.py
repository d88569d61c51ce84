"""Sections made of what views say: findings, charges, supply, treatment and others, a table for each list of theirs.

A row of such a list has its `line` in words; an event's row has `id`, `when` and `source` besides, a computed one what
it `rests_on`. A view that is not there, cannot be asked of this case or says nothing makes no section.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from events.when import Bound
from timeline.answers import Answer
from timeline.asking.words import instants
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.rows import NO_STANDING, speaker_words, unsaid, where_words
from timeline.reports.composing.shape import Block, Cell, Column, Row, Section, Table, Words
from timeline.reports.layout import source_words
from timeline.reports.spans import span_words

ASKED: Final[Mapping[str, str]] = {
    "findings": "Findings",
    "charges": "Charges",
    "supply": "Supply",
    "treatment": "Treatment",
}
"""The views that make a section, with its title, in the order of a report."""
MOST: Final = 400
"""Rows of one table; the JSON has all."""
MOST_IDS: Final = 8
_EVENTS: Final = (
    Column("no.", 5, "number"),
    Column("when", 21),
    Column("in words", 30),
    Column("who says so", 15),
    Column("standing", 11),
    Column("source", 18),
)
_COMPUTED: Final = (Column("in words", 68), Column("rests on", 32, "ids"))


def asked(brief: Brief, view: str, title: str, params: Mapping[str, Any] | None = None) -> Section | None:
    """Give the section of one view; None where there is nothing to say."""
    answer = brief.find(view, params or {})
    if answer is None or not any(_lists(answer)):
        return None
    blocks: list[Block] = [Words(text=answer.sentence)]
    blocks += (_table(brief, view, name, rows) for name, rows in _lists(answer))
    blocks += (Words(text=f"{_capital(each)}.", tone="note") for each in answer.values.get("caveats", ()))
    return Section(name=view.replace("-", "_"), title=title, blocks=tuple(blocks), data=brief.json(answer))


def _lists(answer: Answer) -> list[tuple[str, Sequence[Mapping[str, Any]]]]:
    """Give the lists of rows in words that an answer has, by name; empty ones left out."""
    return [
        (name, value)
        for name, value in answer.values.items()
        if isinstance(value, (list, tuple))
        and value
        and all(isinstance(one, Mapping) and "line" in one for one in value)
    ]


def _table(brief: Brief, view: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    shown = rows[:MOST]
    told = all(isinstance(one.get("source"), Mapping) and "id" in one for one in shown)
    more = f"{len(rows) - MOST} more rows are in the JSON." if len(rows) > MOST else ""
    return Table(
        name=f"{view}-{name}".replace("_", "-"),
        title=_capital(name.replace("_", " ")),
        columns=_EVENTS if told else _COMPUTED,
        rows=tuple(_event(brief, one) if told else _computed(one) for one in shown),
        caption=more,
    )


def _event(brief: Brief, one: Mapping[str, Any]) -> Row:
    source, when = one["source"], one.get("when") or {"min": None, "max": None}
    words = span_words(when["min"], when["max"], brief.timeline.zone, undated="undated")
    recorded = one.get("recorded", {}).get("position", "")
    return Row(
        cells=(
            Cell(str(recorded)),
            Cell(words, unsaid(str(one.get("written", "")), words)),
            Cell(_capital(_said(brief, one)), f"@{one['id']}", (str(one["id"]),)),
            Cell(speaker_words(source)),
            Cell(source.get("standing") or NO_STANDING),
            Cell(where_words(source)),
        ),
        id=str(one["id"]),
        notes=tuple(_notes(one)),
    )


def _said(brief: Brief, one: Mapping[str, Any]) -> str:
    """Give a line without what stands in a column of its own: when, on whose word, the id."""
    line = without_source(str(one["line"]), one["source"]).removesuffix(f" @{one['id']}")
    when = one.get("when") or {"min": None, "max": None}
    bound = Bound(_micros(when["min"]), _micros(when["max"]))
    return line.removeprefix(f"{instants(bound, brief.zone)}: ")


def _micros(text: str | None) -> int | None:
    """Read an instant as JSON has it into microseconds since 1970."""
    if text is None:
        return None
    return (datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _notes(one: Mapping[str, Any]) -> list[str]:
    said = [f"“{one['source']['quote']}”"] if one["source"].get("quote") else []
    said += [f"{_capital(each['party'])} {each['stance']} this (@{each['id']})." for each in one.get("positions", ())]
    said += [f"{_capital(str(each))}." for each in one.get("flags", ()) if isinstance(each, str)]
    return said


def _computed(one: Mapping[str, Any]) -> Row:
    both = _rests(one)
    shown = ", ".join(f"@{each}" for each in both[:MOST_IDS])
    more = f" and {len(both) - MOST_IDS} more" if len(both) > MOST_IDS else ""
    return Row(cells=(Cell(_capital(str(one["line"]))), Cell(f"{shown}{more}", "", both)), id=str(one.get("id", "")))


def _rests(one: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the ids that a computed row rests on, under whichever name the view gives them."""
    rests = one.get("rests_on")
    if isinstance(rests, Mapping):
        return tuple(dict.fromkeys((*rests.get("min", ()), *rests.get("max", ()))))
    named = rests or one.get("ids") or one.get("charges") or ([one["id"]] if "id" in one else [])
    return tuple(str(each) for each in named)


def without_source(line: str, source: Mapping[str, Any]) -> str:
    """Take out of a line the brackets that say who says so, where columns beside it say that.

    >>> without_source("drowning (police (stated); in 2024) later", {"speaker": "police", "standing": "stated"})
    'drowning later'
    """
    start = line.find(f" ({source_words(source)}") if source else -1
    if start < 0:
        return line
    depth = 0
    for at in range(start + 1, len(line)):
        depth += (line[at] == "(") - (line[at] == ")")
        if not depth:
            return line[:start] + line[at + 1 :]
    return line


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
