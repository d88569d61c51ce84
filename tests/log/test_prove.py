"""Proofs for strangers: the shipped verifier and `check-proof` accept the same ones, and refuse every altered one."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.drafting import draft as drafting
from events.errors import Fault
from events.log import Log
from events.log.checkpoints import checkpoint, key_file, make_key
from events.log.notes import new_key
from events.log.proofs.check_proof import check_proof
from events.log.proofs.prove import prove

SECRET = "the source is not to be named"


@pytest.fixture
def proved(log: Log, db: str) -> Log:
    make_key(log, key_file(db))
    lines = [
        {"case": "a", "id": f"e{n}", "type": "fact", "data": {"text": f"“fact” {n}"}, "note": "said", "private": SECRET}
        for n in range(300)
    ]
    lines[7:7] = [{"case": "b", "id": f"b{n}", "type": "fact", "data": {"text": "other"}} for n in range(5)]
    lines.append({"case": "a", "id": "fix", "type": "amend.retract", "data": {"target": "e3"}})
    with log.writing("keeper") as writer:
        writer.append([drafting(line) for line in lines])
    checkpoint(log, key_file(db))
    return log


def repacked(proof: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(proof)) as packed:
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    loose: dict[str, Any] = {**files, "proof.json": json.loads(files["proof.json"])}
    change(loose)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in loose.items():
            packed.writestr(name, text if isinstance(text, str) else json.dumps(text))
    return out.getvalue()


def stranger(folder: Path, proof: bytes, *, openssl: bool = True) -> tuple[int, str]:
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(proof)) as packed:
        packed.extractall(folder)
    env = {} if openssl else {"PATH": str(folder)}
    command = [sys.executable, "-I", "verify.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env or None, check=False)
    return done.returncode, done.stdout + done.stderr


def both(tmp_path: Path, proof: bytes) -> tuple[bool, bool]:
    (tmp_path / "proof.zip").write_bytes(proof)
    try:
        ours = check_proof(tmp_path / "proof.zip")["ok"]
    except Fault:
        ours = False
    return ours, stranger(tmp_path / "unpacked", proof)[0] == 0


def test_a_whole_case_is_proved_to_a_stranger(proved: Log, tmp_path: Path) -> None:
    proof, said = prove(proved, "a")
    assert (said["events"], said["complete"], said["last_position"], said["signed"]) == (301, True, 307, True)
    code, words = stranger(tmp_path / "x", proof)
    assert (code, words.startswith("proved: 301 events of a")) == (0, True), words
    assert words.strip().endswith("its signature holds" if shutil.which("openssl") else "on this machine)")
    assert both(tmp_path, proof) == (True, True)
    assert SECRET.encode() not in b"".join(zipfile.ZipFile(io.BytesIO(proof)).read(n) for n in ("proof.json",))


def test_the_signature_is_said_to_be_unchecked_where_there_is_no_openssl(proved: Log, tmp_path: Path) -> None:
    code, words = stranger(tmp_path / "x", prove(proved, "a", ["e3"])[0], openssl=False)
    assert (code, "WAS NOT CHECKED" in words) == (0, True)


def test_chosen_events_come_with_their_amendments(proved: Log, tmp_path: Path) -> None:
    proof, said = prove(proved, "a", ["@e3"])
    assert (said["events"], said["complete"]) == (2, False)
    assert both(tmp_path, proof) == (True, True)


def test_the_same_proof_is_the_same_file(proved: Log) -> None:
    assert prove(proved, "a", ["e1"]) == prove(proved, "a", ["e1"])


def test_what_is_no_whole_proof_is_said_in_one_line(proved: Log, tmp_path: Path) -> None:
    for n, text in enumerate(("", "{", "[]")):
        half = repacked(prove(proved, "a")[0], lambda files, text=text: files.update({"proof.json": text}))  # type: ignore[misc]
        code, said = stranger(tmp_path / f"{n}", half)
        assert (code, said.count("\n")) == (1, 1)
        assert said.startswith("NOT PROVED: this is no whole proof: ")


def altered_body(files: dict[str, Any]) -> None:
    event = files["proof.json"]["events"][4]
    event["body"] = event["body"].replace("keeper", "kepeer") if "keeper" in event["body"] else event["body"] + " "


def altered_value(files: dict[str, Any]) -> None:
    files["proof.json"]["events"][4]["disclosed"][0][2] = '"forged"'


def invented_value(files: dict[str, Any]) -> None:
    files["proof.json"]["events"][4]["disclosed"].append(["data.more", "00" * 16, '"forged"'])


def left_out(files: dict[str, Any]) -> None:
    del files["proof.json"]["events"][4]


def beginning_left_out(files: dict[str, Any]) -> None:
    del files["proof.json"]["events"][0]


def swapped(files: dict[str, Any]) -> None:
    events = files["proof.json"]["events"]
    events[4], events[5] = events[5], events[4]


def other_position(files: dict[str, Any]) -> None:
    files["proof.json"]["events"][4]["position"] += 1


def other_path(files: dict[str, Any]) -> None:
    files["proof.json"]["events"][4]["inclusion"].pop()


def other_case(files: dict[str, Any]) -> None:
    files["proof.json"]["case"] = "b"


def other_root(files: dict[str, Any]) -> None:
    lines = files["checkpoint.txt"].split("\n")
    lines[2] = "A" * 43 + "="
    files["checkpoint.txt"] = "\n".join(lines)


def other_size(files: dict[str, Any]) -> None:
    lines = files["checkpoint.txt"].split("\n")
    lines[1] = "400"
    files["checkpoint.txt"] = "\n".join(lines)


def other_log(files: dict[str, Any]) -> None:
    files["checkpoint.txt"] = files["checkpoint.txt"].replace("casefold/", "casefold/x", 1)


def nothing(files: dict[str, Any]) -> None:
    files["proof.json"]["events"] = []


def not_a_proof(files: dict[str, Any]) -> None:
    files["proof.json"] = "[]"


ATTACKS = [
    altered_body, altered_value, invented_value, left_out, beginning_left_out, swapped, other_position, other_path,
    other_case, other_root, other_size, other_log, nothing, not_a_proof,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_an_altered_proof_is_refused_by_both(
    proved: Log, tmp_path: Path, attack: Callable[[dict[str, Any]], None]
) -> None:
    assert both(tmp_path, repacked(prove(proved, "a")[0], attack)) == (False, False)


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not here")
def test_a_signature_by_another_key_is_refused_by_both(proved: Log, tmp_path: Path) -> None:
    def other_key(files: dict[str, Any]) -> None:
        files["key.txt"] = f"{new_key(proved.origin).verifying}\n"

    assert both(tmp_path, repacked(prove(proved, "a")[0], other_key)) == (False, False)


def test_a_pinned_key_must_have_signed(proved: Log, tmp_path: Path) -> None:
    (tmp_path / "proof.zip").write_bytes(prove(proved, "a", ["e1"])[0])
    done = check_proof(tmp_path / "proof.zip", [new_key(proved.origin).verifying])
    assert (done["ok"], done["signature"]) == (False, "does not hold")


def test_what_no_checkpoint_covers_is_not_proved(log: Log, proved: Log, db: str) -> None:
    with log.writing("keeper") as writer:
        writer.append([drafting({"case": "a", "id": "new", "type": "fact", "data": {"text": "x"}})])
    with pytest.raises(Fault, match="run `casefold checkpoint` first"):
        prove(log, "a")
    assert prove(log, "a", ["e1"])[1]["size"] == 307
    checkpoint(log, key_file(db))
    assert prove(log, "a")[1]["size"] == 308


@pytest.mark.parametrize("asked", [("none", []), ("a", ["none"])])
def test_what_is_not_there_cannot_be_proved(proved: Log, asked: tuple[str, list[str]]) -> None:
    with pytest.raises(Fault, match="there is no"):
        prove(proved, *asked)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a zip at all"])
def test_a_file_that_is_no_proof_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "proof.zip").write_bytes(data)
    with pytest.raises(Fault):
        check_proof(tmp_path / "proof.zip")


def test_the_verifier_is_short_and_uses_nothing_of_ours() -> None:
    source = Path(str(check_proof.__code__.co_filename)).with_name("stranger.py").read_text("utf-8")
    assert 0 < len(source.splitlines()) < 60
    assert "from events" not in source
    assert "import events" not in source
