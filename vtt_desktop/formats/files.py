"""Subtitle files on disk: what they hold, told by content; opened with limits, saved whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import NotSavedError, RefusedError, UserError
from vtt_desktop.formats.atomic import keep_backup, write_atomically
from vtt_desktop.formats.byte_order import marked, unmarked_utf16
from vtt_desktop.formats.srt import looks_like_srt, read_srt, write_srt
from vtt_desktop.formats.webvtt import WebVTTFile, read_webvtt, why_not_webvtt
from vtt_desktop.formats.webvtt_blocks import has_signature
from vtt_desktop.formats.webvtt_write import style_of, write_webvtt

LARGEST = 256 * 1024 * 1024
"""Bytes of the largest file that is opened: some three million cues."""
LARGEST_FOREIGN = 32 * 1024 * 1024
"""Bytes of the largest file that is given to a reader of other formats, which is slow."""
KEPT = frozenset({"webvtt", "srt", "ass", "ssa"})
"""Formats that are saved with every byte that nobody touched."""
_BEGINNING = 64 * 1024
_KINDS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"\x1aE\xdf\xa3": "a Matroska film",
    b"RIFF": "a sound or film file",
    b"\x7fELF": "a program",
}


class ChangedOnDisk(UserError):
    """The file is not what it was when it was opened. `theirs` is what it holds now, to merge with."""

    def __init__(self, message: str, hint: str, theirs: OpenedFile) -> None:
        super().__init__(message, hint)
        self.theirs = theirs


@dataclass(frozen=True)
class Foreign:
    """What a reader of other formats found: the format's name, the encoding, the cues and what it dropped."""

    format: str
    encoding: str
    snapshot: Snapshot
    losses: tuple[str, ...] = ()
    session: object = None
    """What the same reader needs to write the file again with all that a snapshot cannot hold."""


class ForeignFormats(Protocol):
    """Formats and encodings beyond UTF-8 WebVTT and SubRip: a port, for what is behind it imports slowly."""

    def read(self, data: bytes, name: str, encoding: str | None = None) -> Foreign:
        """The cues of a file in any other format or encoding; UserError where it is none."""

    def write(self, snapshot: Snapshot, format: str, encoding: str, session: object = None) -> bytes:
        """The bytes of a file in a format other than WebVTT and SubRip."""

    def format_of(self, suffix: str) -> str | None:
        """The format that a file name's suffix (`.ass`) stands for, or None."""


