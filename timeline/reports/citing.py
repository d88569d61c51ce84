"""How a report cites an event: its position, and the checkpoint that holds it. Opens no log, checks no signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, final


@final
@dataclass(frozen=True, slots=True)
class Checkpointed:
    """The checkpoint that a report cites from: its size (0: none), root (hex), and the ids of the keys that signed."""

    size: int = 0
    root: str = ""
    keys: tuple[str, ...] = ()

    def cite(self, position: int) -> str:
        """Cite an event.

        >>> Checkpointed(13, "", ("b521420a",)).cite(7), Checkpointed(13).cite(7), Checkpointed(5).cite(7)
        ('[7 @ 13, b521420a]', '[7 @ 13, unsigned]', '[7]')
        """
        if position > self.size:
            return f"[{position}]"
        return f"[{position} @ {self.size}, {' '.join(self.keys) or 'unsigned'}]"

    @property
    def words(self) -> str:
        """The checkpoint in words, for a cover."""
        if not self.size:
            return "none: events are cited by position alone"
        signed = f"key {' '.join(self.keys)}" if self.keys else "unsigned"
        return f"size {self.size}, root {self.root}, {signed}"

    @property
    def json(self) -> dict[str, Any] | None:
        """The checkpoint as scripts read it; None for none."""
        return {"size": self.size, "root": self.root, "keys": list(self.keys)} if self.size else None


NO_CHECKPOINT: Final = Checkpointed()
