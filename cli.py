"""The command line: the only Click code, one short function a command. Decides nothing about a case.

Heavy rooms are imported inside the command that needs them, so that `casefold --help` loads none of them.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn, TypeAlias, TypeVar

import click

if TYPE_CHECKING:
    from events.errors import Problem
    from events.log import Log
    from timeline.case import CaseTimeline
    from timeline.views import Parameter, View

OURS: Final = (("events", "errors.py"), ("timeline", "case.py"), ("migrations", "env.py"))
Function = TypeVar("Function", bound=Callable[..., Any])
Fields: TypeAlias = "Callable[[CaseTimeline], dict[str, Any]]"
Lines: TypeAlias = "Callable[[Log], list[dict[str, Any]]]"


class Settings(NamedTuple):
    """What holds for every command: the database, and who enters what is written."""

    db: str
    by: str


class Blank(click.Option):
    """An option whose text may be empty, for scripts: a field of an event that is left out, or what a date needs."""


class Whole(click.IntRange):
    """A whole number, which faults call so."""

    name = "whole number"


class Worded(click.Command):
    """A command that answers no other question than the one that was put, where an option says nothing, or two things.

    A shell's variable that was never set would widen an answer unseen; of an option given twice one would be dropped.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words of the command line; raises `UsageError` for an option that is given nothing, or twice."""
        if ctx.resilient_parsing:  # what is half written is being completed
            return super().parse_args(ctx, args)
        try:
            _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        except click.UsageError as wrong:
            wrong.ctx = wrong.ctx or ctx
            raise
        for param in {each for each in order if order.count(each) > 1}:
            if isinstance(param, click.Option) and not (param.multiple or param.is_flag):
                raise click.UsageError(f"{param.opts[-1]}: is given twice; give it once", ctx)
        rest = super().parse_args(ctx, args)
        for param in self.get_params(ctx):
            given = ctx.params.get(param.name or "")
            texts = given if isinstance(given, tuple) else (given,)
            blank = isinstance(param, click.Option) and any(isinstance(one, str) and not one.strip() for one in texts)
            if blank and not isinstance(param, Blank) and _written(ctx, param):
                leave = "" if param.required else ", or leave the option out"
                raise click.UsageError(f"{param.opts[-1]}: is empty; write what it is to be{leave}", ctx)
        return rest


def _written(ctx: click.Context, param: click.Parameter) -> bool:
    return ctx.get_parameter_source(param.name or "") is click.core.ParameterSource.COMMANDLINE


class Nearest(click.Group):
    """A group that answers an unknown command with the nearest one there is."""

    command_class = Worded

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
    try:
        _own_names()
    except click.ClickException as taken:
        sys.exit(_complain(*_fault(taken)))
    from events.stopping import Stop, Terminated

    context, stop = copy_context(), Stop()
    try:
        _streams()
        gc.set_threshold(100_000, 50, 50)
        code = context.run(_run, sys.argv[1:])
        with _printing():
            sys.stdout.flush()
        stop.deaf()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        code = 0
    except (KeyboardInterrupt, Terminated, click.Abort):
        code = _complain(*stop.said(context))
    except Exception as error:
        if os.environ.get("CASEFOLD_DEBUG"):
            raise
        code = _complain(*(stop.said(context) if stop.told else _fault(error)))
    if stop.told:  # no thread that still draws is waited for, and no reader that has stopped reading
        os._exit(code)
    sys.exit(code)


def _run(words: Sequence[str]) -> int:
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
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


def _streams() -> None:
    """Put nothing in the place of a standard stream that is closed, so that no database takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


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


def _fault(error: Exception) -> tuple[list[str], int]:
    """Put a fault into lines and a code; one of Click's own into one line that says what to write instead."""
    if not isinstance(error, click.ClickException):
        from timeline.reports.faults import lines_of

        return lines_of(error)
    words = " ".join(error.format_message().split()).rstrip(".")
    if isinstance(error, click.UsageError) and ";" not in words:
        path = error.ctx.command_path if error.ctx else "casefold"
        words = f"{words[0].lower()}{words[1:]}; see `{path} --help`"
    from timeline.reports.faults import prefixed

    return prefixed([words]), 2


def _complain(lines: Sequence[str], code: int) -> int:
    for line in lines:
        click.echo(line, err=True)
    return code


def _give(value: Any, lines: Callable[[Any], Sequence[str]], *, as_json: bool) -> None:
    """Print a result: as JSON, or in the words that `lines` makes of it."""
    from timeline.reports.escape import json_text, visible

    with _printing():
        click.echo(json_text(value) if as_json else visible("\n".join(lines(value))))


