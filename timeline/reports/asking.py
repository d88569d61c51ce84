"""Opens a log to read, cuts it, folds a case and puts questions to it. Words nothing, appends nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, final

from events.dates.civil import instant_text
from events.errors import Fault, Problem
from events.log import Log, open_log
from events.log.tree import root_of_log
from timeline.answers import AsOf, answer_json
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account

if TYPE_CHECKING:
    from timeline.charts.chart import Chart
    from timeline.reports.citing import Checkpointed
    from timeline.reports.composing.brief import Frame
    from timeline.reports.composing.shape import Report

SHOWN: Final = ("cover", "answers", "chronology", "undated", "sources")
"""The sections of a case shown on a terminal."""
TOUCHED: Final = 1_000
"""Cases that are looked through for new contradictions after a load."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a case is read: the account that counts, the cuts, the width of "about", what contradictions set aside."""

    account: Account = EVERYBODY
    as_of: str = ""
    asserted_by: str = ""
    about: str = ""
    on_conflict: str = "weakest"

    @classmethod
    def of(
        cls,
        *,
        speakers: Iterable[str] = (),
        standing: str = "",
        documents: Iterable[str] = (),
        first_hand: bool = False,
        tags: Iterable[str] = (),
        disputed: bool = False,
        undisputed: bool = False,
        as_of: str = "",
        asserted_by: str = "",
        about: str = "",
        on_conflict: str = "weakest",
    ) -> Asked:
        """Make one of a command's options; `standing` is a list with commas.

        >>> Asked.of(standing="found, admitted").account.standings
        ('found', 'admitted')
        """
        account = Account(
            speakers=tuple(speakers),
            standings=tuple(word.strip() for word in standing.split(",") if word.strip()),
            documents=tuple(documents),
            first_hand=first_hand,
            tags=tuple(tags),
            disputed=disputed,
            undisputed=undisputed,
        )
        return cls(account=account, as_of=as_of, asserted_by=asserted_by, about=about, on_conflict=on_conflict)

    @property
    def read(self) -> dict[str, str]:
        """How a case is read beside account and position, as far as that was asked for: its answers say it."""
        asked = {"asserted_by": self.asserted_by, "about": self.about}
        chosen = {"on_conflict": self.on_conflict} if self.on_conflict != "weakest" else {}
        return {name: value for name, value in asked.items() if value} | chosen


PLAIN: Final = Asked()
"""Everything the log has, on everybody's word."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One case as read at one cut of one log."""

    timeline: CaseTimeline
    as_of: AsOf
    log: str


def read_case(log: Log, case: str, asked: Asked) -> Read:
    """Fold a case at the cut asked for; raises `Fault` where the log has no such case then, naming the nearest."""
    as_of = cut(log, asked.as_of)
    events = log.events(case, upto=as_of.position)
    timeline = CaseTimeline.of(case, events, about=asked.about, on_conflict=asked.on_conflict)
    if not timeline.events:
        raise _no_case(log, case, asked.as_of)
    if asked.asserted_by:
        timeline = timeline.asserted_by(asked.asserted_by)
    return Read(timeline=timeline, as_of=as_of, log=log.origin)


def cut(log: Log, text: str) -> AsOf:
    """Read `--as-of`: all digits a position, else an instant or a date to its end (UTC), of recorded time."""
    head, at = log.head()
    if not text:
        return AsOf(position=head, recorded_at=at or None, root=root_of_log(log.rows, head).hex())
    position = min(int(text), head) if text.isascii() and text.isdigit() else log.recorded_before(_end_of(text))
    event = next(log.all_events(position, position), None) if position else None
    root = root_of_log(log.rows, position).hex()
    return AsOf(position=position, recorded_at=event.recorded_at if event else None, root=root)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer as scripts read it, with what only its words need: the case's zone, what is disputed, ready lines."""

    json: dict[str, Any]
    zone: str = ""
    disputes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def put(where: str, case: str, view: str, parameters: Mapping[str, Any], asked: Asked) -> Told:
    """Put one question to a case; its `json` is that of DESIGN 10."""
    from timeline.asking.sentences import disputes
    from timeline.views import ask

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
    answer = ask(read.timeline, view, parameters, asked.account)
    said = disputes(read.timeline.hear(asked.account)) if "events" in answer.values else ()
    return Told(
        json=answer_json(answer, as_of=read.as_of, log=read.log, read=asked.read),
        zone=read.timeline.zone,
        disputes=said,
    )


