"""Writing a file so that it is there as a whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from vtt_desktop.domain.errors import NotSavedError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_atomically(path: Path, data: bytes, look_again: Callable[[], object] = lambda: None) -> None:
    """Writes beside the file, syncs, renames, syncs the folder. Permissions, owner and links stay.

    `look_again` is called when all is written, just before the new file takes the old one's place: what it
    raises stops that. UserError where the file cannot be written; it is then what it was.
    """
    real = Path(os.path.realpath(path))  # a link goes on pointing: what it points to is replaced
    try:
        _replace(real, data, look_again)
    except OSError as error:
        raise _not_saved(path, real, error) from error


def no_folder(error: OSError) -> str:
    """Why a folder cannot be made, for the end of a sentence."""
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "there is a file of that name"
    return (error.strerror or str(error)).lower()


def _not_saved(path: Path, real: Path, error: OSError) -> NotSavedError:
    name = path.name or str(path)
    if error.errno in _FULL:
        return NotSavedError(
            f"{name} was not saved: the disk is full.", "The file is as it was; make room and save again."
        )
    if isinstance(error, IsADirectoryError) or real.is_dir():
        return NotSavedError(f"{name} was not saved: it is a folder.", "Give the name of a file.")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return NotSavedError(
            f"{name} was not saved: its folder may not be written to.", "Save it under another name."
        )
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return NotSavedError(f"{name} was not saved: there is no folder {real.parent}.")
    return NotSavedError(f"{name} was not saved: {(error.strerror or str(error)).lower()}.")


def keep_backup(path: Path, original: bytes, folder: Path) -> Path | None:
    """Keeps the first original of a path, once; where it is, or None where it could not be kept.

    Not a reason to refuse a save: what is on disk is replaced by what a person wants there.
    """
    real = os.path.realpath(path)
    kept = folder / f"{hashlib.sha256(os.fsencode(real)).hexdigest()[:16]}-{Path(real).name[-100:]}"
    if kept.exists():
        return kept
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(kept, original, lambda: None)
    except OSError:
        return None
    return kept


def _replace(real: Path, data: bytes, look_again: Callable[[], object]) -> None:
    if real.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(real))
    before = real.stat() if real.exists() else None
    if before is not None and not stat.S_ISREG(before.st_mode):  # a rename would put a file in its place
        raise OSError(errno.EINVAL, "it is a device or a pipe", str(real))
    if before is not None and not os.access(real, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(real))
    handle, temporary = tempfile.mkstemp(prefix=f".{real.name[:100]}.", suffix=".tmp", dir=real.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
            os.chmod(temporary, stat.S_IMODE(before.st_mode) if before else 0o666 & ~_umask())
            if before is not None and hasattr(os, "chown"):
                with contextlib.suppress(OSError):  # only root may give a file away
                    os.chown(temporary, before.st_uid, before.st_gid)
        look_again()  # syncing can take long enough for somebody else to save
        os.replace(temporary, real)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(real.parent)


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems cannot sync a folder, and need not
            raise
    finally:
        os.close(handle)


def _umask() -> int:
    now = os.umask(0o077)
    os.umask(now)
    return now
