"""What the commands of integrity print, in words: lines of their JSON. Opens nothing, prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Result = Mapping[str, Any]


def key_made(done: Result) -> list[str]:
    """Say which key was made, and what to do with it."""
    return [
        done["key"],
        f"written to {done['file']}, for its owner alone; keep a copy of that file where the database is not",
        "give the line above to whoever is to check this log; without the file nothing more can be signed",
    ]


def note(done: Result) -> list[str]:
    """Give the note, and nothing else: it is kept as it stands."""
    lines: list[str] = done["note"].removesuffix("\n").split("\n")
    return lines


def verified(done: Result) -> list[str]:
    """Say what a verification found, and what it could not know."""
    problems = [_problem(one) for one in done["problems"]]
    against = [
        f"held against {one['origin']}: size {one['size']:,}, signature {_signature(one)}"
        for one in done["checked_against"]
    ]
    redacted = [
        f"redacted: {one['field']} of {one['id']} (case {one['case']}, position {one['position']})"
        f" by position {one['by']}"
        for one in done["redacted"]
    ]
    stamps = [
        f"time-stamped: the first {one['size']:,} events at {one['time']}, signature {one['signature']}"
        for one in done["stamps"]
    ]
    count = len(problems)
    head = "everything holds" if done["ok"] else f"{count:,} thing{'s' * (count != 1)} do{'es' * (count == 1)} not hold"
    return [
        f"{head}: {_events(done['size'])} of {done['log']}, root {done['root']}",
        *problems,
        *against,
        *stamps,
        *redacted,
        *(f"not known: {words}" for words in done["unknown"]),
    ]


def _signature(one: Result) -> str:
    return f"holds ({', '.join(one['signed_by'])})" if one["signed_by"] else one["signature"]


def stamped(done: Result) -> list[str]:
    """Say what was asked of a time-stamping authority, or what it said."""
    of = f"the checkpoint of size {done['size']:,}, root {done['root']}"
    if "request" in done:
        return [
            f"{done['request']}: asks for a time stamp of {of}",
            "send it to a time-stamping authority, and take in what comes back with `casefold stamp --reply FILE`",
        ]
    return [
        f"time-stamped at {done['time']}: {of}",
        f"its hash is that of the checkpoint; its signature: {done['signature']}",
        f"told by position {done['position']:,}, token {done['token_sha256']}",
        *(f"not checked: {words}" for words in done["not_checked"]),
    ]


def attached(done: Result) -> list[str]:
    """Say which file is kept for which document, or was given out again."""
    if "file" in done:
        return taken_out(done)
    kept = "kept" if done["stored"] else "kept already"
    told = f"told by position {done['position']:,}" if done["position"] else "told already"
    return [f"{done['document']} of {done['case']}: {done['size']:,} bytes, {kept}, sha256 {done['sha256']}, {told}"]


def taken_out(done: Result) -> list[str]:
    """Say which file was given out again."""
    return [f"{done['file']}: {done['size']:,} bytes of {done['document']} of {done['case']}, sha256 {done['sha256']}"]


def backed_up(done: Result) -> list[str]:
    """Say what was copied, and whether the copy holds."""
    head = "a copy that holds" if done["ok"] else "a copy, which does not hold as the log itself does not"
    return [
        f"{done['file']}: {head}: {done['size']:,} events, root {done['root']}",
        *(_problem(one) for one in done["problems"]),
        "the signing key is not in it; what is redacted later stays in it (`casefold redact --list`)",
    ]


def granted(done: Result) -> list[str]:
    """Say what a role may do now, and by which statements."""
    may = {"read": "read", "append": "read and append to", "redact": "read, append to and redact in"}[done["may"]]
    return [f"{done['role']} may {may} the log at {done['where']}, and nothing else of it", *done["statements"]]


def _events(count: int) -> str:
    return f"{count:,} event{'' if count == 1 else 's'}"


def _problem(one: Result) -> str:
    place = f"position {one['position']}: " if one["position"] is not None else ""
    return f"{place}{one['kind']}: {one['what']}"


def proved(done: Result) -> list[str]:
    """Say what a proof holds."""
    whole = "the whole case" if done["complete"] else "chosen events"
    signed = "" if done["signed"] else "; the checkpoint is not signed"
    stamped = f"; with {done['stamps']} time stamp{'' if done['stamps'] == 1 else 's'}" if done["stamps"] else ""
    return [
        (
            f"{done['file']}: {_events(done['events'])} of {done['case']} ({whole}), up to position"
            f" {done['last_position']:,}, in the log of size {done['size']:,}{signed}{stamped}"
        )
    ]


def proof_checked(done: Result) -> list[str]:
    """Say whether a proof holds."""
    head = "holds" if done["ok"] else "does not hold"
    whole = "none left out up to the last of them" if done["complete"] else "chosen ones"
    return [
        f"the proof {head}: {_events(done['events'])} of {done['case']} ({whole}) in {done['log']}",
        f"checkpoint: size {done['size']:,}, root {done['root']}, signature {done['signature']}",
        *(f"{one['file']}: seen at {one['time']}, as it says; signature {one['signature']}" for one in done["stamps"]),
        *done["problems"],
        "compare size and root with a checkpoint that came to you another way",
    ]


def redacted(done: Result) -> list[str]:
    """Say what was erased, or list what was."""
    if "redactions" in done:
        return [f"{one['case']} {one['id']} {' '.join(one['fields'])}" for one in done["redactions"]] or ["none"]
    lines = [
        f"erased {', '.join(one['fields'])} of {one['id']}, as position {one['by']} says" for one in done["redacted"]
    ]
    if done.get("erased_again"):
        lines.append(f"erased again {done['erased_again']} values that were there in spite of their redaction")
    if not done["scrubbed"]:
        lines.append(
            "the values are gone from the tables, but the file may still hold copies: another program is at work on"
            " it, or the disk is full; run `casefold redact --apply` with the list when that is over"
        )
    return [*(lines or ["nothing to erase"]), done["not_reached"]]
