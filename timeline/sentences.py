"""What surrounds an answer in prose: on whose word, what is disputed, undated, left out. Computes no answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from events.event import RecordedEvent
from events.source import Source
from timeline import words
from timeline.hearing import Hearing
from timeline.set_aside import Conflict


def sentence(hearing: Hearing, said: str, ids: Iterable[str], *, undated: Sequence[str] = ()) -> str:
    """Give what a careful person would paste: the answer `said`, on whose word (of `ids`), and what stands beside."""
    ids = tuple(dict.fromkeys(ids))
    beside = (
        _capital(f"{whose_word(hearing, ids)}.") if ids else "",
        *disputes(hearing),
        *(f"{_capital(each)}." for each in hearing.notes_on(ids)),
        f"Undated: {words.listed([f'@{one}' for one in undated])}." if undated else "",
        f"Asked {hearing.account.words}; the rest is left out." if hearing.account.words else "",
    )
    return " ".join((f"{_capital(said)}.", *(part for part in beside if part)))


def whose_word(hearing: Hearing, ids: Iterable[str]) -> str:
    """Give the speakers of these events with their reporters and standings, each once: `on the word of …`."""
    told = (hearing.timeline.by_id[one] for one in ids if one in hearing.timeline.by_id)
    speakers = dict.fromkeys(_speaker(event.source) for event in told)
    return f"on the word of {words.listed(list(speakers))}"


def disputes(hearing: Hearing) -> tuple[str, ...]:
    """Give each contradiction of the account with what is shown, and why: `DISPUTED: …; …. Shown: …`."""
    return tuple(_dispute(hearing, conflict) for conflict in hearing.conflicts)


def _dispute(hearing: Hearing, conflict: Conflict) -> str:
    kept = [one for one in conflict.statements if one not in conflict.set_aside]
    told = [_telling(hearing.timeline.by_id[one]) for one in (*kept, *conflict.set_aside)]
    aside = words.listed([f"@{one}" for one in conflict.set_aside])
    return f"DISPUTED: {'; '.join(told)}. Shown: without {aside}, because {_because(hearing, kept, conflict)}."


def _because(hearing: Hearing, kept: list[str], conflict: Conflict) -> str:
    ranks = hearing.statements
    if not kept:
        return "they contradict one another and none has the stronger standing"
    weaker = min(ranks[one].rank for one in conflict.set_aside) > max(ranks[one].rank for one in kept)
    one = len(conflict.set_aside) == 1
    if weaker:
        return "its standing is weaker" if one else "their standing is weaker"
    return f"{'it contradicts' if one else 'they contradict'} what is kept"


def _telling(event: RecordedEvent) -> str:
    source = event.source
    text = "; until ".join(each for each in (event.when, event.until) if each) or event.type
    read = f'"{source.reads}", read as {text}' if source.reads else text
    return f"@{event.id} {read} ({source.speaker or 'nobody named'}, {source.standing or 'no standing given'})"


def _speaker(source: Source) -> str:
    return source.words if source.standing else f"{source.words} (no standing given)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
