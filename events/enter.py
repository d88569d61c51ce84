"""One event from the words of a command: its fields gathered, checked and appended. Asks nobody and prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from events.codec import content_id
from events.drafting import drafted
from events.errors import BadInput, Fault, Problem
from events.event import type_named
from events.fields import kinds
from events.log import Log, open_log
from events.log.frame import opening_of
from events.log.opening import database_at

ENVELOPE: Final = ("id", "when", "until", "zone", "note")
SOURCE: Final = ("speaker", "via", "standing", "doc", "document", "locator", "asserted", "quote", "reads")
_OPTIONS: Final = {name: name for name in (*ENVELOPE[1:], *SOURCE)} | {"tag": "tag", "tags": "tag"}
"""What is an option of the command, by the names that fields have."""
_LISTS: Final = frozenset({"events", "names", "paths", "texts"})


def data_fields(kind: str) -> tuple[str, ...]:
    """Give the names of the data fields of an event type; raises `Fault` for an unknown one."""
    return tuple(kinds(type_named(kind).facts))


def gather(case: str, kind: str, data: Iterable[str], said: Mapping[str, Any]) -> dict[str, Any]:
    """Give the line that words of a command stand for: `data` is FIELD=VALUE, `said` the options by name.

    A list is written with commas, an object or a list of lists as JSON. Raises `BadInput`.
    """
    line: dict[str, Any] = {"case": case, "type": kind}
    line |= {name: said[name] for name in ENVELOPE if said.get(name)}
    line |= sourced(said)
    if fields := _data(kind, data):
        line["data"] = fields
    if said.get("tags"):
        line["tags"] = list(said["tags"])
    return line


def sourced(said: Mapping[str, Any]) -> dict[str, Any]:
    """Give the source and the note that options by name stand for.

    >>> sourced({"speaker": "court", "standing": "found", "note": ""})
    {'source': {'speaker': 'court', 'standing': 'found'}}
    """
    source = {name: said[name] for name in SOURCE if said.get(name)}
    note = {"note": said["note"]} if said.get("note") else {}
    return {"source": source, **note} if source else note


def reading_at(where: str, case: str) -> dict[str, Any]:
    """Give what drafting asks of a case in the log at `where`, by the name of the argument; nothing where none is."""
    if not database_at(where).state():
        return {}
    with open_log(where) as log:
        found = opening_of(log.rows, case)
    return {"case_zone": lambda _: found.zone, "case_words": lambda _: found.words, "case_about": lambda _: found.about}


def enter(
    log: Log, line: Mapping[str, Any], *, actor: str = "", expect: int | None = None, there: str = ""
) -> dict[str, Any]:
    """Append one event and say where it stands, with what gives cause for a warning (`Problem`s).

    `expect` is how many events its case must have now. Where `there` says that the case has what the event would say,
    it is checked, and not appended.

    Raises `BadInput` (nothing was written) and `Overtaken`.
    """
    with log.writing(actor) as writer:
        if expect is not None:
            writer.expect(str(line["case"]), expect)
        made = drafted(line, actor=actor, **writer.reads_as)
        writer.append([made.draft])
        if there:
            writer.discard()
    done = writer.outcome
    entered = {
        "case": made.draft.case,
        "id": made.draft.id or content_id(made.draft.own, log.key),
        "appended": done.appended,
        "already_there": done.already_there,
        "position": done.first_position or None,
        "warnings": (*made.warnings, *done.warnings),
    }
    return nothing_new(entered, there) if there else entered


def nothing_new(done: dict[str, Any], there: str) -> dict[str, Any]:
    """Give what was done by an event that was checked and thrown away: the case has it, as `there` says in words."""
    unwritten = dict.fromkeys(name for name in done if name in ("id", "position", "last_position"))
    return {**done, **unwritten, "appended": 0, "already_there": 1, "there": there, "warnings": ()}


def problems_of(fields: Mapping[str, Any], **given: Any) -> tuple[Problem, ...]:
    """Check one line and give what is wrong with it; the arguments are those of `drafted`.

    >>> [problem.field for problem in problems_of({"case": "perry", "type": "death", "when": "2023-02-30"})]
    ['when']
    """
    try:
        drafted(fields, **given)
    except BadInput as wrong:
        return wrong.problems
    return ()


def _data(kind: str, words: Iterable[str]) -> dict[str, Any]:
    shapes = _shapes(kind)
    fields: dict[str, Any] = {}
    problems = []
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            problems.append(
                Problem(field=word, what="is no FIELD=VALUE", instead=f"write FIELD=VALUE, such as {_example(shapes)}")
            )
        elif name in fields:
            problems.append(Problem(field=name, what="is given twice", instead="give it once"))
        elif name in _OPTIONS and name not in shapes:
            what, instead = f"it is no data field of {kind}, but an option", f"write --{_OPTIONS[name]} {value or '…'}"
            problems.append(Problem(field=name, what=what, instead=instead))
        else:
            try:
                fields[name] = _value(value, shapes.get(name, ""))
            except Fault as fault:
                problems.append(fault.problem(field=name))
    if problems:
        raise BadInput(problems)
    return fields


def _shapes(kind: str) -> dict[str, str]:
    try:
        return {name: each.name for name, each in kinds(type_named(kind).facts).items()}
    except Fault as fault:
        raise BadInput([fault.problem(field="type")]) from None


def _example(shapes: Mapping[str, str]) -> str:
    return f"{next(iter(shapes), 'text')}=…"


def _value(text: str, shape: str) -> Any:
    if shape in _LISTS and not text.startswith("["):
        return [word.strip() for word in text.split(",")]
    if text.startswith(("{", "[")) and shape not in ("text", "when", ""):
        from events.leaf.canonical import strict_json

        return strict_json(b'{"value":' + text.encode() + b"}")["value"]
    return text
