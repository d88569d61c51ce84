"""Silent periods: where nothing that is told of can lie, and the largest there must have been. Explains no silence.

JSON: `{"view": "gaps", "gaps": [{"truth": "certain" | "possible", "after": [ids], "before": [ids], "from": {"min",
"max"}, "to": {"min", "max"}, "elapsed": {"min_us", "max_us"}, "whole_days": {"min", "max"}, "text"}], "left_off": n,
"largest": {"min_us", "max_us"} | null}`. A gap runs from the end of the last of `after` to the start of the first of
`before`; `from` and `to` bound its two instants. Certain: in every world the account allows it is there, silent and
longer than asked; possible: in some it may be (`before` is empty where too many may end it; an event of several is both
`after` and `before` of a gap inside it). `left_off` counts the shorter possible gaps beyond the first 100. `largest` is
null with fewer than two dated events. Claims of a last count by their instant, other claims, amendments and case.* not
at all. In fact an unrecorded event may lie in any gap that no claim closes: `largest` then has no upper end.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, final

from msgspec.structs import replace as rewritten

from events.errors import Fault
from events.event import RecordedEvent
from events.when import Bound
from events.when_text import read_duration
from timeline.answers import Answer, Rests, bound_json, elapsed_json, instants_json, whole_days
from timeline.asking import words
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline, family
from timeline.counting.happened import Happened, asked_type, happened
from timeline.counting.happenings import ANYTHING, Last, Moment, Scope, can_meet, gap
from timeline.counting.last import decided
from timeline.hearings.account import Account
from timeline.hearings.constrain import count_of, nodes_of
from timeline.hearings.hearing import Hearing
from timeline.network import Network
from timeline.silence.gaps import Silence, Silences, silences
from timeline.silence.instants import Piece
from timeline.views import Parameter, view

SHOWN: Final = 100
_POINTS: Final = (".first", ".last")
_TWICE: Final = Bound(2, 2)
_NO_HAPPENING: Final = frozenset({"claims", "amendments", "case", "log"})


@view(
    "gaps",
    asks="silent periods, certain and possible, and the largest gap there must have been",
    parameters=(
        Parameter(name="longer-than", shown="DURATION", help="only gaps longer than this, such as '30 days'"),
        Parameter(name="type", shown="TYPE", repeatable=True, help="only between events of this type"),
    ),
)
def gaps(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Give the silent periods between the dated events that count, and bounds of the longest."""
    floor = _floor(str(params.get("longer-than", "")))
    kinds = tuple(dict.fromkeys(asked_type(str(one)) for one in params.get("type", ())))
    hearing = timeline.hear(account)
    told, found = _silences(hearing, kinds, floor)
    listed, left_off = found.silences, found.left_off
    closed = frozenset(at for at, one in enumerate(listed) if _closed(told, one)) if told.closing else frozenset()
    largest = len(told.pieces) > 1
    rows = [_row(told, one, floor) for one in listed]
    in_fact = [row if at in closed else _in_fact(row, listed[at].length) for at, row in enumerate(rows)]
    undated = tuple(one for one in hearing.undated if one in told.ids)
    rests = Rests(min=_rests(told, found.least), max=_rests(told, found.most))
    text = _text(listed, found, floor) if largest else "fewer than two dated events: no gap to speak of"
    return Answer(
        values={
            "gaps": rows,
            "left_off": left_off,
            "largest": elapsed_json(found.largest) if largest else None,
        },
        in_fact={
            "gaps": in_fact,
            "left_off": left_off,
            "largest": elapsed_json(_largest_in_fact(listed, closed)),
        },
        text=text,
        sentence=sentence(hearing, _said(hearing, kinds, listed, text, floor), rests.both, undated=undated),
        tight=found.tight and not undated and told.plain and hearing.tight(*(one.start for one in told.pieces)),
        rests_on=rests,
        set_aside=hearing.set_aside,
        undated=undated,
        assumes=(
            *(("an undated event may lie in any gap",) if undated else ()),
            *hearing.notes_on((*rests.both, *(one.id for one in told.pieces))),
        ),
    )


@final
@dataclass(frozen=True, kw_only=True)
class _Told:
    """What the question is about: the pieces, the network of their times, what closes the record.

    `tied` numbers what statements tie together, `ids` are events asked about (all that are undated, at least),
    `closing` the stretches in which nothing unrecorded can lie; `plain` is false where claims narrow the worlds in
    ways the network does not know.
    """

    network: Network
    pieces: tuple[Piece, ...]
    ids: frozenset[str]
    tied: Mapping[str, int] | None
    closing: tuple[tuple[Moment, Moment], ...] = ()
    plain: bool = True

    @cached_property
    def halved(self) -> bool:
        """Whether some of the pieces are one instant of an event of two."""
        return any(one.id.endswith(_POINTS) for one in self.pieces)

    @cached_property
    def known(self) -> Mapping[str, Piece]:
        """The pieces by their own ids."""
        return {one.id: one for one in self.pieces}


