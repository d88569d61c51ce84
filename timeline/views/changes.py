"""What changed in the record, and in answers, between two cuts, and which events did it. Says not which cut is right.

JSON: `{"view": "changes", "from", "to", "added": [{"id", "type", "position", "recorded_at", "late"}], "amended": [{…,
"by": [ids], "fields": {path: {"from", "to"}}}], "withdrawn": [{…, "by", "reason"}], "reinstated": [{…, "by",
"reason"}], "answers": [{"question", "before": {"text", "values", "in_fact"}, "after": {…}, "moved", "moved_by": [{"id",
"type", "position", "from", "to"}]}]}`. A cut is a position, an instant or date of recorded time, or `asserted:DATE`;
`--to` left out is the record as read. `late` marks what was said (else happened) before the first cut and was recorded
only after it. A question that cannot be asked at a cut has only `text` there, which says why. `moved_by` are the steps,
in log order, at which the answer moved on its way from the one to the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, final

from events.dates.civil import instant_text
from events.errors import CasefoldError, Fault
from events.event import RecordedEvent
from timeline.answers import Answer, Rests
from timeline.asking import words
from timeline.asking.verdicts import agree
from timeline.case import CaseTimeline, family
from timeline.hearings.account import Account
from timeline.hearings.amendments import content, target_of
from timeline.hearings.cuts import cut_at, lag
from timeline.views import Parameter, ask, view
from timeline.views.sources import Question, read_question

_NOT_TOLD: Final = frozenset({"amendments", "log"})
KINDS: Final = ("added", "amended", "withdrawn", "reinstated")


@view(
    "changes",
    asks="what changed in the record, and in a view, between two cuts, and which events did it",
    parameters=(
        Parameter(name="from", shown="CUT", required=True, help="a position, an instant, a date or asserted:DATE"),
        Parameter(name="to", shown="CUT", help="the later cut; left out, the record as read"),
        Parameter(
            name="view",
            shown="QUESTION",
            repeatable=True,
            help="a question as ask takes it, in quotes: 'days-since-last infusion --at death'",
        ),
    ),
)
def changes(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give what was added, amended, withdrawn and brought back, and how answers moved."""
    before = cut_at(timeline, str(params["from"]))
    after = cut_at(timeline, str(params["to"])) if params.get("to") else timeline
    if not (before.cut or after.cut) and len(after.events) < len(before.events):
        raise Fault(f"--from {params['from']} is after --to {params['to']}", "write the earlier of the two cuts first")
    found = _compared(before, after)
    asked = [read_question(text) for text in params.get("view", ())]
    answers = [_Way(before, after, account, question).json for question in asked]
    values = {"from": params["from"], "to": params.get("to", ""), **found, "answers": answers}
    by = [one for kind in KINDS for row in found[kind] for one in (row["id"], *row.get("by", ()))]
    ids = tuple(dict.fromkeys((*by, *(step["id"] for each in answers for step in each["moved_by"]))))
    text = "; ".join((_text(found), *map(_moved_text, answers)))
    ended = f"to {params['to']}" if params.get("to") else "to the record as read"
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=f"From {params['from']} {ended}: {text}.",
        tight=True,
        rests_on=Rests(min=ids, max=ids),
    )


def _compared(before: CaseTimeline, after: CaseTimeline) -> dict[str, list[dict[str, Any]]]:
    was, now = _told(before), _told(after)
    there = {event.id for event in before.events}
    since = max((event.recorded_at for event in before.events), default=None)
    new = _new_amendments(before, after)
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for one, event in now.items():
        if one not in there:
            found["added"].append({**_row(event), "late": _late(after, event, since)})
        elif one not in was:
            found["reinstated"].append({**_row(event), **_why(after, new.get(one, ()))})
        elif (moved := _fields(was[one], event)) or new.get(one):
            found["amended"].append({**_row(event), "by": list(_of_document(new, event)), "fields": moved})
    for one in was.keys() - now.keys():
        found["withdrawn"].append({**_row(was[one]), **_why(after, new.get(one, ()))})
    found["withdrawn"].sort(key=lambda row: row["position"])
    return found


def _told(timeline: CaseTimeline) -> dict[str, RecordedEvent]:
    return {event.id: event for event in timeline.told if family(event) not in _NOT_TOLD}


def _row(event: RecordedEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "position": event.position,
        "recorded_at": instant_text(event.recorded_at),
    }


def _late(timeline: CaseTimeline, event: RecordedEvent, since: int | None) -> bool:
    """Whether an event was said, else happened, before the first cut and was recorded after it."""
    found = lag(timeline, event)
    return found is not None and since is not None and event.recorded_at - found.micros < since < event.recorded_at


