"""Every reader of text or bytes, by name, with seeds that it takes. Judges nothing: see `test_fuzz_readers`."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from events.batches.load import load
from events.batches.mapping import read_mapping
from events.codec import recorded, strict_json
from events.dates.durations import read_duration
from events.dates.readers import reader_named
from events.drafting import drafted
from events.errors import CasefoldError
from events.event import RecordedEvent
from events.log.append import Appended
from events.log.checkpoints import read_note
from events.log.notes import open_note, parts, read_checkpoint, read_skey, read_vkey
from events.log.proofs.check_proof import check_proof
from events.log.proofs.proof_text import read_proof
from events.log.stamps import der
from events.log.stamps.token import read_token, token_of
from events.quantity import read_quantity
from events.units import unit
from events.when_text import read_span, read_when
from timeline.answers import Answer
from timeline.asking.questions import read_count_statement, read_statement, read_window
from timeline.case import CaseTimeline
from timeline.kinetics.parameters import read_substances
from timeline.reports.escape import json_text, markdown, one_line, visible

ZONE = "America/Los_Angeles"
MAPPING = """
[when]
order = "mdy"
[numbers]
columns = ["n"]
thousands = ","
range = "-"
[[event]]
case = "{c}"
id = "row"
type = "dose"
when = "{w}"
zone = "America/Los_Angeles"
data.amount = "{n} {u?}"
note = "{t?}"
"""


SUBSTANCES = """[x]
assay = "1 ng/mL"
[[x.models]]
name = "one"
citation = "me"
weight = "70 kg"
volume = "70 L"
half_life = "60 minutes"
"""


class Forgetful:
    """A writer that takes every draft and keeps none."""

    outcome = Appended()
    reads_as: Mapping[str, Any] = {}

    @contextmanager
    def writing(self, _actor: str) -> Iterator[Forgetful]:
        yield self

    def append(self, drafts: Iterator[Any]) -> None:
        for one in drafts:
            strict_json(json.dumps(one.own).encode())

    def case_zone(self, _case: str) -> str:
        return ""

    def batch(self, *_: str) -> None:
        pass


@cache
def folder() -> Path:
    """Give a folder for the files of this process."""
    made = tempfile.TemporaryDirectory(prefix="casefold-fuzz-")
    _kept.append(made)
    return Path(made.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


@cache
def timeline() -> CaseTimeline:
    """Give a small case to ask about."""
    lines: tuple[dict[str, Any], ...] = (
        {"id": "opened", "type": "case.opened", "data": {"zone": ZONE}},
        {"id": "death", "type": "death", "when": "2023-10-28T16:17"},
        {"id": "shots", "type": "injection", "when": "within 4 days before @death", "data": {"count": "at least 27"}},
        {"id": "first", "type": "infusion", "when": "2023-10-20", "data": {"substance": "ketamine"}},
    )
    events: list[RecordedEvent] = []
    for position, line in enumerate(lines, 1):
        one = drafted({"case": "a", **line}, zone=ZONE).draft
        body = {
            "v": 1, "log": "l", "position": position, "case": "a", "case_position": position, "id": one.id,
            "type": one.type, "version": 1, "recorded_at": position, "zone": ZONE, "data": one.own.get("data", {}),
            "when": one.own.get("when", ""), "earliest": one.earliest, "latest": one.latest,
        }  # fmt: skip
        events.append(recorded(json.dumps(body).encode(), {}))
    return CaseTimeline.of("a", events)


def loaded(data: bytes, name: str, *, mapped: bool = False, dates: str = "") -> None:
    """Load bytes as a file of that name into a writer that forgets."""
    file, rules, kept = folder() / name, folder() / "map.toml", folder() / "q.jsonl"
    file.write_bytes(data)
    rules.write_text(MAPPING, "utf-8")
    with suppress(FileNotFoundError):
        kept.unlink()
    load(Forgetful(), [file], map=rules if mapped else None, case="a", dates=dates, quarantine=kept)  # type: ignore[arg-type]


def mapping(data: bytes) -> None:
    """Read bytes as a mapping."""
    (folder() / "any.toml").write_bytes(data)
    read_mapping(folder() / "any.toml")


def proof(data: bytes) -> None:
    """Read bytes as a proof, as they are and as what a proof packs."""
    path = folder() / "p.zip"
    path.write_bytes(data)
    with suppress(CasefoldError):
        check_proof(path)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("proof.json", data)
        archive.writestr("checkpoint.txt", b"log\n1\n" + b"A" * 43 + b"=\n")
    path.write_bytes(packed.getvalue())
    check_proof(path)


def stamp(data: bytes) -> None:
    """Read bytes as a time-stamp reply and as DER."""
    with suppress(CasefoldError):
        der.read(data).parts()
    with suppress(CasefoldError):
        read_token(data)
    read_token(token_of(data))


def note(data: bytes) -> None:
    """Read bytes as a signed note and as a checkpoint."""
    with suppress(CasefoldError):
        read_note(data, "f")
    with suppress(CasefoldError):
        open_note(data, [read_vkey(VKEY)])
    read_checkpoint(parts(data)[0])


def shown(text: str) -> None:
    """Show text in every way there is."""
    for way in (visible, one_line, markdown):
        out = way(text)
        assert not any(ord(char) < 32 and char not in "\t\n" for char in out), way
        assert not {*"\u202e\u2066\u200b\x9b\x7f"} & set(out), way
    assert json.loads(json_text({"t": text}))["t"] == text
    assert "\n" not in one_line(text)


def asked(text: str) -> None:
    """Read text as a statement of `holds`, and as a window."""
    case = timeline()
    with suppress(CasefoldError):
        read_window(case, text)
    if read_count_statement(text) is None:
        read_statement(case, text)


def held(text: str) -> Answer:
    """Put text as a statement to the case."""
    from timeline.hearings.account import EVERYBODY
    from timeline.views.holds import holds

    return holds(timeline(), {"statement": text}, EVERYBODY)


VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
WHENS = (
    "2023-10-28T16:17:30.5-07:00", "more than 7 days before @death", "between 2 and 3 hours after @x.last ± 5 minutes",
    "[1667,1668,1670..1672]", "2023-1X~", "Saturday, October 28, 2023 at 4:17 p.m.", "before 2023; after @a", "P1Y2M",
    "between 10 and 11 pm on October 28, 2023", "from 2023-10-01 to 2023-10-28", "2023-21/..", "unknown",
    "about 2 hours before @x", "one and a half weeks before @x", "2 months before @x", "the day after @x",
)  # fmt: skip
AMOUNTS = ("at least 27", "25 to 50 mg", "40 ± 5 mg", "0.5 mg/kg", "<=5", "3.54 ug/mL", "1e-9 g", "unknown", "2 vials")
SHORTHAND = (
    "06/24/2024 2315 hrs - 06/25/2024 0015 hrs", "Between 2/27/2022 at 1322 hours and 3/2/2022 0740 hours",
    "10/8/2023 unknown time", "November of 2019", "6/17/24 - 6/19/24", "12/31/2024 prior to 1008 hours",
)  # fmt: skip
STATEMENTS = (
    "@death before @shots", "@first more than 7 days before @death", "no infusion within 7 days before @death",
    "at least 3 injection within 1 day before @death", "4 days before @death", "2023-10-24/2023-10-28",
)  # fmt: skip
LINES = (
    b'{"case":"a","type":"injection","when":"2023-10-28T16:17Z","data":{"substance":"k","amount":0.5,"count":"<5"}}\n',
    b'{"type":"amend.correct","data":{"target":"x","reason":"r","set":{"data":{"count":1},"note":null}}}\n',
    '{"id":"x","type":"fact","data":{"text":"é\\u202e"},"source":{"speaker":"s","asserted":"2024"},"tags":[]}'.encode(),
    b'{"file":"x.csv","line":3,"field":"when","what":"w","instead":"i","raw":{"case":"a","type":"fact","data.text":"t"}}',
)
TABLES = (
    b'case,type,data.text,when,tags\na,fact,"t, ""u""",2023-10-28T16:17Z,a; b\n',
    b"case,type,data.amount,source.speaker\na,dose,5 mg,me\n\n",
)
ROWS = (b'c,w,n,u,t\na,10/28/2023,"25,000",mg,n\na,1/2/2023 4:17 pm,1-2,,\n',)
NOTES = (
    b"log\n7\n" + b"A" * 43 + b"=\n\n\xe2\x80\x94 log AAAAAAAA\n",
    b"If you think.\n\n\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/\n",
)
TOKENS = (bytes.fromhex("3015300302010030 0e06092a864886f70d010702a001 00".replace(" ", "")), b"\x30\x80\x00\x00")
PROOFS = (
    (
        b'{"format":"casefold-proof-1","case":"a","complete":true,"events":[{"position":1,"body":"{}",'
        b'"disclosed":[["a","00","1"]],"inclusion":["00"]}]}'
    ),
)
BODIES = (
    (
        b'{"v":1,"log":"l","position":1,"case":"a","case_position":1,"id":"x","type":"dose","version":1,'
        b'"recorded_at":5,"when":"from 2023 to 2024","data":{"count":1},"_sd":{"note":"00"}}'
    ),
)


