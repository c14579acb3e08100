"""Starts the window: one process, one loop, one session; and ends all of it in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from vtt_desktop.app import lazy
from vtt_desktop.app.credentials import Credentials
from vtt_desktop.app.last_seen import LastSeen
from vtt_desktop.app.log import start_log
from vtt_desktop.app.loop import Turns, end_process, run_on_qt
from vtt_desktop.app.person import person
from vtt_desktop.app.reading import WebVTTAuthoring
from vtt_desktop.app.rendering import WebVTTReader
from vtt_desktop.app.signals import EndingSignals
from vtt_desktop.app.sound import Sound
from vtt_desktop.app.start import Begun, begin
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.app.watch import DiskWatch, disk_words
from vtt_desktop.app.workspace import Workspace
from vtt_desktop.domain.errors import UndecidedError, UserError
from vtt_desktop.ui.furnishing import furnish
from vtt_desktop.ui.player.player import Player
from vtt_desktop.ui.ports import Session

log = logging.getLogger(__name__)
COLLECT_MS = 10_000


class Editor:
    """The program with its window. `workspace` and `tasks` are what a story drives and waits for."""

    def __init__(self, app: QApplication, settings: QSettings, begun: Begun | None = None) -> None:
        begun = begun or begin(app, settings)
        self.tasks = Tasks()
        self.workspace = Workspace(self.tasks, settings, person(), Credentials())
        self.appearance = begun.appearance
        self.player = Player(lazy.open_film, time.monotonic)
        self.window = begun.window
        self._read_ahead = begun.file
        for _ in furnish(
            self.window,
            self.workspace,
            self._spawn,
            self.player,
            WebVTTReader(),
            WebVTTAuthoring(self._spawn),
        ):
            begun.breathe()
        if begun.file is None:
            self.window.set_session(self.workspace.session)
        self.sound = Sound(self.tasks, self.window.timeline.set_peaks, self.window.report.tell)
        self.finished = asyncio.Event()
        self.window.closed.connect(self.finished.set)
        self.watch = DiskWatch(self._look_at_disk, self._spawn, self.window)
        self._disconnect: Callable[[], None] = lambda: None
        self._media: Path | None = None
        self.workspace.opened.connect(self._follow)
        self.workspace.told.connect(self.window.report.tell)
        self._last_seen = LastSeen(settings)
        self._shown = self.workspace.session
        self._follow(self.workspace.session)
        self._hook()

    async def open(self, source: str, *, media: str, profile: str, ids: Sequence[str], token: str) -> None:
        """Opens what the command line names. UserError where it cannot be: the window stays."""
        self.workspace.read_ahead = self._read_ahead
        await self.workspace.open_named(source, token=token, profile=profile, ids=ids)
        if media:
            self.workspace.session.set_media(Path(media))

    async def close(self) -> None:
        """Waits for what is out and for the journal. Nothing plays on to a window that goes."""
        self.player.pause()
        self._last_seen.note(self._shown, self.player.position)
        self.sound.set_media(None)
        self.player.close()
        await self.workspace.close()
        await self.tasks.close()

    def _spawn(self, work: Coroutine[Any, Any, object]) -> object:
        async def done() -> None:
            await work

        return self.tasks.spawn(done(), "a command")

    def _follow(self, _opened: object) -> None:
        before, self._shown = self._shown, self.workspace.session
        session = self._shown
        if session is not before:
            self._last_seen.note(before, self.player.position)
            media, playhead = self._last_seen.of(session)
            if media is not None and session.media is None:
                session.set_media(media)
            if playhead or self.player.position:
                self.player.seek(playhead)
        self._disconnect()
        self._disconnect = session.changed.connect(lambda _nothing: self._follow_places(session))
        self._follow_places(session)

    def _follow_places(self, session: Session) -> None:
        self.sound.set_media(session.media)
        self.watch.set_path(session.path)
        if session.media != self._media:
            self._media = session.media
            if session.media is not None:
                self.tasks.spawn(self._find_film_start(session.media), "the film's own clock")

    async def _find_film_start(self, media: Path) -> None:
        """The player counts from the first picture; a document's map speaks of the film's time stamps."""
        with suppress(UserError):  # the player says what is wrong with it
            start = await asyncio.to_thread(lazy.film_start, media)
            if self.player.media == media:
                self.player.set_film_start(start)

    async def _look_at_disk(self) -> None:
        session = self.workspace.session
        waited = session.disk.waiting
        taken = await session.look_at_disk()
        undecided = session.disk.waiting - waited
        words = disk_words(session.title, taken, undecided)
        if undecided > 0:
            self.window.report.user_error(UndecidedError(words))  # until it is decided
        elif words:
            self.window.report.tell(words)

    def _hook(self) -> None:
        """A bug reaches the log and the report, once each, and the document goes on."""
        telling = False

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            nonlocal telling
            if telling:  # the report tells the hook in turn
                return
            if isinstance(error, UserError):
                self.window.report.user_error(error)
                return
            log.error("a bug", exc_info=(kind, error, trace))
            telling = True
            try:
                self.window.report.bug(error)
            finally:
                telling = False

        sys.excepthook = hook


def collect_on_this_thread(app: QApplication) -> None:
    """Collects garbage here: in a worker thread it might destroy a QObject, which is a crash.

    Only what is new since the last time is looked through: all of a large document would take the loop a
    fifth of a second each time, and what lives that long in cycles is little.
    """
    gc.disable()
    gc.freeze()
    timer = QTimer(app)
    timer.timeout.connect(lambda: gc.collect(1))
    timer.start(COLLECT_MS)


def run(
    app: QApplication,
    begun: Begun,
    source: str,
    *,
    media: str,
    profile: str,
    ids: Sequence[str],
    token: str,
) -> NoReturn:
    """Furnishes the window that was begun, opens the source, runs until it is closed; ends the process."""
    start_log()
    # Where rows can be seen already the window is furnished before the loop turns, and the loop hears nobody
    # before the document is there: until then nothing obeys.
    editor = Editor(app, begun.settings, begun) if begun.file is not None else None
    turns = Turns(app, deaf=editor is not None)

    async def life() -> int:
        made = editor or Editor(app, begun.settings, begun)
        try:
            await made.open(source, media=media, profile=profile, ids=ids, token=token)
        except UserError as error:
            # The file that was asked for cannot be opened: said where the person typed, and in the window.
            print(f"vtt-desktop: {error}", file=sys.stderr)
            made.window.set_session(made.workspace.session)
            made.window.report.user_error(error)
        turns.hear()
        made.window.show()
        collect_on_this_thread(app)
        EndingSignals(made.window.leave, made.window)
        await made.finished.wait()
        await made.close()
        return 0

    end_process(run_on_qt(turns, life()))