@contextmanager
def _printing() -> Iterator[None]:
    """Say of an output that cannot be written that it is the output: what the command did to the log stands."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as fault:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        words = f"standard output: {fault.strerror}; what was to be printed is lost, what the command wrote stands"
        raise click.ClickException(words) from None


def prints(
    words: str, *, room: str = "console", terminal: str = "", fails: Callable[[Any], bool] = lambda _: False
) -> Callable[[Function], Function]:
    """Let a command print what it returns: as JSON with `--json`, else by the function `words` of a room of words.

    On a terminal, a function of the room `terminal` shows it instead, where one is named. The command exits 1 where
    `fails` says that what was checked did not hold.
    """

    def wrap(function: Function) -> Function:
        @click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
        @click.pass_context
        def run(ctx: click.Context, /, as_json: bool, **given: Any) -> None:
            from importlib import import_module

            with _noticing():
                value = function(ctx.obj, **given)
            if terminal and not as_json and sys.stdout.isatty():
                getattr(import_module("timeline.reports.terminal"), terminal)(value)
            else:
                _give(value, getattr(import_module(f"timeline.reports.words.{room}"), words), as_json=as_json)
            ctx.exit(1 if fails(value) else 0)

        return update_wrapper(run, function)  # type: ignore[return-value]

    return wrap


@contextmanager
def _noticing() -> Iterator[None]:
    """Say what a careful user should know about the place of a log that is opened meanwhile."""
    from events.noticed import noticing

    with noticing() as noticed:
        try:
            yield
        finally:
            if noticed:
                from timeline.reports.faults import warnings_of

                _complain(warnings_of(tuple(noticed)), 0)


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


def _not_empty(ctx: click.Context, param: click.Parameter, text: str) -> str:
    """Refuse the place of a database that is empty where it was given."""
    if not text.strip() and _written(ctx, param):
        raise click.UsageError(f"{param.opts[-1]}: is empty; write what it is to be, or leave the option out", ctx)
    return text


def texts(*, empty: bool = False, **named: str) -> Callable[[Function], Function]:
    """Make options that each take one text, by name and help; `empty`: one that is given may be."""
    made = ((f"--{name.replace('_', '-')}", name, words) for name, words in named.items())
    kind = Blank if empty else click.Option
    return options(*(click.option(option, name, default="", cls=kind, help=words) for option, name, words in made))


source_options = texts(
    empty=True,
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
said = options(
    texts(
        empty=True,
        id="Its name in the case; else one is made of its content.",
        when="When it happened, as far as known.",
        until="When it ended, as far as known.",
        zone="The time zone of its dates.",
    ),
    source_options,
)
case_argument = click.argument("case")
expect_option = click.option(
    "--expect", type=Whole(min=0), metavar="N", help="Only if the case has N events now; else exit 4."
)
cut_options = texts(
    as_of="The record as it stood: a position, an instant or a date (UTC).",
    asserted_by="Only what sources had said by the end of this date.",
)
heard_options = options(
    several("--according-to", "speakers", "Only on this speaker's word; 'nobody named' where none is"),
    click.option("--standing", metavar="A,B", default="", help="Only what is found, documented, admitted, …"),
    several("--document", "documents", "Only what this document says"),
    click.option("--first-hand", is_flag=True, help="Leave out what is read in somebody else's report."),
    click.option("--disputed", is_flag=True, help="Only what some party disputes."),
    click.option("--undisputed", is_flag=True, help="Leave out what some party disputes."),
    cut_options,
    texts(about="How wide 'about' is where the record does not say: a duration."),
    click.option(
        "--on-conflict",
        type=click.Choice(["weakest", "all", "fail"]),
        default="weakest",
        show_default=True,
        help="What a contradiction sets aside; fail: exit 1.",
    ),
)
tag_option = several("--tag", "tags", "Only events with this tag")
account_options = options(heard_options, tag_option)
why_options = options(
    click.option("--reason", required=True, help="Why the record is amended."),
    texts(empty=True, authority="On whose authority."),
    expect_option,
)


@click.group(cls=Nearest, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--db", envvar="CASEFOLD_DB", default="casefold.db", callback=_not_empty, metavar="URL|FILE",
    help="The database. [casefold.db]",
)  # fmt: skip
@click.option("--by", envvar="CASEFOLD_BY", default="", metavar="NAME", help="Who enters what is written.")
@click.version_option(None, "--version", package_name="casefold", prog_name="casefold", message="%(prog)s %(version)s")
@click.pass_context
def casefold(ctx: click.Context, db: str, by: str) -> None:
    """Keep the dated facts of a case, and ask it what follows from them, and on whose word.

    CASEFOLD_DB and CASEFOLD_BY stand for --db and --by.
    """
    if any("\ud800" <= char <= "\udfff" for char in by):
        raise click.UsageError("--by: is not UTF-8; write it in letters that the log can keep", ctx)
    ctx.obj = Settings(db=db, by=by)


@casefold.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@texts(
    empty=True,
    format="jsonl, csv, or a plug-in's; else by the file's name.",
    map="A mapping (TOML): how the columns of a table become events.",
    dates="The reader of the files' dates.",
    case="The case of events that name none.",
    zone="The time zone of dates that name none.",
    quarantine="Load the good rows, and keep the bad ones in this new file (JSONL).",
)
@click.option("--replay", is_flag=True, help="Make the log that this file (export --format replay) holds.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.option("--progress/--no-progress", default=None, help="Show progress; on by default on a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
@click.pass_context
def load(ctx: click.Context, /, files: tuple[str, ...], as_json: bool, replay: bool, **how: Any) -> None:
    """Append the events of files (- is standard input): all of them, or none."""
    if replay:
        _replay(ctx.obj, files, as_json=as_json, **how)
        return
    from events.batches.report import report_of
    from events.errors import BadInput
    from timeline.reports.words import console

    try:
        with _noticing():
            done = _load(ctx.obj, files, **how)
    except BadInput as refused:
        if as_json:
            _give(report_of(refused), console.loaded, as_json=True)
        raise
    _give(done, console.rehearsed if how["dry_run"] else console.loaded, as_json=as_json)
    ctx.exit(1 if done["refused"] else 0)


def _replay(settings: Settings, files: Sequence[str], *, as_json: bool, dry_run: bool, **how: Any) -> None:
    """Make the log that one file holds, with its name, its bytes and its root, where there is none."""
    from events.batches.replay import replay_into
    from timeline.reports.words import interchange

    if len(files) > 1 or any(value for name, value in how.items() if name != "progress"):
        raise click.UsageError("--replay takes one file, and --dry-run; see `casefold load --help`")
    with _noticing():
        done = replay_into(settings.db, files[0], dry_run=dry_run)
    if done["created"]:
        click.echo(f"created {done['where']}", err=True)
    _give(done, interchange.would_replay if dry_run else interchange.replayed, as_json=as_json)


def _load(
    settings: Settings, files: Sequence[str], *, progress: bool | None = False, say: bool = True, **how: Any
) -> dict[str, Any]:
    """Load files into the database of the settings, and say what a careful user should know."""
    import msgspec

    from events.batches.into import load_into
    from timeline.reports.faults import warnings_of
    from timeline.reports.progress import progress as shown

    logs: list[Log] = []
    with shown(progress) as bar:
        done = load_into(settings.db, files, actor=settings.by, opened=logs.append, progress=bar, **how)
    for log in logs if say and not how.get("dry_run") else ():
        _opened(log)
    if done.first_position and not how.get("dry_run"):
        done = msgspec.structs.replace(done, warnings=(*done.warnings, *_contradictions(settings, done.first_position)))
    _complain(warnings_of(done.warnings) if say else [], 0)
    return dict(msgspec.to_builtins(done))


def _contradictions(settings: Settings, position: int) -> tuple[Problem, ...]:
    """Say what the events from a position on made contradictory."""
    from events.enter import problems_of
    from timeline.reports.asking import contradictions_since

    return contradictions_since(settings.db, position, problems_of)


@casefold.command()
@case_argument
@click.argument("kind", required=False, default="", metavar="[TYPE]")
@click.argument("data", nargs=-1, metavar="[FIELD=VALUE]…")
@said
@several("--tag", "tags", "A tag")
@expect_option
@prints("added")
def add(settings: Settings, case: str, kind: str, data: tuple[str, ...], expect: int | None, **said: Any) -> Any:
    """Append one event; without TYPE it asks, and again where an answer is wrong."""
    from events.enter import enter, gather
    from events.log.opening import write_to

    line = gather(case, kind, data, said) if kind else _asked(settings, case, said)

    def entered(log: Log) -> dict[str, Any]:
        done = enter(log, line, actor=settings.by, expect=expect)
        _opened(log)
        return done

    return _warned(settings, write_to(settings.db, entered))


def _warned(settings: Settings, done: dict[str, Any]) -> dict[str, Any]:
    """Say what one appended event gives cause to say, and what it made contradictory."""
    import msgspec

    from timeline.reports.faults import warnings_of

    new = _contradictions(settings, done["position"]) if done["position"] else ()
    warnings = (*done["warnings"], *new)
    _complain(warnings_of(warnings), 0)
    return {**done, "warnings": msgspec.to_builtins(warnings)}


@casefold.command()
@case_argument
@click.argument("ids", nargs=-1, required=True, metavar="ID ID…")
@source_options
@expect_option
@prints("added")
def same(settings: Settings, case: str, ids: tuple[str, ...], expect: int | None, **said: Any) -> Any:
    """Say that these events are tellings of one happening (`claim.same`)."""
    from timeline.asking.identity import same_fields

    return _claim(settings, case, expect, said, lambda timeline: same_fields(timeline, ids))


@casefold.command()
@case_argument
@click.argument("name")
@click.argument("means", metavar="NAME")
@source_options
@expect_option
@prints("added")
def alias(settings: Settings, case: str, name: str, means: str, expect: int | None, **said: Any) -> Any:
    """Say that in this case one name means another (`case.alias`)."""
    from timeline.asking.identity import alias_fields

    return _claim(settings, case, expect, said, lambda timeline: alias_fields(timeline, name, means))


def _claim(settings: Settings, case: str, expect: int | None, said: Mapping[str, Any], fields: Fields) -> Any:
    """Append what `fields` makes of the case as it stands, with the source that the options name."""
    from events.enter import enter, sourced
    from events.log import open_log
    from timeline.asking.already import claimed_already
    from timeline.read import Asked, read_case

    with open_log(settings.db) as log:
        timeline = read_case(log, case, Asked()).timeline
    line = {**fields(timeline), **sourced(said)}
    there = claimed_already(timeline, line)
    with open_log(settings.db, mode="write") as log:
        done = enter(log, line, actor=settings.by, expect=expect, there=there)
    return _warned(settings, done)


@casefold.command()
@case_argument
@click.argument("event", metavar="ID")
@click.argument("data", nargs=-1, metavar="[FIELD=VALUE]…")
@said
@several("--tag", "tags", "A tag, in place of those it has")
@several("--remove", "removed", "A field that it should not have: when, data.count, source.via")
@why_options
@prints("amended", room="history")
def correct(
    settings: Settings, case: str, event: str, data: tuple[str, ...], removed: tuple[str, ...], **said: Any
) -> Any:
    """Put an entry right: lay other fields over it (`amend.correct`); a new word is a new event."""
    from functools import partial

    from events.amending import correction
    from events.enter import problems_of
    from events.errors import BadInput
    from timeline.asking.outcome import unfit

    def lines(log: Log) -> list[dict[str, Any]]:
        line = correction(log, case, event, data, said, removed=removed)
        check = partial(problems_of, case_zone=log.case_zone, case_words=log.case_words)
        if wrong := unfit(log.events(case), line, check):
            raise BadInput(wrong)
        return [line]

    return _amend(settings, case, said, lines)


@casefold.command()
@case_argument
@click.argument("event", metavar="ID")
@click.option(
    "--relation",
    required=True,
    type=click.Choice(["supports", "repeats", "contradicts"]),
    help="How the source stands to the event.",
)
@texts(empty=True, id="The name of the citation; else one is made.")
@source_options
@expect_option
@prints("amended", room="history")
def cite(settings: Settings, case: str, event: str, relation: str, **said: Any) -> Any:
    """Name another source for an event, and how it stands to it (`amend.cite`)."""
    from events.amending import citation, target_in

    def lines(log: Log) -> list[dict[str, Any]]:
        return [citation(case, target_in(log, case, event).id, relation, said)]

    return _amend(settings, case, said, lines)


@casefold.command()
@click.argument("case", required=False, default="")
@click.argument("event", metavar="ID", required=False, default="")
@click.option("--batch", type=Whole(min=1), metavar="N", help="All that this load appended and that stands.")
@texts(empty=True, id="The name of the retraction; else one is made.")
@why_options
@prints("amended", room="history")
def retract(settings: Settings, case: str, event: str, batch: int | None, **said: Any) -> Any:
    """Withdraw an event, or a whole load (`amend.retract`); it stays in the log."""
    if bool(event) == bool(batch) or (batch and (case or said["id"])):
        raise click.UsageError("name CASE and ID, or --batch N; see `casefold retract --help`")
    return _amend(settings, case, said, lambda log: _standing(log, "amend.retract", case, event, batch or 0, said))


@casefold.command()
@case_argument
@click.argument("event", metavar="ID")
@texts(empty=True, id="The name of the reinstatement; else one is made.")
@why_options
@prints("amended", room="history")
def reinstate(settings: Settings, case: str, event: str, **said: Any) -> Any:
    """Bring an event back that was withdrawn (`amend.reinstate`)."""
    return _amend(settings, case, said, lambda log: _standing(log, "amend.reinstate", case, event, 0, said))


def _standing(
    log: Log, kind: str, case: str, event: str, batch: int, said: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Make the lines that withdraw or bring back an event, or withdraw what stands of a load."""
    from events.amending import amendment, target_in

    if not batch:
        return [amendment(kind, case, target_in(log, case, event).id, said)]
    from timeline.reports.undo import standing_of_batch

    return [amendment(kind, *one, said) for one in standing_of_batch(log, batch)]


