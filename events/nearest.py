"""Advice that names the known word nearest to a mistaken one. Knows no fields, types or cases, and refuses nothing."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Give advice that names the known word nearest to a mistaken one, else `otherwise`, else all of them.

    >>> nearest("standng", ["standing", "speaker"])
    "did you mean 'standing'?"
    >>> nearest("STANDING", ["standing", "speaker"])
    "did you mean 'standing'?"
    >>> nearest("colour", ["standing", "speaker"])
    'use one of standing, speaker'
    >>> nearest("colour", ["standing", "speaker"], "see `casefold types`")
    'see `casefold types`'
    """
    from difflib import get_close_matches

    there = list(known)
    if near := get_close_matches(str(word), there, n=1, cutoff=0.5):
        return f"did you mean {near[0]!r}?"
    folded = {str(each).casefold(): each for each in reversed(there)}
    if near := get_close_matches(str(word).casefold(), folded, n=1, cutoff=0.5):
        return f"did you mean {folded[near[0]]!r}?"
    return otherwise or (f"use one of {', '.join(there)}" if there else "leave it out")
