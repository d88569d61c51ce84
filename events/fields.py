"""The kinds of value a data field may hold, each an annotation that a type's class names. Reads none of them.

A field that is absent is empty (`""`, `()` or `{}`); amounts, dates and references stay text, as the source wrote them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec

from events.source import STANDINGS

KindName = Literal[
    "text", "count", "amount", "level", "duration", "elapsed", "when", "event", "instant", "events", "names", "groups",
    "choice", "source", "type", "widths", "words", "overlay", "paths", "hex", "zone", "texts", "causes",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """What a field holds: the name of its kind and, for a choice, the words to choose from."""

    name: KindName
    choices: tuple[str, ...] = ()


def _kind(name: KindName, description: str, **schema: Any) -> msgspec.Meta:
    return msgspec.Meta(extra={"kind": Kind(name)}, extra_json_schema={"description": description, **schema})


def choice(*words: str) -> msgspec.Meta:
    """Annotate a field that holds one of a few words."""
    return msgspec.Meta(
        extra={"kind": Kind("choice", words)}, extra_json_schema={"description": "one of these words", "enum": [*words]}
    )


_NUMBERS: Final = {"type": ["string", "number"]}

Text = Annotated[str, _kind("text", "text, not empty", minLength=1)]
Count = Annotated[str, _kind("count", "how many: 27, 'at least 27', '1 to 3', 'unknown'", **_NUMBERS)]
Amount = Annotated[str, _kind("amount", "how much: '50 mg', 'at least 50 mg', '25 to 50 mg', 'unknown'", **_NUMBERS)]
LEVELS: Final = ("detected", "not detected", "not tested")
"""What a laboratory says in place of an amount."""
Level = Annotated[
    str, _kind("level", "how much was measured: '3540 ng/mL', '< 0.1 ng/mL', 'detected', 'not detected'", **_NUMBERS)
]
DurationText = Annotated[str, _kind("duration", "how long: '40 minutes', '30 to 40 minutes', 'PT40M'")]
ElapsedText = Annotated[str, _kind("elapsed", "a time between: '3 hours', 'more than 7 days', 'between 3 and 4 hours'")]
WhenText = Annotated[str, _kind("when", "when, as far as known: a date, an EDTF text, or relative to an event")]
EventRef = Annotated[str, _kind("event", "the id of an event of the case, with or without @")]
InstantRef = Annotated[
    str,
    _kind(
        "instant", "the id of an event of the case, with .start, .end, .first or .last where it has several instants"
    ),
]
TypeName = Annotated[str, _kind("type", "an event type; 'dose' means any administration")]
EventRefs = Annotated[tuple[str, ...], _kind("events", "ids of events of the case", minItems=2)]
Names = Annotated[tuple[str, ...], _kind("names", "ids of events, or names", minItems=2)]
Groups = Annotated[
    tuple[Any, ...], _kind("groups", "names that are different from one another, or several lists of such names")
]
Standing = Annotated[str, choice(*STANDINGS)]
SourceFields = Annotated[dict[str, str], _kind("source", "who says so: speaker, via, standing, doc, document, ...")]
Widths = Annotated[
    dict[str, str], _kind("widths", "how wide 'about' is, by precision: {'day': '3 days', 'minute': '10 minutes'}")
]
Words = Annotated[dict[str, str], _kind("words", "what words for times of day mean: {'night': '22:00-06:00'}")]
Overlay = Annotated[
    dict[str, Any], _kind("overlay", "the fields to set: when, until, zone, data, source, tags, note; null removes")
]
Paths = Annotated[
    tuple[str, ...], _kind("paths", "sensitive fields: note, private, source.quote, data.text", minItems=1)
]
Hex = Annotated[str, _kind("hex", "a SHA-256 in lower-case hex", pattern="^[0-9a-f]{64}$")]
ZoneName = Annotated[str, _kind("zone", "a time zone by its IANA name, e.g. America/Los_Angeles")]
Texts = Annotated[tuple[str, ...], _kind("texts", "a list of texts")]


def kinds(facts: type[msgspec.Struct]) -> dict[str, Kind]:
    """Give the kind of every field of a facts class by its name in `data`; raises TypeError where one has none.

    A plain `str` is text.
    """
    hints = get_type_hints(facts, include_extras=True)
    return {field.encode_name: _kind_of(hints[field.name], field.name) for field in msgspec.structs.fields(facts)}


def _kind_of(hint: Any, name: str) -> Kind:
    if hint is str:
        return Kind("text")
    if get_origin(hint) is Annotated:
        for note in get_args(hint)[1:]:
            if isinstance(note, msgspec.Meta) and note.extra and isinstance(note.extra.get("kind"), Kind):
                kind: Kind = note.extra["kind"]
                return kind
    raise TypeError(f"the field {name!r} has no kind; annotate it with one of events.fields, e.g. Text or Amount")
