"""What a question about a level names: substance, parameters, assumptions, the level found. Computes no level."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, final

from events.errors import Fault
from events.event import RecordedEvent
from events.fields import LEVELS
from events.nearest import nearest
from events.quantity import Quantity, read_quantity
from events.source import fold_name
from events.units import compatible, factor, unit_words
from events.when import DAY, MINUTE
from events.when_text import read_duration
from timeline.asking.questions import read_ref
from timeline.asking.uncertainty import share_of
from timeline.case import CaseTimeline, said
from timeline.counting.happened import asked_type
from timeline.counting.measures import Measure, measured
from timeline.kinetics.enclosures import Span
from timeline.kinetics.given import Assumed, as_per_kg
from timeline.kinetics.parameters import Substance, read_substances
from timeline.kinetics.shipped import shipped

REFUSED: Final = (
    "how much was taken is not computed from a level found after death: levels move between death and sampling, two "
    "sites of one body may differ several times over, and a dose inferred from them risks a large error (Cook 2000)"
)
_OF_TYPE: Final = re.compile(r"\s*(?P<type>[a-z][a-z_.]*)\s*=\s*(?P<rest>.*)")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The level that was found: in ng/mL, as written, by the event that says so (empty: the question itself does)."""

    span: Span
    words: str
    id: str = ""
    notes: tuple[str, ...] = ()


def read_substance(timeline: CaseTimeline, params: Mapping[str, Any]) -> Substance:
    """Find what is asked for in the file that is named, else in the shipped one. Raises `Fault` with what is there."""
    text = str(params.get("parameters") or "")
    known = read_substances(text) if text else shipped()
    name = str(params["substance"])
    found = known.get(timeline.same_name(name)) or known.get(fold_name(name))
    if found is None:
        instead = f"{nearest(name, sorted(known))}, or name a file that has it: --parameters FILE"
        raise Fault(f"no parameters of {name!r} are known", instead)
    return found


def read_assumed(params: Mapping[str, Any]) -> Assumed:
    """Read what is to be assumed. Raises `Fault` where it says nothing, or a dose needs a weight."""
    weight = _measure("weight", str(params.get("weight") or ""), "60 to 80 kg")
    if weight is not None and (weight.hi == 0 or not compatible(weight.unit, "kg")):
        raise Fault(f"--weight {params['weight']!r} is no weight", "write --weight '60 to 80 kg'")
    doses = dict(_dose(text, weight) for text in texts(params, "assume-dose"))
    apart = dict(_apart(text) for text in texts(params, "assume-apart"))
    return Assumed(doses=doses, apart=apart, duration=_duration(params), weight=weight)


def texts(params: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Give what a repeatable parameter was given, however often."""
    given = params.get(name) or ()
    return (given,) if isinstance(given, str) else tuple(given)


def _of_type(text: str) -> tuple[str, str]:
    """Read `TYPE=REST` as the type and the rest; `REST` alone is of any type."""
    found = _OF_TYPE.fullmatch(text)
    return (asked_type(found["type"]), found["rest"]) if found else ("", text)


def _apart(text: str) -> tuple[str, float]:
    """Read how far apart administrations lie at least, in minutes."""
    kind, written = _of_type(text)
    found = read_duration(written)
    exact = found.exact if found.exact is not None else (found.days or 0) * DAY
    if exact <= 0:
        raise Fault(f"--assume-apart {text!r} is no time between two doses", "write '1 day', or 'infusion=1 day'")
    return kind, exact / MINUTE


def _dose(text: str, weight: Measure | None) -> tuple[str, Measure]:
    """Read an assumed dose: `AMOUNT`, or `TYPE=AMOUNT` for one type of administration."""
    kind, amount = _of_type(text)
    dose = _measure("assume-dose", amount, "0.5 mg/kg to 1 mg/kg")
    if dose is None or as_per_kg(dose, "mg", weight) is None:
        instead = "write it for each kg of body weight, such as '0.5 mg/kg to 1 mg/kg', or add --weight '70 kg'"
        raise Fault(f"--assume-dose {text!r} is no dose for a known weight", instead)
    return kind, dose


def _measure(name: str, written: str, example: str) -> Measure | None:
    if not written:
        return None
    found = measured(read_quantity(written))
    if found is None or found.hi is None:
        raise Fault(f"--{name} {written!r} has no upper end", f"write --{name} '{example}'")
    return found


def _duration(params: Mapping[str, Any]) -> Span | None:
    written = str(params.get("assume-duration") or "")
    found = _measure("assume-duration", written, "40 minutes")
    if found is None:
        return None
    if not compatible(found.unit, "min") or found.hi is None:
        raise Fault(f"--assume-duration {written!r} is no duration", "write '40 minutes'")
    by = factor(found.unit, "min")
    return Span(float(found.lo * by), float(found.hi * by))


def read_level(timeline: CaseTimeline, written: str, substance: Substance) -> Found:
    """Read a level: the id of a laboratory value, else an amount. Raises `Fault` for another analyte or unit."""
    text = written.strip()
    if not text.startswith("@") and text[:1].isdigit() and text not in timeline.by_id:
        quantity = read_quantity(text)
        return Found(span=_in_ng(quantity, substance, text), words=quantity.words)
    event = timeline.by_id.get(read_ref(timeline, text).id)
    if event is None or event.type != "toxicology":
        raise Fault(f"{text!r} is no laboratory value", "write the id of a toxicology event, or '3540 ng/mL'")
    analyte = str(said(event, "analyte"))
    if timeline.same_name(analyte) != timeline.same_name(substance.name):
        raise Fault(f"@{event.id} is a level of {analyte or 'nobody says what'}", f"name a level of {substance.name}")
    written = str(said(event, "concentration"))
    quantity = read_quantity("unknown" if not written or fold_name(written) in LEVELS else written)
    if quantity.unknown:
        raise Fault(f"@{event.id} states no concentration", "name a level that was measured")
    span = _in_ng(quantity, substance, f"@{event.id}")
    by, note = _uncertainty(event)
    return Found(
        span=Span(max(0.0, span.lo * (1 - by)), span.hi * (1 + by)), words=quantity.words, id=event.id, notes=(note,)
    )


def _in_ng(quantity: Quantity, substance: Substance, named: str) -> Span:
    found = measured(quantity)
    if found is None:
        raise Fault(f"{named} says nothing of a level", "write a concentration, such as '3540 ng/mL'")
    if compatible(found.unit, "ng/mL"):
        by = factor(found.unit, "ng/mL")
    elif compatible(found.unit, "umol/L") and substance.molar_mass is not None:
        by = factor(found.unit, "umol/L") * substance.molar_mass
    else:
        unit = unit_words(found.unit, one=False) or "no unit"
        raise Fault(f"{named} is in {unit}, which is no level in blood", "write a concentration, such as '3540 ng/mL'")
    return Span(float(found.lo * by), float("inf") if found.hi is None else float(found.hi * by))


def _uncertainty(event: RecordedEvent) -> tuple[float, str]:
    """Give by what part of itself the laboratory's value may be off, and the sentence that says so."""
    written = str(said(event, "uncertainty"))
    share = share_of(written)
    if share is not None:
        return float(share), f"the level of @{event.id} is taken with its {written}"
    why = f"{written!r} is not read" if written else "is not recorded"
    return 0.0, f"the laboratory's uncertainty of @{event.id} {why}: its value is taken as it stands"
