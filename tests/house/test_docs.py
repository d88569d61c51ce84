"""The documentation as tests: every block that shows output prints it, and nothing there is stands unmentioned."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", *sorted(f"docs/{page.name}" for page in ROOT.glob("docs/*.md")))
EXAMPLES = tuple(str(page.relative_to(ROOT)) for page in sorted(ROOT.glob("examples/**/*.md")))
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(casefold [^`]+)`")
HERE = re.compile(r"<<'END'\n.*?^END$", re.MULTILINE | re.DOTALL)
PLACEHOLDERS = ("VIEW", "COMMAND", "told-by")
"""Words in the place of a view: any one, and that of the plug-in which docs/how-to-extend.md makes."""


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
    whole = build.with_parts(page)
    made = whole if name in build.RUN_ELSEWHERE else build.with_output(whole)
    assert made == page, "run `make docs` and read what changed"
    assert build.FAULT not in page


def test_the_pages_are_all_made(build: Any) -> None:
    assert build.PAGES == PAGES
    assert set(build.RUN_ELSEWHERE) < set(PAGES)


@pytest.mark.parametrize("name", [*PAGES, *EXAMPLES, "CHANGELOG.md"])
def test_every_command_line_shown_is_one_that_the_program_takes(root: Path, name: str) -> None:
    page = (root / name).read_text("utf-8")
    for line in (*shown_lines(page), *shown_inline(page)):
        assert not (wrong := misfit(line)), f"{name}: {line}: {wrong}"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("casefold lode a.jsonl", "there is no command 'lode'"),
        ("casefold --db x.db load a.jsonl --maps b.toml", "--maps"),
        ("casefold ask perry elapsed a b --standing found", ""),
        ("casefold ask perry elapse a b", "there is no command 'elapse'"),
        ("casefold key new --olds FILE", "--olds"),
        ("casefold db grant clerk --may alter", "'alter' is not one of"),
    ],
)
def test_a_command_line_that_the_program_would_refuse_is_seen(line: str, wrong: str) -> None:
    assert wrong in misfit(line)
    assert bool(wrong) == bool(misfit(line))


def test_command_lines_are_found_wherever_they_are_shown() -> None:
    blocks = "```text\ncasefold d > e\n```\n\n```sh\nf; casefold g | h\n```\n"
    page = f"x `casefold a` y\n\n    casefold b \\\n      --c  # why\n\n{blocks}"
    assert [line.split() for line in (*shown_lines(page), *shown_inline(page))] == [
        ["casefold", "d"], ["casefold", "g"], ["casefold", "b", "--c"], ["casefold", "a"],
    ]  # fmt: skip


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


def test_every_page_is_linked_from_another(root: Path) -> None:
    links = {
        (root / name).parent.joinpath(target).resolve()
        for name in PAGES
        for target in re.findall(r"\]\(([^)#:]+)\)", (root / name).read_text("utf-8"))
        if (root / name).parent.joinpath(target).resolve() != root / name
    }
    assert {root / name for name in PAGES} - {root / "README.md"} <= links


def test_every_extra_is_named(root: Path) -> None:
    setup = ConfigParser()
    setup.read_string((root / "setup.cfg").read_text("utf-8"))
    extras = {name for name, _ in setup.items("options.extras_require")}
    assert extras == set(rows_of(root, "Extras"))


def test_every_environment_variable_that_is_read_is_documented(root: Path) -> None:
    rooms = (root / name for name in ("events", "timeline", "migrations"))
    code = [root / "cli.py", *(path for room in rooms for path in room.glob("**/*.py"))]
    read = {name for path in code for name in re.findall(r"\b_?CASEFOLD_[A-Z_]+", path.read_text("utf-8"))}
    assert read == set(rows_of(root, "Settings"))
    ours = [root / "Makefile", *root.glob("tests/**/*.py"), *root.glob("bench/**/*.py")]
    used = {name for path in ours for name in re.findall(r"(?<!_)CASEFOLD_[A-Z]+(?:_[A-Z]+)*", path.read_text("utf-8"))}
    told = set(re.findall(r"`(CASEFOLD_[A-Z_]+)", (root / "docs" / "reference.md").read_text("utf-8")))
    assert used <= told


def test_nothing_is_left_to_be_written(root: Path) -> None:
    for name in (*PAGES, "CHANGELOG.md"):
        assert not re.search(r"\b(TODO|FIXME|TBD|XXX)\b", (root / name).read_text("utf-8")), name


def test_nothing_names_this_machine(root: Path) -> None:
    for path in (*(root / name for name in PAGES), root / "CHANGELOG.md", root / "Makefile", root / "setup.cfg"):
        assert not re.search(r"/(work|home|root|tmp/(?!\.))/?\w", path.read_text("utf-8")), path


def rows_of(root: Path, heading: str) -> list[str]:
    """Give the first cells of the table under a heading of the reference."""
    _, _, rest = (root / "docs" / "reference.md").read_text("utf-8").partition(f"\n## {heading}\n")
    return re.findall(r"^\| `(\w+)` \|", rest.partition("\n## ")[0], re.MULTILINE)


def shown_lines(page: str) -> list[str]:
    """Give every command line of ours in blocks and indented examples, without what the shell takes."""
    blocks = [found["body"] for found in FENCE.finditer(page) if found["kind"] in ("sh", "text")]
    blocks.append("\n".join(line[4:] for line in FENCE.sub("", page).splitlines() if line.startswith("    ")))
    scripts = [HERE.sub("", block.replace("\\\n", "")) for block in blocks]
    lines = [line for script in scripts for line in script.splitlines()]
    return [part for line in lines for part in parts_of(line) if part.startswith("casefold ")]


def parts_of(line: str) -> list[str]:
    """Cut a shell's line into its commands; a line that no shell would read has none."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&<>()")
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:
        return []
    commands: list[list[str]] = [[]]
    for word in words:
        if word and set(word) <= set("|;&<>()"):
            commands.append([])
        else:
            commands[-1].append(word)
    return [shlex.join(each) for each in commands]


def shown_inline(page: str) -> list[str]:
    """Give every command line of ours in running text, with what may be left out put in."""
    found = INLINE.findall(FENCE.sub("", page))
    whole = (re.sub(r"\b([A-Z]+)\|[A-Z]+", r"\1", re.sub(r"[\[\]]", "", one)) for one in found)
    return [part for one in whole for part in parts_of(one)[:1]]


def misfit(line: str) -> str:
    """Say why the program would not take a command line; empty where it would, or where the line is not a whole one."""
    import click

    from cli import casefold

    words = shlex.split(line)[1:]
    if any(word in PLACEHOLDERS for word in words):
        return ""
    try:
        context = casefold.make_context("casefold", words)
        while isinstance(context.command, click.Group):
            held = vars(context)
            rest = [*(held.get("_protected_args") or held.get("protected_args") or ()), *context.args]
            if not rest:
                return ""
            name, command, rest = context.command.resolve_command(context, rest)
            assert command is not None
            context = command.make_context(name, rest, parent=context)
    except (click.MissingParameter, click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        return ""
    except click.UsageError as error:
        words_of_it = error.format_message()
        return "" if re.search("does not exist|requires an argument", words_of_it) else words_of_it
    return ""
