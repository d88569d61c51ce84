"""Signed notes and the checkpoints they carry, as text (C2SP signed-note and tlog-checkpoint). Reads no file, no log.

A key is trusted because the caller hands it over, never because a note names it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, final

from events.errors import Fault, NotHeld
from events.log.proofs.base64_text import base64_of, bytes_of

NOTE_BYTES: Final = 1 << 20
"""The longest note that is read."""
SIGNATURES: Final = 100
"""The most signatures that a note may carry."""
ROOT_BYTES: Final = 32

_ED25519: Final = b"\x01"
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 4
_SIGNED: Final = "— "
_PRIVATE: Final = "PRIVATE+KEY+"
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,19}", re.ASCII)
_KEY_TEXT: Final = re.compile(r"([^+]*)\+([0-9a-f]{8})\+(.*)", re.DOTALL)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyingKey:
    """The public half of an Ed25519 key, with its name: what a reader pins. `str` gives its text form (vkey)."""

    name: str
    public: bytes

    @property
    def id(self) -> str:
        """Give the key's id, 8 hex digits; a label, too short to tell keys apart from forged ones."""
        about = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(about).digest()[:_ID_BYTES].hex()

    def __str__(self) -> str:
        return f"{self.name}+{self.id}+{base64_of(_ED25519 + self.public)}"

    def signed(self, text: str, signature: bytes) -> bool:
        """Whether the signature is this key's, on this text."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """An Ed25519 key, with its name. Its text form (skey) is `secret_text`; nothing else shows the seed."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifying(self) -> VerifyingKey:
        """Give the public half."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifyingKey(name=self.name, public=public)

    @property
    def secret_text(self) -> str:
        """Give the text form, which is as secret as the key."""
        return f"{_PRIVATE}{self.name}+{self.verifying.id}+{base64_of(_ED25519 + self.seed)}"

    def signature(self, text: str) -> bytes:
        """Sign a text; 64 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature line of a note: whose it says it is, and the bytes."""

    name: str
    id: str
    signature: bytes


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text that was signed: by which of the keys asked for, and the signatures of which nothing is known."""

    text: str
    signed_by: tuple[VerifyingKey, ...]
    unknown: tuple[Signature, ...] = ()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a log says of itself: its origin, its size in leaves, its root; `more` lines are carried, not understood.

    `str` gives the text that is signed. Raises `Fault` where it could not be read back.

    >>> print(Checkpoint(origin="casefold/0f", size=7, root=bytes(32)), end="")
    casefold/0f
    7
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    """

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.more):
            if not line or "\n" in line or _CONTROL.search(line) or not _is_text(line):
                raise Fault(f"{line!r} is not a line of a checkpoint", "leave out empty lines and control characters")
        if not 0 <= self.size < 1 << 64:
            raise Fault(f"{self.size} is not the size of a log", "write a whole number from 0, below 2 to the 64th")
        if len(self.root) != ROOT_BYTES:
            raise Fault(f"a root has {ROOT_BYTES} bytes, this one {len(self.root)}", "use the root of a SHA-256 tree")

    def __str__(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, str(self.size), base64_of(self.root), *self.more))


def new_key(name: str) -> SigningKey:
    """Make a new key; the name is the origin of the log that it signs.

    Raises `Fault` for a name that no note may carry.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    _check_name(name)
    return SigningKey(name=name, seed=Ed25519PrivateKey.generate().private_bytes_raw())


def read_vkey(text: str) -> VerifyingKey:
    """Read the text form of a verifying key; raises `Fault`.

    >>> read_vkey("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k").name
    'example.com/foo'
    """
    name, key_id, public = _key_parts(
        text, "a verifying key is NAME+ID+KEY on one line, as `casefold key new` shows it"
    )
    key = VerifyingKey(name=name, public=public)
    if key.id != key_id:
        raise Fault(f"the key of {name} has the id {key.id}, not {key_id}", "copy the whole line again")
    return key


def read_skey(text: str) -> SigningKey:
    """Read the text form of a signing key; raises `Fault`, which never repeats the text."""
    if not text.startswith(_PRIVATE):
        raise Fault("this is not a signing key", f"name a file whose one line begins with {_PRIVATE}")
    name, key_id, seed = _key_parts(text.removeprefix(_PRIVATE), f"a signing key is {_PRIVATE}NAME+ID+KEY on one line")
    key = SigningKey(name=name, seed=seed)
    if key.verifying.id != key_id:
        raise Fault(f"the signing key of {name} does not give its own id", "restore the file from your copy of it")
    return key


