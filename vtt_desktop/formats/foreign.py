"""Other formats, through pysubs2 and ttconv: imported when such a file is met."""

from __future__ import annotations

import re
import warnings

import pysubs2
from pysubs2.exceptions import FormatAutodetectionError, Pysubs2Error
from pysubs2.formats import FILE_EXTENSION_TO_FORMAT_IDENTIFIER, autodetect_format

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import RefusedError, UserError
from vtt_desktop.formats.ass import looks_like_ass, read_ass, write_ass
from vtt_desktop.formats.ass_text import from_ass, to_ass
from vtt_desktop.formats.encodings import decode_text
from vtt_desktop.formats.files import Foreign, encoded
from vtt_desktop.formats.srt import looks_like_srt, read_srt
from vtt_desktop.formats.timed_text import WRITES, kind_of_timed_text, read_timed_text, write_timed_text
from vtt_desktop.formats.webvtt_write import write_webvtt

_RATE = re.compile(r"\ufeff?\{[01]\}\{[01]\}([0-9]{1,3}(?:\.[0-9]{1,6})?)[ \t]*(?:\r\n|\r|\n|\Z)")
"""The frame rate that a MicroDVD file begins with."""
_XML_ENCODING = re.compile(r"(?<=<\?xml)[^?]*(?=\?>)")
_SUFFIXES = {".srt": "srt", ".scc": "scc", ".stl": "stl", ".dfxp": "ttml", ".itt": "ttml", ".xml": "ttml"}


class ForeignFormatsByLibrary:
    """Implements `files.ForeignFormats`. `fps` is for formats that count frames (MicroDVD)."""

    def __init__(self, fps: float | None = None) -> None:
        self._fps = fps

    def format_of(self, suffix: str) -> str | None:
        """`.ass` → `ass`; None for a suffix that no writer has."""
        known = {**_SUFFIXES, **FILE_EXTENSION_TO_FORMAT_IDENTIFIER}
        return {".vtt": "webvtt"}.get(suffix.lower()) or known.get(suffix.lower())

    def read(self, data: bytes, name: str, encoding: str | None = None) -> Foreign:
        """Tells the encoding and the format by the content; UserError where there is no subtitle in it."""
        timed = kind_of_timed_text(data)
        if timed in ("scc", "stl"):  # they have codes of their own for characters
            cues, losses = read_timed_text(data, timed, name)
            return Foreign(timed, "utf-8", Snapshot(cues=CueList.of(cues)), losses)
        text, used = decode_text(data, name, encoding)
        if timed or kind_of_timed_text(text.encode("utf-8", "replace")) == "ttml":
            # With the encoding asked for, or the one that XML says itself.
            source = (
                data
                if encoding is None
                else _XML_ENCODING.sub(' version="1.0"', text, count=1).encode("utf-8", "replace")
            )
            cues, losses = read_timed_text(source, "ttml", name)
            return Foreign("ttml", "utf-8", Snapshot(cues=CueList.of(cues)), losses)
        inner = text.encode("utf-8", "replace")
        exact = inner.decode().encode(used, "replace") == data
        losses = () if exact else (f"Some bytes of {name} are not {used} and will change when it is saved.",)
        if looks_like_srt(inner):
            return Foreign("srt", used, read_srt(inner), losses)
        if looks_like_ass(inner):
            kind = "ssa" if b"\n[v4 styles]" in inner.lower() else "ass"
            return Foreign(kind, used, read_ass(inner), losses)
        try:
            kind = autodetect_format(text)
        except FormatAutodetectionError as error:
            raise RefusedError(f"{name} is not a subtitle file: its format is unknown.") from error
        try:
            rate = _RATE.match(text) if kind == "microdvd" else None
            text = text[rate.end() :] if rate else text
            fps = self._fps or (float(rate[1]) if rate else None)
            with warnings.catch_warnings(action="ignore"):
                found = pysubs2.SSAFile.from_string(text, format_=kind, fps=fps)
        except (Pysubs2Error, ValueError, KeyError, IndexError, ArithmeticError, SyntaxError) as error:
            hint = "Give the frame rate with --fps." if kind == "microdvd" else ""
            reason = str(error).rstrip(".")
            raise RefusedError(f"{name} is not a subtitle file that can be read: {reason}.", hint) from error
        made = CueList.of(_cue(event, i) for i, event in enumerate((e for e in found if not e.is_comment), 1))
        return Foreign(kind, used, Snapshot(cues=made), losses, fps)

    def write(self, snapshot: Snapshot, format: str, encoding: str, session: object = None) -> bytes:
        """The bytes of a file in a format of pysubs2; UserError for one that it does not write."""
        if format in ("ass", "ssa"):
            return encoded(write_ass(snapshot, ssa=format == "ssa"), encoding)
        if format in WRITES:
            plain = CueList.of(cue.with_(source=None, lead=b"") for cue in snapshot.cues)
            return write_timed_text(write_webvtt(Snapshot(cues=plain)), format)
        if format == "stl":
            raise UserError(
                "EBU STL can be read but not written.", "Choose TTML, which broadcasters take as well."
            )
        made = pysubs2.SSAFile()
        for cue in snapshot.cues:
            made.append(pysubs2.SSAEvent(start=cue.start, end=cue.end, text=to_ass(cue.text, cue.settings)))
        fps = self._fps or (session if isinstance(session, float) else None)
        try:
            # pysubs2 writes the rate's line at a time in ms that no reader, its own included, takes for one.
            options = {"write_fps_declaration": False} if format == "microdvd" else {}
            with warnings.catch_warnings(action="ignore"):  # a time too late for TMP is said as a loss
                text = made.to_string(format, fps=fps, **options)
        except Pysubs2Error as error:
            hint = "Give the frame rate with --fps." if format == "microdvd" else ""
            reason = str(error).rstrip(".")
            raise UserError(f"The subtitles cannot be written as {format}: {reason}.", hint) from error
        if format == "microdvd":
            text = f"{{1}}{{1}}{fps:g}\n{text}"
        return encoded(text.encode("utf-8", "replace"), encoding)


def _cue(event: pysubs2.SSAEvent, cue_id: int) -> Cue:
    text, settings = from_ass(event.text, event.name)
    return Cue(cue_id, event.start, event.end, text, settings=settings)
