"""Types words into the first cue of a shared project, says each, and ends when all is saved and heard.

Run as a process that will be stopped in the middle: `python -m tests.e2e.napper URL JOURNAL`, the token in
VTT_DESKTOP_TOKEN. It waits for a colleague's words in the second cue.
"""

import asyncio
import os
import sys
from pathlib import Path

from tests.interop.desks import desk, until

PACE_S = 0.005
WORDS = 20


async def main(url: str, journal: Path) -> None:
    async with desk(url, token=os.environ["VTT_DESKTOP_TOKEN"], journal=journal, listen=True) as screen:
        loop = asyncio.get_running_loop()
        typed = 0

        def work() -> None:
            nonlocal typed
            typed += 1
            screen.desk.set_text(screen.id(0), f"{screen.texts[0]} word{typed}")
            print(f"word{typed}", flush=True)
            if typed < WORDS:
                loop.call_later(PACE_S, work)

        work()

        def done() -> bool:
            summary = screen.session.sync.summary
            return typed == WORDS and "colleague" in screen.texts[1] and not summary.waiting

        await until(screen, done)
        assert not screen.desk.conflicts, "nobody touched the same cue"


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
