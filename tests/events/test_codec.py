"""The stored form: golden leaves kept for ever, the strict reader of JSON, sensitive values, versions."""

from __future__ import annotations

import hashlib
import hmac
import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from events.codec import Leaf, content_id, leaf, recorded, same_content, typed
from events.drafting import draft
from events.errors import Fault
from events.event import _TYPES, Draft, Facts, event_type, event_types
from events.fields import Text
from events.leaf.canonical import canonical, check_profile, digest, strict_json

GOLDEN = [
    json.loads(row)
    for row in (Path(__file__).parent.parent / "golden" / "leaves_v1.jsonl").read_text("utf-8").splitlines()
]


def _draft(line: dict[str, Any]) -> Draft:
    return draft(line, actor="ana", case_zone=lambda _case: "America/Los_Angeles", reserved=True)


def _leaf(line: dict[str, Any], n: int = 1, salts: Any = None) -> Leaf:
    ready, numbers = _draft(line), count()
    return leaf(
        ready,
        log="casefold/0123456789abcdef0123456789abcdef",
        position=n,
        case_position=n,
        prev=b"" if n == 1 else bytes([n]) * 32,
        event_id=ready.id or content_id(ready.own, b"golden key"),
        recorded_at=1_700_000_000_000_000 + n,
        tzdata="2026a",
        salt=(lambda: next(salts)) if salts else lambda: next(numbers).to_bytes(16, "big"),
    )


@pytest.mark.parametrize("row", GOLDEN, ids=[row["name"] for row in GOLDEN])
def test_golden_leaves_are_written_as_ever(row: dict[str, Any]) -> None:
    salts = iter(bytes.fromhex(salt) for _, salt, _ in row["disclosures"])
    made = _leaf(row["line"], row["position"], salts)
    assert made.body.decode() == row["body"]
    assert made.leaf_hash.hex() == row["leaf_hash"] == hashlib.sha256(b"\x00" + made.body).hexdigest()
    assert [[path, salt.hex(), json.loads(value)] for path, salt, value in made.disclosures] == row["disclosures"]


@pytest.mark.parametrize("row", GOLDEN, ids=[row["name"] for row in GOLDEN])
def test_golden_leaves_are_read_as_ever(row: dict[str, Any]) -> None:
    line, values = row["line"], {path: value for path, _, value in row["disclosures"]}
    event = recorded(row["body"].encode(), values)
    assert (event.case, event.id, event.type, event.position) == (
        line["case"],
        row["id"],
        line["type"],
        row["position"],
    )
    assert event.written == line.get("data", {})
    assert (event.note, event.private) == (line.get("note", ""), line.get("private", ""))
    assert {name: getattr(event.source, name) for name in line.get("source", {})} == line.get("source", {})
    assert type(event.facts) is event_types()[line["type"]].facts
    assert not event.redacted
    assert same_content(_draft(line), row["body"].encode(), values)


def test_the_golden_leaves_cover_every_type() -> None:
    assert {row["line"]["type"] for row in GOLDEN} == {kind.name for kind in event_types().values() if kind.order}


def test_sensitive_values_are_only_digested() -> None:
    made = _leaf(
        {
            "case": "x",
            "id": "m",
            "type": "message",
            "note": "n-o-t-e",
            "private": "hush",
            "data": {"text": "delete all", "to": "B"},
            "source": {"speaker": "A", "quote": "del"},
        }
    )
    body = json.loads(made.body)
    assert (
        set(body["_sd"])
        == {"data.text", "source.quote", "note", "private"}
        == {path for path, _, _ in made.disclosures}
    )
    assert body["data"] == {"to": "B"}
    assert body["source"] == {"speaker": "A"}
    for path, salt, value in made.disclosures:
        assert body["_sd"][path] == hashlib.sha256(salt + canonical([path, json.loads(value)])).hexdigest()
        assert body["_sd"][path] == digest(salt, path, json.loads(value)).hex()


def test_what_is_erased_is_named_and_cannot_tell_lines_apart() -> None:
    line = {"case": "x", "id": "f", "type": "fact", "data": {"text": "secret"}, "note": "n"}
    made = _leaf(line)
    event = recorded(made.body, {"note": "n"})
    assert event.redacted == {"data.text"}
    assert event.facts == typed("fact", 1, {"text": "[redacted]"})
    assert same_content(_draft({**line, "data": {"text": "something else"}}), made.body, {"note": "n"})
    assert not same_content(_draft({**line, "note": "m"}), made.body, {"note": "n"})


