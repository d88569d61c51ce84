"""No input makes a reader end in anything but a fault it can speak of, or takes longer than its length allows.

`CASEFOLD_EFFORT` times the examples; `make fuzz` gives each reader minutes.
"""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import CasefoldError
from tests.fuzz.readers import READERS
from tests.laws.effort import tries

SECONDS = 2.0
"""What no input of some hundred characters may take, on a machine with much else to do."""
PIECES = (
    "@death", "@", ".last", "before", "after", "between", "and", "to", "at least", "more than", "days", "hours",
    "±", "~", "?", "2023", "10/28", "-", "..", "/", "[", "]", "{", "}", ";", ",", ":", '"', "\\", "\n", "\t", "\0",
    "\r", "\x1b", "\u202e", "\u2028", "é", "e\u0301", "𝟜", "٣", "½", "0", "9" * 30, "1e9", ".", "%", "X", "T", "Z",
    "+00:00", "half", "a", "\ufeff", "null", "true", "[[event]]", "=", "'", "no", "within", "unknown", " ",
)  # fmt: skip


def texts(seeds: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Give texts of any kind: seeds cut and spliced, words of the grammar in any order, and noise."""
    words = st.sampled_from([*PIECES, *seeds, *(word for seed in seeds for word in seed.split())])
    spliced = st.builds(
        lambda seed, at, cut, put: seed[: at % (len(seed) + 1)] + put + seed[at % (len(seed) + 1) + cut :],
        st.sampled_from(seeds), st.integers(0, 300), st.integers(0, 6), words | st.text(max_size=4),
    )  # fmt: skip
    joined = st.lists(words, max_size=12).map(" ".join) | st.lists(words, max_size=12).map("".join)
    return spliced | joined | st.text(max_size=60)


def blobs(seeds: tuple[bytes, ...]) -> st.SearchStrategy[bytes]:
    """Give bytes of any kind: seeds cut and spliced, and noise."""
    pieces = st.sampled_from([piece.encode("utf-8", "surrogatepass") for piece in PIECES]) | st.binary(max_size=5)
    spliced = st.builds(
        lambda seed, at, cut, put: seed[: at % (len(seed) + 1)] + put + seed[at % (len(seed) + 1) + cut :],
        st.sampled_from(seeds), st.integers(0, 600), st.integers(0, 9), pieces,
    )  # fmt: skip
    twice = st.tuples(spliced, spliced).map(b"".join)
    return spliced | twice | st.lists(pieces, max_size=12).map(b"".join) | st.binary(max_size=80)


def read(name: str, given: Any) -> None:
    """Let a reader read; anything but a fault of ours comes through, and so does a reader that takes too long."""
    taken, fault = timed(name, given)
    assert fault is None or str(fault), "a fault says what is wrong"
    assert taken < SECONDS, f"{taken:.1f} s for {len(given)} characters"


def timed(name: str, given: Any) -> tuple[float, CasefoldError | None]:
    """Let a reader read; give the seconds it took, and the fault it spoke of, None for none."""
    begun = time.process_time()
    try:
        READERS[name].read(given)
    except CasefoldError as error:
        return time.process_time() - begun, error
    return time.process_time() - begun, None


@pytest.mark.parametrize("name", READERS)
def test_nothing_but_a_fault(name: str) -> None:
    seeds = READERS[name].seeds
    inputs: st.SearchStrategy[Any] = texts(seeds) if isinstance(seeds[0], str) else blobs(seeds)

    @tries(15)
    @given(inputs)
    def law(data: Any) -> None:
        read(name, data)

    law()


@pytest.mark.parametrize("name", READERS)
def test_each_seed_is_read_or_refused(name: str) -> None:
    for seed in READERS[name].seeds:
        read(name, seed)


LONG = {
    "a line of a megabyte": "x" * 1_000_000,
    "a hundred thousand commas": "," * 100_000,
    "a hundred thousand spaces": "a" + " " * 100_000 + "b",
    "digits": "9" * 100_000,
    "brackets": "[" * 100_000,
    "braces": '{"a":' * 100_000,
    "semicolons": "before 2023;" * 8_000,
    "quotes": '"' * 100_001,
    "escapes": '"' + "\\u0041" * 100_000 + '"',
    "references": "@a " * 30_000,
    "ands": "1 day and " * 10_000,
    "dots": "2023.." * 15_000,
    "newlines": "\n" * 100_000,
    "mixed": "1-" * 50_000,
    "letters and digits": "a1" * 50_000,
    "points": "1." * 50_000,
    "plus or minus": "±" * 50_000,
    "hidden": "\u200b" * 50_000,
    "lists in lists": "a = " + "[" * 100_000,
    "tables in tables": "a = " + "{a=" * 100_000,
    "headers": "[[event]]\n" * 5_000,
}


@pytest.mark.parametrize("name", READERS)
def test_time_grows_no_faster_than_the_input(name: str) -> None:
    as_bytes = not isinstance(READERS[name].seeds[0], str)
    for what, text in LONG.items():
        data: Any = text.encode() if as_bytes else text
        taken, fault = timed(name, data)
        assert max(map(len, str(fault or "").splitlines()), default=0) < 2_000, f"{what}: a fault as long as its cause"
        assert taken < SECONDS, f"{what}: {taken:.1f} s"
