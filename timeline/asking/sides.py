"""One question put to each speaker, or each standing, alone and to all together. Computes no answer of its own.

JSON: the answer of all together, and beside it `"by": "speaker" | "standing"`, `"sides": [{"speaker" (or "standing"):
name, "names": [as written], the view's values, "text", "sentence", "tight", "rests_on", "set_aside", "undated",
"assumes", "in_fact"}]`, `"agree": [[names]]` (groups of two or more with the same values), `"differ": [[a, b]]`,
`"exclude": [[a, b]]` (pairs that cannot both be true; every other pair of different answers is in `differ`) and
`"silent": [names]`, who is heard but has no word on the question. Nobody named is `""`; no standing given is `"none"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Final, Literal, final

from events.source import STANDINGS
from timeline.answers import Answer, AsOf, answer_json
from timeline.asking import words
from timeline.asking.questions import read_count_statement
from timeline.asking.verdicts import agree, exclude
from timeline.case import CaseTimeline, family
from timeline.hearings.account import EVERYBODY, NO_STANDING, NOBODY, Account
from timeline.hearings.hearing import Hearing
from timeline.views import ask, view_named

By = Literal["speaker", "standing"]
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]*")
_SHARED: Final = frozenset({"log", "case", "view", "view_version", "parameters", "question", "as_of", "account"})


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one speaker (as first written; all ways of writing the name in `names`) or one standing answers alone."""

    name: str
    names: tuple[str, ...]
    answer: Answer

    @property
    def shown(self) -> str:
        """The name as it is printed."""
        return self.name or "nobody named"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One answer for each side that has a word on the question, and one of all together.

    `same` are the groups of two or more sides with the same values, `differ` and `exclude` pairs of names: the pairs
    that are different and can both be true, and those that cannot. `silent` have no word on it.
    """

    by: By
    together: Answer
    sides: tuple[Side, ...]
    same: tuple[tuple[str, ...], ...]
    differ: tuple[tuple[str, str], ...]
    exclude: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]


def by_speaker(timeline: CaseTimeline, view: str, params: Mapping[str, Any], account: Account = EVERYBODY) -> Sides:
    """Ask each speaker of an account alone, and all together; names that the case says are one are one speaker.

    Raises `Fault` as `ask` does.
    """
    groups: dict[str, dict[str, None]] = {}
    for event in timeline.hear(account).counted:
        if family(event) not in {"case", "log", "amendments"}:
            groups.setdefault(timeline.same_name(event.source.speaker), {})[event.source.speaker] = None
    chosen = {names[0]: (names, replace(account, speakers=names)) for names in map(tuple, groups.values())}
    return _sides("speaker", timeline, (view, params), account, dict(sorted(chosen.items(), key=_folded)))


def by_standing(timeline: CaseTimeline, view: str, params: Mapping[str, Any], account: Account = EVERYBODY) -> Sides:
    """Ask what is found, documented, admitted … each alone, in falling order, and all together. Raises `Fault`."""
    there = {
        event.source.standing or NO_STANDING
        for event in timeline.hear(account).counted
        if family(event) not in {"case", "log", "amendments"}
    }
    order: list[str] = [one for one in (*STANDINGS, NO_STANDING) if one in there]
    chosen: Chosen = {one: ((one,), replace(account, standings=(one,))) for one in order}
    return _sides("standing", timeline, (view, params), account, chosen)


def sides_json(
    sides: Sides, *, as_of: AsOf, log: str = "", read: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Give the sides as scripts read them: the answer of all together, then the sides and how they compare."""
    return {
        **answer_json(sides.together, as_of=as_of, log=log, read=read),
        "by": sides.by,
        "sides": [_side_json(sides.by, one, as_of) for one in sides.sides],
        "agree": [list(names) for names in sides.same],
        "differ": [list(pair) for pair in sides.differ],
        "exclude": [list(pair) for pair in sides.exclude],
        "silent": list(sides.silent),
    }


def lines(sides: Sides) -> tuple[str, ...]:
    """Give the sides in words, a line each: every answer, then who agrees, differs, excludes another, is silent."""
    said = [f"{one.shown}: {one.answer.text}" for one in sides.sides]
    said.append(f"together: {sides.together.text}")
    said += [f"agree: {words.listed(_shown(names))}" for names in sides.same]
    said += [f"cannot both be true: {words.listed(_shown(pair))}" for pair in sides.exclude]
    if sides.differ:
        said.append("differ, and can both be true: " + ("all others" if sides.exclude or sides.same else "all"))
    if sides.silent:
        said.append(f"no word on it: {words.listed(_shown(sides.silent))}")
    return tuple(said)


Asked = tuple[str, Mapping[str, Any]]
Chosen = Mapping[str, tuple[tuple[str, ...], Account]]


def _sides(by: By, timeline: CaseTimeline, asked: Asked, account: Account, chosen: Chosen) -> Sides:
    together = ask(timeline, *asked, account)
    unheard = ask(timeline, *asked, NOBODY)
    spoken, silent = [], []
    for name, (names, alone) in chosen.items():
        answer = ask(timeline, *asked, alone)
        if _speaks(timeline.hear(alone), answer, unheard):
            spoken.append(Side(name=name, names=names, answer=answer))
        else:
            silent.append(name)
    pairs = [(a, b) for a, b in combinations(spoken, 2) if not agree(a.answer, b.answer)]
    apart = [(a.name, b.name) for a, b in pairs if exclude(a.answer, b.answer)]
    return Sides(
        by=by,
        together=together,
        sides=tuple(spoken),
        same=_groups(spoken),
        differ=tuple(pair for a, b in pairs if (pair := (a.name, b.name)) not in apart),
        exclude=tuple(apart),
        silent=tuple(silent),
    )


def _speaks(hearing: Hearing, answer: Answer, unheard: Answer) -> bool:
    """Whether an answer rests on the side's own events, asks about them, or is another than nobody's."""
    if not agree(answer, unheard):
        return True
    own = {event.id for event in hearing.counted}
    return not own.isdisjoint({*answer.rests_on.both, *answer.undated, *answer.set_aside, *_named(answer)})


def _named(answer: Answer) -> Iterable[str]:
    """Give the ids a question about times speaks of; what a window is counted from is not what is asked."""
    places = [each.name for each in view_named(answer.view).parameters if each.kind == "positional"]
    texts = [str(answer.parameters.get(name, "")) for name in places]
    for text in texts:
        if read_count_statement(text) is None:
            yield from (found.rstrip(".") for found in _ID.findall(text))


def _groups(sides: Iterable[Side]) -> tuple[tuple[str, ...], ...]:
    groups: list[list[Side]] = []
    for one in sides:
        group = next((each for each in groups if agree(each[0].answer, one.answer)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    return tuple(tuple(one.name for one in group) for group in groups if len(group) > 1)


def _side_json(by: By, side: Side, as_of: AsOf) -> dict[str, Any]:
    answer = answer_json(side.answer, as_of=as_of)
    named = {by: side.name} | ({"names": list(side.names)} if by == "speaker" else {})
    return named | {name: value for name, value in answer.items() if name not in _SHARED}


def _shown(names: Iterable[str]) -> list[str]:
    return [name or "nobody named" for name in names]


def _folded(one: tuple[str, object]) -> tuple[bool, str]:
    return (not one[0], one[0].casefold())
