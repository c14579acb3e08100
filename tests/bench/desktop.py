"""A display of one's own and files of any length: what the benches of the real window stand on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.programs.watch import clock

ROOT = Path(__file__).resolve().parents[2]
LONGEST_S = 120


def webvtt_of(cues: int) -> bytes:
    """A file of cues two seconds apart, with two lines of text and an identifier each."""

    def at(ms: int) -> str:
        return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}.{ms % 1000:03}"

    text = "of the film, said by someone,\nand more."
    blocks = (f"{i + 1}\n{at(2000 * i)} --> {at(2000 * i + 1500)}\nLine {i} {text}" for i in range(cues))
    return ("WEBVTT\n\n" + "\n\n".join(blocks) + "\n").encode()


@contextmanager
def display() -> Iterator[dict[str, str]]:
    """The environment of a display of 1600 × 1000 with a window manager, where the machine has them."""
    server = shutil.which("Xvfb")
    if server is None:
        yield {"QT_QPA_PLATFORM": "offscreen"}
        return
    reading, writing = os.pipe()
    options = ["-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    x = subprocess.Popen([server, *options], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as told:
        env = {"DISPLAY": f":{told.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
    manager = shutil.which("openbox")
    wm = (
        subprocess.Popen([manager], env={**os.environ, **env}, stderr=subprocess.DEVNULL) if manager else None
    )
    try:
        yield env
    finally:
        for process in (wm, x):
            if process is not None:
                process.terminate()
                process.wait()


@dataclass(frozen=True, slots=True)
class Seen:
    """What a program did: seconds from its start to its rows on the screen, CPU seconds until then; the
    longest gap between two turns of its loop afterwards, ms; resident memory at rest, MB."""

    visible: float
    cpu: float
    gap: float
    rss: float


def output(env: dict[str, str], program: str, *args: str, state: Path) -> str:
    """What a module of `tests/bench/programs` prints, run in a process of its own. `state` is its home."""
    homes = {f"XDG_{kind}_HOME": str(state / kind.lower()) for kind in ("STATE", "CONFIG", "CACHE", "DATA")}
    done = subprocess.run(
        [sys.executable, "-m", f"tests.bench.programs.{program}", *args],
        cwd=ROOT,
        env={**os.environ, **env, **homes},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        timeout=LONGEST_S,
    )
    return done.stdout


def run(env: dict[str, str], program: str, *args: str, state: Path) -> Seen:
    """What one run of a program shows."""
    begun = clock()
    visible, cpu, gap, rss = map(float, output(env, program, *args, state=state).split()[-4:])
    return Seen(visible - begun, cpu, gap, rss)


def best(env: dict[str, str], runs: int, program: str, *args: str, state: Path | None = None) -> Seen:
    """The least of each over several runs: what the program costs, where the machine does other things too.
    Each run has an empty home, unless one is given."""
    seen = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as fresh:
            seen.append(run(env, program, *args, state=state or Path(fresh)))
    return Seen(*(min(getattr(one, name) for one in seen) for name in Seen.__slots__))
