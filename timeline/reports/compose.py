"""One composition of a case for every format: sections of words, tables and data. Writes no format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, final

from events.dates.civil import tzdata_version
from events.errors import Fault
from events.event import event_types
from timeline.answers import AsOf, answer_json
from timeline.asking.sentences import disputes
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.reports.citing import NO_CHECKPOINT, Checkpointed
from timeline.reports.layout import Entry, entry, note_pairs, source_words
from timeline.views import ask

WINDOW: Final = "4 days"
METHOD: Final = (
    "A fact is as exact as its source: every date is a pair of bounds, and an open end is unknown, not zero.",
    "Bounds come from all statements of the account together and hold in every course of events that they allow.",
    "An answer marked tight could be no narrower.",
    "Values on record are about what the record tells of; values in fact allow for happenings nobody recorded.",
    "More than, at least or within N days counts days of 24 hours; a bare N days compares civil dates in the zone.",
    "An event is cited as [position @ size, key]: its place in the log, and the signed checkpoint that holds it.",
    "An event that an answer is measured from keeps its own date whoever is believed; it is never counted for that.",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a report: a title, paragraphs, named values, a table; `data` is the same for scripts."""

    name: str
    title: str
    paragraphs: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    entries: tuple[Entry, ...] = ()
    data: Any = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A case, composed: a title, its sections in order, and the zone its local times are in."""

    title: str
    case: str
    zone: str
    sections: tuple[Section, ...] = field(default_factory=tuple)

    @property
    def json(self) -> dict[str, Any]:
        """The report as scripts read it: the data of each section by its name."""
        return {"title": self.title, "case": self.case, **{each.name: each.data for each in self.sections}}


def compose(
    timeline: CaseTimeline, account: Account, *, as_of: AsOf, log: str, checkpoint: Checkpointed = NO_CHECKPOINT
) -> Report:
    """Compose the report of a case on one account; raises `Fault` for an unknown speaker, standing, document or tag.

    Events are cited by their position and the `checkpoint`, where that holds them.
    """
    told = answer_json(ask(timeline, "chronology", {}, account), as_of=as_of, log=log)
    answers = [answer_json(each, as_of=as_of, log=log) for each in _key_answers(timeline, account)]
    sections = (
        _cover(timeline, told, checkpoint),
        _answers(timeline, answers),
        _chronology(told, timeline.zone, disputes(timeline.hear(account)), checkpoint),
        _undated(told, checkpoint),
        _sources(told, checkpoint),
        _method(),
    )
    title = timeline.title or f"Case {timeline.case}"
    return Report(title=title, case=timeline.case, zone=timeline.zone, sections=sections)


def _cover(timeline: CaseTimeline, told: Mapping[str, Any], checkpoint: Checkpointed) -> Section:
    account = _account_words(told["account"])
    cover = {
        "log": told["log"],
        "as_of": told["as_of"],
        "account": told["account"],
        "zone": timeline.zone,
        "events": len(timeline.events),
        "tzdata": tzdata_version(),
        "checkpoint": checkpoint.json,
    }
    at = told["as_of"]
    pairs = (
        ("case", timeline.case),
        ("log", told["log"]),
        ("as of", f"position {at['position']}, recorded {at['recorded_at'] or 'nothing'}"),
        ("checkpoint", checkpoint.words),
        ("events of the case", str(len(timeline.events))),
        ("account", account or "everybody"),
        ("time zone", f"{timeline.zone or 'none'} (tzdata {tzdata_version()})"),
    )
    return Section(name="cover", title="", pairs=pairs, data=cover)


def _account_words(account: Mapping[str, Any]) -> str:
    return Account(
        speakers=tuple(account["speakers"]),
        standings=tuple(account["standings"]),
        documents=tuple(account["documents"]),
        first_hand=account["first_hand"],
        tags=tuple(account.get("tags", ())),
    ).words


def _key_answers(timeline: CaseTimeline, account: Account) -> Iterable[Any]:
    """Ask what every case with a death and administrations is asked; questions it cannot be asked are left out."""
    deaths = [event.id for event in timeline.told if event.type == "death"]
    if len(deaths) != 1:
        return
    told = {event.type for event in timeline.told}
    for kind in (each for each in event_types().values() if each.administration and each.name in told):
        for view, parameters in _questions(kind.name, f"@{deaths[0]}"):
            try:
                yield ask(timeline, view, parameters, account)
            except Fault:
                continue


def _questions(kind: str, death: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    return (
        ("days-since-last", {"type": kind, "at": death}),
        ("dose-total", {"type": kind, "window": f"{WINDOW} before {death}"}),
    )


def _answers(timeline: CaseTimeline, answers: list[dict[str, Any]]) -> Section:
    rows = tuple(
        (each["question"], each["text"], "; ".join(f"{name}: {value}" for name, value in note_pairs(each) if value))
        for each in answers
    )
    deaths = sum(event.type == "death" for event in timeline.told)
    none = (f"The case has {deaths} events of type death, not one to measure from; put it with `casefold ask`.",)
    return Section(
        name="answers",
        title="Key answers",
        paragraphs=tuple(each["sentence"] for each in answers) or (none if deaths != 1 else ("None could be asked.",)),
        head=("question", "answer", "beside it"),
        rows=rows,
        data=answers,
    )


def _chronology(told: Mapping[str, Any], zone: str, disputes: tuple[str, ...], checkpoint: Checkpointed) -> Section:
    dated = [event for event in told["events"] if event["id"] not in told["undated"]]
    return Section(
        name="chronology",
        title="Chronology",
        paragraphs=(f"Local times are in {zone or 'UTC'}; rounded outwards to the minute.", *disputes),
        entries=tuple(_cited(event, zone, checkpoint) for event in dated),
        data=dated,
    )


def _cited(event: Mapping[str, Any], zone: str, checkpoint: Checkpointed) -> Entry:
    return entry(event, zone)._replace(cited=checkpoint.cite(event["position"]))


def _undated(told: Mapping[str, Any], checkpoint: Checkpointed) -> Section:
    events = [each for each in told["events"] if each["id"] in told["undated"] and each["type"] != "document"]
    return Section(
        name="undated",
        title="Undated",
        paragraphs=() if events else ("Every event of the account is dated.",),
        entries=tuple(_cited(event, "", checkpoint) for event in events),
        data=events,
    )


def _sources(told: Mapping[str, Any], checkpoint: Checkpointed) -> Section:
    by: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for event in told["events"]:
        if event["type"] != "document":
            by[source_words(event["source"]), event["source"].get("document", "")].append(event["id"])
    kept = sorted(by.items())
    cites = {event["id"]: checkpoint.cite(event["position"]) for event in told["events"]}
    documents = [event for event in told["events"] if event["type"] == "document"]
    return Section(
        name="sources",
        title="Sources",
        head=("on whose word", "document", "events"),
        rows=tuple(
            (who or "nobody named", document, ", ".join(f"{one} {cites[one]}" for one in ids))
            for (who, document), ids in kept
        ),
        entries=tuple(_cited(event, "", checkpoint)._replace(when="document") for event in documents),
        data={
            "speakers": [{"words": who, "document": document, "events": ids} for (who, document), ids in kept],
            "documents": documents,
        },
    )


def _method() -> Section:
    return Section(name="method", title="Method", paragraphs=METHOD, data=list(METHOD))
