"""Words of a report as HTML: everything escaped, every id that has a row linked to it. Knows no template."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from markupsafe import Markup, escape

from timeline.reports.escape import visible

_ID: Final = re.compile(r"@([A-Za-z0-9][A-Za-z0-9._:/-]*)")


def linked(text: str, targets: Collection[str]) -> Markup:
    """Give words with each `@id` that has a row made a link to it; nothing else in them is markup.

    >>> print(linked("<b> @shot-1. @nobody", {"shot-1"}))
    &lt;b&gt; <a class="ref" href="#e-shot-1">@shot-1</a>. @nobody
    """
    text = visible(text)
    if "@" not in text:
        return escape(text)
    parts: list[Markup] = []
    at = 0
    for found in _ID.finditer(text):
        name = _target(found.group(1), targets)
        if name:
            end = found.start() + 1 + len(name)
            parts += [escape(text[at : found.start()]), link(name)]
            at = end
    return Markup().join((*parts, escape(text[at:])))


def link(event_id: str) -> Markup:
    """Give the link to an event's row; ids have no character that HTML reads."""
    return Markup(f'<a class="ref" href="#e-{event_id}">@{event_id}</a>')  # noqa: S704


def _target(name: str, targets: Collection[str]) -> str:
    """Give the id meant: the longest beginning of the name that has a row, points and commas at its end left out."""
    while name and name not in targets:
        shorter = name.rstrip(".:/-")
        name = shorter if shorter != name else name.rpartition(".")[0]
    return name
