"""How many events a second `verify` looks at, alone and with every processor; what a proof takes. Asserts nothing.

`python bench/verify.py [EVENTS]`, 300,000 unless given.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections.abc import Iterator

from events.drafting import draft
from events.event import Draft
from events.log import Log, open_log
from events.log.auditing import sharing
from events.log.merkle import consistency_proof, inclusion_proof
from events.log.tree import hashes_in, root_of_log
from events.log.verify import verify


def _drafts(count: int) -> Iterator[Draft]:
    for n in range(count):
        yield draft(
            {
                "case": f"case-{n % 1000}",
                "id": f"row-{n}",
                "type": "injection",
                "when": f"2023-{n % 12 + 1:02}-{n % 28 + 1:02}T07:00Z",
                "data": {"substance": "ketamine", "amount": f"{n % 90 + 10} mg", "route": "intravenous"},
                "source": {"speaker": "clinic", "standing": "documented", "locator": f"row {n}"},
                **({"note": f"note {n}"} if n % 10 == 0 else {}),
            }
        )


def _verified(log: Log, words: str) -> None:
    start = time.perf_counter()
    done = verify(log)
    seconds = time.perf_counter() - start
    print(f"{words}: {done.size / seconds:,.0f} events/s, everything holds: {done.ok}")


def main(count: int) -> None:
    """Make a log, verify it both ways, prove the middle of it."""
    gc.set_threshold(100_000, 50, 50)  # as the command line does
    with tempfile.TemporaryDirectory() as folder, open_log(f"{folder}/bench.db", mode="write") as log:
        with log.writing("bench") as writer:
            writer.append(_drafts(count))
        sharing.LONG, was = sys.maxsize, sharing.LONG
        _verified(log, "verify, one process")
        sharing.LONG = was
        _verified(log, f"verify, {sharing.processors()} processors")
        hashes = hashes_in(log.rows)
        for words, run in (
            ("root", lambda: root_of_log(log.rows, count - 7)),
            ("inclusion proof", lambda: inclusion_proof(count // 2, count, hashes)),
            ("consistency proof", lambda: consistency_proof(count // 3, count, hashes)),
        ):
            start = time.perf_counter()
            for _ in range(100):
                run()
            print(f"{words}: {(time.perf_counter() - start) * 10:.2f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300_000)
