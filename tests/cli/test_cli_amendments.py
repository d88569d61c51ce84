"""A record that is put right, from outside: amendments, histories, changes, cuts, and answers given again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

EVENTS: tuple[dict[str, Any], ...] = (
    {"case": "c", "id": "o", "type": "case.opened", "data": {"zone": "America/Los_Angeles"}},
    {"case": "c", "id": "d", "type": "death", "when": "2023-10-28T16:00", "source": {"asserted": "2023-12-15"}},
    {"case": "c", "id": "s1", "type": "injection", "when": "2023-10-28T08:30", "note": "first"},
    {"case": "c", "id": "s2", "type": "injection", "when": "2023-10-28T12:45", "source": {"asserted": "2024-08-15"}},
)
SHOTS = ("dose-total", "--type", "injection", "--window", "1 day before @d")


@pytest.fixture(scope="module")
def loaded(make_cli: Callable[[Path], Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a log of two shots and a death, to be copied."""
    cli = make_cli(tmp_path_factory.mktemp("loaded"))
    cli("load", cli.write("facts.jsonl", *EVENTS), "--json")
    return Path(cli.folder / "casefold.db")


@pytest.fixture
def case(cli: Any, loaded: Path) -> Any:
    """Give the command in a folder whose log holds two shots and a death."""
    copy(loaded, cli.folder)
    return cli


def test_a_correction_acts_is_named_and_its_history_says_who_and_why(case: Any) -> None:
    words = ("--when", "2023-10-28T12:50", "count=2", "--remove", "source.asserted", "--reason", "misread")
    made = case("--by", "ana", "correct", "c", "s2", *words, "--authority", "editor", "--json").json
    answer = case("ask", "c", "elapsed", "s2.last", "d", "--json").json
    assert answer["text"] == "3 h 9 min to 3 h 11 min"
    assert made["id"] in answer["rests_on"]["min"]
    history = case("history", "c", "s2", "--json").json
    assert [(step["id"], step["actor"], step["reason"], step["authority"]) for step in history["steps"]] == [
        ("s2", "", "", ""),
        (made["id"], "ana", "misread", "editor"),
    ]
    assert history["steps"][0]["late"]["since"] == "asserted"
    assert history["steps"][1]["content"] == history["content"]
    assert history["content"] == {"when": "2023-10-28T12:50", "data": {"count": "2"}}
    assert "2023-10-28T12:45 -> 2023-10-28T12:50" in case("history", "c", "s2").out


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (("--when", "2023-10-28", "--remove", "when"), "when is both set and removed; write one of the two"),
        (("count=2", "--remove", "data.count"), "data.count is both set and removed; write one of the two"),
        (("count=2", "--remove", "data"), "data is both set and removed; write one of the two"),
        (("--remove", "when.x"), "'when.x' is no field; remove e.g. when, data.count or source.via"),
        (("--when", "2023-02-30"), "data.set.when: 2023-02-30 is not a date of the calendar; "),
        (("--standing", "foun"), "data.set.source.standing: 'foun' is not a standing; did you mean 'found'?"),
    ],
)
def test_a_correction_that_cannot_be_meant_is_refused_by_its_field(
    case: Any, words: tuple[str, ...], fault: str
) -> None:
    done = case("correct", "c", "s2", *words, "--reason", "x", code=2)
    assert done.err.startswith(f"casefold: {fault}")
    assert case("db", "stats", "--json").json["events"] == len(EVENTS)


