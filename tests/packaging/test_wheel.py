"""The wheel: what is in it, and that it runs in an environment of its own, from another folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("wheel")]  # one environment, made once
SOURCES = ("events", "timeline", "migrations", "cli.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")
DATA = {
    "timeline/demo/perry.jsonl",
    "timeline/kinetics/substances.toml",
    "timeline/reports/templates/body.html",
    "timeline/reports/templates/page.html",
    "timeline/reports/templates/paged.css",
    "timeline/reports/templates/report.css",
    "timeline/reports/templates/report.js",
    "migrations/script.py.mako",
    "events/py.typed",
    "timeline/py.typed",
}


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(("CASEFOLD_", "PYTHON", "COV_"))}
    command = [*map(str, words)]
    return subprocess.run(command, cwd=cwd, env=env, text=True, capture_output=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the sources."""
    place = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        if (root / name).is_dir():
            shutil.copytree(root / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(root / name, place / name)
    done = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", ".", cwd=place)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = (place / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def casefold(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment of its own; skips where no package index can be reached."""
    place = tmp_path_factory.mktemp("venv")
    made = run(sys.executable, "-m", "venv", "--without-pip", place, cwd=place)
    assert made.returncode == 0, made.stderr
    python = ("--python", place / "bin" / "python", "--disable-pip-version-check")
    pip = (sys.executable, "-m", "pip", *python, "install", "--quiet", "--no-compile")
    done = run(*pip, wheel, cwd=place)
    if done.returncode and run(*pip, "--retries", "1", "click", cwd=place).returncode:
        pytest.skip("no package index can be reached from this machine")
    assert done.returncode == 0, done.stderr
    return place / "bin" / "casefold"


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path, root: Path) -> None:
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    code = {
        str(path.relative_to(root))
        for side in ("events", "timeline", "migrations")
        for path in (root / side).rglob("*.py")
        if (path.parent / "__init__.py").is_file()
    }
    assert held == code | DATA | {"cli.py"}
    assert any(name.endswith("licenses/LICENSE") for name in zipfile.ZipFile(wheel).namelist())


def test_it_runs_from_another_folder(casefold: Path, root: Path, tmp_path: Path) -> None:
    shown = run(casefold, "--version", cwd=tmp_path)
    assert shown.stdout.startswith("casefold "), shown.stderr
    demo = run(casefold, "demo", cwd=tmp_path)
    assert demo.returncode == 0, demo.stderr
    assert "at least 27, amount unknown" in demo.stdout

    event = {"case": "a", "id": "death", "type": "death", "when": "2023-10-28T16:17Z"}
    (tmp_path / "a.jsonl").write_text(json.dumps(event) + "\n", "utf-8")
    loaded = run(casefold, "load", "a.jsonl", cwd=tmp_path)
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout == "appended 1 event of 1 case (position 1)\n"
    asked = run(casefold, "ask", "a", "chronology", "--json", cwd=tmp_path)
    assert [event["id"] for event in json.loads(asked.stdout)["events"]] == ["death"]
    assert run(casefold, "db", "check", cwd=tmp_path).returncode == 0


def test_its_code_is_its_own(casefold: Path, root: Path, tmp_path: Path) -> None:
    names = "cli, events, timeline, migrations"
    code = f"import {names}; print(*(each.__file__ for each in ({names})))"
    places = run(casefold.parent / "python", "-c", code, cwd=tmp_path).stdout.split()
    assert len(places) == 4
    assert not [place for place in places if str(root) in place]
