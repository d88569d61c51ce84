"""The founding case, asked from outside: what DESIGN 10 promises to scripts, and what the case must answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HEAD = ["log", "case", "view", "view_version", "parameters", "question", "as_of", "account"]
TAIL = ["text", "sentence", "tight", "rests_on", "set_aside", "undated", "assumes", "in_fact"]
SHOTS = ("dose-total", "--type", "injection", "--window", "4 days before @death")


@pytest.fixture(scope="module")
def perry(make_cli: Callable[[Path], Any], root: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give the command in a folder whose database holds the founding case."""
    cli = make_cli(tmp_path_factory.mktemp("perry"))
    done = cli("load", root / "timeline" / "demo" / "perry.jsonl", "--json")
    assert (done.json["appended"], done.json["problems"]) == (58, [])
    (warning,) = done.json["warnings"]
    assert "@last-infusion-week is set aside" in warning["what"], "the newsletter contradicts the report"
    return cli


def test_every_answer_has_the_keys_that_scripts_read(perry: Any) -> None:
    answer = perry("ask", "perry", "elapsed", "shot-2", "found", "--json").json
    assert list(answer)[: len(HEAD)] == HEAD
    assert list(answer)[-len(TAIL) :] == TAIL
    assert list(answer)[len(HEAD) : -len(TAIL)] == ["elapsed", "whole_days", "calendar_days"]
    assert list(answer["as_of"]) == ["position", "recorded_at", "root"]
    assert answer["as_of"]["position"] == 58
    assert answer["as_of"]["root"] == perry("verify", "--json").json["root"]
    assert answer["account"] == {"speakers": [], "standings": [], "documents": [], "first_hand": False}
    assert answer["text"] == "3 h 14 min to 3 h 16 min"


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "perry", "elapsed", "shot-2", "found"),
        ("history", "perry", "shots"),
        ("changes", "perry", "--from", "10"),
        ("log", "perry"),
        ("names", "perry"),
        ("show", "perry"),
    ],
)
def test_a_contradiction_that_is_to_fail_fails_every_read(perry: Any, words: tuple[str, ...]) -> None:
    done = perry(*words, "--on-conflict", "fail", code=1)
    assert (done.out, len(done.lines)) == ("", 1)
    assert done.err.startswith("casefold: statements that cannot all be true: @last-infusion-report and ")
    assert perry(*words, "--on-conflict", "fail", "--according-to", "medical examiner").err == ""


def test_a_contradiction_that_is_to_fail_fails_a_cohort_and_leaves_its_file(perry: Any) -> None:
    asked = ("cohort", "days-since-last", "infusion", "--at", "death", "-o", "all.csv", "--on-conflict", "fail")
    done = perry(*asked, "--json", code=1)
    assert (done.json["rows"], done.json["contradictory"]) == (1, 1)
    assert "1 case with statements that cannot all be true; see `casefold ask perry conflicts`" in done.err
    assert (perry.folder / "all.csv").is_file()
    assert perry(*asked, "--according-to", "medical examiner", "--json").json["contradictory"] == 0


def test_days_since_the_last_infusion_on_the_examiners_word(perry: Any) -> None:
    words = ("days-since-last", "infusion", "--at", "death", "--according-to", "medical examiner")
    answer = perry("ask", "perry", *words, "--json").json
    assert answer["text"] == "more than 7 days"
    assert answer["elapsed"] == {"min_us": 604800000001, "max_us": None}
    assert answer["whole_days"] == {"min": 7, "max": None}
    assert answer["calendar_days"] == {"min": 7, "max": None}
    assert answer["in_fact"]["exists"] == answer["exists"] == "certain"
    assert answer["account"]["speakers"] == ["medical examiner"]


