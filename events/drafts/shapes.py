"""What checking a line needs of its type, gathered once: a check for each field, what is required, the type's rule."""

from __future__ import annotations

from functools import cache
from typing import Final, final

import msgspec

from events.codec import shape_of
from events.drafts.checks import CHECKS, Check
from events.drafts.rules import Rule, rule_of
from events.event import EventType, Facts, type_named
from events.fields import Kind


@final
class Shape:
    """What drafting needs of a type, gathered once."""

    __slots__ = ("bare_is_wrong", "checks", "kind", "required", "rule")

    def __init__(self, kind: EventType) -> None:
        self.kind = kind
        self.checks: dict[str, tuple[Check, Kind]] = {
            name: (CHECKS[one.name], one) for name, one in shape_of(kind).items()
        }
        self.required = tuple(field.encode_name for field in msgspec.structs.fields(kind.facts) if field.required)
        self.rule: Rule | None = rule_of(kind)
        self.bare_is_wrong = bool(self.required) or (self.rule is not None and not kind.administration)


@cache
def shape_of_type(name: str) -> Shape:
    """Give the shape of a type by name; raises `Fault` with the nearest known one."""
    return Shape(type_named(name))


UNTYPED: Final = Shape(EventType(name="event", version=1, family="other", facts=Facts))
"""What stands in for a type that is not known: its data cannot be checked."""
