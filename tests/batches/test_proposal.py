"""`casefold map`: a mapping proposed for a table is a mapping once its marks are filled in, and guesses nothing."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from events.batches.headings import Heading, fields_of, key_of, marks_of, order_of
from events.batches.mapping import FILL
from events.batches.proposal import propose
from events.errors import BadInput, Fault

ORDERS = """order,day,time,drug,amount,unit,remarks,room
17,10/11/2023,4:17 pm,ketamine,50,mg,,3
18,10/28/2023,,ketamine,"1,234",mg,late,4
"""


def test_a_filled_in_proposal_loads(cli: Any) -> None:
    (cli.folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    toml = cli("map", "orders.csv").out
    proposed = cli("map", "orders.csv", "--json").json
    assert toml == proposed["mapping"]
    assert [one["key"] for one in proposed["fill"]] == ["zone", "decimal", "case", "type"]
    assert not (cli.folder / "casefold.db").exists(), "a proposal writes nothing"
    filled = toml
    for key, value in (("decimal", '"."\nthousands = ","'), ("case", '"perry"'), ("type", '"prescription"')):
        filled = filled.replace(f'{key} = "{FILL}"', f"{key} = {value}", 1)
    (cli.folder / "orders.toml").write_text(filled, encoding="utf-8")
    assert "zone" in cli("load", "orders.csv", "--map", "orders.toml", code=2).err, "a mark that is left is refused"
    (cli.folder / "orders.toml").write_text(filled.replace(f'"{FILL}"', '"Europe/Paris"'), encoding="utf-8")
    cli("load", "orders.csv", "--map", "orders.toml")
    first, second = cli("log", "perry", "--json").json["events"]
    assert (first["id"], first["when"], first["data"]["amount"]) == ("17", "2023-10-11 4:17 pm", "50 mg")
    assert (second["id"], second["when"], second["data"]["amount"]) == ("18", "2023-10-28", "1234 mg")


@pytest.mark.parametrize("mark", ["case", "type", "zone", "order", "decimal", "encoding"])
def test_a_mark_that_is_left_is_refused(cli: Any, mark: str) -> None:
    lines = {"case": "a", "type": "dose", "zone": "UTC", "order": "mdy", "decimal": ".", "encoding": "utf-8"}
    lines = {key: f'"{FILL if key == mark else value}"' for key, value in lines.items()}
    (cli.folder / "a.csv").write_text("n,day,mg\n1,10/11/2023,5\n", encoding="utf-8")
    (cli.folder / "a.toml").write_text(
        f"[file]\nencoding = {lines['encoding']}\n[when]\norder = {lines['order']}\nzone = {lines['zone']}\n"
        f"[numbers]\ncolumns = ['mg']\ndecimal = {lines['decimal']}\n"
        f"[[event]]\ncase = {lines['case']}\nid = ['n']\ntype = {lines['type']}\nwhen = '{{day}}'\n"
        "data.amount = '{mg} mg'\n",
        encoding="utf-8",
    )
    (fault,) = cli("load", "a.csv", "--map", "a.toml", code=2).lines
    assert fault.endswith(f'{mark}: is not filled in yet; write what only you know in place of "{FILL}"')


@pytest.mark.parametrize(
    "mapping", [f"[file]\nnothing = ['{FILL}']\n[[event]]", f"[[event]]\nif = {{ mg = '{FILL}' }}"]
)
def test_question_marks_that_a_cell_may_hold_are_no_mark(cli: Any, mapping: str) -> None:
    (cli.folder / "a.csv").write_text(f"n,mg\n1,{FILL}\n", encoding="utf-8")
    rule = "case = 'a'\nid = ['n']\ntype = 'dose'\nnote = '{mg}'\n"
    (cli.folder / "a.toml").write_text(f"{mapping}\n{rule}", encoding="utf-8")
    assert cli("load", "a.csv", "--map", "a.toml", "--json").json["appended"] == 1


def test_every_column_is_used_or_ignored(tmp_path: Path) -> None:
    table = tmp_path / "k.csv"
    table.write_text("case;kind;given;mg;died;a}b\n1;i.v.;28.10.2023;0,5-1;29.10.2023;x\n1;death;-;-;-;y\n", "utf-8")
    proposed = propose(table)
    read = tomllib.loads(proposed["mapping"])
    assert read["ignore"] == ["died", "a}b"]
    assert read["file"] == {"delimiter": ";", "nothing": ["-"]}
    assert read["when"] == {"order": "dmy", "zone": FILL}
    assert read["numbers"] == {"columns": ["mg"], "decimal": ",", "range": "-"}
    (event,) = read["event"]
    assert event["type"] == {"from": "{kind}", "values": {"i.v.": FILL, "death": "death"}}
    assert (event["case"], event["id"], event["when"]) == ("{case}", "row", "{given}")
    assert event["data"] == {"amount": "{mg} mg"}
    assert [one["field"] for one in proposed["columns"]] == ["case", "type", "when", "data.amount", None, None]


def test_columns_named_as_fields_are_those_fields() -> None:
    names = ("case", "id", "type", "when", "data.lab", "source.speaker", "tags")
    assert {field: one.name for field, one in fields_of([Heading(name=name) for name in names]).items()} == {
        name: name for name in names
    }


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["2023-10-28", "2023-10-28T16:17Z"], ""),
        (["10/11/2023"], FILL),
        (["10/28/2023", "11/10/2023"], "mdy"),
        (["28.10.2023"], "dmy"),
        (["10/28/2023", "28/10/2023"], FILL),
        (["2023/10/11"], "ymd"),
        (["6/24/24"], FILL),
        (["unknown"], ""),
    ],
)
def test_an_order_is_said_only_where_a_cell_shows_it(cells: list[str], order: str) -> None:
    assert order_of(cells)[0] == order


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        (["5", "2.5"], {}),
        (["0,5"], {"decimal": ","}),
        (["1,234"], {"decimal": FILL}),
        (["1,234,567"], {"thousands": ","}),
        (["1.234,5"], {"decimal": ",", "thousands": "."}),
        (["5-10"], {"range": "-"}),
    ],
)
def test_a_sign_in_numbers_is_said_only_where_a_cell_shows_it(cells: list[str], marks: dict[str, str]) -> None:
    assert {name: mark for name, (mark, _) in marks_of(cells).items()} == marks


def test_an_id_names_every_row_of_its_case() -> None:
    headings = [Heading(name=name) for name in ("case", "day", "order_no", "line")]
    assert key_of(headings, [("a", "x", "1", "1"), ("b", "x", "1", "1")], "case") == ("order_no",)
    assert key_of(headings, [("a", "x", "1", "1"), ("a", "x", "1", "2")], "case") == ("order_no", "line")
    assert key_of(headings, [("a", "x", "1", "1"), ("a", "x", "1", "1")], "case") == ()
    assert key_of(headings, [("a", "x", "no 1", "1")], "case") == (), "an id has no spaces"


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    for name, text in (("empty.csv", "\n"), ("a.jsonl", '{"case": "a"}\n'), ("twice.csv", "a,b,a\n1,2,3\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(Fault):
            propose(tmp_path / name)
    with pytest.raises(BadInput):
        propose(tmp_path / "nowhere.csv")


def test_bytes_that_are_no_utf8_ask_for_their_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("case,note\n1,Zürich\n".encode("latin-1"))
    assert tomllib.loads(propose(tmp_path / "a.csv")["mapping"])["file"] == {"encoding": FILL}


def test_a_real_table_is_proposed(shared: Path) -> None:
    event = tomllib.loads(propose(shared / "data" / "mimic3demo_prescriptions.csv.gz")["mapping"])["event"][0]
    assert (event["case"], event["id"], event["when"]) == ("{subject_id}", ["row_id"], "{startdate}")
    assert event["data"]["amount"] == "{dose_val_rx} {dose_unit_rx?}"
