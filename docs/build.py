"""Runs the blocks of the documentation and writes what they print; makes the generated parts of the reference.

A block marked `sh` that a block marked `text` follows is run, in one folder a page, and must print that text. Instants,
ids of logs and hashes differ from run to run and are not compared. `python docs/build.py` writes, `--check` only says.
"""

from __future__ import annotations

import atexit
import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

ROOT: Final = Path(__file__).resolve().parent.parent
PROGRAMS: list[Path] = [Path(sys.executable).parent]
"""Where `casefold` is looked for, before the reader's own PATH."""
PAGES: Final = ("README.md", *sorted(f"docs/{page.name}" for page in ROOT.glob("docs/*.md")))
RUN_ELSEWHERE: Final = ("docs/how-to-extend.md",)
"""Pages whose blocks need more than Casefold: tests/packaging runs that one, with its plug-in installed."""
FOUNDING: Final = "casefold --db casefold.db demo >/dev/null 2>&1\n"
"""The line by which a page begins with the founding case."""
FAULT: Final = "run it again with CASEFOLD_DEBUG=1 and report what it prints"
LINES: Final = r"(?:(?!```).*\n)*"
BLOCK: Final = re.compile(rf"^```sh\n(?P<script>{LINES})```\n\n```text\n(?P<output>{LINES})```$", re.MULTILINE)
MADE: Final = re.compile(r"(?P<open><!-- made: (?P<name>\w+) -->\n).*?(?P<close><!-- end -->)", re.DOTALL)
PASSING: Final = (
    (re.compile(r"20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"), "<now>"),
    (re.compile(r"casefold/[0-9a-f]{32}"), "<log>"),
    (re.compile(r"c:[0-9a-f]{32}"), "<id>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"(?<=signature holds )\([0-9a-f]{8}\)"), "(<key>)"),
    (re.compile(r"tzdata 20\d\d[a-z]"), "<tzdata>"),
)


def settled(text: str) -> str:
    """Give a text without what differs from run to run."""
    for pattern, word in PASSING:
        text = pattern.sub(word, text)
    return text


def run(script: str, folder: Path) -> str:
    """Run a block in a folder as a reader would, and give what it prints on both streams."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEFOLD_")}
    path = os.pathsep.join((*map(str, PROGRAMS), os.environ.get("PATH", "")))
    if script.startswith(FOUNDING):
        shutil.copytree(founding_case(), folder, dirs_exist_ok=True)
        script = script.removeprefix(FOUNDING)
    env = {**kept, "PATH": path, "COLUMNS": "100", "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    command = ["bash", "-c", f"exec 2>&1\n{script}"]
    done = subprocess.run(command, cwd=folder, env=env, text=True, capture_output=True, timeout=120, check=False)
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


@functools.cache
def founding_case() -> Path:
    """Give a folder with the founding case as `demo` loads it: once, and without its questions, which take a second."""
    folder = Path(tempfile.mkdtemp(prefix="casefold-docs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    run(f"casefold --db casefold.db load {shlex.quote(str(ROOT / 'timeline' / 'demo' / 'perry.jsonl'))}", folder)
    return folder


def with_output(page: str) -> str:
    """Give a page with the output of each of its blocks as it is now; what is only passing stays as it was."""
    with tempfile.TemporaryDirectory(prefix="casefold-docs-") as name:

        def again(found: re.Match[str]) -> str:
            fresh = run(found["script"], Path(name))
            kept = found["output"] if settled(fresh) == settled(found["output"]) else fresh
            return f"```sh\n{found['script']}```\n\n```text\n{kept}```"

        return BLOCK.sub(again, page)


def with_parts(page: str) -> str:
    """Give a page with its generated parts as they are now."""
    makers = {"commands": commands, "views": views, "types": types}
    return MADE.sub(lambda found: f"{found['open']}\n{makers[found['name']]()}\n{found['close']}", page)


def commands() -> str:
    """Give the help of every command."""
    from cli import casefold

    blocks = []
    for words, command in _every("casefold", casefold):
        named = ["-h", "--help"]
        context = click.Context(
            command, info_name=words, help_option_names=named, terminal_width=100, max_content_width=100
        )
        blocks.append(f"### `{words}`\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(blocks)


def _every(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield words, command
    if isinstance(command, click.Group) and not words.endswith(" ask"):
        for name, each in sorted(command.commands.items()):
            yield from _every(f"{words} {name}", each)


def views() -> str:
    """Give every view: its usage, what it asks, what it takes, and the JSON that its room describes."""
    import inspect

    from timeline.views import views as known

    blocks = []
    for each in known().values():
        optional = {one.name: "" if one.required else " (may be left out)" for one in each.parameters}
        takes = "".join(f"- `{one.words}`{optional[one.name]}: {one.help}\n" for one in each.parameters)
        room = inspect.getdoc(sys.modules[each.answers.__module__]) or ""
        said = re.sub(r"docs/([\w-]+\.md)", r"[\1](\1)", room.partition("\n\n")[2])
        head = f"### `{each.name}`\n\n`casefold ask CASE {each.usage}`: {each.asks}."
        blocks.append("\n\n".join(part for part in (head, takes.rstrip(), said) if part) + "\n")
    return "\n".join(blocks)


def types() -> str:
    """Give every event type with its data fields, by family."""
    from events.event import event_types
    from events.fields import kinds

    lines: list[str] = []
    family = ""
    for each in sorted(event_types().values(), key=lambda one: one.rank):
        if each.family != family:
            family = each.family
            lines += ["", f"### {family}", "", "| type | says | data |", "| --- | --- | --- |"]
        says = (each.facts.__doc__ or "").strip().partition("\n")[0].replace("|", "\\|")
        fields = ", ".join(f"`{name}` ({kind.name})" for name, kind in kinds(each.facts).items())
        lines.append(f"| `{each.name}` | {says} | {fields} |")
    return "\n".join(lines[1:]) + "\n"


def main() -> int:
    """Write the pages as they should be; with `--check` only name those that are not."""
    stale = []
    for name in PAGES:
        path = ROOT / name
        page = path.read_text("utf-8")
        whole = with_parts(page)
        if (fresh := whole if name in RUN_ELSEWHERE else with_output(whole)) != page:
            stale.append(name)
            if FAULT in fresh:
                sys.exit(f"{name} would show a fault of the program's own; mend that first")
            if "--check" not in sys.argv:
                path.write_text(fresh, "utf-8")
    sys.stdout.write("".join(f"{name} {'is stale' if '--check' in sys.argv else 'written'}\n" for name in stale))
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
