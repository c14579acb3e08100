"""Notices that somebody else wrote the open file, and has the session meet it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer

QUIET_MS = 300
"""A program that saves may write, rename and set times: one look when it is done."""


def disk_words(title: str, taken: int, undecided: int) -> str:
    """What is said of a file that changed on disk: how many cues were taken over, and how many both sides
    changed. Nothing where neither is any."""
    said = [f"{_cues(taken)} taken over"] if taken > 0 else []
    if undecided > 0:
        verb = "was" if undecided == 1 else "were"
        said.append(f"{_cues(undecided)} {verb} changed here too and must be decided (Ctrl+Shift+K)")
    return f"{title} changed on disk: {'; '.join(said)}." if said else ""


def _cues(count: int) -> str:
    return "1 cue" if count == 1 else f"{count} cues"


class DiskWatch(QObject):
    """Watches one file and its folder (a file that is replaced whole is another file to the system)."""

    def __init__(
        self, look: Callable[[], Awaitable[None]], spawn: Callable[..., object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._look, self._spawn = look, spawn
        self._path: Path | None = None
        self._watcher = QFileSystemWatcher(self)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._met)
        self._watcher.fileChanged.connect(lambda _path: self._quiet.start())
        self._watcher.directoryChanged.connect(lambda _path: self._quiet.start())

    def set_path(self, path: Path | None) -> None:
        """Another file, or none."""
        if path == self._path:
            return
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        self._path = path
        if path is not None:
            self._watcher.addPaths([str(path), str(path.parent)])

    def _met(self) -> None:
        if self._path is None:
            return
        if str(self._path) not in self._watcher.files():
            self._watcher.addPath(str(self._path))
        self._spawn(self._look())
