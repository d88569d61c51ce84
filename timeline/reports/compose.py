"""One composition of a case for every format: which sections, in which order. Writes no format."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from timeline.answers import AsOf
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.reports.citing import NO_CHECKPOINT, Checkpointed
from timeline.reports.composing import disputes, events, figures, history, keys, method, sources
from timeline.reports.composing.asked import ASKED, asked
from timeline.reports.composing.brief import NO_FRAME, Brief, Frame
from timeline.reports.composing.cover import cover, running
from timeline.reports.composing.left_out import left_out
from timeline.reports.composing.replay import Put, replay
from timeline.reports.composing.shape import Key, Report, Section

Maker = Callable[[Brief], Section | None]
_FIRST: Final[Mapping[str, Maker]] = {
    "cover": cover,
    "answers": keys.keys,
    "overview": figures.overview,
    "final_days": figures.final_days,
    "doses": figures.doses,
    "levels": figures.levels,
    "residual": figures.residual,
    "chronology": events.chronology,
    "conflicts": disputes.conflicts,
    "gaps": disputes.gaps,
    "undated": events.undated,
    "left_out": left_out,
}
_LAST: Final[Mapping[str, Maker]] = {
    "sources": sources.sources,
    "history": history.history,
    "known": figures.known,
    "method": method.method,
}


def compose(
    timeline: CaseTimeline,
    account: Account,
    *,
    as_of: AsOf,
    log: str,
    checkpoint: Checkpointed = NO_CHECKPOINT,
    frame: Frame = NO_FRAME,
    read: Mapping[str, str] | None = None,
    only: Collection[str] = (),
    replayed: bool = False,
    drawn: bool = False,
) -> Report:
    """Compose the report of a case on one account; raises `Fault` for an unknown speaker, standing, document or tag.

    Events are cited by their position and the `checkpoint`, where that holds them. `only` names the sections wanted,
    else all are made; `replayed` adds the record as it stood, step by step, which only HTML can show; `drawn` begins to
    draw the charts, for a format that shows them.
    """
    brief = Brief(
        timeline=timeline,
        account=account,
        as_of=as_of,
        log=log,
        checkpoint=checkpoint,
        frame=frame,
        read=read or {},
        drawn=drawn,
    )
    sections = tuple(_sections(brief, only))
    return Report(
        title=timeline.title or f"Case {timeline.case}",
        case=timeline.case,
        zone=timeline.zone,
        running=running(brief),
        sections=sections,
        cited={event.id: brief.checkpoint.cite(event.position) for event in timeline.events},
        replay=replay(brief, _questions(sections)) if replayed else (),
    )


def _sections(brief: Brief, only: Collection[str]) -> Iterator[Section]:
    views: dict[str, Maker] = {name: _asked(name, title) for name, title in ASKED.items()}
    for name, make in {**_FIRST, **views, **_LAST}.items():
        if not only or name in only:
            made = make(brief)
            if made is not None:
                yield made


def _asked(view: str, title: str) -> Maker:
    return lambda brief: asked(brief, view, title)


def _questions(sections: tuple[Section, ...]) -> tuple[Put, ...]:
    """Give the questions of the first page, to be put again as the record stood."""
    first = next((each for each in sections if each.name == "answers"), None)
    if first is None:
        return ()
    keys_of = [block for block in first.blocks if isinstance(block, Key)]
    both = zip(first.data, keys_of, strict=True)
    return tuple(Put(one["view"], dict(one["parameters"]), key.text) for one, key in both)
