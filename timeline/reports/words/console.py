"""What the commands print, in words: each function makes lines of a command's JSON. Opens nothing, prints nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from timeline.reports.escape import one_line
from timeline.reports.layout import answer_lines, pairs, source_words, summary, table
from timeline.reports.spans import span_words

if TYPE_CHECKING:
    from timeline.reports.asking import Told
    from timeline.reports.composing.shape import Report

Result = Mapping[str, Any]


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def loaded(done: Result) -> list[str]:
    """Say what a load did."""
    if not done["appended"]:
        head = "nothing new to append"
    else:
        first, last = done["first_position"], done["last_position"]
        positions = f"position {first}" if first == last else f"positions {first} to {last}"
        head = f"appended {_many(done['appended'], 'event')} of {_many(done['cases'], 'case')} ({positions})"
    rest = [
        f"{_many(done['already_there'], 'event')} already there" if done["already_there"] else "",
        f"{_many(done['refused'], 'row')} refused" if done["refused"] else "",
    ]
    return ["; ".join(part for part in (head, *rest) if part)]


def rehearsed(done: Result) -> list[str]:
    """Say what a load would do."""
    return [f"dry run, nothing was written: {loaded(done)[0].replace('appended', 'would append', 1)}"]


def added(done: Result) -> list[str]:
    """Say what an `add` did."""
    if done.get("there"):
        return [f"{done['there']}; nothing was written"]
    where = f"at position {done['position']}" if done["position"] else "is already there; nothing was written"
    return [f"{done['id']} {where}"]


def reading(done: Result) -> list[str]:
    """Show how a date text is read."""
    own = span_words(done["earliest"], done["latest"], done["zone"])
    absolute = any("instants" in part for part in done["parts"])
    return [
        done["reads"],
        *pairs(
            (
                ("earliest", done["earliest"] or ("open" if absolute else "")),
                ("latest", done["latest"] or ("open" if absolute else "")),
                (
                    "local",
                    f"{own} ({done['zone']})" if done["zone"] and absolute and own not in ("unknown", "") else "",
                ),
                ("soft", "bounds nothing; write ± and a width, such as ± 1 hour" if done["soft"] else ""),
            )
        ),
    ]


def cases(done: Result) -> list[str]:
    """List the cases."""
    rows = [(each["case"], each["events"], each["first_recorded"], each["last_recorded"]) for each in done["cases"]]
    return (
        table(("case", "events", "first recorded", "last recorded"), rows)
        if rows
        else ["no cases, or none by then; `casefold load FILE` brings some"]
    )


def types(done: Result) -> list[str]:
    """List the event types by family; one type is its JSON Schema; a check says what cannot be read."""
    if "stored" in done:
        from timeline.reports.words.interchange import versions

        return versions(done)
    if "types" not in done:
        from timeline.reports.escape import json_text

        return [json_text(done)]
    families: defaultdict[str, list[Result]] = defaultdict(list)
    for each in done["types"]:
        families[each["family"]].append(each)
    lines: list[str] = []
    for family, members in families.items():
        lines += [
            "",
            family,
            *(
                f"  {line}"
                for line in table(("type", "data"), [(one["type"], ", ".join(one["fields"])) for one in members])[1:]
            ),
        ]
    return [*lines[1:], "", "`casefold types NAME` prints the JSON Schema of one"]


def views(done: Result) -> list[str]:
    """List the views; one view with what it takes."""
    if "views" not in done:
        return _view(done)
    return table(("view", "asks"), [(each["usage"], each["asks"]) for each in done["views"]])


def _view(done: Result) -> list[str]:
    rows = [
        (each["shown"] if each["kind"] == "positional" else f"--{each['name']}", each["help"])
        for each in done["parameters"]
    ]
    return [f"casefold ask CASE {done['usage']}", "", f"  {done['asks']}", "", *pairs(rows)]


def batches(done: Result) -> list[str]:
    """List the loads."""
    head = ("batch", "file", "positions", "loaded at", "by", "sha256")
    rows = [
        (
            each["n"],
            each["name"],
            f"{each['first_position']} to {each['last_position']}",
            each["loaded_at"],
            each["actor"],
            each["sha256"],
        )
        for each in done["batches"]
    ]
    return table(head, rows) if rows else ["no batches, or none by then; `casefold load FILE` makes one"]


def names(done: Result) -> list[str]:
    """List the names of a case."""
    rows = [
        (
            each["name"],
            ", ".join(f"{role} {n}" for role, n in each["as"].items()),
            each["means"],
            ", ".join(each["alike"]),
        )
        for each in done["names"]
    ]
    return table(("name", "as", "means", "looks like"), rows) if rows else ["the case names nobody"]


def log(done: Result) -> list[str]:
    """List events in the order they were recorded."""
    rows = [
        (
            each["position"],
            each["id"],
            each["when"] or "undated",
            f"{summary(each['type'], each['data'])}{_since(each)}",
            source_words(each["source"]),
        )
        for each in done["events"]
    ]
    return table(("position", "id", "when", "what", "on whose word"), rows) if rows else ["no event fits"]


def _since(event: Result) -> str:
    """Say that an event does not stand, or not as it was first written."""
    return " (withdrawn)" if event.get("withdrawn") else " (amended)" if event.get("amended_by") else ""


def answer(done: Told) -> list[str]:
    """Give an answer in words; or those of several sides, one beside the other."""
    if done.lines:
        return list(done.lines)
    return answer_lines(done.json, zone=done.zone, disputes=done.disputes)


def upgraded(done: Result) -> list[str]:
    """Say what an upgrade did."""
    if done["before"] == done["after"]:
        return [f"{done['where']} has schema {done['after']} already"]
    return [f"{done['where']} was upgraded from schema {done['before']} to {done['after']}"]


def checked(done: Result) -> list[str]:
    """Say whether a database is whole."""
    if done["ok"]:
        return [f"{done['where']} is whole: {_many(done['events'], 'event')} checked"]
    return [": ".join(part for part in (each["field"], each["what"]) if part) for each in done["problems"]]


def stats(done: Result) -> list[str]:
    """Say how much there is in a database."""
    counted = ("events", "cases", "batches", "disclosures")
    head = pairs(
        [(name, str(done[name])) for name in ("where", "log", "schema")]
        + [(name, f"{done[name]:,}") for name in counted],
        indent="",
    )
    return [*head, "", *table(("type", "events"), done["types"].items())]


def shown(report: Report) -> list[str]:
    """Show a case."""
    from timeline.reports.formats.as_text import as_text

    return [as_text(report).rstrip("\n")]


def reported(done: Report | Result) -> list[str]:
    """Show a report, or say which file it went to."""
    if not isinstance(done, Mapping):
        return shown(done)
    return [f"wrote {done['file']}", *(f"  left out: {one_line(each)}" for each in done["left_out"])]


def charted(done: Result) -> list[str]:
    """Say which file a chart went to, and what it shows."""
    return [f"wrote {done['file']}", one_line(done["alt"])]


def walked(done: Result) -> list[str]:
    """Show the walk-through: each question with the command line that asks it, and its answer."""
    loaded = done["loaded"]
    facts = loaded["appended"] + loaded["already_there"]
    lines = [f"The founding case: {_many(facts, 'event')}, each with its source."]
    for step in (*done["steps"], *([done["patient"]] if done["patient"] else [])):
        shown = [step["answer"].json["text"]] if step["brief"] else answer(step["answer"])
        said = (f"  {line}" if line else "" for line in shown)
        lines += ["", f"{step['why']}:", f"$ {step['command']}", "", *said]
    lines += ["", "Some answers are shown in short. `casefold --db demo.db demo` keeps the log, to ask it yourself."]
    return [*lines, done["absent"]] if done["absent"] else lines
