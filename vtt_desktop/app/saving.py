"""What the window asks of the open document's file: how it would read, what a save would lose."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from vtt_desktop.app import lazy
from vtt_desktop.app.file_encodings import beginning_as, encoding_choices, unfit_for
from vtt_desktop.app.session import Session
from vtt_desktop.app.writing import losses_of
from vtt_desktop.ui.saving import EncodingChoice, FormatChoice

FORMATS = (
    FormatChoice("webvtt", "WebVTT", ("vtt",), any_encoding=False),
    FormatChoice("srt", "SubRip", ("srt",), any_encoding=True),
    FormatChoice("ass", "Advanced SubStation Alpha", ("ass",), any_encoding=True),
    FormatChoice("ssa", "SubStation Alpha", ("ssa",), any_encoding=True),
    FormatChoice("ttml", "TTML (IMSC)", ("ttml", "dfxp", "itt", "xml"), any_encoding=False),
    FormatChoice("scc", "Scenarist closed captions", ("scc",), any_encoding=False),
    FormatChoice("sami", "SAMI", ("smi", "sami"), any_encoding=True),
    FormatChoice("tmp", "TMPlayer", ("txt",), any_encoding=True),
)


class FileSaving:
    """Implements `ui.saving.Saving`. `current` gives the open document."""

    def __init__(self, current: Callable[[], Session]) -> None:
        self._current = current

    @property
    def formats(self) -> Sequence[FormatChoice]:
        return FORMATS

    def encodings(self) -> Sequence[EncodingChoice]:
        file = self._current().file
        told = file.encoding if file.asked is None else lazy.encoding_told_by(file.data)
        return encoding_choices(file.encoding, told if file.data else None)

    def read_as(self, encoding: str) -> str:
        return beginning_as(self._current().file, encoding)

    async def unfit(self, encoding: str) -> str:
        return await asyncio.to_thread(unfit_for, self._current().document.snapshot, encoding)

    async def losses(self, path: Path | None) -> Sequence[str]:
        session = self._current()
        return await asyncio.to_thread(losses_of, session.file, session.document.snapshot, path)

    async def reread(self, encoding: str) -> None:
        await self._current().read_again(encoding)