def test_what_is_retracted_is_counted_no_more_until_it_is_reinstated(case: Any) -> None:
    first = case("retract", "c", "s2", "--reason", "told twice", "--json").json
    answer = case("ask", "c", *SHOTS, "--json").json
    assert answer["administrations"] == {"min": 1, "max": 1}
    assert first["id"] in answer["rests_on"]["max"], "the count rests on the withdrawal"
    assert "@s2 was withdrawn; see `casefold history c s2`" in case("ask", "c", "elapsed", "s2", "d", code=2).err
    case("reinstate", "c", "s2", "--reason", "they were two")
    assert case("ask", "c", *SHOTS, "--json").json["administrations"] == {"min": 2, "max": 2}
    again = case("retract", "c", "s2", "--reason", "told twice", "--json").json
    assert again["id"] != first["id"], "the id covers the head, so that it can be made again"
    row = case("log", "c", "--type", "injection", "--json").json["events"][1]
    assert row["withdrawn"]
    assert again["id"] in row["amended_by"]
    assert "injection (withdrawn)" in case("log", "c", "--type", "injection").out
    case("reinstate", "c", "s2", "--reason", "they were two, after all")
    case("correct", "c", "s2", "--when", "2023-10-28T12:50", "--reason", "misread")
    assert "injection (amended)" in case("log", "c", "--type", "injection").out


SAID_TWICE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("correct", "c", "s2", "count=2", "--reason", "misread"), "@s2 says that already"),
    (("retract", "c", "s2", "--id", "gone", "--reason", "told twice"), "@s2 is withdrawn already (by @gone)"),
    (("cite", "c", "s2", "--relation", "supports", "--speaker", "aide", "--id", "by"), "@s2 has that citation already"),
    (("alias", "c", "aide", "assistant"), "'aide' and 'assistant' are one name already"),
    (("same", "c", "s1", "s2", "--speaker", "aide"), "says that already"),
)


@pytest.mark.parametrize(("words", "said"), SAID_TWICE)
def test_a_command_that_changes_nothing_appends_nothing_and_says_so(
    case: Any, words: tuple[str, ...], said: str
) -> None:
    case(*words)
    again = case(*words, "--json").json
    assert (again["appended"], again["already_there"], again["position"]) == (0, 1, None)
    assert said in again["there"]
    assert case(*words).out == f"{again['there']}; nothing was written\n"
    assert case("db", "stats", "--json").json["events"] == len(EVENTS) + 1


def test_what_an_entry_says_already_is_known_by_its_content_in_force(case: Any) -> None:
    case("load", case.write("n.jsonl", {"case": "c", "id": "n", "type": "injection", "data": {"count": 2}}))
    why = ("--reason", "x")
    assert case("correct", "c", "n", "count=2", "--remove", "note", *why).out.startswith("@n says that already")
    assert case("reinstate", "c", "n", *why).out == "@n stands already; nothing was written\n"
    case("retract", "c", "n", *why)
    case("correct", "c", "n", "count=3", "--id", "three", *why)  # also of what does not stand
    assert case("correct", "c", "n", "count=3", *why).out.startswith("@n says that already")
    assert case("correct", "c", "three", "count=3", *why).out.startswith("@three says that already")
    assert case("correct", "c", "three", "--remove", "data.count", *why).out.endswith("at position 8\n")
    assert case("correct", "c", "n", "count=2", *why).out.startswith("@n says that already")
    assert "data.cuont" in case("correct", "c", "n", "--remove", "data.cuont", *why, code=2).err
    assert "not 2: somebody" in case("correct", "c", "n", "count=2", *why, "--expect", "2", code=4).err


def test_what_withdrew_an_entry_is_named_and_not_what_corrected_it(case: Any) -> None:
    case("correct", "c", "s2", "count=3", "--id", "three", "--reason", "x")
    case("retract", "c", "s2", "--id", "gone", "--reason", "x")
    again = case("retract", "c", "s2", "--reason", "x").out
    assert again == "@s2 is withdrawn already (by @gone); nothing was written\n"


def test_an_amendment_that_acts_no_more_is_not_made_again_under_its_name(case: Any) -> None:
    for word in ("retract", "reinstate"):
        case(word, "c", "s2", "--id", word, "--reason", "x")
    again = case("retract", "c", "s2", "--id", "retract", "--reason", "x").out
    assert again == "retract is already there; to say it again, give it another --id; nothing was written\n"


