"""Plug-ins as a second installed distribution: the page that tells how is run; what is wrong is said in a line.

The distribution is laid out as an installer would (modules and a `.dist-info`) in a folder on the path of a process
that runs the commands, and changed between them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("plug-ins")  # one program, started once
Install = Callable[..., None]
FILE = re.compile(r"^`(?P<name>[\w.-]+)`:\n\n```\w+\n(?P<text>(?:(?!```).*\n)*)```$", re.MULTILINE)
TYPE = "from events import Facts, event_type\n@event_type({name!r})\nclass Taken(Facts):\n    ...\n"
VIEW = "from timeline import view\n@view({name!r}, asks='it')\ndef asked(timeline, params, account):\n    {does}\n"
READER = "from events import reader\n@reader({name!r}, endings=({ending!r},))\ndef read(file):\n    {does}\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder that plug-ins are installed in."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def program(site: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a `casefold` that finds the plug-ins."""
    folder = tmp_path_factory.mktemp("p")
    server, where, path = root / "tests" / "serving.py", folder / "s", folder / "casefold"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CASEFOLD_", "COV_"))}
    env = {**kept, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen([sys.executable, server, where], cwd=folder, env=env)
    while not where.exists():
        assert process.poll() is None
        time.sleep(0.01)
    path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{server}" "{where}" "$@"\n')
    path.chmod(0o755)
    yield path
    process.terminate()
    process.wait()


@pytest.fixture
def install(site: Path) -> Iterator[Install]:
    """Give an installer of distributions: a name, its modules' texts by name, its entry points by group."""

    def lay(name: str, modules: Mapping[str, str], points: Mapping[str, Mapping[str, str]]) -> None:
        info = site / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in each.items()) for group, each in points.items()]
        (info / "entry_points.txt").write_text("\n".join(lines))
        for module, text in modules.items():
            (site / f"{module}.py").write_text(text, "utf-8")

    yield lay
    for path in site.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture
