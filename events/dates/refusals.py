"""Why a date text is refused, and what to write instead. Reads no date."""

from __future__ import annotations

import re

from events.errors import Fault

_FORMS = "write it like 2023-10-28, October 28, 2023 at 4:17 pm, between A and B, or 2 hours before @id"
_NUMERIC = re.compile(r"\b([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})\b")
_NAMES = "jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec"
_NTH = "[0-9]{1,2}(?:st|nd|rd|th)?"
_MONTH_AND_DAY = re.compile(rf"(?:{_NAMES})[a-z]*\.? {_NTH}|{_NTH} (?:{_NAMES})[a-z]*\.?")
_SHORT_YEAR = re.compile(
    r"\b[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2}\b(?!\1)|(?:[a-z]{3}\.?,? (?:[0-9]{1,2}(?:st|nd|rd|th)?,? )?|')[0-9]{2}$"
)
_BASIC = re.compile(r"\b([0-9]{4})([0-9]{2})([0-9]{2})\b")
_SEASONS = re.compile(r"\b(spring|summer|autumn|fall|winter)\b")
_VAGUE = re.compile(r"\b(night|overnight|evening|morning|afternoon|early|mid|late|dawn|dusk|noon|midnight|midday)\b")
_FLOATING = re.compile(
    r"\b(later|earlier|afterwards?|thereafter|then|the same|same|next|previous|following|last|ago|yesterday|today|"
    r"tomorrow|now|recently|prior|immediately|shortly|soon|just)\b"
)
_ABBREVIATION = re.compile(
    r"\b(e[sd]?t|c[sd]?t|m[sd]t|p[sd]?t|ak[sd]t|h[sd]?t|bst|ist|wes?t|ces?t|ees?t|jst|a[ce][sd]t|nz[sd]t|msk)\b"
)
_GREENWICH = re.compile(r"\b(gmt|utc)\b")
_SAME = re.compile(r"\bsame (day|date|night|evening|morning|afternoon|hour|time|week|month|year)\b")
_MEASURED = "write after @id, before @id, same day as @id, or the date"
_TEENS = re.compile(r"\b(?:(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b")
_WIDTHLESS = re.compile(r"\b(shortly|immediately|just|soon|right|some ?time|long|well|few|several|couple)\b")
_WEEKDAY = re.compile(r"(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?")
_NAMED = re.compile(r"\b(before|after|since|by|of|as) (?:his|her|their|the|its) ")
_ROUGHLY = re.compile(r"(approximately|approx\.?|roughly|ca?\.|ca|some ?time|estimated) ")
_TWO_DATES = re.compile(r"[0-9](?: to | ?- | until | through | thru )")
_BARE_HOUR = re.compile(r"(?:\bat |[0-9]{4},? )([0-9]{1,2}(?::[0-9]{2})?|[0-9]{4})(?: ?(?:hours|hrs))?$")


def _numeric(match: re.Match[str]) -> Fault:
    a, b, year = int(match[1]), int(match[3]), match[4]
    orders = [(month, day) for month, day in ((a, b), (b, a)) if 1 <= month <= 12 and 1 <= day <= 31]
    readings = [f"{year}-{month:02d}-{day:02d}" for month, day in orders]
    choice = " or ".join(dict.fromkeys(readings)) or "a date of the calendar, such as 2023-10-28"
    return Fault(f"{match[0]} does not say which is the month", f"write {choice}")


def _written(text: str, lower: str) -> Fault | None:
    """Tell what is wrong with a date's written form."""
    if match := _NUMERIC.search(lower):
        return _numeric(match)
    if _MONTH_AND_DAY.fullmatch(lower):
        return Fault(f"{text!r} has no year, or one of two digits", "write all four digits, such as October 28, 2023")
    if _SHORT_YEAR.search(lower):
        return Fault(f"{text!r} has a year of two digits", "write all four digits of the year")
    if match := _BASIC.search(lower):
        return Fault(f"{text!r} lacks the hyphens of a date", f"write {match[1]}-{match[2]}-{match[3]}")
    if "{" in text or "}" in text:
        return Fault(f"{text!r} is all of a set, not one time", "write several events, one for each member")
    if re.match(r"y-?[0-9]", lower) or re.match(r"-[0-9]", lower) or re.match(r"[+]?[0-9]{5,}", lower):
        return Fault(f"{text!r} lies outside the years 0001 to 9999", "write a year of four digits")
    return None


