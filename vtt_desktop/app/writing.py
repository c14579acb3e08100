"""Writes a document to a file, in its own format or another, and tells before what that loses."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vtt_desktop.app import lazy
from vtt_desktop.app.file_encodings import first_unfit, unfit_for
from vtt_desktop.app.journals import backups_folder
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import UnfitError, UserError
from vtt_desktop.formats.files import OpenedFile, file_of_bytes, save_file
from vtt_desktop.formats.losses import converted
from vtt_desktop.formats.webvtt import read_webvtt
from vtt_desktop.formats.webvtt_write import write_webvtt

_LIGHT = {".vtt": "webvtt", ".srt": "srt"}  # known without the readers of other formats


def format_for(path: Path, opened: OpenedFile) -> str:
    """The format that a file of that name gets. UserError where no format has its suffix.

    The name that the file has already, and one without a suffix, say nothing new.
    """
    suffix = path.suffix.lower()
    if not suffix or suffix == opened.path.suffix.lower():
        return opened.format
    found = _LIGHT.get(suffix) or lazy.foreign_formats().format_of(suffix)
    if found is None:
        raise UserError(
            f"No subtitle format has names with {path.suffix}.", "Choose .vtt, .srt, .ass, .ttml or .scc."
        )
    return found


def losses_of(opened: OpenedFile, snapshot: Snapshot, path: Path | None) -> tuple[str, ...]:
    """A sentence for each kind of loss when a document is saved there (None: where it is)."""
    wanted = format_for(path, opened) if path is not None else opened.format
    if wanted == opened.format:
        return tuple(loss for loss in (*opened.losses, opened.saving_note) if loss)
    return converted(_as_it_is(opened, snapshot), wanted)[1]


def write_document(
    opened: OpenedFile, snapshot: Snapshot, path: Path | None = None, encoding: str | None = None
) -> OpenedFile:
    """The file as it then is; in another format its snapshot is what that format holds of the document.

    Errors as `save_file`. Blocks.
    """
    target = path.absolute() if path is not None else opened.path
    wanted = format_for(target, opened)
    if wanted == opened.format:
        return _saved(opened, snapshot, target, wanted, encoding)
    now = _as_it_is(opened, snapshot)
    file = _saved(replace(now, session=None), converted(now, wanted)[0], target, wanted, encoding or "utf-8")
    try:
        read = file_of_bytes(file.path, file.data, lazy.foreign_formats, file.reread)
    except UserError:
        return file
    if read.format != wanted:
        return file
    return replace(read, backup=file.backup, asked=file.asked, ours=True)


def _saved(
    opened: OpenedFile, snapshot: Snapshot, path: Path, format: str, encoding: str | None
) -> OpenedFile:
    try:
        return save_file(
            opened,
            snapshot,
            path,
            format=format,
            encoding=encoding,
            foreign=lazy.foreign_formats,
            backups=backups_folder(),
        )
    except UserError as error:
        used = encoding or opened.encoding
        first = first_unfit(snapshot, used) if isinstance(error.__cause__, UnicodeEncodeError) else None
        if first is None:
            raise
        said = f"{path.name} was not saved in {used}. {unfit_for(snapshot, used)}"
        hint = "Save it in UTF-8 instead (Save as), or change the words."
        raise UnfitError(said, hint, snapshot.cues[first].id) from error


def _as_it_is(opened: OpenedFile, snapshot: Snapshot) -> OpenedFile:
    """The file as it would be if the document were saved in it now: what it holds beside its cues counts."""
    webvtt = read_webvtt(write_webvtt(snapshot)) if opened.format == "webvtt" else None
    return replace(opened, snapshot=snapshot, webvtt=webvtt)
