"""The documentation as tests: every block that shows output prints it, and nothing there is stands unmentioned."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

PAGES = (
    "README.md",
    "docs/tutorial.md",
    "docs/how-to.md",
    "docs/amendments.md",
    "docs/reference.md",
    "docs/explanation.md",
)


@pytest.fixture(scope="module")
def build(root: Path, program: Path | None) -> Any:
    """Give the room that makes the documentation."""
    spec = importlib.util.spec_from_file_location("docs_build", root / "docs" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_build"] = module
    spec.loader.exec_module(module)
    if program:
        module.PROGRAMS.insert(0, program.parent)
    return module


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_as_it_would_be_made(build: Any, root: Path, name: str) -> None:
    page = (root / name).read_text("utf-8")
    assert build.with_output(build.with_parts(page)) == page, "run `make docs` and read what changed"


def test_the_pages_are_all_made(build: Any) -> None:
    assert build.PAGES == PAGES


def test_blocks_are_found_and_wrong_output_is_seen(build: Any) -> None:
    page = "```sh\necho one\n```\n\nwords\n\n```sh\necho two\n```\n\n```text\ntoo\n```\n"
    assert build.with_output(page) == page.replace("too\n", "two\n")


def test_what_differs_from_run_to_run_is_not_compared(build: Any) -> None:
    page = "```sh\necho c:0123456789abcdef0123456789abcdef\n```\n\n```text\nc:ffffffffffffffffffffffffffffffff\n```\n"
    assert build.with_output(page) == page


def test_every_command_view_and_type_is_documented(root: Path) -> None:
    from cli import casefold
    from events.event import event_types
    from timeline.views import views

    reference = (root / "docs" / "reference.md").read_text("utf-8")
    for name in casefold.commands:
        assert f"### `casefold {name}`" in reference
    for name in views():
        assert f"### `{name}`" in reference
    for name in event_types():
        assert f"| `{name}` |" in reference


def test_every_command_says_what_it_does_and_prints_json() -> None:
    import click

    from cli import casefold

    def leaves(group: click.Group) -> list[click.Command]:
        context = click.Context(group)
        members = [group.get_command(context, name) for name in group.list_commands(context)]
        found = [one for one in members if isinstance(one, click.Command)]
        return [leaf for one in found for leaf in (leaves(one) if isinstance(one, click.Group) else [one])]

    commands = leaves(casefold)
    assert len(commands) > 20
    for command in commands:
        assert command.help, command.name
        assert any("--json" in option.opts for option in command.params), command.name
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, (command.name, option.name)


def test_links_lead_somewhere(root: Path) -> None:
    for name in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", (root / name).read_text("utf-8")):
            assert (root / name).parent.joinpath(target).exists(), f"{name}: {target}"


def test_nothing_names_this_machine(root: Path) -> None:
    for path in (*(root / name for name in PAGES), root / "CHANGELOG.md", root / "Makefile", root / "setup.cfg"):
        assert not re.search(r"/(work|home|root|tmp/(?!\.))/?\w", path.read_text("utf-8")), path
