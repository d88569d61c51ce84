"""A clock for the tests of the log; drafts and logs come from tests/databases. Asserts nothing itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def clock() -> Callable[[], int]:
    """Give a clock that stands at 2026-01-01T00:00:00Z."""
    return lambda: 1_767_225_600_000_000
