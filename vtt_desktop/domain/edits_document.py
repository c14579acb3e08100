"""Edits of what stands round the cues' words: comments, single settings, the head of the document."""

from __future__ import annotations

import re
from typing import NamedTuple

from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.edits_text import clean_text, cue_of
from vtt_desktop.domain.errors import UserError

_LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|\Z)")
_EOLS_AT_END = re.compile(rb"(?:\r\n|\r|\n)*\Z")
_EOL = re.compile(rb"\r\n|\r|\n")
_NOTE = re.compile(rb"NOTE(?=[ \t\r\n]|\Z)")


class _Note(NamedTuple):
    """Where a NOTE block stands in a lead, without its last line end."""

    start: int
    end: int


def comment_of(lead: bytes) -> str:
    """The comment that stands directly before a cue: the last NOTE block of its lead, or nothing."""
    note = _last_note(lead)
    if note is None:
        return ""
    said = lead[note.start + 4 : note.end].decode("utf-8", "replace").replace("\0", "\ufffd")
    return said.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")


def set_comment(snapshot: Snapshot, cue_id: int, text: str) -> Edit:
    """Another comment before a cue, or none; all else that stands there stays as it is.

    UserError where a NOTE cannot hold it (WebVTT 4.1 "comment block").
    """
    cue = cue_of(snapshot, cue_id)
    if "-->" in text:
        raise UserError("A note cannot hold “-->”.")
    text = clean_text("\n".join(line.rstrip() if not line.strip() else line for line in _lines(text)))
    text = text.strip(" \t\n")
    if text == comment_of(cue.lead):
        return Edit("Edit note", ())
    fresh = cue.with_(lead=_with_comment(cue.lead, text))
    return Edit("Edit note", (CueChange(cue, fresh),), group=f"note:{cue_id}")


def set_setting(snapshot: Snapshot, cue_id: int, name: str, value: str) -> Edit:
    """One cue setting; no value takes it away. The other settings stay as they are written."""
    cue = cue_of(snapshot, cue_id)
    words = cue.settings.split()
    mine = [i for i, word in enumerate(words) if word.partition(":")[0] == name and ":" in word]
    if mine:
        words[mine[0] : mine[0] + 1] = [f"{name}:{value}"] if value else []
        for i in reversed(mine[1:]):
            del words[i if value else i - 1]
    elif value:
        words.append(f"{name}:{value}")
    if words == cue.settings.split():
        return Edit("Set cue settings", ())
    fresh = cue.with_(settings=" ".join(words))
    return Edit("Set cue settings", (CueChange(cue, fresh),), group=f"setting:{name}:{cue_id}")


def set_head(snapshot: Snapshot, head: Head, label: str, group: str = "") -> Edit:
    """Another head. With a `group`, typing in one place of it is one undo step."""
    before = snapshot.head
    return Edit(label, (HeadChange(before, head),) if head != before else (), group=group)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _last_note(lead: bytes) -> _Note | None:
    """The last block of the lead that is a NOTE. What stands before the first line end of a lead belongs to
    the line of the block before."""
    found: _Note | None = None
    inside = True
    open_note = False
    for line in _LINE.finditer(lead):
        if line.start() == len(lead) and not line[0]:
            break
        if not line[1]:
            inside = open_note = False
            continue
        if not inside:
            inside = True
            if open_note := _NOTE.match(line[1]) is not None:
                found = _Note(line.start(1), line.end(1))
        elif open_note and found is not None:
            found = _Note(found.start, line.end(1))
    return found


def _with_comment(lead: bytes, text: str) -> bytes:
    eol_found = _EOL.search(lead)
    eol: bytes = eol_found[0] if eol_found else b"\n"
    note = _last_note(lead)
    if not text:
        assert note is not None  # no text is what a lead without a note has
        rest = lead[note.end :]
        gap = _EOL.findall(rest[: len(rest) - len(rest.lstrip(b"\r\n"))])
        return lead[: note.start] + rest[sum(map(len, gap)) :]
    lines = [line.encode("utf-8", "replace") for line in text.split("\n")]
    if note is not None:
        first = lead[note.start : note.end].split(b"\n")[0].split(b"\r")[0]
        on_first_line = bool(first[4:].strip())
        within = _EOL.search(lead[note.start : note.end])
        eol = within[0] if within else eol
        block = _block(lines, eol, on_first_line=on_first_line or (within is None and len(lines) == 1))
        return lead[: note.start] + block + lead[note.end :]
    before = lead or eol * 2
    ends = _EOLS_AT_END.search(before)
    missing = max(0, 2 - len(_EOL.findall(ends[0] if ends else b"")))
    return before + eol * missing + _block(lines, eol, on_first_line=len(lines) == 1) + eol * 2


def _block(lines: list[bytes], eol: bytes, *, on_first_line: bool) -> bytes:
    return b"NOTE" + (b" " if on_first_line else eol) + eol.join(lines)