@dataclass(frozen=True)
class OpenedFile:
    """A file as it was opened or saved last. `data` are its bytes then."""

    path: Path
    snapshot: Snapshot
    data: bytes
    format: str = "webvtt"
    encoding: str = "utf-8"
    losses: tuple[str, ...] = ()
    webvtt: WebVTTFile | None = None
    session: object = field(default=None, repr=False)
    backup: Path | None = None
    asked: str | None = None
    """The encoding that a person chose over what the file tells of itself."""
    ours: bool = False
    """Whether a save of ours made these bytes: another one loses nothing more."""

    @property
    def reread(self) -> str | None:
        """The encoding to read the same file with again; None where the file tells it."""
        return self.asked or (self.encoding if self.encoding != "utf-8" else None)

    @property
    def saving_note(self) -> str:
        """What a person should know before the first save in the same format; nothing where all is kept."""
        if self.format in KEPT or self.ours:
            return ""
        return (
            f"{self.path.name} is written anew when it is saved: what it holds beside its cues is not kept."
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes: the version of the file, as an ETag is of a segment."""
        return hashlib.sha256(self.data).hexdigest()

    @cached_property
    def eol(self) -> str:
        """The line end that new lines get."""
        return style_of(self.snapshot).eol.decode()


def open_file(
    path: str | Path,
    foreign: Callable[[], ForeignFormats] | None = None,
    encoding: str | None = None,
    read: WebVTTFile | None = None,
) -> OpenedFile:
    """Opens a subtitle file of any format, told by its content.

    `foreign` gives the reader for all that is not UTF-8 WebVTT or SubRip, and is called for such a file
    only. `encoding` overrules detection. `read` is what was read before: where it is the same bytes, it is
    not read again. UserError for everything that cannot be opened, in one sentence.
    """
    path = Path(path)
    data = read_bytes(path, anything=encoding is not None)  # UTF-16 without a mark looks like no text
    return file_of_bytes(path, data, foreign, encoding, read)


def file_of_bytes(
    path: Path,
    data: bytes,
    foreign: Callable[[], ForeignFormats] | None = None,
    encoding: str | None = None,
    read: WebVTTFile | None = None,
) -> OpenedFile:
    """A file as it was at another time, from its bytes then. Arguments and UserError as `open_file`."""
    if read is not None and read.index.data == data:
        return OpenedFile(path, read.snapshot, read.index.data, webvtt=read, asked=encoding)
    return replace(_opened(path, data, foreign, encoding), asked=encoding)


def save_file(
    opened: OpenedFile,
    snapshot: Snapshot,
    path: str | Path | None = None,
    *,
    format: str | None = None,
    encoding: str | None = None,
    foreign: Callable[[], ForeignFormats] | None = None,
    backups: Path | None = None,
) -> OpenedFile:
    """Saves a snapshot where it was opened, or under another path, and returns the file as it is now.

    The file is replaced as a whole or not at all; its permissions stay, and a symbolic link goes on
    pointing. `encoding` is another one than it was opened in. The first original of each path is kept in
    `backups` where that is given. ChangedOnDisk where somebody wrote the opened file since; UserError where
    the disk is full or forbids it.
    """
    target = Path(path) if path is not None else opened.path
    same_place = os.path.realpath(target) == os.path.realpath(opened.path)

    def unchanged() -> bytes | None:
        now = read_bytes(target, anything=True) if target.exists() else None
        if same_place and opened.data and now is not None and now != opened.data:
            raise _changed(opened, now, foreign)
        return now

    now = unchanged()
    wanted = format or opened.format
    used = "utf-8" if wanted == "webvtt" else encoding or opened.encoding
    data = written(snapshot, wanted, used, foreign, opened.session)
    backup = keep_backup(target, now, backups) if backups is not None and now is not None else None
    write_atomically(target, data, unchanged)
    return replace(
        opened,
        path=target,
        snapshot=snapshot,
        data=data,
        format=wanted,
        encoding=used,
        losses=(),
        webvtt=None,
        backup=backup,
        asked=encoding or (opened.asked if used == opened.encoding else None),
        ours=True,
    )


def written(
    snapshot: Snapshot,
    format: str,
    encoding: str = "utf-8",
    foreign: Callable[[], ForeignFormats] | None = None,
    session: object = None,
) -> bytes:
    """The bytes of a file in that format and encoding; UserError names a character that does not fit."""
    if format == "webvtt":
        return write_webvtt(snapshot)
    if format == "srt":
        return encoded(write_srt(snapshot), encoding)
    if foreign is None:
        raise UserError(f"The format {format} cannot be written here.")
    return foreign().write(snapshot, format, encoding, session)


def encoded(data: bytes, encoding: str) -> bytes:
    """UTF-8 bytes in another encoding; UserError names the first character that it does not have."""
    if encoding.lower().replace("_", "-") in ("utf-8", "utf8", "ascii") and encoding.lower() != "ascii":
        return data
    text = data.decode("utf-8", "replace")
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise UserError(
            f"{encoding} has no character “{text[error.start]}” (line {line}).", "Save in UTF-8 instead."
        ) from error
    except LookupError as error:
        raise UserError(f"There is no encoding named {encoding}.") from error


def read_bytes(path: Path, *, anything: bool = False) -> bytes:
    """All bytes of a regular file; UserError in one sentence for what is none or cannot be read.

    The beginning is looked at first: what is no text is refused before the rest is read, unless `anything`.
    """
    try:
        # A pipe without a writer would hold us here for ever without O_NONBLOCK.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise UserError(f"There is no file {path}.") from error
    except IsADirectoryError as error:
        raise UserError(f"{path} is a folder, not a file.") from error
    except PermissionError as error:
        raise UserError(f"{path} may not be read: permission denied.") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be opened: {_reason(error)}.") from error
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        kind = "a folder" if stat.S_ISDIR(about.st_mode) else "a device or a pipe"
        raise UserError(f"{path} is {kind}, not a file.")
    with os.fdopen(handle, "rb") as file:
        try:
            beginning = file.read(_BEGINNING)
            if not anything:
                _refuse_what_is_no_text(path.name, beginning)
            if about.st_size > LARGEST:
                raise UserError(
                    f"{path.name} is larger than {LARGEST // 2**20} MB, which no subtitle file is."
                )
            rest = file.read(LARGEST + 1 - len(beginning)) if len(beginning) == _BEGINNING else b""
        except OSError as error:
            raise UserError(f"{path} cannot be read: {_reason(error)}.") from error
    return beginning + rest if rest else beginning


def _changed(
    opened: OpenedFile, now: bytes, foreign: Callable[[], ForeignFormats] | None
) -> ChangedOnDisk | NotSavedError:
    name = opened.path.name
    said = f"{name} was changed on disk by someone else since it was opened"
    try:
        theirs = replace(_opened(opened.path, now, foreign, opened.reread), asked=opened.asked)
    except UserError as error:
        reason = error.message.rstrip(".")
        return NotSavedError(f"{said}, and cannot be merged: {reason}.", "Save under another name.")
    return ChangedOnDisk(f"{said}.", "Merge their changes, then save again.", theirs)


def _opened(
    path: Path, data: bytes, foreign: Callable[[], ForeignFormats] | None, encoding: str | None
) -> OpenedFile:
    if has_signature(data):
        file = read_webvtt(data, path.name)
        return OpenedFile(path, file.snapshot, data, webvtt=file)
    claims_webvtt = path.suffix.lower() == ".vtt"
    if looks_like_srt(data, strict=claims_webvtt) and encoding in (None, "utf-8") and _is_utf8(data):
        return OpenedFile(path, read_srt(data), data, "srt")
    if foreign is None or claims_webvtt:
        raise RefusedError(f"{path.name} is not a WebVTT file: {why_not_webvtt(data)}.")
    if len(data) > LARGEST_FOREIGN:
        raise UserError(
            f"{path.name} is larger than {LARGEST_FOREIGN // 2**20} MB and no WebVTT or SubRip in UTF-8."
        )
    found = foreign().read(data, path.name, encoding)
    return OpenedFile(
        path, found.snapshot, data, found.format, found.encoding, found.losses, session=found.session
    )


def _refuse_what_is_no_text(name: str, beginning: bytes) -> None:
    what = (
        f"{name} is not a WebVTT file" if name.lower().endswith(".vtt") else f"{name} is not a subtitle file"
    )
    if not beginning:
        raise RefusedError(f"{what}: it is empty.")
    for signature, kind in _KINDS.items():
        if beginning.startswith(signature):
            raise RefusedError(f"{what}: it is {kind}.")
    if has_signature(beginning) or beginning[3:6] == b"STL":  # EBU STL is binary: Tech 3264
        return
    if (
        beginning.count(0) * 100 > len(beginning)
        and marked(beginning) in (None, "utf-8")
        and not unmarked_utf16(beginning)
    ):
        raise RefusedError(f"{what}: it holds no text.")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _reason(error: OSError | ValueError) -> str:
    said = error.strerror if isinstance(error, OSError) else None
    return (said or str(error)).lower()
