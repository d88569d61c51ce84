"""Which questions are kept, and what their answers were made with. Opens nothing and answers none.

Kept always are the overview of cases, the chronology, how long before a death the last of each administration was, and
what was given in the four days before it. Others are kept once somebody has named them.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import CodeType
from typing import Any, Final, final

from events.dates.civil import tzdata_version
from events.errors import Fault
from events.event import event_types
from events.version import VERSION
from timeline.counting.happened import asked_type
from timeline.kept.tables import FORMAT, Table, table_of
from timeline.views import view_named
from timeline.views.sources import read_question

OVERVIEW: Final = "cases"
_FINAL: Final = {"window": "4 days before death"}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question that is put to every case: a view and its parameters; the overview of cases has no view."""

    text: str
    view: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: bool = False

    @classmethod
    def read(cls, text: str) -> Question:
        """Read one as `casefold ask CASE` takes it, or `cases`, the overview; raises `Fault`.

        >>> Question.read("dose-total   --window='4 days before death'").text
        "dose-total --window '4 days before death'"
        """
        if text.strip() == OVERVIEW:
            return _OVERVIEW
        _, view, parameters = read_question(text)
        for each in view_named(view).parameters:
            if each.required and not parameters.get(each.name):
                raise Fault(f"view {view!r} needs {each.words}", f"write: {view_named(view).usage}")
        if kind := parameters.get("type"):
            asked_type(str(kind))
        return cls.of(view, parameters)

    @classmethod
    def of(cls, view: str, parameters: Mapping[str, Any], *, seed: bool = False) -> Question:
        """Make one of a view and its parameters; its text is the same however it was written."""
        return cls(text=_text(view, parameters), view=view, parameters=parameters, seed=seed)

    @property
    def table(self) -> Table:
        """The table its rows are kept in."""
        return table_of(self.view)

    @property
    def version(self) -> int:
        """The version of its view; raises `Fault` where there is no such view."""
        return view_named(self.view).version if self.view else FORMAT

    @property
    def by_case(self) -> bool:
        """Whether it has one row a case."""
        return self.view != "chronology"


_OVERVIEW: Final = Question(text=OVERVIEW, view="", seed=True)


def seeds() -> tuple[Question, ...]:
    """Give the questions that are always kept."""
    given = sorted((each for each in event_types().values() if each.administration), key=lambda one: one.rank)
    lasts = ({"type": each.name, "at": "death"} for each in given)
    return (
        _OVERVIEW,
        Question.of("chronology", {}, seed=True),
        *(Question.of("days-since-last", each, seed=True) for each in lasts),
        Question.of("dose-total", _FINAL, seed=True),
    )


def with_seeds(named: Iterable[Question]) -> tuple[Question, ...]:
    """Give the questions that are always kept, and then these, each once."""
    always = seeds()
    others = {each.text: replace(each, seed=False) for each in named}
    return (*always, *(each for text, each in others.items() if text not in {one.text for one in always}))


def versions(question: Question) -> dict[str, Any]:
    """Say what an answer is made with: where any of it differs, what is kept is of no use."""
    return {
        "casefold": VERSION,
        "tables": FORMAT,
        "view": question.version,
        "types": types_made_of(),
        "tzdata": tzdata_version(),
    }


@cache
def types_made_of() -> str:
    """Give a hash of every event type's name, version and way up from its older versions, plug-ins included."""
    known = sorted(event_types().values(), key=lambda each: each.name)
    said = [
        (each.name, each.version, each.administration, [(n, _made_of(lift)) for n, lift in sorted(each.upcast.items())])
        for each in known
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _made_of(lift: Any) -> Any:
    """Give what an upcaster does, as far as Python can say: its name and its code."""
    code = getattr(lift, "__code__", None)
    return (getattr(lift, "__qualname__", type(lift).__name__), _code(code) if code else "")


def _code(code: CodeType) -> Any:
    constants = [_code(each) if isinstance(each, CodeType) else repr(each) for each in code.co_consts]
    return (code.co_code.hex(), code.co_names, constants)


def _text(view: str, parameters: Mapping[str, Any]) -> str:
    chosen = view_named(view)
    words = [view]
    for each in chosen.parameters:
        value = parameters.get(each.name)
        for one in value if isinstance(value, (tuple, list)) else (value,) if value else ():
            words += [] if each.kind == "positional" else [f"--{each.name}"]
            words += [] if each.kind == "flag" else [str(one)]
    return shlex.join(words)
