"""Charts as figures of a report, each with its words and its table. Draws nothing; leaves out what cannot be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from events.errors import Fault
from timeline.charts.chart import Chart
from timeline.charts.drawing import begun
from timeline.charts.kinds import maker
from timeline.charts.last import kinds
from timeline.charts.levels import modelled
from timeline.charts.subject import Subject
from timeline.reports.composing.brief import WINDOW, Brief
from timeline.reports.composing.shape import Block, Cell, Column, Figure, Row, Section, Table

REPEATING: Final = frozenset({"overview", "final-days"})
"""Charts whose tables tell of events that the chronology lists."""
MOST_LASTS: Final = 3
"""Types of administration whose last one has an arrow."""


def figure(brief: Brief, kind: str, options: Mapping[str, Any] | None = None) -> Figure | None:
    """Give one chart as a figure; None where it cannot be drawn of this case."""
    subject = Subject(timeline=brief.timeline, account=brief.account, options=options or {})
    try:
        chart = maker(kind)(subject)
    except Fault:
        return None
    return Figure(
        name=f"chart-{chart.name}",
        title=chart.title,
        alt=chart.alt,
        chart=begun(chart) if brief.drawn else chart,
        table=_table(chart),
        repeats=kind in REPEATING,
    )


def _table(chart: Chart) -> Table:
    rests = any(chart.ids) and "event" not in chart.head
    return Table(
        name=f"chart-{chart.name}",
        title=f"The same as a table: {chart.title[:1].lower()}{chart.title[1:]}",
        columns=tuple(Column(name) for name in (*chart.head, *(("rests on",) if rests else ()))),
        rows=tuple(_row(texts, ids, rests=rests) for texts, ids in zip(chart.rows, chart.ids, strict=True)),
        caption=chart.caption,
    )


def _row(texts: tuple[str, ...], ids: tuple[str, ...], *, rests: bool, most: int = 8) -> Row:
    if not rests:
        return Row(cells=tuple(Cell(text) for text in texts))
    more = f" and {len(ids) - most} more" if len(ids) > most else ""
    named = ", ".join(f"@{one}" for one in ids[:most])
    return Row(cells=(*(Cell(text) for text in texts), Cell(f"{named}{more}", "", ids)))


def section(name: str, title: str, *figures: Figure | None, after: tuple[Block, ...] = ()) -> Section | None:
    """Give a section of figures; None where there is none."""
    kept = [one for one in figures if one is not None]
    if not kept and not after:
        return None
    data = {"charts": [one.chart.json for one in kept]}
    return Section(name=name, title=title, blocks=(*kept, *after), data=data)


def overview(brief: Brief) -> Section | None:
    """Give the strip of the whole case."""
    return section("overview", "Overview", figure(brief, "overview"))


def final_days(brief: Brief) -> Section | None:
    """Give the strip of the final days, and what the view of that name says, where there is one."""
    from timeline.reports.composing.asked import asked

    params = {"window": f"{WINDOW} before @{brief.death}"}
    told = asked(brief, "final-days", "Final days", params) if brief.death else None
    made = section("final_days", "Final days", figure(brief, "final-days"), after=told.blocks if told else ())
    return made if made is None or told is None else _with(made, told.data)


def _with(made: Section, data: Any) -> Section:
    return Section(name=made.name, title=made.title, blocks=made.blocks, data={**made.data, "answer": data})


def doses(brief: Brief) -> Section | None:
    """Give the doses a day, and how long before the anchor the last of each type was."""
    subject = Subject(timeline=brief.timeline, account=brief.account)
    told = kinds(subject)[:MOST_LASTS] if subject.anchor else ()
    lasts = (figure(brief, "last", {"type": kind}) for kind in told)
    return section("doses", "Doses", figure(brief, "doses"), *lasts)


def levels(brief: Brief) -> Section | None:
    """Give the measured concentrations beside cited ranges, with the model's band where that was asked for."""
    return section("levels", "Concentrations", figure(brief, "levels", {"model": brief.frame.model}))


def residual(brief: Brief) -> Section | None:
    """Give what a model leaves in blood, where that was asked for: a model, not a measurement."""
    from timeline.reports.composing.asked import asked

    if not brief.frame.model:
        return None
    title = "What a model leaves: a model, not a measurement"
    return asked(brief, "residual", title, modelled(brief.frame.model, brief.death))


def known(brief: Brief) -> Section | None:
    """Give what was known when."""
    return section("known", "What was known when", figure(brief, "known"))
