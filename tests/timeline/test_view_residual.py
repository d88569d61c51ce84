"""The view `residual`: what could be left, impossible or possible as a level found, and what it refuses to compute."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from timeline.answers import Answer, AsOf, answer_json
from timeline.case import CaseTimeline
from timeline.demo.walk import STEPS
from timeline.hearings.account import Account
from timeline.kinetics.shipped import shipped
from timeline.views import ask

Told = Callable[..., tuple[Any, ...]]
ZONE = {"type": "case.opened", "id": "opened", "data": {"zone": "UTC"}}
NOON = {"id": "at", "type": "fact", "when": "2023-10-28T12:00:00.000000", "data": {"text": "the instant asked about"}}
THERAPY = ("0.5 mg/kg to 1 mg/kg",)
MINE = """
[esketamine]
assay = "1 ng/mL"
[[esketamine.models]]
name = "mine"
citation = "my paper"
weight = "70 kg"
volume = "70 L"
half_life = "1 hour"
[esketamine.routes.intravenous]
types = ["infusion"]
availability = 1
at_once = true
"""
CURVES = {model.name: model.curve for model in shipped()["ketamine"].models}


@pytest.fixture
def asked(told: Told) -> Callable[..., Answer]:
    def of(*lines: dict[str, Any], account: Account | None = None, **params: Any) -> Answer:
        timeline = CaseTimeline.of("c", told(ZONE, NOON, *lines))
        given = {"substance": "ketamine", "at": "at"} | {key.replace("_", "-"): each for key, each in params.items()}
        return ask(timeline, "residual", given, account or Account())

    return of


Asked = Callable[..., Answer]


def dose(
    kind: str = "infusion", when: str = "2023-10-28T11:00:00.000000", id_: str = "x", **data: Any
) -> dict[str, Any]:
    return {"id": id_, "type": kind, "when": when, "data": {"substance": "ketamine", **data}}


def left(answer: Answer, model: str = "Kamp 2020") -> dict[str, Any]:
    found: dict[str, Any] = next(row["left"] for row in answer.values["models"] if row["model"] == model)
    return found


def between(bounds: dict[str, Any], least: float, most: float) -> bool:
    """Whether the bounds hold exactly these ends, but for the outward rounding to four digits."""
    return least * 0.999 <= float(bounds["min"]) <= least <= most <= float(bounds["max"]) <= most * 1.001


# --- the founding case -----------------------------------------------------------------------------------------------


def test_the_last_infusion_cannot_be_the_level_found(founding: CaseTimeline) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "@tox-peripheral", "type": "infusion"}
    answer = ask(founding, "residual", {**params, "assume-dose": THERAPY, "assume-duration": "40 to 60 minutes"})
    (last,) = answer.values["last"]
    assert (last["type"], last["exists"], last["explains"]) == ("infusion", "certain", "impossible")
    assert last["elapsed"]["min_us"] == 9 * 86_400_000_000
    assert [row["model"] for row in last["models"]] == list(CURVES)
    for row in last["models"]:
        assert row["left"] == {"min": "0", "max": "0.1"}
        assert (row["below_assay"], row["explains"]) == (True, "impossible")
        assert row["factor"] == {"min": "35400", "max": None}
        assert float(row["half_lives"]["min"]) > 70
    assert "impossible as 3540 ng/mL under each of 4 models: below 0.1 ng/mL" in answer.text
    assert "in anybody at least 35,400 times less" in answer.text
    assert "taken to be 0.5 mg/kg to 1 mg/kg" in " ".join(answer.assumes)
    assert "tox-peripheral" in answer.rests_on.max
    assert not re.search(r"\de-?\d", json.dumps(dict(answer.values)))


def test_it_is_impossible_even_where_nobody_says_how_long_it_ran(founding: CaseTimeline) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "3540 ng/mL", "type": "infusion"}
    answer = ask(founding, "residual", {**params, "assume-dose": THERAPY})
    (last,) = answer.values["last"]
    assert last["explains"] == "impossible"
    assert all(0.1 < float(row["left"]["max"]) < 10 for row in last["models"])
    assert "--assume-duration" in " ".join(answer.assumes)


def test_however_many_infusions_a_day_apart_cannot_be_it_either(founding: CaseTimeline) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "@tox-central", "type": "infusion"}
    silent = ask(founding, "residual", {**params, "assume-dose": THERAPY, "assume-duration": "1 hour"})
    assert silent.values["explains"] == "possible"
    assert "nobody says how many at most @therapy" in silent.text
    spaced = {**params, "assume-dose": THERAPY, "assume-duration": "1 hour", "assume-apart": ("infusion=1 day",)}
    answer = ask(founding, "residual", spaced)
    assert answer.values["explains"] == "impossible"
    assert answer.in_fact["explains"] == "possible"


def test_an_assumption_about_infusions_says_nothing_of_injections(founding: CaseTimeline) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "@tox-peripheral"}
    answer = ask(founding, "residual", {**params, "assume-dose": ("infusion=1 mg/kg",)})
    infusion, injection = answer.values["last"]
    assert (infusion["type"], infusion["explains"]) == ("infusion", "impossible")
    assert (injection["type"], injection["explains"], injection["dose"]) == ("injection", "possible", None)
    assert answer.values["explains"] == "possible"


def test_without_an_amount_nothing_is_excluded_and_each_mg_per_kg_is_told(founding: CaseTimeline) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "@tox-peripheral", "type": "infusion"}
    answer = ask(founding, "residual", {**params, "assume-duration": "1 hour"})
    (last,) = answer.values["last"]
    assert (last["explains"], last["models"][0]["left"]["max"]) == ("possible", None)
    assert last["models"][0]["each_mg_per_kg"] == {"min": "0", "max": "0.1"}
    assert "no amount is known" in answer.text


def test_a_dose_is_never_computed_from_the_level(founding: CaseTimeline) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "@tox-peripheral"}
    with pytest.raises(Fault, match="risks a large error") as fault:
        ask(founding, "residual", {**params, "back-calculate": True})
    assert "--assume-dose" in fault.value.instead
    assert ask(founding, "residual", params).values["back_calculation"].startswith("refused: ")


def test_on_admissions_the_infusions_are_not_heard(founding: CaseTimeline) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "@tox-peripheral"}
    answer = ask(founding, "residual", params, Account(standings=("admitted",)))
    assert {row["id"] for row in answer.values["administrations"]} == {"shot-1", "shot-2", "shot-3"}
    assert "@tox-peripheral dated on the word of medical examiner (found)" in answer.assumes


def test_from_outside(cli: Any, root: Path) -> None:
    """The caveats are printed, the refusal is one line, and parameters of one's own are kept with a saved answer."""
    cli("load", root / "timeline" / "demo" / "perry.jsonl")
    ask_it = ("ask", "perry", "residual", "--substance", "ketamine", "--at", "death", "--level", "@tox-peripheral")
    done = cli(*ask_it)
    assert "post-mortem redistribution" in done.out
    assert "no opinion on a cause of death" in done.out
    assert len(cli(*ask_it, "--back-calculate", code=2).lines) == 1
    (cli.folder / "mine.toml").write_text(MINE.replace("esketamine", "ketamine"), encoding="utf-8")
    mine = ("--type", "infusion", "--assume-dose", "1 mg/kg", "--parameters", "mine.toml")
    own = cli(*ask_it, *mine, "--save", "a.json")
    assert "under mine" in own.out
    (cli.folder / "mine.toml").write_text("not TOML at all", encoding="utf-8")
    assert "same answer" in cli("reproduce", "a.json").out
    assert len(cli(*ask_it, "--parameters", "mine.toml", code=2).lines) == 1


