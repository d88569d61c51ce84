"""A case's own words for times of day."""

from __future__ import annotations

from typing import Any

import pytest

from events.dates.day_words import spelled
from events.drafting import draft
from events.errors import BadInput

TABLE = {"evening": "18:00-23:00", "early morning": "00:00-06:00", "morning": "06:00-12:00", "night": "22:00-06:00"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("evening of 2023-10-28", "2023-10-28 18:00-23:00"),
        ("October 28, 2023 in the Evening", "October 28, 2023 18:00-23:00"),
        ("2023-10-28 early  morning", "2023-10-28 00:00-06:00"),
        ("2023-10-28 morning", "2023-10-28 06:00-12:00"),
        ("evenings of 2023-10-28", "evenings of 2023-10-28"),
        ("2023-10-28", "2023-10-28"),
        ("evening", "evening"),
        ("the night of October 28, 2023", "2023-10-28T22:00/2023-10-29T06:00"),
        ("night of October 2023", "October 2023 22:00-06:00"),
    ],
)
def test_a_date_with_a_word_of_the_table_is_that_date_between_its_times(text: str, written: str) -> None:
    assert spelled(text, TABLE) == written


def test_an_event_is_bounded_by_the_words_and_keeps_the_sources_own() -> None:
    line = {"case": "c", "id": "a", "type": "infusion", "when": "the evening of 2023-10-28", "zone": "UTC"}
    made = draft(line, case_words=lambda _: TABLE)
    assert (made.own["when"], made.own["source"]) == ("2023-10-28 18:00-23:00", {"reads": line["when"]})
    assert made.latest is not None
    assert made.earliest is not None
    assert (made.latest - made.earliest) // 3_600_000_000 == 5


def test_without_a_table_the_word_is_refused_with_its_cure() -> None:
    line: dict[str, Any] = {
        "case": "c",
        "id": "a",
        "type": "infusion",
        "when": "the evening of 2023-10-28",
        "zone": "UTC",
    }
    with pytest.raises(BadInput, match=r"case\.opened words"):
        draft(line)


def test_a_date_that_stays_wrong_with_its_times_is_refused() -> None:
    line = {"case": "c", "id": "a", "type": "infusion", "when": "evening of 2023-02-30", "zone": "UTC"}
    with pytest.raises(BadInput):
        draft(line, case_words=lambda _: TABLE)
