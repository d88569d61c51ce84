"""What a question gets back: bounds, three truths, what they rest on, and their JSON. Computes no answer itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, final

from events.dates.civil import instant_text
from events.when import DAY, Bound
from timeline.hearings.account import EVERYBODY, Account


class Truth(StrEnum):
    """What a record says of a statement: it holds in every world, in some, or in none (SEMANTICS 4)."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rests:
    """The ids that the two ends of an answer rest on."""

    min: tuple[str, ...] = ()
    max: tuple[str, ...] = ()

    @property
    def both(self) -> tuple[str, ...]:
        """Every id of either end, each once."""
        return tuple(dict.fromkeys((*self.min, *self.max)))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The cut an answer was read at: position, recorded time (µs; None for an empty log) and root (hex) of the log."""

    position: int = 0
    recorded_at: int | None = None
    root: str = ""

    @property
    def json(self) -> dict[str, Any]:
        """The cut as scripts read it; `root` is null where the cut is of no log."""
        at = None if self.recorded_at is None else instant_text(self.recorded_at)
        return {"position": self.position, "recorded_at": at, "root": self.root or None}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Values, what they rest on, and what they assume.

    A view fills in `values` (its own JSON keys), `in_fact` (every value again, allowing for happenings nobody
    recorded), the words, `tight`, `rests_on`, `set_aside`, `undated`, `assumes`; `ask` adds what it was asked.
    """

    values: Mapping[str, Any]
    in_fact: Mapping[str, Any]
    text: str
    sentence: str
    tight: bool = False
    rests_on: Rests = field(default_factory=Rests)
    set_aside: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    question: str = ""
    view: str = ""
    version: int = 1
    case: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    account: Account = EVERYBODY


def answer_json(
    answer: Answer, *, as_of: AsOf, log: str = "", read: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Give an answer as scripts read it, keys in the order of DESIGN 10; `log` is the log's origin.

    `read` is how else the case was read, where that was asked for: `asserted_by`, `about`, `on_conflict`.
    """
    return {
        "log": log,
        "case": answer.case,
        "view": answer.view,
        "view_version": answer.version,
        "parameters": dict(answer.parameters),
        "question": answer.question,
        "as_of": as_of.json,
        "account": answer.account.json,
        **(read or {}),
        **answer.values,
        "text": answer.text,
        "sentence": answer.sentence,
        "tight": answer.tight,
        "rests_on": {"min": list(answer.rests_on.min), "max": list(answer.rests_on.max)},
        "set_aside": list(answer.set_aside),
        "undated": list(answer.undated),
        "assumes": list(answer.assumes),
        "in_fact": dict(answer.in_fact),
    }


def bound_json(bound: Bound) -> dict[str, int | None]:
    """Give a bound of whole numbers as scripts read it.

    >>> bound_json(Bound(7, None))
    {'min': 7, 'max': None}
    """
    return {"min": bound.lo, "max": bound.hi}


def elapsed_json(bound: Bound) -> dict[str, int | None]:
    """Give a bound of a duration in microseconds as scripts read it."""
    return {"min_us": bound.lo, "max_us": bound.hi}


def instants_json(bound: Bound) -> dict[str, str | None]:
    """Give a bound of instants as scripts read it."""
    return {
        "min": None if bound.lo is None else instant_text(bound.lo),
        "max": None if bound.hi is None else instant_text(bound.hi),
    }


def whole_days(elapsed: Bound) -> Bound:
    """Give the whole 24-hour periods in a duration, truncated toward zero.

    >>> whole_days(Bound(-DAY - 1, 2 * DAY - 1))
    Bound(lo=-1, hi=1)
    """
    return Bound(_truncate(elapsed.lo), _truncate(elapsed.hi))


def implied_calendar_days(elapsed: Bound, spread: int) -> Bound:
    """Give the civil dates between two instants that a duration between them allows, whatever the dates.

    `spread` is the difference between the greatest and the least offset the zone ever had, in microseconds
    (SEMANTICS 1.1, rule (i) turned round: N dates apart is more than (N-1) and less than (N+1) days, give or take it).

    >>> implied_calendar_days(Bound(7 * DAY + 1, 8 * DAY), 0)
    Bound(lo=7, hi=8)
    """
    lo = None if elapsed.lo is None else -((spread - elapsed.lo - 1) // DAY) - 1
    hi = None if elapsed.hi is None else (elapsed.hi + spread - 1) // DAY + 1
    return Bound(lo, hi)


def _truncate(micros: int | None) -> int | None:
    if micros is None:
        return None
    return micros // DAY if micros >= 0 else -(-micros // DAY)