def test_the_walk_through_asks_it() -> None:
    commands = {step.view: step.command for step in STEPS}
    assert commands["residual"].endswith("--assume-dose '0.5 mg/kg to 1 mg/kg' --assume-duration '40 to 60 minutes'")
    assert commands["time-to-onset"] == "casefold ask perry time-to-onset @death --type infusion --day-one"
    assert {"treatment", "final-days"} <= set(commands)


# --- doses, routes, times --------------------------------------------------------------------------------------------


def test_an_infusion_whose_end_is_now_is_where_it_was_measured(asked: Asked) -> None:
    answer = asked(dose(when="2023-10-28T11:20:00.000000", amount="35 mg", weight="70 kg", duration="40 minutes"))
    for name, curve in CURVES.items():
        exact = 0.5 * curve.infused(40.0, 40.0)
        assert between(left(answer, name), exact, exact)
    assert answer.tight
    assert answer.values["administrations"][0]["dose_is"] == "stated"


def test_an_uncertain_dose_weight_and_time_become_bounds(asked: Asked) -> None:
    answer = asked(dose(when="2023-10-28T10:00", amount="35 to 70 mg", weight="50 to 100 kg", duration="40 min"))
    curve = CURVES["Clements 1981"]
    least, most = 0.35 * curve.infused(120.0, 40.0), 1.4 * curve.infused(119.0, 40.0)
    assert between(left(answer, "Clements 1981"), least, most)


