"""A case as it is asked: what it is told, and every account of it that was heard. Reads no log, answers no question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import final

from timeline.fold import ON_CONFLICT, Folded, family, inherit, said, width
from timeline.hearings.account import EVERYBODY, Account
from timeline.hearings.hearing import Hearing, hear

__all__ = ["ON_CONFLICT", "CaseTimeline", "family", "inherit", "said", "width"]


@final
@dataclass(frozen=True, kw_only=True)
class CaseTimeline(Folded):
    """What is recorded of one case, up to a cut, ready to be heard and asked."""

    def hear(self, account: Account = EVERYBODY, *, named: Iterable[str] = ()) -> Hearing:
        """Listen to an account: what counts, what it is tied to, and what contradicts. `named` are the question's ids.

        Raises `Fault` for a speaker, standing, document or tag that the record does not have, and `NotHeld` where
        statements contradict and `on_conflict` is `fail`.
        """
        ids = tuple(dict.fromkeys(named))
        if ids and self.on_conflict != "fail":
            plain = self.hear(account)
            if not plain.conflicts and all(one in plain.statements for one in ids):
                return plain
        if (account, ids) not in self._hearings:
            self._hearings[account, ids] = hear(self.alone, account, named=ids)
        return self._hearings[account, ids]

    @cached_property
    def _hearings(self) -> dict[tuple[Account, tuple[str, ...]], Hearing]:
        """The hearings so far. What a question names weighs only where statements contradict, or are not there."""
        return {}
