"""`casefold show` on a terminal: tables as wide as the screen, and no text of a case that a terminal would obey."""

from __future__ import annotations

import io
from typing import Any

from timeline.reports.terminal import show


def shown(report: Any, width: int = 100) -> str:
    from rich.console import Console

    out = io.StringIO()
    show(report, Console(file=out, width=width, force_terminal=True, color_system=None, highlight=False))
    return out.getvalue()


def test_a_case_fits_the_terminal(report: Any) -> None:
    said = shown(report)
    assert "Key answers" in said
    assert "more than 7 days" in said
    assert "alleged" in said
    assert max(map(len, said.splitlines())) <= 100


def test_a_narrow_terminal_cuts_no_root_short(report: Any) -> None:
    said = shown(report, width=40)
    assert "ab" * 32 in "".join(said.split("account")[0].split())


def test_no_text_of_a_case_is_an_order_to_the_terminal(told: Any, composed: Any) -> None:
    from timeline.case import CaseTimeline

    words = "[bold]x[/bold] \x1b]0;gone\x07 \x1b[2J"
    events = told(
        {"id": "opened", "type": "case.opened", "data": {"title": words}},
        {"id": "a", "type": "fact", "when": "2023-10-01T10:00Z", "data": {"text": words}, "source": {"speaker": words}},
    )
    said = shown(composed(CaseTimeline.of("c", events), replayed=False, only=("cover", "chronology")), width=200)
    assert "\x1b" not in said
    assert "\x07" not in said
    assert said.count("[bold]x[/bold]") >= 3
    assert "\\x1b]0;gone" in said
