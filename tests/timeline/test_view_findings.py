"""The view `findings`: who found what and since when, values in one unit beside cited ranges, and no verdict."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.case import CaseTimeline
from timeline.findings.levels import level_of
from timeline.findings.references import REFERENCES, references
from timeline.hearings.account import Account
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
ME = {"speaker": "examiner", "standing": "found", "asserted": "2023-12-15"}
DEATH = {"id": "death", "type": "death", "when": "2023-10-28T16:00", "source": ME}


def case(told: Told, *lines: dict[str, Any]) -> CaseTimeline:
    return CaseTimeline.of("c", told(DEATH, *lines, zone="America/Los_Angeles"))


def tox(
    told: Told, data: dict[str, Any], *more: dict[str, Any], params: dict[str, Any] | None = None
) -> dict[str, Any]:
    line = {"id": "t", "type": "toxicology", "when": "2023-11-02", "data": {"analyte": "ketamine", **data}}
    (row,) = ask(case(told, {**line, "source": ME}, *more), "findings", params or {}).values["measured"]
    return dict(row)


# --- findings --------------------------------------------------------------------------------------------------------


def test_the_founding_case(founding: CaseTimeline) -> None:
    answer = ask(founding, "findings", {})
    assert answer.text.startswith(
        "cause: acute effects of ketamine; "
        "contributing: drowning, coronary artery disease and effects of buprenorphine; "
        "manner: accident [medical examiner, as reported by USA, found]"
    )
    assert [row["aspect"] for row in answer.values["findings"]] == [
        "cause", "contributing", "contributing", "contributing", "manner", "other",
    ]  # fmt: skip
    levels = {row["id"]: (row["level"]["min"], row["specimen"]["site"]) for row in answer.values["measured"]}
    assert levels == {"tox-central": ("3271", "central"), "tox-peripheral": ("3540", "peripheral")}


def test_every_line_says_who_with_what_standing_and_since_when(founding: CaseTimeline) -> None:
    values = ask(founding, "findings", {}).values
    for row in (*values["findings"], *values["measured"]):
        assert f"{row['source']['speaker']}, as reported by {row['source']['via']} (found)" in row["line"]
        assert f"asserted {row['source']['asserted']}" in row["line"]
        assert row["asserted"]["min"].startswith(row["source"]["asserted"])
        assert row["recorded"]["position"] > 0
        assert f"recorded {row['recorded']['at']}" in row["line"]


def test_a_level_stands_beside_ranges_that_overlap_and_means_nothing_by_itself(founding: CaseTimeline) -> None:
    answer = ask(founding, "findings", {})
    row = next(row for row in answer.values["measured"] if row["id"] == "tox-peripheral")
    found = {(one["use"], one["min"], one["max"]): one["relation"] for one in row["beside"]}
    assert found["treatment", "100", "250"] == found["anaesthesia", "1200", "2400"] == "above"
    assert found["deaths", "20", "6900"] == "within"
    assert "ketamine: anaesthesia and deaths overlap at 1200 to 2400 ng/mL" in answer.values["ranges"]
    assert "overlap" in answer.sentence
    assert all(one["source"] for one in row["beside"])
    assert not {"fatal", "lethal", "toxic", "caused"} & set(answer.sentence.replace(",", " ").split())


def test_what_nobody_recorded_is_said_to_be_so(founding: CaseTimeline) -> None:
    for row in ask(founding, "findings", {}).values["measured"]:
        assert row["uncertainty"] == "not recorded"
        assert not row["specimen"]["stated"]
        assert row["specimen"]["after_death"]["min_us"] is None, "it may have been taken in life"
        assert "uncertainty not recorded; time of the specimen not recorded" in row["line"]


def test_a_corrected_finding_shows_what_it_said_before(told: Told) -> None:
    finding = {"id": "cause", "type": "finding", "data": {"aspect": "cause", "text": "drowning"}, "source": ME}
    fix = {
        "id": "fix", "type": "amend.correct",
        "data": {"target": "cause", "reason": "misread", "set": {"data": {"text": "effects of ketamine"}}},
    }  # fmt: skip
    answer = ask(case(told, finding, fix), "findings", {})
    (row,) = answer.values["findings"]
    assert row["text"] == "effects of ketamine"
    assert row["amended"] == [
        {
            "by": "fix", "type": "amend.correct", "reason": "misread",
            "was": {"data.text": "drowning"}, "now": {"data.text": "effects of ketamine"},
        }
    ]  # fmt: skip
    assert "before @fix (misread): text drowning" in row["line"]
    assert "fix" in answer.rests_on.both


def test_a_retracted_finding_is_withdrawn_with_its_reason(told: Told) -> None:
    finding = {"id": "cause", "type": "finding", "data": {"aspect": "cause", "text": "drowning"}, "source": ME}
    gone = {"id": "gone", "type": "amend.retract", "data": {"target": "cause", "reason": "of another case"}}
    values = ask(case(told, finding, gone), "findings", {}).values
    assert values["findings"] == []
    (row,) = values["withdrawn"]
    assert (row["id"], row["stands"]) == ("cause", False)
    assert "of another case" in row["line"]


def test_a_later_finding_of_the_same_speaker_is_named_and_takes_nothing_away(told: Told) -> None:
    def finding(name: str, when: str, speaker: str) -> dict[str, Any]:
        data = {"aspect": "manner", "text": name}
        return {"id": name, "type": "finding", "when": when, "data": data, "source": {**ME, "speaker": speaker}}

    timeline = case(
        told, finding("accident", "2023-12-15", "examiner"), finding("undetermined", "2024-02-01", "Examiner"),
        finding("suicide", "2024-03-01", "somebody else"),
    )  # fmt: skip
    answer = ask(timeline, "findings", {})
    assert {row["id"]: row["later"] for row in answer.values["findings"]} == {
        "accident": ["undetermined"], "undetermined": [], "suicide": [],
    }  # fmt: skip
    assert "manner (3 findings)" in answer.text


def test_a_disputed_finding_names_the_party(told: Told) -> None:
    finding = {"id": "cause", "type": "finding", "data": {"aspect": "cause", "text": "drowning"}, "source": ME}
    position = {"id": "p", "type": "position", "data": {"target": "cause", "stance": "disputes", "party": "defence"}}
    answer = ask(case(told, finding, position), "findings", {})
    assert answer.values["findings"][0]["positions"] == [{"party": "defence", "stance": "disputes", "id": "p"}]
    assert "disputed by defence" in answer.values["findings"][0]["line"]
    assert "disputed by defence" in answer.text


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "status", "low", "high", "unit"),
    [
        ("3540 ng/mL", "measured", "3540", "3540", "ng/mL"),
        ("3.54 ug/mL", "measured", "3540", "3540", "ng/mL"),
        ("3.54 µg/mL", "measured", "3540", "3540", "ng/mL"),
        ("3.54 mg/L", "measured", "3540", "3540", "ng/mL"),
        ("9.3 umol/L", "measured", "2210.889", "2210.889", "ng/mL"),
        ("40 to 60 ng/mL", "range", "40", "60", "ng/mL"),
        ("< 0.1 ng/mL", "below", "0", "0.1", "ng/mL"),
        ("at most 0.1 ng/mL", "at most", "0", "0.1", "ng/mL"),
        ("at least 5 ug/L", "at least", "5", None, "ng/mL"),
        ("more than 0 ng/mL", "detected", "0", None, "ng/mL"),
        ("0 ng/mL", "not detected", "0", "0", "ng/mL"),
        ("3 mg/kg", "measured", "3", "3", "mg/kg"),
    ],
)
def test_values_in_one_unit_with_what_they_say(
    told: Told, written: str, status: str, low: str, high: str | None, unit: str
) -> None:
    row = tox(told, {"concentration": written, "matrix": "blood"})
    assert row["status"] == status
    assert (row["level"]["min"], row["level"]["max"], row["level"]["unit"]) == (low, high, unit)
    assert row["concentration"] == written


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, "no value"),
        ({"concentration": "unknown"}, "no value"),
        ({"concentration": "unknown", "method": "Not tested"}, "not tested"),
        ({"method": "not tested"}, "not tested"),
        ({"concentration": "less than 0.1 ng/mL", "loq": "0.1 ug/L"}, "not detected"),
        ({"concentration": "less than 0.1 ng/mL", "loq": "0.2 ng/mL"}, "below"),
    ],
)
def test_no_value_is_never_zero(told: Told, data: dict[str, Any], status: str) -> None:
    row = tox(told, {**data, "matrix": "blood"})
    assert row["status"] == status
    assert status in ("not detected", "below") or row["level"] is None
    assert status in ("not detected", "below") or row["beside"] == []


def test_what_is_below_the_limit_stands_below_the_ranges(told: Told) -> None:
    row = tox(told, {"concentration": "< 20 ng/mL", "matrix": "blood"})
    relations = {(one["use"], one["min"]): one["relation"] for one in row["beside"]}
    assert relations["treatment", "100"] == relations["deaths", "20"] == "below"
    assert relations["deaths", "10"] == "not settled"


def test_moles_need_a_molar_mass_that_somebody_states(told: Told) -> None:
    line = {"analyte": "nitrazepam", "concentration": "1 umol/L", "matrix": "blood"}
    plain = tox(told, line)
    assert (plain["level"]["unit"], plain["beside"]) == ("umol/L", [])
    assert "molar mass" in plain["how"]
    stated = tox(told, line, params={"molar-mass": ("Nitrazepam=281.27 g/mol",)})
    assert (stated["level"]["min"], stated["level"]["unit"]) == ("281.27", "ng/mL")
    assert "as stated in the question" in stated["how"]


@pytest.mark.parametrize("text", ["ketamine", "ketamine=", "ketamine=many", "ketamine=0", "ketamine=237 mg"])
def test_a_molar_mass_that_is_none_is_refused(told: Told, text: str) -> None:
    with pytest.raises(Fault) as fault:
        ask(case(told), "findings", {"molar-mass": (text,)})
    assert fault.value.instead


def test_urine_is_not_put_beside_levels_of_blood(told: Told) -> None:
    assert tox(told, {"concentration": "50 ng/mL", "matrix": "urine"})["beside"] == []
    assert tox(told, {"concentration": "50 ng/mL", "matrix": "whole blood"})["beside"]


def test_a_value_that_no_reference_speaks_of_stands_alone(told: Told) -> None:
    assert tox(told, {"analyte": "caffeine", "concentration": "50 ng/mL"})["beside"] == []


# --- specimens -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sample", "least", "most"),
    [
        ({"when": "2023-10-29T10:00"}, 17 * 60 + 59, 18 * 60 + 1),
        ({"when": "10 hours after @death ± 2 hours"}, 8 * 60, 12 * 60),
        ({"data": {"collected": "2023-10-29T10:00"}}, 17 * 60 + 59, 18 * 60 + 1),
        ({"data": {"collected": "between 1 hour and 2 hours after @death"}}, 60, 120),
        ({"when": "2023-10-28T15:00"}, -61, -59),
    ],
)
def test_the_time_after_death_comes_from_the_specimen(
    told: Told, sample: dict[str, Any], least: int, most: int
) -> None:
    specimen = {"id": "s", "type": "specimen", "source": ME, **sample}
    specimen["data"] = {"site": "femoral", "matrix": "blood", **sample.get("data", {})}
    row = tox(told, {"concentration": "50 ng/mL", "specimen": "@s"}, specimen)
    after = row["specimen"]["after_death"]
    assert row["specimen"]["stated"]
    assert (row["specimen"]["id"], row["specimen"]["site"]) == ("s", "femoral")
    assert least * 60_000_000 <= after["min_us"] <= after["max_us"] <= most * 60_000_000


def test_a_value_without_a_specimen_was_taken_by_the_measurement(told: Told) -> None:
    sample = tox(told, {"concentration": "50 ng/mL"})["specimen"]
    assert sample["taken"]["min"] is None
    assert sample["taken"]["max"].startswith("2023-11-03T06:59")


# --- accounts, cuts, references --------------------------------------------------------------------------------------


def test_on_another_account_there_is_less(founding: CaseTimeline) -> None:
    assert ask(founding, "findings", {}, Account(standings=("alleged",))).text == "no finding and no laboratory value"
    nobody = ask(founding, "findings", {}, Account(first_hand=True)).values
    assert (nobody["findings"], nobody["measured"]) == ([], [])


def test_as_asserted_by_a_day(founding: CaseTimeline) -> None:
    before = ask(founding.asserted_by("2023-12-14"), "findings", {})
    after = ask(founding.asserted_by("2023-12-16"), "findings", {})
    assert before.text == "no finding and no laboratory value"
    assert after.text.startswith("cause: acute effects of ketamine")


def test_every_reference_has_its_source_and_an_order() -> None:
    assert references("ketamine") == REFERENCES
    for one in REFERENCES:
        assert one.source
        assert one.cite
        assert 0 < one.low <= one.high


def test_a_level_is_read_without_a_binary_float() -> None:
    assert str(level_of("0.1 mg/L", "ketamine").quantity.lo) == "100"


@pytest.mark.parametrize(("uncertainty", "relation"), [("", "above"), ("± 1 %", "above"), ("10 %", "not settled")])
def test_a_level_is_beside_ranges_with_what_its_laboratory_allows_for(
    told: Told, uncertainty: str, relation: str
) -> None:
    said = {"uncertainty": uncertainty} if uncertainty else {}
    row = tox(told, {"concentration": "2450 ng/mL", **said})
    assert {one["relation"] for one in row["beside"] if one["use"] == "anaesthesia"} == {relation}
    assert (row["level"]["min"], row["level"]["max"]) == ("2450", "2450"), "the value itself stays as it was written"