def test_one_happening_of_two_types_is_warned_about_however_it_came(case: Any) -> None:
    mixed = "@d (death) and @s1 (injection) are one happening; they get one instant, but types differ"
    assert mixed in case("same", "c", "d", "s1").err
    assert mixed not in case("add", "c", "fact", "text=x").err
    claim = {"case": "c", "type": "claim.same", "data": {"ids": ["d", "s1"]}, "note": "once more"}
    assert mixed in case("load", case.write("same.jsonl", claim)).err
    warnings = case("add", "c", "claim.same", "ids=d,s1", "--note", "a third time", "--json").json["warnings"]
    assert mixed in warnings[-1]["what"]


TORN: tuple[tuple[tuple[str, ...], str], ...] = (
    (("total", "to=2023-10-01"), "data.set.data: the period ends ('2023-10-01') before it begins ('2023-10-20'); "),
    (("total", "from=2023-11-20"), "data.set.data: the period ends ('2023-10-28') before it begins ('2023-11-20'); "),
    (("total", "--remove", "data.count"), "data.set.data: says neither how many nor how much; "),
    (("s1", "count=0"), "data.set.data: an administration with count 0 did not happen; "),
    (("stay", "--until", "2023-10-01"), "data.set.until: it ends ('2023-10-01') before it begins ('2023-10-20'); "),
    (("stay", "--when", "2023-10-25"), "data.set.until: it ends ('2023-10-21') before it begins ('2023-10-25'); "),
)


def test_a_correction_leaves_nothing_that_a_load_would_refuse(case: Any) -> None:
    period = {"of": "injection", "count": 3, "from": "2023-10-20", "to": "2023-10-28"}
    case("load", case.write("whole.jsonl",
        {"case": "c", "id": "total", "type": "claim.total", "data": period},
        {"case": "c", "id": "stay", "type": "infusion", "when": "2023-10-20", "until": "2023-10-21"},
    ))  # fmt: skip
    for words, said in TORN:
        (line,) = case("correct", "c", *words, "--reason", "x", code=2).lines
        assert line.startswith(f"casefold: {said}")
    case("correct", "c", "total", "from=2022-01-01", "to=2022-02-01", "--id", "fix", "--reason", "another year")
    back = case("correct", "c", "fix", "--remove", "data.to", "--reason", "x").out
    assert "at position" in back, "the first end again, after the corrected beginning"
    assert "before it begins" in case("correct", "c", "fix", "from=2024-01-01", "--reason", "x", code=2).err


def test_a_loaded_correction_that_leaves_such_a_thing_is_warned_about_once(case: Any) -> None:
    total = {"case": "c", "id": "t", "type": "claim.total", "data": {"of": "infusion", "count": 0, "to": "2023-10-28"}}
    late = {"target": "t", "set": {"data": {"from": "2023-11-20"}}, "reason": "x"}
    fix = {"case": "c", "id": "fix", "type": "amend.correct", "data": late}
    said = "warning: case c: as corrected, @t is wrong: data: the period ends ('2023-10-28') before it begins"
    assert said in case("load", case.write("fix.jsonl", total, fix)).err
    assert "as corrected" not in case("correct", "c", "t", "count=1", "--reason", "x").err, "it was so before"
    assert "as corrected" not in case("add", "c", "fact", "text=x").err


def test_a_whole_load_is_withdrawn_and_no_other(case: Any) -> None:
    late = {"case": "c", "id": "s3", "type": "injection", "when": "2023-10-28T20:25Z"}
    case("load", case.write("wrong.jsonl", late, {**late, "case": "other"}))
    done = case("retract", "--batch", "2", "--reason", "the wrong file", "--json").json
    assert done["appended"] == 2
    assert case("ask", "c", *SHOTS, "--json").json["administrations"] == {"min": 2, "max": 2}
    assert "nothing of it stands" in case("retract", "--batch", "2", "--reason", "again").out
    assert "there is no batch 9" in case("retract", "--batch", "9", "--reason", "x", code=2).err


