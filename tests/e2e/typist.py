"""Works in the real window without an end, and says each state of the document when it was accepted.

Run as a process that will be killed: `python -m tests.e2e.typist FILM SETTINGS SEED`. Each line is a JSON
list: the moment (`time.monotonic`), and the texts and times of all cues.
"""

import asyncio
import json
import random
import sys
import time
from pathlib import Path

import qasync
from PySide6.QtCore import QTimer

from tests.driver import Driver, program_running
from vtt_desktop.app.start import make_application

PACE_MS = 4
LETTERS = "abcdefghijklmnopqrstuvwxyz éßλ語\n"


def say(editor: Driver) -> None:
    cues = editor.session.document.snapshot.cues
    print(json.dumps([time.monotonic(), [[cue.text, cue.start, cue.end] for cue in cues]]), flush=True)


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


async def main(film: Path, settings: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with program_running(settings) as editor:
        await editor.open(film)
        assert editor.message == "", editor.message
        say(editor)
        editor.type("", 1)

        def next_thing() -> None:
            work(editor, chance)
            say(editor)

        timer = QTimer()
        timer.timeout.connect(next_thing)
        timer.start(PACE_MS)
        await asyncio.Event().wait()  # until SIGKILL


if __name__ == "__main__":
    with qasync.QEventLoop(make_application()) as loop:
        loop.run_until_complete(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
