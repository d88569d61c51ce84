"""Reads a mapping file (TOML) into rules: which column becomes which field. Touches no data and guesses no column."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, final

from events.batches.cells import EPOCHS, ORDERS, Condition, Numbers, Template
from events.batches.rules import DATES, EventRule, FieldRule, Rules, SkipRule, YearOf
from events.dates.readers import Reader, reader_named
from events.dates.zones import zone_named
from events.errors import BadInput, Fault, Problem, reason
from events.event import type_named
from events.nearest import nearest
from events.toml_text import read_toml

TEXT_FIELDS: Final = ("case", "type", "when", "until", "zone", "note", "private", "actor")
LIST_FIELDS: Final = ("tags", "causes")
SOURCE_FIELDS: Final = ("speaker", "via", "standing", "doc", "document", "locator", "asserted", "quote", "reads")
ROW: Final = "row"
_KEYS: Final = {
    "": ("ignore", "file", "when", "numbers", "common", "skip", "event"),
    "file": ("delimiter", "quote", "encoding", "nothing"),
    "when": ("order", "zone", "reader", "pivot", "year", "words"),
    "numbers": ("columns", "decimal", "thousands", "range"),
    "skip": ("if", "reason"),
    "event": ("if", "id", *TEXT_FIELDS, *LIST_FIELDS, "version", "data", "source"),
    "field": ("from", "values", "others", "without", "epoch", "date", "required", "empty"),
}
FILL: Final = "???"
"""What a proposal (`casefold map`) writes where only its reader knows."""
_COLUMN: Final = 'the column that has it: year = "{Year}"'
_HOW: Final = f'write what only you know in place of "{FILL}"'


def read_mapping(path: Path) -> Rules:
    """Read a mapping file. Raises `BadInput` with every fault of it, each with its key."""
    try:
        text = path.read_bytes()
        document = read_toml(text.decode())
    except OSError as error:
        raise _refused(
            path, "", f"cannot be read: {reason(error)}", "check the name given to --map"
        ) from None
    except UnicodeDecodeError as error:
        raise _refused(path, "", f"byte {error.start} is not UTF-8", "save the mapping as UTF-8") from None
    except Fault as fault:
        raise _refused(path, "", fault.what, fault.instead or "see docs/mapping.md") from None
    if left := list(_open(document)):
        raise BadInput([Problem(file=str(path), field=key, what="is not filled in yet", instead=_HOW) for key in left])
    reading = _Reading()
    rules = reading.rules(document, path.name, hashlib.sha256(text).hexdigest())
    if reading.faults:
        raise BadInput([fault.problem(file=str(path), field=key) for key, fault in reading.faults])
    return rules


def _open(value: object, key: str = "") -> Iterator[str]:
    """Give the keys, dotted, under which the `"???"` of a proposal still stands.

    In a list of texts, or a condition, it is what a cell may hold: a proposal writes it in neither.
    """
    if value == FILL:
        yield key
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "if":
                yield from _open(each, f"{key}.{name}" if key else name)
    elif isinstance(value, list):
        for n, each in enumerate(value, 1):
            if isinstance(each, dict):
                yield from _open(each, f"{key}[{n}]")


def _refused(path: Path, field: str, what: str, instead: str) -> BadInput:
    return BadInput((Problem(file=str(path), field=field, what=what, instead=instead),))


@final
class _Reading:
    """One reading of a mapping: collects the faults by key, so that all of them are said at once."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, Fault]] = []
        self.used: set[str] = set()
        self.counted: frozenset[str] = frozenset()

    def rules(self, document: Mapping[str, Any], name: str, sha256: str) -> Rules:
        self.known(document, "", "")
        file, when = self.table(document, "file"), self.table(document, "when")
        common = self.table(document, "common", keys="event")
        numbers = self.numbers(self.table(document, "numbers"))
        blocks = self.tables(document, "event")
        if not blocks:
            self.fault("event", "the mapping makes no event", "add an [[event]] with case, id, type and when")
        events = tuple(
            self.event(f"event[{n}]", _over(common, block), n, len(blocks)) for n, block in enumerate(blocks, 1)
        )
        skips = tuple(self.skip(f"skip[{n}]", block) for n, block in enumerate(self.tables(document, "skip"), 1))
        ignore = frozenset(self.texts("ignore", document.get("ignore", [])))
        reader = self.reader(when)
        year = self.year(when, reader)
        for column in sorted(numbers.columns - self.used):
            self.fault("numbers.columns", f"no event takes column {column!r}", "take it out, or use it in an [[event]]")
        for column in sorted(self.used & ignore):
            self.fault("ignore", f"column {column!r} is used and ignored", "take it out of `ignore`")
        return Rules(
            name=name,
            sha256=sha256,
            delimiter=self.one("file.delimiter", file.get("delimiter", ",")),
            quote=self.one("file.quote", file.get("quote", '"'), none=True),
            encoding=self.encoding(file.get("encoding", "utf-8")),
            nothing=frozenset(self.texts("file.nothing", file.get("nothing", []))),
            order=self.choice("when.order", when.get("order", ""), ("", *ORDERS)),
            zone=self.zone(when.get("zone", "")),
            reader=reader,
            year=year,
            numbers=numbers,
            skips=skips,
            events=events,
            ignore=ignore,
            used=frozenset(self.used),
        )

    def fault(self, key: str, what: str, instead: str) -> None:
        self.faults.append((key, Fault(what, instead)))

    def known(self, table: Mapping[str, Any], place: str, keys: str) -> None:
        for key in table:
            if key not in _KEYS[keys]:
                above = keys and key in _KEYS[""] and key not in _KEYS["event"]
                advice = f"write it above the first [table]: {key} = …" if above else nearest(key, _KEYS[keys])
                self.fault(".".join(filter(None, (place, key))), "it is not a key of a mapping here", advice)

    def table(self, document: Mapping[str, Any], key: str, *, keys: str = "") -> Mapping[str, Any]:
        table = document.get(key, {})
        if not isinstance(table, dict):
            self.fault(key, "it is not a table", f"write [{key}]")
            return {}
        self.known(table, key, keys or key)
        return table

    def tables(self, document: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
        blocks = document.get(key, [])
        if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
            self.fault(key, "it is not a list of tables", f"write [[{key}]]")
            return []
        for n, block in enumerate(blocks, 1):
            self.known(block, f"{key}[{n}]", key)
        return blocks

    def text(self, key: str, value: object) -> str:
        if isinstance(value, str):
            return value
        self.fault(key, f"{value!r} is not a text", "write it in quotes")
        return ""

    def texts(self, key: str, value: object) -> list[str]:
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return list(value)
        self.fault(key, "it is not a list of texts", 'write ["a", "b"]')
        return []

    def choice(self, key: str, value: object, among: Sequence[str]) -> str:
        if value in among:
            return str(value)
        self.fault(key, f"{value!r} is not known here", nearest(str(value), [one for one in among if one]))
        return among[0]

    def one(self, key: str, value: object, *, none: bool = False) -> str:
        if isinstance(value, str) and (len(value) == 1 or (none and not value)) and value not in "\r\n\0":
            return value
        if none and value == "":
            return ""
        self.fault(key, f"{value!r} is not one character", 'write one, as "," or ";" or "\\t"')
        return ","

    def encoding(self, value: object) -> str:
        name = self.text("file.encoding", value)
        try:
            codec = codecs.lookup(name).name
            plain = '\n;,\t"aZ09'.encode(codec) == b'\n;,\t"aZ09'
        except (LookupError, UnicodeError, ValueError):
            plain = False
        if plain:
            return codec
        self.fault(
            "file.encoding",
            f"{value!r} is no encoding that can be read",
            "use utf-8, latin-1 or cp1252, or convert the file",
        )
        return "utf-8"

    def zone(self, value: object) -> str:
        name = self.text("when.zone", value)
        try:
            _ = name and zone_named(name)
        except Fault as fault:
            self.faults.append(("when.zone", fault))
        return name

    def reader(self, when: Mapping[str, Any]) -> Reader | None:
        name = self.text("when.reader", when.get("reader", ""))
        pivot, year, words = when.get("pivot", 0), when.get("year", 0), when.get("words", {})
        if isinstance(year, str) and name:  # it stands in a column: see `year`
            year = 0
        if not isinstance(words, dict) or not all(isinstance(hours, str) for hours in words.values()):
            self.fault("when.words", "it is not a table of words", 'write [when.words] and night = "22:00-06:00"')
        elif type(pivot) is not int:
            self.fault("when.pivot", f"{pivot!r} is not a year", "write the last year that two digits may mean")
        elif isinstance(year, str):
            self.fault("when.year", "a year serves a reader", 'write reader = "us-shorthand" with it')
        elif type(year) is not int or when.get("year", 1) == 0:
            self.fault("when.year", f"{year!r} is not a year", f"write year = 2024, or {_COLUMN}")
        elif name and when.get("order"):
            self.fault("when.order", f"the reader {name} has an order of its own", "leave `order` out")
        elif name:
            try:
                return reader_named(name, pivot=pivot, words=words, year=year)
            except Fault as fault:
                self.faults.append(("when.reader", fault))
        elif pivot or words or year:
            self.fault("when", "a pivot, a year and words serve a reader", 'write reader = "us-shorthand" with them')
        return None

    def year(self, when: Mapping[str, Any], reader: Reader | None) -> YearOf | None:
        """Read `year` where it is a template: each row has its own."""
        text = when.get("year")
        if not isinstance(text, str) or reader is None:
            return None
        template = self.template("when.year", text)
        if not template.columns and "{" not in text:  # else told of as a template
            self.fault("when.year", f"{text!r} names no column", f"write {_COLUMN}, or one year: year = 2024")
        name, pivot, words = when["reader"], when.get("pivot", 0), when.get("words", {})
        made = lru_cache(maxsize=256)(lambda year: reader_named(name, pivot=pivot, words=words, year=year))
        return YearOf(template=template, made=made)

    def numbers(self, table: Mapping[str, Any]) -> Numbers:
        columns = self.counted = frozenset(self.texts("numbers.columns", table.get("columns", [])))
        marks = {key: self.text(f"numbers.{key}", table.get(key, "")) for key in ("thousands", "range")}
        decimal = self.choice("numbers.decimal", table.get("decimal", "."), (".", ","))
        if decimal in marks.values() or (marks["thousands"] and marks["thousands"] == marks["range"]):
            self.fault("numbers", "one sign has two meanings", "give decimal, thousands and range each its own")
        if any(mark.isalnum() for mark in marks.values() if mark):
            self.fault("numbers", "a letter or a digit is no separator", 'write as thousands = ",", range = "-"')
        return Numbers(columns=columns, decimal=decimal, thousands=marks["thousands"], span=marks["range"])

    def skip(self, place: str, block: Mapping[str, Any]) -> SkipRule:
        conditions = self.conditions(place, block.get("if"))
        reason = self.text(f"{place}.reason", block.get("reason", ""))
        if not reason or not conditions:
            self.fault(
                place,
                "rows are skipped without a condition or a reason",
                'write if = { column = "value" } and reason = "…"',
            )
        return SkipRule(conditions=conditions, reason=reason)

    def conditions(self, place: str, value: object) -> tuple[Condition, ...]:
        if value is None:
            return ()
        if not isinstance(value, dict):
            self.fault(f"{place}.if", "it is not a table", 'write if = { column = "value" }')
            return ()
        return tuple(self.condition(f"{place}.if.{column}", column, want) for column, want in value.items())

    def condition(self, key: str, column: str, want: object) -> Condition:
        self.used.add(column)
        negated = isinstance(want, dict) and list(want) == ["not"]
        said = want["not"] if isinstance(want, dict) and negated else want
        texts = [said] if isinstance(said, str) else self.texts(key, said)
        return Condition(column=column, values=frozenset(text.strip() for text in texts), negated=negated)

    def event(self, place: str, block: Mapping[str, Any], number: int, among: int) -> EventRule:
        fields: list[FieldRule] = []
        lists: list[tuple[str, tuple[Template, ...]]] = []
        constants: list[tuple[str, int]] = []
        by_row = self.identity(place, block.get("id"), fields, number if among > 1 else 0)
        for name, value in _flat(block):
            key = f"{place}.{name}"
            if isinstance(value, int) and not isinstance(value, bool):
                constants.append((name, value))
            elif isinstance(value, list):
                lists.append((name, tuple(self.template(key, text) for text in self.texts(key, value))))
            elif isinstance(value, str | dict):
                fields.append(self.field(key, name, value))
            else:
                self.fault(key, f"{value!r} is no text, number, list or table", 'write it in quotes: "0.5 mg"')
            if name.startswith("source.") and name[7:] not in SOURCE_FIELDS:
                self.fault(key, "it is not a field of a source", nearest(name[7:], SOURCE_FIELDS))
        self.needed(place, block)
        return EventRule(
            conditions=self.conditions(place, block.get("if")),
            fields=tuple(fields),
            lists=tuple(lists),
            constants=tuple(constants),
            by_row=by_row,
        )

    def needed(self, place: str, block: Mapping[str, Any]) -> None:
        if "type" not in block:
            self.fault(
                f"{place}.type", "the event has no type", 'write type = "infusion", or from a column with `values`'
            )
        types = block.get("type")
        named = [types] if isinstance(types, str) else []
        if isinstance(types, dict):
            values = types.get("values", {})
            named = [
                *(values.values() if isinstance(values, dict) else ()),
                *filter(None, (types.get("others"), types.get("empty"))),
            ]
        for name in named:
            if isinstance(name, str) and "{" not in name:
                try:
                    type_named(name)
                except Fault as fault:
                    self.faults.append((f"{place}.type", fault))

    def identity(self, place: str, value: object, fields: list[FieldRule], number: int) -> str:
        """Read `id`: a template, a list of columns, or `row`; the last gives the pattern of the name."""
        key = f"{place}.id"
        if value == ROW:
            return "{file}:{line}" + (f":{number}" if number else "")
        if value is None:
            self.fault(key, "the event has no id", 'name the columns that identify it, id = ["…"], or write id = "row"')
        elif isinstance(value, list):
            columns = self.texts(key, value)
            fields.append(
                self.field(key, "id", {"from": ":".join(f"{{{column}}}" for column in columns), "required": True})
            )
        elif isinstance(value, str):
            fields.append(self.field(key, "id", {"from": value, "required": True}))
        else:
            self.fault(key, f"{value!r} is no id", 'write a template, a list of columns, or "row"')
        return ""

    def template(self, key: str, text: str) -> Template:
        try:
            template = Template.of(text)
        except Fault as fault:
            self.faults.append((key, fault))
            return Template.of("")
        self.used.update(template.columns)
        return template

    def field(self, key: str, name: str, value: str | Mapping[str, Any]) -> FieldRule:
        spec: Mapping[str, Any] = {"from": value} if isinstance(value, str) else value
        self.known(spec, key, "field")
        if "from" not in spec:
            self.fault(key, "it does not say where it comes from", 'write from = "{column}"')
        values: dict[str, str] = spec.get("values", {})
        if not isinstance(values, dict) or not all(isinstance(one, str) for one in values.values()):
            self.fault(f"{key}.values", "it is not a table of texts", 'write { "in the file" = "in the event" }')
            values = {}
        template = self.template(key, self.text(f"{key}.from", spec.get("from", "")))
        return FieldRule(
            name=name,
            template=template,
            plain=spec.keys() <= {"from", "required", "empty"}
            and name not in DATES
            and self.counted.isdisjoint(template.columns),
            values=dict(values),
            others=self.text(f"{key}.others", spec.get("others", "")),
            without=self.text(f"{key}.without", spec.get("without", "")),
            epoch=self.choice(f"{key}.epoch", spec.get("epoch", ""), ("", *EPOCHS)),
            date=name in DATES or self.flag(f"{key}.date", spec.get("date", False)),
            required=self.flag(f"{key}.required", spec.get("required", False)),
            empty=self.text(f"{key}.empty", spec.get("empty", "")),
        )

    def flag(self, key: str, value: object) -> bool:
        if isinstance(value, bool):
            return value
        self.fault(key, f"{value!r} is neither true nor false", "write true or false")
        return False


def _over(common: Mapping[str, Any], block: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a block over what is common to all; `data` and `source` field by field."""
    both = {**common, **block}
    for name in ("data", "source"):
        if isinstance(common.get(name), dict) and isinstance(block.get(name), dict):
            both[name] = {**common[name], **block[name]}
    return both


def _flat(block: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Give the fields of a block by dotted name, in its order, but for `if` and `id`."""
    fields: list[tuple[str, Any]] = []
    for name, value in block.items():
        if name in ("data", "source") and isinstance(value, dict):
            fields += [(f"{name}.{inner}", one) for inner, one in value.items()]
        elif name not in ("if", "id"):
            fields.append((name, value))
    return fields
