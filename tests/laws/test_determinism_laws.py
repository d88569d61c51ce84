"""The same facts give the same bytes in every process: whatever the hash seed, the locale, the machine's time zone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import hashlib, json, sys
from tests.telling import recorded
from timeline.answers import AsOf, answer_json
from timeline.case import CaseTimeline
from timeline.reports.escape import json_text
from timeline.views import ask

lines = [json.loads(line) for line in open("timeline/demo/perry.jsonl", encoding="utf-8")]
lines.append({"case": "perry", "id": "fix", "type": "amend.correct",
              "data": {"target": "shot-2", "set": {"when": "2023-10-28T12:50", "data": {"place": "home"}}}})
timeline = CaseTimeline.of("perry", recorded(*lines, case="perry"))
shots = {"type": "injection", "window": "4 days before @death"}
for view, asked in (("chronology", {}), ("dose-total", shots), ("conflicts", {}), ("history", {"id": "shot-2"}),
                    ("changes", {"from": "30", "view": ("dose-total --window '4 days before @death'",)})):
    text = json_text(answer_json(ask(timeline, view, asked), as_of=AsOf()))
    print(view, hashlib.sha256(text.encode()).hexdigest())
"""
MACHINES = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "4711", "TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
)


def test_answers_are_the_same_bytes_on_every_machine(root: Path) -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root), **machine},
            capture_output=True,
            text=True,
            check=False,
        )
        for machine in MACHINES
    ]
    assert not any(run.returncode for run in runs), runs[0].stderr + runs[1].stderr
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count("\n") == 5
