"""The file of a document as it was when opened or saved last, kept in the journal: a later start can tell
what somebody else wrote to it meanwhile. Until the first checkpoint it is also the document that the
edits in the journal were made from: a file that is only looked at is not written down cue by cue."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from vtt_desktop.app import lazy
from vtt_desktop.app.journals import DocumentJournal
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.files import OpenedFile, file_of_bytes
from vtt_desktop.formats.webvtt import WebVTTFile

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is kept so; of a larger one only the name is."""


def note_file(journal: DocumentJournal, file: OpenedFile) -> bool:
    """Writes down the file's name and bytes, and which of our ids its cues have, in its order. False where
    the file is too large for that and only its name is.

    A journal that has no checkpoint needs one first, unless this is the file that its document began as.
    """
    journal.put_meta("path", str(file.path))
    journal.put_meta("encoding", file.encoding)
    journal.put_meta("asked_encoding", file.asked or "")
    small = len(file.data) <= LARGEST
    data = file.data
    journal.put_meta("file", (lambda: _packed(data)) if small else "")
    journal.put_meta("file_ids", _ranges(file.snapshot.cues) if small else "")
    return small


def known_start(meta: Mapping[str, str], read: WebVTTFile | None = None) -> OpenedFile | None:
    """The file that a document without a checkpoint began as, its cues numbered from one; None where none
    was written down. ValueError where it was and does not say what it said."""
    if not meta.get("file"):
        return None
    file = known_file(meta, read)
    count = len(file.snapshot.cues) if file is not None else 0
    if file is None or meta.get("file_ids", "") != (f"1-{count}" if count else ""):
        raise ValueError("the file that the document began as")
    return file


def known_file(meta: Mapping[str, str], read: WebVTTFile | None = None) -> OpenedFile | None:
    """The file as it was written down, under our ids; None where it was not. `read` as `file_of_bytes`."""
    if not meta.get("path") or not meta.get("file"):
        return None
    try:
        data = _unpacked(meta["file"])
        encoding, asked = meta.get("encoding") or "utf-8", meta.get("asked_encoding") or None
        chosen = asked or (encoding if encoding != "utf-8" else None)
        file = replace(
            file_of_bytes(Path(meta["path"]), data, lazy.foreign_formats, chosen, read), asked=asked
        )
        ids = _listed(meta.get("file_ids", ""))
    except (UserError, ValueError, zlib.error):
        return None
    if len(ids) != len(file.snapshot.cues):
        return None
    if meta["file_ids"] == _ranges(file.snapshot.cues):
        return file  # none of its cues has to be made
    cues = CueList.of(cue.with_(id=cue_id) for cue, cue_id in zip(file.snapshot.cues, ids, strict=True))
    return replace(file, snapshot=Snapshot(file.snapshot.head, cues))


def _packed(data: bytes) -> str:
    return ":" + base64.b64encode(zlib.compress(data, 1)).decode()


def _unpacked(text: str) -> bytes:
    """ValueError, zlib.error."""
    # Without the colon it is base 85, as it was written once: that takes Python a hundred times as long.
    coded = base64.b64decode(text[1:], validate=True) if text.startswith(":") else base64.b85decode(text)
    return zlib.decompress(coded)


def _ranges(cues: CueList) -> str:
    """Ids `1, 2, 3, 7` as `1-3,7-7`. No cue is made for that: a run that is as it was read is numbered."""
    runs: list[list[int]] = []
    for chunk in cues.chunks:
        if chunk.origin is not None:
            _, first, end = chunk.origin
            parts = [(first + 1, end)]
        else:
            parts = [(cue.id, cue.id) for cue in chunk.cues]
        for first, last in parts:
            if runs and runs[-1][1] == first - 1:
                runs[-1][1] = last
            else:
                runs.append([first, last])
    return ",".join(f"{first}-{last}" for first, last in runs)


def _listed(ranges: str) -> list[int]:
    out: list[int] = []
    for one in ranges.split(",") if ranges else ():
        first, _, last = one.partition("-")
        out += range(int(first), int(last) + 1)
    return out
