"""Time stamps: the request, the reply of a throw-away authority, what is refused, and what `verify` makes of times."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault, NotHeld
from events.log import Log, open_log
from events.log.checkpoints import checkpoint, key_file, make_key
from events.log.proofs.check_proof import check_proof
from events.log.proofs.prove import prove
from events.log.stamps.der import FIRST, INTEGER, OCTETS, OID, SEQUENCE, TIME, write
from events.log.stamps.request import SHA256
from events.log.stamps.signature import NO_CA, NO_OPENSSL
from events.log.stamps.stamp import SKEW, request, take_in
from events.log.stamps.token import SIGNED_DATA, TST_INFO, Stamp, read_token, token_of
from events.log.verify import Verified, verify
from tests.databases.attack import tamper

NOON = 1_767_268_800_000_000
"""2026-01-01T12:00:00Z"""
TEXT = "20260101120000Z"
CONFIG = """[stamps]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
"""


def token(note: bytes, at: str = TEXT, *, hashed: bytes = SHA256, kind: bytes = TST_INFO) -> bytes:
    """Write a token that nobody signed."""
    imprint = write(SEQUENCE, write(SEQUENCE, write(OID, hashed)), write(OCTETS, hashlib.sha256(note).digest()))
    info = write(
        SEQUENCE, write(INTEGER, b"\1"), write(OID, b"*"), imprint, write(INTEGER, b"\1"), write(TIME, at.encode())
    )
    content = write(SEQUENCE, write(OID, kind), write(FIRST, write(OCTETS, info)))
    return write(SEQUENCE, write(OID, SIGNED_DATA), write(FIRST, write(SEQUENCE, write(INTEGER, b"\3"), content)))


def reply(token: bytes, status: bytes = b"\0") -> bytes:
    return write(SEQUENCE, write(SEQUENCE, write(INTEGER, status)), token)


@pytest.fixture
def noted(log: Log, draft: Callable[..., Any]) -> bytes:
    """A log of three events recorded an hour before noon, and the note of its checkpoint."""
    with log.writing("keeper", lambda: NOON - 3_600_000_000) as writer:
        writer.append(draft("a", f"text {n}", event_id=f"e{n}") for n in range(3))
    return checkpoint(log, key_file(log.where)).encode()


def taken(log: Log, token: bytes, **more: Any) -> dict[str, Any]:
    return take_in(log, reply(token), **{"now": NOON + 60_000_000, **more})


def appended(log: Log, draft: Callable[..., Any], at: int) -> None:
    with log.writing("keeper", lambda: at) as writer:
        writer.append([draft("a", "later", event_id=f"at{at}")])


def kinds(done: Verified) -> set[tuple[int | None, str]]:
    return {(one.position, one.kind) for one in done.problems}


def test_a_token_says_of_what_and_when() -> None:
    assert read_token(token(b"abc")) == Stamp(hashlib.sha256(b"abc").digest(), NOON)
    assert read_token(token(b"abc", "20260101120000.25Z")).at == NOON + 250_000
    assert token_of(reply(token(b"abc"))) == token_of(token(b"abc")) == token(b"abc")


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"\x30\x81\x01\x00",
        b"not a token at all",
        token(b"abc") + b"\0",
        token(b"abc")[:-1],
        token(b"abc", "20260101120000"),
        token(b"abc", "20261301120000Z"),
        token(b"abc", hashed=b"\x2b\x0e\x03\x02\x1a"),
        token(b"abc", kind=SIGNED_DATA),
    ],
)
def test_what_is_no_token_is_refused_in_one_line(bad: bytes) -> None:
    with pytest.raises(Fault, match=r"^this is not .*; name the file"):
        read_token(token_of(bad))


def test_every_cut_token_is_refused() -> None:
    whole = reply(token(b"abc"))
    for end in range(len(whole)):
        with pytest.raises((Fault, NotHeld)):
            read_token(token_of(whole[:end]))


def test_a_log_without_a_checkpoint_has_nothing_to_stamp(log: Log) -> None:
    with pytest.raises(Fault, match="no checkpoint to stamp; make one with `casefold checkpoint`"):
        request(log)


def test_a_stamp_becomes_an_event_in_the_reserved_case(log: Log, noted: bytes) -> None:
    done = taken(log, token(noted))
    assert (done["size"], done["position"], done["time"]) == (3, 4, "2026-01-01T12:00:00.000000Z")
    assert (done["signature"], done["not_checked"]) == ("not checked", [NO_CA])
    (event,) = log.events("casefold:log")
    assert (event.type, event.written) == (
        "log.stamp",
        {"size": 3, "root": done["root"], "token_sha256": hashlib.sha256(token(noted)).hexdigest()},
    )
    held = verify(log)
    assert held.ok
    assert [(one.size, one.position, one.signature) for one in held.stamps] == [(3, 4, "not checked")]
    assert f"the signatures of the time stamps were not checked: {NO_CA}" in held.unknown


def test_an_older_checkpoint_may_be_stamped_too(log: Log, noted: bytes, draft: Callable[..., Any]) -> None:
    appended(log, draft, NOON)
    checkpoint(log, key_file(log.where))
    assert taken(log, token(noted))["size"] == 3


def test_nothing_is_written_of_a_stamp_that_is_refused(log: Log, noted: bytes) -> None:
    taken(log, token(noted))
    before = log.head()
    for refused, error, words in (
        (token(b"other"), NotHeld, "which is that of no checkpoint of this log"),
        (token(noted), Fault, "is in the log already"),
        (token(noted, "20260101105459Z"), NotHeld, "an event it covers was recorded at 2026-01-01T11:00"),
        (token(noted, "20260101120601Z"), Fault, "set the clock"),
    ):
        with pytest.raises(error, match=words):
            taken(log, refused)
    with pytest.raises(NotHeld, match=r"granted no time stamp \(status 2\)"):
        take_in(log, reply(token(noted), b"\2"))
    assert log.head() == before
    assert log.rows("SELECT count(*) FROM timestamp") == [(1,)]


def test_a_clock_that_is_a_little_slow_is_no_finding(log: Log, noted: bytes, draft: Callable[..., Any]) -> None:
    take_in(log, token(noted), now=NOON - SKEW)
    assert verify(log).ok
    log.close()
    with open_log(log.where, mode="write") as again:
        appended(again, draft, NOON - SKEW)
        assert verify(again).ok


@pytest.mark.parametrize(
    ("at", "found"),
    [
        ("20260101105459Z", {(3, "back-dated")}),
        ("20260101105500Z", set()),
        ("20260101120600Z", set()),
        ("20260101120601Z", {(4, "back-dated")}),
    ],
)
def test_times_that_do_not_fit_a_stamp_are_back_dated(
    log: Log, noted: bytes, monkeypatch: pytest.MonkeyPatch, at: str, found: set[tuple[int, str]]
) -> None:
    monkeypatch.setattr("events.log.stamps.stamp._plausible", lambda *_: None)
    taken(log, token(noted, at))
    assert kinds(verify(log)) == found


@pytest.mark.both
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM timestamp", (4, "missing")),
        ("UPDATE timestamp SET token = x'61'", (None, "column")),
        ("UPDATE timestamp SET size = 2", (4, "checkpoint")),
        ("DELETE FROM checkpoint", (4, "checkpoint")),
        ("UPDATE checkpoint SET note = note || x'0a'", (4, "checkpoint")),
    ],
)
def test_a_stamp_tampered_with_is_found(log: Log, noted: bytes, statement: str, found: tuple[Any, str]) -> None:
    taken(log, token(noted))
    log.close()
    tamper(log.where, statement)
    with open_log(log.where) as again:
        assert found in kinds(verify(again))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A throw-away certificate authority, and another that has nothing to do with it; skips where openssl is absent."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed: the signatures of time stamps cannot be checked")
    place = tmp_path_factory.mktemp("authority")
    new = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    for name in ("ca", "stranger"):
        openssl(place, f"req -x509 {new} -keyout {name}.key -out {name}.pem -days 9 -subj /CN={name}")
    openssl(place, f"req {new} -keyout tsa.key -out tsa.csr -subj /CN=tsa")
    (place / "use").write_text("extendedKeyUsage=critical,timeStamping\n", "ascii")
    openssl(place, "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 9 -extfile use -out tsa.pem")
    (place / "serial").write_text("01\n", "ascii")
    (place / "tsa.conf").write_text(CONFIG, "ascii")
    return place


def openssl(place: Path, words: str) -> None:
    subprocess.run(["openssl", *words.split()], cwd=place, check=True, capture_output=True, timeout=60)


def stamped(authority: Path, asked: bytes) -> bytes:
    (authority / "asked.tsq").write_bytes(asked)
    openssl(authority, "ts -reply -queryfile asked.tsq -config tsa.conf -section stamps -out reply.tsr")
    return (authority / "reply.tsr").read_bytes()


def test_a_real_stamp_is_checked_against_its_authority(log: Log, noted: bytes, authority: Path) -> None:
    _, asked = request(log)
    answer = stamped(authority, asked)
    with pytest.raises(NotHeld, match="signature of the time stamp does not hold"):
        take_in(log, answer, ca=str(authority / "stranger.pem"))
    with pytest.raises(NotHeld, match="which is that of no checkpoint"):
        take_in(log, stamped(authority, asked.replace(hashlib.sha256(noted).digest(), bytes(32))))
    altered = answer[:-4] + bytes((answer[-4] ^ 1,)) + answer[-3:]
    with pytest.raises(NotHeld, match="signature of the time stamp does not hold"):
        take_in(log, altered, ca=str(authority / "ca.pem"))
    with pytest.raises(Fault, match="no file of certificates"):
        take_in(log, answer, ca=str(authority / "none.pem"))
    assert log.head()[0] == 3
    done = take_in(log, answer, ca=str(authority / "ca.pem"))
    assert (done["signature"], done["not_checked"]) == ("holds", ["whether the authority's certificate was revoked"])
    held = verify(log, ca=str(authority / "ca.pem"))
    assert (held.ok, [one.signature for one in held.stamps]) == (True, ["holds"])
    assert "of the time stamps: whether the authority's certificate was revoked" in held.unknown
    assert not any("not checked" in words for words in held.unknown)
    assert kinds(verify(log, ca=str(authority / "stranger.pem"))) == {(4, "signature")}


def test_a_stamp_that_was_forged_without_the_authority_is_found(log: Log, noted: bytes, authority: Path) -> None:
    taken(log, token(noted))
    assert verify(log).ok
    assert kinds(verify(log, ca=str(authority / "ca.pem"))) == {(4, "signature")}


def test_without_openssl_it_is_said_what_was_not_checked(
    log: Log, noted: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    (tmp_path / "ca.pem").write_text("", "ascii")
    assert taken(log, token(noted), ca=str(tmp_path / "ca.pem"))["not_checked"] == [NO_OPENSSL]


def test_a_proof_brings_the_stamps_of_its_checkpoint_along(
    log: Log, noted: bytes, authority: Path, tmp_path: Path
) -> None:
    take_in(log, stamped(authority, request(log)[1]))
    packed, said = prove(log, "a")
    assert said["stamps"] == 1
    (tmp_path / "proof.zip").write_bytes(packed)
    done = check_proof(tmp_path / "proof.zip")
    assert (done["ok"], [one["file"] for one in done["stamps"]]) == (True, ["stamp-1.tst"])
    with zipfile.ZipFile(tmp_path / "proof.zip") as files:
        files.extractall(authority)
    asked = next(line for line in (authority / "README.txt").read_text("utf-8").splitlines() if "ts -verify" in line)
    openssl(authority, asked.strip().removeprefix("openssl "))
    (authority / "checkpoint.txt").write_bytes(noted + b"x")
    with pytest.raises(subprocess.CalledProcessError):
        openssl(authority, asked.strip().removeprefix("openssl "))


def test_a_proof_holds_the_oldest_stamped_checkpoint_that_covers_it(
    log: Log, noted: bytes, draft: Callable[..., Any]
) -> None:
    """That one says the earliest time by which all of it was there; a later stamp says less, and none says nothing."""
    appended(log, draft, NOON)
    assert sizes(log) == {"e0": 3, "the case": 0}
    notes = {3: noted, 4: checkpoint(log, key_file(log.where)).encode()}
    assert sizes(log) == {"e0": 4, "the case": 4}
    taken(log, token(notes[3]))
    assert sizes(log) == {"e0": 3, "the case": 4}
    appended(log, draft, NOON + 60_000_000)
    notes[6] = checkpoint(log, key_file(log.where)).encode()
    taken(log, token(notes[6], "20260101120200Z"))
    appended(log, draft, NOON + 120_000_000)
    assert sizes(log) == {"e0": 3, "the case": 0}
    checkpoint(log, key_file(log.where))
    assert sizes(log) == {"e0": 3, "the case": 8}


def test_a_proof_is_not_unsigned_for_the_sake_of_a_stamp(log: Log, noted: bytes) -> None:
    taken(log, token(noted))
    make_key(log, key_file(log.where))
    assert sizes(log)["e0"] == 3
    checkpoint(log, key_file(log.where))
    assert sizes(log)["e0"] == log.head()[0]


def sizes(log: Log) -> dict[str, int]:
    """Give the sizes of the checkpoints that prove the first event, and the whole case; 0 where none can."""
    made = {}
    for name, ids in {"e0": ["e0"], "the case": []}.items():
        with suppress(Fault):
            made[name] = prove(log, "a", ids)[1]["size"]
    return {"e0": 0, "the case": 0} | made


@pytest.mark.parametrize(("stamp", "words"), [(token(b"another"), "of something else"), (b"no", "not a time stamp")])
def test_a_stamp_of_something_else_is_no_part_of_a_proof(
    log: Log, noted: bytes, tmp_path: Path, stamp: bytes, words: str
) -> None:
    taken(log, token(noted))
    (tmp_path / "proof.zip").write_bytes(prove(log, "a")[0])
    with zipfile.ZipFile(tmp_path / "proof.zip", "a") as files:
        files.writestr("stamp-2.tst", stamp)
    done = check_proof(tmp_path / "proof.zip")
    assert not done["ok"]
    assert f"stamp-2.tst{' is' if words.startswith('of') else ': this is'}" in done["problems"][0]
    assert words in done["problems"][0]
