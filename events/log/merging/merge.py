"""Brings what another log knows of its cases into this one, in one transaction. Rewrites nothing that is here.

What comes in keeps its ids, its actor and its order, and stands after all that is here. Its batch is named after the
log it comes from, and has that log's root for a hash: `casefold batches` shows it, `retract --batch` undoes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from events.drafting import drafted
from events.errors import BadInput, Problem
from events.event import Draft, RecordedEvent
from events.leaf.line import line_of
from events.log.merging.compare import Names, renamed
from events.log.merging.plan import Plan, new_events, planned
from events.log.tree import root_of_log

if TYPE_CHECKING:
    from events.log.append import Writer
    from events.log.read import Log

REDACT: Final = "amend.redact"
ORDERED: Final = frozenset({"amend.correct", "amend.retract", "amend.reinstate"})
"""The amendments whose order decides what they do."""
COPIES: Final = Problem(
    what=(
        "what was redacted there is gone from the tables here, but the file may still hold copies: another program is"
        " reading it, or the disk is full"
    ),
    instead="run `casefold redact --apply` with the list (`redact --list --json`) when that is over",
)
_VALUE: Final = (
    "SELECT d.position FROM cases c JOIN event e ON e.case_id = c.id JOIN disclosure d ON d.position = e.position"
    " WHERE c.name = ? AND e.event_id = ? AND d.field = ?"
)


class Clashing(BadInput):
    """Ids that have other content in the two logs: nothing was appended. `told` counts all. Exit code 2."""

    def __init__(self, problems: Sequence[Problem], told: dict[str, Any]) -> None:
        super().__init__(problems)
        self.told = told


def merge(ours: Log, theirs: Log, *, actor: str = "", dry_run: bool = False) -> dict[str, Any]:
    """Append what is new in another log; says what is the same, what is new, and where it stands.

    Raises `Clashing`, and appends nothing, where an id has other content in the two logs, naming both places of each.
    """
    if dry_run:
        return _told(ours, theirs, _agreed(ours, theirs, dry_run=True), dry_run=True)
    with ours.writing(actor) as writer:
        plan = _agreed(ours, theirs)
        amended = _Amended()
        writer.append(_drafts(plan, theirs, writer, amended))
        erased = list(dict.fromkeys(amended.values(ours)))
        if erased:
            writer.erase(erased)
        _keep_files(writer, ours, theirs)
        root = root_of_log(theirs.rows, plan.upto).hex()
        writer.batch(f"merge of {theirs.origin}, {plan.upto} events", root)
    copies = () if not erased or ours.scrub() else (COPIES,)
    done = writer.outcome
    return {
        **_told(ours, theirs, plan),
        "appended": done.appended,
        "first_position": done.first_position or None,
        "last_position": done.last_position or None,
        "batch": done.batch or None,
        "erased": len(erased),
        "warnings": (*done.warnings, *copies, *amended.in_both(ours, theirs)),
    }


def _told(ours: Log, theirs: Log, plan: Plan, *, dry_run: bool = False) -> dict[str, Any]:
    return {
        "log": ours.origin,
        "from": theirs.origin,
        "file": theirs.where,
        "upto": plan.upto,
        "dry_run": dry_run,
        "same": plan.same,
        "new": plan.new,
        "conflicts": plan.conflicts,
        "left_there": plan.own,
        "appended": 0,
        "first_position": None,
        "last_position": None,
        "batch": None,
        "erased": 0,
        "problems": plan.problems,
        "warnings": (),
    }


def _agreed(ours: Log, theirs: Log, *, dry_run: bool = False) -> Plan:
    plan = planned(ours, theirs)
    if plan.conflicts:
        raise Clashing(plan.problems, _told(ours, theirs, plan, dry_run=dry_run))
    return plan


def _drafts(plan: Plan, theirs: Log, writer: Writer, amended: _Amended) -> Iterator[Draft]:
    for event in new_events(plan, theirs):
        amended.note(event, plan.names)
        line = renamed(line_of(event, private=True), event.case, plan.names)
        # What another log took long ago is not refused here for a reference that could mean two instants.
        yield msgspec.structs.replace(_draft(line, event, theirs, writer), singles=())


def _draft(line: dict[str, Any], event: RecordedEvent, theirs: Log, writer: Writer) -> Draft:
    """Give the draft of an event: read in the zone it was read in there, where this log's case has another."""

    def read(fields: dict[str, Any]) -> Draft:
        return drafted(
            fields,
            case_zone=writer.case_zone,
            case_words=writer.case_words,
            file=theirs.where,
            line=event.position,
        ).draft

    made = read(line)
    moved = (made.earliest, made.latest) != (event.earliest, event.latest)
    zone = theirs.case_zone(event.case) if moved and "zone" not in line else ""
    return read({**line, "zone": zone}) if zone else made


def _keep_files(writer: Writer, ours: Log, theirs: Log) -> None:
    """Keep the other log's attachments, which the events that came in tell of, one at a time."""
    there = {bytes(digest) for (digest,) in ours.rows("SELECT sha256 FROM blob")}
    for (digest,) in theirs.rows("SELECT sha256 FROM blob ORDER BY 1"):
        if bytes(digest) not in there:
            (row,) = theirs.rows("SELECT sha256, size, data FROM blob WHERE sha256 = ?", (digest,))
            writer.keep("blob", row)


class _Amended:
    """What the events that come in amend, and erase."""

    def __init__(self) -> None:
        self._targets: defaultdict[str, set[str]] = defaultdict(set)
        self._erased: list[tuple[str, str, str]] = []

    def note(self, event: RecordedEvent, names: Names) -> None:
        target = str(event.written.get("target", "")).removeprefix("@")
        target = names.get((event.case, target), target)
        if event.type in ORDERED:
            self._targets[event.case].add(target)
        elif event.type == REDACT:
            self._erased += [(event.case, target, str(path)) for path in event.written["fields"]]

    def values(self, ours: Log) -> Iterator[tuple[int, str]]:
        """Give position and field of what stands here and was redacted there."""
        for named in self._erased:
            for (position,) in ours.rows(_VALUE, named):
                yield position, named[2]

    def in_both(self, ours: Log, theirs: Log) -> Iterator[Problem]:
        """Say which events each log has amended in its own way: the order of the two is this log's, not time's."""
        for case, targets in self._targets.items():
            alone = {
                str(event.written.get("target", "")).removeprefix("@")
                for event in ours.events(case)
                if event.type in ORDERED and theirs.event(case, event.id) is None
            }
            for target in sorted(targets & alone):
                yield Problem(
                    what=f"@{target} of case {case} was amended in both logs; what came in is laid over what was here",
                    instead=f"see `casefold history {case} {target}`, and amend it again if that is not meant",
                )
        yield from self._corrected(ours)

    def _corrected(self, ours: Log) -> Iterator[Problem]:
        """Say which corrections made here still hold what was redacted there."""
        for case, target, path in self._erased:
            for event in ours.events(case):
                told = str(event.written.get("target", "")).removeprefix("@")
                if event.type == "amend.correct" and told == target and ours.rows(
                    _VALUE, (case, event.id, f"data.set.{path}")
                ):
                    yield Problem(
                        what=f"{event.id} of case {case} sets {path} of @{target}, which was redacted in the other log",
                        instead=f"`casefold redact {case} {event.id} data.set.{path}` erases it here, too",
                    )