def put_by(where: str, case: str, view: str, parameters: Mapping[str, Any], asked: Asked, by: str) -> Told:
    """Put one question to each speaker, or by each standing, alone, and to all together; `by` is one of those words."""
    from timeline.asking import sides

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
    each = sides.by_speaker if by == "speaker" else sides.by_standing
    answers = each(read.timeline, view, parameters, asked.account)
    return Told(
        json=sides.sides_json(answers, as_of=read.as_of, log=read.log, read=asked.read), lines=sides.lines(answers)
    )


def contradictions_since(where: str, position: int) -> tuple[Problem, ...]:
    """Give a warning for each contradiction that the events from a position on brought to the cases they touch.

    At most 1,000 cases are read back (SEMANTICS 8): a case that begins there only where an event of it ties instants.
    """
    from timeline.hearings.new_conflicts import new_conflicts, ties

    found: list[Problem] = []
    with open_log(where, mode="read") as log:
        for case in log.cases_since(position, TOUCHED):
            events = tuple(log.events(case))
            if events[0].position < position or any(ties(event) for event in events):
                after = CaseTimeline.of(case, events)
                found += [Problem(what=said) for said in new_conflicts(after.upto(position - 1), after)]
    return tuple(found)


def frame_of_case(where: str, case: str) -> tuple[str, Mapping[str, str]]:
    """Give a case's own zone and its words for times of day; raises `Fault` where the log has no such case."""
    with open_log(where, mode="read") as log:
        if not log.has_case(case):
            raise _no_case(log, case, "")
        return log.case_zone(case), log.case_words(case)


def report(
    where: str,
    case: str,
    asked: Asked,
    *,
    frame: Frame | None = None,
    only: Iterable[str] = (),
    replayed: bool = False,
) -> Report:
    """Compose the report of a case; `only` names the sections wanted, `replayed` adds the record as it stood."""
    from timeline.reports.compose import compose
    from timeline.reports.composing.brief import NO_FRAME
    from timeline.reports.composing.command import command_line

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
        at = checkpointed(log, read.as_of.position)
    stand = frame or NO_FRAME
    return compose(
        read.timeline,
        asked.account,
        as_of=read.as_of,
        log=read.log,
        checkpoint=at,
        frame=replace(stand, command=command_line(case, asked, stand)),
        read=asked.read,
        only=frozenset(only),
        replayed=replayed,
    )


def chart(where: str, case: str, kind: str, asked: Asked, **options: Any) -> Chart:
    """Make one chart of a case; raises `Fault` where there is no such kind, or nothing to draw."""
    from timeline.charts.kinds import maker
    from timeline.charts.subject import Subject

    make = maker(kind)
    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
    return make(Subject(timeline=read.timeline, account=asked.account, options=options))


def checkpointed(log: Log, position: int) -> Checkpointed:
    """Give the newest checkpoint of at most so many events, from which a report at that cut cites."""
    from events.log.checkpoints import newest_upto, read_note
    from events.log.notes import parts
    from timeline.reports.citing import NO_CHECKPOINT, Checkpointed

    note = newest_upto(log, position)
    if not note:
        return NO_CHECKPOINT
    made, signed = read_note(note)
    keys = tuple(one.id for one in parts(note)[1]) if signed else ()
    return Checkpointed(made.size, made.root.hex(), keys)