def sign(text: str, *keys: SigningKey) -> str:
    """Give the note: the text, then a signature by each key. Raises `Fault` where no note may carry the text."""
    if not keys:
        raise Fault("a note without a signature is not a note", "name a key")
    for key in keys:
        _check_name(key.name)
    if not text.endswith("\n") or _CONTROL.search(text) or not _is_text(text):
        raise Fault("this text cannot be signed", "end it with a newline, and leave out other control characters")
    lines = (
        f"{_SIGNED}{key.name} {base64_of(bytes.fromhex(key.verifying.id) + key.signature(text))}\n" for key in keys
    )
    return f"{text}\n{''.join(lines)}"


def parts(note: bytes) -> tuple[str, tuple[Signature, ...]]:
    """Take a note apart into its text and its signatures, which are not checked. Raises `Fault`."""
    if len(note) > NOTE_BYTES:
        raise Fault(f"a note of {len(note)} bytes is too long", f"a note has at most {NOTE_BYTES} bytes")
    try:
        whole = note.decode()
    except UnicodeDecodeError as error:
        raise Fault(f"byte {error.start + 1} of the note is not UTF-8", "use the note as it was given out") from None
    if control := _CONTROL.search(whole):
        raise Fault(f"the note has the control character {control[0]!r}", "use the note as it was given out")
    text, separator, lines = whole.rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise Fault("this is not a signed note", "a note is a text, an empty line, and signature lines, each ended")
    signatures = lines.removesuffix("\n").split("\n")
    if len(signatures) > SIGNATURES:
        raise Fault(f"the note has {len(signatures)} signatures", f"a note has at most {SIGNATURES}")
    return f"{text}\n", tuple(_signature(line) for line in signatures)


def open_note(note: bytes, keys: Iterable[VerifyingKey]) -> Note:
    """Give the text of a note that at least one of these keys signed; the signatures of other keys are left alone.

    Raises `Fault` where it is not a note, `NotHeld` where none of the keys signed it or a signature of one is bad.
    """
    known: dict[tuple[str, str], VerifyingKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise Fault(f"two different keys have the name {key.name} and the id {key.id}", "name only one of them")
    text, signatures = parts(note)
    signed_by: dict[VerifyingKey, None] = {}
    unknown = []
    for one in signatures:
        found = known.get((one.name, one.id))
        if found is None:
            unknown.append(one)
        elif not found.signed(text, one.signature):
            raise NotHeld(f"the signature of {one.name}+{one.id} is not that key's on this text: one was altered")
        else:
            signed_by[found] = None
    if not signed_by:
        raise NotHeld("the note is signed by none of the keys it was to be checked with; name the key with --vkey")
    return Note(text=text, signed_by=tuple(signed_by), unknown=tuple(unknown))


def read_checkpoint(text: str) -> Checkpoint:
    r"""Read the text of a checkpoint; raises `Fault`.

    >>> read_checkpoint("casefold/0f\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n").size
    7
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():
        raise Fault(
            "this is not a checkpoint", "a checkpoint is an origin, a size and a root, each a line that is ended"
        )
    origin, size, root, *more = lines
    if not _SIZE.fullmatch(size):
        raise Fault(
            f"{size[:40]!r} is not the size of a log", "write a whole number from 0, without sign or zeros before"
        )
    return Checkpoint(origin=origin, size=int(size), root=bytes_of(root, "the root"), more=tuple(more))


def _signature(line: str) -> Signature:
    name, separator, written = line.removeprefix(_SIGNED).partition(" ")
    if not line.startswith(_SIGNED) or not separator or not _is_name(name):
        raise Fault(f"{line[:80]!r} is not a signature line", "use the note as it was given out")
    both = bytes_of(written, f"the signature of {name}")
    if len(both) <= _ID_BYTES:
        raise Fault(f"the signature of {name} is too short", "use the note as it was given out")
    return Signature(name=name, id=both[:_ID_BYTES].hex(), signature=both[_ID_BYTES:])


def _key_parts(text: str, instead: str) -> tuple[str, str, bytes]:
    """Take a key's text form apart: its name, the id it says it has, its 32 bytes."""
    found = _KEY_TEXT.fullmatch(text)
    if not found or not _is_name(found[1]):
        raise Fault("this is not a key", instead)
    key = bytes_of(found[3], "the key", secret=True)
    if key[:1] != _ED25519 or len(key) != 1 + _KEY_BYTES:
        raise Fault(f"the key of {found[1]} is not an Ed25519 key", instead)
    return found[1], found[2], key[1:]


def _check_name(name: str) -> None:
    if not _is_name(name):
        raise Fault(f"{name!r} cannot name a key", "write a name without spaces, + or control characters")


def _is_name(name: str) -> bool:
    return name.split() == [name] and "+" not in name and not _CONTROL.search(name) and _is_text(name)


def _is_text(text: str) -> bool:
    """Whether it can be written as UTF-8: it has no lone surrogate."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
