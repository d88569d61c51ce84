"""The laws of idempotency, over any batches: loaded again, in parts, in another order, all there is is there once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from events.event import Draft
from events.log import Log, open_log
from events.log import append as append_room
from events.log.auditing.check import check

Spec = tuple[str, str, bool]
specs = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("123456"), st.booleans()), unique_by=lambda one: one, max_size=12
)
slices = st.integers(1, 5)


def load(log: Log, drafts: Sequence[Draft], slice_: int) -> append_room.Appended:
    whole, append_room.SLICE = append_room.SLICE, slice_  # type: ignore[misc]
    try:
        with log.writing("keeper") as writer:
            writer.append(drafts)
        return writer.outcome
    finally:
        append_room.SLICE = whole  # type: ignore[misc]


def made(draft: Callable[..., Draft], spec: Spec) -> Draft:
    case, text, named = spec
    return draft(case, text, event_id=f"id-{text}" if named else "")


def content(log: Log) -> set[tuple[str, str, str]]:
    return {
        (one.case, one.id if one.id.startswith("id-") else "", str(one.written["text"])) for one in log.all_events()
    }


@settings(max_examples=25, deadline=None)
@given(first=specs, second=specs, order=st.randoms(use_true_random=False), slice_=slices)
def test_overlapping_and_permuted_batches_give_the_union_once(
    draft: Callable[..., Draft], first: list[Spec], second: list[Spec], order: object, slice_: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, open_log(str(Path(folder) / "a.db"), mode="write") as log:
        assert load(log, [made(draft, one) for one in first], slice_).appended == len(first)
        outcome = load(log, [made(draft, one) for one in second], slice_)
        assert outcome.appended == len(set(second) - set(first))
        assert outcome.already_there == len(set(second) & set(first))
        both = sorted({*first, *second})
        order.shuffle(both)  # type: ignore[attr-defined]
        again = load(log, [made(draft, one) for one in both], slice_)
        assert (again.appended, again.already_there) == (0, len(both))
        assert content(log) == {(case, f"id-{text}" if named else "", text) for case, text, named in both}
        assert log.head()[0] == len(both)
        assert check(log) == ()
