"""Rows 22 to 33 and 49 of bad_inputs.json: archives, attachments, names and tables that are not as they seem."""

from __future__ import annotations

import gzip
import io
import os
import re
import socket
import stat
import warnings
import zipfile
from typing import Any

import pytest

from events.batches.lines import GZ_FLOOR
from events.batches.load import FORMATS
from events.log import regular_file

FACT = {"case": "a", "id": "x", "type": "fact", "data": {"text": "t"}}
BOMB = "<!DOCTYPE b [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"


def test_row_22_a_bomb_stops_at_the_limit(house: Any) -> None:
    house.put("x.jsonl.gz", gzip.compress(b" " * 100_000 + b"\n", 9) * (GZ_FLOOR // 100_000 + 2))
    house.refuses("load", "x.jsonl.gz", place="it unpacks to more than 67,108,864 bytes", cure="unpack it, look at it")
    house.put("y.jsonl", gzip.compress(b"{}"))
    house.refuses("load", "y.jsonl", place="y.jsonl:1: it is packed by gzip")
    house.put("z.zip", b"PK\3\4")
    house.refuses("load", "z.zip", place="z.zip: its name does not say its format", cure="--format jsonl or csv")
    house.put("cut.jsonl.gz", gzip.compress(b"{}\n" * 99)[:-9])
    house.refuses("load", "cut.jsonl.gz", place="cut.jsonl.gz:", cure="fetch it again")


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/cron.d/x", "C:\\x", "proof.json", "proof.json/../y", "sitecustomize.py"]
)
def test_row_23_an_archive_with_more_than_a_proof(house: Any, name: str) -> None:
    house.takes("checkpoint")
    house.takes("prove", "a", "-o", "p.zip")
    house.takes("check-proof", "p.zip")
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(house.folder / "p.zip", "a") as packed:
        packed.writestr(name, "x")
    house.refuses("check-proof", "p.zip", place="p.zip holds ")


def test_row_23_an_archive_with_a_link(house: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        link = zipfile.ZipInfo("README.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    house.put("p.zip", packed.getvalue())
    house.refuses("check-proof", "p.zip", place="p.zip holds 'README.txt'", cure="do not unpack it")


def test_row_23_an_archive_that_says_it_is_small(house: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("proof.json", b" " * 20_000_000)
    house.put("p.zip", packed.getvalue().replace((20_000_000).to_bytes(4, "little"), (300).to_bytes(4, "little")))
    house.refuses("check-proof", "p.zip", place="p.zip is not a proof")


OUTSIDE = [
    "../../etc/passwd",
    "/etc/passwd",
    "//host/share",
    "in/../../x",
    "/dev/zero",
    "~root/x",
    "C:\\x",
    "in/f\0.txt",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_row_24_an_attachment_stays_under_its_folder(house: Any, name: str) -> None:
    house.refuses("attach", "a", "doc", name, place=f"{name.replace(chr(0), chr(92) + 'x00')} ", cure="name")


def test_row_24_no_link_leads_out(house: Any) -> None:
    (house.folder / "in").mkdir()
    (house.folder / "in" / "passwd").symlink_to("/etc/passwd")
    (house.folder / "in" / "etc").symlink_to("/etc")
    house.refuses("attach", "a", "doc", "in/passwd", place="a symbolic link", cure="name the file itself")
    house.refuses("attach", "a", "doc", "in/etc/passwd", place="a part of in/etc/passwd is", cure="its own path")


def test_row_25_an_attachment_is_a_regular_file(house: Any) -> None:
    os.mkfifo(house.folder / "pipe")
    (house.folder / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("sock")
        for name, words in (("pipe", "a pipe"), ("folder", "a folder"), ("sock", "a socket")):
            house.refuses("attach", "a", "doc", name, place=f"{name} is {words}", cure="name the file itself")
    house.refuses("attach", "a", "doc", "zero", "--root", "/dev", place="zero is a device", cure="name the file itself")
    house.refuses("load", "folder", "--format", "jsonl", place="folder: ", cure="give a file")


def test_row_26_what_is_hashed_is_what_is_kept(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file = house.folder / "report.pdf"
    file.write_bytes(b"as read" * 400_000)
    chunks = regular_file._chunks

    def changing(handle: int) -> Any:
        for chunk in chunks(handle):
            yield chunk
            with file.open("r+b") as behind:
                behind.write(b"changed")

    monkeypatch.setattr(regular_file, "_chunks", changing)
    digest = house("attach", "a", "doc", "report.pdf", "--json").json["sha256"]
    assert house("verify", "--json").json["ok"]
    from events.log import open_log

    with open_log(str(house.db)) as log:
        ((kept, hashed),) = log.rows("SELECT data, sha256 FROM blob")
    assert hashed.hex() == digest
    assert len(kept) == 2_800_000


@pytest.mark.parametrize(
    "name", ["-rf.jsonl", "a\nb.jsonl", "a\x1b[2Jb.jsonl", "$(id).jsonl", "a;b'\".jsonl", "a\u202eb.jsonl"]
)
def test_row_27_a_file_name_is_only_a_name(house: Any, name: str) -> None:
    house.put(name, '{"no"\n')
    house.refuses("load", "--", name, place=".jsonl:1: is not JSON")
    house.put(name, FACT)
    said = house("load", "--", name)
    assert said.err == ""
    assert house("batches", "--json").json["batches"][-1]["name"] == name
    assert not re.search("[\x1b\u202e]", house("batches").out)


@pytest.mark.parametrize("row", ["28", "29"])
def test_row_28_29_yaml_is_no_format(house: Any, row: str) -> None:
    text = {
        "28": "a: &a [x]\nb: [*a,*a]\nc: !!python/object/apply:os.system ['touch pwned']\n",
        "29": "case: a\ndose: 012\nat: 1:30\nno: no\n",
    }[row]
    for name in ("x.yaml", "x.yml"):
        house.put(name, text)
        house.refuses("load", name, place=f"{name}: its name does not say its format", cure="--format")
        house.refuses("load", name, "--format", "yaml", place="--format: 'yaml' is not a format", cure="use one of")
        house.refuses("load", name, "--format", "jsonl", place=f"{name}:1: is not JSON")
    house.put("t.csv", "a\n1\n")
    house.refuses("load", "t.csv", "--map", "x.yaml", place="x.yaml: it is not TOML", cure="see docs/mapping.md")


def test_row_30_xml_is_read_by_the_xes_reader_alone_and_without_entities(house: Any) -> None:
    for name in ("x.xml", "x.html", "x.svg"):
        house.put(name, f"{BOMB}<x>&b;</x>")
        house.refuses("load", name, place=f"{name}: its name does not say its format", cure="--format")
    if "xes" not in FORMATS:
        pytest.skip("there is no XES reader yet")
    for text in (
        f"<?xml version='1.0'?>{BOMB}<log>&b;</log>",
        "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><log>&x;</log>",
        "<?xml version='1.0'?><!DOCTYPE l SYSTEM 'http://127.0.0.1:9/x.dtd'><log/>",
        "<log>" * 100_000,
    ):
        house.put("x.xes", text)
        assert "root:" not in house.refuses("load", "x.xes", place="x.xes")


LEADS = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(1)", "\tx", "=1\tx", "|x", "%x"]


@pytest.mark.parametrize("text", LEADS)
def test_row_31_a_formula_is_stored_as_it_stands(house: Any, text: str) -> None:
    house.put("x.csv", f'case,id,type,data.text,source.speaker\na,x,fact,"{text}z","{text}s"\n')
    house.takes("load", "x.csv")
    stored = house.events()["x"]
    assert (stored["data"]["text"], stored["source"]["speaker"]) == (f"{text}z".strip(), f"{text}s".strip())


@pytest.mark.parametrize(
    ("table", "place", "cure"),
    [
        ("case,type,data.text\na,fact\n", ":2: the row has 2 cells, the header 3", "complete the row"),
        ("case,type,data.text\na,fact,t,u\n", ":2: the row has 4 cells", "quote cells"),
        ('case,type,data.text\na,fact,"t\n', ":2: a quote is opened", "close every quote"),
        ('case,type,data.text\na,fact,t\na,fact,"t"u\n', ":3: it is no CSV", "double a quote"),
        ("case,type,type\na,fact,t\n", ":1: column 'type' stands there twice", "rename"),
        ("case,type\na,fact\n", ":2: data.text: fact needs it", "write it"),
        ("case,type,data.txt\na,fact,t\n", ":2: data.txt: fact has no data field", "did you mean 'text'"),
        ("case,type,data.text,wen\na,fact,t,x\n", ":1: 'wen': no such field", "--map"),
        ("case,type,data.text\na,fact,t\0\n", ":2: ", "NUL"),
    ],
)
def test_row_32_a_table_that_is_none(house: Any, table: str, place: str, cure: str) -> None:
    house.put("x.csv", table)
    house.refuses("load", "x.csv", place=f"x.csv{place}", cure="" if cure == "NUL" else cure)


def test_row_33_separators_are_declared_not_guessed(house: Any) -> None:
    house.put("x.csv", "case;id;type;data.text\na;x;fact;t\n")
    house.refuses("load", "x.csv", place="x.csv:1: ", cure='[file] delimiter = ";"')
    house.put("y.csv", 'case,id,type,data.substance,data.amount\na,x,injection,ketamine,"1,5 mg"\n')
    house.refuses("load", "y.csv", place="y.csv:2: data.amount: '1,5 mg' has a comma", cure="point")
    house.put("z.csv", "d;t\n1,5;x\n")
    mapped = 'delimiter = ";"\n[[event]]\ncase = "a"\nid = "{t}"\ntype = "injection"\n'
    fields = 'data.substance = "ketamine"\ndata.amount = "{d} mg"\n'
    house.put("bad.toml", f"[file]\n{mapped}{fields}")
    house.refuses("load", "z.csv", "--map", "bad.toml", place="z.csv:2: data.amount")
    house.put("good.toml", f'[file]\n{mapped}{fields}[numbers]\ncolumns = ["d"]\ndecimal = ","\n')
    house.takes("load", "z.csv", "--map", "good.toml")
    assert house.events()["x"]["data"]["amount"] == "1.5 mg"


@pytest.mark.parametrize("content", ["", "\n", "  \n\t\n\n", "\ufeff", "\ufeff\n"])
@pytest.mark.parametrize("name", ["x.jsonl", "x.csv", "-"])
def test_row_49_nothing_is_no_batch(house: Any, content: str, name: str) -> None:
    if name != "-":
        house.put(name, content)
    house.refuses("load", name, place="0 events", cure="give a file that has some", stdin=content.encode())


def test_row_49_a_header_alone_is_no_batch(house: Any) -> None:
    house.put("x.csv", "case,type,data.text\n")
    house.refuses("load", "x.csv", place="0 events", cure="give a file that has some")
