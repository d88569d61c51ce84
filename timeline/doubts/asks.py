"""One question of a careful colleague: what it is about, the events, and what would settle it. Asks nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, final

from timeline.asking import words

About = Literal[
    "contradiction", "anchor", "misprint", "label", "shorter window", "leans on one", "persons", "may be one",
    "soft date", "undated", "uncertainty", "second-hand", "source",
]  # fmt: skip
ORDER: Final[tuple[About, ...]] = (
    "contradiction", "misprint", "anchor", "label", "shorter window", "leans on one", "may be one", "persons",
    "soft date", "undated", "uncertainty", "second-hand", "source",
)  # fmt: skip
SHOWN: Final = 8
"""Ids that a question names in words; JSON has all."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question with the events it is about and its cure: what to write, or to look for."""

    about: About
    ids: tuple[str, ...]
    question: str
    cure: str

    @property
    def json(self) -> dict[str, Any]:
        """The question as scripts read it."""
        line = f"{self.about}: {self.question}; {self.cure}"
        return {"about": self.about, "ids": list(self.ids), "question": self.question, "cure": self.cure, "line": line}


def named(ids: Sequence[str]) -> str:
    """Give ids in words, of many the first.

    >>> named(["a", "b"]), named([str(n) for n in range(10)])
    ('@a and @b', '@0, @1, @2, @3, @4, @5, @6, @7 and 2 more')
    """
    more = [f"{len(ids) - SHOWN} more"] if len(ids) > SHOWN else []
    return words.listed([*(f"@{one}" for one in ids[:SHOWN]), *more])


def in_order(asks: Sequence[Ask]) -> list[Ask]:
    """Give questions by what they are about, the gravest first, each once."""
    return sorted(dict.fromkeys(asks), key=lambda one: (ORDER.index(one.about), one.ids, one.question))
