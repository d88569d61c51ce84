"""What cannot all be true, and where the record is silent, as sections. Settles neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from timeline.asking.words import plural
from timeline.hearings.disputes import Dispute
from timeline.reports.composing.brief import Brief
from timeline.reports.composing.rows import NO_STANDING, source_of, speaker_words, where_words
from timeline.reports.composing.shape import Cell, Column, Row, Section, Table, Words
from timeline.reports.layout import summary
from timeline.reports.spans import span_words

LONGER: Final = "30 days"
SHOWN: Final = 12
"""Possible silences that are listed; the rest are counted."""
_TELLINGS: Final = (
    Column("set", 6, "number"),
    Column("statement", 30),
    Column("its time, as written", 20),
    Column("who says so", 18),
    Column("standing", 11),
    Column("here", 15),
)
_GAPS: Final = (
    Column("truth", 10),
    Column("after", 28),
    Column("before", 28),
    Column("how long", 34),
)


def conflicts(brief: Brief) -> Section:
    """Give the sets of statements that cannot all be true, each statement beside the other."""
    answer = brief.ask("conflicts", {})
    found = brief.hearing.disputes
    rows = [row for n, each in enumerate(found, 1) for row in _tellings(brief, n, each)]
    table = Table(
        name="conflicts",
        title="Statements that cannot all be true",
        columns=_TELLINGS,
        rows=tuple(rows),
        caption="Every set is minimal: without any one of its statements the others agree. Other sets may exist.",
        empty="No contradiction of times was found.",
    )
    said = (Words(text=each.beside, tone="disputed") for each in found)
    why = (Words(text=str(each["why"])) for each in answer.values["conflicts"])
    return Section(name="conflicts", title="Conflicts", blocks=(*said, *why, table), data=brief.json(answer))


def _tellings(brief: Brief, number: int, dispute: Dispute) -> list[Row]:
    rows = []
    for one in (*dispute.kept, *dispute.set_aside):
        event = brief.timeline.by_id[one]
        source = source_of(event)
        shown = "set aside" if one in dispute.set_aside else "shown" if one in dispute.about else "measured from"
        rows.append(
            Row(
                cells=(
                    Cell(str(number)),
                    Cell(summary(event.type, event.written), f"@{one}"),
                    Cell(event.spoken or event.when, source.get("reads", "")),
                    Cell(speaker_words(source), where_words(source)),
                    Cell(source.get("standing") or NO_STANDING),
                    Cell(shown),
                )
            )
        )
    return rows


def gaps(brief: Brief) -> Section | None:
    """Give the silent periods longer than 30 days, the certain ones first; None where they cannot be asked for."""
    answer = brief.find("gaps", {"longer-than": LONGER})
    if answer is None:
        return None
    found = sorted(answer.values["gaps"], key=lambda one: one["truth"] != "certain")
    certain = sum(one["truth"] == "certain" for one in found)
    shown = found[: certain + SHOWN]
    more = f" {plural(len(found) - len(shown), 'more possible one')} in the JSON." if len(shown) < len(found) else ""
    table = Table(
        name="gaps",
        title=f"Silent periods longer than {LONGER}",
        columns=_GAPS,
        rows=tuple(_gap(brief, one) for one in shown),
        caption=f"Certain: in every course of events that the record allows; possible: in some.{more}",
        empty=f"No silence longer than {LONGER} can have been between two dated events.",
    )
    said = Words(text=_capital(f"{answer.text}."))
    return Section(name="gaps", title="Gaps", blocks=(said, table), data=brief.json(answer))


def _gap(brief: Brief, one: Mapping[str, Any]) -> Row:
    zone = brief.timeline.zone
    return Row(
        cells=(
            Cell(one["truth"]),
            Cell(_ids(one["after"]), span_words(one["from"]["min"], one["from"]["max"], zone), tuple(one["after"])),
            Cell(_ids(one["before"]), span_words(one["to"]["min"], one["to"]["max"], zone), tuple(one["before"])),
            Cell(one["text"]),
        )
    )


def _ids(ids: list[str], most: int = 4) -> str:
    said = ", ".join(f"@{one}" for one in ids[:most])
    return f"{said} and {len(ids) - most} more" if len(ids) > most else said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