def test_mg_for_each_kg_need_no_weight_and_mg_do(asked: Asked) -> None:
    assert left(asked(dose(amount="0.5 mg/kg", duration="40 min")))["max"] is not None
    without = asked(dose(amount="35 mg", duration="40 min"))
    assert left(without)["max"] is None
    assert "--weight" in " ".join(without.assumes)
    with_it = asked(dose(amount="35 mg", duration="40 min"), weight="70 kg")
    assert left(with_it) == left(asked(dose(amount="0.5 mg/kg", duration="40 min")))


def test_a_rate_runs_for_as_long_as_it_did(asked: Asked) -> None:
    rated = asked(dose(rate="0.75 mg/kg/h", duration="40 min"))
    whole = asked(dose(amount="0.5 mg/kg", duration="40 min"))
    assert left(rated) == left(whole)


def test_an_injection_is_absorbed_and_a_push_is_not(asked: Asked) -> None:
    curve = CURVES["Domino 1984"]
    absorbed, pushed = 1.0 * 0.93 * curve.absorbed(60.0, 0.1), curve.bolus(60.0)
    muscle = asked(dose("injection", amount="1 mg/kg"))
    assert between(left(muscle, "Domino 1984"), absorbed, absorbed)
    assert "of no stated route, injection is taken to be intramuscular" in muscle.assumes
    assert "absorption at 0.1 per minute (peak after 5 to 15 minutes) is an assumption" in muscle.assumes
    vein = asked(dose("injection", amount="1 mg/kg", route="IV"))
    assert between(left(vein, "Domino 1984"), pushed, pushed)


def test_a_range_of_availability_becomes_a_range_of_levels(asked: Asked) -> None:
    answer = asked(dose("nasal_spray", amount="1 mg/kg"))
    curve = CURVES["Kamp 2020"]
    bounds = left(answer)
    for share, rate in ((0.11, 0.03), (0.5, 0.2), (0.3, 0.1)):
        assert float(bounds["min"]) <= share * curve.absorbed(60.0, rate) <= float(bounds["max"])
    assert not answer.tight


def test_a_way_that_is_not_known_is_bounded_by_the_dose_alone(asked: Asked) -> None:
    answer = asked(dose("dose", amount="1 mg/kg"))
    assert left(answer)["min"] == "0"
    assert float(left(answer)["max"]) == pytest.approx(CURVES["Kamp 2020"].bolus(0.0), rel=1e-3)
    assert "no route is known for @x" in " ".join(answer.assumes)


def test_doses_add_and_those_that_may_be_one_count_once_at_least(asked: Asked) -> None:
    one = dose("injection", "2023-10-28T11:00:00.000000", "a", amount="1 mg/kg")
    other = dose("injection", "2023-10-28T11:00:00.000000", "b", amount="1 mg/kg")
    once, twice = asked(one), asked({**one, "source": {"speaker": "c"}}, {**other, "source": {"speaker": "c"}})
    assert float(left(twice)["min"]) > 1.99 * float(left(once)["min"])
    told_by_two = asked({**one, "source": {"speaker": "c"}}, {**other, "source": {"speaker": "d"}})
    assert left(told_by_two)["min"] == left(once)["min"]
    assert left(told_by_two)["max"] == left(twice)["max"]


def test_one_that_may_be_after_leaves_at_least_nothing(asked: Asked) -> None:
    answer = asked(dose("injection", "2023-10-28", amount="1 mg/kg"))
    assert left(answer)["min"] == "0"
    after = asked(dose("injection", "2023-10-29", amount="1 mg/kg"))
    assert after.text == "no administration on record that could have left any"


def test_several_of_a_known_number_and_total(asked: Asked) -> None:
    each = dose("injection", "2023-10-28T11:00:00.000000", count="3", amount="1 mg/kg")
    total = dose("injection", "2023-10-28T11:00:00.000000", count="at least 2", total_amount="3 mg/kg")
    assert left(asked(each)) == left(asked(total))


def test_a_level_is_compared_within_its_uncertainty_and_in_its_unit(asked: Asked) -> None:
    shot = dose("injection", amount="1 mg/kg")
    value = {"analyte": "Ketamine", "concentration": "14.891 umol/L"}
    tox = {"id": "tox", "type": "toxicology", "when": "after @at", "data": value}
    answer = asked(shot, {**tox, "data": {**value, "uncertainty": "± 10 %"}}, level="@tox")
    low, high = (float(answer.values["level"][end]) for end in ("min", "max"))
    assert low == pytest.approx(3540 * 0.9, rel=1e-3)
    assert high == pytest.approx(3540 * 1.1, rel=1e-3)
    assert answer.values["explains"] == "impossible"
    assert "uncertainty of @tox is not recorded" in " ".join(asked(shot, tox, level="@tox").assumes)
    assert asked(shot, level="300 ng/mL").values["explains"] == "possible"
    more = asked(shot, dose("injection", id_="y", amount="100 mg/kg"), level="1 ng/mL")
    assert (more.values["explains"], "times less" in more.text) == ("impossible", False)


