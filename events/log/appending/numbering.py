"""Gives drafts their positions, chains and hashes them: the rows to insert. Can take it back; sends nothing itself."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, NamedTuple, final

from msgspec.structs import replace

from events import codec
from events.drafts.fast_lane import Stamp, Swift, swift_body
from events.event import Draft
from events.log.appending.heads import Head, Heads
from events.log.database import Row

Drafts = Sequence[Draft | Swift]
TABLES: Final = ("cases", "event_types", "event", "disclosure")
"""In the order of inserting: what an event names is there before it."""


class Numbered(NamedTuple):
    """A slice of drafts, the rows it becomes by `TABLES`, and what stood before it, to be put back."""

    drafts: Drafts
    heads: dict[str, Head]
    rows: tuple[list[Row], list[Row], list[Row], list[Row]]
    first: int
    next_case: int
    types: int
    was: tuple[tuple[Head, int, int, bytes], ...]


@final
class Numbering:
    """Where the log will stand after everything that has been numbered so far."""

    def __init__(
        self, position: int, heads: Heads, types: dict[tuple[str, int], int], stamp: Stamp, key: bytes
    ) -> None:
        self.position = position
        self.stamp = stamp
        self._heads = heads
        self._types = types
        self._key = key
        self._salts = _salts()

    def number(self, drafts: Drafts, heads: dict[str, Head]) -> Numbered:
        """Give the next positions, in order; moves the heads forward."""
        was = tuple((head, head.id, head.count, head.prev) for head in heads.values())
        stamp, now, position = self.stamp, self.stamp.recorded_at, self.position
        next_case, types = self._heads.next_id, len(self._types)
        events: list[Row] = []
        cases: list[Row] = []
        kinds: list[Row] = []
        disclosures: list[Row] = []
        for draft in drafts:
            head = heads[draft.case]
            kind = self._types.get((draft.type, draft.version))
            if not head.id:
                head.id = self._heads.next_id
                self._heads.next_id += 1
                cases.append((head.id, draft.case))
            if kind is None:
                kind = self._types[draft.type, draft.version] = len(self._types) + 1
                kinds.append((kind, draft.type, draft.version))
            position += 1
            head.count = count = head.count + 1
            event_id = draft.id or codec.content_id(draft.own, self._key)
            if type(draft) is Swift:
                body = swift_body(draft, stamp, position, count, head.prev, event_id)
                hashed = sha256(b"\x00" + body).digest()
            else:
                body, hashed, secrets = self._leaf(draft, position, count, head.prev, event_id)
                disclosures += [(position, field, grain, value) for field, grain, value in secrets]
            head.prev = hashed
            events.append((position, head.id, count, event_id, kind, draft.earliest, draft.latest, now, body, hashed))
        first, self.position = self.position + 1, position
        return Numbered(drafts, heads, (cases, kinds, events, disclosures), first, next_case, types, was)

    def take_back(self, numbered: Numbered) -> None:
        """Forget the slice that was numbered last."""
        for head, number, count, prev in numbered.was:
            head.id, head.count, head.prev = number, count, prev
        self.position, self._heads.next_id = numbered.first - 1, numbered.next_case
        for added in list(self._types)[numbered.types :]:
            del self._types[added]

    def _leaf(self, draft: Draft, position: int, case_position: int, prev: bytes, event_id: str) -> codec.Leaf:
        stamp = self.stamp
        return codec.leaf(
            draft if draft.actor or not stamp.actor else replace(draft, actor=stamp.actor),
            log=stamp.log, position=position, case_position=case_position, prev=prev, event_id=event_id,
            recorded_at=stamp.recorded_at, tzdata=stamp.tzdata, salt=self._salts.__next__,
        )  # fmt: skip


def _salts() -> Iterator[bytes]:
    """Give random salts of 128 bits without end; the system is asked for more at a time as more are used."""
    count = 8
    while True:
        many = os.urandom(16 * count)
        count = min(4096, 8 * count)
        for start in range(0, len(many), 16):
            yield many[start : start + 16]
