"""The founding case, folded once for all rooms of the read side. Asserts nothing itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest

from timeline.case import CaseTimeline


@pytest.fixture(scope="session")
def founding(told: Callable[..., Any]) -> CaseTimeline:
    """Give the founding case as it ships."""
    lines = files("timeline.demo").joinpath("perry.jsonl").read_text(encoding="utf-8").splitlines()
    return CaseTimeline.of("perry", told(*(json.loads(line) for line in lines if line.strip())))
