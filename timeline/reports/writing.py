"""From a file's name to its format's writer, and onto the disk; lists what a format cannot carry. Composes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, Literal, NamedTuple

from events.errors import Fault
from events.whole_file import write_whole
from timeline.reports.composing.shape import Figure, Report
from timeline.reports.endings import format_named


class Writer(NamedTuple):
    """A format: module, function, the extra it needs (empty: none), if it draws charts, as PNG, and if it has paper."""

    module: str
    function: str
    extra: str = ""
    drawn: bool = False
    pictures: bool = False
    paper: bool = False


WRITERS: Final = {
    "html": Writer("timeline.reports.formats.as_html", "as_html", drawn=True),
    "pdf": Writer("timeline.reports.formats.as_pdf", "as_pdf", "pdf", drawn=True, paper=True),
    "md": Writer("timeline.reports.formats.as_markdown", "as_markdown"),
    "txt": Writer("timeline.reports.formats.as_text", "as_text"),
    "json": Writer("timeline.reports.formats.as_json", "as_json"),
    "csv": Writer("timeline.reports.formats.as_csv", "as_csv"),
    "xlsx": Writer("timeline.reports.office.xlsx", "as_xlsx", "office"),
    "docx": Writer("timeline.reports.office.docx", "as_docx", "office", drawn=True, pictures=True, paper=True),
}
"""Each `as_…` takes a report and gives text or bytes; the `LEFT_OUT` beside it names what the format cannot carry."""
SHAPES: Final = tuple(WRITERS)
Paper = Literal["a4", "letter"]


def shape_of(output: str) -> str:
    """Give the format a file's ending names; `-` is the standard output, as text. Raises `Fault`.

    >>> shape_of("case.md"), shape_of("-")
    ('md', 'txt')
    """
    return "txt" if output == "-" else format_named(output, SHAPES, "reports")


def replays(shape: str) -> bool:
    """Whether a format shows the record as it stood, step by step."""
    return shape == "html"


def draws(shape: str) -> bool:
    """Whether a format shows the charts as pictures."""
    return WRITERS[shape].drawn


def written(report: Report, shape: str, paper: Paper = "a4") -> str | bytes:
    """Give a report in one format; texts end in a newline. Raises `Fault` where the format needs an extra."""
    writer = WRITERS[shape]
    write = getattr(_module(shape), writer.function)
    how: dict[str, Any] = {"picture": picture} if writer.pictures else {}
    with _extra(shape):
        made: str | bytes = write(report, **how, **({"paper": paper} if writer.paper else {}))
    return made


def left_out(shape: str) -> tuple[str, ...]:
    """Name what a format cannot carry; empty where it carries all."""
    return tuple(getattr(_module(shape), "LEFT_OUT", ()))


def save(report: Report, output: str, paper: Paper = "a4") -> dict[str, Any]:
    """Write a report to a file, in the format of its ending; says which, and what it leaves out. Raises OSError."""
    shape = shape_of(output)
    made = written(report, shape, paper)
    write_whole(output, made if isinstance(made, bytes) else made.encode())
    return {"file": output, "format": shape, "left_out": list(left_out(shape))}


def picture(figure: Figure) -> bytes:
    """Draw a figure as a PNG."""
    from timeline.charts.drawing import png, svg
    from timeline.reports.escape import visible

    return png(visible(svg(figure.chart)))


def _module(shape: str) -> Any:
    with _extra(shape):
        return import_module(WRITERS[shape].module)


@contextmanager
def _extra(shape: str) -> Iterator[None]:
    """Name the extra that a format needs where what it brings is missing, now or when it is first used."""
    extra = WRITERS[shape].extra
    try:
        yield
    except ModuleNotFoundError as missing:
        if not extra:
            raise
        raise Fault(
            f"a .{shape} needs {missing.name}, which is not installed", f"run `pip install 'casefold[{extra}]'`"
        ) from None