def _amend(settings: Settings, case: str, said: Mapping[str, Any], lines: Lines) -> Any:
    """Append the amendments that `lines` makes of the log as it stands."""
    from events.amending import enter_amendments
    from events.log import open_log
    from timeline.asking.already import amended_already

    expect = (case, said["expect"]) if said.get("expect") is not None else None
    with open_log(settings.db) as log:
        made = lines(log)
        there = amended_already(log.events(case), made[0]) if case else ""
    with open_log(settings.db, mode="write") as log:
        done = enter_amendments(log, made, actor=settings.by, expect=expect, there=there)
    return _warned(settings, done)


def _asked(settings: Settings, case: str, said: Mapping[str, Any]) -> dict[str, Any]:
    from events.enter import reading_at
    from events.interview import asked

    return asked(case, said, _answer, _again, **reading_at(settings.db, case))


def _answer(name: str) -> str:
    """Ask for one field on standard error; raises `Abort` where somebody at a terminal ends the input."""
    click.echo(f"{name}: ", nl=False, err=True)
    answered = sys.stdin.readline()
    if not answered and sys.stdin.isatty():
        click.echo(err=True)
        raise click.Abort
    return answered.strip()


def _again(wrong: Problem) -> bool:
    """Say what is wrong with an answer to whoever sits at a terminal, who may give another."""
    if not sys.stdin.isatty():
        click.echo(err=True)
        return False
    from timeline.reports.faults import prefixed

    _complain(prefixed([str(wrong)]), 0)
    return True


