"""Who says so: what a source gives is what it was told, every field of it and in one order."""

from __future__ import annotations

from events.source import Source


def test_a_source_gives_every_field_that_says_something_in_their_order() -> None:
    full = {name: f"the {name}" for name in Source.__struct_fields__}
    assert list(Source(**full).given.items()) == list(full.items())
    for name in full:
        assert Source(**{name: "said"}).given == {name: "said"}
    assert Source().given == {}
