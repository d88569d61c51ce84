"""The persistence tests that the `eventsourcing` package ships, passed by our log on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

pytest.importorskip("eventsourcing", reason="eventsourcing is missing; pip install -e '.[test]'")

import eventsourcing.tests.persistence as peer

from tests.conformance.recorders import (
    LogAggregateRecorder,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogTrackingRecorder,
    Recorder,
)

TESTS: dict[type[Any], type[Recorder]] = {
    peer.AggregateRecorderTestCase: LogAggregateRecorder,
    peer.ApplicationRecorderTestCase: LogApplicationRecorder,
    peer.TrackingRecorderTestCase: LogTrackingRecorder,
    peer.ProcessRecorderTestCase: LogProcessRecorder,
    peer.NonInterleavingNotificationIDsBaseCase: LogApplicationRecorder,
}
SUBSCRIBE = "optional_test_insert_subscribe"


def names() -> Iterator[Any]:
    for base in TESTS:
        for name in dir(base):
            if name.startswith("test") and callable(getattr(base, name)):
                yield pytest.param(base, name, id=f"{base.__name__}-{name}")
    yield pytest.param(peer.ApplicationRecorderTestCase, SUBSCRIBE, id=SUBSCRIBE)


MEASURE = {"test_performance", "test_concurrent_throughput"}
"""Tests that time and assert nothing; `make faults` runs them too."""


@pytest.mark.both
@pytest.mark.parametrize(("base", "name"), list(names()))
def test_the_peers_own(db: str, base: type[Any], name: str) -> None:
    if name in MEASURE and not os.environ.get("CASEFOLD_LONG"):
        pytest.skip("it measures, and asserts nothing; `make faults` runs it")
    recorder = TESTS[base](db)
    made = {"create_recorder": lambda _: recorder, "new_originator_id": lambda _: uuid4(), "insert_num": 200}
    try:
        type(base.__name__, (base,), made)(name).debug()
    finally:
        recorder.shut()


def test_none_of_its_tests_is_left_out() -> None:
    there = {name for name in dir(peer) if name.endswith(("RecorderTestCase", "BaseCase"))} - {"RecorderTestCase"}
    assert there == {base.__name__ for base in TESTS}
