"""The claims: what a source says about the record as a whole. Happens at no time of its own, weighs nothing."""

from __future__ import annotations

import msgspec

from events.event import Facts, event_type
from events.fields import Amount, Count, ElapsedText, EventRefs, InstantRef, Names, Text, TypeName, WhenText


@event_type("claim.total", family="claims")
class ClaimTotal(Facts):
    """How many of a type there were, or how much, in a period; count 0 says that none happened."""

    of: TypeName
    substance: Text = ""
    given_by: Text = ""
    count: Count = ""
    amount: Amount = ""
    from_: WhenText = msgspec.field(default="", name="from")
    to: WhenText = ""


@event_type("claim.last", family="claims")
class ClaimLast(Facts):
    """That there was one of a type at the claim's `when`, and none between it and `before`."""

    of: TypeName
    before: InstantRef
    substance: Text = ""
    given_by: Text = ""


@event_type("claim.complete", family="claims")
class ClaimComplete(Facts):
    """That the record tells of every one of a type in a period."""

    of: TypeName
    from_: WhenText = msgspec.field(default="", name="from")
    to: WhenText = ""


@event_type("claim.elapsed", family="claims")
class ClaimElapsed(Facts):
    """How long after one event another was."""

    from_: InstantRef = msgspec.field(name="from")
    to: InstantRef
    elapsed: ElapsedText


@event_type("claim.order", family="claims")
class ClaimOrder(Facts):
    """That one event was before another."""

    first: InstantRef
    then: InstantRef


@event_type("claim.same", family="claims")
class ClaimSame(Facts):
    """That several events tell of one happening."""

    ids: EventRefs


@event_type("claim.distinct", family="claims")
class ClaimDistinct(Facts):
    """That events, or persons, are different from one another."""

    ids: Names = ()
    names: Names = ()
