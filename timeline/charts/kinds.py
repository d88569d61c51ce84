"""The kinds of chart by name, and how one is made. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from events.errors import Fault
from events.nearest import nearest
from timeline.charts.chart import Chart
from timeline.charts.subject import Subject

KINDS: Final = ("overview", "final-days", "doses", "last", "levels", "known")


def maker(kind: str) -> Callable[[Subject], Chart]:
    """Give what makes a kind of chart; raises `Fault` with the nearest kind there is."""
    if kind not in KINDS:
        raise Fault(f"{kind!r} is no kind of chart", nearest(kind, KINDS))
    from timeline.charts import doses, known, last, levels, strip

    return {
        "overview": strip.overview,
        "final-days": strip.final_days,
        "doses": doses.doses,
        "last": last.last,
        "levels": levels.levels,
        "known": known.known,
    }[kind]