def _opened(log: Log) -> None:
    """Say that a database was made."""
    if log.created:
        click.echo(f"created {log.where}", err=True)


@casefold.command()
@click.argument("text")
@texts(empty=True, zone="The time zone it is read in.", case="The case whose zone and words it is read by.")
@prints("reading")
def when(settings: Settings, text: str, zone: str, case: str) -> Any:
    """Show how a date text is read; writes nothing."""
    from timeline.reports import reading

    own, words = reading.frame_for(settings.db, case)
    return reading.when_json(text, zone or own, words)


@casefold.command()
@cut_options
@prints("cases")
def cases(settings: Settings, **how: Any) -> Any:
    """List the cases of the log."""
    from timeline.read import Asked
    from timeline.reports import contents

    return contents.cases_json(settings.db, Asked.of(**how))


@casefold.command()
@click.argument("name", required=False, default="")
@click.option("--check", is_flag=True, help="Whether every version in the log can still be read; exit 1 if not.")
@prints("types", fails=lambda done: not done.get("ok", True))
def types(settings: Settings, name: str, check: bool) -> Any:
    """List the event types, or print one type's JSON Schema."""
    from timeline.reports import catalogue

    if check:
        return catalogue.versions_json(settings.db, name)
    return catalogue.schema(name) if name else catalogue.types_json()


@casefold.command()
@click.argument("name", required=False, default="")
@prints("views")
def views(_settings: Settings, name: str) -> Any:
    """List the views, or say what one of them asks and takes."""
    from timeline.reports import catalogue

    return catalogue.view_json(name) if name else catalogue.views_json()


@casefold.command()
@texts(as_of="The log as it stood: a position, an instant or a date (UTC).")
@prints("batches")
def batches(settings: Settings, as_of: str) -> Any:
    """List what was loaded, file by file."""
    from timeline.reports import contents

    return contents.batches_json(settings.db, as_of)


@casefold.command()
@case_argument
@account_options
@prints("names")
def names(settings: Settings, case: str, **how: Any) -> Any:
    """List the names a case uses, and those that look alike."""
    from timeline.read import Asked
    from timeline.reports import contents

    return contents.names_json(settings.db, case, Asked.of(**how))


