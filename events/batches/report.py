"""What a load did, as scripts read it: counts, positions, problems, warnings. Counts on where it stops collecting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, final

import msgspec

from events.errors import BadInput, Problem

KEPT: Final = 1_000
"""How many problems, and how many different warnings, are kept; all are counted."""
TOLD: Final = 1_000
"""Rows between two words of progress."""


@final
class LoadReport(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `load`; its JSON is DESIGN 10's. Positions and batch are null where nothing was appended.

    `refused` counts rows, `problems` are the first thousand faults of them. A dry run says what would have been.

    >>> import json
    >>> list(json.loads(msgspec.json.encode(LoadReport(refused=2))))[:4]
    ['appended', 'already_there', 'refused', 'cases']
    """

    appended: int = 0
    already_there: int = 0
    refused: int = 0
    cases: int = 0
    first_position: int | None = None
    last_position: int | None = None
    batch: int | None = None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Refused(BadInput):
    """A batch with bad rows and no quarantine: nothing was written. `report` counts them all. Exit code 2."""

    def __init__(self, report: LoadReport) -> None:
        super().__init__(report.problems)
        self.report = report


def report_of(refused: BadInput) -> LoadReport:
    """Give the report of a load that wrote nothing, also where no row was looked at: an option, or a file, was wrong.

    >>> report_of(BadInput([Problem(file="a.jsonl", what="there is no such file")])).problems[0].file
    'a.jsonl'
    """
    return refused.report if isinstance(refused, Refused) else LoadReport(problems=refused.problems)


@final
class Tally:
    """Counts the rows of a load, its problems and its warnings, in memory that does not grow with the rows."""

    def __init__(self, progress: Callable[[int], None] | None = None) -> None:
        self._progress = progress
        self.rows = 0
        self.events = 0
        self.refused = 0
        self.problems: list[Problem] = []
        self._warnings: dict[tuple[str, str, str], tuple[Problem, int]] = {}
        self._skipped: dict[tuple[str, str], tuple[int, int]] = {}

    @property
    def skipped(self) -> int:
        """How many rows were skipped for a reason."""
        return sum(n for _, n in self._skipped.values())

    def row(self) -> None:
        """Count a row, and say so now and then."""
        self.rows += 1
        if self.rows % TOLD == 0:
            self.tell()

    def tell(self) -> None:
        """Tell whoever wants to know how many rows were read."""
        if self._progress:
            self._progress(self.rows)

    def settle(self, *, kept: bool) -> None:
        """Refuse a batch without any event, and one with bad rows that are not `kept` in a quarantine."""
        if self.refused and not kept:
            raise BadInput(())
        if not self.events and not self.refused:
            skipped = f" ({self.skipped:,} row{'' if self.skipped == 1 else 's'} skipped)" if self.skipped else ""
            raise BadInput((Problem(what=f"0 events{skipped}", instead="give a file that has some"),))

    def refusal(self, problems: Iterable[Problem]) -> Refused:
        """Give what is raised where nothing is written: the bad rows first, then what stopped the load."""
        said = (*self.problems, *problems)
        return Refused(LoadReport(refused=self.refused, problems=said, warnings=self.warnings))

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Count one refused row, and keep what is wrong with it while there is room."""
        self.refused += 1
        if len(self.problems) < KEPT:
            self.problems += problems

    def warn(self, warning: Problem) -> None:
        """Count a warning; those of the same words are one, at its first place."""
        key = (warning.file, warning.field, warning.what)
        first, n = self._warnings.get(key, (warning, 0))
        if n or len(self._warnings) < KEPT:
            self._warnings[key] = (first, n + 1)

    def skip(self, file: str, line: int, reason: str) -> None:
        """Count a row that the mapping skips, by its reason."""
        first, n = self._skipped.get((file, reason), (line, 0))
        self._skipped[file, reason] = (first, n + 1)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The warnings, each once with how often it stands, and the skipped rows by reason."""
        warnings = [_often(first, n) for first, n in self._warnings.values()]
        for (file, reason), (line, n) in self._skipped.items():
            rows = f"{n:,} row{'' if n == 1 else 's'} skipped: {reason}"
            warnings.append(Problem(file=file, line=line, what=rows))
        return tuple(warnings)


def _often(warning: Problem, times: int) -> Problem:
    if times == 1:
        return warning
    more = f"{warning.what} (and in {times - 1:,} more row{'' if times == 2 else 's'})"
    return replace(warning, what=more)
