"""Where a journal is kept: its file and its lock, also when they are deleted or moved while it is open."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.journal_file import JournalFile, is_damage, is_fresh, remove_file, set_aside
from vtt_desktop.sync.journal_lock import JournalLock
from vtt_desktop.sync.journal_replay import Command, Contents
from vtt_desktop.sync.journal_wal import WriteAheadLog


class JournalPlace:
    """For the journal's thread. `set_aside` is where a damaged file went. `notice` is what a person should
    know of the place while nothing fails: the project was moved."""

    def __init__(self, path: Path, lock: JournalLock, file: JournalFile, aside: Path | None) -> None:
        self.set_aside = aside
        self.notice = ""
        self._again = ""
        self._path = path
        self._lock = lock
        self._file: JournalFile | None = file

    def write(self, contents: Contents, backlog: Sequence[Command], wanted: Path) -> Path:
        """Writes `backlog` on top of `contents`, which is written already, at the path that is `wanted`; the
        path where it is then. OSError, sqlite3.Error, UserError; Unwritable names a value at fault."""
        if wanted != self._path and self._went(wanted, contents, backlog):
            return self._path
        if self._file is not None and self._file.moved() and self._file.is_somewhere:
            self._write_moved(self._file, contents, backlog)
        elif self._file is None or self._file.moved() or self._file.log.unsound:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.ensure()
            self._renew(contents, backlog)
        else:
            self.notice = self._again
            self._write(self._file, contents, backlog)
        return self._path

    @property
    def log(self) -> WriteAheadLog | None:
        """Where what was written is made durable; None while there is no file."""
        return self._file.log if self._file is not None else None

    def fold(self) -> None:
        """Brings what is beside the file into it. Waits for the disk."""
        if self._file is not None:
            with suppress(sqlite3.Error):  # another time
                self._file.log.fold()

    def trim(self, contents: Contents) -> None:
        """Forgets the oldest steps, on disk and in `contents`, where there are too many."""
        if self._file is not None:
            with suppress(sqlite3.Error):  # another time
                gone = self._file.trim(len(contents.log) - contents.after_checkpoint)
                del contents.log[:gone]

    def close(self) -> None:
        """Lets the file and the lock go."""
        if self._file is not None:
            self._file.close()
        self._lock.release()

    def _write(self, file: JournalFile, contents: Contents, backlog: Sequence[Command]) -> None:
        if not backlog:
            return
        try:
            file.write(backlog)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._renew(contents, backlog)

    def _write_moved(self, file: JournalFile, contents: Contents, backlog: Sequence[Command]) -> None:
        """Somebody moved it. In a folder that was moved whole it is written on, its write-ahead log too; a
        file that went alone left that behind: all is written again in its place."""
        name = self._path.name
        if self._lock.moved:
            file.write(backlog)
            self.notice = (
                f"The project {name} was moved while it was open; "
                "edits are kept where it is now. Close it, and open it there."
            )
        elif not file.moved():
            self.notice = self._again  # it came back between two looks
            self._write(file, contents, backlog)
        else:
            self._renew(contents, backlog)
            self.notice = self._again = (
                f"The project {name} was moved away while it was open; "
                f"it was made again in {self._path.parent}, and edits are kept there."
            )

    def _renew(self, contents: Contents, backlog: Sequence[Command]) -> None:
        """The file is damaged or gone: all is written again from memory, what stands there set aside."""
        old, self._file = self._file, None
        try:
            commands = (*contents.commands(), *backlog)
            self._file, aside = JournalFile.create(self._path, commands, old)
        finally:
            if old is not None:
                old.close()
        if aside is not None and old is not None and old.log.unsound:
            remove_file(aside)  # not damaged, and every word of it is in the new one
        else:
            self.set_aside = aside or self.set_aside

    def _went(self, path: Path, contents: Contents, backlog: Sequence[Command]) -> bool:
        """Writes all of it there, and leaves the place where it was; False where another program is there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            lock = JournalLock(path)
        except UserError:
            return False
        try:
            if not is_fresh(path):
                set_aside(path, ".kept-")
            file, _ = JournalFile.create(path, (*contents.commands(), *backlog))
        except BaseException:
            lock.release()
            raise
        before, self._path, self._file = self._file, path, file
        if before is not None:
            before.remove()
        self._lock.release()
        self._lock = lock
        return True
