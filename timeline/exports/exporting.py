"""From a command's options to a file: opens the log, chooses the format, puts the whole file in place. Words nothing.

The file is for its owner alone (0600): what is sensitive in the log is in it.
"""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from events.errors import Fault
from events.log import Log, open_log
from events.nearest import nearest
from events.whole_file import replacing
from timeline.exports.chosen import Names, part_of
from timeline.exports.wanted import LeftOut, Wanted
from timeline.hearings.account import check
from timeline.read import PLAIN, Asked, check_words, cut, no_case

FORMATS: Final = {"jsonl": "jsonl", "csv": "table", "replay": "replay"}
"""The formats by name, each with the file that writes it."""
ENDINGS: Final = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}


def format_of(output: str, declared: str = "") -> str:
    """Give the format: the declared one, else by the file's ending (`.gz` set aside). Raises `Fault`.

    >>> format_of("case.jsonl.gz"), format_of("-"), format_of("case.csv"), format_of("case.txt", "replay")
    ('jsonl', 'jsonl', 'csv', 'replay')
    """
    if declared and declared not in FORMATS:
        raise Fault(f"{declared!r} is no format of exports", nearest(declared, FORMATS))
    ending = Path(output.casefold().removesuffix(".gz")).suffix
    found = declared or ("jsonl" if output == "-" else ENDINGS.get(ending, ""))
    if not found and Path(output).is_dir():
        raise Fault(f"{output} is a folder", f"name a file in it, such as {Path(output, 'cases.jsonl')}")
    if not found:
        raise Fault(f"{output!r} does not say its format", f"write --format {', '.join(FORMATS)}")
    return found


def export(
    where: str,
    cases: Sequence[str] = (),
    *,
    output: str,
    format: str = "",  # noqa: A002
    omissions: str = "",
    private: bool = False,
    asked: Asked = PLAIN,
) -> dict[str, Any]:
    """Write these cases (none named: all) to a file, or to the standard output (`-`); says what was written.

    `omissions` is a file that lists what was left out, and why; `asked` chooses events, by account and cut. Raises
    `Fault` for an unknown case, format or name, OSError where a file cannot be written.
    """
    chosen = format_of(output, format)
    write: Callable[[Wanted, BinaryIO, LeftOut], int] = import_module(
        f"timeline.exports.{FORMATS[chosen]}"
    ).write
    with open_log(where) as log, ExitStack() as files:
        _apart(log.where, output, omissions)
        wanted = _chosen(
            Wanted(log=log, cases=_known(log, cases), upto=_upto(log, asked.as_of), private=private, asked=asked)
        )
        out = files.enter_context(placed(output))
        left = LeftOut(files.enter_context(placed(omissions)) if omissions else None)
        count = write(wanted, out, left)
        return {
            "log": log.origin,
            "file": output,
            "format": chosen,
            "events": count,
            "cases": len(wanted.names()),
            "upto": wanted.upto,
            "left_out": dict(left.counts),
            "omissions": omissions or None,
            "secret": chosen == "replay",
            **(_account(wanted, along=chosen == "jsonl") if wanted.parts else {}),
        }


def _chosen(wanted: Wanted) -> Wanted:
    """Find what the account and the cut asked for take of each case; raises `Fault` for a name that no case has."""
    check_words(wanted.asked)
    account = wanted.asked.account
    if account.everybody and not wanted.asked.asserted_by:
        return wanted
    check(replace(account, speakers=(), documents=(), tags=()), ())
    names = Names()
    parts = {case: part_of(wanted.timeline(case), account, names) for case in wanted.names()}
    names.check()
    return replace(wanted, parts=parts)


def _account(wanted: Wanted, *, along: bool) -> dict[str, Any]:
    """Say on which account and cut events were chosen; a table has no rows that only come along."""
    return {"account": wanted.asked.account.json, **wanted.asked.read, "along": wanted.along if along else 0}


@contextmanager
def placed(name: str) -> Iterator[BinaryIO]:
    """Give a file to write that takes its place, whole, at the end, or not at all; packed where it ends in `.gz`."""
    if name == "-":
        yield cast("BinaryIO", sys.stdout.buffer)
        sys.stdout.flush()
        return
    with replacing(Path(name), secret=True) as aside, aside.open("wb") as plain:
        if name.casefold().endswith(".gz"):
            with gzip.GzipFile(fileobj=plain, mode="wb", filename="", mtime=0) as packed:
                yield cast("BinaryIO", packed)
        else:
            yield plain


def _apart(*names: str) -> None:
    """Refuse one name for two things: an export must not take the place of the log, nor of its own omissions."""
    there = [os.path.realpath(name) for name in names if name not in ("", "-")]
    if len(set(there)) < len(there):
        raise Fault("the log, the export and its omissions are not three files", "write other names")


def _known(log: Log, cases: Sequence[str]) -> tuple[str, ...]:
    """Give the cases named, each once; raises `Fault` where the log has none of that name."""
    for case in cases:
        if not log.has_case(case):
            raise no_case(log, case)
    return tuple(dict.fromkeys(cases))


def _upto(log: Log, as_of: str) -> int:
    return cut(log, as_of).position if as_of else log.head()[0]
