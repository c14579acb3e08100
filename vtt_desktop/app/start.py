"""The start of the editor: the rows of the file are on the screen before all that works on them is imported.

What a person types meanwhile waits in Qt until the window is whole; a paint does not wait.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import NoReturn

from PySide6.QtCore import QCoreApplication, QEventLoop, QLoggingCategory, QSettings, qSetMessagePattern
from PySide6.QtWidgets import QApplication

from vtt_desktop.app import entries
from vtt_desktop.app.display import need_eyes
from vtt_desktop.formats.webvtt import WebVTTFile, read_webvtt
from vtt_desktop.formats.webvtt_blocks import has_signature
from vtt_desktop.ui.appearance import Appearance
from vtt_desktop.ui.main_window import MainWindow

_LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file whose rows come first."""
_BEGINNING = 64
_PORTION_S = 0.008
_MOVES_TIMES = b"X-TIMESTAMP-MAP"


@dataclass(frozen=True)
class Begun:
    """A window that is not furnished yet. `file` is what its rows show; None: it is not seen yet."""

    settings: QSettings
    appearance: Appearance
    window: MainWindow
    file: WebVTTFile | None = None

    def breathe(self) -> None:
        """Lets the window paint, and nothing else: there is nothing yet that could obey a key."""
        if self.file is not None:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def begin(app: QApplication, settings: QSettings, source: str = "") -> Begun:
    """The window's frame; with the rows of the source, on the screen, where it is a WebVTT file."""
    appearance = Appearance(app, settings)
    window = MainWindow(appearance, settings)
    file = _first_look(Path(source)) if source else None
    begun = Begun(settings, appearance, window, file)
    if file is not None:
        window.show_first(file.snapshot, Path(source).name)
        begun.breathe()
    return begun


def _first_look(path: Path) -> WebVTTFile | None:
    """The file where it is one whose rows can be shown as they stand; what is wrong with another is said
    by who opens it."""
    try:
        if path.suffix != ".vtt" or not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        with path.open("rb") as opened:
            beginning = opened.read(_BEGINNING)
            if not has_signature(beginning):
                return None
            file = read_webvtt(beginning + opened.read())
    except (OSError, ValueError):
        return None
    return file if len(file.snapshot.cues) and _MOVES_TIMES not in file.index.head else None


def _breathing(begun: Begun, bring: Callable[[], ModuleType]) -> ModuleType:
    """What `bring` imports, with a breath between two modules every few milliseconds."""
    ear = _Ear(begun.breathe)
    sys.meta_path.insert(0, ear)
    try:
        return bring()
    finally:
        sys.meta_path.remove(ear)


class _Ear(MetaPathFinder):
    """Hears of each module that is about to be imported, and finds none."""

    def __init__(self, breathe: Callable[[], object]) -> None:
        self._breathe = breathe
        self._last = perf_counter()

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if perf_counter() - self._last > _PORTION_S:
            self._breathe()
            self._last = perf_counter()


def make_application() -> QApplication:
    """The Qt application, named so that settings and windows are found. Of what Qt says, faults reach stderr.

    It is Qt that writes them: a handler of ours would need Python in whatever thread has something to say,
    and the window waits for threads of a film while it has Python. QT_LOGGING_RULES in the environment tells
    more.
    """
    qSetMessagePattern("vtt-desktop: %{message}")
    QLoggingCategory.setFilterRules("*=false\n*.critical=true")
    QCoreApplication.setOrganizationName("vtt-desktop")
    QCoreApplication.setApplicationName("vtt-desktop")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationDisplayName("")
    app.setDesktopFileName("vtt-desktop")
    app.setQuitOnLastWindowClosed(False)
    return app


def run_editor(source: str, *, media: str, profile: str, ids: Sequence[str], token: str) -> NoReturn:
    """Opens the window on a source, runs until it is closed, and ends the process."""
    need_eyes()
    gc.disable()  # nothing of what is imported now is garbage; the editor collects in its own time
    app = make_application()
    begun = begin(app, QSettings(), "" if profile else source)
    run: Callable[..., NoReturn] = _breathing(begun, entries.editor).run
    run(app, begun, source, media=media, profile=profile, ids=ids, token=token)