def test_a_sentence_names_whom_and_what_it_was_asked_of_as_they_are_written(perry: Any) -> None:
    asked = ("--given-by", "Physician B", "--substance", "Ketamine", "--json")
    last = perry("ask", "perry", "days-since-last", "infusion", "--at", "death", *asked).json
    assert last["sentence"].startswith("Time from the last infusion of Ketamine by Physician B to @death ")
    total = perry("ask", "perry", *SHOTS, *asked).json
    assert total["sentence"].startswith("Injections of ketamine by Physician B given in ")
    assert any(one.startswith("assistant and Physician B may be one person") for one in total["assumes"])


def test_shots_of_the_final_four_days(perry: Any) -> None:
    answer = perry("ask", "perry", *SHOTS, "--json").json
    assert answer["administrations"] == {"min": 27, "max": None}
    assert answer["text"] == "at least 27, amount unknown"
    assert answer["rests_on"]["min"] == ["shots"]
    assert [each["min"] for each in answer["amounts"]] == ["0"], "never milligrams"
    assert answer["window"]["ruler"] == "96 hours"


def test_shots_on_admissions_alone(perry: Any) -> None:
    answer = perry("ask", "perry", *SHOTS, "--standing", "admitted", "--json").json
    assert answer["administrations"] == {"min": 3, "max": 3}
    assert answer["in_fact"]["administrations"] == {"min": 3, "max": None}
    assert any(words.startswith("@death dated on the word of medical examiner") for words in answer["assumes"])


def test_a_shorter_window_never_has_the_twenty_seven(perry: Any) -> None:
    answer = perry("ask", "perry", *SHOTS[:-1], "3 days before @death", "--json").json
    assert answer["administrations"]["min"] == 3


def test_the_chronology_ends_with_what_is_undated(perry: Any) -> None:
    answer = perry("ask", "perry", "chronology", "--json").json
    undated = [event["id"] for event in answer["events"] if event["earliest"] is event["latest"] is None]
    assert undated == answer["undated"]
    assert undated == [event["id"] for event in answer["events"]][-len(undated) :]
    keys = {"id", "type", "earliest", "latest", "when", "soft", "span", "data", "source", "position"}
    assert all(keys <= set(event) for event in answer["events"])
    assert not any(event["type"].startswith(("amend.", "case.")) for event in answer["events"])


def test_options_may_stand_before_the_view(perry: Any) -> None:
    words = ("--according-to", "medical examiner", "--json", "elapsed", "found", "pronounced")
    assert perry("ask", "perry", *words).json["account"]["speakers"] == ["medical examiner"]


def test_words_and_json_say_the_same(perry: Any) -> None:
    words = ("ask", "perry", "holds", "@last-infusion more than 7 days before @death")
    assert perry(*words, "--json").json["truth"] == "certain"
    assert perry(*words).out.startswith("certain; DISPUTED by trade newsletter")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("elapsed", "shot-2", "foundd"), "foundd"),
        (("elapsed", "shot-2"), "casefold ask CASE elapsed --help"),
        (("elapse", "a", "b"), "did you mean 'elapsed'?"),
        (("chronology", "--according-to", "medical examner"), "did you mean 'medical examiner'?"),
        (("chronology", "--standing", "fond"), "did you mean 'found'?"),
        (("chronology", "--tag", "final-day"), "did you mean 'final-days'?"),
        (("days-since-last", "infusions", "--at", "death"), "infusion"),
        (("days-since-last", "infusion"), "--at"),
        (("dose-total", "--window", "recently"), ";"),
        (("dose-total", "--window", "final 4 days"), "write '4 days before @death', '2023-10-24/2023-10-28' or a date"),
        (("chronology", "--as-of", "someday"), "casefold: --as-of: 'someday' is not "),
        (("chronology", "--asserted-by", "foo"), "--asserted-by: 'foo' is not a date; write a date such as"),
        (("chronology", "--about", "foo"), "--about: 'foo' is not a duration; "),
        (("chronology", "--as-of", ""), "--as-of: is empty; write what it is to be, or leave the option out"),
        (("chronology", "--standing", ""), "--standing: is empty; "),
        (("dose-total", "--window", "1 day before @death", "--given-by", ""), "--given-by: is empty; "),
        (("holds", "@a befor @b"), ";"),
    ],
)
def test_a_question_that_cannot_be_put_exits_2_with_advice(perry: Any, words: tuple[str, ...], hint: str) -> None:
    done = perry("ask", "perry", *words, code=2)
    assert len(done.lines) == 1
    assert hint in done.err