@casefold.command()
@case_argument
@several("--type", "kinds", "Only events of this type")
@several("--speaker", "said_by", "Only what this speaker says, or 'nobody named'; none is no fault")
@tag_option
@texts(
    text="Only events that say this, in any field.",
    since="Only what can have happened on or after this date.",
    until="Only what can have happened on or before this date.",
)
@heard_options
@prints("log")
def log(settings: Settings, case: str, **how: Any) -> Any:
    """List the events of a case in the order they were recorded, as they were first written."""
    from timeline.read import Asked
    from timeline.reports import contents

    wanted = {name: how.pop(name) for name in ("kinds", "said_by", "tags", "text", "since", "until")}
    return contents.log_json(settings.db, case, Asked.of(**how), **wanted)


@casefold.command()
@case_argument
@click.argument("event", metavar="ID")
@texts(late="Recorded so long after it was said is late: a duration. [30 days]")
@account_options
@prints("history", room="history")
def history(settings: Settings, case: str, event: str, late: str, **how: Any) -> Any:
    """Show an event through all its amendments: who, when, why, and what it says after each."""
    from timeline.read import Asked
    from timeline.reports import asking

    return asking.put(settings.db, case, "history", {"id": event, "late": late}, Asked.of(**how))


@casefold.command("check")
@case_argument
@texts(window="The window to shorten by an hour; else 4 days before the death.")
@account_options
@prints("answer")
def check_case(settings: Settings, case: str, window: str, **how: Any) -> Any:
    """Ask what a careful colleague would: each question with its events and the cure (exit 0 always)."""
    from timeline.read import Asked
    from timeline.reports import asking

    return asking.put(settings.db, case, "check", {"window": window}, Asked.of(**how))


@casefold.command()
@case_argument
@click.option("--from", "start", required=True, metavar="CUT", help="A position, instant, date or asserted:DATE.")
@click.option("--to", "end", default="", metavar="CUT", help="The later cut; left out, the record as read.")
@several("--view", "asked", "A question as ask takes it, in quotes: how its answer moved")
@account_options
@prints("changes", room="history")
def changes(settings: Settings, case: str, start: str, end: str, asked: tuple[str, ...], **how: Any) -> Any:
    """Show what changed in a case between two cuts, and how answers moved."""
    from timeline.read import Asked
    from timeline.reports import asking

    cuts = {"from": start, "to": end, "view": asked}
    return asking.put(settings.db, case, "changes", cuts, Asked.of(**how))


@casefold.command()
@click.argument("file")
@prints("reproduced", room="history", fails=lambda done: not done["same"])
def reproduce(settings: Settings, file: str) -> Any:
    """Give a saved answer again: the same bytes, or what differs and why (exit 1)."""
    from timeline.reports.again import reproduce_json

    return reproduce_json(settings.db, file)


@casefold.command()
@case_argument
@account_options
@prints("shown", terminal="show")
def show(settings: Settings, case: str, **how: Any) -> Any:
    """Show a case: what it is about, its chronology, who says what."""
    from timeline.read import Asked
    from timeline.reports import asking

    return asking.report(settings.db, case, Asked.of(**how), only=asking.SHOWN)


class Questions(Nearest):
    """`ask CASE VIEW …`: one command a view, its arguments and options from the view's own parameters."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options between CASE and VIEW as the view's own."""
        from timeline.views import find_view

        first = len(args) > 1 and not args[1].startswith("-") and find_view(args[1])
        view = 0 if first else next((n for n, word in enumerate(args) if n > 1 and find_view(word)), 0)
        if view and not args[0].startswith("-"):
            args = [args[0], args[view], *args[1:view], *args[view + 1 :]]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name every view there is."""
        from timeline.views import views as known

        return list(known())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Make the command of a view; None where there is no such view."""
        from timeline.views import find_view

        found = find_view(cmd_name)
        return _question(found) if found else None


@casefold.group(cls=Questions, subcommand_metavar="VIEW …")
@case_argument
@click.pass_context
def ask(ctx: click.Context, case: str) -> None:
    """Ask a case one of the views; `casefold ask CASE VIEW --help` shows its options."""
    ctx.meta["case"] = case


def _question(view: View) -> click.Command:
    """Make the command that puts one view's question."""
    dest = {each.name: f"view_{each.name.replace('-', '_')}" for each in view.parameters}

    @click.command(view.name, cls=Worded, help=view.asks)
    @options(*(_parameter(each, dest[each.name]) for each in view.parameters))
    @account_options
    @click.option("--by-speaker", is_flag=True, help="One answer for each speaker, and how they compare.")
    @click.option("--by-standing", is_flag=True, help="One answer for each standing, and how they compare.")
    @click.option("--save", default="", metavar="FILE", help="Save it as JSON; `casefold reproduce` gives it again.")
    @prints("answer")
    def put(settings: Settings, by_speaker: bool, by_standing: bool, save: str, **given: Any) -> Any:
        from timeline.read import Asked
        from timeline.reports import asking

        if by_speaker and by_standing:
            raise click.UsageError("--by-speaker and --by-standing are two questions; write one of them")
        parameters = {name: given.pop(into) for name, into in dest.items()}
        case = click.get_current_context().meta["case"]
        question = (settings.db, case, view.name, parameters, Asked.of(**given))
        if by_speaker or by_standing:
            told = asking.put_by(*question, "speaker" if by_speaker else "standing")
        else:
            told = asking.put(*question)
        if save:
            from timeline.reports import again

            again.save(told, save)
        return told

    return put


