"""Saves an answer as a file, and gives it again: the same bytes, or what differs and why. Computes no answer itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from events.dates.zones import tzdata_version
from events.errors import CasefoldError, Fault
from events.log import open_log
from events.whole_file import write_whole
from timeline.hearings.account import Account
from timeline.read import Asked, cut
from timeline.reports.asking import Told, put, put_by
from timeline.reports.escape import json_text
from timeline.views import views

SHOWN: Final = 50
"""Differences that are listed; there may be more."""
_NEEDED: Final = ("log", "case", "view", "view_version", "parameters", "as_of", "account")


def save(told: Told, output: str) -> Told:
    """Write an answer to a file as `ask --json` prints it. Raises OSError."""
    write_whole(output, _bytes(told.json))
    return told


def reproduce_json(where: str, file: str) -> dict[str, Any]:
    """Put a saved question again to the log as it stood, and compare; raises `Fault` where the file is no answer."""
    written = Path(file).read_bytes()
    saved = _saved(file, written)
    try:
        fresh: dict[str, Any] = _ask(where, saved).json
    except Fault as fault:
        fresh, refused = {}, str(fault)
    else:
        refused = ""
    same = _bytes(fresh) == written
    differs = [] if same or refused else list(_differences(saved, json.loads(_bytes(fresh)), ""))[:SHOWN]
    why = [] if same else [*([refused] if refused else []), *_why(where, saved, differs or refused)]
    named = {"file": file, "log": saved["log"], "case": saved["case"], "view": saved["view"], "as_of": saved["as_of"]}
    return {**named, "same": same, "differs": differs, "why": why}


def _bytes(answer: Mapping[str, Any]) -> bytes:
    return f"{json_text(answer)}\n".encode()


def _saved(file: str, written: bytes) -> dict[str, Any]:
    try:
        saved = json.loads(written)
        whole = all(name in saved for name in _NEEDED) and int(saved["as_of"]["position"]) > 0
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise Fault(f"{file} is no saved answer", "save one with `casefold ask CASE VIEW … --save FILE`")
    return dict(saved)


def _ask(where: str, saved: Mapping[str, Any]) -> Told:
    account = saved["account"]
    lists = {name: tuple(account.get(name, ())) for name in ("speakers", "standings", "documents", "tags")}
    truths = {name: bool(account.get(name)) for name in ("first_hand", "disputed", "undisputed")}
    chosen: dict[str, Any] = {**lists, **truths}
    asked = Asked(
        account=Account(**chosen),
        as_of=str(saved["as_of"]["position"]),
        asserted_by=saved.get("asserted_by", ""),
        about=saved.get("about", ""),
        on_conflict=saved.get("on_conflict", "weakest"),
    )
    question = (where, saved["case"], saved["view"], saved["parameters"], asked)
    return put_by(*question, saved["by"]) if saved.get("by") else put(*question)


def _why(where: str, saved: Mapping[str, Any], differs: object) -> Iterator[str]:
    """Say what is known to make an answer differ."""
    if not differs:
        yield "the values are the same: the file was written anew, and has other bytes"
        return
    reasons = list(_changed(where, saved))
    known = views().get(saved["view"])
    if known is not None and known.version != saved["view_version"]:
        reasons.append(f"view {known.name} is of version {known.version} now, and was of {saved['view_version']}")
    otherwise = f"this program, or its time-zone data ({tzdata_version()}), reads the same record otherwise"
    yield from reasons or [otherwise]


def _changed(where: str, saved: Mapping[str, Any]) -> Iterator[str]:
    """Say how the log is another than the one that was asked."""
    position, root = int(saved["as_of"]["position"]), saved["as_of"]["root"]
    try:
        with open_log(where, mode="read") as log:
            head = log.head()[0]
            if log.origin != saved["log"]:
                yield f"this is another log ({log.origin}) than the one asked ({saved['log']})"
            if head < position:
                yield f"this log ends at position {head}, before {position}"
            elif root and cut(log, str(position)).root != root:
                yield f"the first {position} events of this log are not those asked; run `casefold verify`"
            for event in log.events(saved["case"]):
                if event.position > position and event.type == "amend.redact":
                    yield f"@{event.written['target']} was redacted at position {event.position}"
    except CasefoldError as fault:
        yield str(fault)


def _differences(was: Any, now: Any, path: str) -> Iterator[dict[str, Any]]:
    """Give what differs between two JSON values, by path; null where it is absent."""
    if isinstance(was, dict) and isinstance(now, dict):
        for name in dict.fromkeys((*was, *now)):
            yield from _differences(was.get(name), now.get(name), f"{path}.{name}" if path else name)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for n, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _differences(one, other, f"{path}[{n}]")
    elif was != now:
        yield {"path": path, "was": was, "now": now}
