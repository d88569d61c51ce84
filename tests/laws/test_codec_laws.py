"""Laws of the codec: canonical bytes are those of RFC 8785, reading undoes writing, nothing stands twice unseen."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events.codec import leaf, recorded, same_content
from events.drafting import draft
from events.errors import Fault
from events.event import event_types
from events.fields import Kind, kinds
from events.leaf.canonical import canonical, strict_json

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
texts = st.text(characters, max_size=12)
names = st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=8)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
values = st.recursive(
    st.none() | st.booleans() | whole | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_canonical_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(names, values, max_size=5), st.booleans())
def test_strict_reading_agrees_with_plain_reading(value: dict[str, Any], ascii_only: bool) -> None:
    assert strict_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


pairs = st.lists(
    st.tuples(
        st.sampled_from(['"a"', '"b"', '"\\u0061"', '"c"']),
        st.sampled_from(
            ["1", "1.5", '"x"', '"\\""', '"\\u0022"', '{"a":1,"a":"\\u0022"}', '[1.25,{"b":2}]', '""', "-1"]
        ),
    ),
    max_size=4,
)


def _twice(text: str) -> bool:
    found = False

    def look(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        found = found or len({name for name, _ in members}) != len(members)
        return dict(members)

    json.loads(text, object_pairs_hook=look)
    return found


@given(pairs)
def test_a_name_that_stands_twice_is_always_seen(members: list[tuple[str, str]]) -> None:
    line = "{" + ",".join(f"{name}:{value}" for name, value in members) + "}"
    if _twice(line):
        with pytest.raises(Fault, match="stands twice"):
            strict_json(line.encode())
    else:
        assert strict_json(line.encode()) == json.loads(line, parse_float=str)


said = st.text(characters, min_size=1, max_size=12).filter(lambda text: not text.isspace())
amounts = st.sampled_from(["50 mg", "at least 3", "1 to 3", "unknown", 7, "20 vials", "40 ± 5 mg"])
ids = st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9_:/-]{0,12}\Z")
whens = st.sampled_from(
    ["2023-10-28", "2023-10-28T16:17Z", "unknown", "after @zz.a", "more than 7 days before @zz.b", "202X"]
)
several = st.lists(ids, min_size=2, max_size=3, unique=True)
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "text": said,
    "texts": st.lists(said, min_size=1, max_size=3),
    "count": st.sampled_from([1, 27, "at least 27", "1 to 3", "unknown"]),
    "amount": amounts,
    "level": st.sampled_from(["detected", "Not detected", "not tested"]) | amounts,
    "duration": st.sampled_from(["40 minutes", "1 hour 30 minutes", "PT40M"]),
    "elapsed": st.sampled_from(["3 hours", "more than 7 days", "between 3 hours and 4 hours"]),
    "when": whens,
    "event": ids.map(lambda one: f"@zz.{one}"),
    "instant": st.sampled_from(["zz.a", "@zz.b.start", "zz.c.last"]),
    "events": several,
    "names": several,
    "groups": st.lists(several, min_size=1, max_size=2),
    "source": st.fixed_dictionaries({"speaker": said}, optional={"quote": said, "standing": st.just("found")}),
    "type": st.sampled_from(["infusion", "dose"]),
    "widths": st.just({"day": "3 days"}),
    "words": st.just({"night": "22:00-06:00"}),
    "overlay": st.fixed_dictionaries({"note": said}, optional={"when": whens, "tags": st.lists(said, min_size=1)}),
    "paths": st.just(["note", "data.text"]),
    "hex": st.just("0123456789abcdef" * 4),
    "zone": st.just("Europe/Paris"),
}


def _value(kind: Kind) -> st.SearchStrategy[Any]:
    return st.sampled_from(kind.choices) if kind.name == "choice" else BY_KIND[kind.name]


def _lines(name: str) -> st.SearchStrategy[dict[str, Any]]:
    kind = event_types()[name]
    needed = {field for field, one in zip(kind.facts.__struct_encode_fields__, _required(name), strict=True) if one}
    fields = {field: _value(one) for field, one in kinds(kind.facts).items()}
    data = st.fixed_dictionaries(
        {field: value for field, value in fields.items() if field in needed},
        optional={field: value for field, value in fields.items() if field not in needed},
    ).filter(lambda made: _whole(name, made))
    frame: dict[str, st.SearchStrategy[Any]] = {
        "case": ids,
        "id": ids.map(lambda one: f"own-{one}"),
        "type": st.just(name),
        "data": data,
    }
    source = st.fixed_dictionaries(
        {"speaker": said}, optional={"via": said, "quote": said, "asserted": st.just("2023-12")}
    )
    more = {
        "when": whens,
        "note": said,
        "private": said,
        "source": source,
        "tags": st.lists(said, min_size=1, max_size=2),
    }
    return st.fixed_dictionaries(frame, optional=more)


def _required(name: str) -> list[bool]:
    import msgspec

    return [field.required for field in msgspec.structs.fields(event_types()[name].facts)]


def _whole(name: str, data: dict[str, Any]) -> bool:
    match name:
        case "claim.total":
            return "count" in data or "amount" in data
        case "claim.distinct":
            return ("ids" in data) != ("names" in data)
        case "claim.elapsed" | "claim.order":
            ends = [str(data[key]).removeprefix("@") for key in ("from", "to", "first", "then") if key in data]
            return ends[0] != ends[1]
        case _:
            return True


TYPES = [kind.name for kind in event_types().values() if kind.order]


@given(st.sampled_from(TYPES).flatmap(_lines), st.binary(min_size=32, max_size=32))
def test_reading_undoes_writing(line: dict[str, Any], prev: bytes) -> None:
    ready = draft(line, zone="America/Los_Angeles", reserved=True)
    salts = iter(bytes([n]) * 16 for n in range(99))
    made = leaf(
        ready,
        log="casefold/x",
        position=7,
        case_position=3,
        prev=prev,
        event_id=ready.id,
        recorded_at=11,
        tzdata="t",
        salt=lambda: next(salts),
    )
    assert made.body == rfc8785.dumps(json.loads(made.body))
    disclosed = {path: json.loads(value) for path, _, value in made.disclosures}
    event = recorded(made.body, disclosed)
    assert event.written == line.get("data", {})
    assert (event.when, event.note, event.private) == (
        line.get("when", ""),
        line.get("note", ""),
        line.get("private", ""),
    )
    assert {name: getattr(event.source, name) for name in line.get("source", {})} == line.get("source", {})
    assert (event.earliest, event.latest, event.tags) == (ready.earliest, ready.latest, tuple(line.get("tags", ())))
    assert same_content(ready, made.body, disclosed)
    assert same_content(ready, made.body, {})
