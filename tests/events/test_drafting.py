"""One line checked whole: every fault named with advice, warnings for what bounds nothing, and what a batch adds."""

from __future__ import annotations

from typing import Any

import pytest

from events.codec import strict_json
from events.drafting import FIELDS, RESERVED, Drafted, draft, drafted
from events.drafts.corrections import correction_problems
from events.errors import BadInput, Problem

SHOTS = strict_json(b"""{"case": "perry", "id": "shots", "type": "injection", "when": "within 4 days before @death",
 "data": {"substance": "ketamine", "count": "at least 27", "given_by": "assistant"},
 "source": {"speaker": "prosecutors", "via": "BBC News", "standing": "alleged",
            "document": "BBC News, What is ketamine infusion therapy?", "asserted": "2024-08-15",
            "locator": "last paragraph", "quote": "at least 27 shots"},
 "tags": ["final-days"], "note": "no dose is stated"}""")


def line(**fields: Any) -> dict[str, Any]:
    """Make a sound line, with some fields changed."""
    return {"case": "x", "id": "e", "type": "infusion", "zone": "America/Los_Angeles", **fields}


def faults(fields: dict[str, Any], **given: Any) -> tuple[Problem, ...]:
    """Give the problems of a line that must have some."""
    with pytest.raises(BadInput) as caught:
        draft(fields, **given)
    return caught.value.problems


def test_the_line_of_the_design_is_drafted_as_written() -> None:
    made = draft(SHOTS, zone="America/Los_Angeles", actor="ana")
    assert made.own == SHOTS
    assert (made.case, made.id, made.type, made.version, made.actor) == ("perry", "shots", "injection", 1, "ana")
    assert (made.earliest, made.latest, made.mentions) == (None, None, ("death",))


def test_every_problem_of_a_line_is_named() -> None:
    problems = faults(
        line(
            id="a.first",
            typ="x",
            recorded_at=1,
            when="24:00",
            data={"amout": "5 mg", "amount": "-5"},
            source={"standing": "sworn"},
        ),
        file="b.jsonl",
        line=7,
    )
    assert {problem.field for problem in problems} == {
        "id",
        "typ",
        "recorded_at",
        "when",
        "data.amout",
        "data.amount",
        "source.standing",
    }
    assert all(
        (problem.file, problem.line) == ("b.jsonl", 7) and problem.what and problem.instead for problem in problems
    )


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_names_that_only_the_log_gives_are_reserved(name: str) -> None:
    (problem,) = faults(line(**{name: 1}))
    assert (problem.field, problem.instead) == (name, "leave it out")
    assert name not in FIELDS


