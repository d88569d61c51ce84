"""Questions about times: anchors that may be too late, dates before their cause, soft and missing dates. Moves none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from events.event import RecordedEvent
from events.when import ANY, Bound
from timeline.asking import words
from timeline.asking.lines import asserted, bound_of
from timeline.case import family, said
from timeline.charges.dates import Charges
from timeline.doubts.asks import Ask, named
from timeline.doubts.kinds import administered, of, such
from timeline.hearings.gaps import Gaps
from timeline.hearings.hearing import Hearing

AFTER_CHARGES: Final = ("plea", "verdict", "sentence", "hearing")
AFTER_DEATH: Final = ("autopsy", "finding", "found", "pronounced", "report_released")
AHEAD: Final = frozenset({"hearing", "deadline", "prescription"})
"""Types that are told of before they happen."""
_QUIET: Final = frozenset({"case", "claims", "amendments", "log"})


def later_by(hearing: Hearing, a: str, b: str) -> Bound:
    """Give how much later the start of b is than the end of a, as the network bounds it."""
    return hearing.network.between(hearing.nodes(a).end, hearing.nodes(b).start)


def certainly_before(hearing: Hearing, a: str, b: str) -> bool:
    """Whether a is over before b begins in every world."""
    least = later_by(hearing, a, b).lo
    return least is not None and least > 0


# --- anchors ---------------------------------------------------------------------------------------------------------


def anchors(hearing: Hearing) -> Iterator[Ask]:
    """Ask of a death that may be later than the finding of the body, and of a case that has none or several."""
    deaths = of(hearing, "death")
    marks = of(hearing, "found", "pronounced")
    for death, mark in product(deaths, marks):
        yield from _too_late(hearing, death, mark)
    for death, seen in product(deaths, of(hearing, "last_seen_alive")):
        yield from _still_seen(hearing, seen, death)
    found = of(hearing, "found")
    if not deaths and marks:
        yield from _no_death(hearing, marks, found)
    if len(deaths) > 1:
        ids = tuple(event.id for event in deaths)
        cure = f"casefold same {hearing.timeline.case} {' '.join(ids)}, if they tell of one"
        yield Ask(about="anchor", ids=ids, question=f"which of {named(ids)} are answers counted from?", cure=cure)


def _too_late(hearing: Hearing, death: RecordedEvent, mark: RecordedEvent) -> Iterator[Ask]:
    span = later_by(hearing, death.id, mark.id)
    if (span.lo is not None and span.lo >= 0) or (span.hi is not None and span.hi < 0):
        return
    by = f" by up to {words.duration(-span.lo)}" if span.lo is not None else ""
    what = "the body was found" if mark.type == "found" else "death was pronounced"
    written = f"{death.when}; by @{mark.id}" if death.when else f"by @{mark.id}"
    yield Ask(
        about="anchor",
        ids=(death.id, mark.id),
        question=f"may @{death.id} be later than @{mark.id}, when {what}{by}? Answers counted from it would be, too",
        cure=f'casefold correct {hearing.timeline.case} {death.id} --when "{written}" --reason …',
    )


def _still_seen(hearing: Hearing, seen: RecordedEvent, death: RecordedEvent) -> Iterator[Ask]:
    span = later_by(hearing, seen.id, death.id)
    if (span.lo is not None and span.lo >= 0) or (span.hi is not None and span.hi < 0):
        return
    yield Ask(
        about="anchor",
        ids=(death.id, seen.id),
        question=f"may @{death.id} be earlier than @{seen.id}, the last sign of life?",
        cure=f'casefold correct {hearing.timeline.case} {death.id} --when "{death.when}; after @{seen.id}" --reason …',
    )


def _no_death(hearing: Hearing, marks: Sequence[RecordedEvent], found: Sequence[RecordedEvent]) -> Iterator[Ask]:
    late = [one.id for one in marks for body in found if certainly_before(hearing, body.id, one.id)]
    ids = tuple(dict.fromkeys((*late, *(event.id for event in marks))))
    rest = f"; {named(late)} is later than the finding of the body" if late else ""
    yield Ask(
        about="anchor",
        ids=ids,
        question=f"no event is the death: is an answer counted from {named(ids)} meant?{rest}",
        cure=f"casefold add {hearing.timeline.case} death --when 'by @{(found or marks)[0].id}'",
    )


# --- misprints -------------------------------------------------------------------------------------------------------


def misprints(hearing: Hearing) -> Iterator[Ask]:
    """Ask of a date that lies before its cause in every world, or before anybody could have said so."""
    yield from _before_charges(hearing)
    deaths = of(hearing, "death")
    for event, death in product(of(hearing, *AFTER_DEATH), deaths):
        if certainly_before(hearing, event.id, death.id):
            yield _early(hearing, event, death.id)
    for seen, death in product(of(hearing, "last_seen_alive"), deaths):
        if certainly_before(hearing, death.id, seen.id):
            what = f"@{seen.id} ({seen.when}), the last sign of life, lies after @{death.id}: a misprint?"
            yield _ask(hearing, seen, (death.id,), what)
    for event in hearing.counted:
        if event.causes:
            yield from _before_causes(hearing, event)
        if event.source.asserted:
            yield from _said_before(hearing, event)
    if len(deaths) == 1:
        yield from _after_death(hearing, deaths[0].id)


def _before_causes(hearing: Hearing, event: RecordedEvent) -> Iterator[Ask]:
    for cause in (one.removeprefix("@") for one in event.causes):
        known = hearing.statements.get(cause)
        if known is not None and certainly_before(hearing, event.id, cause) and not _is_deadline(hearing, cause):
            yield _early(hearing, event, cause)


def _after_death(hearing: Hearing, death: str) -> Iterator[Ask]:
    """Ask of what was given, or ordered from a time on, after the death in every world: one question for all."""
    later = hearing.network.reach(hearing.nodes(death).end)
    for word, events in (("given", such(hearing, administered)), ("ordered from a time", of(hearing, "prescription"))):
        starts = ((event.id, later.get(hearing.nodes(event.id).start, ANY).lo) for event in events)
        late = tuple(sorted(one for one, least in starts if least is not None and least > 0))
        if late:
            question = f"{'was' if len(late) == 1 else 'were'} {named(late)} {word} after @{death}?"
            cure = f"see the source again; casefold correct {hearing.timeline.case} ID --when … --reason …"
            yield Ask(about="misprint", ids=(*late, death), question=question, cure=cure)


def _is_deadline(hearing: Hearing, event_id: str) -> bool:
    known = hearing.timeline.by_id.get(event_id)
    return known is not None and known.type == "deadline"


def _before_charges(hearing: Hearing) -> Iterator[Ask]:
    gaps, by_name = Gaps(hearing), dict[str, list[str]]()
    for one in of(hearing, "charge"):
        by_name.setdefault(_accused(hearing, one), []).append(one.id)
    charges = {name: Charges(hearing, gaps, ids) for name, ids in by_name.items()}
    every = Charges(hearing, gaps, [one.id for one in of(hearing, "charge")])
    for event in of(hearing, *AFTER_CHARGES):
        who = _accused(hearing, event)
        ours = charges.get(who) if who else every
        if ours and ours.ids and ours.all_after(event):
            yield _early(hearing, event, ours.ids[0])


def _accused(hearing: Hearing, event: RecordedEvent) -> str:
    return hearing.timeline.same_name(str(said(event, "defendant")))


def _said_before(hearing: Hearing, event: RecordedEvent) -> Iterator[Ask]:
    """Ask of what a source told before it happened."""
    if event.type in AHEAD or family(event) in _QUIET:
        return
    told, bound = asserted(hearing, event), bound_of(hearing, event)
    if told.hi is not None and bound.lo is not None and told.hi < bound.lo:
        said_on = event.source.asserted
        what = f"@{event.id} was asserted {said_on}, before it happened ({event.when}): a misprint of one?"
        yield _ask(hearing, event, (), what)


def _early(hearing: Hearing, event: RecordedEvent, cause: str) -> Ask:
    what = f"@{event.id} ({event.when}) lies before @{cause}, without which it could not be: a misprint?"
    return _ask(hearing, event, (cause,), what)


def _ask(hearing: Hearing, event: RecordedEvent, others: tuple[str, ...], question: str) -> Ask:
    case = hearing.timeline.case
    cure = f"see the source again; casefold correct {case} {event.id} --when …, or casefold retract {case} {event.id}"
    return Ask(about="misprint", ids=(event.id, *others), question=question, cure=cure)


# --- soft and missing dates ------------------------------------------------------------------------------------------


def unsettled(hearing: Hearing) -> Iterator[Ask]:
    """Ask of dates without a width and of events without dates, where answers are counted from or over them."""
    keys = such(hearing, _key)
    for event in keys:
        if hearing.statements[event.id].soft:
            yield Ask(
                about="soft date",
                ids=(event.id,),
                question=f"how wide is “{event.when}” of @{event.id}? It bounds no answer",
                cure=f'casefold correct {hearing.timeline.case} {event.id} --when "{event.when} ± …"; or ask --about',
            )
    bare = tuple(event.id for event in keys if _alone(hearing, event) and bound_of(hearing, event) == ANY)
    if bare:
        question = f"when were {named(bare)}?" if len(bare) > 1 else f"when was {named(bare)}?"
        cure = "an undated event may lie in any window: write as much as is known, such as 'before @death'"
        yield Ask(about="undated", ids=bare, question=question, cure=cure)


def _key(event: RecordedEvent) -> bool:
    return administered(event) or family(event) in ("death", "supply") or event.type == "claim.last"


def _alone(hearing: Hearing, event: RecordedEvent) -> bool:
    said_so = hearing.statements[event.id]
    return not said_so.bounds and not said_so.soft
