"""The cover of a report: which case, by and for whom, what for, which record, cut, account and zone. Asks nothing."""

from __future__ import annotations

from events.dates.civil import tzdata_version
from timeline.reports.composing.brief import PURPOSES, Brief
from timeline.reports.composing.shape import Pairs, Section


def cover(brief: Brief) -> Section:
    """Give the cover."""
    at, frame = brief.as_of.json, brief.frame
    how = brief.read
    pairs = (
        ("case", brief.timeline.case),
        ("prepared by", frame.by or "not said"),
        ("prepared for", frame.to or "not said"),
        ("purpose", PURPOSES.get(frame.purpose, "not said")),
        ("log", brief.log),
        ("size and root", f"{at['position']:,} events, {at['root'] or 'no root'}"),
        ("as of", f"position {at['position']}, recorded {at['recorded_at'] or 'nothing'}"),
        ("asserted by", how.get("asserted_by", "")),
        ("checkpoint", brief.checkpoint.words),
        ("account", brief.account.words or "everybody"),
        ("“about” is", f"{how['about']} wide where the record does not say" if "about" in how else ""),
        ("contradictions", f"set aside: {how['on_conflict']}" if "on_conflict" in how else ""),
        ("events of the case", f"{len(brief.timeline.events):,}"),
        ("time zone", f"{brief.timeline.zone or 'none: times are in UTC'} (tzdata {tzdata_version()})"),
        ("command line", frame.command),
    )
    data = {
        "prepared_by": frame.by,
        "prepared_for": frame.to,
        "purpose": frame.purpose,
        "log": brief.log,
        "as_of": at,
        **how,
        "account": brief.account.json,
        "zone": brief.timeline.zone,
        "events": len(brief.timeline.events),
        "tzdata": tzdata_version(),
        "checkpoint": brief.checkpoint.json,
        "command": frame.command,
    }
    shown = tuple((name, value) for name, value in pairs if value)
    return Section(name="cover", title="", blocks=(Pairs(rows=shown),), data=data)


def running(brief: Brief) -> str:
    """Give what stands at the foot of every page: the case, the log's size and root."""
    at = brief.as_of.json
    return f"{brief.timeline.case} · {at['position']} events · root {(at['root'] or 'none')[:16]}"
