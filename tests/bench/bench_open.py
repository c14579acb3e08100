"""From the start of the process to the rows on the screen, at 1,000, 10,000 and 100,000 cues.

Run: `python -m tests.bench.bench_open [CUES …]`. The floors of the same run: an empty window of PySide6, and
a bare table over an index of blocks. Each file is opened for the first time and, with its journal there,
again. Exits 1 where a budget is missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.desktop import best, display, run, webvtt_of

START_BUDGET = 1.6
"""Times the floor's seconds from start to rows."""
RSS_BUDGET = 2.0
GAP_BUDGET_MS = 100.0
RUNS = 5


def main(sizes: Sequence[int], runs: int = RUNS) -> int:
    missed = False
    with display() as env, tempfile.TemporaryDirectory() as folder:
        empty = best(env, runs, "empty")
        print(f"empty window: {empty.visible:.2f} s ({empty.cpu:.2f} CPU), {empty.rss:.0f} MB")
        for cues in sizes:
            file = Path(folder) / f"{cues}.vtt"
            file.write_bytes(webvtt_of(cues))
            floor = best(env, runs, "floor", str(file))
            print(f"{cues:>7,} cues, floor: {floor.visible:.2f} s ({floor.cpu:.2f} CPU), {floor.rss:.0f} MB")
            home = Path(folder) / f"home-{cues}"
            run(env, "editor", str(file), state=home)
            for name, state in (("first time", None), ("again", home)):
                seen = best(env, runs, "editor", str(file), state=state)
                verdicts = (
                    (
                        f"{seen.visible / floor.visible:.2f} × floor",
                        seen.visible / floor.visible,
                        START_BUDGET,
                    ),
                    (f"{seen.rss:.0f} MB", seen.rss / floor.rss, RSS_BUDGET),
                    (f"longest gap {seen.gap:.0f} ms", seen.gap, GAP_BUDGET_MS),
                )
                words = "; ".join(f"{'' if is_ <= may else 'OVER '}{said}" for said, is_, may in verdicts)
                print(f"{cues:>7,} cues, {name}: {seen.visible:.2f} s ({seen.cpu:.2f} CPU); {words}")
                missed |= any(is_ > may for _, is_, may in verdicts)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main([int(one) for one in sys.argv[1:]] or [1_000, 10_000, 100_000]))