def _worded(text: str, lower: str) -> Fault | None:
    """Tell what is wrong with the words of a text."""
    if match := _SEASONS.search(lower):
        return Fault(f"{match[0]} is a season, whose months differ", "write the months, such as 2023-06/2023-08")
    if match := _SAME.search(lower):
        return Fault(f"{text!r}: the same {match[1]} as what?", _MEASURED)
    if match := _VAGUE.search(lower):
        return Fault(
            f"{match[0]!r} has no hours of its own",
            "write the hours, such as 2023-10-28 18:00-22:00, or give the case a table of words (case.opened words)",
        )
    if match := _FLOATING.search(lower):
        asked = "later than what?" if match[0] == "later" else f"{match[0]}: measured from what?"
        return Fault(f"{text!r}: {asked}", _MEASURED)
    if match := _GREENWICH.search(lower):
        return Fault(f"{match[0].upper()} stands where the offset does", "write Z for it, close after the time: 16:17Z")
    if match := _ABBREVIATION.search(lower):
        return Fault(
            f"{match[0].upper()} is an abbreviation that does not name one zone",
            "write Z or the offset from UTC (-07:00), or leave it out and give a zone such as America/Los_Angeles",
        )
    return None


def refusal(text: str) -> Fault:
    """Give the fault for a text that no form fits, with what to write instead.

    >>> refusal("10/11/2023").instead
    'write 2023-10-11 or 2023-11-10'
    """
    lower = text.lower().strip()
    if not lower:
        return Fault("the text is empty", "write a date, or unknown")
    if match := _NAMED.search(lower):
        return Fault(f"{text!r} does not name the event", f"write the event by its id: {match[1]} @death")
    fault = _written(text, lower) or _worded(text, lower)
    if fault is not None:
        return fault
    if _WEEKDAY.fullmatch(lower):
        return Fault(f"{text!r} names a weekday of no week", "write the date")
    if match := _ROUGHLY.match(lower):
        rest = text[match.end() :]
        return Fault(f"{match[1]!r} is not a word of the grammar", f"write about {rest}, and the width with it: ± D")
    if _TWO_DATES.search(lower):
        return Fault(f"{text!r} may be one instant or a span", "write A/B for one instant, from A to B for a span")
    if match := _BARE_HOUR.search(lower):
        return Fault(f"{match[1]!r} may be morning or afternoon", "write 04:17 or 4:17 pm")
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}.*", lower):
        return Fault(f"{text!r} is a time without a date", "write the date before it: 2023-10-28 16:17")
    if re.fullmatch(r"(?:at |during |the )?[a-z][a-z0-9._:-]*", lower):
        return Fault(f"{text!r} is not a date", "write a date; another event is named with @: before @death")
    return Fault(f"{text!r} is not read as a date", _FORMS)


def reference_refusal(text: str) -> Fault:
    """Give the fault for a text with a reference in it that no phrase fits."""
    lower = text.lower()
    if text.startswith("@"):
        return Fault(f"{text!r} does not say how the time lies to the event", f"write at {text}, or before or after it")
    if lower.count("@") > 1:
        return Fault(f"{text!r} refers to two events in one part", "write two parts: after @a; before @b")
    if re.match(r"(?:\S+ )*-[0-9]", lower):
        return Fault(f"{text!r} has a negative duration", "write after for before, or before for after, and no minus")
    if match := _TEENS.search(lower):
        return Fault(f"{match[0]!r} is not read as a number", "write numbers above twelve in figures, such as 13")
    if re.search(r"[0-9],[0-9]", lower):
        return Fault(f"{text!r} has a comma in a number", "write a point, as in 1.5, and thousands as 1500")
    if match := _WIDTHLESS.search(lower):
        return Fault(f"{match[0]!r} has no width in {text!r}", "write before @id or after @id, or a duration with it")
    return Fault(
        f"{text!r} is not read as a time relative to an event",
        "write it like before @id, more than 7 days before @id, within 4 days of @id, between 1 and 3 hours after @id",
    )
