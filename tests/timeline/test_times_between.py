"""How far apart events lie, pair by pair: what is looked up once agrees with the network asked of every pair."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from itertools import combinations, product
from typing import Any

import pytest

from events.dates.civil import offset_spread
from events.dates.turning_back import dates_onward
from events.when import ANY, Bound
from timeline.answers import implied_calendar_days
from timeline.asking.sentences import whose_word
from timeline.case import CaseTimeline
from timeline.charges.dates import Charges
from timeline.charges.times import Times
from timeline.hearings.account import EVERYBODY
from timeline.hearings.gaps import Gaps
from timeline.hearings.hearing import Hearing
from timeline.treatment.question import Question
from timeline.treatment.since import calendar_days
from timeline.views import ask

ZONES = ("America/Los_Angeles", "Asia/Kathmandu")
WHENS = {
    "exact": "2023-11-05T01:30-07:00",
    "again": "2023-11-05T01:30-08:00",
    "day": "2023-11-05",
    "open": "before 2023-11-07",
    "undated": "unknown",
    "after": "at least 2 days after @day",
    "before": "3 hours before @after",
    "tied": "1 day after @open",
    "long": "2023-11-02",
}


@pytest.fixture
def hearing(told: Callable[..., tuple[Any, ...]]) -> Hearing:
    lines = [
        {
            "id": name, "type": "charge", "when": when, "source": {"speaker": f"speaker {at % 3}"},
            "zone": ZONES[at % 2], **({"until": "2023-11-09"} if name == "long" else {}),
        }
        for at, (name, when) in enumerate(WHENS.items())
    ]  # fmt: skip
    return CaseTimeline.of("c", told(*lines, zone=ZONES[0])).hear()


def test_gaps_are_those_of_the_network(hearing: Hearing) -> None:
    gaps = Gaps(hearing)
    for a, b in product((*WHENS, "nobody"), repeat=2):
        said = hearing.network.between(hearing.nodes(a).end, hearing.nodes(b).start)
        assert gaps.between(a, b) == gaps.between(a, b) == said


def test_rows_of_times_say_what_the_hearing_says_of_each_pair(hearing: Hearing) -> None:
    times = Times(hearing)
    for a, b in product(WHENS, repeat=2):
        start, end = hearing.nodes(a).end, hearing.nodes(b).start
        found, days = hearing.difference(start, end), hearing.calendar_days(start, end, hearing.zone(b))
        made = times.row("a to b", a, b)
        assert (made["elapsed"]["min_us"], made["elapsed"]["max_us"]) == (found.bound.lo, found.bound.hi)
        assert (made["calendar_days"]["min"], made["calendar_days"]["max"]) == (days.lo, days.hi)
        assert made["rests_on"] == {"min": list(found.lo_rests), "max": list(found.hi_rests)}
        rests = dict.fromkeys((*found.lo_rests, *found.hi_rests, a, b))
        assert made["line"].endswith(f"({whose_word(hearing, rests)})")


def test_charges_are_all_after_what_is_before_each(hearing: Hearing) -> None:
    gaps = Gaps(hearing)
    for ids in (*combinations(WHENS, 2), *combinations(WHENS, 1), ()):
        charges = Charges(hearing, gaps, ids)
        for event in hearing.counted:
            each = (hearing.network.between(hearing.nodes(event.id).end, hearing.nodes(one).start).lo for one in ids)
            assert charges.all_after(event) == all((least or 0) > 0 for least in each), (event.id, ids)


def test_days_since_sessions_are_those_the_hearing_counts(told: Callable[..., tuple[Any, ...]]) -> None:
    lines = [
        {"id": name, "type": ("infusion", "message")[at % 2], "when": when, "zone": ZONES[at % 3 == 0]}
        for at, (name, when) in enumerate([*WHENS.items(), ("last", "1 day after @exact"), ("same", "at @again")])
    ]
    asked = Question.of(CaseTimeline.of("c", told(*lines, zone=ZONES[0])), {}, EVERYBODY)
    hearing, sittings = asked.hearing, asked.sittings
    for one, zone in product(hearing.counted, ZONES):
        node = hearing.nodes(one.id).start
        for since in (sittings.since_first(node), sittings.since_last(node)):
            implied = implied_calendar_days(since.elapsed, offset_spread(zone)).meet(dates_onward(zone))
            each = [hearing.calendar_days(one, node, zone) for one in sittings.meant(since, node)]
            assert calendar_days(sittings, since, node, zone) == implied.meet(reduce(Bound.hull, each or [ANY]))


def test_hearings_that_replace_one_another_in_a_ring_end_where_they_began(told: Callable[..., tuple[Any, ...]]) -> None:
    plain = {"type": "hearing", "when": "2024-01-09"}
    ring = [{**plain, "id": f"h{n}", "data": {"replaces": f"@h{(n + 1) % 3}"}} for n in range(3)]
    values = ask(CaseTimeline.of("c", told(*ring, zone="UTC")), "charges", {}).values
    assert [[one["id"] for one in row["before_that"]] for row in values["hearings"]] == [
        ["h1", "h2", "h0"], ["h2", "h0", "h1"], ["h0", "h1", "h2"]
    ]  # fmt: skip