@pytest.mark.parametrize(
    "change",
    [
        {"when": "2023-10-28"},
        {"tags": ["b"]},
        {"data": {"amount": "51 mg"}},
        {"source": {"speaker": "B"}},
        {"note": "other"},
        {"zone": "UTC"},
    ],
)
def test_other_content_is_told_apart(change: dict[str, Any]) -> None:
    line = {
        "case": "x",
        "id": "i",
        "type": "infusion",
        "when": "2023-10-27",
        "data": {"amount": "50 mg"},
        "tags": ["a"],
    }
    made = _leaf(line)
    values = {path: json.loads(value) for path, _, value in made.disclosures}
    assert same_content(_draft(line), made.body, values)
    assert not same_content(_draft({**line, **change}), made.body, values)


def test_the_zone_of_a_batch_is_no_content() -> None:
    line = {"case": "x", "id": "i", "type": "infusion", "when": "2023-10-27"}
    ready = draft(line, zone="UTC", actor="somebody")
    body = leaf(
        ready,
        log="l",
        position=1,
        case_position=1,
        prev=b"",
        event_id="i",
        recorded_at=0,
        tzdata="t",
        salt=lambda: bytes(16),
    ).body
    assert recorded(body, {}).zone == "UTC"
    assert same_content(draft(line, zone="Europe/Paris"), body, {})
    assert not same_content(draft({**line, "zone": "Europe/Paris"}), body, {})


def test_a_span_is_read_back_as_its_two_ends() -> None:
    made = _leaf({"case": "x", "id": "i", "type": "infusion", "when": "from 2023-10-01 to 2023-10-03"})
    event = recorded(made.body, {})
    assert (event.when, event.until) == ("2023-10-01", "2023-10-03")
    assert json.loads(made.body)["when"] == "from 2023-10-01 to 2023-10-03"


def test_amounts_written_as_numbers_are_typed_as_text() -> None:
    made = _leaf({"case": "x", "id": "i", "type": "infusion", "data": {"count": 3}})
    event = recorded(made.body, {})
    assert event.written == {"count": 3}
    assert event.facts == typed("infusion", 1, {"count": "3"})


def test_content_ids_cover_the_own_fields_alone() -> None:
    own = {"case": "x", "type": "death", "data": {"age": "54 years"}}
    made = content_id(own, b"key")
    expected = hmac.new(b"key", b'{"case":"x","data":{"age":"54 years"},"type":"death"}', "sha256").hexdigest()
    assert made == f"c:{expected[:32]}"
    assert content_id({**own, "actor": "ana"}, b"key") == made
    assert (
        len(
            {made, content_id(own, b"other"), content_id(own, b"key", head=3), content_id({**own, "note": "n"}, b"key")}
        )
        == 4
    )


def test_a_type_that_is_not_installed_is_still_read() -> None:
    body = _leaf({"case": "x", "id": "d", "type": "death"}).body.replace(b'"type":"death"', b'"type":"gone.away"')
    assert recorded(body, {}).facts == Facts()


def test_old_versions_are_lifted_as_they_are_read() -> None:
    event_types()
    try:

        @event_type(
            "lifted",
            version=3,
            upcast={1: lambda data: {"words": data["text"]}, 2: lambda data: {"all": data["words"].upper()}},
        )
        class Lifted(Facts):
            all: Text = ""

        assert typed("lifted", 1, {"text": "a"}) == Lifted(all="A")
        assert typed("lifted", 2, {"words": "b"}) == Lifted(all="B")
        assert typed("lifted", 3, {"all": "c"}) == Lifted(all="c")
        assert draft({"case": "x", "type": "lifted", "data": {"text": "a"}}).version == 1
        with pytest.raises(Fault, match="version 4"):
            typed("lifted", 4, {})
    finally:
        del _TYPES["lifted"]


@pytest.mark.parametrize(
    ("body", "why"),
    [(b"{", "cannot be read"), (b'{"v":2}', "cannot be read"), (b"\xff", "cannot be read")],
)
def test_what_is_no_leaf_is_a_fault(body: bytes, why: str) -> None:
    with pytest.raises(Fault, match=why):
        recorded(body, {})


def test_a_leaf_of_a_later_version_is_refused() -> None:
    body = _leaf({"case": "x", "id": "d", "type": "death"}).body.replace(b'"v":1', b'"v":2')
    with pytest.raises(Fault, match="leaf version 2"):
        recorded(body, {})


