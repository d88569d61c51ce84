"""On whose word, from which documents with which hashes, and what moves if a speaker is not believed. Weighs nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from timeline.reports.composing.brief import Brief
from timeline.reports.composing.rows import NO_STANDING, speaker_words
from timeline.reports.composing.shape import Cell, Column, Row, Section, Table, Words
from timeline.reports.layout import source_words

MOST_MOVED: Final = 2_000
"""Events beyond which no answer is asked again without each speaker: that would take longer than all the rest."""
MOST_IDS: Final = 40
"""Events that are named for one speaker and document; the rest are counted."""
_SPEAKERS: Final = (
    Column("on whose word", 24),
    Column("standing", 12),
    Column("document", 30),
    Column("events", 34, "ids"),
)
_DOCUMENTS: Final = (
    Column("document", 12),
    Column("title", 25),
    Column("dated", 13),
    Column("pages", 7),
    Column("status", 11),
    Column("sha256", 20),
    Column("named by", 12, "ids"),
)
_MOVES: Final = (
    Column("question", 26),
    Column("with everybody", 24),
    Column("without", 18),
    Column("then", 32),
)


def sources(brief: Brief) -> Section:
    """Give who says what, the documents with their hashes, and which answers rest on one speaker."""
    by: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    words: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for event in brief.events.values():
        if event["type"] != "document":
            source = event["source"]
            standing = source.get("standing") or NO_STANDING
            by[speaker_words(source), standing, source.get("document", "")].append(event["id"])
            words[source_words(source), source.get("document", "")].append(event["id"])
    documents = [event for event in brief.events.values() if event["type"] == "document"]
    blocks = (_speakers(brief, by), _documents(documents, brief), *_moves(brief))
    said = [{"words": who, "document": title, "events": ids} for (who, title), ids in sorted(words.items())]
    return Section(name="sources", title="Sources", blocks=blocks, data={"speakers": said, "documents": documents})


def _speakers(brief: Brief, by: Mapping[tuple[str, str, str], list[str]]) -> Table:
    rows = []
    for (who, standing, document), ids in sorted(by.items()):
        shown = ", ".join(f"@{one} {brief.cite(one)}" for one in ids[:MOST_IDS])
        more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
        cells = (
            Cell(who),
            Cell(standing),
            Cell(document or "no document named"),
            Cell(f"{shown}{more}", "", tuple(ids)),
        )
        rows.append(Row(cells=cells))
    return Table(name="sources", title="On whose word", columns=_SPEAKERS, rows=tuple(rows))


def _documents(documents: list[Mapping[str, Any]], brief: Brief) -> Table:
    cited: defaultdict[str, list[str]] = defaultdict(list)
    for event in brief.events.values():
        cited[event["source"].get("doc", "")].append(event["id"])
    rows = []
    for event in documents:
        data, ids = event["data"], cited[event["id"]]
        rows.append(
            Row(
                cells=(
                    Cell(f"@{event['id']}", brief.cite(event["id"])),
                    Cell(str(data.get("title", "")), str(data.get("address", ""))),
                    Cell(str(data.get("dated", ""))),
                    Cell(str(data.get("pages", ""))),
                    Cell(str(data.get("status", "") or "not said")),
                    Cell(str(data.get("sha256", "") or "none recorded")),
                    Cell(f"{len(ids)} events" if len(ids) != 1 else "1 event", "", tuple(ids)),
                ),
                id=event["id"],
            )
        )
    return Table(
        name="documents",
        title="Documents",
        columns=_DOCUMENTS,
        rows=tuple(rows),
        caption="A hash (SHA-256) is of the file that was held when the document was entered.",
        empty="The record names no document as an event of its own.",
    )


def _moves(brief: Brief) -> tuple[Table | Words, ...]:
    """Give which of the standard answers move if one speaker is not believed; nothing where none was asked."""
    if len(brief.hearing.counted) > MOST_MOVED:
        said = "Which answers move if a speaker is not believed is not asked here, as the case is large"
        return (Words(text=f"{said}: casefold ask {brief.timeline.case} sources says it.", tone="note"),)
    answer = brief.find("sources", {}) if brief.death else None
    if answer is None:
        return ()
    rows = tuple(
        Row(
            cells=(
                Cell(each["question"]),
                Cell(each["text"]),
                Cell(one["speaker"] or "nobody named"),
                Cell(one["text"]),
            )
        )
        for each in answer.values["answers"]
        for one in each["without"]
        if one["moved"]
    )
    return (
        Table(
            name="moves",
            title="What moves if a speaker is not believed",
            columns=_MOVES,
            rows=rows,
            caption="A speaker left out still dates what a question is counted from.",
            empty="No key answer moves whichever one speaker is not believed.",
        ),
    )
