"""The memory of reading, drafting and quarantining is flat: five times the rows, the same peak.

The log's own (a cache of 64 MB that fills, then stays) is left out: a writer that forgets stands in for it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks are read as Linux gives them")

PEAK = """
import sys
from contextlib import contextmanager
from pathlib import Path
from events.batches.load import load
from events.log.append import Appended

class Forgetful:
    outcome = Appended()
    reads_as = {}

    @contextmanager
    def writing(self, actor):
        yield self

    def append(self, drafts):
        assert sum(1 for _ in drafts) > 5_000

    def case_zone(self, case):
        return ""

    def batch(self, *names):
        pass

rows, mapping = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None
load(Forgetful(), [rows], map=mapping, quarantine=Path(sys.argv[1] + ".q"))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
MAPPING = """
[[event]]
case = "{c}"
id = "{n}"
type = "dose"
when = "{d}"
zone = "Etc/UTC"
data.amount = "{a}"
"""


def peak(root: Path, *arguments: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *map(str, arguments)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return int(done.stdout)


def rows(n: int) -> str:
    """Every hundredth row is bad, and so is kept in the quarantine."""
    days = (("2023-02-30" if i % 100 == 0 else f"2023-10-{i % 28 + 1:02d}") for i in range(n))
    events = (
        {"case": f"c{i % 50}", "id": str(i), "type": "dose", "when": day, "zone": "Etc/UTC", "data": {"amount": "5 mg"}}
        for i, day in enumerate(days)
    )
    return "".join(json.dumps(event) + "\n" for event in events)


def cells(n: int) -> str:
    return "c,n,d,a\n" + "".join(
        f"c{i % 50},{i},2023-10-{i % 28 + 1:02d},{'x' if i % 100 == 0 else '5 mg'}\n" for i in range(n)
    )


def test_peak_memory_does_not_grow_with_the_rows(root: Path, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    for make, suffix, mapping in ((rows, "jsonl", []), (cells, "csv", [tmp_path / "m.toml"])):
        peaks = []
        for n in (8_000, 40_000):
            file = tmp_path / f"{n}.{suffix}"
            file.write_text(make(n), encoding="utf-8")
            peaks.append(peak(root, file, *mapping))
        assert peaks[1] < peaks[0] * 1.1, (suffix, peaks)
