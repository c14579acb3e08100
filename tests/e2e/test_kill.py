"""The editor killed with SIGKILL while somebody works: what was accepted 0.1 s before is there."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from typing import Any

from tests.app.program import PATIENCE, ROOT, Program
from tests.e2e.lives import PROMISE_S, kept_from

KILLS = int(os.environ.get("VTT_DESKTOP_KILLS", "50"))
FILM = "WEBVTT\n\n" + "".join(f"00:0{i}.000 --> 00:0{i}.900\nCue {i}\n\n" for i in range(1, 7))


def life(program: Program, film: Path, seed: int, states: int) -> tuple[list[tuple[float, Any]], float]:
    """One life of the editor: its states with their moments, and the moment before which what was accepted
    must be there."""
    peer = program.folder / "peer"
    settings = program.folder / "settings.ini"
    command = [sys.executable, "-m", "tests.e2e.typist", film, settings, str(seed), peer]
    environment = {**program.environment, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    said: list[tuple[float, Any]] = []
    with (
        (program.folder / "stderr").open("w+") as errors,
        subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        watchdog = Timer(3 * PATIENCE, process.kill)
        watchdog.start()
        assert process.stdout is not None
        died = 0.0
        for line in process.stdout:
            if not line.endswith("\n"):
                break  # the kill cut it
            moment, cues = json.loads(line)
            said.append((moment, cues))
            if not died and len(said) > states:
                died = time.monotonic()
                os.kill(process.pid, signal.SIGKILL)
        watchdog.cancel()
        errors.seek(0)
        quiet = time.monotonic() - said[-1][0] if said else 3 * PATIENCE
        slow = f"{len(said)} of {states} states in time, the last {quiet:.1f} s ago; {errors.read()}"
        assert process.wait() == -signal.SIGKILL and died, slow
    return said, died - PROMISE_S - kept_from(peer, [moment for moment, _ in said], died)


def test_nothing_accepted_is_lost_and_nothing_is_done_twice(tmp_path: Path) -> None:
    """Two such histories at once, each of half of the kills."""
    seed = random.SystemRandom().randrange(10_000)
    with ThreadPoolExecutor(2) as threads:
        histories = [
            threads.submit(history, tmp_path / str(i), seed + 5000 * i, KILLS // 2) for i in range(2)
        ]
        for one in histories:
            one.result()


def history(folder: Path, seed: int, kills: int) -> None:
    """One document through many lives, then undone to its beginning."""
    folder.mkdir()
    program = Program(folder)
    film = program.file("film.vtt", FILM)
    chance = random.Random(seed)
    before: list[tuple[float, Any]] = []
    sure = 0.0
    for number in range(kills + 1):
        said, now_sure = life(program, film, seed + number, chance.randint(1, 120) if number < kills else 0)
        if before:
            found = said[0][1]
            times = [moment for moment, state in before if state == found]
            assert times, f"seed {seed}, life {number}: {found} was never a state of the document"
            promised = [moment for moment, _ in before if moment < sure]
            late = f"seed {seed}, life {number}: {sure - times[-1]:.3f} s more than may be are lost"
            assert not promised or times[-1] >= promised[-1], late
        before, sure = said, now_sure
    assert film.read_text() == FILM, "nobody saved"
    undone = program.run(
        """
        while desk.undo():
            pass
        desk.save("undone.vtt")
        """,
        film,
        "--project",
        next((folder / ".STATE" / "vtt-desktop" / "journals").glob("*.vttproj")),
    )
    assert undone.status == 0, undone.err
    assert (folder / "undone.vtt").read_text() == FILM, f"seed {seed}: undo reaches back over all lives"
