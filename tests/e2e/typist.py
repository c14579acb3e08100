"""Works in the real window without an end, and says each state of the document when it was accepted.

Run as a process that will be killed: `python -m tests.e2e.typist FILM SETTINGS SEED NOTES`. Each line is a
JSON list: the moment (`time.monotonic`), and the texts and times of all cues. NOTES: see `lives`.
"""

import asyncio
import json
import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer

from tests.driver import Driver, program_running
from tests.e2e.lives import Peer
from vtt_desktop.app.callbacks import Loop
from vtt_desktop.app.start import make_application

PACE_MS = 4
REST = 100
"""Turns without work: a few tenths of a second."""
RESTS_OFTEN = 0.015
LETTERS = "abcdefghijklmnopqrstuvwxyz éßλ語\n"


def say(editor: Driver, peer: Peer) -> None:
    cues = editor.session.document.snapshot.cues
    peer.accepted(now := time.monotonic())
    print(json.dumps([now, [[cue.text, cue.start, cue.end] for cue in cues]]), flush=True)


def work(editor: Driver, chance: random.Random) -> None:
    """One thing that a person would do next."""
    count = len(editor.session.document.snapshot.cues)
    what = chance.random()
    if what < 0.75:
        editor.type(chance.choice(LETTERS))
    elif what < 0.85:
        editor.type(chance.choice(LETTERS), chance.randint(1, count))
    elif what < 0.9:
        editor.run(chance.choice(["undo", "undo", "redo"]))
    elif what < 0.93 and count < 30:
        editor.run("insert-after")
    elif what < 0.96 and count < 30:
        editor.run("split")
    elif count > 3:
        editor.select(chance.randint(1, count))
        editor.run("delete")


async def main(film: Path, settings: Path, seed: str, notes: Path) -> None:
    chance = random.Random(int(seed))
    peer = Peer(notes)
    async with program_running(settings) as editor:
        await editor.open(film)
        assert editor.message == "", editor.message
        say(editor, peer)
        editor.type("", 1)

        rest = 0

        def next_thing() -> None:
            nonlocal rest
            if rest:
                rest -= 1  # what it did last has nothing after it that would take it along
            else:
                work(editor, chance)
                rest = REST if chance.random() < RESTS_OFTEN else 0
            say(editor, peer)

        timer = QTimer()
        timer.timeout.connect(next_thing)
        timer.start(PACE_MS)
        await asyncio.Event().wait()  # until SIGKILL


if __name__ == "__main__":
    with Loop(make_application()) as loop:
        loop.run_until_complete(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])))
