"""Who says so: speaker, standing, document, locator, quote. Knows no log and weighs nothing by itself."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, final

import msgspec

STANDINGS: Final = ("found", "documented", "admitted", "stated", "alleged", "inferred")
"""Falling order; no standing at all comes after the last (SEMANTICS 3)."""


def rank(standing: str) -> int:
    """Give 0 for the strongest standing, growing as it falls; none given is the weakest.

    >>> rank("found") < rank("alleged") < rank("")
    True
    """
    return STANDINGS.index(standing) if standing in STANDINGS else len(STANDINGS)


@lru_cache(maxsize=4096)
def fold_name(name: str) -> str:
    """Give a name as names are compared: trimmed, inner white space single, case-folded, accents composed (NFC).

    >>> fold_name("  Medical   Examiner ")
    'medical examiner'
    """
    return unicodedata.normalize("NFC", " ".join(name.split()).casefold())


@final
class Source(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """On whose word a fact stands; every field empty where nothing was said.

    >>> Source(speaker="medical examiner", via="NewsNation", standing="found").words
    'medical examiner, as reported by NewsNation (found)'
    """

    speaker: str = ""
    via: str = ""
    standing: str = ""
    doc: str = ""
    document: str = ""
    locator: str = ""
    asserted: str = ""
    quote: str = ""
    reads: str = ""

    @property
    def first_hand(self) -> bool:
        """Whether the speaker is read directly, not through somebody else's report."""
        return not self.via

    @property
    def given(self) -> dict[str, str]:
        """The fields that say something, by name.

        >>> Source(speaker="police", standing="stated").given
        {'speaker': 'police', 'standing': 'stated'}
        """
        given: dict[str, str] = {}  # written out: five times as fast, and chronologies ask it of every event
        if self.speaker:
            given["speaker"] = self.speaker
        if self.via:
            given["via"] = self.via
        if self.standing:
            given["standing"] = self.standing
        if self.doc:
            given["doc"] = self.doc
        if self.document:
            given["document"] = self.document
        if self.locator:
            given["locator"] = self.locator
        if self.asserted:
            given["asserted"] = self.asserted
        if self.quote:
            given["quote"] = self.quote
        if self.reads:
            given["reads"] = self.reads
        return given

    @property
    def doc_id(self) -> str:
        """The id of the document event that `doc` names, which may be written with an @; empty for none."""
        return self.doc.removeprefix("@")

    @property
    def words(self) -> str:
        """How it is printed: speaker, reporter, standing."""
        who = self.speaker or "nobody named"
        through = f", as reported by {self.via}" if self.via else ""
        return f"{who}{through} ({self.standing})" if self.standing else f"{who}{through}"