FAULTY: dict[str, tuple[dict[str, Any], str, str]] = {
    "unknown type": ({"type": "infuson"}, "type", "did you mean 'infusion'?"),
    "no type": ({"type": ""}, "type", "write the type"),
    "unknown field": ({"sourc": {}}, "sourc", "did you mean 'source'?"),
    "null field": ({"note": None}, "note", "as text"),
    "unknown data field": ({"data": {"substanc": "k"}}, "data.substanc", "did you mean 'substance'?"),
    "data is a list": ({"data": []}, "data", "write {"),
    "id with a point": ({"id": "shot.last"}, "id", "write 'shot'"),
    "id with a space": ({"id": "a b"}, "id", "write letters"),
    "id in Cyrillic": ({"id": "CASE-\u0410"}, "id", "write letters"),
    "id with a zero-width space": ({"id": "a\u200bb"}, "id", "write letters"),
    "id with a turn of the writing": ({"id": "a\u202eb"}, "id", "write letters"),
    "id too long": ({"id": "a" * 129}, "id", "write 128 at most"),
    "id as a number": ({"id": 12}, "id", "in quotation marks"),
    "case of the log": ({"case": "casefold:log"}, "case", "let its commands write it"),
    "type of the log": ({"type": "log.key", "data": {"new": "k"}}, "type", "let its commands write it"),
    "version": ({"version": 2}, "version", "write 1"),
    "null as a date": ({"when": None}, "when", "in quotation marks"),
    "version as text": ({"version": "1"}, "version", "write 1"),
    "doc with a space": ({"source": {"doc": "a b"}}, "source.doc", "write letters"),
    "zone abbreviation": ({"zone": "EST"}, "zone", "America/Los_Angeles"),
    "impossible day": ({"when": "2023-02-30"}, "when", ""),
    "contradiction": ({"when": "before 2023-01-01; after 2023-02-01"}, "when", "write parts that meet"),
    "own time": ({"when": "after @e"}, "when", "write it relative to another event, or a date"),
    "ends before it begins": ({"when": "2023-10-28", "until": "2023-10-27"}, "until", "write an end"),
    "two ends": ({"when": "from 2023-10-01 to 2023-10-03", "until": "2023-10-03"}, "when", "write the end once"),
    "span backwards": ({"when": "from 2023-10-03 to 2023-10-01"}, "when", "earlier"),
    "amount with a comma": ({"data": {"amount": "25,000 mg"}}, "data.amount", "write 25000"),
    "binary amount": ({"data": {"amount": 0.5}}, "data.amount", "as text"),
    "count with a unit": ({"data": {"count": "3 vials"}}, "data.count", "write the number alone"),
    "broken count": ({"data": {"count": "2.5"}}, "data.count", "write whole numbers"),
    "no count": ({"data": {"count": "some"}}, "data.count", "write whole numbers"),
    "true count": ({"data": {"count": True}}, "data.count", "write a whole number"),
    "nothing given": ({"data": {"count": 0}}, "data", "write a claim.total with count 0"),
    "duration": ({"data": {"duration": "a while"}}, "data.duration", ""),
    "no length": ({"data": {"duration": "40 mg"}}, "data.duration", "36 hours"),
    "empty text": ({"data": {"substance": " "}}, "data.substance", "leave the field out"),
    "text as a number": ({"data": {"place": 3}}, "data.place", "in quotation marks"),
    "standing": ({"source": {"standing": "alledged"}}, "source.standing", "did you mean 'alleged'?"),
    "source field": ({"source": {"speeker": "x"}}, "source.speeker", "did you mean 'speaker'?"),
    "empty speaker": ({"source": {"speaker": ""}}, "source.speaker", "leave it out"),
    "source as text": ({"source": "BBC"}, "source", "write an object"),
    "asserted": ({"source": {"asserted": "last week"}}, "source.asserted", ""),
    "tags as text": ({"tags": "final"}, "tags", "write a list"),
    "empty tag": ({"tags": [""]}, "tags", "leave the field out"),
    "period backwards": (
        {"type": "claim.complete", "data": {"of": "dose", "from": "2023-10-02", "to": "2023-10-01"}},
        "data",
        "write the earlier date as from",
    ),
    "cause of itself": ({"causes": ["@e"]}, "causes", "name another event"),
    "NUL": ({"note": "a\x00b"}, "", "remove it"),
    "half a character": ({"note": "a\ud800b"}, "", "remove it"),
    "fact without text": ({"type": "fact"}, "data.text", "write it"),
    "status": ({"type": "hearing", "data": {"status": "helt"}}, "data.status", "did you mean 'held'?"),
    "total of nothing": (
        {"type": "claim.total", "data": {"of": "infusion"}},
        "data",
        "count 0 says that none happened",
    ),
    "claim of no type": (
        {"type": "claim.complete", "data": {"of": "infusions"}},
        "data.of",
        "did you mean 'infusion'?",
    ),
    "claim.last without before": ({"type": "claim.last", "data": {"of": "infusion"}}, "data.before", "write it"),
    "elapsed": ({"type": "claim.elapsed", "data": {"from": "a", "to": "b", "elapsed": "long"}}, "data.elapsed", ""),
    "order with itself": ({"type": "claim.order", "data": {"first": "a", "then": "@a"}}, "data", "name two instants"),
    "same as one": ({"type": "claim.same", "data": {"ids": ["a"]}}, "data.ids", "list at least 2"),
    "same twice": ({"type": "claim.same", "data": {"ids": ["a", "@a"]}}, "data.ids", "name each once"),
    "distinct both": (
        {"type": "claim.distinct", "data": {"ids": ["a", "b"], "names": ["A", "B"]}},
        "data",
        "write ids (of events) or names (of persons)",
    ),
    "amends itself": ({"type": "amend.retract", "data": {"target": "e"}}, "data.target", "name another event"),
    "amends an instant": ({"type": "amend.retract", "data": {"target": "a.last"}}, "data.target", "write 'a'"),
    "sets the id": (
        {"type": "amend.correct", "data": {"target": "a", "set": {"id": "b"}}},
        "data.set.id",
        "use one of",
    ),
    "sets a bad date": (
        {"type": "amend.correct", "data": {"target": "a", "set": {"when": "2023-02-30"}}},
        "data.set.when",
        "",
    ),
    "sets a float": (
        {"type": "amend.correct", "data": {"target": "a", "set": {"data": {"amount": 0.5}}}},
        "data.set.data",
        "as text",
    ),
    "redacts a date": (
        {"type": "amend.redact", "data": {"target": "a", "fields": ["when"]}},
        "data.fields",
        "write note",
    ),
    "no zone of a case": ({"type": "case.opened", "data": {"zone": "Mars/Olympus"}}, "data.zone", ""),
    "width": ({"type": "case.opened", "data": {"about": {"dai": "1 day"}}}, "data.about", "did you mean 'day'?"),
    "word": ({"type": "case.opened", "data": {"words": {"night": "late"}}}, "data.words", "'22:00-06:00'"),
    "hash": ({"type": "document", "data": {"sha256": "AB" * 32}}, "data.sha256", "lower case"),
}


