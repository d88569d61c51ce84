"""The tables of kept views, column by column, as docs/kept-views.md has them. Runs no SQL and knows no answer.

Every value is plain: whole numbers, text, JSON as text. A bound has two columns, and null is an open end. A column's
`path` is where its value stands in the JSON of an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, final

FORMAT: Final = 1
"""The make of these tables; a file of another make is discarded."""

Kind = Literal["integer", "truth", "instant", "text", "json"]


@final
@dataclass(frozen=True, slots=True)
class Column:
    """One column: a `truth` is 0 or 1, an `instant` microseconds since 1970 (UTC), `json` a text."""

    name: str
    kind: Kind
    says: str
    path: str = ""

    @property
    def sql(self) -> str:
        """The type that both databases know."""
        return "text" if self.kind in ("text", "json") else "bigint"

    @property
    def at(self) -> tuple[str, ...]:
        """The steps to its value in an answer's JSON."""
        return tuple((self.path or self.name).split("."))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: the first `keys` columns are its key."""

    name: str
    says: str
    columns: tuple[Column, ...]
    keys: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)

    def create(self, ending: str = "", text: str = "text") -> str:
        """Give the statement that makes it; `text` is the type of a text whose order is that of its characters."""
        columns = ", ".join(f"{each.name} {text if each.sql == 'text' else each.sql}" for each in self.columns)
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({', '.join(self.names[: self.keys])})){ending}"

    @property
    def insert(self) -> str:
        """Give the statement that puts a row in, with `?` marks."""
        return f"INSERT INTO {self.name} ({', '.join(self.names)}) VALUES ({', '.join('?' * len(self.columns))})"


_QUESTION: Final = Column("question", "integer", "which question: `question.question`")
_CASE: Final = Column("case_name", "text", "the case", "case")
_ASKED: Final = (
    Column("asked", "truth", "1 where the question could be asked of the case; else 0, and `reason` says why"),
    Column("reason", "text", "why it could not be asked; empty where it could"),
)
_WORDS: Final = (
    Column("text", "text", "the answer in short words; empty where it was not asked"),
    Column("sentence", "text", "the answer as a careful person would paste it"),
    Column("tight", "truth", "1 where both ends of the bound are known to occur in some world of the record"),
    Column("rests_on", "json", '`{"min": [ids], "max": [ids]}`: what each end of the answer rests on'),
    Column("set_aside", "json", "ids of statements that contradict stronger ones and do not act"),
    Column("undated", "json", "ids of events that may lie anywhere in time"),
    Column("assumes", "json", "sentences: what the answer takes for granted"),
    Column("position", "integer", "the position of the last event of the case that the row is folded from"),
)


def _bound(name: str, path: str, says: str, *, ends: tuple[str, str] = ("min", "max")) -> tuple[Column, Column]:
    low, high = ends
    return (
        Column(f"{name}_{low}", "integer", f"{says}, at least; null is open", f"{path}.{low}"),
        Column(f"{name}_{high}", "integer", f"{says}, at most; null is open", f"{path}.{high}"),
    )


def _elapsed(before: str, within: str, where: str) -> tuple[Column, ...]:
    return (
        Column(f"{before}truth", "text", f"`certain`, `possible` or `impossible`{where}; null for `elapsed`",
               f"{within}truth"),
        *_bound(f"{before}elapsed", f"{within}elapsed", f"microseconds between{where}", ends=("min_us", "max_us")),
        *_bound(f"{before}whole_days", f"{within}whole_days", f"whole 24-hour periods between{where}"),
        *_bound(f"{before}calendar_days", f"{within}calendar_days", f"civil dates between{where}"),
    )  # fmt: skip


def _window(end: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"window_{end}_{name}_us", "instant", f"the window's {word}, {least}; null is open",
               f"window.{end}.{name}")
        for word in ["beginning" if end == "from" else "end"]
        for name, least in (("min", "at the earliest"), ("max", "at the latest"))
    )  # fmt: skip


QUESTION: Final = Table(
    name="question",
    says="the questions that are kept, and how far each has been brought",
    keys=1,
    columns=(
        Column("question", "integer", "its number"),
        Column("asked", "text", "as `casefold ask CASE` takes it, such as `days-since-last infusion --at death`"),
        Column("view", "text", "the view; empty for the overview of cases"),
        Column("view_version", "integer", "the version of the view"),
        Column("parameters", "json", "the parameters of the view"),
        Column("table_name", "text", "the table that its rows are in"),
        Column("seed", "truth", "1 for those that are always kept, 0 for one that somebody named"),
        Column("log", "text", "the origin of the log"),
        Column("position", "integer", "the checkpoint: the last position of the log that its rows are folded from"),
        Column("root", "text", "the root of the log at that position, in hexadecimal"),
        Column("versions", "json", "what its rows were made with: program, view, event types, time-zone data, tables"),
    ),
)
CASES: Final = Table(
    name="cases",
    says="one row a case: how much there is, and between when and when",
    keys=1,
    columns=(
        _CASE,
        Column("asked", "truth", "1 where the case could be told; else 0, and `reason` says why"),
        Column("reason", "text", "why it could not be told; empty where it could"),
        Column("title", "text", "its title, from `case.opened`"),
        Column("zone", "text", "its time zone, from `case.opened`"),
        Column("events", "integer", "events recorded, amendments and what was withdrawn included"),
        Column("told", "integer", "rows of its chronology"),
        Column("administrations", "integer", "rows of its chronology that tell of a medicine given"),
        Column("undated", "integer", "rows of its chronology without any bound"),
        Column("conflicts", "integer", "sets of statements that cannot all be true"),
        Column("earliest_us", "instant", "the least of the chronology's bounds; null where none is closed"),
        Column("latest_us", "instant", "the greatest of the chronology's bounds; null where none is closed"),
        Column("first_recorded_us", "instant", "when its first event was recorded"),
        Column("last_recorded_us", "instant", "when its last event was recorded"),
        Column("position", "integer", "the position of its last event"),
    ),
)
CHRONOLOGY: Final = Table(
    name="chronology",
    says="one row an event, as `casefold ask CASE chronology` gives them",
    keys=2,
    columns=(
        _CASE,
        Column("place", "integer", "its place in the chronology: 1, 2, 3 …; undated events are the last"),
        Column("id", "text", "the id of the event"),
        Column("type", "text", "its type"),
        Column("earliest_us", "instant", "when it happened, at the earliest; null is open", "earliest"),
        Column("latest_us", "instant", "when it happened, at the latest; null is open", "latest"),
        Column("when_text", "text", "when it happened in the source's words; empty for undated", "when"),
        Column("until_text", "text", "when it ended, in the source's words", "until"),
        Column("soft", "truth", "1 where the date says `about` without a width, and so bounds nothing"),
        Column("span", "truth", "1 where the bounds reach from a start to an end, or over several"),
        Column("data", "json", "its data, as amended"),
        Column("speaker", "text", "who says so", "source.speaker"),
        Column("via", "text", "who reports the speaker", "source.via"),
        Column("standing", "text", "found, documented, admitted, stated, alleged, inferred; empty where none is given",
               "source.standing"),
        Column("document", "text", "the document", "source.document"),
        Column("locator", "text", "where in the document", "source.locator"),
        Column("asserted", "text", "when the source said so", "source.asserted"),
        Column("quote", "text", "the source's own words", "source.quote"),
        Column("set_aside", "truth", "1 where its time contradicts what is stronger, and does not act"),
        Column("position", "integer", "its position in the log"),
    ),
)  # fmt: skip
ELAPSED: Final = Table(
    name="elapsed",
    says="answers of `days-since-last`, `days-since-first` and `elapsed`: one row a question and case",
    keys=2,
    columns=(
        _QUESTION,
        _CASE,
        *_ASKED,
        *_elapsed("", "", ""),
        *_elapsed("in_fact_", "in_fact.", ", allowing for what nobody recorded"),
        *_WORDS,
    ),
)
DOSE_TOTAL: Final = Table(
    name="dose_total",
    says="answers of `dose-total`: one row a question and case",
    keys=2,
    columns=(
        _QUESTION,
        _CASE,
        *_ASKED,
        Column("counted", "text", "`given`, or `ordered` for prescriptions"),
        *_bound("administrations", "administrations", "administrations in the window"),
        *_bound("in_fact_administrations", "in_fact.administrations",
                "administrations in the window, allowing for what nobody recorded"),
        *_window("from"),
        *_window("to"),
        Column("ruler", "text", "how the window was measured, such as `96 hours`", "window.ruler"),
        Column("amounts", "json", "amounts by substance and unit, as `casefold ask` gives them"),
        Column("in_fact_amounts", "json", "the same, allowing for what nobody recorded", "in_fact.amounts"),
        Column("sweep", "json", "windows of 1 to 7 days, where `--sweep` asks for them"),
        *_WORDS,
    ),
)  # fmt: skip
ANSWER: Final = Table(
    name="answer",
    says="answers of every other view: one row a question and case",
    keys=2,
    columns=(
        _QUESTION,
        _CASE,
        *_ASKED,
        Column("truth", "text", "`certain`, `possible` or `impossible`, where the view says that"),
        Column("in_fact_truth", "text", "the same, allowing for what nobody recorded", "in_fact.truth"),
        Column("answer", "json", "the values that are the view's own, as `casefold ask` gives them"),
        Column("in_fact", "json", "every value again, allowing for what nobody recorded"),
        *_WORDS,
    ),
)
TABLES: Final = (QUESTION, CASES, CHRONOLOGY, ELAPSED, DOSE_TOTAL, ANSWER)
_OF_VIEW: Final = {
    "": CASES,
    "chronology": CHRONOLOGY,
    "days-since-last": ELAPSED,
    "days-since-first": ELAPSED,
    "elapsed": ELAPSED,
    "dose-total": DOSE_TOTAL,
}


def table_of(view: str) -> Table:
    """Give the table that a view's answers are kept in.

    >>> table_of("days-since-last").name, table_of("holds").name
    ('elapsed', 'answer')
    """
    return _OF_VIEW.get(view, ANSWER)
