"""Which statements cannot all be true: minimal sets, who said each, the arithmetic (SEMANTICS 8). Settles none of them.

JSON: `{"view": "conflicts", "conflicts": [{"statements": [ids], "set_aside": [ids], "why": "…"}]}`. Every set is
minimal: without any one of its statements the others agree. At most one set is listed for a statement, so that others
may exist; without what is set aside the rest is consistent. No question is asked, so that none of them is named first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from timeline.answers import Answer, Rests
from timeline.asking import words
from timeline.asking.sentences import sentence
from timeline.case import CaseTimeline
from timeline.hearings.account import Account
from timeline.views import view

OTHERS: Final = "other sets may exist: at most one is listed for a statement"


@view("conflicts", asks="which statements cannot all be true, who said each, and the arithmetic")
def conflicts(timeline: CaseTimeline, params: Mapping[str, Any], account: Account) -> Answer:  # noqa: ARG001
    """Give the contradictions of times in an account, in the order in which they were met: strongest class first."""
    hearing = timeline.hear(account)
    values = {
        "conflicts": [
            {"statements": list(each.conflict.statements), "set_aside": list(each.set_aside), "why": each.why}
            for each in hearing.disputes
        ]
    }
    ids = tuple(dict.fromkeys(one for each in hearing.conflicts for one in each.statements))
    found = len(hearing.conflicts)
    text = f"{words.plural(found, 'contradiction')}; others may exist" if found else "no contradiction of times"
    said = f"statements that cannot all be true: {text}" if found else "all times on record can be true together"
    return Answer(
        values=values,
        in_fact=values,
        text=text,
        sentence=sentence(hearing, said, ids),
        tight=not found,
        rests_on=Rests(min=ids, max=ids),
        set_aside=tuple(hearing.set_aside),
        undated=hearing.undated,
        assumes=(*((OTHERS,) if found else ()), *hearing.notes_on(ids)),
    )