def _silences(hearing: Hearing, kinds: tuple[str, ...], floor: int) -> tuple[_Told, Silences]:
    """Find the silences; what the last question of this kind found is kept, for who asks it again."""
    asked, kept = (kinds, floor), hearing.known.get("silences")
    if kept is None or kept[0] != asked:
        told = _told(hearing, kinds)
        found = silences(told.network, told.pieces, tied=told.tied, longer_than=floor, possible=SHOWN)
        kept = hearing.known["silences"] = asked, told, found
    return kept[1], kept[2]


def _told(hearing: Hearing, kinds: Sequence[str]) -> _Told:
    families = {kind: family(event) for kind, event in {event.type: event for event in hearing.counted}.items()}
    claims = {kind for kind, name in families.items() if name == "claims"}
    plain = claims.isdisjoint({"claim.total", "claim.last"})
    if not kinds:
        happening = {kind for kind, name in families.items() if name not in _NO_HAPPENING}
        lasts = happened(hearing).record.lasts if "claim.last" in claims else ()
        pieces = (*_all_pieces(hearing, happening), *_claimed(lasts, Scope()))
        known = hearing.timeline.by_id
        ids = frozenset([one for one in hearing.undated if known[one].type in happening])
        return _Told(network=hearing.network, pieces=pieces, ids=ids, tied=_tied(hearing), plain=plain)
    each = [(Scope(kind), happened(hearing, kind)) for kind in kinds]
    network = hearing.network
    for _, one in each:
        network = decided(replace(one.record, network=network))
    found = {piece.id: piece for scope, one in each for piece in _of_type(hearing, scope, one)}
    return _Told(
        network=network,
        pieces=tuple(found.values()),
        ids=frozenset(each for _, one in each for told in one.record.happenings for each in (told.id, *told.tellings)),
        tied=_tied(hearing) if network is hearing.network else None,
        closing=tuple(_closing(*each[0], frozenset(found))) if len(each) == 1 else (),
        plain=plain,
    )


def _of_type(hearing: Hearing, scope: Scope, told: Happened) -> Iterable[Piece]:
    known, undated = hearing.timeline.by_id, frozenset(hearing.undated)
    for one in told.record.happenings:
        if can_meet(one.scope, scope, told.record.declared):
            for each in one.tellings or (one.id,):
                for piece in _pieces(hearing, known[each], undated):
                    yield rewritten(piece, sure=piece.sure and one.scope.within(scope))
    yield from _claimed(told.record.lasts, scope)


def _all_pieces(hearing: Hearing, kinds: Container[str]) -> list[Piece]:
    """Give the pieces of every counted event of these types."""
    timeline, undated, found = hearing.timeline, frozenset(hearing.undated), list[Piece]()
    for event in hearing.counted:
        if event.type in kinds:
            start, first, last, end = nodes_of(timeline, event.id)
            if first != last:
                found += _pieces(hearing, event, undated)
            elif event.id not in undated:
                found.append(Piece(event.id, start, end))
    return found


def _pieces(hearing: Hearing, event: RecordedEvent, undated: frozenset[str]) -> tuple[Piece, ...]:
    """Give the pieces of an event: none where it is undated, two where there were exactly two instants."""
    nodes = nodes_of(hearing.timeline, event.id)
    if event.id in undated:
        return ()
    if not nodes.several:
        return (Piece(event.id, nodes.start, nodes.end),)
    count = count_of(event)
    if count.hi == 0:
        return ()
    sure = (count.lo or 0) >= 1
    if count == _TWICE and (nodes.start, nodes.end) == (nodes.first, nodes.last):
        return tuple(
            Piece(f"{event.id}.{point}", node, node) for point, node in zip(("first", "last"), nodes[1:3], strict=True)
        )
    return (Piece(event.id, nodes.start, nodes.end, sure, several=True),)


def _claimed(lasts: Iterable[Last], scope: Scope) -> Iterable[Piece]:
    """Give the instants that claims of a last are about; one of another type is none."""
    for one in lasts:
        if ANYTHING in (one.scope.type, scope.type) or one.scope.type == scope.type:
            yield Piece(one.id, one.node, one.node, sure=one.scope.within(scope))


def _tied(hearing: Hearing) -> Mapping[str, int]:
    """Number the groups of instants that statements tie together, other than through the axis."""
    nodes = hearing.network.nodes
    numbers = dict(zip(nodes, range(len(nodes)), strict=True))
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = node = parent[above]
        return node

    for one in hearing.statements.values():
        for a, b, _, _ in one.edges:
            if a and b and a in numbers and b in numbers:
                parent[root(a)] = root(b)
    numbers.update([(node, numbers[root(node)]) for node in [*parent]])
    return numbers


