"""Laws of the fast lane: what it takes, the slow way takes without a warning, as the same event with the same leaf."""

from __future__ import annotations

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from events.codec import content_id, leaf
from events.dates.iso import iso_bound, iso_ends
from events.drafting import drafted
from events.drafts.fast_lane import FastLane, Stamp, Swift, swift_body
from events.errors import BadInput, Fault
from events.leaf.canonical import strict_json

STAMP = Stamp("casefold/x", 1_700_000_000_000_000, "2026a", "keeper")
ZONES = ["", "UTC", "America/Los_Angeles", "Pacific/Apia"]
WORDS = [
    "ketamine",
    "",
    " ",
    "  x",
    "x ",
    "\u00a0",
    "\u2003",
    "\u3000",
    "é",
    "ketamine\u200b",
    "\u202e",
    "日本",
    "a\\b",
    'a"b',
    "\n",
    "\t",
    "\u0085",
    "\u1680",
    "50 mg",
    "2.5 mg",
    "20 wubbles",
    "at least 3",
    "unknown",
    "0",
    "10 mg/h",
    "-0",
    "\x7f",
]
WHENS = [
    "2023-10-28",
    "2023-10-28T16:17Z",
    "2023-10-28T16:17:01Z",
    "2023-10-28T16:17:01.5-07:00",
    "2023-10-28T24:00Z",
    "2011-12-30",
    "2023-02-30",
    "2023-10",
    "unknown",
    "after @a",
    "",
    " ",
    "0001-01-01T00:00Z",
    "9999-12-31T23:59:59Z",
    "0001-01-01T00:00+14:00",
    "1683-01-01T00:00Z",
    "2256-01-01T00:00Z",
    "2023-W01-1",
    "2023-10-28T16:17:00-00:00",
    "20231028T160000Z",
    "from 2023-10-01 to 2023-10-02",
    "2022-01-01",
]
IDS = ["row-1", "a", "", "é", "a.first", "x" * 129, "-a", "casefold:log", "a b", "perry\n"]
TYPES = [
    *("infusion", "injection", "fact", "finding", "case.opened", "amend.retract", "claim.total", "log.key", "nothing"),
    *("specimen", "toxicology", "death", "supply", "charge", "document", ""),
]

words = st.sampled_from(WORDS)
scalars: st.SearchStrategy[Any] = words | st.sampled_from([0, 1, -1, 27, 2**53, 1.5, True, None, [], {}, ["a"], "@a"])
FIELDS = [
    "substance",
    "amount",
    "count",
    "duration",
    "text",
    "route",
    "zone",
    "weight",
    "target",
    "site",
    "dated",
    "of",
]
data = st.dictionaries(st.sampled_from(FIELDS), scalars, max_size=4)
SAID = ["speaker", "via", "standing", "doc", "document", "locator", "asserted", "quote", "reads", "who"]
said = words | st.sampled_from(["found", "alleged", "2024-08-15", "2011-12-30", "2024", 7])
source = st.dictionaries(st.sampled_from(SAID), said, max_size=4)
frames = st.fixed_dictionaries(
    {"case": st.sampled_from(IDS), "type": st.sampled_from(TYPES)},
    optional={
        "id": st.sampled_from(IDS),
        "when": st.sampled_from(WHENS),
        "until": st.sampled_from(WHENS),
        "data": data | scalars,
        "source": source | scalars,
        "tags": st.lists(words, max_size=2) | scalars,
        "note": words,
        "version": st.just(1),
        "actor": words,
        "zone": st.sampled_from(ZONES),
    },
)
plain_frames = st.fixed_dictionaries(
    {"case": st.just("perry"), "type": st.sampled_from(["infusion", "injection", "supply", "charge", "death"])},
    optional={
        "id": st.sampled_from(["row-1", "a"]),
        "when": st.sampled_from(["2023-10-28", "2023-10-28T16:17Z", "2023-10-28T16:17:01.25-07:00"]),
        "until": st.sampled_from(["2023-10-29", "2023-10-28T16:17Z"]),
        "data": st.fixed_dictionaries(
            {}, optional={"substance": words, "amount": st.sampled_from(["5 mg", 7, "é mg"])}
        ),
        "source": source,
        "tags": st.lists(st.sampled_from(["x", "é", " ", ""]), max_size=2),
    },
)


def slow_leaf(line: bytes, zone: str) -> tuple[bytes, str]:
    """Give the leaf that the slow way gives, and the id; raises what it raises, and where it warns."""
    made = drafted(strict_json(line), zone=zone, file="a.jsonl", line=3)
    assert made.warnings == ()
    event_id = made.draft.id or content_id(made.draft.own, b"key")
    assert (made.draft.mentions, made.draft.requires) == ((), ())
    found = leaf(
        made.draft, log=STAMP.log, position=7, case_position=3, prev=b"\x01" * 32, event_id=event_id,
        recorded_at=STAMP.recorded_at, tzdata=STAMP.tzdata, salt=lambda: bytes(16),
    )  # fmt: skip
    assert found.disclosures == ()
    return found.body, event_id


