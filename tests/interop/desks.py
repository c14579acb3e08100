"""Real desks on a real server: sessions without a window, each with its own connection."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import count
from pathlib import Path

from vtt_desktop.app.desk import Desk
from vtt_desktop.app.opening import Source, open_source, publish
from vtt_desktop.app.session import Session
from vtt_desktop.app.target import parse_target
from vtt_desktop.app.tasks import Tasks

DEBOUNCE_S = 0.01
_NUMBERS = count(1)
FILE = """WEBVTT - a film

NOTE made by hand

1
00:00:01.000 --> 00:00:02.000 align:start
first words

2
00:00:03.000 --> 00:00:04.000
second words

NOTE before the third

00:05.000 --> 00:06.000
third words

00:00:07.000 --> 00:00:08.500
fourth words
"""


class Screen:
    """A session and the desk on it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.desk = Desk(session)

    def id(self, number: int) -> int:
        """Id of the cue in this row, counted from nought."""
        return self.desk.cues[number].id

    @property
    def texts(self) -> list[str]:
        return [cue.text for cue in self.desk.cues]

    @property
    def values(self) -> list[tuple[object, ...]]:
        """What the document says, without ids of this desk."""
        return [(c.start, c.end, c.text, c.identifier, c.settings, c.lead) for c in self.desk.cues]

    def write(self, path: Path) -> bytes:
        """The file that this desk would save."""
        self.desk.save(path)
        return path.read_bytes()

    async def sync(self) -> None:
        await self.desk.sync()


@contextlib.asynccontextmanager
async def desk(
    name: str,
    *,
    token: str = "",
    journal: Path | None = None,
    profile: str = "",
    ids: Sequence[str] = (),
    listen: bool = False,
    author: str = "",
) -> AsyncIterator[Screen]:
    """A desk on a source, closed at the end."""
    tasks = Tasks()
    source = Source(name, profile, tuple(ids), token, author, journal, DEBOUNCE_S)
    session = await open_source(source, tasks)
    if listen:
        session.listen()
    try:
        yield Screen(session)
    finally:
        await session.close()
        await tasks.close()


async def published(folder: Path, url: str, token: str, text: str = FILE, project: str = "") -> str:
    """Publishes a file as a new project (of a name that no other has, where none is given); its address."""
    path = folder / "film.vtt"
    path.write_bytes(text.encode())
    tasks = Tasks()
    target = parse_target(f"{url}/projects/{project or f'story-{next(_NUMBERS)}'}", "")
    session = await open_source(Source(str(path)), tasks)
    await publish(session, target, tasks, token)
    await session.close()
    await tasks.close()
    return target.url


async def until(screen: Screen, condition: Callable[[], object]) -> None:
    """Returns when `condition()` holds, looked at whenever document, sync or presence changed."""
    changed = asyncio.Event()
    leave = [
        screen.session.document.changed.connect(lambda _: changed.set()),
        screen.session.sync.changed.connect(lambda _: changed.set()),
        screen.session.colleagues.changed.connect(lambda _: changed.set()),
    ]
    try:
        async with asyncio.timeout(20):
            while not condition():
                changed.clear()
                await changed.wait()
    finally:
        for one in leave:
            one()
