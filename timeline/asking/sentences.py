"""What surrounds an answer in prose: on whose word, what is disputed, undated, left out. Computes no answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import attrgetter
from typing import Final

from events.source import Source
from timeline.asking import words
from timeline.hearings.disputes import Dispute
from timeline.hearings.hearing import Hearing

_WORD: Final = attrgetter("speaker", "via", "standing")
SHOWN: Final = 2
"""Disputes named in an answer's short words; the rest are counted."""


def sentence(hearing: Hearing, said: str, ids: Iterable[str], *, undated: Sequence[str] = ()) -> str:
    """Give what a careful person would paste: the answer `said`, on whose word (of `ids`), and what stands beside."""
    ids = tuple(dict.fromkeys(ids))
    beside = (
        _capital(f"{whose_word(hearing, ids)}.") if any(one in hearing.timeline.by_id for one in ids) else "",
        *(beside_answer(hearing.disputes, {*ids, *undated}) if hearing.disputes else ()),
        *(f"{_capital(each)}." for each in hearing.notes_on(ids)),
        f"Undated: {words.listed([f'@{one}' for one in undated])}." if undated else "",
        f"Asked {hearing.account.words}; the rest is left out." if hearing.account.words else "",
    )
    return " ".join((f"{_capital(said)}.", *(part for part in beside if part)))


def whose_word(hearing: Hearing, ids: Iterable[str]) -> str:
    """Give the speakers of these events with their reporters and standings, each once: `on the word of …`."""
    sources = [event.source for event in map(hearing.timeline.by_id.get, ids) if event is not None]
    alike = dict(zip(map(_WORD, sources), sources, strict=True))
    speakers = dict.fromkeys(map(_speaker, alike.values()))
    return f"on the word of {words.listed(list(speakers))}"


def disputes(hearing: Hearing) -> tuple[str, ...]:
    """Give each contradiction of the account with what is shown, and why: `DISPUTED: …; …. Shown: …`."""
    return tuple(each.beside for each in hearing.disputes)


def beside_answer(there: Iterable[Dispute], ids: Collection[str]) -> tuple[str, ...]:
    """Give the disputes that bear on an answer about these ids in full; of the others, what was set aside."""
    full: list[str] = []
    aside: list[str] = []
    for each in there:
        if each.bears_on(ids):
            full.append(each.beside)
        else:
            aside += each.set_aside
    rest = f"Also set aside in this account: {words.listed([f'@{one}' for one in aside])}." if aside else ""
    return (*full, *([rest] if rest else []))


def disputed(text: str, there: Iterable[Dispute], ids: Collection[str]) -> str:
    """Give an answer's short words with the disputes that bear on it: `9 to 12 days; DISPUTED by …: …`."""
    told = [each.brief for each in there if each.bears_on(ids)]
    more = f"DISPUTED {len(told) - SHOWN} more times" if len(told) > SHOWN else ""
    return "; ".join(filter(None, (text, *told[:SHOWN], more)))


def _speaker(source: Source) -> str:
    return source.words if source.standing else f"{source.words} (no standing given)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
