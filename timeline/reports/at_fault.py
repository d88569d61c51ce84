"""Names, before what a view says is wrong, the parameter that it is wrong in. Reads no parameter and asks no view.

Which one it is shows in the fault itself: it quotes the text that cannot be read, or begins with it. Where several
parameters have that text in them, nothing is named: no name is better than the wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from events.errors import Fault
from timeline.views import find_view

if TYPE_CHECKING:
    from timeline.views import Parameter

_QUOTED: Final = re.compile(r"""'([^']*\w[^']*)'|"([^"]*\w[^"]*)\"""")
_POINTED: Final = re.compile(r"(?:the case has no |@)(\S+)|(\d\S*)")
"""Words that a fault begins with and does not quote: an event, a type, a date, a number."""
_NO_ZONE: Final = "no zone is known"
_ZONED: Final = (
    "give the case a zone (`casefold add CASE case.opened zone=America/Los_Angeles`),"
    " or write instants with Z or their offset from UTC"
)


@contextmanager
def naming(view: str, given: Mapping[str, Any]) -> Iterator[None]:
    """Raise a `Fault` that comes of a view's parameters with the name of the one at fault: `--window: …`, `TYPE: …`."""
    found = find_view(view)
    texts = {each.words.partition(" ")[0]: _texts(each, given) for each in found.parameters} if found else {}
    with naming_options(texts):
        yield


@contextmanager
def naming_options(texts: Mapping[str, Sequence[str]]) -> Iterator[None]:
    """Raise a `Fault` with the name of the option that it is in, of those whose texts are given by name."""
    try:
        yield
    except Fault as fault:
        name = _at_fault(fault.what, {each: [_plain(one) for one in said] for each, said in texts.items()})
        if not name:
            raise
        # an event or a batch may bring a zone along, a question has none but the case's (SEMANTICS 1)
        instead = _ZONED if _NO_ZONE in fault.what else fault.instead
        raise Fault(f"{name}: {fault.what}", instead, within=fault.within) from None


@contextmanager
def within(option: str) -> Iterator[None]:
    """Raise a `Fault` with the option before it that the whole of a question was written in."""
    try:
        yield
    except Fault as fault:
        raise Fault(f"{option}: {fault.what}", fault.instead, within=fault.within) from None


def _texts(each: Parameter, given: Mapping[str, Any]) -> list[str]:
    """Give what was written for a parameter, as texts to look in; of a file nothing, as no fault quotes it."""
    value = given.get(each.name) or ()
    values = (value,) if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
    return [str(one) for one in values if each.kind != "file"]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).removeprefix("@")


def _at_fault(what: str, texts: Mapping[str, Sequence[str]]) -> str:
    """Give the name of the one parameter that the words of a fault point to; empty where that is not clear."""
    if any(name in what for name in texts if name.startswith("--")):
        return ""
    pointed = _POINTED.match(what) or _QUOTED.search(what)
    if not pointed:
        return ""
    words = _plain(next(filter(None, pointed.groups())))
    for fits in (words.__eq__, lambda text: words in text):
        found = [name for name, each in texts.items() if any(map(fits, each))]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""
