"""The command line that makes a report again, without the place of the log and of the file. Runs nothing.

Made of what was asked, not of what was typed: no path and no password of a database can come into a report.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from timeline.hearings.positions import NOBODY_NAMED
from timeline.reports.composing.brief import Frame

if TYPE_CHECKING:
    from timeline.read import Asked


def command_line(case: str, asked: Asked, frame: Frame) -> str:
    """Give the command line, `-o` left out."""
    return shlex.join(["casefold", "report", case, *_frame(frame), *_account(asked), *_read(asked)])


def _frame(frame: Frame) -> Iterator[str]:
    for name, value in (("purpose", frame.purpose), ("prepared-by", frame.by), ("prepared-for", frame.to)):
        yield from (f"--{name}", value) if value else ()
    for question in frame.questions:
        yield from ("--ask", question)
    yield from ("--model", frame.model) if frame.model else ()


def _account(asked: Asked) -> Iterator[str]:
    account = asked.account
    for name, values in (
        ("according-to", [name or NOBODY_NAMED for name in account.speakers]),
        ("document", account.documents),
        ("tag", account.tags),
    ):
        for value in values:
            yield from (f"--{name}", value)
    yield from ("--standing", ",".join(account.standings)) if account.standings else ()
    for name, chosen in (
        ("first-hand", account.first_hand),
        ("disputed", account.disputed),
        ("undisputed", account.undisputed),
    ):
        yield from (f"--{name}",) if chosen else ()


def _read(asked: Asked) -> Iterator[str]:
    for name, value in (("as-of", asked.as_of), ("asserted-by", asked.asserted_by), ("about", asked.about)):
        yield from (f"--{name}", value) if value else ()
    yield from ("--on-conflict", asked.on_conflict) if asked.on_conflict != "weakest" else ()
