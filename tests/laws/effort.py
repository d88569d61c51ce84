"""How many examples a law is tried with: few in every run, many with `CASEFOLD_EFFORT=20` (`make laws`). Tries none."""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

EFFORT: Final = int(os.environ.get("CASEFOLD_EFFORT") or 1)


def tries(number: int) -> settings:
    """Give settings of so many examples, times the effort; some laws filter much, and none has a deadline."""
    quiet = [HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    return settings(max_examples=number * EFFORT, deadline=None, suppress_health_check=quiet)