@pytest.mark.parametrize(("fields", "field", "instead"), FAULTY.values(), ids=FAULTY)
def test_what_is_wrong_is_named_with_what_to_write(fields: dict[str, Any], field: str, instead: str) -> None:
    (problem,) = faults(line(**fields))
    assert problem.field == field
    assert instead in problem.instead
    assert problem.what


SOUND: dict[str, dict[str, Any]] = {
    "bare": {},
    "undated": {"when": "unknown"},
    "death without data": {"type": "death"},
    "numbers": {"data": {"count": 3, "amount": 50}},
    "how long": {"data": {"duration": "30 to 40 minutes"}},
    "how long at least": {"data": {"duration": "at least 1 h"}},
    "references": {"type": "claim.elapsed", "data": {"from": "@a.end", "to": "b", "elapsed": "between 3 and 4 hours"}},
    "distinct names": {"type": "claim.distinct", "data": {"names": ["assistant", "physician B"]}},
    "correction that removes": {
        "type": "amend.correct",
        "data": {"target": "a", "set": {"until": None, "source": {"via": None}}},
    },
    "no such thing": {
        "type": "claim.total",
        "data": {"of": "dose", "count": 0, "from": "2023-01-01", "to": "by @death"},
    },
    "distinct groups": {"type": "case.opened", "data": {"distinct": [["A", "B"], ["C", "D"]]}},
    "distinct list": {"type": "case.opened", "data": {"distinct": ["A", "B"]}},
    "span": {"when": "from 2023-10-01 to 2023-10-03"},
    "text beyond ASCII": {"note": "Größe 40 µg"},
}


@pytest.mark.parametrize("fields", SOUND.values(), ids=SOUND)
def test_what_is_sound_is_drafted_without_a_word(fields: dict[str, Any]) -> None:
    made = drafted(line(**fields))
    assert made == Drafted(made.draft, ())
    assert made.draft.own == line(**fields)


@pytest.mark.parametrize(
    ("fields", "field", "what"),
    [
        ({"when": "about 2023-10-28"}, "when", "bounds nothing"),
        ({"until": "around 2023-10-28"}, "until", "bounds nothing"),
        ({"type": "document", "data": {"dated": "circa 2023-10-28"}}, "data.dated", "bounds nothing"),
        ({"data": {"amount": "3 sprinkles"}}, "data.amount", "not in the table"),
        ({"note": "a\u200bb"}, "", "U+200B"),
        ({"data": {"place": "a\u202eb"}}, "", "U+202E"),
    ],
)
def test_what_may_be_meant_is_warned_about(fields: dict[str, Any], field: str, what: str) -> None:
    (warning,) = drafted(line(**fields), file="f", line=2).warnings
    assert (warning.field, warning.file, warning.line) == (field, "f", 2)
    assert what in warning.what
    assert warning.instead


def test_no_width_is_asked_for_where_the_case_has_one_for_that_precision() -> None:
    def warned(when: str, *known: str) -> bool:
        return bool(drafted(line(when=when), zone="UTC", case_about=lambda _: known).warnings)

    assert not warned("about 2023-10-28", "day")
    assert warned("about 2023-10", "day")
    assert not warned("about 2 weeks before @x", "day")
    assert not warned("about 2 weeks before @x", "week")


def test_a_time_that_takes_another_event_for_one_instant_names_it() -> None:
    assert draft(line(when="within 2 hours of @g; at @h.first; before @i"), zone="UTC").singles == ("g",)


def test_what_a_batch_adds_is_no_content_but_the_case() -> None:
    made = draft({"type": "death", "when": "2023-10-28", "actor": "ben"}, case="x", zone="Asia/Tokyo", actor="ana")
    assert made.own == {"type": "death", "when": "2023-10-28", "case": "x"}
    assert (made.case, made.zone, made.actor) == ("x", "Asia/Tokyo", "ben")


def test_the_zone_is_the_lines_else_the_batchs_else_the_cases() -> None:
    day = {"case": "x", "type": "death", "when": "2023-10-28"}
    by_case = draft(day, case_zone=lambda case: {"x": "Asia/Tokyo"}[case])
    by_batch = draft(day, zone="UTC", case_zone=lambda _case: "Asia/Tokyo")
    own = draft({**day, "zone": "America/Los_Angeles"}, zone="UTC")
    assert (by_case.zone, by_batch.zone, own.zone) == ("", "UTC", "America/Los_Angeles")
    assert by_case.earliest is not None
    assert by_batch.earliest is not None
    assert own.earliest is not None
    assert by_case.earliest < by_batch.earliest < own.earliest
    assert faults(day)[0].field == "when"