MISFITS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"type": "amend.retract", "data": {"target": "nobody"}}, "no event nobody in case c before this one"),
    ({"case": "b", "type": "amend.retract", "data": {"target": "s1"}}, "no event s1 in case b before this one"),
    ({"type": "amend.retract", "data": {"target": "later"}}, "no event later in case c before this one"),
    ({"id": "later", "type": "amend.correct", "data": {"target": "s1", "set": {"data": {"dose": 2}}}}, "field 'dose'"),
    ({"type": "amend.correct", "data": {"target": "s1", "set": {"data": {"count": "many"}}}}, "data.set.data.count"),
    ({"type": "amend.correct", "data": {"target": "s1", "set": {"when": "after @s1"}}}, "refers to the event itself"),
)


def test_amendments_that_do_not_fit_are_refused_and_nothing_is_written(case: Any) -> None:
    bad = case.write("bad.jsonl", *({"case": "c", **line} for line, _ in MISFITS))
    refused = case("load", bad, code=2).lines
    for (_, said), line in zip(MISFITS, refused, strict=True):
        assert said in line
    assert case("db", "stats", "--json").json["events"] == len(EVENTS)


def test_the_command_refuses_what_is_not_there(case: Any) -> None:
    assert "did you mean" in case("retract", "c", "s22", "--reason", "x", code=2).err
    assert "there is no case 'cc'" in case("reinstate", "cc", "s2", "--reason", "x", code=2).err
    case("retract", "c", "s2", "--reason", "told twice")
    assert "@s2 was withdrawn; see `casefold history c s2`" in case("same", "c", "s1", "s2", code=2).err
    assert "nothing is corrected" in case("correct", "c", "s1", "--reason", "x", code=2).err
    assert "--reason" in case("retract", "c", "s1", code=2).err


def test_a_citation_stands_beside_the_event_and_moves_no_answer(case: Any) -> None:
    case("cite", "c", "s1", "--relation", "contradicts", "--speaker", "physician", "--quote", "never")
    steps = case("history", "c", "s1", "--json").json["steps"]
    assert [(step["type"], step["relation"]) for step in steps[1:]] == [("amend.cite", "contradicts")]
    assert [step["cited"] for step in steps] == [{}, {"speaker": "physician", "quote": "never"}]
    said = case("history", "c", "s1").out
    assert "cited speaker  physician" in said
    assert ": physician contradicts it" in case("history", "c", "s1", "--json").json["sentence"]
    assert case("ask", "c", *SHOTS, "--json").json["administrations"] == {"min": 2, "max": 2}


def test_changes_between_two_cuts_and_which_events_moved_an_answer(case: Any) -> None:
    case("add", "c", "injection", "--id", "s3", "--when", "2023-10-28T13:25", "--asserted", "2024-08-15")
    case("retract", "c", "s1", "--id", "r1", "--reason", "misprint")
    words = ("--from", "4", "--view", "dose-total --type injection --window '1 day before @d'")
    done = case("changes", "c", *words, "--json").json
    assert [row["id"] for row in done["added"]] == ["s3"]
    assert [row["late"] for row in done["added"]] == [True]
    assert [(row["id"], row["by"], row["reason"]) for row in done["withdrawn"]] == [("s1", ["r1"], "misprint")]
    (way,) = done["answers"]
    assert not way["moved"], "one came and one went"
    (way,) = case("changes", "c", *words, "--to", "5", "--json").json["answers"]
    assert [step["id"] for step in way["moved_by"]] == ["s3"]
    asserted = case("changes", "c", "--from", "asserted:2023-12-31", "--to", "asserted:2024-12-31", "--json").json
    assert [row["id"] for row in asserted["added"]] == ["s2", "s3"]
    refused = case("changes", "c", "--from", "5", "--to", "4", code=2).err
    assert refused == "casefold: --from 5 is after --to 4; write the earlier of the two cuts first\n"


