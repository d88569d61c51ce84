"""How long a line takes to become a leaf and back: microseconds, ratios to plain json + SHA-256. Asserts nothing."""

from __future__ import annotations

import hashlib
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from events.codec import content_id, leaf, recorded, same_content, strict_json
from events.drafting import drafted

ROUNDS = 7
EVENTS = 5_000
ZONE = "America/Los_Angeles"


def _line(n: int) -> bytes:
    when = f"2023-{n % 12 + 1:02}-{n % 28 + 1:02}T{n % 24:02}:{n % 60:02}:{n * 7 % 60:02}Z"
    fields = {
        "case": f"case-{n // 100}",
        "id": f"row-{n}",
        "type": "injection",
        "when": when,
        "data": {"substance": "ketamine", "amount": f"{n % 90 + 10} mg", "route": "intravenous", "given_by": "clinic"},
        "source": {"speaker": "clinic", "standing": "documented", "document": "infusion record", "locator": f"row {n}"},
    }
    return json.dumps(fields).encode()


def _each(run: Callable[[int], Any]) -> float:
    """Give the median over rounds of microseconds an event."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for n in range(EVENTS):
            run(n)
        times.append((time.perf_counter() - start) / EVENTS * 1e6)
    return statistics.median(times)


def main() -> None:
    """Print one row a step."""
    lines = [_line(n) for n in range(EVENTS)]
    fields = [strict_json(line) for line in lines]
    drafts = [drafted(one, zone=ZONE).draft for one in fields]

    def store(n: int) -> bytes:
        made = leaf(
            drafts[n],
            log="casefold/0123456789abcdef0123456789abcdef",
            position=n + 1,
            case_position=n % 100 + 1,
            prev=b"\x01" * 32,
            event_id=drafts[n].id,
            recorded_at=1_700_000_000_000_000 + n,
            tzdata="2026a",
            salt=lambda: bytes(16),
        )
        return made.body

    bodies = [store(n) for n in range(EVENTS)]

    def plain(n: int) -> bytes:
        value = json.loads(lines[n])
        return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).digest()

    base = _each(plain)
    steps: dict[str, Callable[[int], Any]] = {
        "strict_json": lambda n: strict_json(lines[n]),
        "drafted": lambda n: drafted(fields[n], zone=ZONE),
        "leaf": store,
        "content_id": lambda n: content_id(drafts[n].own, b"key"),
        "recorded": lambda n: recorded(bodies[n], {}),
        "same_content": lambda n: same_content(drafts[n], bodies[n], {}),
    }
    print(f"{len(lines[0])} bytes a line; json.loads + dumps + sha256: {base:.2f} us an event")
    for name, run in steps.items():
        took = _each(run)
        print(f"{name:14} {took:6.2f} us   {took / base:5.2f} x")


if __name__ == "__main__":
    main()
