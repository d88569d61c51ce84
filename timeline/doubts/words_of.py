"""Questions about sources: second-hand facts, no standing, uncertainty not written down. Believes nobody less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from events.event import RecordedEvent
from timeline.asking import words
from timeline.case import family, said
from timeline.doubts.asks import Ask, named
from timeline.doubts.kinds import of, such
from timeline.findings.specimens import specimen_of
from timeline.hearings.hearing import Hearing

_FRAME: Final = frozenset({"case", "amendments", "log"})
HELD: Final = "held"


def second_hand(hearing: Hearing) -> Iterator[Ask]:
    """Ask for the document behind what is read in somebody else's report, one question for each reporter."""
    groups: dict[str, list[RecordedEvent]] = {}
    for event in _told(hearing):
        if event.source.via:
            groups.setdefault(hearing.timeline.same_name(event.source.via), []).append(event)
    for events in groups.values():
        ids = tuple(sorted(event.id for event in events))
        speakers = words.listed(sorted({event.source.speaker or "nobody named" for event in events}))
        via, many = events[0].source.via, words.plural(len(ids), "event")
        yield Ask(
            about="second-hand",
            ids=ids,
            question=f"{many} of {speakers} read in {via}: do the originals say so? {named(ids)}",
            cure="get the originals and cite them (casefold cite CASE ID --relation supports); "
            "--first-hand shows the answers without",
        )
    for event in of(hearing, "document"):
        status = str(said(event, "status"))
        if status and status != HELD:
            title = str(said(event, "title")) or event.id
            yield Ask(
                about="second-hand",
                ids=(event.id,),
                question=f"@{event.id} ({title}) is {status}: who has it?",
                cure=f"when it is there: casefold correct {hearing.timeline.case} {event.id} status=held --reason …",
            )


def unsourced(hearing: Hearing) -> Iterator[Ask]:
    """Ask who says what nobody is named for, and with what standing."""
    told = _told(hearing)
    for name, what in (("speaker", "who says so"), ("standing", "with what standing is it said")):
        ids = tuple(sorted(event.id for event in told if not getattr(event.source, name)))
        if ids:
            cure = f"casefold correct {hearing.timeline.case} ID --{name} … --reason …"
            yield Ask(about="source", ids=ids, question=f"{what}: {named(ids)}?", cure=cure)


def uncertain(hearing: Hearing) -> Iterator[Ask]:
    """Ask for the uncertainty and the specimen of laboratory values, and for the tolerance of exact durations."""
    tests, case = of(hearing, "toxicology"), hearing.timeline.case
    bare = tuple(event.id for event in tests if not said(event, "uncertainty"))
    if bare:
        yield Ask(
            about="uncertainty",
            ids=bare,
            question=f"how uncertain is the laboratory's value of {named(bare)}? Not recorded",
            cure=f"ask the laboratory; casefold correct {case} ID uncertainty='± 10 %' --reason …",
        )
    undated = tuple(event.id for event in tests if not specimen_of(hearing, event, "").stated)
    if undated:
        yield Ask(
            about="uncertainty",
            ids=undated,
            question=f"when was the specimen of {named(undated)} taken? Not recorded",
            cure=f"casefold add {case} specimen --id S --when …; casefold correct {case} ID specimen=S --reason …",
        )
    exact = tuple(sorted({note.about for note in hearing.notes if "no tolerance stated" in note.sentence}))
    if exact:
        yield Ask(
            about="uncertainty",
            ids=exact,
            question=f"are the times of {named(exact)} exact? No tolerance is stated",
            cure=f'casefold correct {case} ID --when "… ± 5 minutes" --reason …, if the source allows one',
        )


def _told(hearing: Hearing) -> list[RecordedEvent]:
    return such(hearing, lambda event: family(event) not in _FRAME)
