"""One program at a time on a journal: a lock that its holder's death releases."""

from __future__ import annotations

import json
import os
import socket
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from vtt_desktop.domain.errors import UserError

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # the byte that is locked: Windows keeps others from reading what is locked

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class HeldElsewhere(UserError):
    """Another program has the project open; the message says which, and so does `holder` where that is known:
    ` (process 12 on host, since …)`."""

    def __init__(self, name: str, holder: str) -> None:
        super().__init__(f"{name} is open in another program{holder}.", "Close it there first.")
        self.holder = holder


class JournalLock:
    """Holds NAME.lock beside the journal. The file stays when the lock goes: removing it would let two
    programs hold two locks of one name."""

    def __init__(self, journal: Path) -> None:
        """HeldElsewhere where another program holds it, UserError where the folder cannot be written to."""
        self._journal = journal
        self._path = journal.with_name(journal.name + ".lock")
        self._descriptor = self._taken()

    def ensure(self) -> None:
        """Takes the lock again where its file was deleted or replaced under us; UserError as at first."""
        with suppress(OSError):
            ours, there = os.fstat(self._descriptor), os.stat(self._path)
            if (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino):
                return
        fresh = self._taken()
        os.close(self._descriptor)
        self._descriptor = fresh

    @property
    def moved(self) -> bool:
        """Whether its file was moved, and with it the folder that it stands in."""
        ours = os.fstat(self._descriptor)
        try:
            there = os.stat(self._path)
        except OSError:
            return ours.st_nlink > 0
        return ours.st_nlink > 0 and (ours.st_dev, ours.st_ino) != (there.st_dev, there.st_ino)

    def release(self) -> None:
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)

    def _taken(self) -> int:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        except OSError as error:
            raise UserError(
                f"The project {self._journal.name} cannot be kept in {self._journal.parent}: "
                f"{error.strerror or error}.",
                "Choose a folder that you may write to.",
            ) from error
        try:
            _lock(descriptor)
        except BlockingIOError:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise HeldElsewhere(f"The project {self._journal.name}", holder) from None
        except OSError as error:
            os.close(descriptor)
            raise UserError(
                f"The project {self._journal.name} cannot be locked: {error.strerror or error}.",
                "Keep it on a disk of this machine.",
            ) from error
        who = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        }
        with suppress(OSError):  # a full disk: the lock holds without saying whose it is
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps(who).encode())
        return descriptor


def _holder(descriptor: int) -> str:
    """` (process 12 on host, since …)`, or nothing where the file does not say."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        who: dict[str, Any] = json.loads(os.read(descriptor, 4096))
        since = datetime.fromisoformat(who["since"]).strftime("%Y-%m-%d %H:%M:%S")
        return f" (process {int(who['pid'])} on {who['host']}, since {since})"
    return ""
