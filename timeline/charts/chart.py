"""What a chart is: a Vega-Lite specification, the same in words, the same as rows. Draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart: `alt` says in words what the picture shows, `head` and `rows` say it as a table.

    `ids` has, for each row, the events that it rests on. Marks of the picture link to the events by `#e-ID`. The
    picture is specified only when asked for, so that a report without pictures waits for none; `drawing` waits for one
    that was begun.
    """

    name: str
    title: str
    alt: str
    specify: Callable[[], Mapping[str, Any]] = field(compare=False, repr=False)
    drawing: Callable[[], str] | None = field(default=None, compare=False, repr=False)
    caption: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    ids: tuple[tuple[str, ...], ...] = ()

    @property
    def spec(self) -> Mapping[str, Any]:
        """The Vega-Lite specification; empty where there is nothing to draw."""
        from altair.utils.schemapi import debug_mode

        with debug_mode(False):  # its checks of every mark against the schema take longer than the drawing
            return self.specify()

    @property
    def json(self) -> dict[str, Any]:
        """The chart as scripts read it."""
        return {"name": self.name, "title": self.title, "alt": self.alt, "head": self.head, "rows": self.rows}
