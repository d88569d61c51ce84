"""The commands on a server: the same answers as on a file, and a password in the URL that none of them prints."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.databases.server import OWNER, Server

SECRET = "pa55w0rd"
QUESTIONS = (
    ("days-since-last", "infusion", "--at", "death"),
    ("dose-total", "--type", "injection", "--window", "4 days before @death"),
    ("chronology",),
)


@pytest.fixture
def facts(root: Path) -> Path:
    return root / "timeline" / "demo" / "perry.jsonl"


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in ("log", "as_of")}


def test_a_server_answers_as_a_file_does_and_tells_no_password(
    cli: Any, server: Server, postgres_place: str, facts: Path
) -> None:
    url = postgres_place.replace(OWNER, f"{OWNER}:{SECRET}")
    with closing(server.connect()) as admin, suppress(psycopg.errors.DuplicateObject):
        admin.execute("CREATE ROLE clerk LOGIN")
    (cli.folder / "report.txt").write_text("the report\n")
    said = [cli("--db", url, "load", facts)]
    assert said[0].err.startswith("created postgresql://casefold_owner@/place")
    cli("load", facts)
    for question in QUESTIONS:
        here, there = (cli(*where, "ask", "perry", *question, "--json") for where in ((), ("--db", url)))
        said.append(there)
        assert plain(here.json) == plain(there.json)
    each = (
        ("key", "new"), ("checkpoint",), ("verify",), ("db", "check"), ("db", "upgrade"),
        ("prove", "perry", "-o", "proof.zip"), ("db", "backup", "copy.db"), ("db", "grant", "clerk"),
        ("add", "perry", "document", "--id", "kept", "title=The report"), ("attach", "perry", "kept", "report.txt"),
        ("redact", "perry", "kept", "note", "--reason", "x", "--authority", "y"), ("db", "copy", "copy.db"),
        ("ask", "nobody", "chronology"),
    )  # fmt: skip
    said += [cli("--db", url, *words, code=None) for words in each]
    assert [one.code for one in said if one.code] == [2, 2, 2], "what cannot be redacted, copied, asked"
    assert not [one for one in said if SECRET in one.out + one.err]
    assert not [path for path in cli.folder.iterdir() if SECRET in path.name or SECRET.encode() in path.read_bytes()]
    assert cli("--db", "copy.db", "verify", "--json").json["ok"] is True


def test_a_file_knows_no_roles(cli: Any, facts: Path) -> None:
    cli("load", facts)
    (line,) = cli("db", "grant", "clerk", code=2).lines
    assert "is a SQLite file, which knows no roles; give the file to a user or a group" in line
