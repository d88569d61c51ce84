"""Amendments, histories, changes and answers given again, in words. Opens nothing, prints nothing, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from timeline.reports.escape import one_line
from timeline.reports.layout import pairs, table

if TYPE_CHECKING:
    from timeline.reports.asking import Told

Result = Mapping[str, Any]
DAY_US = 86_400_000_000
LONGEST = 120
"""Characters of a value that is shown beside another."""
BEFORE = 20
"""Characters that are shown of what two long values have in common, before they part."""
LISTED = 20
"""Differences that are shown."""


def amended(done: Result) -> list[str]:
    """Say what a command amended."""
    if not done["position"]:
        again = f"{done['id']} is already there; to say it again, give it another --id"
        there = again if done["already_there"] else "nothing of it stands"
        return [f"{done.get('there') or there}; nothing was written"]
    if done["id"]:
        return [f"{done['id']} at position {done['position']}"]
    many = f"{done['appended']:,} event{'' if done['appended'] == 1 else 's'}"
    return [f"withdrew {many} (positions {done['position']} to {done['last_position']})"]


def history(done: Told) -> list[str]:
    """Show an event through all its amendments."""
    answer = done.json
    lines = [one_line(f"@{answer['event']}: {answer['text']}")]
    before: dict[str, Any] = {}
    for step in answer["steps"]:
        after = _flat(step["content"] or {})
        lines += ["", *_step(step), *pairs(_moved(before, after) if step["stands"] else [])]
        before = after if step["stands"] else before
    return lines


def _step(step: Result) -> list[str]:
    what = f"{step['type']} of @{step['target']}" if step["target"] else step["type"]
    off = "" if step["in_force"] else " (not in force any more)" if step["target"] else " (withdrawn)"
    who = ", ".join(part for part in (step["actor"], step["speaker"] and f"on the word of {step['speaker']}") if part)
    late = f"{step['late']['by_us'] // DAY_US:,} days after it {_SINCE[step['late']['since']]}" if step["late"] else ""
    return [
        one_line(f"{step['position']}  @{step['id']}  {what}{off}"),
        *pairs(
            (
                ("recorded", step["recorded_at"]),
                ("by", who),
                ("reason", step["reason"]),
                ("authority", step["authority"]),
                ("relation", step["relation"]),
                *((f"cited {name}", said) for name, said in step["cited"].items()),
                ("late", late),
                ("after it", "" if step["stands"] else "the event does not stand"),
            )
        ),
    ]


_SINCE = {"asserted": "was said", "occurred": "happened"}


def _flat(content: Result) -> dict[str, Any]:
    flat = {name: value for name, value in content.items() if name not in ("data", "source")}
    for name in ("data", "source"):
        flat |= {f"{name}.{field}": value for field, value in content.get(name, {}).items()}
    return flat


def _moved(before: Result, after: Result) -> list[tuple[str, str]]:
    """Give the fields that a step wrote, or wrote anew."""
    names = dict.fromkeys((*after, *before))
    shown = ((name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name))
    return [
        (name, _shown(now) if was is None else f"{_shown(was)} -> {'(removed)' if now is None else _shown(now)}")
        for name, was, now in shown
    ]


def _shown(value: Any) -> str:
    """Give a field's value as a person reads it.

    >>> _shown(["a", "b"]), _shown({"day": "1 day", "soft": False, "max": None})
    ('a, b', 'day: 1 day, soft: no, max: nothing')
    """
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "yes", False: "no"}[value]
    if isinstance(value, list):
        return ", ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_shown(one)}" for name, one in value.items())
    return str(value)


def changes(done: Told) -> list[str]:
    """Show what changed between two cuts."""
    answer = done.json
    lines = [one_line(answer["text"])]
    for kind in ("added", "amended", "withdrawn", "reinstated"):
        if rows := answer[kind]:
            lines += ["", kind, *(f"  {line}" for line in table(("position", "id", "type", ""), map(_row, rows))[1:])]
    for one in answer["answers"]:
        lines += ["", one_line(one["question"]), *_way(one)]
    return lines


def _row(row: Result) -> Sequence[object]:
    said = [f"{path}: {_shown(each['from'])} -> {_shown(each['to'])}" for path, each in row.get("fields", {}).items()]
    by = [f"by @{one}" for one in row.get("by", ())]
    why = [row["reason"]] if row.get("reason") else []
    late = ["late: it was said before, and recorded only now"] if row.get("late") else []
    return (row["position"], row["id"], row["type"], "; ".join((*said, *by, *why, *late)))


def _apart(was: Any, now: Any) -> str:
    """Show two values that differ, each of which may be a whole chronology, from where they do.

    >>> _apart("a" * 500 + "1", "a" * 500 + "2")
    '…aaaaaaaaaaaaaaaaaaaa1 -> …aaaaaaaaaaaaaaaaaaaa2'
    """
    old, new = one_line(_shown(was)), one_line(_shown(now))
    same = next((n for n, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), 0)
    begin = max(0, same - BEFORE) if max(len(old), len(new)) > LONGEST else 0
    return " -> ".join(f"{'…' * (begin > 0)}{_cut(text[begin:])}" for text in (old, new))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _way(one: Result) -> list[str]:
    ends = pairs((("before", one["before"]["text"]), ("after", one["after"]["text"])))
    return [*ends, *(f"  moved by @{step['id']} ({step['type']}): {one_line(step['to'])}" for step in one["moved_by"])]


def reproduced(done: Result) -> list[str]:
    """Say whether an answer was given again."""
    if done["same"]:
        return [f"{done['file']} is the same answer, byte for byte (position {done['as_of']['position']})"]
    rows = [(each["path"], _apart(each["was"], each["now"])) for each in done["differs"][:LISTED]]
    more = len(done["differs"]) - len(rows)
    return [
        f"{done['file']} is not the answer now:",
        *(f"  {one_line(why)}" for why in done["why"]),
        *pairs(rows),
        *([f"  … and {more} more; --json lists them"] if more > 0 else []),
    ]
