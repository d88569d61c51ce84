"""What exports, replays, merges and checks of versions say, in words. Opens nothing, prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]


def _many(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def exported(done: Result) -> list[str]:
    """Say what was written where."""
    return [f"wrote {_many(done['events'], 'event')} of {_many(done['cases'], 'case')} to {done['file']}"]


def mapped(done: Result) -> list[str]:
    """Give the proposed mapping, ready to be kept in a file."""
    return str(done["mapping"]).splitlines()


def left_out(done: Result) -> list[str]:
    """Say what an export leaves out, and what a careful user should know of its file; for standard error."""
    said = [f"left out: {n:,} × {why}" for why, n in sorted(done["left_out"].items())]
    if along := done.get("along"):
        said.append(f"{_many(along, 'event')} along, to date others: ask the file on the same account")
    if done["left_out"] and not done["omissions"]:
        said.append("--omissions FILE lists what was left out")
    if done["secret"]:
        what = "what was printed" if done["file"] == "-" else done["file"]
        said.append(f"{what} holds everything, with what is private and the log's key; keep it as you keep the log")
    return said


def replayed(done: Result) -> list[str]:
    """Say which log was brought back."""
    return [f"replayed {_what(done)}"]


def would_replay(done: Result) -> list[str]:
    """Say which log would be brought back, after a dry run."""
    return [f"dry run, nothing was written: would replay {_what(done)}"]


def _what(done: Result) -> str:
    what = f"{_many(done['appended'], 'event')} of {_many(done['cases'], 'case')}"
    return f"{what}; log {done['log']}, root {done['root']}"


def merged(done: Result) -> list[str]:
    """Say what a merge found, and what it did."""
    found = f"{done['from']}: {done['same']:,} the same, {done['new']:,} new, {done['conflicts']:,} of other content"
    if done["dry_run"]:
        return [f"dry run, nothing was written: {found}"]
    if not done["appended"]:
        return [f"{found}; nothing {'was appended' if done['conflicts'] else 'to append'}"]
    first, last = done["first_position"], done["last_position"]
    where = f"position {first}" if first == last else f"positions {first} to {last}"
    return [f"{found}; appended at {where}, batch {done['batch']}"]


def versions(done: Result) -> list[str]:
    """Say whether every stored version of every type can still be read."""
    if done["ok"]:
        old = sum(each["version"] != each["current"] for each in done["stored"])
        lifted = f"; {_many(old, 'old version')} lifted as read" if old else ""
        return [f"{_many(len(done['stored']), 'stored type')}, all of them readable{lifted}"]
    return [f"{each['type']} version {each['version']}: {each['what']}; {each['instead']}" for each in done["problems"]]
