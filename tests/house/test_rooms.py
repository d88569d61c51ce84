"""The house rules that a reader relies on: each room opens by saying its one purpose, and none is a lumber room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

LUMBER = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
SIDES = ("events", "timeline", "migrations")


def rooms(root: Path) -> list[Path]:
    return [root / "cli.py", *(path for side in SIDES for path in sorted((root / side).rglob("*.py")))]


def test_every_room_says_its_purpose_in_one_line(root: Path) -> None:
    silent = []
    for path in rooms(root):
        first = path.read_text("utf-8").partition("\n")[0]
        if not first.startswith(('"""', 'r"""')) or len(first) < 20:
            silent.append(str(path.relative_to(root)))
    assert not silent


def test_no_room_is_a_lumber_room(root: Path) -> None:
    assert not [path for path in rooms(root) if path.stem in LUMBER]


def test_every_public_name_has_a_docstring(root: Path) -> None:
    bare = []
    for path in rooms(root):
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                bare.append(f"{path.relative_to(root)}: {node.name}")
    assert not bare


def test_rooms_stay_small(root: Path) -> None:
    """All but the one file of Click code, which DESIGN 1 fixes."""
    large = {path: len(path.read_text("utf-8").splitlines()) for path in rooms(root) if path.name != "cli.py"}
    assert not {str(path.relative_to(root)): lines for path, lines in large.items() if lines > 400}


def test_functions_stay_short(root: Path) -> None:
    long = [
        f"{path.relative_to(root)}: {node.name}"
        for path in rooms(root)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert not long


@pytest.mark.parametrize("side", SIDES)
def test_every_folder_is_a_package(root: Path, side: str) -> None:
    folders = {path.parent for path in (root / side).rglob("*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]