def cases_json(where: str, asked: Asked = PLAIN) -> dict[str, Any]:
    """List the cases of a log, as it stood at a cut."""
    with open_log(where, mode="read") as log:
        if asked != PLAIN:
            return {"log": log.origin, "cases": _cases_at(log, asked)}
        rows = [
            {
                "case": row.name,
                "events": row.events,
                "first_recorded": instant_text(row.first_recorded),
                "last_recorded": instant_text(row.last_recorded),
            }
            for row in log.cases()
        ]
        return {"log": log.origin, "cases": rows}


def _cases_at(log: Log, asked: Asked) -> list[dict[str, Any]]:
    """List the cases that have an event at a cut, with what each has there."""
    position = cut(log, asked.as_of).position
    rows = []
    for row in log.cases():
        if row.first <= position:
            timeline = read_case(log, row.name, asked).timeline
            at = [event.recorded_at for event in timeline.events]
            ends = (instant_text(at[0]), instant_text(at[-1])) if at else ("", "")
            named = {"case": row.name, "events": len(at), "first_recorded": ends[0], "last_recorded": ends[1]}
            rows += [named] if at else []
    return rows


def batches_json(where: str, as_of: str = "") -> dict[str, Any]:
    """List the loads of a log, as it stood at a cut."""
    with open_log(where, mode="read") as log:
        last = cut(log, as_of).position
        there = (row for row in log.batches() if row.last <= last)
        rows = [{**asdict(row), "loaded_at": instant_text(row.loaded_at)} for row in there]
        renamed = (
            {
                "first_position" if key == "first" else "last_position" if key == "last" else key: value
                for key, value in row.items()
            }
            for row in rows
        )
        return {"log": log.origin, "batches": list(renamed)}


def names_json(where: str, case: str, asked: Asked = PLAIN) -> dict[str, Any]:
    """List the names a case uses, what they do there, and those that look alike."""
    from timeline.reports.naming import names_of

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
        return {"log": read.log, "case": case, "names": names_of(read.timeline)}


def log_json(
    where: str, case: str, asked: Asked = PLAIN, *, since: str = "", until: str = "", **wanted: Any
) -> dict[str, Any]:
    """List the events of a case in the order they were recorded, those that are wanted."""
    from timeline.reports.listing import Wanted, listed

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
        rows = listed(read.timeline, Wanted(**wanted), since=since, until=until)
        return {"log": read.log, "case": case, "events": rows}


def check_json(where: str) -> dict[str, Any]:
    """Say whether a log is whole, and what is not."""
    from events.log.auditing.check import check

    with open_log(where, mode="read") as log:
        problems = check(log)
        rows = [{"field": each.field, "what": each.what, "instead": each.instead} for each in problems]
        return {"ok": not problems, "log": log.origin, "where": log.where, "events": log.head()[0], "problems": rows}


def stats_json(where: str) -> dict[str, Any]:
    """Give the size of a log."""
    with open_log(where, mode="read") as log:
        stats = log.stats()
        return {
            "log": log.origin,
            "where": log.where,
            **asdict(stats),
            "types": dict(stats.types),
            "first_recorded": instant_text(stats.first_recorded) if stats.events else None,
            "last_recorded": instant_text(stats.last_recorded) if stats.events else None,
        }


def _end_of(text: str) -> int:
    from events.when_text import read_date

    try:
        end = read_date(text, zone="UTC").outer.hi
    except Fault as fault:
        raise Fault(
            f"--as-of {text!r}: {fault.what}", fault.instead or "write a position, an instant or a date"
        ) from None
    if end is None:
        raise Fault(f"--as-of {text!r} has no end", "write a position, an instant or a date")
    return end


def _no_case(log: Log, case: str, as_of: str) -> Fault:
    from difflib import get_close_matches

    if as_of and log.has_case(case):
        return Fault(f"the log had nothing of case {case!r} as of {as_of}", "write a later --as-of")
    near = get_close_matches(case, (row.name for row in log.cases()), n=1, cutoff=0.5)
    return Fault(
        f"there is no case {case!r} in {log.where}", f"did you mean {near[0]!r}?" if near else "see `casefold cases`"
    )
