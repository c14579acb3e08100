"""What of a document a backend has a place for. What has none would be lost in silence: an edit of it is
refused, and publishing names it."""

from __future__ import annotations

from collections.abc import Iterator

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.profile import Content

_PARTS = {"identifier": "identifiers", "settings": "settings", "lead": "comments"}
"""The parts of a cue that not every backend keeps, in words."""
PLAIN_HEAD = Head(b"WEBVTT")
"""The least that a file begins with; a project's, where somebody removed the segment of its head."""
_EMPTY_HEADS = (b"", PLAIN_HEAD.text, b"\xef\xbb\xbfWEBVTT")


def parts_without_place(content: Content, *, bare: bool = False) -> tuple[str, ...]:
    """The parts of a cue that nothing is kept of: those without a field, or, where a segment is a bare text,
    all but the text. (Times have a check of their own.)"""
    if content.kind == "webvtt":
        return tuple(_PARTS) if bare else ()
    return tuple(name for name in _PARTS if name not in content.fields)


def check_parts(before: Cue | None, after: Cue, beside: Cue | None, parts: tuple[str, ...]) -> None:
    """UserError for a change that puts something into one of these `parts`. What stands in them here alone
    may be taken out, and go over from the cue `beside` an inserted one."""
    for name in parts:
        told = _told(after, name)
        if told and told not in (_told(before, name), _told(beside, name)):
            raise UserError(
                f"This backend keeps no {_PARTS[name]} of cues.", "Its profile names no place for them."
            )


def is_plain(head: Head) -> bool:
    """Whether a head says nothing that has to be kept."""
    return head.text.strip() in _EMPTY_HEADS and not head.tail.strip()


def left_out(snapshot: Snapshot, content: Content) -> str:
    """What of a document such a backend has no place for, in words; nothing: it keeps all."""
    return ", ".join(_left_out(snapshot, content))


def _left_out(snapshot: Snapshot, content: Content) -> Iterator[str]:
    if not content.head and snapshot.head.text.strip() not in _EMPTY_HEADS:
        yield "the header with its styles and regions"
    if not (content.head and content.tail) and snapshot.head.tail.strip():
        yield "what stands after the last cue"
    if content.kind == "fields" and "start" not in content.fields and len(snapshot.cues):
        yield "the times"
    for name in parts_without_place(content):
        count = sum(bool(_told(cue, name)) for cue in snapshot.cues)
        if count:
            yield f"the {_PARTS[name]} of {count} cue{'' if count == 1 else 's'}"


def _told(cue: Cue | None, name: str) -> str | bytes:
    value: str | bytes = getattr(cue, name) if cue is not None else ""
    return value.strip() if name == "lead" else value
