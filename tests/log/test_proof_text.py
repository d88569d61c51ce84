"""Proofs as text against the published ones, good and bad."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from events.errors import Fault
from events.log.proofs.proof_text import HASHES, ProofText, read_proof

LINE = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


@pytest.fixture(scope="module")
def known(shared: Path) -> Any:
    return json.loads((shared / "vectors" / "signed_note_checkpoint.json").read_text("utf-8"))


def test_the_published_proofs_are_read_and_written(known: Any) -> None:
    for row in known["tlog_proof_ok"]:
        wanted = ProofText(
            index=row["index"],
            hashes=tuple(hashlib.sha256(one.encode()).digest() for one in row["hashes_of"]),
            checkpoint=row["checkpoint"],
            extra=(row["extra"] or "").encode(),
        )
        assert str(wanted) == row["text"]
        assert read_proof(row["text"]) == wanted


def test_the_published_bad_proofs_are_refused(known: Any) -> None:
    for _why, text in known["tlog_proof_bad"]:
        with pytest.raises(Fault):
            read_proof(text)


@pytest.mark.parametrize("index", ["007", "-1", "+1", "", " 1", "1 ", "18446744073709551616", "9" * 5000])
def test_an_index_has_one_form(index: str) -> None:
    with pytest.raises(Fault, match="which leaf"):
        read_proof(f"c2sp.org/tlog-proof@v1\nindex {index}\n\nnote\n")


def test_a_proof_is_no_higher_than_a_tree() -> None:
    head = "c2sp.org/tlog-proof@v1\nindex 0\n"
    assert len(read_proof(head + f"{LINE}\n" * HASHES + "\nnote\n").hashes) == HASHES
    with pytest.raises(Fault, match="no tree is so high"):
        read_proof(head + f"{LINE}\n" * (HASHES + 1) + "\nnote\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\nindex 0\nnote\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{LINE}",
        "c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nnote\r\n",
        "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\nnote\n",
        f"c2sp.org/tlog-proof@v1\nindex 0\n{LINE[:-1]}\n\nnote\n",
    ],
)
def test_what_is_cut_or_ended_otherwise_is_refused(text: str) -> None:
    with pytest.raises(Fault):
        read_proof(text)
