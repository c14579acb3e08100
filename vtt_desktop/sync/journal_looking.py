"""A look at a journal that another program holds: what it says at this moment, and nothing is written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from vtt_desktop.sync.journal_file import is_damage
from vtt_desktop.sync.journal_reading import Base, Reading, no_base
from vtt_desktop.sync.journal_replay import Recovered

_TRIES = 5


def looked_at(path: Path, base: Base = no_base) -> Recovered | None:
    """What the journal at `path` holds; None where it holds nothing or does not hold still.

    Its holder has SQLite's own lock on it, so that a copy is read: one in which nothing changed while it was
    made. A commit that was cut off at the end is none, by the checksums of the log.
    """
    with tempfile.TemporaryDirectory(prefix="vtt-desktop-") as folder:
        for _ in range(_TRIES):
            copy = _copied(path, Path(folder))
            if copy is None:
                continue
            try:
                with closing(sqlite3.connect(copy)) as connection:
                    contents = Reading(connection, base=base).contents
            except Exception as error:
                if is_damage(error) or isinstance(error, sqlite3.Error | OSError):
                    continue
                raise
            return contents.recovered() if contents.commands() else None
    return None


def _copied(path: Path, folder: Path) -> Path | None:
    copy = folder / path.name
    parts = [(path, copy), (Path(f"{path}-wal"), Path(f"{copy}-wal"))]
    before = [_state(part) for part, _ in parts]
    for part, to in parts:
        to.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            shutil.copyfile(part, to)
    return copy if before[0] and before == [_state(part) for part, _ in parts] else None


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        there = os.stat(path)
    except OSError:
        return None
    return there.st_ino, there.st_size, there.st_mtime_ns
