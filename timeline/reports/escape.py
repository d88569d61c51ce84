"""Makes any text safe where it is shown: a terminal, Markdown, JSON. Never changes what is stored."""

from __future__ import annotations

import json
import re
from typing import Any, Final

_HIDDEN: Final = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u061c\u00ad\U000e0000-\U000e007f]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_LEADING: Final = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def visible(text: str) -> str:
    r"""Give text with control characters as `\\x1b` and bidi or zero-width ones as `⟦U+202E⟧`; keeps tab and newline.

    >>> print(visible("a\x1b[31mb\u202ec"))
    a\x1b[31mb⟦U+202E⟧c
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _HIDDEN.sub(lambda found: f"⟦U+{ord(found.group()):04X}⟧", text)
    return _CONTROL.sub(_escaped, shown)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def one_line(text: str) -> str:
    r"""Give text as a single visible line.

    >>> one_line("no\n such   thing\x07")
    'no such thing\\x07'
    """
    return visible(" ".join(text.split()))


def markdown(text: str) -> str:
    r"""Give text that Markdown shows as it stands: no markup, no HTML, one line.

    >>> print(markdown("<b>*a* | `b`"))
    \<b\>\*a\* \| \`b\`
    >>> print(markdown("1. not a list"))
    1\. not a list
    """
    escaped = _MARKDOWN.sub(r"\\\1", one_line(text))
    return _LEADING.sub(lambda found: found.group(1) + found.group(2)[:-1] + "\\" + found.group(2)[-1], escaped)


def spreadsheet(text: str) -> str:
    r"""Give text that no spreadsheet runs when it opens a file of values: an apostrophe stands before what it could.

    >>> spreadsheet("=1+1"), spreadsheet("-"), spreadsheet("at least 27")
    ("'=1+1", "'-", 'at least 27')
    """
    shown = visible(text)
    return f"'{shown}" if shown.lstrip(" \t\n").startswith(("=", "+", "-", "@", "|", "%")) else shown


def json_text(value: Any, *, indent: int | None = 2) -> str:
    r"""Give JSON that no terminal can be fooled by: hidden and control characters stand as \uXXXX.

    >>> json_text({"a": "µ\u202e"}, indent=None)
    '{"a": "µ\\u202e"}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=_plain)
    return (
        _CONTROL.sub(_json_escape, _HIDDEN.sub(_json_escape, text))
        if not text.isascii()
        else text.replace("\x7f", "\\u007f")
    )


def _json_escape(found: re.Match[str]) -> str:
    if found.group() == "\n":
        return "\n"
    return json.dumps(found.group())[1:-1] if ord(found.group()) != 0x7F else "\\u007f"


def _plain(value: Any) -> Any:
    """Give what JSON can hold for our own values."""
    if hasattr(value, "json"):
        return value.json
    import msgspec

    return sorted(value) if isinstance(value, (set, frozenset)) else msgspec.to_builtins(value)
