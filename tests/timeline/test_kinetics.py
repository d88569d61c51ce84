"""The models against published check numbers, and the parameter file as a toxicologist writes it."""

from __future__ import annotations

import json
from math import exp, inf, isclose, log
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from timeline.kinetics.compartments import Disposition, Exchange, disposition
from timeline.kinetics.enclosures import GONE, Span, absorbed, at_once, by_any_way, infused, streamed
from timeline.kinetics.figures import figure
from timeline.kinetics.given import Given
from timeline.kinetics.left import at_least, left, together
from timeline.kinetics.parameters import read_substances
from timeline.kinetics.shipped import shipped

KG = 70
NAMES = {"Domino 1984": "Domino1984_3c", "Clements 1981": "Clements1981_2c", "Kamp 2020": "Kamp2020_3c"}
CURVES = {model.name: model.curve for model in shipped()["ketamine"].models}
A_FILE = """
[ketamine]
assay = "0.1 ng/mL"
[[ketamine.models]]
name = "mine"
citation = "my paper"
"""


@pytest.fixture(scope="module")
def vectors(shared: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((shared / "vectors" / "ketamine_reference.json").read_text("utf-8"))
    return read


def near(ours: float, theirs: float) -> bool:
    """Within a thousandth, or within the last digit that a value printed with four decimals has."""
    return isclose(ours, theirs, rel_tol=1e-3) or (theirs < 0.05 and abs(ours - theirs) <= 0.5e-4)


@pytest.mark.parametrize("model", NAMES)
def test_the_shipped_models_give_the_published_check_numbers(model: str, vectors: dict[str, Any]) -> None:
    curve = CURVES[model]
    said = next(value for name, value in vectors.items() if name.startswith(NAMES[model]))
    for (size, rate), theirs, speed in zip(curve.terms, said["coef_mgL_per_mg"], said["lambda_per_min"], strict=False):
        assert isclose(size / 1000 / KG, theirs, rel_tol=1e-3)
        assert isclose(rate, speed, rel_tol=1e-3)
    for minutes, (closed, integrated) in said["inf_0p5mgkg_40min"].items():
        left = 0.5 * curve.infused(float(minutes), 40.0)
        assert near(left, closed), minutes
        assert near(left, integrated), minutes
    for after, theirs in said["after_days_ng_mL"].items():
        assert isclose(0.5 * curve.infused(float(after.removesuffix("d")) * 1440, 40.0), theirs, rel_tol=1e-3), after
    for minutes, theirs in said["im_100mg_F0p93_ka0p1"].items():
        assert isclose(100 / KG * 0.93 * curve.absorbed(float(minutes), 0.1), theirs, rel_tol=1e-3), minutes
    assert isclose(1000 / curve.area * KG * 60, said["CL_L_per_h"], rel_tol=1e-3)
    assert isclose(curve.half_life, max(said["half_lives_min"]), rel_tol=1e-3)


@pytest.mark.parametrize("hours", [2.5, 3.0, 4.0])
def test_one_compartment_gives_the_check_numbers_of_the_half_lives(hours: float, vectors: dict[str, Any]) -> None:
    said = vectors[f"1c half-life {hours} h, 250 ng/mL at end of infusion"]
    curve = disposition(4.0, log(2) / (hours * 60))
    for after, theirs in said.items():
        if after.endswith("d") and after[0].isdigit():
            assert isclose(curve.bolus(float(after[:-1]) * 1440), theirs, rel_tol=1e-3), after


def test_the_end_of_an_infusion_lies_where_it_was_measured() -> None:
    for name, least, most in (("Domino 1984", 100, 250), ("Clements 1981", 100, 250), ("Kamp 2020", 100, 260)):
        assert least < 0.5 * CURVES[name].infused(40.0, 40.0) < most


def test_a_peripheral_compartment_as_fast_as_the_other_is_as_good_as_one() -> None:
    two = disposition(0.5, 0.02, [Exchange(0.03, 0.05)])
    three = disposition(0.5, 0.02, [Exchange(0.01, 0.05), Exchange(0.02, 0.05)])
    for age in (0.0, 1.0, 30.0, 600.0):
        assert isclose(two.bolus(age), three.bolus(age), rel_tol=1e-9)


def test_absorption_as_fast_as_elimination_has_a_limit() -> None:
    curve = disposition(1.0, 0.02)
    assert isclose(curve.absorbed(50.0, 0.02), 1000 * 0.02 * 50 * exp(-1), rel_tol=1e-9)
    assert isclose(curve.absorbed(50.0, 0.02), curve.absorbed(50.0, 0.02 + 1e-12), rel_tol=1e-6)


def test_an_infusion_of_unknown_length_is_worst_where_it_just_ended() -> None:
    curve: Disposition = CURVES["Kamp 2020"]
    week = 7 * 1440.0
    found = infused(curve, Span(week, week), Span(0.0, inf))
    assert isclose(found.hi, curve.infused(week, week), rel_tol=1e-6)
    assert found.lo == 0.0
    assert infused(curve, Span(week, inf), Span(40.0, 40.0)).lo == 0.0


def test_what_is_not_given_yet_leaves_nothing() -> None:
    curve, before = CURVES["Domino 1984"], Span(-20.0, -1.0)
    for found in (
        at_once(curve, before),
        infused(curve, before, Span(1.0, 2.0)),
        streamed(curve, before, Span(1.0, 2.0)),
        absorbed(curve, before, Span(0.1, 0.2)),
        by_any_way(curve, before),
    ):
        assert found == Span(0.0, 0.0)


@pytest.mark.parametrize("model", NAMES)
def test_what_is_passed_over_as_gone_is_exactly_nothing(model: str) -> None:
    curve = CURVES[model]
    for uptake in (curve.slowest / 10, 1.0):
        since = GONE / min(curve.slowest, uptake) + 1
        assert curve.absorbed(since, uptake) == curve.bolus(since) == curve.infused(since + 40, 40.0) == 0.0
        assert absorbed(curve, Span(since, inf), Span(uptake, 1.0)) == Span(0.0, 0.0)
    assert at_once(curve, Span(since, inf)) == infused(curve, Span(since + 40, inf), Span(0.0, 40.0)) == Span(0.0, 0.0)
    assert infused(curve, Span(since, inf), Span(0.0, inf)).hi > 0.0, "it may have run until now"
    assert at_once(curve, Span(700 / curve.slowest, inf)).hi > 0.0


def test_the_least_is_no_more_than_the_most_where_an_assumption_contradicts_the_record() -> None:
    """Three within ten minutes, taken to be a day apart: the record says three, the assumption lets but one be."""
    route = shipped()["ketamine"].routes_for("", "injection")
    told = Given(id="x", type="injection", count=Span(3.0, 3.0), dose=Span(1.0, 1.0), age=Span(30.0, 40.0),
                 routes=route, sure=True, apart=1440.0)  # fmt: skip
    alone = left(CURVES["Domino 1984"], told)
    assert alone.lo > alone.hi
    assert at_least(CURVES["Domino 1984"], (told,), (told,)) == alone.hi
    assert together(CURVES["Domino 1984"], (told,), (told,)) == Span(alone.hi, alone.hi)


def test_figures_are_rounded_outwards() -> None:
    assert (figure(0.93, up=True), figure(0.93, up=False)) == ("0.93", "0.93")
    assert (figure(123.451, up=True), figure(123.451, up=False)) == ("123.5", "123.4")
    assert figure(inf, up=True) is None


# --- the parameter file ----------------------------------------------------------------------------------------------


def test_a_toxicologist_adds_a_substance_without_code() -> None:
    text = """
    [esketamine]
    assay = "0.5 ug/L"
    [[esketamine.models]]
    name = "two"
    citation = "my paper"
    weight = "80 kg"
    volume = "40 L"
    clearance = "1.5 L/min"
    others = [{ volume = "160 L", clearance = "120 L/h" }]
    [esketamine.routes.nasal]
    types = ["nasal_spray"]
    availability = "0.4 to 0.5"
    """
    made = read_substances(text)["esketamine"]
    (model,) = made.models
    assert (float(made.assay), model.compartments) == (0.5, 2)
    assert isclose(1000 / model.curve.area * 80, 1.5, rel_tol=1e-9)
    (route,) = made.routes_for("", "nasal_spray")
    assert (route.availability, route.absorption) == (Span(0.4, 0.5), None)
    assert made.routes_for("intravenous", "infusion") == ()


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('volume = "1 L/kg"', "leaving_per_min"),
        ('volume = "1 L/kg"\nleaving_per_min = 0', "above zero"),
        ('volume = "1 kg"\nleaving_per_min = 0.1', "does not convert"),
        ('volume = "1 L"\nclearance = "1 L/h"', "weight is missing"),
        ('volume = "1 L/kg"\nleaving_per_min = 0.1\nk12 = 3', "'k12' is not known here"),
        ("others = [{}, {}, {}]", "more than three"),
        ('[ketamine.routes.oral]\navailability = "1.5"', "0 to 1"),
    ],
)
def test_a_fault_in_a_parameter_file_names_its_place(added: str, said: str) -> None:
    text = A_FILE + added
    if added.startswith("[k"):
        text = A_FILE + 'volume = "1 L/kg"\nleaving_per_min = 0.1\n' + added
    if "clearance" not in added and "leaving" in said:
        text = text.replace("volume", 'weight = "70 kg"\nvolume').replace("1 L/kg", "1 L")
        said = "clearance is missing"
    with pytest.raises(Fault) as fault:
        read_substances(text, "mine.toml")
    assert said in str(fault.value)
    assert str(fault.value).startswith("mine.toml: ketamine")
    assert fault.value.instead


def test_nothing_is_computed_without_its_source() -> None:
    with pytest.raises(Fault, match="citation"):
        read_substances(A_FILE.replace('citation = "my paper"', 'volume = "1 L/kg"\nleaving_per_min = 0.1'))
    with pytest.raises(Fault, match="TOML"):
        read_substances("[ketamine")
    assert all(model.citation and model.seen for model in shipped()["ketamine"].models)
