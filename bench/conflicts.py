"""How fast a case is heard and its contradictions are named, beside the network alone, in one run. Not a test.

python -m bench.conflicts [EVENTS]
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from time import perf_counter
from typing import Any

from bench.network import built, hidden, timed
from events.codec import typed
from events.drafting import draft
from events.event import RecordedEvent
from events.source import Source
from timeline.case import CaseTimeline
from timeline.hearings.constrain import Statement
from timeline.hearings.new_conflicts import new_conflicts, ties
from timeline.hearings.set_aside import keep
from timeline.network import Edge
from timeline.views import ask

START = dt.datetime(2010, 1, 1)  # noqa: DTZ001
STANDINGS = ("found", "stated", "alleged")
MINUTES = 10 * 365 * 24 * 60


def recorded(line: dict[str, Any], position: int) -> RecordedEvent:
    """Give a line as the log reads it back."""
    one = draft({"case": "c", **line}, zone="UTC")
    data = one.own.get("data", {})
    return RecordedEvent(
        position=position, case_position=position, recorded_at=position, case="c", id=one.id, type=one.type,
        version=one.version, when=line.get("when", ""), zone=one.zone, earliest=one.earliest, latest=one.latest,
        written=data, facts=typed(one.type, one.version, data), source=Source(**line.get("source", {})),
    )  # fmt: skip


def case_of(events: int, planted: int = 0, seed: int = 1) -> list[RecordedEvent]:
    """Give a case that is true of one world, but for the planted claims: dates, and steps from other events."""
    dice = random.Random(seed)
    world = [dice.randrange(MINUTES) for _ in range(events)]
    lines = [line_of(dice, world, number) for number in range(events)]
    for number in range(planted):
        a, b = dice.sample(range(events), 2)
        hours = abs(world[a] - world[b]) // 60 + 2000
        data = {"from": f"e{a}", "to": f"e{b}", "elapsed": f"at least {hours} hours"}
        lines.append({"id": f"x{number}", "type": "claim.elapsed", "data": data, "source": {"standing": "alleged"}})
    return [recorded(line, position) for position, line in enumerate(lines, 1)]


def line_of(dice: random.Random, world: list[int], number: int) -> dict[str, Any]:
    said = [f"{START + dt.timedelta(minutes=world[number]):%Y-%m-%d}"] if dice.random() < 0.5 else []
    other = dice.randrange(len(world))
    if other != number and dice.random() < 0.7:
        gap = world[other] - world[number]
        low, high = max(0, abs(gap) // 60 - dice.randrange(50)), abs(gap) // 60 + dice.randrange(1, 50)
        said.append(f"between {low} hours and {high} hours {'before' if gap > 0 else 'after'} @e{other}")
    source = {"speaker": f"s{number % 7}", "standing": dice.choice(STANDINGS)}
    when = "; ".join(said) or "unknown"
    return {"id": f"e{number}", "type": "fact", "when": when, "source": source, "data": {"text": "x"}}


def network_of_statements(events: int) -> None:
    """Build a network of 2.6 edges an event through `keep`, and name one contradiction planted in it."""
    world, said = hidden(events)
    dice = random.Random(3)
    statements = [Statement(id=name, rank=dice.randrange(3), edges=tuple(edges)) for name, edges in said]
    kept, _ = timed(f"keep {events} statements, classes and all", lambda: keep(statements, frozenset()))
    network = built(said)
    times = []
    for _ in range(5):
        one, two = dice.sample(range(events), 2)
        hi = network.between(f"e{one}", f"e{two}").hi
        wrong = Edge(f"e{one}", f"e{two}", 1 + (hi if hi is not None else world[two] - world[one]))
        start = perf_counter()
        named = network.add("planted", [wrong])
        times.append((perf_counter() - start, len(named)))
    times.sort()
    print(f"name a planted contradiction: median {times[2][0] * 1000:.1f} ms, most {times[-1][0] * 1000:.1f} ms")
    assert not kept.conflicts


def main(events: int) -> None:
    network_of_statements(events)
    for size, planted in ((100, 0), (10_000, 0), (4_000, 101)):
        told = case_of(size, planted)
        timeline = CaseTimeline.of("c", told)
        first, _ = timed(f"hear {size} events, {planted} planted, the first time", timeline.hear)
        timed("    again, nothing to read", timeline.hear)
        answer, _ = timed("    the view conflicts", lambda timeline=timeline: ask(timeline, "conflicts", {}))  # type: ignore[misc]
        print(f"    {len(first.conflicts)} sets, {len(answer.text)} characters")
        before = CaseTimeline.of("c", told[: size // 2])
        timed("    what the second half made contradictory", lambda a=before, b=timeline: new_conflicts(a, b))  # type: ignore[misc]
        timed("    whether any of it ties instants", lambda told=told: sum(map(ties, told)))  # type: ignore[misc]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
