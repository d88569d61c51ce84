"""`casefold add` and `casefold when`, from outside: one event from the words of a command, and how a date is read."""

from __future__ import annotations

from typing import Any

import pytest


def test_an_event_from_the_words_of_a_command(cli: Any) -> None:
    words = ("--id", "shots", "--when", "within 4 days before @death", "--tag", "last", "--note", "no dose")
    source = ("--speaker", "prosecutors", "--via", "BBC News", "--standing", "alleged", "--asserted", "2024-08-15")
    done = cli("add", "a", "injection", "substance=ketamine", "count=at least 27", *words, *source, "--json")
    assert (done.json["id"], done.json["position"], done.json["appended"]) == ("shots", 1, 1)
    assert [each["field"] for each in done.json["warnings"]], "its time hangs on an event that is not there yet"
    (event,) = cli("log", "a", "--json").json["events"]
    assert event["data"] == {"substance": "ketamine", "count": "at least 27"}
    assert event["source"]["via"] == "BBC News"
    assert event["tags"] == ["last"]


def test_without_an_id_the_content_gives_one(cli: Any) -> None:
    words = ("add", "a", "fact", "text=seen", "--json")
    first, second = cli(*words).json, cli(*words).json
    assert first["id"].startswith("c:")
    assert (second["id"], second["appended"], second["already_there"]) == (first["id"], 0, 1)


def test_lists_are_written_with_commas_and_objects_as_json(cli: Any) -> None:
    cli("add", "a", "case.opened", 'about={"day": "3 days"}', "zone=Europe/Paris", "--id", "opened")
    cli("add", "a", "claim.same", "ids=x, y", "--id", "same")
    opened, same = cli("log", "a", "--json").json["events"]
    assert opened["data"]["about"] == {"day": "3 days"}
    assert same["data"]["ids"] == ["x", "y"]


def test_without_a_type_it_asks(cli: Any) -> None:
    done = cli("add", "a", "--id", "f", stdin="fact\nseen at the door\n\n")
    assert done.err.startswith("type: text: zone: when: ")
    assert done.out == "f at position 1\n"
    assert cli("log", "a", "--json").json["events"][0]["data"] == {"text": "seen at the door"}


def test_a_wrong_answer_that_nobody_can_give_again_ends_it_there(cli: Any) -> None:
    done = cli("add", "a", stdin="fact\nseen\nf\nUTC\n2023-13-45\n2023-10-28\n", code=2)
    asked, said = done.lines
    assert asked == "type: text: id: zone: when: "
    assert said.startswith("casefold: when: 2023-13-45 is not a date of the calendar; ")
    assert not (cli.folder / "casefold.db").exists()


def test_nobody_answers(cli: Any) -> None:
    assert "casefold add CASE TYPE" in cli("add", "a", code=2).err


@pytest.mark.parametrize(
    ("text", "zone", "earliest", "latest"),
    [
        ("2023-10-28", "America/Los_Angeles", "2023-10-28T07:00:00.000000Z", "2023-10-29T06:59:59.999999Z"),
        ("2023-10-28T09:00Z", "", "2023-10-28T09:00:00.000000Z", "2023-10-28T09:00:59.999999Z"),
        ("before 2024", "UTC", None, "2023-12-31T23:59:59.999999Z"),
    ],
)
def test_when_shows_the_reading(cli: Any, text: str, zone: str, earliest: str | None, latest: str | None) -> None:
    read = cli("when", text, "--zone", zone, "--json").json
    assert (read["earliest"], read["latest"]) == (earliest, latest)
    assert read["text"] == text
    assert not (cli.folder / "casefold.db").exists()


def test_when_names_the_ruler(cli: Any) -> None:
    assert cli("when", "more than 7 days before @death").out == "more than 7 days (168 hours) before @death\n"


def test_when_reads_in_the_zone_of_a_case(cli: Any) -> None:
    cli("add", "a", "case.opened", "zone=Asia/Tokyo")
    assert cli("when", "2023-10-28", "--case", "a", "--json").json["earliest"] == "2023-10-27T15:00:00.000000Z"
    assert "did you mean 'a'?" not in cli("when", "2023-10-28", "--case", "zzz", code=2).err


def test_when_refuses_a_civil_date_without_a_zone(cli: Any) -> None:
    done = cli("when", "2023-10-28", code=2)
    assert "zone" in done.err
    assert len(done.lines) == 1


def test_types_and_views_tell_what_there_is(cli: Any) -> None:
    schema = cli("types", "infusion", "--json").json
    assert schema["properties"]["type"] == {"const": "infusion"}
    assert cli("types", "infusion").out == cli("types", "infusion", "--json").out
    assert {"infusion", "fact", "claim.last"} <= {each["type"] for each in cli("types", "--json").json["types"]}
    assert {"chronology", "elapsed"} <= {each["view"] for each in cli("views", "--json").json["views"]}
    assert "casefold ask CASE elapsed A B" in cli("views", "elapsed").out


@pytest.mark.parametrize(("when", "width"), [("about 2023-10-01", "3 days"), ("about 2023-10-01 16:17", "30 minutes")])
def test_a_width_is_proposed_that_fits_the_date(cli: Any, when: str, width: str) -> None:
    assert f"'{when} ± {width}'" in cli("add", "a", "fact", "text=x", "--when", when, "--zone", "UTC").err
