"""The kinds of chart by name, and how one is made. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Final

from events.errors import Fault
from timeline.charts.chart import Chart
from timeline.charts.subject import Subject

KINDS: Final = ("overview", "final-days", "doses", "last", "levels", "known")


def maker(kind: str) -> Callable[[Subject], Chart]:
    """Give what makes a kind of chart; raises `Fault` with the nearest kind there is."""
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, n=1, cutoff=0.4)
        instead = f"did you mean {near[0]!r}?" if near else f"write one of: {', '.join(KINDS)}"
        raise Fault(f"{kind!r} is no kind of chart", instead)
    from timeline.charts import doses, known, last, levels, strip

    return {
        "overview": strip.overview,
        "final-days": strip.final_days,
        "doses": doses.doses,
        "last": last.last,
        "levels": levels.levels,
        "known": known.known,
    }[kind]
