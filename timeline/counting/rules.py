"""What claims of numbers decide and refute among the statements kept so far (SEMANTICS 7, 8). Sets nothing aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, final

from events.event import RecordedEvent
from events.when import Bound
from timeline.counting.boundaries import MOST
from timeline.counting.decided import decide, settled
from timeline.counting.happenings import Closed, Happening, Record, Scope, Total, Window
from timeline.counting.limits import Limits
from timeline.counting.told import Heard, kind_of
from timeline.fold import Folded, said
from timeline.hearings.constrain import Statement
from timeline.network import Network

NUMBERS: Final = frozenset({"claim.total", "claim.last", "claim.complete"})
"""The claims that speak of all there were of a type."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The claims of numbers and of identity of one account, applied to the statements that a network has."""

    timeline: Folded
    counted: Sequence[RecordedEvent]
    statements: Mapping[str, Statement]
    kinds: tuple[str, ...]

    @classmethod
    def of(
        cls, timeline: Folded, counted: Sequence[RecordedEvent], statements: Mapping[str, Statement]
    ) -> Rules | None:
        """Give the rules of an account; None where no claim needs any."""
        kinds = {kind_of(str(said(event, "of"))) for event in counted if event.type in NUMBERS}
        if any(event.type == "claim.same" for event in counted):
            kinds.add("")
        if not kinds:
            return None
        return cls(timeline=timeline, counted=counted, statements=statements, kinds=tuple(sorted(kinds)))

    def __call__(self, network: Network) -> tuple[str, ...]:
        """Add to a network what its claims decide; give () or the statements of a contradiction, not yet shrunk."""
        there = network.statements
        heard = Heard(
            timeline=self.timeline,
            counted=[event for event in self.counted if event.id in there],
            statements=self.statements,
            network=network,
            acts=lambda one: one in there,
        )
        records = [heard.record(kind) for kind in self.kinds]
        decided: list[Mapping[str, Bound]] = []
        for record in records:
            against = decide(network, record) or torn(record)
            if against:
                return against
            decided.append(network.bounds())
        left = (record for record, then in zip(records, decided, strict=True) if not _plain(record, then))
        return next((against for record in left if (against := refuted(record))), ())


def _plain(record: Record, decided: Mapping[str, Bound]) -> bool:
    """Whether no count can be refuted: all that bounds one says that there was none, and that decides no more.

    For then nothing lies in such a stretch any longer: each thing was moved out of it, or contradicted. It decides no
    more if the network has the very bounds that it had when all was `decided`.
    """
    counts = [one.count for one in record.limits]
    none_only = not record.closed and all(one.hi == 0 or (one.hi is None and not one.lo) for one in counts)
    return none_only and (record.network.bounds() is decided or settled(record.network, record))


def torn(record: Record) -> tuple[str, ...]:
    """Give the tellings that claims say are of one happening, and that contradict one another, with those claims."""
    for one in record.happenings:
        if one.torn:
            return tuple(sorted({*one.torn, *one.by}))
    return ()


def refuted(record: Record) -> tuple[str, ...]:
    """Give statements that cannot all be true as counts, with those of time that place them; none where none show."""
    for scope, claim in _questions(record):
        limits = Limits(record, Window(claim.start, claim.end), scope)
        against = limits.against() if limits.composing else ()
        if against:
            return tuple(sorted({*against, *_apart(record, limits, against)}))
    return ()


def _questions(record: Record) -> Iterator[tuple[Scope, Total | Closed]]:
    """Give each scope that a claim bounds from above, with one such claim."""
    upper: list[Total | Closed] = [*(one for one in record.limits if one.count.hi is not None), *record.closed]
    found: dict[Scope, Total | Closed] = {}
    for one in sorted(upper, key=lambda one: one.id):
        found.setdefault(one.scope, one)
    yield from sorted(found.items(), key=lambda item: item[0].fields)


def _apart(record: Record, limits: Limits, ids: Sequence[str]) -> Iterator[str]:
    """Give what says that the happenings among these are distinct: claims, and times that never meet."""
    told = [one for one in limits.placing.happenings if one.id in ids]
    for one in told:
        yield from (*one.tellings, *one.by)
    if len(told) <= MOST:
        for a, b in combinations(told, 2):
            yield from _between(record, a, b)
    named = {one.scope.given_by for one in told} | {one.scope.given_by for one in limits.totals if one.id in ids}
    for pair in combinations(sorted(named), 2):
        yield from record.declared.by.get(frozenset(pair), ())


def _between(record: Record, a: Happening, b: Happening) -> Iterator[str]:
    for pair in ((one, other) for one in (a.id, *a.tellings) for other in (b.id, *b.tellings)):
        yield from record.declared.by.get(frozenset(pair), ())
    if a.teller is None or a.teller != b.teller:
        for early, late in ((a.last, b.first), (b.last, a.first)):
            least = record.network.between(early, late).lo
            if least is not None and least > 0:
                yield from record.network.difference(early, late).lo_rests
