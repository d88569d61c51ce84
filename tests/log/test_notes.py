"""Signed notes and checkpoints against the published ones, good and bad."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault, NotHeld
from events.log.notes import (
    NOTE_BYTES,
    SIGNATURES,
    Checkpoint,
    VerifyingKey,
    new_key,
    open_note,
    parts,
    read_checkpoint,
    read_skey,
    read_vkey,
    sign,
)

ROOT = hashlib.sha256(b"root").digest()
TEXT = "casefold/0f\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


@pytest.fixture(scope="module")
def known(shared: Path) -> Any:
    return json.loads((shared / "vectors" / "signed_note_checkpoint.json").read_text("utf-8"))


def next_byte(text: str, at: int) -> str:
    return text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :]


def test_the_published_key_signs_the_published_note(known: Any) -> None:
    go = known["go_note"]
    key = read_skey(go["skey"])
    assert (key.secret_text, str(key.verifying)) == (go["skey"], go["vkey"])
    assert sign(go["text"], key) == go["signed"]
    assert str(read_vkey(go["other_vkey"])) == go["other_vkey"]


def test_no_part_of_a_key_and_no_key_with_a_byte_changed_is_a_key(known: Any) -> None:
    go = known["go_note"]
    vkey = go["vkey"]
    cut = [vkey[start:stop] for start in range(len(vkey)) for stop in range(start, len(vkey) + 1)]
    for bad in [*cut[: len(vkey)], *cut[len(vkey) + 1 :], *(next_byte(vkey, at) for at in range(len(vkey)))]:
        with pytest.raises(Fault):
            read_vkey(bad)
    for bad in [*go["bad_vkeys"], f"{vkey}\n", f" {vkey}", vkey.replace("Neu", "\x01Neu")]:
        with pytest.raises(Fault):
            read_vkey(bad)


def test_no_signing_key_with_a_byte_changed_is_a_key_and_no_refusal_tells_it(known: Any) -> None:
    skey = known["go_note"]["skey"]
    secret = skey.rpartition("+")[2]
    for bad in [*(next_byte(skey, at) for at in range(len(skey))), *(skey[:-n] for n in range(1, 40)), skey[12:]]:
        with pytest.raises(Fault) as refused:
            read_skey(bad)
        assert secret[:12] not in str(refused.value)
    assert secret[:12] not in repr(read_skey(skey))


def test_the_published_notes_are_opened_or_refused_as_published(known: Any) -> None:
    for row in known["notes"]:
        note, keys = row["note"].encode(), [read_vkey(key) for key in row["vkeys"]]
        if row["ok"]:
            opened = open_note(note, keys)
            assert opened.text == row["text"], row["name"]
            assert list(opened.signed_by) == keys, row["name"]
        else:
            with pytest.raises((Fault, NotHeld)):
                open_note(note, keys)


def test_signatures_of_strangers_are_left_alone_but_named(known: Any) -> None:
    row = next(row for row in known["notes"] if row["name"] == "unknown-sig-ignored")
    (stranger,) = open_note(row["note"].encode(), [read_vkey(row["vkeys"][0])]).unknown
    assert (stranger.name, stranger.id) == ("EnochRoot", "af0cfe78")


def test_two_keys_sign_one_note_and_either_opens_it() -> None:
    old, new = new_key("casefold/0f"), new_key("casefold/0f")
    note = sign(TEXT, old, new).encode()
    assert open_note(note, [new.verifying, old.verifying]).signed_by == (old.verifying, new.verifying)
    assert open_note(note, [new.verifying]).signed_by == (new.verifying,)
    with pytest.raises(NotHeld, match="none of the keys"):
        open_note(note, [new_key("casefold/0f").verifying])


def test_one_bad_signature_of_a_known_key_spoils_the_note() -> None:
    one, two = new_key("one"), new_key("two")
    note = sign(TEXT, one, two)
    lines = note.splitlines(keepends=True)
    swapped = "".join([*lines[:-1], sign("another\n", two).splitlines(keepends=True)[-1]])
    with pytest.raises(NotHeld, match=r"signature of two\+"):
        open_note(swapped.encode(), [one.verifying, two.verifying])
    assert open_note(swapped.encode(), [one.verifying]).signed_by == (one.verifying,)


def test_no_byte_of_a_note_can_be_changed_unseen() -> None:
    key = new_key("casefold/0f")
    note = sign(TEXT, key).encode()
    for at in range(len(note)):
        for bit in (0, 5):
            changed = bytes((*note[:at], note[at] ^ 1 << bit, *note[at + 1 :]))
            with pytest.raises((Fault, NotHeld)):
                open_note(changed, [key.verifying])


def test_a_name_and_id_alone_make_no_key() -> None:
    key = new_key("casefold/0f")

    other = new_key("casefold/0f").verifying
    note = sign(TEXT, key).replace(key.verifying.id, other.id).encode()
    with pytest.raises(NotHeld):
        open_note(note, [VerifyingKey(name=key.name, public=other.public)])


def test_a_note_may_carry_so_much_and_no_more() -> None:
    key = new_key("one")
    line = sign(TEXT, key).splitlines(keepends=True)[-1]
    assert len(parts(f"{TEXT}\n{line * SIGNATURES}".encode())[1]) == SIGNATURES
    with pytest.raises(Fault, match="101 signatures"):
        parts(f"{TEXT}\n{line * (SIGNATURES + 1)}".encode())
    room = NOTE_BYTES - len(f"\n\n{line}".encode())
    assert parts(f"{'a' * room}\n\n{line}".encode())[0] == "a" * room + "\n"
    with pytest.raises(Fault, match="too long"):
        parts(f"{'a' * (room + 1)}\n\n{line}".encode())


@pytest.mark.parametrize(
    ("what", "instead"),
    [
        ("\n", "\r\n"),
        ("casefold", "case\tfold"),
        ("casefold", "case\x00fold"),
        ("— ", "- "),
        ("— ", "—"),
        ("— ", "—  "),
    ],
)
def test_other_line_ends_other_dashes_and_control_characters_are_refused(what: str, instead: str) -> None:
    key = new_key("one")
    note = sign(TEXT, key).encode().replace(what.encode(), instead.encode())
    with pytest.raises(Fault):
        parts(note)
    with pytest.raises(Fault):
        open_note(note, [key.verifying])


@pytest.mark.parametrize(
    "line", ["— one AAAAAA==", "— one AAAA", "— one ", "— one", "— o+e AAAAAAA=", "— one AAAAAAA= x"]
)
def test_a_line_that_is_no_signature_spoils_the_note(line: str) -> None:
    key = new_key("one")
    with pytest.raises(Fault):
        open_note(f"{sign(TEXT, key)}{line}\n".encode(), [key.verifying])


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(Fault, match="byte 3 of the note is not UTF-8"):
        parts(b"ab\xff\n\n\xe2\x80\x94 one AAAAAAA=\n")


@pytest.mark.parametrize("text", ["", "no end", "tab\t\n", "return\r\n", "half \ud800\n"])
def test_what_no_note_may_carry_is_not_signed(text: str) -> None:
    with pytest.raises(Fault):
        sign(text, new_key("one"))


@pytest.mark.parametrize("text", ["\n", "a\n\n", "a\n\nb\n", "— one AAAAAAA=\n", "é\u2028\n"])
def test_any_other_text_is_and_comes_back_whole(text: str) -> None:
    key = new_key("one")
    assert open_note(sign(text, key).encode(), [key.verifying]).text == text


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u00a0b", "\u2003a", "a\x01", "\ud800"])
def test_a_name_that_no_line_can_carry_names_no_key(name: str) -> None:
    with pytest.raises(Fault):
        new_key(name)
    with pytest.raises(Fault):
        sign("text\n", replace(new_key("one"), name=name))


def test_a_note_without_a_key_is_not_signed() -> None:
    with pytest.raises(Fault):
        sign("text\n")


def test_published_checkpoints_are_read_but_for_roots_that_are_no_hash(known: Any) -> None:
    for row in known["checkpoint_body_ok"]:
        with pytest.raises(Fault, match=f"a root has 32 bytes, this one {len(row['hash_utf8'])}"):
            read_checkpoint(row["text"])
        wanted = Checkpoint(
            origin=row["origin"], size=row["size"], root=hashlib.sha256(row["hash_utf8"].encode()).digest()
        )
        first, size, _, end = row["text"].split("\n")
        root = str(wanted).split("\n")[2]
        assert read_checkpoint(f"{first}\n{size}\n{root}\n{end}") == wanted


def test_the_published_example_of_a_checkpoint_is_read(known: Any) -> None:
    note = known["checkpoint_example_note_c2sp"]
    text, (signature,) = parts(note.encode())
    found = read_checkpoint(text)
    assert (found.origin, found.size, signature.name) == ("example.com/behind-the-sofa", 20852163, found.origin)
    assert str(found) == text
    assert note.startswith(f"{text}\n")


def test_published_bad_checkpoints_are_refused_whatever_their_root(known: Any) -> None:
    good = str(Checkpoint(origin="a", size=1, root=ROOT)).split("\n")[2]
    for _why, text in known["checkpoint_body_bad"]:
        for tried in (text, text.replace("dGhlIHZpZXcgZnJvbSB0aGUgdHJlZSB0b3BzIGlzIGdyZWF0IQ==", good)):
            with pytest.raises(Fault):
                read_checkpoint(tried)


@pytest.mark.parametrize(
    "size", ["007", "00", "-1", "+1", "", " 7", "7 ", "1_0", "1e3", "٧", "18446744073709551616", "9" * 21, "9" * 5000]
)
def test_a_size_has_one_form(size: str) -> None:
    with pytest.raises(Fault, match="is not the size of a log"):
        read_checkpoint(TEXT.replace("\n7\n", f"\n{size}\n"))


@pytest.mark.parametrize("size", [0, 1, 2**64 - 1])
def test_a_checkpoint_comes_back_as_it_was_written(size: int) -> None:
    for more in ((), ("one", "— two")):
        wanted = Checkpoint(origin="casefold/0f", size=size, root=ROOT, more=more)
        assert read_checkpoint(str(wanted)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        TEXT.removesuffix("\n"),
        f"{TEXT}\n",
        f"{TEXT}\nmore\n",
        f"\n{TEXT}",
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("AAA=", "AAB="),
        TEXT.replace("AAA=", "AAA"),
        TEXT.replace("AAA=", "AAA=="),
        TEXT.replace("AAAA", "AAA\u200bA", 1),
    ],
)
def test_a_checkpoint_has_one_form(text: str) -> None:
    with pytest.raises(Fault):
        read_checkpoint(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("origin", ""),
        ("origin", "a\nb"),
        ("origin", "\ud800"),
        ("size", -1),
        ("size", 2**64),
        ("root", b""),
        ("more", ("",)),
    ],
)
def test_a_checkpoint_that_could_not_be_read_back_is_not_made(field: str, value: object) -> None:
    fields: dict[str, Any] = {"origin": "a", "size": 1, "root": ROOT, field: value}
    with pytest.raises(Fault):
        Checkpoint(**fields)


def test_reading_notes_loads_no_cryptography() -> None:
    code = "import sys, events.log.notes as n; n.read_checkpoint(n.parts(sys.argv[1].encode())[0]); print(*sys.modules)"
    note = sign(TEXT, new_key("one"))
    done = subprocess.run([sys.executable, "-c", code, note], capture_output=True, text=True, check=True)
    assert "cryptography" not in done.stdout.split()