def _parameter(each: Parameter, into: str) -> Callable[[Function], Function]:
    """Make a Click argument or option of one parameter of a view."""
    if each.kind == "positional":
        return click.argument(into, metavar=each.shown, required=each.required, nargs=-1 if each.repeatable else 1)
    if each.kind == "flag":
        return click.option(f"--{each.name}", into, is_flag=True, help=each.help)
    if each.kind == "file":
        path = click.Path(exists=True, dir_okay=False)
        return click.option(f"--{each.name}", into, metavar=each.shown, type=path, callback=_text_of, help=each.help)
    shown = {"metavar": each.shown, "required": each.required, "multiple": each.repeatable, "help": each.help}
    return click.option(f"--{each.name}", into, **shown)  # type: ignore[arg-type]


def _text_of(_ctx: click.Context, param: click.Parameter, path: str | None) -> str:
    """Read the file that an option names; a view is given its text."""
    from pathlib import Path

    try:
        return Path(path).read_text(encoding="utf-8") if path else ""
    except (OSError, ValueError) as fault:
        raise click.BadParameter(f"{path} cannot be read: {fault}", param=param) from None


@casefold.command()
@case_argument
@click.option("-o", "--output", required=True, metavar="FILE|-", help="A file of one of these formats; - prints text.")
@texts(
    purpose="work-product, summary-of-evidence or illustrative-aid.",
    prepared_by="Who made it. [--by]",
    prepared_for="For whom.",
)
@several("--ask", "questions", "A further key question, as ask takes it, in quotes")
@click.option("--model", default="", metavar="OPTIONS", help="Also what a model leaves in blood; see `chart --help`.")
@click.option(
    "--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Of a .pdf or .docx."
)
@account_options
@prints("reported")
def report(settings: Settings, case: str, output: str, prepared_by: str, prepared_for: str, **how: Any) -> Any:
    """Write a report of a case: .html, .pdf, .md, .txt, .json, .csv, .xlsx or .docx.

    Key answers with bounds and on whose word, charts, chronology, conflicts, sources, history, method.
    """
    from timeline.read import Asked
    from timeline.reports import asking, writing
    from timeline.reports.composing.brief import Frame

    shape = writing.shape_of(output)
    paper = how.pop("paper")
    stand = {name: how.pop(name) for name in ("purpose", "questions", "model")}
    frame = Frame(by=prepared_by or settings.by, to=prepared_for, **stand)
    composed = asking.report(
        settings.db, case, Asked.of(**how), frame=frame,
        replayed=writing.replays(shape), drawn=writing.draws(shape),
    )
    return composed if output == "-" else writing.save(composed, output, paper)


@casefold.command()
@case_argument
@click.argument("kind")
@click.option("-o", "--output", required=True, metavar="FILE", help="A .svg, .png or .json (Vega-Lite) file.")
@texts(at="The event it is measured from. [the only death]", type="Only this type of administration.")
@click.option("--days", type=Whole(1, 60), metavar="N", help="How many days before it: final-days, doses.")
@click.option(
    "--model",
    default="",
    metavar="OPTIONS",
    help="levels: also what a model leaves, with the options of `ask CASE residual` in quotes: '--substance ketamine'.",
)
@account_options
@prints("charted")
def chart(settings: Settings, case: str, kind: str, output: str, **how: Any) -> Any:
    """Draw one chart: overview, final-days, doses, last, levels or known."""
    from timeline.read import Asked
    from timeline.reports import asking, charting

    charting.shape_of(output)
    options = {name: how.pop(name) for name in ("at", "type", "days", "model")}
    return charting.save(asking.chart(settings.db, case, kind, Asked.of(**how), **options), output)


@casefold.command()
@click.argument("cases", nargs=-1, metavar="[CASE…]")
@click.option("-o", "--output", required=True, metavar="FILE|-", help="Where to; - is standard output.")
@texts(
    format="jsonl, csv or replay; else by the file's name.",
    omissions="List what is left out, and why, in this file (JSONL).",
)
@click.option("--private", is_flag=True, help="With what is private, which else never leaves.")
@account_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts (not with -o -).")
@click.pass_context
def export(ctx: click.Context, /, cases: tuple[str, ...], as_json: bool, **how: Any) -> None:
    """Write cases (none named: all) for other programs: lines to load, a table, or the log itself."""
    from timeline.exports.exporting import export as write
    from timeline.read import Asked
    from timeline.reports.faults import prefixed
    from timeline.reports.words import interchange

    where = {name: how.pop(name) for name in ("output", "format", "omissions", "private")}
    with _noticing():
        done = write(ctx.obj.db, cases, **where, asked=Asked.of(**how))
    _complain(prefixed(interchange.left_out(done)), 0)
    if where["output"] != "-":
        _give(done, interchange.exported, as_json=as_json)


@casefold.command("map")
@click.argument("file")
@prints("mapped", room="interchange")
def propose_map(_settings: Settings, file: str) -> Any:
    """Propose a mapping for a table (load --map), with ??? where only you know; writes nothing."""
    from events.batches.proposal import propose

    return propose(file)


@casefold.command()
@click.argument("file")
@click.option("--dry-run", is_flag=True, help="Compare and count, append nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")
@click.pass_context
def merge(ctx: click.Context, /, file: str, dry_run: bool, as_json: bool) -> None:
    """Bring in what another log of the same cases knows: its database, or its replay; all of it, or none."""
    from events.batches.merge import Clashing, merge_into
    from timeline.reports.faults import warnings_of
    from timeline.reports.words import interchange as words

    try:
        with _noticing():
            done = merge_into(ctx.obj.db, file, actor=ctx.obj.by, dry_run=dry_run, opened=_opened)
    except Clashing as clash:
        _give(clash.told, words.merged, as_json=as_json)
        raise
    new = _contradictions(ctx.obj, done["first_position"]) if done["first_position"] else ()
    done["warnings"] = (*done["warnings"], *new)
    _complain(warnings_of(done["warnings"]), 0)
    _give(done, words.merged, as_json=as_json)