def test_an_unknown_case_names_the_nearest(perry: Any) -> None:
    assert "did you mean 'perry'?" in perry("ask", "pery", "chronology", code=2).err


def test_an_answer_can_be_given_again_as_of_a_position(perry: Any) -> None:
    early = perry("ask", "perry", "chronology", "--as-of", "12", "--json").json
    assert early["as_of"]["position"] == 12
    assert max(event["position"] for event in early["events"]) <= 12
    assert "later --as-of" in perry("ask", "perry", "chronology", "--as-of", "1999-01-01", code=2).err
    assert perry("ask", "perry", "chronology", "--as-of", "58").err == ""


@pytest.mark.parametrize("number", ["2023", "9" * 5000])
def test_a_position_beyond_the_log_is_said_to_be_none(perry: Any, number: str) -> None:
    done = perry("ask", "perry", "elapsed", "shot-2", "found", "--as-of", number, "--json")
    assert done.json["as_of"]["position"] == 58
    assert f"warning: position {number[:20]} is beyond the last of the log, 58, so that all of it is read; " in done.err


def test_accounts_leave_out_what_they_do_not_hear(perry: Any) -> None:
    def ids(*words: str) -> set[str]:
        return {event["id"] for event in perry("ask", "perry", "chronology", *words, "--json").json["events"]}

    assert ids("--standing", "admitted", "--tag", "final-days") == {"shot-1", "shot-2", "shot-3", "seen"}
    assert "shots" not in ids("--first-hand")
    assert ids("--document", "TW") == {"shots-five"}
    assert ids("--according-to", "court") == {"trial-1", "trial-2", "trial-3", "trial-4", "sentence-a"}


def test_the_log_is_listed_and_filtered(perry: Any) -> None:
    def ids(*words: str) -> list[str]:
        return [event["id"] for event in perry("log", "perry", *words, "--json").json["events"]]

    assert len(ids()) == 58
    assert ids("--type", "infusion") == ["therapy", "last-infusion"]
    assert ids("--speaker", "Police") == ["investigation"]
    assert ids("--text", "big one") == ["shot-3"]
    assert ids("--tag", "toxicology", "--type", "toxicology") == ["tox-peripheral", "tox-central"]
    assert ids("--type", "hearing", "--since", "2025-01-01", "--until", "2025-06-30") == ["trial-2"]
    assert ids("--type", "injection", "--until", "2023-10-27") == ["shots", "shots-five"]


def test_names_show_what_they_do_and_what_looks_alike(perry: Any) -> None:
    named = {each["name"]: each for each in perry("names", "perry", "--json").json["names"]}
    assert named["assistant"]["as"]["given_by"] == 5
    assert named["physician A"]["alike"] == []


def test_show_prints_the_case(perry: Any) -> None:
    shown = perry("show", "perry")
    assert "at least 27, amount unknown" in shown.out
    assert "2023-10-28 08:30" in shown.out
    assert perry("show", "perry", "--json").json["cover"]["events"] == 58


def test_what_there_is_is_listed(perry: Any) -> None:
    assert [each["case"] for each in perry("cases", "--json").json["cases"]] == ["perry"]
    (batch,) = perry("batches", "--json").json["batches"]
    assert (batch["name"], batch["first_position"], batch["last_position"]) == ("perry.jsonl", 1, 58)
    assert perry("db", "stats", "--json").json["types"]["injection"] == 5
    assert perry("db", "check", "--json").json["ok"] is True
    assert perry("db", "upgrade").out == "casefold.db has schema 0002 already\n"
    for words in (("cases",), ("batches",), ("names", "perry"), ("db", "stats"), ("db", "check"), ("log", "perry")):
        assert perry(*words).out
