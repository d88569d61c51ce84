"""The kinds of chart by name, and how one is made. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from events.errors import Fault
from events.nearest import nearest
from timeline.charts.chart import Chart
from timeline.charts.subject import Subject

TAKEN: Final = {
    "overview": ("at",),
    "final-days": ("at", "days"),
    "doses": ("at", "type", "days"),
    "last": ("at", "type"),
    "levels": ("at", "model"),
    "known": (),
}
"""The options that each kind of chart is drawn by."""
KINDS: Final = tuple(TAKEN)


def check_options(kind: str, options: Mapping[str, Any]) -> None:
    """Raise `Fault` for an option that is given and that this kind of chart would be drawn without."""
    for name, value in options.items():
        if value and kind in TAKEN and name not in TAKEN[kind]:
            those = [other for other, taken in TAKEN.items() if name in taken]
            raise Fault(f"--{name} changes nothing in the chart {kind!r}", f"leave it out, or draw {_either(those)}")


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


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