@casefold.command()
@click.option(
    "--from", "position", type=Whole(min=0), default=0, metavar="N",
    help="Only what follows position N, the last one you have had. [0: all]",
)  # fmt: skip
@click.option("--no-wait", is_flag=True, help="Stop at the end of the log, and do not wait for more.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON an event.")
@click.pass_context
def follow(ctx: click.Context, /, position: int, no_wait: bool, as_json: bool) -> None:
    """Print the log's events in order, one a line, and go on as they land, until interrupted."""
    from events.log import open_log
    from events.stopping import INTERRUPTED, TERMINATED, Terminated
    from timeline.reports.words import following

    try:
        with _noticing():
            log = open_log(ctx.obj.db)
        with log:
            for event in log.follow(position, wait=not no_wait):
                click.echo(following.as_json(event, log.origin) if as_json else following.words(event))
    except KeyboardInterrupt:
        ctx.exit(INTERRUPTED.code)
    except Terminated:
        ctx.exit(TERMINATED.code)


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


def _there(option: str, path: str) -> str:
    """Refuse a file that is not there, also where nothing would have asked for it: who names it relies on it."""
    from pathlib import Path

    if path and Path(path).is_dir():
        raise click.UsageError(f"{option}: {path!r} is a folder; name a file in it")
    if path and not Path(path).is_file():
        raise click.UsageError(f"{option}: there is no file {path!r}; name one that is there")
    return path


key_option = click.option(
    "--key", envvar="CASEFOLD_KEY", default="", metavar="FILE", help="The signing key. [the database's name and .key]"
)
ca_option = click.option(
    "--ca", default="", metavar="FILE", help="Certificates (PEM) of the time-stamping authority; openssl checks."
)
vkey_option = several("--vkey", "vkeys", "Trust the verifying key in this file")


@casefold.group(cls=Nearest)
def key() -> None:
    """Make the key that signs this log, or change it."""


@key.command()
@key_option
@click.option("--old", default="", metavar="FILE", help="The key so far, which signs the change too.")
@click.option("--lost", is_flag=True, help="Start anew without the key so far; the log says so for ever.")
@prints("key_made", room="proof")
def new(settings: Settings, **how: Any) -> Any:
    """Make a key, and write down in the log that it signs from here on."""
    from events.log.commands import new_key_json

    made = new_key_json(settings.db, actor=settings.by, **how)
    if created := made.pop("created"):
        click.echo(f"created {created}", err=True)
    return made


@casefold.command()
@key_option
@prints("note", room="proof")
def checkpoint(settings: Settings, key: str) -> Any:
    """Print the log's size and root, signed: keep it where the database is not."""
    from events.log.commands import checkpoint_json

    return checkpoint_json(settings.db, key=key)


@casefold.command()
@several("--checkpoint", "checkpoints", "Hold the log against the checkpoint in this file")
@vkey_option
@key_option
@ca_option
@prints("verified", room="proof", fails=lambda done: not done["ok"])
def verify(settings: Settings, **how: Any) -> Any:
    """Verify that the log is what it was, and say what cannot be known; exits 1 if it is not."""
    from events.log.commands import verify_json

    _there("--ca", how["ca"])
    return verify_json(settings.db, **how)


@casefold.command()
@click.option("--request", default="", metavar="FILE", help="Write a request (.tsq) for the last checkpoint.")
@click.option("--reply", default="", metavar="FILE", help="Take in what the authority sent back (.tsr).")
@ca_option
@prints("stamped", room="proof")
def stamp(settings: Settings, request: str, reply: str, ca: str) -> Any:
    """Have a time-stamping authority (RFC 3161) say when the last checkpoint was there; sends nothing itself."""
    from events.log import commands

    if bool(request) == bool(reply):
        raise click.UsageError("write --request FILE, or --reply FILE; see `casefold stamp --help`")
    if request:
        return commands.stamp_request_json(settings.db, request)
    return commands.stamp_reply_json(settings.db, reply, ca=_there("--ca", ca), actor=settings.by)


@casefold.command()
@case_argument
@click.argument("ids", nargs=-1, metavar="[ID…]")
@click.option("-o", "--output", required=True, metavar="FILE", help="The proof, a .zip.")
@prints("proved", room="proof")
def prove(settings: Settings, case: str, ids: tuple[str, ...], output: str) -> Any:
    """Write a proof for strangers that these events, or the whole case, are in the log."""
    from events.log.commands import prove_json

    return prove_json(settings.db, case, ids, output)


@casefold.command("check-proof")
@click.argument("file")
@vkey_option
@prints("proof_checked", room="proof", fails=lambda done: not done["ok"])
def check_proof(_settings: Settings, file: str, vkeys: tuple[str, ...]) -> Any:
    """Check a proof that somebody handed over; exits 1 if it does not hold."""
    from events.log.commands import check_proof_json

    return check_proof_json(file, vkeys)


@casefold.command()
@click.argument("words", nargs=-1, metavar="[CASE ID FIELD…]")
@texts(reason="Why.")
@texts(empty=True, authority="On whose authority.")
@click.option("--list", "listing", is_flag=True, help="List what was redacted, to apply it to a restored backup.")
@click.option("--apply", "again", default="", metavar="FILE", help="Apply such a list (--list --json) again.")
@prints("redacted", room="proof")
def redact(settings: Settings, words: tuple[str, ...], listing: bool, again: str, **why: str) -> Any:
    """Erase sensitive fields of an event for good; the log says that, and stays whole."""
    from events.log import commands

    if bool(words) + listing + bool(again) > 1:
        raise click.UsageError("write CASE ID FIELD…, --list, or --apply FILE alone; see `casefold redact --help`")
    if listing:
        return commands.redactions_json(settings.db)
    if again:
        return commands.reapply_json(settings.db, again, actor=settings.by)
    return commands.redact_json(settings.db, words, actor=settings.by, **why)


