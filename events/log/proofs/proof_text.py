"""An inclusion proof as text that others can read (C2SP tlog-proof). Makes no proof, checks none, reads no file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, final

from events.errors import Fault
from events.log.proofs.base64_text import base64_of, bytes_of

HEADER: Final = "c2sp.org/tlog-proof@v1"
HASH_BYTES: Final = 32
HASHES: Final = 64
"""The most hashes in a proof: a tree is not higher."""
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,19})", re.ASCII)
_AGAIN: Final = "use the proof as it was given out"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ProofText:
    """The parts of a proof: the leaf's index (its position less one), the hashes, the checkpoint as it was given out.

    `extra` is for the application and is authenticated by nothing. `str` gives the text.

    >>> print(ProofText(index=0, hashes=(), checkpoint="the note"), end="")
    c2sp.org/tlog-proof@v1
    index 0
    <BLANKLINE>
    the note
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {base64_of(self.extra)}"] if self.extra else []
        hashes = (base64_of(one) for one in self.hashes)
        return "\n".join([HEADER, *extra, f"index {self.index}", *hashes, "", self.checkpoint])


def read_proof(text: str) -> ProofText:
    r"""Read a proof; raises `Fault`. What stands in it is not checked: the checkpoint must be opened, the hashes tried.

    >>> read_proof("c2sp.org/tlog-proof@v1\nindex 5\n\nthe note\n").index
    5
    """
    head, separator, checkpoint = text.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER or not separator:
        raise Fault("this is not a proof", f"a proof begins with {HEADER} and holds a checkpoint after an empty line")
    extra = b""
    if lines and lines[0].startswith("extra "):
        extra = bytes_of(lines.pop(0).removeprefix("extra "), "the extra data")
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if not index or int(index[1]) >= 1 << 64:
        raise Fault("the proof does not say which leaf it is about", "write `index N`, N from 0, after the header")
    if len(lines) > HASHES:
        raise Fault(f"the proof has {len(lines)} hashes; no tree is so high", _AGAIN)
    hashes = tuple(bytes_of(line, "a hash of the proof") for line in lines)
    if any(len(one) != HASH_BYTES for one in hashes):
        raise Fault(f"a hash of the proof has not {HASH_BYTES} bytes", _AGAIN)
    return ProofText(index=int(index[1]), hashes=hashes, checkpoint=checkpoint, extra=extra)
