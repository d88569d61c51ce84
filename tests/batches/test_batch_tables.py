"""Tables: what a mapping or the names of the columns make of a row, and which tables are refused as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.batches.cells import Condition, Numbers, Template, of_epoch, ordered
from events.batches.lines import LINE_LIMIT, BatchFile
from events.batches.mapping import read_mapping
from events.batches.row import Row
from events.batches.tables import read_table
from events.errors import BadInput, Fault

ONE_EVENT = """
[[event]]
case = "a"
id = "{n}"
type = "fact"
data.text = "{said}"
"""


def table(folder: Path, content: str | bytes, mapping: str = "") -> list[Row]:
    (folder / "t.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "m.toml").write_text(mapping, encoding="utf-8")
    with BatchFile(folder / "t.csv") as file:
        return list(read_table(file, read_mapping(folder / "m.toml") if mapping else None))


def events(rows: list[Row]) -> list[dict[str, object]]:
    return [event for row in rows for event in row.events]


def why(row: Row) -> str:
    (flaw,) = row.flaws
    return f"{flaw.field}: {flaw.what}"


def test_columns_named_as_the_fields_need_no_mapping(tmp_path: Path) -> None:
    content = "case,id,type,when,tags,data.substance,source.speaker,version\na,1,dose,2023,x; y,ketamine,,1\n"
    assert events(table(tmp_path, content)) == [
        {
            "case": "a",
            "id": "1",
            "type": "dose",
            "when": "2023",
            "tags": ["x", "y"],
            "data": {"substance": "ketamine"},
            "version": 1,
        }
    ]


def test_other_columns_ask_for_a_mapping_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        table(tmp_path, "case,drug,unit\na,b,c\n")
    assert str(refused.value).endswith(
        "t.csv:1: 'drug', 'unit': no such field; name columns as the fields, or write a mapping: --map FILE.toml"
    )


def test_another_separator_is_named_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r'declare the separator in a mapping: \[file\] delimiter = ";"'):
        table(tmp_path, "case;id;type\na;b;c\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("n,said,n\n1,a,2\n", "t.csv:1: column 'n' stands there twice"),
        ("n,sayd\n1,a\n", "t.csv:1: column 'said' of the mapping is missing; did you mean 'sayd'?"),
        ("n,said,rest\n1,a,b\n", "t.csv:1: the mapping says nothing of 'rest'; use them in an [[event]], or list them"),
        ('n,said\n1,a\n2,"b\n3,c\n', "t.csv:3: a quote is opened and never closed"),
        ("n,said\n1,a\rb\n", "t.csv:2: a cell without quotes holds the end of a line (a lone CR)"),
        ('n,said\n1,"a"b\n', "t.csv:2: it is no CSV"),
        ("n,said\n1,é\n".encode("latin-1"), "t.csv:2: byte 9 (hex e9) is not UTF-8"),
        ('n,said\n1,"' + "x\n" * (LINE_LIMIT // 2), "t.csv:2: the record that starts here is longer than"),
    ],
)
def test_a_table_that_cannot_be_trusted_stops(tmp_path: Path, content: str | bytes, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        table(tmp_path, content, ONE_EVENT)
    assert said in str(refused.value)


def test_a_ragged_row_is_one_bad_row_with_its_number(tmp_path: Path) -> None:
    good, long, short, after = table(tmp_path, 'n,said\n1,"two\nlines"\n2,a,b\n3\n4,c\n', ONE_EVENT)
    assert (good.line, long.line, short.line, after.line) == (2, 4, 5, 6)
    assert why(long) == ": the row has 3 cells, the header 2"
    assert why(short) == ": the row has 1 cells, the header 2"
    assert long.raw == {"n": "2", "said": "a", "(cell 3)": "b"}
    assert events([good, after])[0]["data"] == {"text": "two\nlines"}


def test_a_declared_encoding_and_separator_are_used(tmp_path: Path) -> None:
    mapping = '[file]\nencoding = "latin-1"\ndelimiter = "\\t"\nquote = ""\n' + ONE_EVENT
    (row,) = table(tmp_path, 'n\tsaid\n1\té "so'.encode("latin-1"), mapping)
    assert row.events[0]["data"] == {"text": 'é "so'}


def test_formulas_and_templates_in_cells_are_text(tmp_path: Path) -> None:
    said = ["=HYPERLINK(1)", "+1", "-1", "@x", "{n}", "{{7*7}}", "<script>", "it's {x.__class__}"]
    rows = table(tmp_path, "n,said\n" + "".join(f"{n},{text}\n" for n, text in enumerate(said)), ONE_EVENT)
    assert [event["data"] for event in events(rows)] == [{"text": text} for text in said]


def test_a_nul_is_refused(tmp_path: Path) -> None:
    (row,) = table(tmp_path, "n,said\n1,a\0b\n", ONE_EVENT)
    assert "NUL" in why(row)
    (row,) = table(tmp_path, "case,note\n1,a\0b\n")
    assert "NUL" in why(row)


def test_a_row_that_no_event_takes_is_refused_not_dropped(tmp_path: Path) -> None:
    taken, not_taken = table(tmp_path, "n,said\n1,yes\n2,no\n", ONE_EVENT + 'if = { said = "yes" }')
    assert taken.events
    assert why(not_taken) == ": no [[event]] of the mapping takes this row"


def test_a_value_that_is_not_listed_is_refused(tmp_path: Path) -> None:
    mapping = ONE_EVENT.replace('"{said}"', '{ from = "{said}", values = { j = "yes" } }')
    one, other = table(tmp_path, "n,said\n1,j\n2,n\n", mapping)
    assert one.events[0]["data"] == {"text": "yes"}
    assert why(other) == "data.text: 'n' is not among the values of the mapping"


def test_an_id_is_needed_in_each_row(tmp_path: Path) -> None:
    (row,) = table(tmp_path, "n,said\n,j\n", ONE_EVENT)
    assert why(row) == "id: it is empty"


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("ignore = 1\n" + ONE_EVENT, "ignore: it is not a list of texts"),
        ("colour = 1\n" + ONE_EVENT, "colour: it is not a key of a mapping here"),
        (
            '[file]\ndelimeter = ";"\n' + ONE_EVENT,
            "file.delimeter: it is not a key of a mapping here; did you mean 'delimiter'?",
        ),
        (
            "[file]\nignore = []\n" + ONE_EVENT,
            "file.ignore: it is not a key of a mapping here; write it above the first",
        ),
        ('[file]\ndelimiter = ";;"\n' + ONE_EVENT, "file.delimiter: ';;' is not one character"),
        ('[file]\nencoding = "utf-16"\n' + ONE_EVENT, "file.encoding: 'utf-16' is no encoding that can be read"),
        ('[when]\norder = "american"\n' + ONE_EVENT, "when.order: 'american' is not known here"),
        ('[numbers]\ncolumns = ["x"]\n' + ONE_EVENT, "numbers.columns: no event takes column 'x'"),
        ('[numbers]\ndecimal = ","\nthousands = ","\n' + ONE_EVENT, "numbers: one sign has two meanings"),
        ('ignore = ["n"]\n' + ONE_EVENT, "ignore: column 'n' is used and ignored"),
        ("[[event]]\ncase = 'a'\ntype = 'fact'\n", "event[1].id: the event has no id"),
        ("[[event]]\ncase = 'a'\nid = 'row'\n", "event[1].type: the event has no type"),
        (
            ONE_EVENT.replace("fact", "infusoin"),
            "event[1].type: 'infusoin' is not an event type; did you mean 'infusion'?",
        ),
        (
            ONE_EVENT + 'source.speeker = "x"',
            "event[1].source.speeker: it is not a field of a source; did you mean 'speaker'?",
        ),
        (ONE_EVENT + "data.amount = 0.5", "event[1].data.amount: 0.5 is no text"),
        (ONE_EVENT + 'when = "{a"', "event[1].when: '{a' has a brace without a column's name"),
        (ONE_EVENT + 'when = { form = "{n}" }', "event[1].when.form: it is not a key"),
        (ONE_EVENT + 'when = { from = "{n}", epoch = "ns" }', "event[1].when.epoch: 'ns' is not known here"),
        (ONE_EVENT + "[[skip]]\nreason = 'x'", "skip[1]: rows are skipped without a condition or a reason"),
        ("ignore = []", "event: the mapping makes no event"),
        ("ignore = [", "it is not TOML"),
    ],
)
def test_a_faulty_mapping_names_its_key(tmp_path: Path, mapping: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        table(tmp_path, "n,said\n1,a\n", mapping)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("numbers", "text", "read"),
    [
        (Numbers(), "0.5", "0.5"),
        (Numbers(), ".5", "0.5"),
        (Numbers(), ">= 27", ">=27"),
        (Numbers(), "≤5", "<=5"),
        (Numbers(thousands=","), "1,234,567.5", "1234567.5"),
        (Numbers(decimal=",", thousands="."), "25.000,5", "25000.5"),
        (Numbers(span="-"), "0.5 - 2", "0.5 to 2"),
        (Numbers(span="-", thousands=","), "1,000-2,000", "1000 to 2000"),
    ],
)
def test_numbers_are_read_as_declared(numbers: Numbers, text: str, read: str) -> None:
    assert numbers.read(text) == read


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (Numbers(), "25,000"),
        (Numbers(), "1,5"),
        (Numbers(), "1-2"),
        (Numbers(), "1e3"),
        (Numbers(), "-5"),
        (Numbers(), "5 mg"),
        (Numbers(), "NaN"),
        (Numbers(), "٣"),
        (Numbers(thousands=","), "25,00"),
        (Numbers(thousands=","), "1234,567"),
        (Numbers(span="-"), "1-2-3"),
        (Numbers(span="-"), "1-"),
        (Numbers(span="-"), "-5"),
        (Numbers(span="-"), "<1-2"),
        (Numbers(span="-"), "1-2mg"),
    ],
)
def test_what_is_no_plain_number_is_refused(numbers: Numbers, text: str) -> None:
    with pytest.raises(Fault, match="is not a plain number"):
        numbers.read(text)


@pytest.mark.parametrize(
    ("text", "order", "read"),
    [
        ("10/11/2023", "mdy", "2023-10-11"),
        ("10/11/2023", "dmy", "2023-11-10"),
        ("2023/10/11", "ymd", "2023-10-11"),
        ("1.2.2023 at 4:17 pm", "dmy", "2023-02-01 at 4:17 pm"),
        ("between 10/11/2023 and 10/12/2023", "mdy", "between 2023-10-11 and 2023-10-12"),
        ("2023-10-11T09:00Z", "mdy", "2023-10-11T09:00Z"),
        ("10/11/23", "mdy", "10/11/23"),
        ("10/11/2023", "", "10/11/2023"),
        ("10/11-2023", "mdy", "10/11-2023"),
    ],
)
def test_dates_in_digits_are_put_in_order(text: str, order: str, read: str) -> None:
    assert ordered(text, order) == read


@pytest.mark.parametrize(
    ("text", "order"), [("13/11/2023", "mdy"), ("2023/10/11", "mdy"), ("10/11/2023", "ymd"), ("1/32/2023", "mdy")]
)
def test_dates_of_another_order_are_refused(text: str, order: str) -> None:
    with pytest.raises(Fault, match="declared order"):
        ordered(text, order)


@pytest.mark.parametrize(("text", "unit"), [("9999999999999999", "s"), ("1.5", "s"), ("now", "us"), ("9" * 19, "us")])
def test_an_epoch_outside_the_calendar_is_refused(text: str, unit: str) -> None:
    with pytest.raises(Fault):
        of_epoch(text, unit)


def test_a_lone_brace_is_no_template() -> None:
    for text in ("{", "a}", "{}", "{?}"):
        with pytest.raises(Fault, match="brace"):
            Template.of(text)
    assert Template.of("{{a}}").fill({}) == "{a}"


def test_the_empty_cell_can_be_asked_for() -> None:
    assert Condition(column="x", values=frozenset({""})).holds({"x": "  "})