def test_nobody_is_the_mean_of_a_model(asked: Asked) -> None:
    """What is impossible is so in anybody: twice as much, four times as slow, as the shipped spreads have it."""
    shot = dose("injection", "2023-10-28T02:00:00.000000", amount="1 mg/kg", route="iv")
    (row, *_) = asked(shot, level="100 ng/mL").values["models"]
    curve = CURVES["Domino 1984"]
    assert between(row["left"], curve.bolus(600.0), curve.bolus(600.0))
    assert row["anybody"]["min"] == "0"
    assert float(row["anybody"]["max"]) == pytest.approx(2 * curve.bolus(150.0), rel=1e-3)
    assert float(row["left"]["max"]) < 100 < float(row["anybody"]["max"])
    assert row["explains"] == "possible"


def test_a_claimed_total_may_tell_of_more_than_the_record(asked: Asked) -> None:
    three = {"of": "injection", "count": "3"}
    claim = {"id": "t", "type": "claim.total", "when": "within 1 day before @at", "data": three}
    shot = dose("injection", amount="1 mg/kg")
    assert left(asked(shot, claim))["max"] is None
    assert left(asked(shot, claim, assume_dose="1 mg/kg"))["max"] is not None


# --- what is asked ---------------------------------------------------------------------------------------------------


def test_only_what_was_measured_is_a_level(asked: Asked) -> None:
    shot = dose(amount="1 mg/kg")
    value = {"analyte": "norketamine", "concentration": "20 ng/mL"}
    tox = {"id": "tox", "type": "toxicology", "when": "after @at", "data": value}
    with pytest.raises(Fault, match="a level of norketamine"):
        asked(shot, tox, level="@tox")
    for written in ({}, {"concentration": "unknown"}, {"concentration": "detected"}, {"concentration": "not tested"}):
        with pytest.raises(Fault, match="states no concentration"):
            asked(shot, {**tox, "data": {"analyte": "ketamine", **written}}, level="@tox")
    little = {"analyte": "ketamine", "concentration": "< 0.5 ng/mL"}
    assert asked(shot, {**tox, "data": little}, level="tox").values["level"]["min"] == "0"


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"substance": "ketamin"}, "did you mean 'ketamine'"),
        ({"level": "@at"}, "no laboratory value"),
        ({"level": "3540 mg"}, "no level in blood"),
        ({"weight": "70 L"}, "no weight"),
        ({"weight": "0 kg"}, "no weight"),
        ({"weight": "at least 70 kg"}, "no upper end"),
        ({"assume_dose": "35 mg"}, "known weight"),
        ({"assume_dose": "infusoin=35 mg"}, "infusion"),
        ({"assume_duration": "40 mg"}, "no duration"),
        ({"parameters": "[x"}, "TOML"),
        ({"type": "prescription"}, "no administration"),
    ],
)
def test_a_question_that_cannot_be_read_says_what_to_write(asked: Asked, params: dict[str, Any], said: str) -> None:
    with pytest.raises(Fault, match=said):
        asked(dose(amount="1 mg/kg"), **params)


def test_parameters_of_ones_own(asked: Asked) -> None:
    shot = dose("injection", route="intravenous", amount="1 mg/kg")
    shot["data"]["substance"] = "esketamine"
    answer = asked(shot, substance="esketamine", parameters=MINE)
    assert between(left(answer, "mine"), 500.0, 500.0)
    assert answer.question == "residual --substance esketamine --at at --parameters FILE"
    assert answer.text == "@x: 499.9 to 500.1 ng/mL under mine"


def test_every_key_is_documented(founding: CaseTimeline, root: Path) -> None:
    params = {"substance": "ketamine", "at": "@death", "level": "@tox-peripheral", "assume-dose": THERAPY}
    answer = ask(founding, "residual", params)
    read = json.loads(json.dumps(answer_json(answer, as_of=AsOf())))
    page = (root / "docs" / "residual-drug.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE))
    given = set(answer.values)
    for name in ("models", "last", "administrations"):
        given |= {f"{name}.{key}" for key in read[name][0]}
    given |= {f"last.models.{key}" for key in read["last"][0]["models"][0]} | {f"level.{key}" for key in read["level"]}
    assert documented == given