# --- in fact ---------------------------------------------------------------------------------------------------------


def _closing(scope: Scope, told: Happened, counted: frozenset[str]) -> Iterable[tuple[Moment, Moment]]:
    """Give the stretches in which nothing of the type can lie that nobody recorded, or that the account leaves out."""
    for total in told.record.limits:
        if total.count.hi == 0 and scope.within(total.scope):
            yield total.start, total.end
    for closed in told.record.closed:
        if scope.within(closed.scope) and all(one.id in counted for one in closed.holds):
            yield closed.start, closed.end


def _closed(told: _Told, one: Silence) -> bool:
    """Whether no unrecorded event can lie in a certain gap, whatever the world."""
    return one.certain and any(
        any(_before(told.network, start, Moment(told.known[each].end)) for each in one.after)
        and any(_before(told.network, Moment(told.known[each].start), end) for each in one.before)
        for start, end in told.closing
    )


def _before(network: Network, a: Moment, b: Moment) -> bool:
    least = gap(network, a, b).lo
    return least is not None and least >= 0


def _in_fact(row: dict[str, Any], length: Bound) -> dict[str, Any]:
    """Give a gap that nothing closes: somebody unrecorded may have broken it anywhere."""
    if row["truth"] == "possible" and not length.lo:
        return row
    return {
        **row,
        "truth": "possible",
        "elapsed": {"min_us": 0, "max_us": length.hi},
        "whole_days": {"min": 0, "max": row["whole_days"]["max"]},
        "text": f"possible, {words.elapsed(Bound(0, length.hi))}",
    }


def _largest_in_fact(listed: Sequence[Silence], closed: frozenset[int]) -> Bound:
    return Bound(max((listed[at].length.lo or 0 for at in closed), default=0), None)


# --- JSON and words --------------------------------------------------------------------------------------------------


def _floor(text: str) -> int:
    if not text:
        return 0
    read = read_duration(text)
    if read.exact is None or read.calendar:
        raise Fault(f"{text!r} is no length of a gap", "write days or hours, such as '30 days' (of 24 hours)")
    return read.exact


def _row(told: _Told, one: Silence, floor: int) -> dict[str, Any]:
    sure = one.certain and (one.length.lo or 0) > floor
    lasting = words.elapsed(one.length)
    return {
        "truth": "certain" if sure else "possible",
        "after": _events(one.after) if told.halved else list(one.after),
        "before": _events(one.before) if told.halved else list(one.before),
        "from": instants_json(one.start),
        "to": instants_json(one.end),
        "elapsed": elapsed_json(one.length),
        "whole_days": bound_json(whole_days(one.length)),
        "text": lasting if sure else f"possible, {lasting}",
    }


def _events(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name.removesuffix(".first").removesuffix(".last") for name in names))


def _rests(told: _Told, names: Sequence[str]) -> tuple[str, ...]:
    """Give the events an end of the largest gap comes from, with those their times rest on where it is one gap."""
    at = told.known
    if len(names) != 2 or names[0] == names[1]:
        return tuple(_events(names))
    found = told.network.difference(at[names[0]].end, at[names[1]].start)
    return tuple(_events((*names, *found.lo_rests, *found.hi_rests)))


def _text(listed: Sequence[Silence], found: Silences, floor: int) -> str:
    certain = sum(one.certain and (one.length.lo or 0) > floor for one in listed)
    longer = f" longer than {words.duration(floor)}" if floor else ""
    counted = f"{certain} certain and {len(found.silences) + found.left_off - certain} possible{longer}"
    largest = words.elapsed(found.largest)
    known = "no bound on the largest gap" if largest == words.OPEN else f"largest gap {largest} on record, any in fact"
    return f"{known}; {counted}"


def _said(hearing: Hearing, kinds: Sequence[str], listed: Sequence[Silence], text: str, floor: int) -> str:
    """Name the certain gaps with what they lie between and the time that is surely silent."""
    what = words.listed([kind.replace("_", " ") or "administration" for kind in kinds]) or "recorded event"
    zone = hearing.timeline.zone or "UTC"
    sure = [one for one in listed if one.certain and (one.length.lo or 0) > floor]
    shown = [
        f"between {_shown(one.after)} ({words.instants(one.start, zone)}) and {_shown(one.before)} "
        f"({words.instants(one.end, zone)}): {words.elapsed(one.length)}"
        for one in sorted(sure, key=lambda one: -(one.length.lo or 0))[:5]
    ]
    return "; ".join((f"silence between one {what} and the next (times in {zone}): {text}", *shown))


def _shown(names: Iterable[str]) -> str:
    each = [f"@{name}" for name in _events(names)]
    return words.listed(each, joined="or") if len(each) <= 5 else f"{len(each)} events"
