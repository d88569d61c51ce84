"""The rows of charges and of what came of them, each saying what it is and what it is not. Adds up no defendant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, final

from events.errors import Fault
from events.event import RecordedEvent
from events.quantity import read_quantity
from events.source import fold_name
from events.when import Bound
from timeline.answers import Truth, bound_json
from timeline.asking import words
from timeline.asking.lines import known_name, row, rows_of, tail, when_words
from timeline.case import said
from timeline.charges.dates import Charges
from timeline.charges.outcomes import CHARGED, DROPPED, GUILTY, ON_RECORD, OTHER, SENTENCED, UNDONE, WEIGHT, kind_of
from timeline.charges.standing import Entry, Standing
from timeline.charges.today import Today, by_then
from timeline.counting.told import teller_of
from timeline.hearings.claims import read_id
from timeline.hearings.gaps import Gaps
from timeline.hearings.hearing import Hearing

Row = dict[str, Any]
TYPES: Final = ("charge", "plea", "verdict", "sentence")
NOT_SAID: Final = Bound(1, None)
"""How many counts there are where nobody says: at least one."""


def counts_of(event: RecordedEvent) -> Bound:
    """Give how many counts an event speaks of."""
    written = said(event, "counts")
    try:
        return read_quantity(written).count if written != "" else NOT_SAID
    except Fault:
        return NOT_SAID


@final
@dataclass(frozen=True, kw_only=True)
class Defendant:
    """One defendant: the name as it is first written, and the charges, pleas, verdicts and sentences of an account."""

    hearing: Hearing
    gaps: Gaps
    name: str
    events: tuple[RecordedEvent, ...]
    today: Today
    joined: Mapping[str, str]

    @cached_property
    def then(self) -> Mapping[str, Truth]:
        """Whether each event was over by the day asked about."""
        return {event.id: by_then(self.hearing, event, self.today) for event in self.events}

    def of(self, *types: str) -> tuple[RecordedEvent, ...]:
        """The events of these types that may have been by then."""
        return tuple(one for one in self._there if one.type in types)

    @cached_property
    def _there(self) -> tuple[RecordedEvent, ...]:
        return tuple(one for one in self.events if self.then[one.id] is not Truth.IMPOSSIBLE)

    @cached_property
    def standing(self) -> Mapping[str, Standing]:
        """Which events of each type replace which, by then."""
        return {kind: Standing([self._entry(event) for event in self.of(kind)], self.gaps.between) for kind in TYPES}

    def _entry(self, event: RecordedEvent) -> Entry:
        return Entry(
            id=event.id,
            offence=offence_of(event),
            teller=teller_of(self.hearing.timeline, event),
            when=event.when,
            counts=counts_of(event),
            joined=self.joined.get(event.id, event.id),
            sure=self.then[event.id] is Truth.CERTAIN,
        )

    @cached_property
    def replaced(self) -> Mapping[str, tuple[str, ...]]:
        """What certainly replaced each: later ones of its type and offence; a sentence, what undid its verdict."""
        found: dict[str, tuple[str, ...]] = {}
        for kind in TYPES[:3]:
            known = self.standing[kind]
            found |= {one.id: known.replaced_by(one) for one in known.entries}
        return found | {one.id: self._undone(one) for one in self.of("sentence")}

    def _undone(self, sentence: RecordedEvent) -> tuple[str, ...]:
        """Give the verdicts on the same offence, certainly after a sentence, that leave no conviction."""
        undoing = self._undoing.get(offence_of(sentence), ())
        return tuple(one for one in undoing if (self.gaps.between(sentence.id, one).lo or 0) > 0)

    @cached_property
    def _undoing(self) -> Mapping[str, list[str]]:
        """The verdicts that leave no conviction, by their offence where that is stated."""
        found: dict[str, list[str]] = {}
        for one in self.of("verdict"):
            if self.kinds[one.id] in UNDONE and self.then[one.id] is Truth.CERTAIN and offence_of(one):
                found.setdefault(offence_of(one), []).append(one.id)
        return found

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """What each event says, such as charged, pleaded guilty, convicted."""
        return {event.id: kind_of(event) for event in self.events}

    def stands(self, *, of: str = "") -> list[str]:
        """Give what stands by then of all, or of one offence: what a court did, else a plea, else the charge."""
        kinds = self._standing_kinds.get(of, set())
        kinds = kinds | {DROPPED} if self._all_dropped(of) else kinds
        court: list[str] = [kind for kind in WEIGHT[:6] if kind in kinds]
        court = [kind for kind in court if not (kind == "convicted" and SENTENCED in kinds)]
        said_by: list[str] = [kind for kind in WEIGHT[6:9] if kind in kinds]
        return court or said_by or ([CHARGED] if CHARGED in kinds else [])

    @cached_property
    def _standing_kinds(self) -> Mapping[str, set[str]]:
        """What events that nothing replaced say by then, by their offence; of all of them under the empty one."""
        found: dict[str, set[str]] = {}
        for one in self.of(*TYPES):
            if self.then[one.id] is Truth.CERTAIN and not self.replaced.get(one.id):
                for offence in ("", offence_of(one)):
                    found.setdefault(offence, set()).add(self.kinds[one.id])
        return found

    def may_stand(self) -> list[str]:
        """Give what a court or a defendant may have done by then, of events that may be later."""
        told = [one for one in self.of(*TYPES[1:]) if self.then[one.id] is Truth.POSSIBLE]
        kinds = {self.kinds[one.id] for one in told} - set(self.stands())
        return [kind for kind in WEIGHT if kind in kinds]

    def _all_dropped(self, of: str) -> bool:
        """Whether charges stand, and none of their counts."""
        kept = self.standing["charge"].left(of)
        return bool(kept) and all(one.counts == Bound(0, 0) for one in kept)

    def counts(self, kind: str) -> Bound:
        """How many counts there are of a kind, such as charged or pleaded guilty."""
        types = {CHARGED: "charge", GUILTY: "plea"}
        return self.standing[types.get(kind, "verdict")].counts(lambda one: self.kinds[one.id] == kind)

    # Rows

    @cached_property
    def rows(self) -> list[Row]:
        """One row an event: charges first, then pleas, verdicts, sentences, each by time."""
        charges = Charges(self.hearing, self.gaps, [one.id for one in self.events if one.type == "charge"])
        return [self._row(event, charges) for kind in TYPES for event in self.events if event.type == kind]

    def _row(self, event: RecordedEvent, charges: Charges) -> Row:
        made = row(self.hearing, event)
        kind, then = self.kinds[event.id], self.then[event.id]
        early = event.type != "charge" and charges.ids and charges.all_after(event)
        flags = ["flagged: before any charge of this defendant"] if early else []
        told = self._charge(event) if event.type == "charge" else self._outcome(event)
        day = "" if then is Truth.CERTAIN else f"{_day(then)} {self.today.text}: "
        extra = "".join(f"; {one}" for one in flags)
        what = f"{day}{self.name} {told.pop('line')}{self._replacing(event)}{extra}"
        told["convicted"] = told["convicted"] and then is Truth.CERTAIN
        return {
            **made,
            "type": event.type,
            "defendant": self.name,
            "offence": str(said(event, "offence")),
            "counts": bound_json(counts_of(event)),
            "counts_stated": said(event, "counts") != "",
            "says": kind,
            "by_then": str(then) if self.today else None,
            **told,
            "replaced_by": list(self.replaced.get(event.id, ())),
            "flags": flags,
            "line": f"{what} ({tail(self.hearing, event, made)})",
        }

    def _replacing(self, event: RecordedEvent) -> str:
        by = self.replaced.get(event.id, ())
        what = "without effect since" if event.type == "sentence" else "amended by"
        return f"; {what} {words.listed([f'@{one}' for one in by])}" if by else ""

    def _charge(self, event: RecordedEvent) -> Row:
        offence = offence_of(event)
        stands = list(self._by_offence[offence]) if offence else [CHARGED]
        if self.replaced.get(event.id):
            stands = ["amended"]
        elif said(event, "counts") != "" and counts_of(event) == Bound(0, 0):
            stands = [DROPPED]
        silent = list(self._silent)
        convicted = bool(ON_RECORD & set(stands))
        what = f"{self._counted(event)} with {said(event, 'offence') or 'an offence not stated'}"
        line = f"charged {when_words(self.hearing, event)}{what}: {verdict_words(stands)}{self._silence}"
        return {"stands": stands, "convicted": convicted, "unsaid": silent, "line": line}

    @cached_property
    def _silent(self) -> tuple[str, ...]:
        """What may speak of any charge: none of those on record has its offence."""
        return tuple(one.id for one in self.of(*TYPES[1:]) if offence_of(one) not in self._offences)

    @cached_property
    def _silence(self) -> str:
        also = words.listed([f"@{one}" for one in self._silent])
        return f"; of which charge {also} speaks is not said" if also else ""

    @cached_property
    def _by_offence(self) -> Mapping[str, list[str]]:
        """What stands of each offence charged."""
        return {one: self.stands(of=one) for one in self._offences}

    @cached_property
    def _offences(self) -> frozenset[str]:
        """The offences charged, as offences are compared."""
        return frozenset(offence_of(event) for event in self.events if event.type == "charge") - {""}

    def _counted(self, event: RecordedEvent) -> str:
        if said(event, "counts") == "":
            return ""
        count = counts_of(event)
        return f" on {words.number(count)} count{'' if count == Bound(1, 1) else 's'}"

    def _outcome(self, event: RecordedEvent) -> Row:
        kind = self.kinds[event.id]
        date = when_words(self.hearing, event)
        of = f" of {offence}" if (offence := said(event, "offence")) else ", the charge not stated"
        counts = self._counted(event)
        convicted = kind in ON_RECORD and not self.replaced.get(event.id)
        if event.type == "sentence":
            what = words.listed([text for text in _imposed(event) if text]) or "not stated"
            line = f"sentenced {date}: {what}{counts}{of if offence else ', for which charge is not stated'}"
        elif event.type == "plea":
            shown = kind if kind != OTHER else f"answered “{said(event, 'plea') or 'not stated'}”"
            line = f"{shown}, {date}{counts}{of}: a plea, no verdict by itself"
        else:
            line = f"verdict “{said(event, 'verdict') or 'not stated'}”, {date}{counts}{of}: {verdict_words([kind])}"
        return {"stands": [kind], "convicted": convicted, "unsaid": [], "line": line}


def offence_of(event: RecordedEvent) -> str:
    """Give an offence as offences are compared; empty where it is not stated."""
    return fold_name(str(said(event, "offence")))


def verdict_words(stands: Sequence[str]) -> str:
    """Say what stands, and whether that is a conviction.

    >>> verdict_words(["charged"]), verdict_words(["sentenced"]), verdict_words(["pleaded guilty"])
    ('charged, not convicted on record', 'sentenced', 'pleaded guilty, no verdict on record')
    """
    if ON_RECORD & set(stands):
        return words.listed(list(stands))
    if any(one.startswith("pleaded") for one in stands):
        return f"{words.listed(list(stands))}, no verdict on record"
    return f"{words.listed(list(stands)) or 'nothing on record by then'}, not convicted on record"


def defendants(hearing: Hearing, gaps: Gaps, today: Today, only: str = "") -> list[Defendant]:
    """Give each defendant of an account, by name; `only` is the one that is asked about.

    Raises `Fault` where the case has no such defendant.
    """
    timeline = hearing.timeline
    accused = (str(said(event, "defendant")) for event in timeline.told if event.type in TYPES)
    asked = known_name(hearing, only, accused, "defendant")
    groups: dict[str, list[RecordedEvent]] = {}
    for event in rows_of(hearing, *TYPES):
        groups.setdefault(timeline.same_name(str(said(event, "defendant"))), []).append(event)
    joined = _joined(hearing)
    return [
        Defendant(hearing=hearing, gaps=gaps, name=_name(events), events=tuple(events), today=today, joined=joined)
        for name, events in sorted(groups.items())
        if not asked or name == asked
    ]


def _name(events: Sequence[RecordedEvent]) -> str:
    names = sorted(str(said(event, "defendant")) for event in events)
    return names[0] or "a defendant not named"


def _joined(hearing: Hearing) -> Mapping[str, str]:
    """Give the least id of the tellings that claims of the account say are one."""
    groups: dict[str, set[str]] = {}
    for event in hearing.counted:
        if event.type == "claim.same" and event.id not in hearing.set_aside:
            ids = {read_id(str(one)).id for one in said(event, "ids") or ()}
            whole = ids.union(*(groups.get(one, set()) for one in ids))
            groups.update(dict.fromkeys(whole, whole))
    return {one: min(whole) for one, whole in groups.items()}


def _imposed(event: RecordedEvent) -> tuple[str, ...]:
    fine = f"fine {said(event, 'fine')}" if said(event, "fine") else ""
    return str(said(event, "term")), fine, str(said(event, "other"))


def _day(then: Truth) -> str:
    return "not yet at" if then is Truth.IMPOSSIBLE else "perhaps not yet at"
