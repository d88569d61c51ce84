"""The walls: each contract of setup.cfg bites on a planted violation, and no room stands outside them."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLANTED = {
    "Imports run from timeline to events, never back": ("events/source.py", "import timeline.network"),
    "Nothing imports the command line": ("timeline/network.py", "import click"),
    "The vocabulary of events loads no database": ("events/quantity.py", "import sqlalchemy"),
    "Only files, commands and reports open the log": ("events/units.py", "import events.log.read"),
    "Pure rooms know no files, no clock, no chance": ("timeline/network.py", "import time"),
    "The read side never appends": ("timeline/answers.py", "import events.log.append"),
    "Migrations import nothing of ours": ("migrations/env.py", "import events.when"),
    "The write side runs from files to vocabulary": ("events/when.py", "import events.codec"),
    "The read side runs from reports to the network": ("timeline/network.py", "import timeline.case"),
    "The log's databases are reached through their seam": ("timeline/reports/again.py", "import events.log.on_sqlite"),
    "A batch runs from rows to the log": ("events/batches/row.py", "import events.batches.cells"),
    "Readers of files know no log": ("events/batches/lines.py", "import events.log.frame"),
    "A report is composed once and written after": ("timeline/reports/spans.py", "import timeline.reports.web"),
    "What is composed, written and drawn asks no log": ("timeline/charts/axis.py", "import timeline.read"),
}


def contracts(root: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser()
    read.read(root / "setup.cfg", encoding="utf-8")
    return read


@pytest.fixture(scope="module")
def copy(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the packages in which every wall has been broken once."""
    place = tmp_path_factory.mktemp("walls")
    for name in ("events", "timeline", "migrations"):
        shutil.copytree(root / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "cli.py"):
        shutil.copy(root / name, place / name)
    return place


def lint(place: Path) -> str:
    program = Path(sys.executable).parent / "lint-imports"
    env = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    done = subprocess.run(
        [str(program), "--no-cache", "--no-logo"], cwd=place, env=env, text=True, capture_output=True, check=False
    )
    return done.stdout + done.stderr


def test_every_contract_holds_and_bites(copy: Path) -> None:
    before = lint(copy)
    assert {name for name in PLANTED if f"{name} KEPT" in before} == set(PLANTED), before
    for file, line in PLANTED.values():
        path = copy / file
        path.write_text(f"{path.read_text('utf-8')}\n{line}\n", "utf-8")
    after = lint(copy)
    assert {name for name in PLANTED if f"{name} BROKEN" in after} == set(PLANTED), after


def test_every_contract_is_planted(root: Path) -> None:
    read = contracts(root)
    named = {read[section]["name"] for section in read.sections() if section.startswith("importlinter:")}
    assert named == set(PLANTED)


def test_a_new_room_stands_within_the_walls(root: Path) -> None:
    read = contracts(root)
    files = {line.split(" -> ")[0] for line in read["importlinter:contract:pure"]["ignore_imports"].split("\n") if line}
    assert not [room for room in files if room.endswith(".**") and room.count(".") < 3], "a whole package is let off"
    assert read["importlinter:contract:pure"]["source_modules"].split() == ["events.**", "timeline.**"]
    assert read["importlinter:contract:vocabulary"]["source_modules"].split() == ["events.**"]
