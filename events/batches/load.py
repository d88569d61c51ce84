"""Loads files into a log: read, draft, append, all or nothing, in flat memory. Prints nothing and knows no SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, final

from events.batches.formats import FORMATS, format_by_name, format_of, read_by_plugin
from events.batches.jsonl import read_jsonl
from events.batches.lines import BatchFile
from events.batches.mapping import read_mapping
from events.batches.quarantine import Quarantine
from events.batches.report import LoadReport, Tally
from events.batches.row import Flaw, Row
from events.batches.rules import Rules
from events.batches.tables import object_row, read_table
from events.dates.readers import Reader, reader_named
from events.dates.zones import zone_named
from events.drafting import Drafted, drafted
from events.drafts.fast_lane import FastLane, Swift
from events.errors import BadInput, Fault, Problem
from events.event import Draft

if TYPE_CHECKING:
    from events.log.append import Appended, Writer
    from events.log.read import Log

__all__ = ["FORMATS", "format_of", "load"]

def load(
    log: Log,
    files: Sequence[Path | str],
    *,
    format: str = "",  # noqa: A002
    map: Path | None = None,  # noqa: A002
    dates: str = "",
    case: str = "",
    zone: str = "",
    actor: str = "",
    dry_run: bool = False,
    quarantine: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> LoadReport:
    """Append the events of the files (`-`: standard input) in one transaction: all of them, or nothing.

    With `quarantine` the good rows are appended and the bad ones kept in that file, which must not be there yet.
    `format` is by name unless given; `map` is a mapping for tables; `dates` a reader of dates; `case` and `zone` hold
    where a line has none; `progress` is told the rows read so far. A dry run does all of it and records nothing.
    Raises `Refused` for bad rows without a quarantine, `BadInput` where a file as a whole is bad, where there are no
    events, or where the log refuses (an id with other content): nothing was written then.
    """
    rules = read_mapping(map) if map else None
    draft = partial(drafted, zone=_zone(zone, rules), case=case, actor=actor, reader=_reader(dates, rules))
    tally = Tally(progress)
    zones: dict[str, str] = {}
    with ExitStack() as stack:
        pen = stack.enter_context(Quarantine(quarantine)) if quarantine else None
        try:
            with log.writing(actor) as writer:
                for path in files:
                    with BatchFile(path) as file:
                        lane = None if rules or dates else FastLane(file.shown, zone)
                        loading = _Loading(file, writer, pen, tally, draft, rules, zones, lane)
                        writer.append(loading.drafts(format))
                        writer.batch(file.name, file.sha256, rules.sha256 if rules else "")
                tally.settle(kept=pen is not None)
                if dry_run:
                    writer.discard()
                elif pen:
                    pen.place()
        except BaseException as error:
            if pen:
                pen.withdraw()
            elif isinstance(error, BadInput):
                raise tally.refusal(error.problems) from None
            raise
    return _report(tally, writer.outcome)


def _zone(zone: str, rules: Rules | None) -> str:
    """Give the zone of dates that name none; raises `BadInput`, also where no date of the files would need it."""
    declared = rules.zone if rules else ""
    try:
        _ = zone and zone_named(zone)
    except Fault as fault:
        raise BadInput((fault.problem(field="--zone"),)) from None
    if zone and declared and zone != declared:
        what = f"--zone {zone} and the mapping's zone {declared} differ"
        raise BadInput((Problem(field="--zone", what=what, instead="give one of them"),))
    return zone or declared


def _reader(dates: str, rules: Rules | None) -> Reader | None:
    """Give the reader of dates of that name; raises `BadInput`. A mapping's own has read before."""
    if not dates:
        return None
    if rules and (rules.reader or rules.order):
        what = "the mapping says how its dates are written, and so does --dates"
        raise BadInput((Problem(field="--dates", what=what, instead="say it in the mapping alone"),))
    try:
        return reader_named(dates)
    except Fault as fault:
        raise BadInput((fault.problem(field="--dates"),)) from None


def _report(tally: Tally, done: Appended) -> LoadReport:
    return LoadReport(
        appended=done.appended,
        already_there=done.already_there,
        refused=tally.refused,
        cases=done.cases,
        first_position=done.first_position or None,
        last_position=done.last_position or None,
        batch=done.batch or None,
        problems=tuple(tally.problems),
        warnings=(*tally.warnings, *done.warnings),
    )


