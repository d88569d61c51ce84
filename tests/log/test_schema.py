"""The migrations give exactly the schema that the code writes to, without an ini file; reading needs no SQLAlchemy."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

import migrations
from events.event import Draft
from events.log import Log
from events.log.database import COLUMNS, SCHEMAS
from events.log.schema import metadata
from events.log.triggers import TABLES, triggers

pytestmark = pytest.mark.sqlite


def plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).replace("( ", "(").replace(" )", ")").replace(" ,", ",").strip()


def test_the_migrated_tables_are_those_of_the_code(log: Log) -> None:
    there = {name: plain(sql) for name, sql in log.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table'")}
    wanted = {
        table.name: plain(str(CreateTable(table).compile(dialect=sqlite.dialect()))) for table in metadata.sorted_tables
    }
    del there["alembic_version"]
    assert there == wanted
    assert set(wanted) == set(TABLES)


def test_the_columns_that_are_written_are_those_of_the_tables() -> None:
    assert {name: tuple(table.columns.keys()) for name, table in metadata.tables.items() if name != "log"} == COLUMNS


def test_the_migrated_triggers_are_those_of_the_code(log: Log) -> None:
    assert dict(log.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")) == triggers()


def test_there_is_no_index_that_the_design_does_not_name(log: Log) -> None:
    indexes = log.rows(
        "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name = 'event' GROUP BY 1"
    )
    assert indexes == [("event", 2)]


def test_the_last_migration_is_the_schema_of_the_program(log: Log) -> None:
    assert log.rows("SELECT version_num FROM alembic_version") == [(SCHEMAS[-1],)]
    steps = sorted((Path(migrations.__file__).parent / "versions").glob("m*.py"))
    assert [step.name[1:5] for step in steps] == list(SCHEMAS)


def test_migrations_import_nothing_of_ours() -> None:
    for source in Path(migrations.__file__).parent.rglob("*.py"):
        assert not re.search(
            r"^\s*(from|import) (events|timeline|cli)\b", source.read_text(encoding="utf-8"), re.MULTILINE
        )


@pytest.mark.parametrize(
    "setting", [("foreign_keys", 1), ("synchronous", 2), ("cache_size", -65_536), ("trusted_schema", 0)]
)
def test_the_writer_is_durable_and_checks_keys(log: Log, setting: tuple[str, int]) -> None:
    name, value = setting
    with log.writing("keeper") as writer:
        assert writer._rows(f"PRAGMA {name}") == [(value,)]
    assert log.rows("PRAGMA journal_mode") == [("wal",)]
    assert (log.rows("PRAGMA query_only"), log.rows("PRAGMA trusted_schema")) == ([(1,)], [(0,)])


def test_reading_a_log_imports_nothing_heavy(db: str, log: Log, draft: Callable[..., Draft]) -> None:
    with log.writing("keeper") as writer:
        writer.append([draft("a", "1")])
    program = (
        "import sys; from events.log import open_log; log = open_log(sys.argv[1]); assert list(log.events('a'));"
        " print(*sorted({'sqlalchemy', 'alembic', 'pendulum', 'rich', 'click', 'migrations'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, db], capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
    )
    assert (done.stdout.strip(), done.stderr) == ("", "")
