"""One event asked for field by field, each answer checked as it is given. Reads no terminal, appends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, final

from events.drafting import drafted
from events.enter import SOURCE, data_fields, gather
from events.errors import BadInput, Problem

ASKED: Final = ("id", "zone", "when", "until", "note")
"""What is asked after the data: the zone before the dates that need it."""
_NOBODY: Final = Problem(what="nobody answers what TYPE it is", instead="write `casefold add CASE TYPE FIELD=VALUE …`")
Answer = Callable[[str], str]
Again = Callable[[Problem], bool]


def asked(
    case: str, said: Mapping[str, Any], answer: Answer, again: Again = lambda _: False, **reads_as: Any
) -> dict[str, Any]:
    """Give the line that somebody's answers stand for: `answer(name)` gives one, empty to leave a field out.

    What `said` has is not asked. `again` is told what is wrong with an answer, and says whether to ask once more;
    `reads_as` is what drafting asks of the case (`events.enter.reading_at`). Raises `BadInput` for an answer that stays
    wrong, and for what is wrong in `said`.
    """
    talk = _Interview(case, dict(said), answer, again, reads_as)
    talk.ask("type", "type")
    talk.check("case")
    for name in data_fields(talk.kind):
        talk.ask(name, f"data.{name}")
    for name in (*ASKED, *SOURCE):
        put = talk.check if said.get(name) else partial(talk.ask, name)
        put(f"source.{name}" if name in SOURCE else name)
    return talk.line


@final
@dataclass(slots=True)
class _Interview:
    """The answers so far."""

    case: str
    said: dict[str, Any]
    answer: Answer
    again: Again
    reads_as: Mapping[str, Any]
    kind: str = ""
    data: dict[str, str] = field(default_factory=dict)

    @property
    def line(self) -> dict[str, Any]:
        return gather(self.case, self.kind, [f"{name}={value}" for name, value in self.data.items()], self.said)

    def ask(self, name: str, path: str) -> None:
        """Ask for a field until the answer is right; raises `BadInput` where nobody is there to give another."""
        self._keep(name, path, self.answer(name))
        while wrong := self.wrong(path):
            if not self.again(wrong[0]):
                raise BadInput(wrong)
            self._keep(name, path, self.answer(name))

    def check(self, path: str) -> None:
        """Raise `BadInput` where a field that is not asked is wrong."""
        if wrong := self.wrong(path):
            raise BadInput(wrong)

    def wrong(self, path: str) -> list[Problem]:
        """Give what is wrong with one field of what has been answered so far."""
        if not self.kind:
            return [_NOBODY]
        try:
            drafted(self.line, **self.reads_as)
        except BadInput as bad:
            own = path.removeprefix("data.")
            return [each for each in bad.problems if each.field in (path, own) or each.field.startswith(f"{path}.")]
        return []

    def _keep(self, name: str, path: str, text: str) -> None:
        if path == "type":
            self.kind = text
        elif not path.startswith("data."):
            self.said[name] = text
        elif text:
            self.data[name] = text
        else:
            self.data.pop(name, None)
