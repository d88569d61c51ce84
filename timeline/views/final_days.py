"""The time up to an event, put together: the last of each type, doses within, last seen alive, what came after.

JSON: `{"view": "final-days", "anchor": {"id", "at"}, "window": {"from", "to", "ruler"}, "last": [row],
"doses": {"counted", "administrations", "amounts", "text", "rests_on"}, "last_seen_alive": [row], "within": [row],
"after": [row], "words_of": [row]}`; every key of the rows is described in docs/views-treatment.md. `last` are the
answers of `days-since-last`, `doses` that of `dose-total` with the same window; `within` and `after` say of each event
whether it is certainly there or possibly (findings and what courts did are within only where they certainly are).
`words_of` is who says what of it all. Each row has its `line` in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

from events.errors import Fault
from events.event import RecordedEvent, event_types, find_type
from events.when import ANY, Bound, Ref
from timeline.answers import Answer, Rests, Truth, elapsed_json, instants_json
from timeline.asking import words
from timeline.asking.lines import row, tail, when_words, who
from timeline.asking.questions import End, Window, read_window
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline, family, said
from timeline.hearings.account import Account
from timeline.hearings.hearing import Hearing
from timeline.views import Parameter, view
from timeline.views.days_since import days_since_last
from timeline.views.dose_total import dose_total

DAYS: Final = "4 days before death"
FRAME: Final = frozenset({"case", "claims", "amendments", "log"})
CLAIMS: Final = frozenset({"claim.last", "claim.total"})
"""Claims that tell of a happening of the type that they are `of`."""
SEEN: Final = "last_seen_alive"
FINDINGS: Final = frozenset(
    {"found", "death", "pronounced", "specimen", "toxicology", "finding", "autopsy", "report_released"}
)
"""What is told of after a death: these types and no others are in `after`."""
JUSTICE: Final = "justice"
TOLD: Final = ("substance", "count", "amount", "effect", "aspect", "text", "analyte", "concentration", "site")
SHOWN: Final = 4
Row = dict[str, Any]


@view(
    "final-days",
    asks="the time up to an event: the last of each type, doses within, last seen alive, findings after",
    parameters=(
        Parameter(name="window", shown="WINDOW", help="up to which event; else '4 days before death', the only one"),
        Parameter(name="substance", shown="S", help="only doses of this substance"),
        Parameter(name="type", shown="T", help="only doses of this type; `prescription` counts what was ordered"),
        Parameter(name="default-amount", shown="AMOUNT", help="what an unknown amount is taken to be: '25 to 50 mg'"),
    ),
)
def final_days(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:
    """Put together what an account tells of the time up to an event, and of what was found after it."""
    asked = _Asked.of(timeline, params, account)
    hearing = asked.hearing
    values = _values(asked)
    ids = tuple(dict.fromkeys((asked.anchor.id, *asked.rests.both)))
    text = _text(asked, values)
    return Answer(
        values=values,
        in_fact=_in_fact(asked, values),
        text=text,
        sentence=sentence(hearing, _said(asked, text), ids, undated=asked.undated),
        tight=all(answer.tight for answer in (asked.doses, *asked.lasts.values())),
        rests_on=asked.rests,
        set_aside=hearing.set_aside,
        undated=asked.undated,
        assumes=tuple(dict.fromkeys((*asked.doses.assumes, *_assumed(asked), *hearing.notes_on(ids)))),
    )


@final
@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One question: the window with its anchor, and the answers it puts together."""

    timeline: CaseTimeline
    account: Account
    window: Window
    anchor: Ref
    substance: str
    doses: Answer

    @classmethod
    def of(cls, timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> _Asked:
        text = str(params.get("window") or DAYS)
        window = read_window(timeline, text)
        if window.anchor is None or not window.before:
            raise Fault(f"{window.text!r} leads up to no event", "write --window '4 days before @death'")
        substance = str(params.get("substance") or "")
        given = {name: params[name] for name in ("substance", "type", "default-amount") if params.get(name)}
        doses = dose_total(timeline, {"window": text, **given}, account)
        return cls(
            timeline=timeline, account=account, window=window, anchor=window.anchor, substance=substance, doses=doses
        )

    @cached_property
    def hearing(self) -> Hearing:
        return self.timeline.hear(self.account, named=(self.anchor.id,))

    @property
    def zone(self) -> str:
        return self.hearing.zone(self.anchor.id)

    @cached_property
    def told(self) -> tuple[RecordedEvent, ...]:
        """The counted events that happened, but for the anchor."""
        happen = {name for name, one in self._types.items() if family(one) not in FRAME}
        return tuple([one for one in self.hearing.counted if one.type in happen and one.id != self.anchor.id])

    @cached_property
    def _types(self) -> Mapping[str, RecordedEvent]:
        """An event of each type that counts."""
        return {one.type: one for one in self.hearing.counted}

    def in_order(self, events: Iterable[RecordedEvent]) -> tuple[RecordedEvent, ...]:
        """Give events in the order of chronologies of one instant."""
        return tuple(sorted(events, key=self._order))

    def _order(self, event: RecordedEvent) -> tuple[Any, ...]:
        nodes = self.hearing.nodes(event.id)
        lo, hi = self._own.get(nodes.start, ANY).lo, self._own.get(nodes.end, ANY).hi
        return lo is not None, lo or 0, hi is None, hi or 0, event.id

    @cached_property
    def _own(self) -> Mapping[str, Bound]:
        return self.hearing.network.bounds()

    @cached_property
    def lasts(self) -> Mapping[str, Answer]:
        """The last of each type, told or claimed, that may lie before the anchor, in the order of the types' table."""
        ranks = {name: each.rank for name, each in event_types().items()}
        claims = self.hearing.counted if CLAIMS & self._types.keys() else ()
        claimed = {str(said(one, "of")) for one in claims if one.type in CLAIMS}
        each = {one.type: one for one in self.told}
        there = {name for name, one in each.items() if not _afterwards(one)}
        there.update(one for one in claimed if find_type(one))
        types = sorted(there, key=lambda name: ranks.get(name, (2, 0, name)))
        answers = {name: days_since_last(self.timeline, self._last(name), self.account) for name in types}
        return {name: answer for name, answer in answers.items() if answer.values["exists"] != "impossible"}

    def _last(self, name: str) -> Mapping[str, Any]:
        kind = find_type(name)
        of = self.substance and kind is not None and (kind.administration or name == "prescription")
        return {"type": name, "at": str(self.anchor), **({"substance": self.substance} if of else {})}

    def within(self, event: RecordedEvent) -> Truth:
        """Whether an event lies in the window as a whole, or may."""
        nodes, (start, end) = self.hearing.nodes(event.id), self.ends
        after, before = self._since(start, nodes.start), self._since(end, nodes.end)
        if after.lo is not None and after.lo >= 0 and before.hi is not None and before.hi <= 0:
            return Truth.CERTAIN
        late, early = self._since(start, nodes.end), self._since(end, nodes.start)
        outside = (late.hi is not None and late.hi < 0) or (early.lo is not None and early.lo > 0)
        return Truth.IMPOSSIBLE if outside else Truth.POSSIBLE

    @cached_property
    def ends(self) -> tuple[End, End]:
        """The window's two ends."""
        return self.window.ends(self.hearing)

    @cached_property
    def _later(self) -> Sequence[RecordedEvent]:
        """Those that dates alone do not put before the window, as they do most: no path is looked for."""
        first, own, nodes = self._opens, self._own, self.hearing.nodes
        if first is None:
            return self.told
        placed = ((one, nodes(one.id)) for one in self.told)
        lasts = ((one, own.get(of.end, ANY).hi if of.single else None) for one, of in placed)
        return [one for one, last in lasts if last is None or last >= first]

    @cached_property
    def _opens(self) -> int | None:
        """The first instant that may be the window's start."""
        start, _ = self.ends
        at = self.hearing.bound(start.node).lo
        return None if at is None or start.offset.lo is None else at + start.offset.lo

    def _since(self, end: End, node: str) -> Bound:
        """Bounds of the time from an end of the window to a node."""
        bound = Bound(0, 0) if end.node == node else self.hearing.network.between(end.node, node)
        lo = None if bound.lo is None or end.offset.hi is None else bound.lo - end.offset.hi
        return Bound(lo, None if bound.hi is None or end.offset.lo is None else bound.hi - end.offset.lo)

    def before(self, event: RecordedEvent) -> Bound:
        """How long before the anchor an event was."""
        return self.hearing.network.between(self.hearing.nodes(event.id).end, self.hearing.node(self.anchor))

    def after(self, event: RecordedEvent) -> Bound:
        """How long after the anchor an event was."""
        return self.hearing.network.between(self.hearing.node(self.anchor), self.hearing.nodes(event.id).start)

    @cached_property
    def inside(self) -> tuple[tuple[RecordedEvent, Truth], ...]:
        """The events that lie in the window, or may."""
        found = {one.id: truth for one in self._later if (truth := self.within(one)) is not Truth.IMPOSSIBLE}
        wanted = ((one, found[one.id]) for one in self.in_order(one for one in self._later if one.id in found))
        return tuple((one, truth) for one, truth in wanted if truth is Truth.CERTAIN or not _afterwards(one))

    @cached_property
    def later(self) -> tuple[RecordedEvent, ...]:
        """The findings that may have come after the anchor."""
        of = (one for one in self.told if one.type in FINDINGS)
        return self.in_order(one for one in of if (end := self.after(one).hi) is None or end >= 0)

    @cached_property
    def seen(self) -> tuple[RecordedEvent, ...]:
        """When somebody saw the person alive."""
        return self.in_order(one for one in self.told if one.type == SEEN)

    @cached_property
    def rests(self) -> Rests:
        parts = (self.doses.rests_on, *(answer.rests_on for answer in self.lasts.values()))
        seen = tuple(one.id for one in self.seen)
        later = tuple(one.id for one in self.later)
        least, most = ([one for part in parts for one in getattr(part, end)] for end in ("min", "max"))
        return Rests(min=_once(*least, *seen, *later), max=_once(*most, *seen, *later))

    @property
    def undated(self) -> tuple[str, ...]:
        return tuple(sorted({each for one in (self.doses, *self.lasts.values()) for each in one.undated}))


def _afterwards(event: RecordedEvent) -> bool:
    """Whether an event is of a kind that comes after: a finding, or what police and courts do."""
    return event.type in FINDINGS or family(event) == JUSTICE


def _once(*ids: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


# --- JSON ------------------------------------------------------------------------------------------------------------


def _values(asked: _Asked) -> dict[str, Any]:
    hearing = asked.hearing
    start, end = asked.window.bounds(hearing)
    doses = asked.doses
    return {
        "anchor": {"id": asked.anchor.id, "at": instants_json(hearing.bound(hearing.node(asked.anchor)))},
        "window": {"from": instants_json(start), "to": instants_json(end), "ruler": asked.window.ruler},
        "last": [_last(name, answer) for name, answer in asked.lasts.items()],
        "doses": {
            "counted": doses.values["counted"],
            "administrations": doses.values["administrations"],
            "amounts": doses.values["amounts"],
            "text": doses.text,
            "rests_on": _rests(doses),
        },
        "last_seen_alive": [_seen(asked, event) for event in asked.seen],
        "within": [_inside(asked, event, truth) for event, truth in asked.inside],
        "after": [_later(asked, event) for event in asked.later],
        "words_of": _words_of(asked),
    }


def _rests(answer: Answer) -> dict[str, list[str]]:
    return {"min": list(answer.rests_on.min), "max": list(answer.rests_on.max)}


def _last(name: str, answer: Answer) -> Row:
    line = f"{'' if name == SEEN else 'the last '}{_named(name)}: {answer.text}"
    return {"type": name, **answer.values, "text": answer.text, "rests_on": _rests(answer), "line": line}


def _seen(asked: _Asked, event: RecordedEvent) -> Row:
    made, before = row(asked.hearing, event), asked.before(event)
    told = f"last seen alive, {_before_words(before)} @{asked.anchor.id}"
    return {**made, "before": elapsed_json(before), "line": _line(asked, event, made, told)}


def _inside(asked: _Asked, event: RecordedEvent, truth: Truth) -> Row:
    made = row(asked.hearing, event)
    line = _line(asked, event, made, f"{what(event)}; {'certainly' if truth is Truth.CERTAIN else 'possibly'} within")
    return {**made, "type": event.type, "truth": str(truth), "before": elapsed_json(asked.before(event)), "line": line}


def _later(asked: _Asked, event: RecordedEvent) -> Row:
    made, after = row(asked.hearing, event), asked.after(event)
    sure = after.lo is not None and after.lo >= 0
    told = f"{what(event)}; {_after_words(after)} @{asked.anchor.id}"
    truth = Truth.CERTAIN if sure else Truth.POSSIBLE
    line = _line(asked, event, made, told)
    return {**made, "type": event.type, "truth": str(truth), "after": elapsed_json(after), "line": line}


def _before_words(before: Bound) -> str:
    """Say how long before, or after, where it certainly was after."""
    if before.hi is not None and before.hi < 0:
        return f"{words.elapsed(before.negate())} after"
    return f"{words.elapsed(before)} before"


def _after_words(after: Bound) -> str:
    if after.lo is not None and after.lo >= 0:
        return f"{words.elapsed(after)} after"
    if after.hi is None:
        return "possibly after"
    return f"possibly after, {words.elapsed(Bound(0, after.hi))} from"


def _words_of(asked: _Asked) -> list[Row]:
    """Give who says what of all that is shown: most events first."""
    shown = {one.id: one for one in (*(each for each, _ in asked.inside), *asked.later)}
    known = asked.timeline.by_id
    shown |= {one: known[one] for one in (asked.anchor.id, *asked.rests.both) if one in known}
    by: dict[tuple[str, str, str], list[str]] = {}
    for one in sorted(shown.values(), key=lambda event: event.id):
        by.setdefault((one.source.speaker, one.source.via, one.source.standing), []).append(one.id)
    return [
        {"speaker": speaker, "via": via, "standing": standing, "events": ids,
         "line": f"{who(known[ids[0]].source)}: {words.listed([f'@{one}' for one in ids])}"}
        for (speaker, via, standing), ids in sorted(by.items(), key=lambda each: (-len(each[1]), each[0]))
    ]  # fmt: skip


def _in_fact(asked: _Asked, values: Mapping[str, Any]) -> dict[str, Any]:
    """Repeat every value: what nobody recorded may have been later, or more."""
    doses = {**values["doses"], **asked.doses.in_fact}
    lasts = [
        {**made, **answer.in_fact} for made, answer in zip(values["last"], asked.lasts.values(), strict=True)
    ]
    return {**values, "last": lasts, "doses": doses}


# --- words -----------------------------------------------------------------------------------------------------------


def what(event: RecordedEvent) -> str:
    """Say what an event tells of in a few words: its type and the data that matter."""
    told = (str(said(event, name)) for name in TOLD if str(said(event, name)))
    return ", ".join((_named(event.type), *(each.rstrip(".") for each in told)))


def _named(name: str) -> str:
    return name.replace("_", " ")


def _line(asked: _Asked, event: RecordedEvent, made: Mapping[str, Any], told: str) -> str:
    return f"{when_words(asked.hearing, event)}: {told} ({tail(asked.hearing, event, made)}) @{event.id}"


def _text(asked: _Asked, values: Mapping[str, Any]) -> str:
    """Say the doses, the last of each kind of dose, the last sign of life and how many findings came after."""
    lasts = [f"last {_named(name)} {answer.text}" for name, answer in asked.lasts.items() if _dose(name)]
    seen = [asked.before(event) for event in asked.seen]
    alive = [f"last seen alive {_before_words(_latest(seen))}"] if seen else []
    after = [f"{words.plural(len(values['after']), 'finding')} after"] if values["after"] else []
    return "; ".join((f"doses {asked.doses.text}", *lasts[:SHOWN], *alive, *after))


def _dose(name: str) -> bool:
    kind = find_type(name)
    return kind is not None and (kind.administration or name == "prescription")


def _latest(befores: Sequence[Bound]) -> Bound:
    """Give how long before the anchor the last of several instants was."""
    lows, highs = [one.lo for one in befores], [one.hi for one in befores if one.hi is not None]
    return Bound(None if None in lows else min(low for low in lows if low is not None), min(highs, default=None))


def _said(asked: _Asked, text: str) -> str:
    at = words.instants(asked.hearing.bound(asked.hearing.node(asked.anchor)), asked.zone)
    return f"{asked.window.text!r} ({asked.window.ruler}; @{asked.anchor.id}: {at}, {asked.zone}): {text}"


def _assumed(asked: _Asked) -> tuple[str, ...]:
    return tuple(each for answer in asked.lasts.values() for each in answer.assumes)
