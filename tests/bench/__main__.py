"""All benches one after the other: `python -m tests.bench [NAME …]`.

Each prints a line a budget; the last lines say which bench held its own. Exits 1 where a budget was missed.
The ratios are for a quiet machine to judge.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from tests.bench.desktop import ROOT

BENCHES = (
    "open",
    "window",
    "typing",
    "table",
    "timeline",
    "quality",
    "domain",
    "webvtt",
    "sync",
    "conflicts",
)
OFFSCREEN = frozenset(("typing", "table", "timeline", "conflicts"))
"""Those that measure a view by itself, in memory."""


def main(names: Sequence[str]) -> int:
    statuses: dict[str, int] = {}
    for name in names or BENCHES:
        print(f"\n{name}", flush=True)
        env = {**os.environ, **({"QT_QPA_PLATFORM": "offscreen"} if name in OFFSCREEN else {})}
        command = [sys.executable, "-m", f"tests.bench.bench_{name}"]
        statuses[name] = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
    print()
    for name, status in statuses.items():
        print(f"{'ok  ' if status == 0 else 'OVER'} {name}")
    return int(any(statuses.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
