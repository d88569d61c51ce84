"""Redaction on PostgreSQL: what was erased is in no file of the database; what cannot be reached is said."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from events.drafting import draft as drafting
from events.log import Log
from events.log.redact import redact
from events.log.verify import verify
from tests.databases.server import Server


def lines(count: int) -> list[dict[str, Any]]:
    return [
        {"case": "a", "id": f"e{n}", "type": "fact", "data": {"text": f"a plain text {n}"},
         "note": f"the-secret-note-{n}-{'x' * (n % 900)}", "private": f"the-private-word-{n}"}
        for n in range(count)
    ]  # fmt: skip


def files_with(server: Server, log: Log, text: str) -> list[str]:
    """Give the files of the database that hold a text, once the server has written its memory out."""
    with closing(server.connect()) as admin:
        admin.execute("CHECKPOINT")
        name = log.where.partition("?")[0].rpartition("/")[2]
        ((oid,),) = admin.execute("SELECT oid FROM pg_database WHERE datname = %s", (name,)).fetchall()
    folder: Path = server.place / "data" / "base" / str(oid)
    return sorted(path.name for path in folder.iterdir() if text.encode() in path.read_bytes())


def test_what_is_redacted_is_in_no_file_of_the_database(server: Server, log: Log) -> None:
    with log.writing("keeper") as writer:
        writer.append([drafting(line) for line in lines(400)])
    with log.holding() as writing:
        writing.rows("ANALYZE")
    assert files_with(server, log, "the-secret-note-7-")
    done = redact(log, "a", "e7", ["note", "private"], reason="asked for", authority="court")
    assert done["scrubbed"] is True
    assert "write-ahead log and archives of it, replicas, base backups" in done["not_reached"]
    assert files_with(server, log, "the-secret-note-7-") == []
    assert files_with(server, log, 'the-private-word-7"') == []
    assert files_with(server, log, "the-secret-note-8-")
    assert verify(log).problems == ()


def test_a_reader_in_the_way_is_said(server: Server, log: Log, monkeypatch: Any) -> None:
    monkeypatch.setattr("events.log.on_postgres.server.BUSY_SECONDS", 0.05)
    with log.writing("keeper") as writer:
        writer.append([drafting(line) for line in lines(2)])
    with closing(server.connect(log.where.partition("?")[0].rpartition("/")[2])) as reader, reader.transaction():
        reader.execute("SELECT * FROM casefold.disclosure")
        done = redact(log, "a", "e1", ["note"], reason="asked for", authority="court")
    assert done["scrubbed"] is False
    assert log.scrub() is True


def test_what_a_transaction_elsewhere_on_the_server_keeps_alive_is_not_called_scrubbed(
    server: Server, log: Log, monkeypatch: Any
) -> None:
    monkeypatch.setattr("events.log.on_postgres.server.BUSY_SECONDS", 0.1)
    with log.writing("keeper") as writer:
        writer.append([drafting(line) for line in lines(9)])
    with closing(server.connect()) as other, other.transaction():
        other.execute("SELECT pg_current_xact_id()")
        done = redact(log, "a", "e7", ["note"], reason="asked for", authority="court")
        assert done["scrubbed"] is False
        assert files_with(server, log, "the-secret-note-7-")
    assert log.scrub() is True
    assert files_with(server, log, "the-secret-note-7-") == []