def test_every_list_can_be_read_at_a_cut(case: Any) -> None:
    case("correct", "c", "s1", "--speaker", "nurse", "--reason", "it was she")
    assert "nurse" in case("names", "c").out
    assert "nurse" not in case("names", "c", "--as-of", "4").out
    assert case("cases", "--as-of", "2", "--json").json["cases"][0]["events"] == 2
    assert case("cases", "--as-of", "2000-01-01", "--json").json["cases"] == []
    assert len(case("log", "c", "--asserted-by", "2024-01-01", "--json").json["events"]) == 2
    assert len(case("history", "c", "s1", "--as-of", "4", "--json").json["steps"]) == 1
    assert case("batches", "--as-of", "3", "--json").json["batches"] == []


def test_every_reading_command_reads_an_account(case: Any) -> None:
    case("add", "c", "injection", "--id", "s3", "--when", "2023-10-27T08:00", "--speaker", "nurse", "given_by=aide")
    case("correct", "c", "s1", "--speaker", "nurse", "--reason", "it was she")
    nurses = ("c", "--according-to", "nurse", "--json")
    rows = case("log", *nurses).json["events"]
    assert [row["id"] for row in rows] == ["s1", "s3"], "an entry put right counts as it stands"
    assert [one["name"] for one in case("names", *nurses).json["names"]] == ["aide", "nurse"]
    for words in (("log", "c"), ("names", "c"), ("history", "c", "s1"), ("show", "c"), ("changes", "c", "--from", "1")):
        assert "did you mean 'nurse'?" in case(*words, "--according-to", "nurs", code=2).err
        case(*words, "--first-hand", "--undisputed", "--about", "1 day", "--on-conflict", "all")
    assert case("log", "c", "--speaker", "nobody", "--json").json["events"] == []


def test_a_saved_answer_is_given_again_to_the_byte_whatever_came_after(case: Any) -> None:
    words = ("ask", "c", *SHOTS, "--on-conflict", "all", "--about", "1 hour", "--save", "answer.json", "--json")
    printed = case(*words).out
    file = case.folder / "answer.json"
    assert file.read_text("utf-8") == printed
    case("retract", "c", "s1", "--reason", "misprint")
    assert case("reproduce", "answer.json", "--json").json["same"]
    file.write_text(printed.replace('"min": 2', '"min": 3'), "utf-8")
    done = case("reproduce", "answer.json", "--json", code=1).json
    assert {each["path"]: (each["was"], each["now"]) for each in done["differs"]}["administrations.min"] == (3, 2)
    assert done["why"]
    case("ask", "c", "chronology", "--save", "answer.json")
    file.write_text(file.read_text("utf-8").replace('"id": "s2"', '"id": "sX"'), "utf-8")
    said = case("reproduce", "answer.json", code=1).out
    assert "sX -> s2" in said
    assert max(map(len, said.splitlines())) < 300, "a line a person can read, however long the value"
    file.write_text("{}", "utf-8")
    assert "is no saved answer" in case("reproduce", "answer.json", code=2).err


def test_a_redaction_since_is_why_an_answer_differs(case: Any) -> None:
    case("add", "c", "fact", "text=the shout", "--id", "f", "--when", "2023-10-28", "--speaker", "x", "--quote", "no")
    case("ask", "c", "chronology", "--save", "answer.json")
    case("redact", "c", "f", "source.quote", "--reason", "a private word", "--authority", "court")
    done = case("reproduce", "answer.json", "--json", code=1).json
    assert any("@f was redacted at position 6" in why for why in done["why"])


def test_the_misprinted_trial_of_the_founding_case_is_gone_and_its_history_is_not(cli: Any, root: Any) -> None:
    cli("load", root / "timeline" / "demo" / "perry.jsonl", "--json")
    answer = cli("ask", "perry", "chronology", "--json").json
    assert "trial-misprint" not in {event["id"] for event in answer["events"]}
    assert "trial-misprint-retracted" in answer["rests_on"]["min"]
    assert "misprint of 2025-03-04" in cli("history", "perry", "trial-misprint").out
