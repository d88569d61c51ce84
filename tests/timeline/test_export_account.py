"""What an export takes on an account: loaded again and asked on the same account, it gives the same answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.codec import strict_json
from events.errors import Fault
from timeline.answers import Answer
from timeline.case import CaseTimeline
from timeline.exports.chosen import Names, Part, part_of
from timeline.exports.exporting import export
from timeline.hearings.account import Account
from timeline.read import Asked
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chronology", {}),
    ("days-since-last", {"type": "infusion", "at": "@death"}),
    ("dose-total", {"window": "4 days before @death"}),
    ("conflicts", {}),
)
OPENED = {"id": "o", "type": "case.opened", "data": {"zone": "UTC"}}


@pytest.fixture(scope="module")
def perry(told: Told, root: Path) -> CaseTimeline:
    lines = (root / "timeline" / "demo" / "perry.jsonl").read_bytes().splitlines()
    return CaseTimeline.of("perry", told(*map(strict_json, lines)))


def taken(timeline: CaseTimeline, account: Account) -> tuple[Part, CaseTimeline]:
    """Give what an account takes of a case, and the case that it is where only that is loaded."""
    names = Names()
    part = part_of(timeline, account, names)
    names.check()
    kept = (event for event in timeline.events if event.id in part.ids)
    return part, CaseTimeline.of(timeline.case, kept)


def told_by(answer: Answer) -> tuple[Any, ...]:
    """Give what an answer says, without its remarks: a claim may name an event that stayed behind, which is said."""
    return answer.values, answer.in_fact, answer.text, answer.tight, answer.rests_on, answer.set_aside, answer.undated


@pytest.mark.parametrize(
    "account",
    [
        Account(speakers=("medical examiner",)),
        Account(standings=("admitted", "found"), first_hand=True),
        Account(documents=("BBC",), undisputed=True),
        Account(tags=("final-days",)),
    ],
)
def test_the_same_account_gives_the_same_answers(perry: CaseTimeline, account: Account) -> None:
    part, again = taken(perry, account)
    assert part.ids < {event.id for event in perry.events}
    for view, params in QUESTIONS:
        if "@death" not in str(params) or "death" in part.ids:
            assert told_by(ask(again, view, params, account)) == told_by(ask(perry, view, params, account))


def test_what_dates_the_chosen_comes_along_with_its_amendments_and_nothing_else(told: Told) -> None:
    case = CaseTimeline.of("c", told(
        OPENED,
        {"id": "shot", "type": "injection", "when": "1 hour before @seen", "source": {"speaker": "ann"}},
        {"id": "seen", "type": "last_seen_alive", "when": "2023-10-01T10:00", "source": {"speaker": "bo", "doc": "D"}},
        {"id": "D", "type": "document", "data": {"title": "a letter"}},
        {"id": "other", "type": "document", "data": {"title": "another"}},
        {"id": "fix", "type": "amend.correct",
         "data": {"target": "seen", "reason": "misread", "set": {"when": "2023-10-28T10:00"}}},
        {"id": "no", "type": "position", "data": {"target": "shot", "stance": "disputes", "party": "cy"}},
        {"id": "late", "type": "fact", "data": {"text": "x"}, "source": {"speaker": "bo"}},
        {"id": "unfix", "type": "amend.retract", "data": {"target": "late", "reason": "misread"}},
    ))  # fmt: skip
    part, again = taken(case, Account(speakers=("ann",)))
    assert part.ids == {"o", "shot", "seen", "D", "fix", "no"}
    assert ({*part.counted}, {*part.along}) == ({"shot"}, {"seen"})
    assert ask(again, "chronology", {}, part.account) == ask(case, "chronology", {}, part.account)


def test_a_part_of_a_record_is_not_complete(told: Told) -> None:
    given = {"type": "injection", "when": "2023-10-28T10:00"}
    closed = {"id": "all", "type": "claim.complete", "when": "2023-10-01/2023-10-31", "data": {"of": "injection"}}
    case = CaseTimeline.of("c", told(
        OPENED,
        {"id": "a", "source": {"speaker": "ann"}, **given},
        {"id": "b", "source": {"speaker": "bo"}, **given, "when": "2023-10-28T20:00"},
        {"source": {"speaker": "ann"}, **closed},
    ))  # fmt: skip
    account = Account(speakers=("ann",))
    part, again = taken(case, account)
    assert "all" in part.counted - part.ids
    asked = {"type": "injection", "window": "2023-10-28"}
    known, left = (ask(one, "dose-total", asked, account).in_fact["administrations"] for one in (case, again))
    assert (known, left) == ({"min": 1, "max": 2}, {"min": 1, "max": None})


def test_a_name_that_one_of_the_cases_has_is_known(told: Told) -> None:
    both = Account(speakers=("ann", "bo"))
    names = Names()
    for case, speaker in (("x", "ann"), ("y", "bo"), ("z", "cy")):
        event = {"case": case, "id": "f", "type": "fact", "data": {"text": "x"}, "source": {"speaker": speaker}}
        part = part_of(CaseTimeline.of(case, told(event)), both, names)
        assert part.counted == ({"f"} if speaker in both.speakers else set())
    names.check()
    part_of(CaseTimeline.of("x", told(event)), Account(speakers=("anne",)), names)
    with pytest.raises(Fault, match="'anne' is not a speaker of this record"):
        names.check()


def test_a_file_of_an_account_loads_and_says_what_it_leaves_out(cli: Any) -> None:
    lines = (
        '{"case": "c", "id": "shot", "type": "injection", "when": "after @seen", "source": {"speaker": "ann"}}',
        '{"case": "c", "id": "seen", "type": "found", "when": "2023-10-28T10:00Z", "source": {"speaker": "bo"}}',
        '{"case": "c", "id": "x", "type": "fact", "data": {"text": "x"}}',
    )
    (cli.folder / "a.jsonl").write_text("\n".join(lines))
    cli("load", "a.jsonl")
    done = cli("export", "-o", "b.jsonl", "--according-to", "ann", "--json")
    assert "left out: 1 × not of the account and the cut that were asked for" in done.err
    assert "1 event along, to date others: ask the file on the same account" in done.err
    assert (done.json["events"], done.json["along"], done.json["account"]["speakers"]) == (2, 1, ["ann"])
    assert cli("--db", "new.db", "load", "b.jsonl", "--json").json["appended"] == 2
    cli("export", "-o", "b.csv", "--according-to", "nobody named")
    assert [row.split(",")[1] for row in (cli.folder / "b.csv").read_text("utf-8-sig").splitlines()] == ["id", "x"]
    place = str(cli.folder / "casefold.db")
    for asked, output, said in (
        (Asked(about="2 days"), "c.jsonl", "change no line of a JSONL file"),
        (Asked.of(first_hand=True), "c.replay", "a replay is of the whole log"),
        (Asked.of(standing="fond"), "c.csv", "did you mean 'found'"),
        (Asked(asserted_by="foo"), "c.csv", "--asserted-by: "),
    ):
        with pytest.raises(Fault, match=said):
            export(place, output=str(cli.folder / output), format=output.rpartition(".")[2], asked=asked)
        assert not (cli.folder / output).exists()
