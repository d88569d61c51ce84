"""What a composed report is made of: sections of words, pairs, tables, answers, figures. Asks and writes nothing.

A writer of a format needs to know these blocks and no case. `data` of a section is the same for scripts; `Report.json`
is what the JSON writer writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, final

if TYPE_CHECKING:
    from timeline.charts.chart import Chart

Tone = Literal["plain", "disputed", "note"]


class Cell(NamedTuple):
    """One cell of a table: its words, smaller words under them (the source's own), the ids it names."""

    text: str
    small: str = ""
    ids: tuple[str, ...] = ()


class Column(NamedTuple):
    """One column: its head, its share of the table's width in percent (0: as wide as it needs), and what it holds."""

    name: str
    width: int = 0
    holds: Literal["words", "number", "ids"] = "words"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row. `id` is the event it tells of (others link to it), `facts` what a reader may filter it by.

    `facts` of an event's row are `type`, `standing`, `speaker` and `position`; other rows have none. `notes` are lines
    that stand under the row: a quotation, a remark.
    """

    cells: tuple[Cell, ...]
    id: str = ""
    notes: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[str, ...]:
        """The words of each cell, the smaller ones left out."""
        return tuple(cell.text for cell in self.cells)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One paragraph; `disputed` stands out, a `note` stands back. Ids in it are written `@id`."""

    text: str
    tone: Tone = "plain"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Named values; `ids` in a value are written `@id`."""

    rows: tuple[tuple[str, str], ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a head. `name` is unique in a report; `events` says that each row is an event of the chronology.

    A table without rows is written as the words `empty`.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    caption: str = ""
    empty: str = "None."
    events: bool = False

    @property
    def head(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SideOf:
    """What one speaker alone answers: the words, the standing of what it rests on, the ids that is."""

    name: str
    text: str
    standing: str
    ids: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key answer: the question, the short words, the whole sentence, and all that must stand beside it.

    `in_fact` is empty where it says the same; `least` and `most` are the ids that the two ends rest on; `verdicts` say
    which sides agree, differ, or cannot both be true.
    """

    question: str
    plain: str
    text: str
    tight: bool
    sentence: str
    word: str
    convention: str
    least: tuple[str, ...]
    most: tuple[str, ...]
    sources: tuple[str, ...] = ()
    sides: tuple[SideOf, ...] = ()
    verdicts: tuple[str, ...] = ()
    set_aside: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Every id of either end, each once."""
        return tuple(dict.fromkeys((*self.least, *self.most)))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart with the same in words (`alt`) and as a table; a writer without pictures writes those two.

    `repeats` says that every row of the table is one of the chronology's, so that a writer may leave it out or fold it.
    """

    name: str
    title: str
    alt: str
    chart: Chart
    table: Table
    repeats: bool = False


Block: TypeAlias = Words | Pairs | Table | Key | Figure


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a report: its title and its blocks in order; `data` is the same for scripts."""

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    data: Any = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The record as it stood at one position: key answers in words, and the rows of the chronology then."""

    position: int
    recorded_at: str
    answers: tuple[str, ...]
    rows: tuple[Row, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A case, composed. `cited` is how each event is cited; `running` what stands at the foot of each page.

    `replay` are the steps of "as the record stood", for writers that can show them; all others list it as left out.
    """

    title: str
    case: str
    zone: str
    running: str = ""
    sections: tuple[Section, ...] = ()
    cited: Mapping[str, str] = field(default_factory=dict)
    replay: tuple[Stop, ...] = ()

    @property
    def json(self) -> dict[str, Any]:
        """The report as scripts read it: the data of each section by its name."""
        return {"title": self.title, "case": self.case, **{each.name: each.data for each in self.sections}}

    @property
    def tables(self) -> Iterator[tuple[Section, Table]]:
        """Every table with its section, those under figures too."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Table):
                    yield section, block
                elif isinstance(block, Figure):
                    yield section, block.table

    def section(self, name: str) -> Section | None:
        """The section of that name, None where the report has none."""
        return next((each for each in self.sections if each.name == name), None)
