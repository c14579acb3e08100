"""What edits cost in the domain and the journal, and that a keystroke does not grow with the document.

Run as a script: `python tests/bench/bench_domain.py`. Prints CPU times and ratios, and exits with 1 where a
ratio is above its budget. The floor of a bulk edit is a plain loop that builds as many cues.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, process_time, thread_time

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.domain.edits_timing import shift
from vtt_desktop.domain.history import History
from vtt_desktop.sync.journal import Journal

FEW, MANY = 1_000, 100_000
KEYS = 400
KEY_MS = 2.0
KEY_GROWTH = 3.0
"""A keystroke at 100,000 cues, over one at 1,000."""
BULK = ("shift", "undo", "redo", "delete half", "undo of that")
BULK_OVER_FLOOR = 5.0
"""Each of them over building as many cues in a loop."""


def made(count: int) -> Snapshot:
    def cue(i: int) -> Cue:
        text = f"The ferry leaves at {i % 24} o’clock,\nand not before."
        block = f"{i}\n00:00 --> 00:01\n{text}".encode()
        at = i * 2000
        return Cue(i + 1, at, at + 1500, text, "", "", b"\n\n", Source("", at, at + 1500, "", text, block))

    return Snapshot(cues=CueList.of(cue(i) for i in range(count)))


def cpu(work: Callable[[], object]) -> float:
    """Milliseconds of this thread."""
    start = thread_time()
    work()
    return (thread_time() - start) * 1000


def keystroke(snapshot: Snapshot, journal: Journal | None = None) -> float:
    """Median milliseconds to type one character in the middle, undo entry and journal queue included."""
    document = Document(snapshot)
    history = History(document, monotonic)
    if journal is not None:
        history.changed.connect(journal.append)
    cue_id = len(snapshot.cues) // 2
    text = iter(["x" * (i % 40) for i in range(1, KEYS + 1)])
    return median(
        cpu(lambda: history.do(set_text(document.snapshot, cue_id, next(text)))) for _ in range(KEYS)
    )


def bulk(snapshot: Snapshot) -> dict[str, float]:
    document = Document(snapshot)
    history = History(document, monotonic)
    ids = [cue.id for cue in snapshot.cues]
    every = list(snapshot.cues)
    half = ids[::2]
    rounds: dict[str, list[float]] = {"floor": [], **{name: [] for name in BULK}}
    for _ in range(5):
        rounds["floor"].append(cpu(lambda: [cue.at(cue.start + 1, cue.end + 1) for cue in every]))
        rounds["shift"].append(cpu(lambda: history.do(shift(document.snapshot, ids, 250))))
        rounds["undo"].append(cpu(history.undo))
        rounds["redo"].append(cpu(history.redo))
        history.undo()
        rounds["delete half"].append(cpu(lambda: history.do(remove_cues(document.snapshot, half))))
        rounds["undo of that"].append(cpu(history.undo))
    return {name: median(times) for name, times in rounds.items()}


def in_journal(snapshot: Snapshot, folder: Path) -> None:
    """What the journal's thread takes; printed only, since it depends on the disk."""
    path = folder / "bench.vttproj"
    journal = Journal.open(path, print)
    document = Document(snapshot)
    history = History(document, monotonic)
    history.changed.connect(journal.append)

    def told(what: str, work: Callable[[], object]) -> None:
        work()
        started, cpu_before = perf_counter(), process_time()
        journal.flush().result()
        wall, spent = perf_counter() - started, process_time() - cpu_before
        print(f"journal, {what}: on disk after {wall * 1000:.0f} ms, {spent * 1000:.0f} ms CPU")

    told("first checkpoint of all", lambda: journal.checkpoint(snapshot, document.next_id))
    told("one keystroke", lambda: history.do(set_text(document.snapshot, 5, "x")))
    told("next checkpoint", lambda: journal.checkpoint(document.snapshot, document.next_id))
    told(
        "shift of all",
        lambda: history.do(shift(document.snapshot, [c.id for c in document.snapshot.cues], 9)),
    )
    told("undo of it", history.undo)
    journal.close()
    print(f"journal, size: {path.stat().st_size / 1e6:.1f} MB")
    started = perf_counter()
    Journal.open(path, print).close()
    print(f"journal, recovered in {(perf_counter() - started) * 1000:.0f} ms")


def main() -> int:
    gc.disable()  # as in the program, which collects in its own time
    few, many = made(FEW), made(MANY)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal.open(Path(folder) / "keys.vttproj", print)
        small, large = keystroke(few, journal), keystroke(many, journal)
        journal.close()
        print(f"keystroke: {small:.3f} ms at {FEW:,} cues, {large:.3f} ms at {MANY:,}")
        results.append(("keystroke at 100,000 over 2 ms", large / KEY_MS, 1.0))
        results.append(("keystroke at 100,000 over 1,000", large / small, KEY_GROWTH))
        times = bulk(many)
        print(", ".join(f"{name} {ms:.0f} ms" for name, ms in times.items()), f"for {MANY:,} cues")
        for name in BULK:
            results.append((f"{name} over floor", times[name] / times["floor"], BULK_OVER_FLOOR))
        in_journal(many, Path(folder))
    for name, ratio, budget in results:
        print(f"{'ok  ' if ratio <= budget else 'OVER'} {name}: {ratio:.2f} (budget {budget:.2f})")
    return int(any(ratio > budget for _, ratio, budget in results))


if __name__ == "__main__":
    sys.exit(main())