REFUSED = {
    "a name twice": (b'{"dose":1,"dose":10}', "stands twice"),
    "a name twice, with a decimal": (b'{"a":1,"a":1.5}', "stands twice"),
    "a name twice, with an escaped quotation mark": (b'{"a":"x","a":"\\u0022\\u0022"}', "stands twice"),
    "a name twice, once escaped": (b'{"a":1,"\\u0061":2}', "stands twice"),
    "a name twice within": (b'{"a":[{"b":{"c":1,"c":1}}]}', "stands twice"),
    "NaN": (b'{"a":NaN}', "not a JSON number"),
    "Infinity": (b'{"a":Infinity}', "not a JSON number"),
    "-Infinity": (b'{"a":-Infinity}', "not a JSON number"),
    "1e999": (b'{"a":1e999}', "too large"),
    "5,000 digits": (b'{"a":' + b"9" * 5000 + b"}", "5000 characters"),
    "2^53": (b'{"a":9007199254740992}', "2\\^53"),
    "-2^53": (b'{"a":-9007199254740992}', "2\\^53"),
    "1,500 deep": (b'{"a":' + b"[" * 1500 + b"]" * 1500 + b"}", "deep"),
    "100,000 deep": (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deep"),
    "33 deep": (b'{"a":' + b"[" * 32 + b"]" * 32 + b"}", "32 deep"),
    "a lone surrogate": (b'{"a":"\\ud800"}', "surrogate"),
    "a lone low surrogate": (b'{"a":"x\\udc00y"}', "surrogate"),
    "a control character": (b'{"a":"\x01"}', "control character"),
    "NUL": (b'{"a":"b\\u0000"}', "NUL"),
    "NUL in a name": (b'{"a\\u0000":1}', "NUL"),
    "a byte order mark": (b'\xef\xbb\xbf{"a":1}', "byte order mark"),
    "Latin-1": (b'{"a":"\xe9t\xe9"}', "byte 7"),
    "overlong": (b'{"a":"\xc0\x80"}', "UTF-8"),
    "cut short": (b'{"a":"b', "not JSON"),
    "two values": (b'{"a":1}{"b":2}', "not JSON"),
    "a list": (b"[1]", "not a JSON object"),
    "a text": (b'"a"', "not a JSON object"),
    "nothing": (b"", "not JSON"),
}


@pytest.mark.parametrize(("line", "why"), REFUSED.values(), ids=REFUSED)
def test_json_that_another_reader_may_read_otherwise_is_refused(line: bytes, why: str) -> None:
    with pytest.raises(Fault, match=why) as caught:
        strict_json(line)
    assert caught.value.instead


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b'{"a":1.50,"b":1}', {"a": "1.50", "b": 1}),
        (b'{"a":1.0}', {"a": "1.0"}),
        (b'{"a":-0}', {"a": "-0"}),
        (b'{"a":1e3}', {"a": "1e3"}),
        (b'{"a":9007199254740991}', {"a": 2**53 - 1}),
        (b'{"a":"12345678901234567890"}', {"a": "12345678901234567890"}),
        (b'{"a":' + b"[" * 31 + b"]" * 31 + b"}", None),
        (b'{"a":"' + b"{" * 99 + b'"}', {"a": "{" * 99}),
        (b'{"a":"\\u00e9\\ud83d\\ude02 \\u0022"}', {"a": 'é😂 "'}),
        ('{"a":"é😂"}'.encode(), {"a": "é😂"}),
        (b'  {"a" : "\\"x\\""}  ', {"a": '"x"'}),
    ],
)
def test_json_that_everybody_reads_alike_is_read(line: bytes, value: Any) -> None:
    assert strict_json(line) == (json.loads(line) if value is None else value)


BEYOND = {"french": "é", "values": "binary number", "structures": "binary number", "weird": "ASCII"}
"""The documents of the RFC's test data that lie outside the profile, and why: floats, or names beyond ASCII."""


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_the_documents_of_rfc_8785(shared: Path, name: str) -> None:
    documents = json.loads((shared / "vectors" / "rfc8785_jcs.json").read_text("utf-8"))["documents"]
    document = next(one for one in documents if one["name"] == name)
    value = json.loads(document["input_utf8"])
    if name in BEYOND:
        with pytest.raises(Fault, match=BEYOND[name]):
            canonical(value)
    else:
        assert canonical(value).hex() == document["output_hex"]


@pytest.mark.parametrize(
    "value", [0.5, 2**53, -(2**53), "\ud800", "a\x00", {"é": 1}, {1: 2}, object(), [[[{"a": 1.0}]]]]
)
def test_canonical_json_refuses_what_lies_outside_the_profile(value: Any) -> None:
    with pytest.raises(Fault):
        canonical(value)


def test_the_profile_ends_at_depth_32() -> None:
    deep: Any = []
    for _ in range(31):
        deep = [deep]
    check_profile(deep)
    with pytest.raises(Fault, match="32 deep"):
        check_profile([deep])
