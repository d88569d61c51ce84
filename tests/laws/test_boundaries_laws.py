"""The paths over boundaries against all paths there are: the heaviest, and of those one with the fewest steps."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from tests.laws.effort import tries
from timeline.counting.boundaries import Limit, Step, arcs_of, compose

SIZE = 4
PAIRS = [(a, b) for a in range(SIZE) for b in range(a + 1, SIZE)]


def limit(pair: tuple[int, int], least: int, more: int | None) -> Limit:
    """Give a limit that is no contradiction by itself."""
    return Limit(pair[0], pair[1], least, None if more is None else least + more)


LIMITS = st.lists(
    st.builds(limit, st.sampled_from(PAIRS), st.integers(0, 2), st.none() | st.integers(0, 2)), min_size=3, max_size=9
)


def walks(limits: list[Limit], start: int, end: int) -> list[tuple[int, int]]:
    """Give weight and number of steps of every way from one boundary to another that meets none twice."""
    found = []
    between = [at for at in range(SIZE) if at not in (start, end)]
    for through in (way for n in range(SIZE - 1) for way in permutations(between, n)):
        whole: list[int] = [0]
        for a, b in zip((start, *through), (*through, end), strict=True):
            here = [one.least for one in limits if one[:2] == (a, b)]
            here += [-one.most for one in limits if one[:2] == (b, a) and one.most is not None]
            whole = [weight + each for weight in whole for each in here]
        found += [(weight, len(through) + 1) for weight in whole]
    return found


def weight(limits: list[Limit], steps: tuple[Step, ...]) -> int:
    """Give what these steps add up to, each the strongest that a limit between its boundaries says."""
    total = 0
    for step in steps:
        here = [one for one in limits if one[:2] == (step.a, step.b)]
        uppers = [one.most for one in here if one.most is not None]
        total += -min(uppers) if step.upper else max(one.least for one in here)
    return total


@tries(300)
@given(LIMITS)
def test_the_heaviest_path_and_of_those_the_one_with_fewest_steps(limits: list[Limit]) -> None:
    found = compose(SIZE, arcs_of(limits), 0, SIZE - 1)
    if found.cycle:
        return
    for start, end, most, steps in ((0, SIZE - 1, found.lo, found.lo_path), (SIZE - 1, 0, found.hi, found.hi_path)):
        there = walks(limits, start, end)
        if most is None:
            assert not there
            assert not steps
            continue
        heaviest = max(there)[0]
        assert heaviest == (most if end else -most) == weight(limits, steps)
        assert len(steps) == min(n for weight, n in there if weight == heaviest)
