"""Where in the input each event of a running batch stood, so that a clash can name both lines; a few bytes an event."""

from __future__ import annotations

import itertools
import zlib
from array import array
from collections.abc import Sequence
from typing import Final, final

from events.drafts.fast_lane import Swift
from events.event import Draft

FEW: Final = 32
"""Places that are not worth packing."""


def place(draft: Draft) -> str:
    """Name where a draft stood.

    >>> from types import SimpleNamespace
    >>> place(SimpleNamespace(file="a.jsonl", line=3)), place(SimpleNamespace(file="", line=0))
    ('a.jsonl:3', 'an earlier event of this batch')
    """
    return _words(draft.file, draft.line)


@final
class Places:
    """Files and lines by position, kept packed by slice: even lines pack to almost nothing, any lines stay exact."""

    def __init__(self) -> None:
        self._slices: list[tuple[bytes | array[int], tuple[tuple[int, str], ...]]] = []

    def add(self, positions: Sequence[int], drafts: Sequence[Draft | Swift]) -> None:
        """Note where the drafts stood that are, or already were, at these positions (one each)."""
        if not drafts:
            return
        lines = [draft.line for draft in drafts]
        files = tuple(
            (index, draft.file)
            for index, draft in enumerate(drafts)
            if not index or draft.file != drafts[index - 1].file
        )
        steps = array("q", [*_steps(positions), *_steps(lines)])
        packed = zlib.compress(steps.tobytes(), 1) if len(drafts) > FEW else steps
        self._slices.append((packed, files))

    def find(self, position: int) -> str:
        """Name the place of the first draft at that position."""
        for packed, files in self._slices:
            steps = array("q", zlib.decompress(packed)) if isinstance(packed, bytes) else packed
            half = len(steps) // 2
            positions, lines = _sums(steps[:half]), _sums(steps[half:])
            if position in positions:
                index = positions.index(position)
                file = next(name for start, name in reversed(files) if start <= index)
                return _words(file, lines[index])
        return _words("", 0)


def _steps(numbers: Sequence[int]) -> list[int]:
    return [numbers[0], *(after - before for before, after in itertools.pairwise(numbers))]


def _sums(steps: Sequence[int]) -> list[int]:
    from itertools import accumulate

    return list(accumulate(steps))


def _words(file: str, line: int) -> str:
    return ":".join(part for part in (file, str(line) if line else "") if part) or "an earlier event of this batch"
