"""Imports the heavy parts below `app` when they are first needed: a start has no time for them."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from vtt_desktop.formats.files import ForeignFormats
    from vtt_desktop.sync.credentials import Ring
    from vtt_desktop.sync.guard import Guard
    from vtt_desktop.sync.repository import Repository
    from vtt_desktop.ui.player.transport import Transport


def repository_class() -> type[Repository]:
    """HTTP: needed when a server is."""
    from vtt_desktop.sync.repository import Repository

    return Repository


def guard_class() -> type[Guard]:
    """The safety net under a backend that nobody tried."""
    from vtt_desktop.sync.guard import Guard

    return Guard


def opening() -> ModuleType:
    """Opening from and publishing to a backend: brings HTTP."""
    from vtt_desktop.sync import opening

    return opening


def system_keyring() -> Ring | None:
    """The system's keyring; None where there is none that keeps secrets from others. Blocks."""
    try:
        import keyring
    except ImportError:
        return None
    ring = keyring.get_keyring()
    # Below 1 are those that fail, forget, or write plain text into a file.
    return ring if ring.priority >= 1 else None


def foreign_formats() -> ForeignFormats:
    """Formats and encodings beyond UTF-8 WebVTT and SubRip: brings pysubs2 and charset-normalizer."""
    from vtt_desktop.formats.foreign import ForeignFormatsByLibrary

    return ForeignFormatsByLibrary()


def encoding_told_by(data: bytes) -> str:
    """The encoding that a file's bytes speak for: brings the detector."""
    from vtt_desktop.formats.encodings import detected

    return detected(data)


def probing() -> ModuleType:
    """Trying what a backend does: brings HTTP."""
    from vtt_desktop.sync import probe

    return probe


def peaks() -> tuple[ModuleType, ModuleType]:
    """Measuring sound: brings numpy and FFmpeg."""
    from vtt_desktop.media import cache, measure

    return cache, measure


def film_start(path: Path) -> int:
    """The time stamp of a film's first moment, ms: brings FFmpeg, and blocks. UserError where it is none."""
    from vtt_desktop.media.decode import read_media_info

    return read_media_info(path).start


def open_film(path: Path) -> Transport:
    """A film to play: brings Qt Multimedia and its FFmpeg."""
    from vtt_desktop.ui.player.backend_qt import QtMedia

    return QtMedia(path)


def sample_film() -> ModuleType:
    """The maker of the sample film: brings Qt, numpy and FFmpeg."""
    from vtt_desktop.app import sample_film

    return sample_film
