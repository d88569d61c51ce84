"""Tells new drafts from those already there and those that cannot be: idempotency, clashes, targets, mentions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Final, final

import msgspec

from events import codec
from events.drafts.fast_lane import Swift
from events.errors import BadInput, Problem
from events.event import Draft
from events.log.appending.fitting import misfit, unknown_roots
from events.log.appending.heads import Head, Rows
from events.log.appending.instants import has_several, which_instant
from events.log.appending.missing import missing
from events.log.appending.places import Places, place
from events.log.database import Row

RESERVED: Final = "casefold:log"
RESERVED_TYPES: Final = "log."
AMENDING: Final = ("amend.correct", "amend.retract", "amend.redact")
"""The types after which an event is no longer what its own text says."""
WARNED: Final = 1_000
"""Warnings kept of one batch, and references to events unknown so far."""
_SIZES: Final = (1, 16, 128, 512)

Refused = Callable[[Draft, Problem], None]
Found = dict[tuple[str, str], tuple[int, bytes]]


@final
class Sift:
    """Looks drafts up, slice by slice, as long as clashes show; remembers little however long the batch."""

    def __init__(self, rows: Rows, *, start: int, key: bytes, places: Places, reserved: bool) -> None:
        self.already_there = 0
        self.refused = 0
        self._rows = rows
        self._start = start
        self._key = key
        self._places = places
        self._reserved = reserved
        self._clashing = False
        self._met = bytearray()
        self._again: dict[int, tuple[Draft, str]] = {}
        self._unknown: dict[tuple[str, str], Draft] = {}
        self._known: set[tuple[str, str]] = set()
        self._amended: dict[int, set[str]] = {}
        self._warnings: list[Problem] = []

    def wanted(self, drafts: Sequence[Draft | Swift], heads: Mapping[str, Head]) -> bool:
        """Whether this slice must be looked up before it is inserted."""
        if self._clashing:
            return True
        slow = [draft for draft in drafts if type(draft) is Draft]
        return any(draft.requires or draft.singles for draft in slow) or (
            not self._reserved
            and (RESERVED in heads or any(draft.type.startswith(RESERVED_TYPES) for draft in slow))
        )

    def new_ones(
        self, sent: Sequence[Draft | Swift], heads: Mapping[str, Head], refused: Refused | None
    ) -> list[Draft]:
        """Give the drafts that are to be appended; raises `BadInput` for the others that are not already there."""
        drafts = [one.draft() if isinstance(one, Swift) else one for one in sent]
        ids = [draft.id or codec.content_id(draft.own, self._key) for draft in drafts]
        sought = [(draft.case, event_id) for draft, event_id in zip(drafts, ids, strict=True)]
        there = self._look_up(
            [*sought, *((each.case, named) for each in drafts for named in (*each.requires, *each.singles))], heads
        )
        while roots := unknown_roots(drafts, there):
            if not (found := self._look_up(roots, heads)):
                break
            there |= found
        self._clashing = any(key in there for key in sought)
        here: dict[tuple[str, str], Draft] = {}
        self._again = {}
        problems: list[Problem] = []
        several = self._of_several(drafts, sought, there, heads)
        for draft, key in zip(drafts, sought, strict=True):
            problem = self._problem(draft, key, there, here)
            if problem is None and key not in there:
                meant = (name for name in draft.singles if (draft.case, name) in several)
                problem = next((which_instant(draft, name) for name in meant), None)
            if problem is not None:
                self.refused += 1
                problems.append(problem)
                if refused is not None:
                    refused(draft, problem)
            elif key in there or key in here:
                self.already_there += 1
                if key in there:
                    self._again.setdefault(there[key][0], (draft, key[1]))
            else:
                here[key] = draft
        if problems and refused is None:
            raise BadInput(problems)
        self._note_again(heads)
        self._note_amended(here.values(), heads)
        return list(here.values())

    def note_mentions(self, drafts: Iterable[Draft | Swift], heads: Mapping[str, Head]) -> None:
        """Remember which events these times refer to that the case does not have yet."""
        sought: dict[tuple[str, str], Draft] = {}
        for draft in [draft for draft in drafts if type(draft) is Draft]:
            for mentioned in draft.mentions:
                key = (draft.case, mentioned)
                if key not in self._known and key not in self._unknown:
                    sought.setdefault(key, draft)
        if not sought:
            return
        there = self._look_up(sought, heads)
        if len(self._known) > 100_000:
            self._known.clear()
        for key, draft in sought.items():
            if key in there:
                self._known.add(key)
            elif len(self._unknown) < WARNED:
                self._unknown[key] = draft

    def warnings(self) -> tuple[Problem, ...]:
        """Give what should be said at the end of the batch; references are looked for once more."""
        by_case = defaultdict(list)
        for case, mentioned in self._unknown:
            by_case[case].append(mentioned)
        there: Found = {}
        numbers: dict[str, int] = {}
        for case, ids in by_case.items():
            ((number,),) = self._rows("SELECT max(id) FROM cases WHERE name = ?", (case,))
            numbers[case] = number or 0
            found = self._rows_of(numbers[case], ids)
            there |= {(case, event_id): (position, bytes(body)) for event_id, position, body in found}
        unknown = (missing(draft, key[1]) for key, draft in self._unknown.items() if key not in there)
        several = (
            which_instant(draft, key[1])
            for key, draft in self._unknown.items()
            if key in there and key[1] in draft.singles and self._still_several(key[1], there[key][1], numbers[key[0]])
        )
        return (*self._warnings, *unknown, *several)

    def _problem(
        self, draft: Draft, key: tuple[str, str], there: Found, here: Mapping[tuple[str, str], Draft]
    ) -> Problem | None:
        if not self._reserved and (draft.case == RESERVED or draft.type.startswith(RESERVED_TYPES)):
            what = f"case {RESERVED}" if draft.case == RESERVED else f"type {draft.type}"
            field = "case" if draft.case == RESERVED else "type"
            return _at(draft, field, f"{what} is kept for the log's own events", "use another")
        for target in draft.requires:
            if (draft.case, target) not in there and (draft.case, target) not in here:
                return _at(
                    draft,
                    "data.target",
                    f"no event {target} in case {draft.case} before this one",
                    "name one that is there",
                )
        if draft.requires and (wrong := misfit(draft, there, here)) is not None:
            return wrong
        if key in there:
            return self._clash(draft, key[1], *there[key])
        if key in here:
            return self._twice(draft, key[1], here[key])
        return None

    def _of_several(
        self, drafts: Sequence[Draft], sought: Iterable[tuple[str, str]], there: Found, heads: Mapping[str, Head]
    ) -> Collection[tuple[str, str]]:
        """Give the events of several instants that a time takes for one; what was amended is left to answers."""
        named = {(draft.case, name) for draft in drafts for name in draft.singles}
        if not named:
            return ()
        beside = dict(zip(sought, drafts, strict=True))
        return {key for key in named - _amended_by(drafts) if self._is_of_several(key, there, beside, heads)}

    def _is_of_several(
        self, key: tuple[str, str], there: Found, beside: Mapping[tuple[str, str], Draft], heads: Mapping[str, Head]
    ) -> bool:
        if key in there:
            return self._still_several(key[1], there[key][1], heads[key[0]].id)
        return key in beside and has_several(beside[key].type, beside[key].own)

    def _still_several(self, event_id: str, body: bytes, case: int) -> bool:
        own = msgspec.json.decode(body)
        return has_several(own["type"], own) and event_id not in self._amended_in(case)

    def _clash(self, draft: Draft, event_id: str, position: int, body: bytes) -> Problem | None:
        """Compare a draft with the event of its id: the same is no problem, but twice in one batch without an id is."""
        within = position > self._start
        if draft.id:
            values = {
                field: msgspec.json.decode(value)
                for field, value in self._rows("SELECT field, value FROM disclosure WHERE position = ?", (position,))
            }
            if codec.same_content(draft, body, values):
                return None
            first = f"{self._places.find(position)} (position {position})" if within else f"position {position}"
            return _at(
                draft,
                "id",
                f"{event_id} of case {draft.case} is already at {first}, with other content",
                "give this event another id, or correct the first with `casefold correct`",
            )
        if within or self._meet(position):
            first = place(self._again[position][0]) if position in self._again else self._places.find(position)
            return _twice(draft, first)
        return None

    def _twice(self, draft: Draft, event_id: str, first: Draft) -> Problem | None:
        if not draft.id and not first.id:
            return _twice(draft, place(first))
        made = codec.leaf(
            first,
            log="",
            position=1,
            case_position=1,
            prev=b"",
            event_id=event_id,
            recorded_at=0,
            tzdata="",
            salt=lambda: bytes(16),
        )
        values = {field: msgspec.json.decode(value) for field, _, value in made.disclosures}
        if codec.same_content(draft, made.body, values):
            return None
        return _at(
            draft,
            "id",
            f"{event_id} of case {draft.case} is already at {place(first)}, with other content",
            "give this event another id",
        )

    def _meet(self, position: int) -> bool:
        """Note that an event of the log came again without an id; whether it had already done so in this batch."""
        byte, bit = position >> 3, 1 << (position & 7)
        if byte >= len(self._met):
            self._met.extend(bytes(byte + 1 - len(self._met)))
        met = bool(self._met[byte] & bit)
        self._met[byte] |= bit
        return met

    def _note_again(self, heads: Mapping[str, Head]) -> None:
        self._places.add(list(self._again), [draft for draft, _ in self._again.values()])
        for position, (draft, event_id) in self._again.items():
            if len(self._warnings) < WARNED and event_id in self._amended_in(heads[draft.case].id):
                self._warnings.append(
                    _at(
                        draft,
                        "id",
                        f"{event_id} of case {draft.case} is already at position {position}, and was amended since",
                        f"`casefold history {draft.case} {event_id}` shows how",
                    )
                )

    def _note_amended(self, drafts: Iterable[Draft], heads: Mapping[str, Head]) -> None:
        """Keep up with what these amend, where it was looked up before they came."""
        for case, target in _amended_by(drafts):
            if heads[case].id in self._amended:
                self._amended[heads[case].id].add(target)

    def _amended_in(self, case: int) -> Collection[str]:
        if case not in self._amended:
            if len(self._amended) > 10_000:
                self._amended.clear()
            kinds = self._rows("SELECT id FROM event_types WHERE name IN (?, ?, ?)", AMENDING)
            bodies: list[Row] = []
            if kinds:
                marks = ", ".join(str(number) for (number,) in kinds)
                bodies = self._rows(f"SELECT body FROM event WHERE case_id = ? AND type_id IN ({marks})", (case,))
            targets = (msgspec.json.decode(body).get("data", {}).get("target", "") for (body,) in bodies)
            self._amended[case] = {str(target).removeprefix("@") for target in targets}
        return self._amended[case]

    def _look_up(self, keys: Iterable[tuple[str, str]], heads: Mapping[str, Head]) -> Found:
        by_case = defaultdict(list)
        for case, event_id in keys:
            if heads[case].id:
                by_case[case].append(event_id)
        return {
            (case, event_id): (position, bytes(body))
            for case, ids in by_case.items()
            for event_id, position, body in self._rows_of(heads[case].id, ids)
        }

    def _rows_of(self, case: int, ids: Sequence[str]) -> list[Row]:
        found: list[Row] = []
        for start in range(0, len(ids), _SIZES[-1]):
            asked = ids[start : start + _SIZES[-1]]
            size = next(size for size in _SIZES if size >= len(asked))
            marks = ", ".join("?" * size)
            padded = [*asked, *[asked[-1]] * (size - len(asked))]
            found += self._rows(
                f"SELECT event_id, position, body FROM event WHERE case_id = ? AND event_id IN ({marks})",
                (case, *padded),
            )
        return found


def _amended_by(drafts: Iterable[Draft]) -> set[tuple[str, str]]:
    return {(draft.case, target) for draft in drafts if draft.type in AMENDING for target in draft.requires}


def _at(draft: Draft, field: str, what: str, instead: str) -> Problem:
    return Problem(file=draft.file, line=draft.line, field=field, what=what, instead=instead)


def _twice(draft: Draft, first: str) -> Problem:
    return _at(
        draft,
        "",
        f"says the same as {first}, and neither has an id",
        "leave one out, or give each its own id if they are two events",
    )
