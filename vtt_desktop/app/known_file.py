"""The file of a document as it was when opened or saved last, kept in the journal: a later start can tell
what somebody else wrote to it meanwhile."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

from vtt_desktop.app import lazy
from vtt_desktop.app.journals import DocumentJournal
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.files import OpenedFile, file_of_bytes

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file that is kept so; of a larger one only the name is."""


def note_file(journal: DocumentJournal, file: OpenedFile) -> None:
    """Writes down the file's name and bytes, and which of our ids its cues have, in its order."""
    journal.put_meta("path", str(file.path))
    journal.put_meta("encoding", file.encoding)
    small = len(file.data) <= LARGEST
    journal.put_meta("file", base64.b85encode(zlib.compress(file.data, 1)).decode() if small else "")
    journal.put_meta("file_ids", _ranges(cue.id for cue in file.snapshot.cues) if small else "")


def known_file(meta: Mapping[str, str]) -> OpenedFile | None:
    """The file as it was written down, under our ids; None where it was not."""
    if not meta.get("path") or not meta.get("file"):
        return None
    try:
        data = zlib.decompress(base64.b85decode(meta["file"]))
        encoding = meta.get("encoding") or "utf-8"
        chosen = encoding if encoding != "utf-8" else None
        file = file_of_bytes(Path(meta["path"]), data, lazy.foreign_formats, chosen)
        ids = _listed(meta.get("file_ids", ""))
    except (UserError, ValueError, zlib.error):
        return None
    if len(ids) != len(file.snapshot.cues):
        return None
    cues = CueList.of(cue.with_(id=cue_id) for cue, cue_id in zip(file.snapshot.cues, ids, strict=True))
    return replace(file, snapshot=Snapshot(file.snapshot.head, cues))


def _ranges(ids: Iterable[int]) -> str:
    """`1, 2, 3, 7` as `1-3,7-7`."""
    every = list(ids)
    if not every:
        return ""
    breaks = [i for i, (a, b) in zip(count(1), pairwise(every), strict=False) if b != a + 1]
    starts, ends = [0, *breaks], [*breaks, len(every)]
    return ",".join(f"{every[a]}-{every[b - 1]}" for a, b in zip(starts, ends, strict=True))


def _listed(ranges: str) -> list[int]:
    out: list[int] = []
    for one in ranges.split(",") if ranges else ():
        first, _, last = one.partition("-")
        out += range(int(first), int(last) + 1)
    return out
