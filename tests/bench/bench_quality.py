"""What the live checks cost: of a whole document in the worker, and on the loop after one edit.

Run: `python -m tests.bench.bench_quality [CUES]`. Exits 1 where a budget is missed.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, thread_time

from tests.bench.desktop import webvtt_of
from tests.ui.desk_session import DeskSession
from tests.ui.desk_workspace import run_now
from vtt_desktop.app.problem_neighbours import NearCheck
from vtt_desktop.app.problem_worker import Checks, check_chunks, checks_of
from vtt_desktop.app.problems import LiveProblems
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.quality.profiles import load_profile

PROFILE = "netflix-en"
WHOLE_S, EDIT_MS = 1.0, 1.0
EDITS = 200


def least(work: Callable[[], object], times: int = 3) -> float:
    """The shortest of several runs, s: the others ran while the machine did something else besides."""
    took = []
    for _ in range(times):
        begun = perf_counter()
        work()
        took.append(perf_counter() - begun)
    return min(took)


def after_edits(session: DeskSession, problems: LiveProblems) -> float:
    """Median CPU ms that the checks take on the loop after a text has changed."""
    document, took = session.document, []
    ids = document.snapshot.cues.ids
    for i in range(EDITS):
        edit = set_text(
            document.snapshot, ids[i * 7 % len(ids)], f"too long for {'anybody to read ' * (i % 5)}"
        )
        change = document.apply(edit)
        begun = thread_time()
        problems._edited(change)
        took.append((thread_time() - begun) * 1000)
    return median(took)


def main(cues: int) -> int:
    gc.disable()  # as in the program, which collects in its own time
    snapshot = read_webvtt(webvtt_of(cues)).snapshot
    missed = False
    for name in ("", PROFILE):
        checks = checks_of(snapshot, "WebVTT", load_profile(name) if name else None)

        def whole(checks: Checks = checks) -> None:
            near = NearCheck()
            read = near.read(checks.profile)
            check_chunks(snapshot, checks, lambda: False, lambda found: None, read)
            near.check(snapshot, checks)

        took = least(whole)
        missed |= took > WHOLE_S
        print(line(f"{cues:,} cues from nothing, {name or 'WebVTT alone'}", took, WHOLE_S, "s"))
    session = DeskSession(list(snapshot.cues))
    problems = LiveProblems(run_now)
    problems.set_session(session)
    problems.set_profile(PROFILE)
    session.document.changed = type(session.document.changed)()  # told by hand below, to be timed
    took = after_edits(session, problems)
    missed |= took > EDIT_MS
    print(line(f"after one edit, {PROFILE}", took, EDIT_MS, "ms CPU"))
    return int(missed)


def line(what: str, took: float, budget: float, unit: str) -> str:
    word = "ok  " if took <= budget else "OVER"
    return f"{word} {what}: {took:.3f} {unit} (budget {budget:g}); ratio {took / budget:.2f}"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
