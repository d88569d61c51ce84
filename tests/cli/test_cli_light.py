"""What a command loads: the help next to nothing, the read path no Alembic, no Pendulum, no rich."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

WRITERS = {"alembic", "pendulum", "rich", "jinja2"}


def loaded(cli: Any, code: str) -> set[str]:
    """Give the top-level modules that stand in sys.modules after this code; how signals are heard is not counted."""
    names = "{name.partition('.')[0] for name in sys.modules if name not in ('events', 'events.stopping')}"
    script = f"{code}\nimport sys; print('\\n' + ' '.join(sorted({names})))"
    run = [sys.executable, "-c", script]
    done = subprocess.run(run, cwd=cli.folder, env=cli.env, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def command(*words: str) -> str:
    run = "try: cli.main()\nexcept SystemExit as done: assert not done.code"
    return f"import sys, cli\nsys.argv = ['casefold', *{words!r}]\n{run}"


def test_import_events_loads_no_database(cli: Any) -> None:
    assert not loaded(cli, "import events, events.when, events.event") & {"sqlalchemy", "sqlite3", "click", *WRITERS}


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("load", "--help")])
def test_help_loads_none_of_our_rooms(cli: Any, words: tuple[str, ...]) -> None:
    heavy = {"sqlalchemy", "sqlite3", "msgspec", "events", "timeline", *WRITERS}
    assert not loaded(cli, command(*words)) & heavy


def test_asking_loads_no_writer(cli: Any) -> None:
    cli("add", "a", "death", "--id", "death", "--when", "2023-10-28T16:17Z")
    for words in (
        ("ask", "a", "chronology"),
        ("ask", "a", "elapsed", "death", "death", "--json"),
        ("cases",),
        ("log", "a"),
    ):
        assert not loaded(cli, command(*words)) & {"sqlalchemy", *WRITERS}, words
