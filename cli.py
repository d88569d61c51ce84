"""The command line: the only Click code, one short function a command. Decides nothing about a case.

Heavy rooms are imported inside the command that needs them, so that `casefold --help` loads none of them.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from events.log import Log
    from timeline.views import Parameter, View

INTERRUPTED: Final = 130
TERMINATED: Final = 143
OURS: Final = (("events", "errors.py"), ("timeline", "case.py"), ("migrations", "env.py"))
Function = TypeVar("Function", bound=Callable[..., Any])


class Settings(NamedTuple):
    """What holds for every command: the database, and who enters what is written."""

    db: str
    by: str


class Terminated(BaseException):
    """The process was asked to end (SIGTERM)."""


class Nearest(click.Group):
    """A group that answers an unknown command with the nearest one there is."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; raises `UsageError` that names the nearest one."""
        from difflib import get_close_matches

        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.5)
            hint = f"did you mean '{near[0]}'?" if near else f"see `{ctx.command_path} --help`"
            raise click.UsageError(f"there is no command '{args[0]}'; {hint}", ctx)
        return super().resolve_command(ctx, args)


def main() -> NoReturn:
    """Run the command line and leave with its exit code (DESIGN 10): the one place where faults become codes."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        code = _run(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except (KeyboardInterrupt, click.Abort):
        code = _complain(["casefold: interrupted; nothing was written"], INTERRUPTED)
    except Terminated:
        code = _complain(["casefold: terminated; nothing was written"], TERMINATED)
    except Exception as error:
        if os.environ.get("CASEFOLD_DEBUG"):
            raise
        code = _complain(*_fault(error))
    sys.exit(code)


def _run(words: Sequence[str]) -> int:
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    _own_names()
    if "_CASEFOLD_COMPLETE" in os.environ:
        casefold.main(list(words), prog_name="casefold")
    try:
        with casefold.make_context("casefold", list(words)) as ctx:
            casefold.invoke(ctx)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message())
    return 0


def _own_names() -> None:
    """Refuse to run where another package has taken one of our import names (PyPI's `Events` does)."""
    from importlib.util import find_spec
    from pathlib import Path

    here = Path(__file__).resolve().parent
    for name, ours in OURS:
        spec = find_spec(name)
        found = Path(next(iter(spec.submodule_search_locations or ["nowhere"]))).resolve() if spec else Path("nowhere")
        first = found / "__init__.py"
        if found.parent != here or not (found / ours).is_file() or not first.read_text("utf-8").startswith('"""'):
            raise click.ClickException(
                f"another package has taken the name '{name}' (at {found});"
                " install casefold in an environment of its own, such as `pipx install casefold`"
            )


def _terminate(*_: object) -> NoReturn:
    raise Terminated


def _fault(error: Exception) -> tuple[list[str], int]:
    """Put a fault into lines and a code; one of Click's own into one line that says what to write instead."""
    if not isinstance(error, click.ClickException):
        from timeline.reports.faults import lines_of

        return lines_of(error)
    words = " ".join(error.format_message().split()).rstrip(".")
    if isinstance(error, click.UsageError) and error.ctx is not None and ";" not in words:
        words = f"{words[0].lower()}{words[1:]}; see `{error.ctx.command_path} --help`"
    from timeline.reports.faults import prefixed

    return prefixed([words]), 2


def _complain(lines: Sequence[str], code: int) -> int:
    for line in lines:
        click.echo(line, err=True)
    return code


def _give(value: Any, lines: Callable[[Any], Sequence[str]], *, as_json: bool) -> None:
    """Print a result: as JSON, or in the words that `lines` makes of it."""
    from timeline.reports.escape import json_text, visible

    click.echo(json_text(value) if as_json else visible("\n".join(lines(value))))


def prints(words: str, *, fails: Callable[[Any], bool] = lambda _: False) -> Callable[[Function], Function]:
    """Let a command print what it returns: as JSON with `--json`, else by the function `words` of the console room.

    The command exits 1 where `fails` says that what was checked did not hold.
    """

    def wrap(function: Function) -> Function:
        @click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
        @click.pass_context
        def run(ctx: click.Context, /, as_json: bool, **given: Any) -> None:
            from timeline.reports import console

            value = function(ctx.obj, **given)
            _give(value, getattr(console, words), as_json=as_json)
            ctx.exit(1 if fails(value) else 0)

        return update_wrapper(run, function)  # type: ignore[return-value]

    return wrap


def options(*each: Callable[[Function], Function]) -> Callable[[Function], Function]:
    """Make one decorator of several, in the order they are to be shown."""

    def apply(function: Function) -> Function:
        for one in reversed(each):
            function = one(function)
        return function

    return apply


def several(name: str, into: str, words: str) -> Callable[[Function], Function]:
    """Make an option that may be given more than once."""
    return click.option(name, into, multiple=True, help=f"{words} (repeatable).")


def texts(**named: str) -> Callable[[Function], Function]:
    """Make options that each take one text, by name and help."""
    made = ((f"--{name.replace('_', '-')}", name, words) for name, words in named.items())
    return options(*(click.option(option, name, default="", help=words) for option, name, words in made))


said = texts(
    id="Its name in the case; else one is made of its content.",
    when="When it happened, as far as known.",
    until="When it ended, as far as known.",
    zone="The time zone of its dates.",
    speaker="Who says so.",
    via="Who reports the speaker.",
    standing="found, documented, admitted, stated, alleged or inferred.",
    doc="The id of a document event of the case.",
    document="The document's title, where it is no event.",
    locator="Where in the document.",
    quote="The source's own words.",
    asserted="When the source said so.",
    reads="The source's wording, where the date is your reading of it.",
    note="A remark.",
)
case_argument = click.argument("case")
account_options = options(
    several("--according-to", "speakers", "Only on this speaker's word"),
    click.option("--standing", metavar="A,B", default="", help="Only what is found, documented, admitted, …"),
    several("--document", "documents", "Only what this document says"),
    click.option("--first-hand", is_flag=True, help="Leave out what is read in somebody else's report."),
    several("--tag", "tags", "Only events with this tag"),
    texts(
        as_of="The record as it stood: a position, an instant or a date (UTC).",
        about="How wide 'about' is where the record does not say: a duration.",
    ),
)


@click.group(cls=Nearest, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--db", envvar="CASEFOLD_DB", default="casefold.db", metavar="URL|FILE", help="The database. [casefold.db]"
)
@click.option("--by", envvar="CASEFOLD_BY", default="", metavar="NAME", help="Who enters what is written.")
@click.version_option(None, "--version", package_name="casefold", prog_name="casefold", message="%(prog)s %(version)s")
@click.pass_context
def casefold(ctx: click.Context, db: str, by: str) -> None:
    """Keep the dated facts of a case, and ask it what follows from them, and on whose word.

    CASEFOLD_DB and CASEFOLD_BY stand for --db and --by.
    """
    ctx.obj = Settings(db=db, by=by)


@casefold.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@texts(
    format="jsonl or csv; else by the file's name.",
    map="A mapping (TOML): how the columns of a table become events.",
    dates="The reader of the files' dates.",
    case="The case of events that name none.",
    zone="The time zone of dates that name none.",
    quarantine="Load the good rows, and keep the bad ones in this new file (JSONL).",
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--progress/--no-progress", default=None, help="Show progress; on by default on a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
@click.pass_context
def load(ctx: click.Context, /, files: tuple[str, ...], as_json: bool, **how: Any) -> None:
    """Append the events of files (- is standard input): all of them, or none."""
    from events.batches.report import Refused
    from timeline.reports import console

    try:
        done = _load(ctx.obj, files, **how)
    except Refused as refused:
        if as_json:
            _give(refused.report, console.loaded, as_json=True)
        raise
    _give(done, console.rehearsed if how["dry_run"] else console.loaded, as_json=as_json)
    ctx.exit(1 if done["refused"] else 0)


def _load(
    settings: Settings, files: Sequence[str], *, progress: bool | None = False, say: bool = True, **how: Any
) -> dict[str, Any]:
    """Load files into the database of the settings, and say what a careful user should know."""
    import msgspec

    from events.batches.into import load_into
    from timeline.reports.faults import warnings_of
    from timeline.reports.progress import progress as shown

    opened = _opened if say and not how.get("dry_run") else (lambda _: None)
    with shown(progress) as bar:
        done = load_into(settings.db, files, actor=settings.by, opened=opened, progress=bar, **how)
    _complain(warnings_of(done.warnings) if say else [], 0)
    return dict(msgspec.to_builtins(done))


@casefold.command()
@case_argument
@click.argument("kind", required=False, default="", metavar="[TYPE]")
@click.argument("data", nargs=-1, metavar="[FIELD=VALUE]…")
@said
@several("--tag", "tags", "A tag")
@click.option(
    "--expect", type=click.IntRange(min=0), metavar="N", help="Only if the case has N events now; else exit 4."
)
@prints("added")
def add(settings: Settings, case: str, kind: str, data: tuple[str, ...], expect: int | None, **said: Any) -> Any:
    """Append one event; without TYPE it asks."""
    from events.enter import asked, enter, gather
    from events.errors import Problem
    from events.log import open_log
    from timeline.reports.faults import warnings_of

    line = gather(case, kind, data, said) if kind else asked(case, said, _answer)
    with open_log(settings.db, mode="write") as log:
        _opened(log)
        done = enter(log, line, actor=settings.by, expect=expect)
    _complain(warnings_of([Problem(**each) for each in done["warnings"]]), 0)
    return done


def _answer(name: str) -> str:
    click.echo(f"{name}: ", nl=False, err=True)
    return sys.stdin.readline().strip()


def _opened(log: Log) -> None:
    """Say that a database was made, and what a careful user should know about its place."""
    from timeline.reports.faults import warnings_of

    if log.created:
        click.echo(f"created {log.where}", err=True)
    _complain(warnings_of(log.warnings), 0)


@casefold.command()
@click.argument("text")
@texts(zone="The time zone it is read in.", case="The case whose zone it is read in.")
@prints("reading")
def when(settings: Settings, text: str, zone: str, case: str) -> Any:
    """Show how a date text is read; writes nothing."""
    from timeline.reports import reading

    return reading.when_json(text, zone or reading.zone_for(settings.db, case))


@casefold.command()
@prints("cases")
def cases(settings: Settings) -> Any:
    """List the cases of the log."""
    from timeline.reports import asking

    return asking.cases_json(settings.db)


@casefold.command()
@click.argument("name", required=False, default="")
@prints("types")
def types(_settings: Settings, name: str) -> Any:
    """List the event types, or print one type's JSON Schema."""
    from timeline.reports import catalogue

    return catalogue.schema(name) if name else catalogue.types_json()


@casefold.command()
@click.argument("name", required=False, default="")
@prints("views")
def views(_settings: Settings, name: str) -> Any:
    """List the views, or say what one of them asks and takes."""
    from timeline.reports import catalogue

    return catalogue.view_json(name) if name else catalogue.views_json()


@casefold.command()
@prints("batches")
def batches(settings: Settings) -> Any:
    """List what was loaded, file by file."""
    from timeline.reports import asking

    return asking.batches_json(settings.db)


@casefold.command()
@case_argument
@prints("names")
def names(settings: Settings, case: str) -> Any:
    """List the names a case uses, and those that look alike."""
    from timeline.reports import asking

    return asking.names_json(settings.db, case)


@casefold.command()
@case_argument
@several("--type", "kinds", "Only events of this type")
@several("--speaker", "speakers", "Only on this speaker's word")
@several("--tag", "tags", "Only events with this tag")
@texts(
    text="Only events that say this, in any field.",
    since="Only what can have happened on or after this date.",
    until="Only what can have happened on or before this date.",
)
@prints("log")
def log(settings: Settings, case: str, **wanted: Any) -> Any:
    """List the events of a case in the order they were recorded."""
    from timeline.reports import asking

    return asking.log_json(settings.db, case, **wanted)


@casefold.command()
@case_argument
@account_options
@prints("shown")
def show(settings: Settings, case: str, **how: Any) -> Any:
    """Show a case: what it is about, its chronology, who says what."""
    from timeline.reports import asking

    return asking.report(settings.db, case, asking.Asked.of(**how))


class Questions(Nearest):
    """`ask CASE VIEW …`: one command a view, its arguments and options from the view's own parameters."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options between CASE and VIEW as the view's own."""
        view = next((n for n, word in enumerate(args) if n > 1 and word in self.list_commands(ctx)), 0)
        if view and not args[0].startswith("-"):
            args = [args[0], args[view], *args[1:view], *args[view + 1 :]]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name every view there is."""
        from timeline.views import views as known

        return list(known())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Make the command of a view; None where there is no such view."""
        from timeline.views import views as known

        return _question(known()[cmd_name]) if cmd_name in known() else None


@casefold.group(cls=Questions, subcommand_metavar="VIEW …")
@case_argument
@click.pass_context
def ask(ctx: click.Context, case: str) -> None:
    """Ask a case one of the views; `casefold ask CASE VIEW --help` shows its options."""
    ctx.meta["case"] = case


def _question(view: View) -> click.Command:
    """Make the command that puts one view's question."""
    dest = {each.name: f"view_{each.name.replace('-', '_')}" for each in view.parameters}

    @click.command(view.name, help=view.asks)
    @options(*(_parameter(each, dest[each.name]) for each in view.parameters))
    @account_options
    @prints("answer")
    def put(settings: Settings, **given: Any) -> Any:
        from timeline.reports import asking

        parameters = {name: given.pop(into) for name, into in dest.items()}
        case = click.get_current_context().meta["case"]
        return asking.put(settings.db, case, view.name, parameters, asking.Asked.of(**given))

    return put


def _parameter(each: Parameter, into: str) -> Callable[[Function], Function]:
    """Make a Click argument or option of one parameter of a view."""
    if each.kind == "positional":
        return click.argument(into, metavar=each.shown, required=each.required, nargs=-1 if each.repeatable else 1)
    if each.kind == "flag":
        return click.option(f"--{each.name}", into, is_flag=True, help=each.help)
    shown = {"metavar": each.shown, "required": each.required, "multiple": each.repeatable, "help": each.help}
    return click.option(f"--{each.name}", into, **shown)  # type: ignore[arg-type]


@casefold.command()
@case_argument
@click.option("-o", "--output", required=True, metavar="FILE|-", help="A .txt, .md or .json file; - prints text.")
@account_options
@prints("reported")
def report(settings: Settings, case: str, output: str, **how: Any) -> Any:
    """Write a report of a case: cover, key answers, chronology, sources, method."""
    from timeline.reports import asking, writing

    writing.shape_of(output)
    composed = asking.report(settings.db, case, asking.Asked.of(**how))
    return composed if output == "-" else writing.save(composed, output)


@casefold.command()
@click.option("--data", default="../shared/data", show_default=True, metavar="DIR", help="The intensive-care records.")
@prints("walked")
def demo(settings: Settings, data: str) -> Any:
    """Load the founding case and ask it the questions it must answer."""
    from tempfile import TemporaryDirectory

    from timeline.demo import walk

    asked = click.get_current_context().find_root().get_parameter_source("db")
    with TemporaryDirectory(prefix="casefold-demo-") as folder:
        own = asked is click.core.ParameterSource.DEFAULT
        chosen = Settings(db=f"{folder}/demo.db", by=settings.by) if own else settings
        return walk.walk(chosen.db, data, load=lambda files, **how: _load(chosen, files, say=not own, **how))


@casefold.group(cls=Nearest)
def db() -> None:
    """Look after the database: upgrade, check, stats."""


@db.command()
@prints("upgraded")
def upgrade(settings: Settings) -> Any:
    """Bring the database to this program's schema."""
    from events.log import upgrade as bring

    before, after = bring(settings.db)
    return {"where": settings.db, "before": before, "after": after}


@db.command()
@prints("checked", fails=lambda done: not done["ok"])
def check(settings: Settings) -> Any:
    """Check that the database is whole; exits 1 if it is not."""
    from timeline.reports import asking

    return asking.check_json(settings.db)


@db.command()
@prints("stats")
def stats(settings: Settings) -> Any:
    """Say how much there is in the database."""
    from timeline.reports import asking

    return asking.stats_json(settings.db)
