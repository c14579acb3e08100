"""The head of a WebVTT file block by block: header lines, STYLE, REGION, NOTE; what stays keeps its bytes."""

from __future__ import annotations

import re
from typing import NamedTuple

from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt_blocks import BOM, Kind, has_signature, index_file
from vtt_desktop.formats.webvtt_cue import decode

_LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|\Z)")
_EOL = re.compile(rb"\r\n|\r|\n")
_NAMED = (Kind.STYLE, Kind.REGION)


class Part(NamedTuple):
    """A block of a head. `text` is what a person edits: of STYLE and REGION what stands behind the first
    line, of the header all its lines without a BOM."""

    kind: Kind
    text: str
    start: int
    end: int


def head_parts(head: bytes) -> list[Part]:
    """The blocks of a head in their order; none where it is that of another format."""
    if not has_signature(head):
        return []
    parts = []
    for block in index_file(head).others:
        start = _body_start(head, block.kind, block.start, block.end)
        parts.append(Part(block.kind, decode(head[start : block.end]), block.start, block.end))
    return parts


def with_part(head: bytes, at: int, text: str, eol: bytes = b"\n") -> bytes:
    """The head with another text in block `at`; its lines that are still there keep their bytes.

    UserError where that text cannot stand there: an arrow, nothing at all, another block's first line.
    """
    before = head_parts(head)
    part = before[at]
    start = _body_start(head, part.kind, part.start, part.end)
    fresh = head[:start] + relined(head[start : part.end], _checked(part.kind, text), eol) + head[part.end :]
    return _proven(fresh, [one.kind for one in before], part.kind)


def with_new_part(head: bytes, kind: Kind, text: str, eol: bytes = b"\n") -> bytes:
    """The head with a STYLE or REGION block more, behind all others. UserError as for `with_part`."""
    if not has_signature(head):
        raise UserError("Only WebVTT files have styles and regions.", "Save as .vtt first.")
    kinds = [part.kind for part in head_parts(head)]
    ends = re.search(rb"(?:\r\n|\r|\n)*\Z", head)
    missing = max(0, 2 - len(_EOL.findall(ends[0] if ends else b"")))
    body = relined(b"", _checked(kind, text), eol)
    return _proven(head + eol * missing + kind.value.upper().encode() + eol + body, [*kinds, kind], kind)


def without_part(head: bytes, at: int) -> bytes:
    """The head without block `at` and the space before it. The header cannot go."""
    parts = head_parts(head)
    assert at > 0, "every WebVTT file has its header"
    return head[: parts[at - 1].end] + head[parts[at].end :]


def with_region_setting(text: str, name: str, value: str) -> str:
    """A REGION block's text with one setting of another value, or without it; the rest as it is written."""
    words = list(re.finditer(rf"(?<!\S){re.escape(name)}:\S*", text))
    if words:
        last = words[-1]
        if value:
            return f"{text[: last.start()]}{name}:{value}{text[last.end() :]}"
        rest = text[: last.start()].rstrip(" \t") + text[last.end() :]
        return "\n".join(line for line in rest.split("\n") if line.strip()).lstrip()
    if not value:
        return text
    one_line = "\n" not in text.strip() and len(text.split()) > 1
    return f"{text}{' ' if one_line else chr(10)}{name}:{value}" if text.strip() else f"{name}:{value}"


def relined(old: bytes, text: str, eol: bytes) -> bytes:
    """`text` as bytes: lines at the beginning and the end that `old` has too are taken from there, bytes and
    line ends and all; the others end as the first line of `old` does, or with `eol`."""
    was = [(found[1], found[2]) for found in _LINE.finditer(old)]
    if was and was[-1] == (b"", b"") and len(was) > 1 and was[-2][1] == b"":
        was.pop()  # the match of nothing at the very end
    found = _EOL.search(old)
    eol = found[0] if found else eol
    now = text.split("\n")
    same = 0
    while same < min(len(was), len(now)) and decode(was[same][0]) == now[same]:
        same += 1
    tail = 0
    while tail < min(len(was), len(now)) - same and decode(was[-1 - tail][0]) == now[-1 - tail]:
        tail += 1
    middle = [(line.encode("utf-8", "replace"), eol) for line in now[same : len(now) - tail]]
    made = [*was[:same], *middle, *was[len(was) - tail :]]
    out = b"".join(line + (end or eol) for line, end in made[:-1])
    return out + made[-1][0] if made else out


def _body_start(head: bytes, kind: Kind, start: int, end: int) -> int:
    """Where that begins which a person edits."""
    if kind is Kind.HEADER:
        return start + len(BOM) if head.startswith(BOM, start) else start
    if kind not in _NAMED:
        return start
    first = _EOL.search(head, start, end)
    return first.end() if first else end


def _checked(kind: Kind, text: str) -> str:
    name = {Kind.HEADER: "The header", Kind.NOTE: "A note"}.get(kind, f"A {kind.value.upper()} block")
    if "-->" in text:
        raise UserError(f"{name} cannot hold “-->”.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    kept = [line for line in lines if line]  # a blank line would end the block
    if not kept:
        raise UserError(f"{name} cannot be empty; remove it instead.")
    return "\n".join(kept)


def _proven(head: bytes, kinds: list[Kind], kind: Kind) -> bytes:
    """The head, if a parser finds in it the blocks that are meant to be there."""
    if has_signature(head):
        index = index_file(head)
        if not index.starts and [block.kind for block in index.others] == kinds:
            return head
    if kind is Kind.HEADER:
        raise UserError("The first line must begin with WEBVTT, and a space before what follows.")
    raise UserError(f"That would be no {kind.value.upper()} block any more.")
