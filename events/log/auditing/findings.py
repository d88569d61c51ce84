"""What a verification finds, and how much of it is kept. Looks at nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, final

KEPT: Final = 10_000
"""Findings that are listed; more are counted."""
KINDS: Final = (
    "altered", "missing", "inserted", "reordered", "back-dated", "column", "tile", "schema", "chain", "checkpoint",
    "signature", "disclosure",
)  # fmt: skip


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold: at which position (None: at none in particular), of which of `KINDS`, in words."""

    position: int | None
    kind: str
    what: str


@final
class Findings:
    """Collects findings in the order they are met."""

    def __init__(self) -> None:
        self.listed: list[Finding] = []
        self.more = 0

    def add(self, position: int | None, kind: str, what: str) -> None:
        """Note one."""
        if len(self.listed) < KEPT:
            self.listed.append(Finding(position, kind, what))
        else:
            self.more += 1

    def sorted(self) -> tuple[Finding, ...]:
        """Give those that are listed by position, those at none in particular last."""
        made = sorted(self.listed, key=lambda one: (one.position is None, one.position or 0))
        if self.more:
            made.append(Finding(None, made[0].kind, f"and {self.more} more, which are not listed"))
        return tuple(made)
