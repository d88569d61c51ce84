"""From the version an event was stored in to its type's current one, step by step. Reads no log, rewrites nothing.

An upcaster is pure: it gets data of version n and gives that of n + 1. What it gets is a copy of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from events.errors import CasefoldError, Fault
from events.event import EventType, origin_of


def missing_step(kind: EventType, version: int) -> int:
    """Give the first version on the way to the current one from which no upcaster leads on; 0 where there is none."""
    return next((step for step in range(version, kind.version) if step not in kind.upcast), 0)


def lifted(kind: EventType, version: int, data: Mapping[str, Any]) -> dict[str, Any]:
    """Give data of an old version as the current one has it.

    Raises `Fault` for a version that the type never had or has no way from, `CasefoldError` where an upcaster fails.
    """
    if version > kind.version or version < 1 or missing_step(kind, version):
        raise Fault(f"version {version} of {kind.name} is not known", f"use version {kind.version}")
    out: dict[str, Any] = deepcopy(dict(data))
    for step in range(version, kind.version):
        try:
            out = kind.upcast[step](out)
        except Exception as error:
            raise CasefoldError(f"{_upcaster(kind, step)} fails: {type(error).__name__}: {error}") from error
        if not isinstance(out, dict):
            raise CasefoldError(f"{_upcaster(kind, step)} gives {type(out).__name__}, not the data of an event")
    return out


def _upcaster(kind: EventType, step: int) -> str:
    return f"the upcaster of {kind.name} ({origin_of(kind.facts.__module__)}) from version {step}"