def casefold(program: Path, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Run a command with the plug-ins that are installed: its exit code and what it prints."""

    def run(*words: str) -> tuple[int, str, str]:
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "COLUMNS": "120"}
        done = subprocess.run([program, *words], cwd=tmp_path, env=env, text=True, capture_output=True, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def page_files(page: str) -> dict[str, str]:
    return {found["name"]: found["text"] for found in FILE.finditer(page)}


def test_the_page_says_what_happens(install: Install, program: Path, root: Path, tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("docs_build", root / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    build.PROGRAMS.insert(0, program.parent)
    page = (root / "docs" / "how-to-extend.md").read_text("utf-8")
    files = page_files(page)
    project = tomllib.loads(files["pyproject.toml"])["project"]
    modules = {name.removesuffix(".py"): text for name, text in files.items() if name.endswith(".py")}
    assert set(modules) == {"acupuncture", "told_by", "needles"}, "each is one file"
    install(project["name"], modules, project["entry-points"])
    for name, text in files.items():
        if not name.endswith((".py", ".toml")):
            (tmp_path / name).write_text(text, "utf-8")
    for found in build.BLOCK.finditer(page):
        fresh = build.run(found["script"], tmp_path)
        assert build.settled(fresh) == build.settled(found["output"]), found["script"]
    fresh = build.run("casefold load refused.jsonl --quarantine again.jsonl", tmp_path)
    assert "2 rows refused" in fresh, "what a plug-in's reader gave comes back from the quarantine as events"
    (tmp_path / "again.jsonl").unlink()
    mended = (tmp_path / "refused.jsonl").read_text("utf-8").replace("the day after", "2023-10-14")
    (tmp_path / "mended.jsonl").write_text(mended, "utf-8")
    assert "appended 1 event" in build.run(
        "casefold load mended.jsonl --zone Europe/Paris --quarantine again.jsonl", tmp_path
    )


TWICE = [
    ("casefold.events", TYPE.format(name="infusion"), ("types",), "event type 'infusion'"),
    ("casefold.views", VIEW.format(name="elapsed", does="pass"), ("views",), "view 'elapsed'"),
    ("casefold.readers", READER.format(name="csv", ending=".x", does="pass"), ("load", "a.x"), "the format 'csv'"),
    ("casefold.readers", READER.format(name="x", ending=".tsv", does="pass"), ("load", "a.x"), "the format '.tsv'"),
]


@pytest.mark.parametrize(("group", "text", "words", "what"), TWICE)
def test_what_is_there_twice_is_refused_naming_both(
    install: Install, casefold: Any, group: str, text: str, words: tuple[str, ...], what: str
) -> None:
    install("second-thing", {"second": text}, {group: {"mine": "second"}})
    code, _, err = casefold(*words)
    assert code == 2
    assert err == (
        f"casefold: the plug-in 'mine' (second of second-thing 1.0) does not load: {what} is registered twice,"
        " by Casefold itself and by the module second; give the second another name\n"
    )


def test_two_plug_ins_of_one_name_are_refused_naming_both(install: Install, casefold: Any) -> None:
    for name in ("one", "two"):
        install(f"dist-{name}", {name: TYPE.format(name="moxa")}, {"casefold.events": {name: name}})
    code, _, err = casefold("types")
    assert code == 2
    assert "the plug-in 'two' (two of dist-two 1.0) does not load: event type 'moxa' is registered twice" in err
    assert "by the module one and by the module two" in err


FAILING = [
    ("casefold.events", "1 / 0\n", ("types",), "does not load: ZeroDivisionError: division by zero"),
    ("casefold.events", "import nowhere_at_all\n", ("types",), "does not load: ModuleNotFoundError: No module named"),
    ("casefold.events", TYPE.format(name="odd").replace("...", "weight: float = 0.0"), ("types",), "has no kind"),
    ("casefold.views", VIEW.format(name="odd", does="return {}['x']"), ("ask", "c", "odd"),
     "the view 'odd' (the module failing) fails: KeyError: 'x'"),
    ("casefold.views", VIEW.format(name="odd", does="return 7"), ("ask", "c", "odd"),
     "the view 'odd' (the module failing) gives int, not an Answer"),
    ("casefold.readers", READER.format(name="odd", ending=".odd", does="yield from ({}[0],)"), ("load", "a.odd"),
     "the reader 'odd' (the module failing) fails at a.odd:0: KeyError: 0"),
    ("casefold.readers", READER.format(name="odd", ending=".odd", does="yield 'a'"), ("load", "a.odd"),
     "the reader 'odd' (the module failing) fails at a.odd:0: TypeError: it gives str, not a Row"),
]  # fmt: skip


@pytest.mark.parametrize(("group", "text", "words", "why"), FAILING)
def test_a_plug_in_that_fails_is_named_in_one_line(
    install: Install, casefold: Any, tmp_path: Path, group: str, text: str, words: tuple[str, ...], why: str
) -> None:
    (tmp_path / "a.odd").write_text("a\n")
    assert casefold("add", "c", "death", "--id", "d")[0] == 0
    install("failing-thing", {"failing": text}, {group: {"it": "failing"}})
    code, out, err = casefold(*words)
    assert (code, out) == (2, "")
    assert why in err
    assert err.count("\n") == 1
    assert "failing" in err
    asked = casefold("ask", "c", "chronology")[0]
    assert asked == (2 if group == "casefold.events" else 0), "an answer might miss events of a type that is not there"


def test_the_events_of_a_type_that_is_gone_are_still_there(install: Install, casefold: Any, site: Path) -> None:
    install("passing-thing", {"passing": TYPE.format(name="moxa")}, {"casefold.events": {"moxa": "passing"}})
    assert casefold("add", "c", "moxa", "--id", "m", "--note", "warm")[0] == 0
    shutil.rmtree(site / "passing_thing-1.0.dist-info")
    assert "m" in casefold("log", "c")[1]
    code, out, _ = casefold("types", "--check")
    assert (code, out) == (
        1,
        "moxa version 1: the type is not installed (first at position 1); install the plug-in that has it\n",
    )
    assert "'moxa' is not an event type" in casefold("add", "c", "moxa")[2]
