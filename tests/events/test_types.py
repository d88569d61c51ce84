"""The table of event types: its names, their order and fields, and the door that plug-ins share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from events.codec import leaf, recorded, schema
from events.drafting import draft
from events.errors import BadInput, Fault
from events.event import _TYPES, FAMILIES, Facts, event_type, event_types, type_named
from events.fields import Amount, Text, kinds

TABLE = [
    "case.opened",
    "case.note",
    "case.alias",
    "document",
    "infusion",
    "injection",
    "nasal_spray",
    "oral_dose",
    "dose",
    "prescription",
    "stopped",
    "restarted",
    "assessment",
    "response",
    "trial",
    "adverse_effect",
    "supply",
    "seizure",
    "last_seen_alive",
    "found",
    "death",
    "pronounced",
    "specimen",
    "toxicology",
    "finding",
    "autopsy",
    "report_released",
    "investigation",
    "charge",
    "hearing",
    "plea",
    "verdict",
    "sentence",
    "licence_action",
    "position",
    "deadline",
    "message",
    "call",
    "statement",
    "claim.total",
    "claim.last",
    "claim.complete",
    "claim.elapsed",
    "claim.order",
    "claim.same",
    "claim.distinct",
    "amend.correct",
    "amend.retract",
    "amend.reinstate",
    "amend.redact",
    "amend.cite",
    "log.key",
    "log.stamp",
    "fact",
]
FIELDS = {
    "case.opened": "title zone about words distinct",
    "document": "title author dated received pages address sha256 speaker standing status",
    "infusion": "substance amount total_amount rate duration weight count route given_by place regimen",
    "supply": "substance quantity form strength from to price",
    "toxicology": "analyte concentration site matrix specimen lab method loq uncertainty",
    "hearing": "purpose status replaces",
    "position": "target party stance",
    "claim.total": "of substance given_by count amount from to",
    "claim.last": "of substance given_by before",
    "claim.elapsed": "from to elapsed",
    "amend.correct": "target reason authority set",
    "amend.cite": "target source relation",
    "log.stamp": "size root token_sha256",
}


def _built_in() -> list[str]:
    return [kind.name for kind in event_types().values() if kind.order]


def test_the_types_stand_in_the_order_of_the_table() -> None:
    assert _built_in() == TABLE
    ranks = [event_types()[name].rank for name in TABLE]
    assert ranks == sorted(ranks)


def test_families_follow_one_another() -> None:
    seen = list(dict.fromkeys(event_types()[name].family for name in TABLE))
    assert seen == list(FAMILIES)


@pytest.mark.parametrize("name", FIELDS)
def test_a_type_has_the_fields_that_scripts_rely_on(name: str) -> None:
    assert set(kinds(event_types()[name].facts)) == set(FIELDS[name].split())


def test_the_administrations_are_five() -> None:
    assert [kind.name for kind in event_types().values() if kind.administration and kind.order] == [
        "infusion",
        "injection",
        "nasal_spray",
        "oral_dose",
        "dose",
    ]


def test_every_text_of_ones_own_words_is_sensitive() -> None:
    for name in TABLE:
        kind = event_types()[name]
        assert ("text" in kinds(kind.facts)) == ("text" in kind.sensitive), name


@pytest.mark.parametrize("name", TABLE)
def test_every_type_has_a_schema(name: str) -> None:
    made = schema(name)
    assert made["title"] == name
    assert set(made["properties"]["data"]["properties"]) == set(kinds(event_types()[name].facts))
    assert made["additionalProperties"] is False
    assert made["properties"]["data"]["additionalProperties"] is False


def test_an_unknown_type_is_refused_with_the_nearest() -> None:
    with pytest.raises(Fault, match="did you mean 'infusion'"):
        type_named("infuson")


@pytest.fixture
def scratch() -> Iterator[None]:
    """Keep the registry as it is, whatever a test registers."""
    event_types()
    before = dict(_TYPES)
    yield
    _TYPES.clear()
    _TYPES.update(before)


@pytest.mark.usefixtures("scratch")
def test_a_plug_in_is_one_class_with_one_decorator() -> None:
    @event_type("acupuncture", family="treatment", sensitive=("remark",))
    class Acupuncture(Facts):
        """Needles."""

        needles: Amount = ""
        remark: Text = ""

    made = draft({"case": "x", "id": "a", "type": "acupuncture", "data": {"needles": 12, "remark": "calm"}})
    stored = leaf(
        made,
        log="l",
        position=1,
        case_position=1,
        prev=b"",
        event_id="a",
        recorded_at=0,
        tzdata="t",
        salt=lambda: bytes(16),
    )
    assert b"calm" not in stored.body
    assert recorded(stored.body, {"data.remark": "calm"}).facts == Acupuncture(needles="12", remark="calm")
    assert event_types()["acupuncture"].rank > event_types()["fact"].rank
    with pytest.raises(BadInput, match="did you mean 'needles'"):
        draft({"case": "x", "id": "a", "type": "acupuncture", "data": {"needle": 12}})


@pytest.mark.usefixtures("scratch")
@pytest.mark.parametrize(
    ("name", "family", "why"),
    [("infusion", "treatment", "twice"), ("b", "unheard", "unknown"), ("B c", "other", "not a name")],
)
def test_a_plug_in_cannot_take_what_is_taken(name: str, family: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        event_type(name, family=family)(type("Taken", (Facts,), {"__module__": __name__}))


def test_a_field_without_a_kind_cannot_be_checked() -> None:
    class Odd(Facts):
        weight: float = 0.0

    with pytest.raises(TypeError, match="has no kind"):
        kinds(Odd)


def test_the_vocabulary_loads_no_database(root: Path) -> None:
    code = (
        "import sys, events; heavy = {'sqlalchemy', 'alembic', 'pendulum', 'rich', 'msgspec'} & set(sys.modules); "
        "assert not heavy, heavy; from events import *; events.event_types(); "
        "heavy = {'sqlalchemy', 'alembic', 'pendulum', 'rich'} & set(sys.modules); assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