def agree(line: bytes, zone: str) -> Swift | None:
    """Send a line both ways, the fast one twice (what is kept must not change anything)."""
    lane = FastLane("a.jsonl", zone)
    swift = lane.swift(line, 3)
    assert lane.swift(line, 3) == swift
    if swift is not None:
        stamp = STAMP._replace(actor="")
        body, event_id = slow_leaf(line, zone)
        assert swift_body(swift, stamp, 7, 3, b"\x01" * 32, event_id) == body
        assert body == rfc8785.dumps(json.loads(body))
        assert swift.draft() == drafted(strict_json(line), zone=zone, file="a.jsonl", line=3).draft
    return swift


@given(frames | plain_frames, st.sampled_from(ZONES), st.booleans(), st.sampled_from([(",", ":"), (", ", ": ")]))
def test_what_the_lane_takes_the_slow_way_takes_as_the_same(
    frame: dict[str, Any], zone: str, ascii_only: bool, between: tuple[str, str]
) -> None:
    agree(json.dumps(frame, ensure_ascii=ascii_only, separators=between).encode() + b"\n", zone)


members = st.lists(
    st.tuples(
        st.sampled_from(
            ['"case"', '"type"', '"id"', '"when"', '"data"', '"source"', '"tags"', '"until"', '"\\u0069d"']
        ),
        st.sampled_from(
            [
                '"perry"',
                '"infusion"',
                '"2023-10-28T16:17Z"',
                "{}",
                "[]",
                "1",
                "null",
                '{"count":1,"count":2}',
                '{"count":-0}',
                '{"count":9007199254740993}',
                '{"count":1.0}',
                '{"count":1e3}',
                '{"speaker":"a","speaker":"b"}',
                '{"speaker":"a"}',
                '{"substance":"a"}',
                '["x"]',
                '[""]',
                '{"speaker":""}',
                '{"amount":{"a":[]}}',
                '""',
                '"\xff"',
                '{"substance":"\x01"}',
            ]
        ),
    ),
    min_size=2,
    max_size=7,
)


@given(members, st.sampled_from(["", " ", "}", "x", "\x00"]))
@example([('"case"', '"perry"'), ('"type"', '"infusion"'), ('"type"', '"infusion"')], "")
@example([('"case"', '"perry"'), ('"type"', '"infusion"'), ('"data"', '{"count":1}'), ('"data"', '{"count":1}')], "")
def test_a_crooked_line_never_takes_the_lane_alone(pairs: list[tuple[str, str]], end: str) -> None:
    line = "{" + ",".join(f"{name}:{value}" for name, value in pairs) + "}" + end
    for coded in (line.encode(), line.encode("latin-1")):
        if len({name for name, _ in pairs}) < len(pairs):
            assert FastLane("a.jsonl", "UTC").swift(coded, 3) is None
        agree(coded, "UTC")


def test_the_lane_is_not_empty() -> None:
    line = {
        "case": "perry", "id": "row-1", "type": "infusion", "when": "2023-10-28T16:17Z", "until": "2023-10-28T17:00Z",
        "data": {"substance": "kétamine", "amount": "50 mg", "count": 2}, "tags": ["final"],
        "source": {"speaker": "clinic", "standing": "documented", "locator": "row 1", "asserted": "2023-12-01"},
    }  # fmt: skip
    for missing in ("", "id", "when", "until", "data", "tags", "source"):
        gone = {missing, "until"} if missing == "when" else {missing}
        less = {name: value for name, value in line.items() if name not in gone}
        assert agree(json.dumps(less, ensure_ascii=False).encode(), "America/Los_Angeles") is not None, missing


@pytest.mark.parametrize("line", [b"", b"\n", b"{}", b"[1]", b"{" * 2000, b'{"case":' + b"[" * 100_000])
def test_what_is_no_event_is_left_to_the_slow_way(line: bytes) -> None:
    assert FastLane("a.jsonl", "UTC").swift(line, 1) is None
    with pytest.raises((BadInput, Fault)):
        drafted(strict_json(line))


@given(st.sampled_from(WHENS) | st.from_regex(r"\A[0-9T:.Z+-]{8,30}\Z"), st.sampled_from(ZONES))
def test_two_numbers_say_what_the_bound_says(text: str, zone: str) -> None:
    bound = iso_bound(text, zone)
    assert iso_ends(text, zone) == (None if bound is None else (bound.lo, bound.hi))


days = st.dates().map(str)
clocks = st.from_regex(
    r"\AT([01][0-9]|2[0-4]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?(Z|[+-](0[0-9]|1[0-5]):[0-5][0-9])\Z"
)


@given(days, clocks, st.sampled_from(ZONES))
def test_a_day_and_a_time_of_day_add_up(day: str, clock: str, zone: str) -> None:
    bound = iso_bound(day + clock, zone)
    assert iso_ends(day + clock, zone) == (None if bound is None else (bound.lo, bound.hi))