def _as_it_is(row: Row) -> Row:
    return row


@final
class _Loading:
    """One file being loaded: its rows become drafts, or are counted and kept as refused."""

    def __init__(
        self,
        file: BatchFile,
        writer: Writer,
        pen: Quarantine | None,
        tally: Tally,
        draft: Callable[..., Drafted],
        rules: Rules | None,
        zones: dict[str, str],
        lane: FastLane | None,
    ) -> None:
        self.lane = lane
        self.file = file
        self.writer = writer
        self.pen = pen
        self.tally = tally
        self.draft = partial(draft, **{**writer.reads_as, "case_zone": self.case_zone}, file=file.shown)
        self.rules = rules
        self.zones = zones
        self.opened: dict[str, str] = {}

    def rows(self, declared: str) -> tuple[Iterator[Row | Swift], Callable[[Row], Row]]:
        """Give the rows of the file by its format; rows of JSONL go through the mapping, too, where there is one."""
        name = self.file.shown
        chosen = format_of(name, declared or ("csv" if self.rules and name == "-" else ""))
        if chosen == "csv":
            return iter(read_table(self.file, self.rules)), _as_it_is
        if chosen != "jsonl":
            return read_by_plugin(self.file, chosen), self.mapped
        return read_jsonl(self.file, self.lane), self.mapped

    def mapped(self, row: Row) -> Row:
        """Give a row of JSONL as events, where it is none: a table's row from a quarantine, or one for the mapping."""
        back = row.raw if isinstance(row.raw, dict) else {}
        if row.flaws or not (self.rules or back):
            return row
        known = format_by_name(row.origin[0]) if back else "jsonl"
        if self.rules is None and known != "csv" and not any("." in column for column in back):
            return row
        return object_row(row, self.rules, sparse=known == "jsonl")

    def drafts(self, declared: str) -> Iterator[Draft | Swift]:
        """Give the drafts of the good rows, each row's all or none; counts every row and keeps the bad ones."""
        tally, pen, checked = self.tally, self.pen, self.checked
        rows, mapped = self.rows(declared)
        for found in rows:
            tally.row()
            if type(found) is Swift:
                if pen or not tally.refused:
                    tally.events += 1
                    yield found
                continue
            row = mapped(found)
            if row.skipped:
                tally.skip(self.file.shown, row.line, row.skipped)
                continue
            drafts = row if row.flaws else checked(row)
            if isinstance(drafts, Row):
                tally.refuse(drafts.problems(self.file.shown))
                if pen:
                    pen.add(self.file.shown, drafts)
            elif pen or not tally.refused:
                tally.events += len(drafts)
                yield from drafts
        tally.tell()

    def checked(self, row: Row) -> list[Draft] | Row:
        """Give the drafts of a row, or the row with its flaws."""
        drafts: list[Draft] = []
        flaws: list[Flaw] = []
        warnings: tuple[Problem, ...] = ()
        opened = self.opened
        for fields in row.events:
            try:
                draft, warned = self.draft(fields, line=row.line)
            except BadInput as bad:
                flaws += [Flaw(problem.field, problem.what, problem.instead) for problem in bad.problems]
                continue
            drafts.append(draft)
            warnings += warned
            if draft.type == "case.opened":
                opened[draft.case] = str(draft.own.get("data", {}).get("zone", ""))
        if opened:
            self._lend(opened if not flaws else {})
        if flaws:
            return row._replace(events=(), flaws=flaws)
        for warning in warnings:
            self.tally.warn(warning)
        return drafts

    def case_zone(self, case: str) -> str:
        """Give the zone of a case, by its `case.opened` in this row, or else in the log."""
        return self.opened.get(case) or self.zones.get(case) or self.writer.case_zone(case)

    def _lend(self, opened: Mapping[str, str]) -> None:
        """Keep the zones of cases opened in a good row, where nothing is appended and the log will not know them."""
        if self.tally.refused and self.pen is None:
            self.zones.update(opened)
        self.opened.clear()
