"""What a question counts over: happenings, claims of numbers, scopes, windows. Holds and compares; counts nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, final

import msgspec

from events.when import Bound
from timeline.network import Network

ONCE: Final = Bound(1, 1)
NONE: Final = Bound(0, 0)
ANYTHING: Final = ""
"""A field of a scope that is any (in a question or claim), or not known (in an event)."""
Teller = tuple[str, str, str]


class Moment(NamedTuple):
    """An instant `shift` microseconds after the instant of a node of the network; the node "" is the origin."""

    node: str
    shift: int = 0


def gap(network: Network, a: Moment, b: Moment) -> Bound:
    """Give the bound of b - a in microseconds, closed; the tightest that the network knows."""
    by = b.shift - a.shift
    if a.node == b.node:
        return Bound(by, by)
    bound = network.between(a.node, b.node)
    return Bound(None if bound.lo is None else bound.lo + by, None if bound.hi is None else bound.hi + by)


@final
@dataclass(frozen=True, slots=True)
class Scope:
    """Which happenings are meant: type, substance, who gave it; names as `fold_name` gives them (SEMANTICS 6).

    >>> Scope("injection", "ketamine").within(Scope("", "ketamine"))
    True
    """

    type: str = ANYTHING
    substance: str = ANYTHING
    given_by: str = ANYTHING

    def within(self, question: Scope) -> bool:
        """Whether all of this scope is certainly in `question`."""
        return (
            (not question.type or self.type == question.type)
            and (not question.substance or self.substance == question.substance)
            and (not question.given_by or self.given_by == question.given_by)
        )

    @property
    def fields(self) -> tuple[str, str, str]:
        """The three fields in their order."""
        return (self.type, self.substance, self.given_by)


WHOLE: Final = Scope()
"""Every administration."""


@final
class Happening(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one event tells of: `count` administrations, the instants `first` to `last` (one node for a single).

    `scope` holds what is known: an unknown type, substance or giver is empty. `teller` is (speaker, via, document) as
    names are compared; None for the instant of a claim, which the rule of one telling never separates. `ends` are the
    ends of the parts of its time, the same for two events that share one period. `dated` is false where its time is
    missing or set aside; where it is `soft`, no more than an order may be known of it.
    `tellings` are the ids that tell of it, more than its own where claims say that several are one; `by` those claims,
    and `torn` the tellings that contradict one another nevertheless.
    """

    id: str
    scope: Scope
    route: str = ""
    teller: Teller | None = ("", "", "")
    count: Bound = ONCE
    first: str
    last: str
    ends: tuple[Moment, ...] = ()
    dated: bool = True
    soft: bool = False
    tellings: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    torn: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """Whether it is exactly one happening."""
        return self.count == ONCE

    @property
    def exact(self) -> bool:
        """Whether it says exactly how many."""
        return self.count.exact


@final
@dataclass(frozen=True, slots=True)
class Declared:
    """What claims say of identity: unordered pairs, of event ids or of folded names, that are certainly distinct.

    `by` names the claims that say so; a pair that the case's frame declares has none.
    """

    distinct: frozenset[frozenset[str]] = frozenset()
    by: Mapping[frozenset[str], tuple[str, ...]] = field(default_factory=dict, compare=False)

    def apart(self, a: str, b: str) -> bool:
        """Whether the two ids or names are declared distinct."""
        return bool(self.distinct) and frozenset((a, b)) in self.distinct


NOTHING_DECLARED: Final = Declared()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A claim of how many there were of a scope in the period (start, end]; both ends of `count` act."""

    id: str
    scope: Scope
    count: Bound
    start: Moment
    end: Moment


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A claim that the record is complete for a scope over (start, end]; `holds` is what it has, in all accounts."""

    id: str
    scope: Scope
    start: Moment
    end: Moment
    holds: tuple[Happening, ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """A claim that the last happening of a scope at or before the instant `before` was at the instant `node`.

    It tells of that one, and says that none was in (node, before].
    """

    id: str
    scope: Scope
    node: str
    before: str

    @property
    def single(self) -> Happening:
        """The one at its instant; one telling never separates it from anything."""
        return Happening(id=self.id, scope=self.scope, teller=None, first=self.node, last=self.node)

    @property
    def none(self) -> Total:
        """That there was none from then on."""
        return Total(id=self.id, scope=self.scope, count=NONE, start=Moment(self.node), end=Moment(self.before))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a question counts over: the happenings an account tells of, its claims, and the network that dates them."""

    network: Network
    happenings: tuple[Happening, ...]
    totals: tuple[Total, ...] = ()
    closed: tuple[Closed, ...] = ()
    lasts: tuple[Last, ...] = ()
    declared: Declared = NOTHING_DECLARED
    known: dict[str, tuple[Network, Mapping[str, Bound]]] = field(default_factory=dict, compare=False, repr=False)
    shared: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What one question has found out and the next may use, also of a part of these happenings."""

    @property
    def told(self) -> tuple[Happening, ...]:
        """Every happening that anything tells of: the events, and the one at the instant of each claim of a last."""
        return (*self.happenings, *(one.single for one in self.lasts)) if self.lasts else self.happenings

    @property
    def limits(self) -> tuple[Total, ...]:
        """Every claim of how many there were: the totals, and that none was after a claimed last."""
        return (*self.totals, *(one.none for one in self.lasts)) if self.lasts else self.totals

    def reach(self, node: str) -> Mapping[str, Bound]:
        """Give the bounds of every instant measured from a node; asked of the network once for each node."""
        found = self.known.get(node)
        if found is None or found[0] is not self.network:
            found = self.known[node] = (self.network, self.network.reach(node))
        return found[1]


class Window(NamedTuple):
    """The instants after `start` and up to `end`; a closed window [a, b] starts one microsecond before a."""

    start: Moment
    end: Moment


def can_meet(scope: Scope, question: Scope, declared: Declared) -> bool:
    """Whether happenings of a scope may be what is asked for (SEMANTICS 6): persons differ only where declared."""
    if scope.type and question.type and scope.type != question.type:
        return False
    if scope.substance and question.substance and scope.substance != question.substance:
        return False
    return not declared.distinct or not declared.apart(scope.given_by, question.given_by)
