"""Runs every benchmark, one after the other: `python -m bench`. Measures nothing itself and asserts nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> None:
    for each in sorted(HERE.glob("*.py")):
        if each.stem not in ("__main__", "__init__"):
            print(f"## {each.stem}\n", flush=True)
            subprocess.run([sys.executable, "-m", f"bench.{each.stem}"], cwd=HERE.parent, check=True)
            print(flush=True)


if __name__ == "__main__":
    main()
