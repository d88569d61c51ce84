"""The registry of views: `@view` names a question, `ask` puts it. Knows no command line and no database."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Final, Literal, final

from events.errors import CasefoldError, Fault
from events.event import load_plugin, origin_of
from events.nearest import nearest
from timeline.answers import Answer
from timeline.asking.rests import with_amendments
from timeline.asking.sentences import disputed
from timeline.case import CaseTimeline
from timeline.hearings.account import EVERYBODY, Account
from timeline.hearings.disputes import Aside

GROUP: Final = "casefold.views"
Kind = Literal["positional", "option", "flag", "file"]
Asks = Callable[[CaseTimeline, Mapping[str, Any], Account], Answer]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One thing a view wants to know; the command line makes an argument or `--name` of it.

    A positional and an option carry a text, a flag a truth, a file the text in it; a repeatable one a tuple of texts.
    `shown` is the word that stands for the value in help and faults, such as TYPE, REF, WINDOW, DURATION or STATEMENT.
    """

    name: str
    kind: Kind = "option"
    help: str = ""
    shown: str = "TEXT"
    required: bool = False
    repeatable: bool = False

    @property
    def words(self) -> str:
        """How a user writes it.

        >>> Parameter(name="at", shown="REF").words
        '--at REF'
        """
        if self.kind == "positional":
            return self.shown
        return f"--{self.name}" if self.kind == "flag" else f"--{self.name} {self.shown}"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A named question with parameters: a pure function from the fold of a case to an answer."""

    name: str
    version: int
    asks: str
    parameters: tuple[Parameter, ...]
    answers: Asks

    @property
    def usage(self) -> str:
        """How the question is written, such as `elapsed A B`."""
        shown = (each.words if each.required else f"[{each.words}]" for each in self.parameters)
        return " ".join((self.name, *shown))


_MODULES: Final = {"days-since-first": "days_since", "days-since-last": "days_since"}
"""The modules of built-in views that are not named after them."""
_VIEWS: dict[str, View] = {}
_loaded = False


def view(name: str, *, asks: str, parameters: Sequence[Parameter] = (), version: int = 1) -> Callable[[Asks], Asks]:
    """Register a function as a view; the one door that built-in views and plug-ins share.

    The function's answer leaves `view`, `version`, `case`, `parameters`, `account` empty: `ask` fills them in, and
    `question` where the function leaves it empty. Raises ValueError where the name is taken.
    """

    def register(answers: Asks) -> Asks:
        if name in _VIEWS and _VIEWS[name].answers.__module__ != answers.__module__:
            first, second = origin_of(_VIEWS[name].answers.__module__), origin_of(answers.__module__)
            raise ValueError(
                f"view {name!r} is registered twice, by {first} and by {second}; give the second another name"
            )
        _VIEWS[name] = View(name=name, version=version, asks=asks, parameters=tuple(parameters), answers=answers)
        return answers

    return register


def views() -> Mapping[str, View]:
    """Give every registered view by name; loads the built-in ones and the plug-ins on first use."""
    _load()
    return dict(sorted(_VIEWS.items()))


def find_view(name: str) -> View | None:
    """Give the view of that name, None where there is none. Of the built-in ones no other is loaded."""
    module = _MODULES.get(name, name.replace("-", "_"))
    if name not in _VIEWS and module in _built_in():
        import_module(f"{__name__}.{module}")
    return _VIEWS.get(name) or views().get(name)


def view_named(name: str) -> View:
    """Give the view of that name; raises `Fault` with the nearest known one."""
    found = find_view(name)
    if found is not None:
        return found
    known = views()
    raise Fault(f"{name!r} is not a view", nearest(name, known))


def ask(
    timeline: CaseTimeline,
    name: str,
    params: Mapping[str, Any],
    account: Account = EVERYBODY,
    *,
    resting: bool = True,
) -> Answer:
    """Put a question to a case; raises `Fault` for an unknown view, parameter, speaker, event or type.

    Not `resting`: `rests_on` may lack amendments, for a caller who reads only what the answer says; that is quicker.
    """
    chosen = view_named(name)
    given = _checked(chosen, params)
    answer = _answered(chosen, timeline, given, account)
    if resting and timeline.amended.by:
        answer = with_amendments(answer, timeline, lambda other: _answered(chosen, other, given, account))
    return replace(
        answer,
        text=_with_disputes(answer),
        view=chosen.name,
        version=chosen.version,
        case=timeline.case,
        parameters=given,
        account=account,
        question=answer.question or _question(chosen, given),
    )


def _checked(chosen: View, params: Mapping[str, Any]) -> dict[str, Any]:
    """Give the parameters in the view's order, absent ones left out; raises `Fault`."""
    known = {each.name: each for each in chosen.parameters}
    for name in params:
        if name not in known:
            raise Fault(f"view {chosen.name!r} takes no {name!r}", nearest(name, known, f"write: {chosen.usage}"))
    given: dict[str, Any] = {}
    for name, each in known.items():
        value = params.get(name)
        if value not in (None, "", (), [], False):
            given[name] = tuple(value) if each.repeatable and not isinstance(value, str) else value
        elif each.required:
            raise Fault(f"view {chosen.name!r} needs {each.words}", f"write: {chosen.usage}")
    return given


def _answered(chosen: View, timeline: CaseTimeline, given: Mapping[str, Any], account: Account) -> Answer:
    """Give a view's answer; what fails in a plug-in is said in one line that names it."""
    module = chosen.answers.__module__
    if module.startswith(f"{__name__}."):
        return chosen.answers(timeline, given, account)
    try:
        answer: object = chosen.answers(timeline, given, account)
    except CasefoldError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise CasefoldError(f"the view {chosen.name!r} ({origin_of(module)}) fails: {what}; mend it there") from error
    if not isinstance(answer, Answer):
        what = f"the view {chosen.name!r} ({origin_of(module)}) gives {type(answer).__name__}, not an Answer"
        raise CasefoldError(f"{what}; mend it there")
    return answer


def _with_disputes(answer: Answer) -> str:
    """Give the short words with what is disputed of them, whichever view wrote them: nobody reads them without it."""
    if not isinstance(answer.set_aside, Aside) or not answer.set_aside.disputes:
        return answer.text
    return disputed(answer.text, answer.set_aside.disputes, {*answer.rests_on.both, *answer.undated})


def _question(chosen: View, given: Mapping[str, Any]) -> str:
    words = [chosen.name]
    for each in chosen.parameters:
        if each.name in given:
            values = given[each.name] if isinstance(given[each.name], tuple) else (given[each.name],)
            for value in values:
                words += [str(value)] if each.kind == "positional" else [f"--{each.name}"]
                words += [str(value)] if each.kind == "option" else [each.shown] if each.kind == "file" else []
    return " ".join(words)


def _built_in() -> list[str]:
    return sorted(each.name for each in pkgutil.iter_modules(__path__))


def _load() -> None:
    global _loaded  # noqa: PLW0603
    if _loaded:
        return
    for module in _built_in():
        import_module(f"{__name__}.{module}")
    from importlib.metadata import entry_points

    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        load_plugin(entry)
    _loaded = True