def test_the_event_that_opens_a_case_stands_in_the_zone_it_gives() -> None:
    opened = {"case": "c", "type": "case.opened", "when": "2023-10-28", "data": {"zone": "America/Los_Angeles"}}
    assert draft(opened).earliest == draft({**opened, "zone": "America/Los_Angeles"}).earliest
    assert {one.field for one in faults({**opened, "data": {"zone": "Amrica"}})} == {"when", "data.zone"}


def test_a_case_is_asked_for_its_zone_only_when_a_date_needs_one() -> None:
    def never(_case: str) -> str:
        raise AssertionError

    assert draft({"case": "x", "type": "death"}, case_zone=never).earliest is None
    assert draft({"case": "x", "type": "death", "when": "2023-10-28"}, zone="UTC", case_zone=never).earliest is not None


def test_mentions_are_what_times_and_claims_speak_of() -> None:
    made = draft(
        line(
            type="claim.total",
            when="after @a; before @b",
            data={"of": "dose", "count": 1, "to": "by @death"},
            causes=["c"],
            source={"doc": "@D"},
        )
    )
    assert made.mentions == ("a", "b", "death", "D", "c")
    assert made.requires == ()


def test_amendments_require_their_target() -> None:
    made = draft(line(type="amend.correct", data={"target": "@shots", "set": {"when": "after @death"}}))
    assert (made.requires, made.mentions) == (("shots",), ("death",))


def test_a_reader_rewrites_dates_and_keeps_their_words() -> None:
    made = draft(line(when="10/28/23"), reader=lambda text: "2023-10-28" if text == "10/28/23" else text)
    assert made.own["when"] == "2023-10-28"
    assert made.own["source"] == {"reads": "10/28/23"}
    kept = draft(line(when="10/28/23", source={"reads": "that day"}), reader=lambda _text: "2023-10-28")
    assert kept.own["source"] == {"reads": "that day"}


def test_the_commands_may_write_the_logs_own_events() -> None:
    made = draft({"case": "casefold:log", "type": "log.key", "data": {"new": "k"}}, reserved=True)
    assert made.case == "casefold:log"


def test_the_line_given_is_left_as_it_was() -> None:
    fields = line(actor="ben", when="x")
    before = dict(fields)
    draft(fields, reader=lambda _text: "2023-10-28")
    assert fields == before


def test_a_correction_must_fit_the_event_it_corrects() -> None:
    def wrong(data: dict[str, Any], target: str) -> list[tuple[str, str]]:
        made = draft(line(type="amend.correct", data={"target": "a", "set": {"data": data}}))
        return [(problem.field, problem.instead) for problem in correction_problems(made, target)]

    assert wrong({"count": "at least 28", "given_by": None, "rate": "1 mg/min"}, "injection") == []
    assert wrong({"dated": "2023-12-15"}, "document") == []
    assert wrong({"cuont": 3}, "injection") == [("data.set.data.cuont", "did you mean 'count'?")]
    assert wrong({"count": "3 vials"}, "injection")[0][0] == "data.set.data.count"
    assert wrong({"text": None}, "fact") == [("data.set.data.text", "set it to something else, or retract the event")]


@pytest.mark.parametrize("said", ["detected", "Not detected", "not tested", "< 0.1 ng/mL", "3540 ng/mL", 12])
def test_a_level_is_an_amount_or_one_of_the_words_of_a_laboratory(said: str | int) -> None:
    line = {"case": "c", "type": "toxicology", "data": {"analyte": "ketamine", "concentration": said}}
    assert draft(line).own["data"]["concentration"] == said


def test_another_word_for_a_level_is_refused_with_those_there_are() -> None:
    line = {"case": "c", "type": "toxicology", "data": {"analyte": "ketamine", "concentration": "positive"}}
    with pytest.raises(BadInput, match="'detected', 'not detected', 'not tested'"):
        draft(line)


def test_a_period_whose_ends_may_be_of_two_zones_is_given_a_day() -> None:
    for start, wrong in (("2023-10-02T00:00Z", False), ("2023-10-03T00:01Z", True)):
        data = {"of": "dose", "count": 1, "from": start, "to": "2023-10-01"}
        assert wrong == bool(_problems({**line(type="claim.total"), "data": data}))


def _problems(fields: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        draft(fields)
    except BadInput as bad:
        return bad.problems
    return ()
