"""A line of progress on a terminal's standard error, by rich; silent elsewhere. Counts nothing itself."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(wanted: bool | None, what: str = "rows") -> Iterator[Callable[[int], None] | None]:
    """Give a function that is told how many rows (or of `what`) are done so far; None where nothing is to be shown.

    `wanted` None means: on a terminal. Rich is loaded only where something is shown.
    """
    if not (sys.stderr.isatty() if wanted is None else wanted):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    shown = (SpinnerColumn(), TextColumn(f"{{task.completed:,.0f}} {what}"), TimeElapsedColumn())
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("rows", total=None)
        yield lambda rows: bar.update(task, completed=rows)