def _new_amendments(before: CaseTimeline, after: CaseTimeline) -> dict[str, tuple[str, ...]]:
    """Give, by the event at the end of their targets, the amendments that only the second cut has."""
    old = {event.id for event in before.events}
    roots: dict[str, str] = {}
    found: dict[str, tuple[str, ...]] = {}
    for event in after.events:
        if target := target_of(event):
            root = roots[event.id] = roots.get(target, target)
            if event.id not in old:
                found[root] = (*found.get(root, ()), event.id)
    return found


def _of_document(new: Mapping[str, tuple[str, ...]], event: RecordedEvent) -> tuple[str, ...]:
    return new.get(event.id, ()) or new.get(event.source.doc_id, ())


def _why(after: CaseTimeline, by: Sequence[str]) -> dict[str, Any]:
    reasons = [str(event.written.get("reason", "")) for event in after.events if event.id in by]
    return {"by": list(by), "reason": next((one for one in reversed(reasons) if one), "")}


def _fields(was: RecordedEvent, now: RecordedEvent) -> dict[str, dict[str, Any]]:
    """Give what differs between two contents, by dotted path; what is absent is null."""
    a, b = _flat(content(was)), _flat(content(now))
    paths = sorted(path for path in a.keys() | b.keys() if a.get(path) != b.get(path))
    return {path: {"from": a.get(path), "to": b.get(path)} for path in paths}


def _flat(found: Mapping[str, Any]) -> dict[str, Any]:
    flat = {name: value for name, value in found.items() if name not in ("data", "source")}
    deep = ((name, found.get(name, {})) for name in ("data", "source"))
    return flat | {f"{name}.{each}": value for name, fields in deep for each, value in fields.items()}


@final
class _Way:
    """The way of one question from the first cut to the second, event by event."""

    def __init__(self, before: CaseTimeline, after: CaseTimeline, account: Account, question: Question) -> None:
        self.question = question
        self.account = account
        self.before, self.after = before, after
        old, new = ({event.id: event for event in each.events} for each in (before, after))
        self.all = sorted({**old, **new}.values(), key=lambda event: event.position)
        self.old = frozenset(old)
        self.steps = [event for event in self.all if (event.id in old) != (event.id in new)]
        self.answers: dict[int, Answer | str] = {}

    @property
    def json(self) -> dict[str, Any]:
        """The answers at both ends, and the steps between at which it moved."""
        last = len(self.steps)
        moves = self.moves(0, last)
        return {
            "question": self.question[0],
            "before": _answer(self.at(0)),
            "after": _answer(self.at(last)),
            "moved": not _same(self.at(0), self.at(last)),
            "moved_by": [self.move(n) for n in moves],
        }

    def at(self, n: int) -> Answer | str:
        """Give the answer after so many steps, or why there is none."""
        if n not in self.answers:
            _, name, parameters = self.question
            try:
                self.answers[n] = ask(self.fold(n), name, parameters, self.account)
            except CasefoldError as fault:
                self.answers[n] = f"cannot be asked: {fault}"
        return self.answers[n]

    def fold(self, n: int) -> CaseTimeline:
        """Give the case after so many steps."""
        if n in (0, len(self.steps)):
            return self.after if n else self.before
        done = {event.id for event in self.steps[:n]}
        here = tuple(event for event in self.all if (event.id in self.old) != (event.id in done))
        away = {event.id for event in here}
        cut = self.before.gone or self.after.gone
        gone = tuple(event for event in self.all if event.id not in away) if cut else ()
        return replace(self.after, events=here, gone=gone)

    def moves(self, low: int, high: int) -> list[int]:
        """Give the steps that moved it on the way; a stretch with one answer at both its ends is passed over."""
        if _same(self.at(low), self.at(high)):
            return []
        middle = (low + high) // 2
        return [high] if high - low == 1 else [*self.moves(low, middle), *self.moves(middle, high)]

    def move(self, n: int) -> dict[str, Any]:
        """Give one step that moved it, with what it moved from and to."""
        event = self.steps[n - 1]
        return {
            "id": event.id,
            "type": event.type,
            "position": event.position,
            "from": _answer(self.at(n - 1))["text"],
            "to": _answer(self.at(n))["text"],
        }


def _same(a: Answer | str, b: Answer | str) -> bool:
    return agree(a, b) if isinstance(a, Answer) and isinstance(b, Answer) else a == b


def _answer(answer: Answer | str) -> dict[str, Any]:
    if isinstance(answer, str):
        return {"text": answer}
    return {"text": answer.text, "values": dict(answer.values), "in_fact": dict(answer.in_fact)}


def _text(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    late = sum(row["late"] for row in found["added"])
    said = [f"{len(found[kind])} {kind}" for kind in KINDS if found[kind]]
    if late:
        said[0] += f" ({late} late)"
    return ", ".join(said) or "nothing changed"


def _moved_text(one: Mapping[str, Any]) -> str:
    if not one["moved"]:
        return f"{one['question']}: {one['after']['text']}, as before"
    by = words.listed([f"@{step['id']}" for step in one["moved_by"]])
    return f"{one['question']}: from {one['before']['text']} to {one['after']['text']}, moved by {by}"
