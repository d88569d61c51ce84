"""Opens a log to read and puts questions to a case: views, reports, charts. Words nothing, appends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, final

from events.errors import Problem
from events.log import Log, open_log
from timeline.answers import answer_json
from timeline.case import CaseTimeline
from timeline.read import Asked, no_case, read_case

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
class Told:
    """An answer as scripts read it, with what only its words need: the case's zone, what is disputed, ready lines."""

    json: dict[str, Any]
    zone: str = ""
    disputes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def put(where: str, case: str, view: str, parameters: Mapping[str, Any], asked: Asked) -> Told:
    """Put one question to a case; its `json` is that of DESIGN 10."""
    from timeline.asking.sentences import disputes
    from timeline.reports.at_fault import naming
    from timeline.views import ask

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
    with naming(view, parameters):
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
    from timeline.reports.at_fault import naming

    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
    each = sides.by_speaker if by == "speaker" else sides.by_standing
    with naming(view, parameters):
        answers = each(read.timeline, view, parameters, asked.account)
    return Told(
        json=sides.sides_json(answers, as_of=read.as_of, log=read.log, read=asked.read), lines=sides.lines(answers)
    )


def contradictions_since(
    where: str, position: int, check: Callable[..., tuple[Problem, ...]]
) -> tuple[Problem, ...]:
    """Give a warning for each contradiction that the events from a position on brought to the cases they touch.

    And for each `claim.same` of events of different types, and each correction that leaves what `check` says
    is wrong with a line.

    At most 1,000 cases are read back (SEMANTICS 8): a case that begins there only where an event of it ties instants.
    """
    from timeline.asking.identity import unlike
    from timeline.asking.outcome import unfit_since
    from timeline.hearings.new_conflicts import new_conflicts, ties

    found: list[Problem] = []
    with open_log(where, mode="read") as log:
        for case in log.cases_since(position, TOUCHED):
            events = tuple(log.events(case))
            if events[0].position < position or any(ties(event) for event in events):
                after = CaseTimeline.of(case, events)
                found += [Problem(what=said) for said in new_conflicts(after.upto(position - 1), after)]
                found += [Problem(what=said) for said in unlike(after, position)]
                read = partial(check, case_zone=log.case_zone, case_words=log.case_words)
                found += unfit_since(after, position, read)
    return tuple(found)


def frame_of_case(where: str, case: str) -> tuple[str, Mapping[str, str]]:
    """Give a case's own zone and its words for times of day; raises `Fault` where the log has no such case."""
    with open_log(where, mode="read") as log:
        if not log.has_case(case):
            raise no_case(log, case)
        return log.case_zone(case), log.case_words(case)


def report(
    where: str,
    case: str,
    asked: Asked,
    *,
    frame: Frame | None = None,
    only: Iterable[str] = (),
    replayed: bool = False,
    drawn: bool = False,
) -> Report:
    """Compose the report of a case; `only` names the sections wanted, `replayed` adds the record as it stood.

    `drawn` begins to draw the charts, for a format that shows them.
    """
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
        drawn=drawn,
    )


def chart(where: str, case: str, kind: str, asked: Asked, **options: Any) -> Chart:
    """Make one chart of a case; raises `Fault` where there is no such kind, or nothing to draw."""
    from timeline.charts.kinds import check_options, maker
    from timeline.charts.subject import Subject
    from timeline.reports.at_fault import naming_options

    make = maker(kind)
    check_options(kind, options)
    with open_log(where, mode="read") as log:
        read = read_case(log, case, asked)
    with naming_options({f"--{name}": [str(value)] for name, value in options.items() if value}):
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