@dataclass(frozen=True)
class Reader:
    """A reader: what it does with text or bytes, and seeds that it takes."""

    read: Callable[[Any], object]
    seeds: tuple[Any, ...]


READERS: Mapping[str, Reader] = {
    "when": Reader(lambda text: read_when(text, zone=ZONE), WHENS),
    "when without a zone": Reader(read_when, WHENS),
    "span": Reader(lambda text: read_span(text, ZONE), WHENS),
    "quantity": Reader(read_quantity, AMOUNTS),
    "unit": Reader(unit, ("mg/kg", "ug", "mL", "vials", "mg/kg/h")),
    "duration": Reader(
        read_duration, ("7 days", "one and a half weeks", "PT36H", "2 days and 3 hours", "P1Y2M3DT4H5M6S")
    ),
    "us-shorthand": Reader(reader_named("us-shorthand"), SHORTHAND),
    "statement and window": Reader(asked, STATEMENTS),
    "holds": Reader(held, STATEMENTS),
    "escape": Reader(shown, ("<b>\x1b[31m\u202e| `x` ~", "a\r\nb\x9b", "\U000e0041\ufeff")),
    "jsonl": Reader(lambda data: loaded(data, "x.jsonl"), LINES),
    "jsonl in shorthand": Reader(lambda data: loaded(data, "x.jsonl", dates="us-shorthand"), LINES),
    "csv": Reader(lambda data: loaded(data, "x.csv"), TABLES),
    "csv through a mapping": Reader(lambda data: loaded(data, "x.csv", mapped=True), ROWS),
    "gzip": Reader(lambda data: loaded(data, "x.jsonl.gz"), (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",)),
    "mapping": Reader(mapping, (MAPPING.encode(),)),
    "substances": Reader(read_substances, (SUBSTANCES,)),
    "canonical JSON": Reader(strict_json, LINES + BODIES),
    "stored event": Reader(lambda data: recorded(data, {"note": "n"}), BODIES),
    "note": Reader(note, NOTES),
    "vkey": Reader(read_vkey, (VKEY,)),
    "skey": Reader(read_skey, ("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",)),
    "proof text": Reader(read_proof, ("c2sp.org/tlog-proof@v1\nindex 5\nAAAA\n\nthe note\n",)),
    "proof": Reader(proof, PROOFS),
    "time stamp": Reader(stamp, TOKENS),
}
