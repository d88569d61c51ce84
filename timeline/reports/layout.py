"""Plain text in columns, and one answer as lines; every text made visible. Knows no log, prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from events.event import event_types
from events.fields import kinds
from events.source import Source
from timeline.reports.escape import one_line
from timeline.reports.spans import span_words

MOST_IDS: Final = 12
"""How many ids are named in words; JSON names all."""
WHEN: Final = 35
"""How wide the column of dates is."""
PLAIN: Final = frozenset(
    {"title", "text", "aspect", "defendant", "analyte", "substance", "concentration", "quantity", "amount", "count"}
    | {"offence", "purpose", "status", "scale", "score", "effect", "medication"}
)
"""Data whose value says by itself what it is."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Give rows as aligned lines under a head; the last column is left as long as it is.

    >>> table(("id", "n"), [("a", 1), ("longer", 22)])
    ['id      n', 'a       1', 'longer  22']
    """
    cells = [tuple(head), *(tuple(one_line(str(cell)) for cell in row) for row in rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def pairs(rows: Iterable[tuple[str, str]], *, indent: str = "  ") -> list[str]:
    """Give named values as aligned lines; those without a value are left out."""
    kept = [(name, one_line(value)) for name, value in rows if value]
    width = max((len(name) for name, _ in kept), default=0)
    return [f"{indent}{name.ljust(width)}  {value}" for name, value in kept]


def answer_lines(answer: Mapping[str, Any], *, zone: str = "", disputes: Iterable[str] = ()) -> list[str]:
    """Give an answer (its JSON) as lines: the short words, the sentence or chronology, what stands beside it."""
    lines = [one_line(answer["text"]), ""]
    if "events" in answer:
        shown = (event for event in answer["events"] if event["type"] != "document")
        told = [line for event in shown for line in entry_lines(entry(event, zone))]
        notes = pairs([(name, value) for name, value in note_pairs(answer) if name != "rests on"])
        return [*lines, *told, *(one_line(words) for words in disputes), *([""] if notes else []), *notes]
    listed = (*amount_lines(answer.get("amounts", ())), *sweep_lines(answer.get("sweep", ())), *said_lines(answer))
    shown_too = [f"  {line}" if line else "" for line in listed]
    return [*lines, f"  {one_line(answer['sentence'])}", *shown_too, "", *pairs(note_pairs(answer))]


def said_lines(answer: Mapping[str, Any]) -> list[str]:
    """Give the lists of an answer whose rows say themselves in words (`line`), each under its name."""
    lines: list[str] = []
    for name, rows in answer.items():
        if isinstance(rows, list) and rows and all(isinstance(one, Mapping) and "line" in one for one in rows):
            lines += ["", name.replace("_", " "), *(f"  {one_line(str(one['line']))}" for one in rows)]
    return [*lines, *caveat_lines(answer.get("caveats", ()))]


def caveat_lines(caveats: Sequence[str]) -> list[str]:
    """Give what must be read beside an answer as lines, first an empty one."""
    return ["", "caveats", *(f"  {one_line(each)}" for each in caveats)] if caveats else []


def amount_lines(amounts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give amounts by substance (JSON of `dose-total`) as aligned lines, first an empty one; none for a single one."""
    if len(amounts) < 2:
        return []
    rows = [
        (each["substance"], _range(each["min"], each["max"]), each["unit"] or "", _unknown(each)) for each in amounts
    ]
    return ["", *table(("substance", "amount", "unit", "of unknown amount"), rows)]


def sweep_lines(sweep: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give the windows of a sweep (JSON of `dose-total`) as aligned lines after an empty one."""
    return ["", *table(("days", "in the window"), [(each["days"], each["text"]) for each in sweep])] if sweep else []


def _range(least: Any, most: Any) -> str:
    if most is None:
        return f"at least {least}" if str(least) != "0" else "not known"
    return str(least) if least == most else f"{least} to {most}"


def _unknown(amount: Mapping[str, Any]) -> str:
    unknown = amount["unknown"]
    return "" if unknown["max"] == 0 else _range(unknown["min"], unknown["max"])


def note_pairs(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give what stands beside an answer, each with its name; empty values where there is nothing to say."""
    rests = answer["rests_on"]
    same = rests["min"] == rests["max"]
    return [
        ("rests on", _ids(rests["min"]) if same else ""),
        ("least rests on", "" if same else _ids(rests["min"])),
        ("most rests on", "" if same else _ids(rests["max"])),
        ("set aside", _ids(answer["set_aside"])),
        ("undated", _ids(answer["undated"])),
        ("assumes", "; ".join(answer["assumes"])),
    ]


def _ids(ids: Sequence[str]) -> str:
    more = len(ids) - MOST_IDS
    return ", ".join(ids) if more <= 0 else f"{', '.join(ids[:MOST_IDS])} and {more:,} more (JSON names all)"


class Entry(NamedTuple):
    """One event in words: when, its id, what happened, who says so, and how a report cites it."""

    when: str
    id: str
    what: str
    who: str
    cited: str = ""


def entry(event: Mapping[str, Any], zone: str) -> Entry:
    """Give one event of a chronology (its JSON) in words, with local times of `zone`."""
    when = span_words(event["earliest"], event["latest"], zone, soft=event["soft"], undated=event["when"])
    return Entry(when, event["id"], summary(event["type"], event["data"]), source_words(event["source"]))


def entry_lines(told: Entry) -> list[str]:
    """Give one event as lines: when and what, then who says so and the event's id."""
    when = f"  {one_line(told.when):{WHEN}}"
    named = f"@{told.id} {told.cited}".rstrip()
    who = f"{one_line(told.who)}  {named}" if told.who else named
    return [f"{when}  {one_line(told.what)}", f"{'':{WHEN + 4}}{who}"]


def summary(kind: str, data: Mapping[str, Any]) -> str:
    """Give what an event says in a few words: its type and its data, in the order of the type's fields.

    >>> summary("injection", {"count": "at least 27", "given_by": "assistant", "substance": "ketamine"})
    'injection: ketamine, at least 27, given by assistant'
    >>> summary("amend.correct", {"target": "shots", "set": {"note": None}})
    'amend.correct: target shots, set note removed'
    """
    order = _order(kind)
    kept = sorted(
        (each for each in data.items() if each[1] not in ("", [], {}, None)), key=lambda one: order.get(one[0], 99)
    )
    said = (_shown(value) if name in PLAIN else f"{name.replace('_', ' ')} {_shown(value)}" for name, value in kept)
    words = ", ".join(each.rstrip(".") for each in said)
    return f"{kind}: {words}" if words else kind


@cache
def _order(kind: str) -> Mapping[str, int]:
    known = event_types().get(kind)
    return {name: n for n, name in enumerate(kinds(known.facts))} if known else {}


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_shown(each)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_shown, value))
    return "removed" if value is None else str(value)


def source_words(source: Mapping[str, Any]) -> str:
    """Give who says so, as printed: speaker, reporter, standing.

    >>> source_words({"speaker": "medical examiner", "via": "NewsNation", "standing": "found"})
    'medical examiner, as reported by NewsNation (found)'
    """
    known = ("speaker", "via", "standing")
    said = {name: str(source[name]) for name in known if source.get(name)}
    return Source(**said).words if said else ""
