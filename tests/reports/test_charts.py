"""Charts: bounds and never a point in them, a total as one block, counts and amounts apart, the same in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from events.errors import Fault
from events.when import DAY, Bound
from timeline.case import CaseTimeline
from timeline.charts import theme
from timeline.charts.axis import Axis
from timeline.charts.chart import Chart
from timeline.charts.drawing import begun, inline_svg, png, svg
from timeline.charts.kinds import KINDS, check_options, maker
from timeline.charts.lanes import DEEPEST, Span, lay, pixels
from timeline.charts.subject import Subject


def chart(timeline: Any, kind: str, **options: Any) -> Chart:
    return maker(kind)(Subject(timeline=timeline, options=options))


def layers(value: Any) -> Iterator[dict[str, Any]]:
    """Give every layer of a specification."""
    if isinstance(value, dict):
        if "mark" in value:
            yield value
        for each in value.values():
            yield from layers(each)
    elif isinstance(value, list):
        for each in value:
            yield from layers(each)


def rows(spec: Any, mark: str, **look: Any) -> list[dict[str, Any]]:
    """Give the rows of the layers of a mark that looks so."""
    found = (one for one in layers(spec) if one["mark"]["type"] == mark)
    kept = (one for one in found if all(one["mark"].get(name) == value for name, value in look.items()))
    return [row for one in kept for row in spec["datasets"][one["data"]["name"]]]


def test_a_total_over_days_is_one_hatched_block_and_never_divided(founding: Any) -> None:
    made = chart(founding, "doses")
    blocks = rows(made.spec, "rect", fill="#f3f5f8")
    assert [row["ids"] for row in blocks] == ["shots-five", "shots"]
    assert all(row["y2"] - row["y"] == 27 for row in blocks)
    days = (blocks[1]["x2"] - blocks[1]["x"]) / 86_400_000
    assert 4 < days < 4.2, "four days up to a death that is known to within three hours"
    bars = rows(made.spec, "bar")
    assert [(row["y"], row["t"]) for row in bars] == [(3, "≥ 3")]
    assert "never divided among them" in made.alt
    assert len(rows(made.spec, "point", shape="triangle-up")) == 4, "at least: open above"


def test_counts_and_amounts_are_never_on_one_axis(told: Any) -> None:
    events = told(
        {"id": "opened", "type": "case.opened", "data": {"title": "T", "zone": "UTC"}},
        {"id": "death", "type": "death", "when": "2023-10-28T10:00"},
        {"id": "a", "type": "injection", "when": "2023-10-27T10:00", "data": {"substance": "x", "amount": "50 mg"}},
        {"id": "b", "type": "injection", "when": "2023-10-27T12:00", "data": {"substance": "y", "amount": "2 mg"}},
        {"id": "c", "type": "injection", "when": "2023-10-26T12:00", "data": {"substance": "x", "amount": "1 vial"}},
    )
    spec = chart(CaseTimeline.of("c", events), "doses").spec
    held = {"datasets": spec["datasets"]}
    panels = [(panel["title"]["text"], rows({**held, **panel}, "bar")) for panel in spec["vconcat"]]
    assert [(title, [row["t"] for row in bars]) for title, bars in panels] == [
        ("injections by day", ["1", "2"]),
        ("injections by day, mg x", ["50 mg x"]),
        ("injections by day, mg y", ["2 mg y"]),
        ("injections by day, vial x", ["1 vial x"]),
    ]


def test_a_drawing_that_was_begun_is_the_one_that_is_asked_for(founding: Any) -> None:
    made = chart(founding, "final-days")
    ahead = begun(made)
    assert ahead.drawing is not None
    assert (svg(ahead), inline_svg(ahead)) == (svg(made), inline_svg(made))
    assert ahead == made
    empty = Chart(name="e", title="e", alt="e", specify=dict)
    assert begun(empty) is empty
    with pytest.raises(Fault, match="nothing to draw"):
        svg(begun(empty))


def test_what_fades_says_from_where_to_where_for_printers_that_know_no_other(founding: Any) -> None:
    drawn = svg(chart(founding, "overview"))
    fading = re.findall(r"<linearGradient [^>]*>", drawn)
    assert len(fading) >= 3
    assert all('gradientUnits="userSpaceOnUse" x1="0.00" x2="46.00"' in one for one in fading)


def test_open_ends_are_drawn_open(founding: Any) -> None:
    spec = chart(founding, "overview").spec
    left = rows(spec, "point", shape="triangle-left")
    assert len(left) >= 3, "therapy, the last infusion, the findings have no earliest"
    last = chart(founding, "last", type="infusion")
    assert len(rows(last.spec, "point", shape="triangle-left")) == 2, "more than 7 days, and not bounded"
    assert "medical examiner: more than 7 days" in last.alt
    assert "BBC News: some time on record; not bounded by the record in fact" in last.alt
    assert "medical examiner's report and trade newsletter cannot both be true" in last.alt


def test_an_instant_that_is_not_known_is_a_span(founding: Any) -> None:
    spec = chart(founding, "final-days").spec
    bars = {row["ids"]: row for row in rows(spec, "bar")}
    assert {"shots", "shots-five", "death"} <= set(bars)
    assert 4 * 86_400_000 < bars["shots"]["x2"] - bars["shots"]["x"] < 4.2 * 86_400_000
    points = {row["ids"] for row in rows(spec, "point", shape="diamond")}
    assert {"shot-1", "shot-2", "shot-3"} <= points


def test_the_model_is_drawn_only_where_asked_for_and_says_what_it_is(founding: Any) -> None:
    plain = chart(founding, "levels")
    assert "model" not in plain.alt
    assert "3540 ng/mL in peripheral blood; specimen taken" in plain.alt
    asked = chart(founding, "levels", model="--substance ketamine --assume-dose 0.5mg/kg --weight 70kg")
    assert asked.alt.count("model, not measurement") >= 1


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_says_the_same_in_words_and_as_rows(founding: Any, kind: str) -> None:
    made = chart(founding, kind)
    assert made.alt.endswith(".")
    assert len(made.alt) > 60
    assert made.rows
    assert len(made.rows) == len(made.ids)
    assert all(len(row) == len(made.head) for row in made.rows)
    json.dumps(made.spec)


def test_fills_keep_their_order_in_grey() -> None:
    def grey(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = [grey(colour) for colour in theme.FILLS[:5]]
    assert shades == sorted(shades)
    assert all(b - a > 20 for a, b in pairwise(shades))
    assert len({(fill, tuple(dash)) for fill, dash in zip(theme.FILLS, theme.DASHES, strict=True)}) == len(theme.FILLS)


def test_a_picture_stands_alone_and_is_the_same_again(founding: Any) -> None:
    made = chart(founding, "final-days")
    drawn = svg(made)
    assert drawn == svg(made)
    assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="The 5 days')
    assert f"<desc>{made.alt.replace('&', '&amp;')}</desc>" in drawn
    assert set(re.findall(r"https?://[^\"' <)]*", drawn)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "style=" not in drawn
    assert 'data-row="e-shot-1"' in inline_svg(made)
    assert png(drawn)[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_crowded_lane_is_shaded_by_how_many_may_lie_there() -> None:
    axis = Axis(0, 100 * DAY, "UTC")
    many = [
        Span(lane="supply", kind="supply", bound=Bound(None, n * DAY), label="x", standing="found", ids=(f"s{n}",))
        for n in range(1, 91)
    ]
    laid = lay(many, axis, ("supply",))
    assert laid.spans == ()
    assert laid.crowded == (("supply", 90),)
    for shade in laid.shades:
        may = sum(pixels(span, axis)[1] >= shade.left for span in many)
        assert shade.count == may


def test_no_two_marks_of_a_lane_lie_on_one_another() -> None:
    axis = Axis(0, 100 * DAY, "UTC")
    spans = [
        Span(lane="a", kind="k", bound=Bound(n * DAY, (n + 9) * DAY), label="", standing="found", ids=(f"s{n}",))
        for n in range(0, 60, 3)
    ]
    laid = lay(spans, axis, ("a",))
    by_row: dict[int, list[tuple[float, float]]] = {}
    for span in laid.spans:
        by_row.setdefault(span.row, []).append(pixels(span, axis))
    assert max(by_row) < DEEPEST
    for placed in by_row.values():
        ends = sorted(placed)
        assert all(a[1] <= b[0] for a, b in pairwise(ends))


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(Fault, match="no kind of chart") as caught:
        maker("dose")
    assert "doses" in caught.value.instead


def test_an_option_that_would_change_nothing_is_refused() -> None:
    check_options("doses", {"at": "@death", "type": "injection", "days": 4, "model": ""})
    with pytest.raises(Fault, match="--days changes nothing in the chart 'last'; leave it out, or draw final-days or"):
        check_options("last", {"days": 3})


def test_a_case_without_an_anchor_says_what_to_write(told: Any) -> None:
    timeline = CaseTimeline.of("c", told({"id": "a", "type": "injection", "when": "2023-10-01T10:00Z"}))
    for kind in ("final-days", "doses", "last"):
        with pytest.raises(Fault) as caught:
            chart(timeline, kind)
        assert "--at" in caught.value.instead
    assert chart(timeline, "doses", at="@a").rows
