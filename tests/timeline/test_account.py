"""Whose word counts, and what is said of a name the record does not have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events.errors import Fault
from timeline.hearings.account import EVERYBODY, Account, select

Told = Callable[..., tuple[Any, ...]]
LINES: tuple[dict[str, Any], ...] = (
    {
        "id": "me",
        "type": "death",
        "source": {"speaker": "Medical Examiner", "standing": "found", "document": "Report 7"},
    },
    {"id": "tv", "type": "death", "source": {"speaker": "medical  examiner", "via": "a paper", "standing": "found"}},
    {
        "id": "pd",
        "type": "death",
        "source": {"speaker": "prosecutors", "standing": "alleged", "doc": "IND"},
        "tags": ["x"],
    },
    {"id": "no", "type": "death"},
)


@pytest.mark.parametrize(
    ("account", "heard"),
    [
        (EVERYBODY, ["me", "tv", "pd", "no"]),
        (Account(speakers=(" MEDICAL examiner ",)), ["me", "tv"]),
        (Account(speakers=("medical examiner",), first_hand=True), ["me"]),
        (Account(speakers=("medical examiner", "prosecutors")), ["me", "tv", "pd"]),
        (Account(standings=("alleged",)), ["pd"]),
        (Account(standings=("none", "found")), ["me", "tv", "no"]),
        (Account(documents=("report 7",)), ["me"]),
        (Account(documents=("IND",)), ["pd"]),
        (Account(tags=("x",)), ["pd"]),
        (Account(first_hand=True), ["me", "pd", "no"]),
        (Account(speakers=("prosecutors",), standings=("found",)), []),
    ],
)
def test_an_account_hears(told: Told, account: Account, heard: list[str]) -> None:
    assert [event.id for event in select(told(*LINES), account)] == heard


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (
            Account(speakers=("medical examner",)),
            "'medical examner' is not a speaker of this record; did you mean 'medical  examiner'?",
        ),
        (Account(speakers=("medical",)), "is not a speaker of this record"),
        (Account(speakers=("zzz",)), "write one of: 'medical  examiner', 'prosecutors'"),
        (Account(standings=("foun",)), "'foun' is not a standing of this record; did you mean 'found'?"),
        (Account(documents=("report 8",)), "did you mean 'Report 7'?"),
        (Account(tags=("y",)), "'y' is not a tag of this record; write one of: 'x'"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(told: Told, account: Account, said: str) -> None:
    with pytest.raises(Fault) as fault:
        select(told(*LINES), account)
    assert said in str(fault.value)
    assert fault.value.exit_code == 2


def test_the_json_has_the_four_keys_of_the_design() -> None:
    assert EVERYBODY.json == {"speakers": [], "standings": [], "documents": [], "first_hand": False}
