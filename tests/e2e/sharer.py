"""Works on a shared project without an end, deciding conflicts as they come, and says each word it wrote.

Run as a process that will be killed: `python -m tests.e2e.sharer URL JOURNAL NAME LIFE SEED`, the token in
VTT_DESKTOP_TOKEN. The first line is `open`; each further one is a JSON list: the moment (`time.monotonic`) at
which a word was accepted, and the word, which no other desk or life ever writes. Beside the journal, as
`.peer`, are the notes of `lives.Peer`.
"""

import asyncio
import json
import os
import random
import sys
import time
from pathlib import Path

from tests.e2e.lives import Peer
from tests.interop.desks import Screen, desk
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Conflict

PACE_S = 0.012
MOST_CUES = 12


def united(conflict: Conflict) -> Cue | None:
    """What a careful person would compose: all words of both sides."""
    theirs, mine = conflict.theirs, conflict.mine
    if theirs is None or mine is None:
        return theirs or mine
    words = theirs.text.split()
    return theirs.with_(text=" ".join([*words, *(word for word in mine.text.split() if word not in words)]))


def decide(screen: Screen) -> None:
    for conflict in screen.desk.conflicts:
        screen.desk.resolve(conflict.id, united(conflict))


def work(screen: Screen, chance: random.Random, word: str) -> None:
    """One word more: in a cue that is there, or in one of its own."""
    cues = screen.desk.cues
    cue = chance.choice(cues)
    if len(cues) < MOST_CUES and chance.random() < 0.1:
        screen.desk.insert(after=cue.id, start=cue.end, end=cue.end + 100, text=word)
    else:
        screen.desk.set_text(cue.id, f"{cue.text} {word}")


async def main(url: str, journal: Path, name: str, life: int, seed: int) -> None:
    chance = random.Random(seed)
    peer = Peer(journal.with_suffix(".peer"))
    token = os.environ["VTT_DESKTOP_TOKEN"]
    async with desk(url, token=token, journal=journal, listen=True, author=name) as screen:
        print("open", flush=True)
        loop = asyncio.get_running_loop()
        number = 0

        def next_thing() -> None:
            nonlocal number
            number += 1
            word = f"{name}{life}.{number}"
            decide(screen)
            work(screen, chance, word)
            peer.accepted(now := time.monotonic())
            print(json.dumps([now, word]), flush=True)
            loop.call_later(PACE_S, next_thing)

        next_thing()
        await asyncio.Event().wait()  # until SIGKILL


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