@casefold.command()
@case_argument
@click.argument("event", metavar="ID")
@click.argument("file", default="")
@click.option("--root", default=".", show_default=True, metavar="DIR", help="The folder that FILE must be in.")
@click.option("--out", default="", metavar="FILE", help="Give the file that is kept out again, into a new file.")
@prints("attached", room="proof")
def attach(settings: Settings, case: str, event: str, file: str, root: str, out: str) -> Any:
    """Keep a file in the log, by its hash, for a document event of a case; or give it out again."""
    from events.log import open_log
    from events.log.commands import attach_json, taken_out_json
    from timeline.reports.documents import document_told

    if bool(file) == bool(out):
        raise click.UsageError("write FILE to keep it, or --out FILE to give it out; see `casefold attach --help`")
    if out:
        return taken_out_json(settings.db, case, event, out)
    with open_log(settings.db) as log:
        told = document_told(log, case, event)
    return attach_json(settings.db, case, event, file, root=root, told=told, actor=settings.by)


@casefold.command()
@click.argument("questions", nargs=-1, metavar="[VIEW…]")
@click.option("--status", is_flag=True, help="Only say what is kept, how far it was brought, and what is of no use.")
@click.option("--rebuild", is_flag=True, help="Make all of it anew, aside, and put it in place.")
@click.option("--compare", is_flag=True, help="Fold what is kept anew and compare; exit 1 where they differ.")
@click.option("--progress/--no-progress", default=None, help="Show progress; on by default on a terminal.")
@prints("kept", room="kept", fails=lambda done: not done.get("same", True))
def project(
    settings: Settings, questions: tuple[str, ...], status: bool, rebuild: bool, compare: bool, progress: bool | None
) -> Any:
    """Keep answers for every case beside the log, in plain tables; VIEW is a question as ask takes it, in quotes."""
    from timeline import store
    from timeline.reports.progress import progress as shown

    if status + rebuild + compare > 1:
        raise click.UsageError("--status, --rebuild and --compare are three things; write one of them")
    if status and questions:
        raise click.UsageError("--status tells of every question that is kept; leave VIEW out")
    if status:
        return store.status(settings.db)
    if compare:
        return store.compare(settings.db, questions)
    with shown(progress, "cases") as bar:
        return _said_aside(store.project(settings.db, questions, anew=rebuild, told=bar))


@casefold.command(context_settings={"ignore_unknown_options": True})
@click.argument("question", nargs=-1, required=True, type=click.UNPROCESSED, metavar="VIEW …")
@click.option("-o", "--output", required=True, metavar="FILE", help="A .csv, .jsonl or .parquet file.")
@account_options
@prints("cohort", room="kept", fails=lambda done: done.get("contradictory", 0) > 0)
def cohort(settings: Settings, question: tuple[str, ...], output: str, **how: Any) -> Any:
    """Write the answer of every case to one question, as ask takes it: one row a case, from what is kept.

    With --on-conflict fail it exits 1 where a case contradicts itself; the file says which.
    """
    from timeline import store
    from timeline.read import Asked
    from timeline.reports.progress import progress

    with progress(None, "cases") as bar:
        return _said_aside(store.cohort(settings.db, question, output, asked=Asked.of(**how), told=bar))


def _said_aside(done: dict[str, Any]) -> dict[str, Any]:
    """Say on standard error what a careful user should know of a result."""
    from timeline.reports.faults import prefixed

    _complain(prefixed([f"warning: {each}" for each in done["warnings"]]), 0)
    return done


@casefold.group(cls=Nearest)
def db() -> None:
    """Look after the database: upgrade, check, backup, copy, grant, stats."""


@db.command()
@click.argument("file")
@prints("backed_up", room="proof", fails=lambda done: not done["ok"])
def backup(settings: Settings, file: str) -> Any:
    """Copy the log to a new FILE, while others may write, and verify the copy; exits 1 if it does not hold."""
    from events.log.commands import backup_json

    return backup_json(settings.db, file)


@db.command()
@click.argument("to", metavar="URL|FILE")
@prints("backed_up", room="proof", fails=lambda done: not done["ok"])
def copy(settings: Settings, to: str) -> Any:
    """Copy the log into another, empty database, SQLite or PostgreSQL, and verify it: the same log, moved."""
    from events.log.commands import copy_json

    return copy_json(settings.db, to)


@db.command()
@click.argument("role")
@click.option(
    "--may",
    type=click.Choice(["read", "append", "redact"]),
    default="append",
    show_default=True,
    help="What the role may do; each may do what those before it may.",
)
@prints("granted", room="proof")
def grant(settings: Settings, role: str, may: str) -> Any:
    """Let a role of the PostgreSQL server read, append or redact, and never alter; run it as the owner."""
    from events.log.commands import grant_json

    return grant_json(settings.db, role, may)


@db.command()
@prints("upgraded")
def upgrade(settings: Settings) -> Any:
    """Bring the database to this program's schema."""
    from events.log import upgrade as bring
    from events.log.opening import database_at

    before, after = bring(settings.db)
    return {"where": database_at(settings.db).where, "before": before, "after": after}


@db.command()
@prints("checked", fails=lambda done: not done["ok"])
def check(settings: Settings) -> Any:
    """Check that the database is whole; exits 1 if it is not."""
    from timeline.reports import contents

    return contents.check_json(settings.db)


@db.command()
@prints("stats")
def stats(settings: Settings) -> Any:
    """Say how much there is in the database."""
    from timeline.reports import contents

    return contents.stats_json(settings.db)
