"""The text of a WebVTT file piece by piece, and what an edit of that text means for the cues.

A piece is the head, a cue with what leads to it, or what stands behind the last cue. After an edit only the
pieces that it touched and their neighbours are parsed again; what comes out as it was stays the cue it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.errors import UserError
from vtt_desktop.formats.webvtt_blocks import BOM, BlockIndex, Kind, has_signature, index_cues, index_file
from vtt_desktop.formats.webvtt_cue import decode
from vtt_desktop.formats.webvtt_head import relined
from vtt_desktop.formats.webvtt_write import Style, lead_of, style_of, write_cue, write_head

HEAD, TAIL = -1, -2
"""Keys of the pieces that are no cues."""


class Piece(NamedTuple):
    """`key` is a cue's id, HEAD or TAIL; `text` with its line ends as `\\n`."""

    key: int
    text: str


def pieces(snapshot: Snapshot, first: int, last: int) -> list[Piece]:
    """Cues number `first` to `last`, that one left out, from nought; with the head before the first cue of
    the document and the tail behind its last."""
    style = style_of(snapshot)
    made = [Piece(HEAD, decode(_without_bom(write_head(snapshot.head))))] if first <= 0 else []
    for at in range(max(first, 0), min(last, len(snapshot.cues))):
        made.append(Piece(snapshot.cues[at].id, decode(_bytes(snapshot, at, style))))
    if last >= len(snapshot.cues):
        made.append(Piece(TAIL, decode(snapshot.head.tail)))
    return made


def source_edit(snapshot: Snapshot, keys: Sequence[int], text: str, new_id: Callable[[], int]) -> Edit:
    """The edit that makes the pieces `keys`, neighbours in file order, say `text`.

    UserError while that text is not whole: a timing line that is none yet, a head without its signature.
    """
    style, cues = style_of(snapshot), snapshot.cues
    places = [cues.index_of(key) for key in keys if key > 0]
    first = min(places, default=0 if HEAD in keys else len(cues))
    last = max(places, default=len(cues) - 1 if TAIL in keys else -1) + 1
    head = write_head(snapshot.head)
    before = _bytes(snapshot, first - 1, style) if HEAD not in keys and first > 0 else b""
    if HEAD not in keys and first == 0:
        before = head
    after = _bytes(snapshot, last, style) if TAIL not in keys and last < len(cues) else b""
    if TAIL not in keys and last == len(cues):
        after = snapshot.head.tail
    core = b"".join(_bytes(snapshot, at, style) for at in range(first, last))
    core = (head if HEAD in keys else b"") + core + (snapshot.head.tail if TAIL in keys else b"")
    was = before + core + after
    bom = core[: len(core) - len(_without_bom(core))] if HEAD in keys else b""
    now = before + bom + relined(core[len(bom) :], text, style.eol) + after
    with_head, with_tail = HEAD in keys or first == 0, TAIL in keys or last == len(cues)
    if with_head and not has_signature(now):
        raise UserError("The first line must begin with WEBVTT, and a space before what follows.")
    index, old = (index_file(now), index_file(was)) if with_head else (index_cues(now), index_cues(was))
    if (len(index.starts) < len(old.starts) and _junk(index) > _junk(old)) or (
        not with_tail and index.tail and not index.tail.isspace()
    ):
        raise UserError("This is no cue yet: its times go on one line like 00:01.000 --> 00:02.000.")
    lo = first if with_head or not before else first - 1
    hi = min(last + 1, len(cues)) if after and TAIL not in keys and last < len(cues) else last
    fresh = index(0, len(index.starts))
    if not with_tail and index.tail:
        raise UserError("What stands here belongs to the next cue; write it before that one.")
    changes = list(_cue_changes(snapshot, cues[lo:hi], fresh, style, new_id))
    new_head = Head(
        index.head if with_head else snapshot.head.text, index.tail if with_tail else snapshot.head.tail
    )
    if (new_head.text, new_head.tail) != (head if with_head else snapshot.head.text, snapshot.head.tail):
        changes.insert(0, HeadChange(snapshot.head, new_head))
    one = len(changes) == 1 and keys[0] > 0 and isinstance(changes[0], CueChange) and changes[0].before
    return Edit("Edit source", tuple(changes), group=f"source:{keys[0]}" if one else "")


def _cue_changes(
    snapshot: Snapshot, was: Sequence[Cue], now: Sequence[Cue], style: Style, new_id: Callable[[], int]
) -> Sequence[CueChange | HeadChange]:
    """Cues that say the same at the beginning and the end stay; those between are paired in their order."""
    same = 0
    while same < min(len(was), len(now)) and _says(was[same], now[same], style):
        same += 1
    tail = 0
    while tail < min(len(was), len(now)) - same and _says(was[-1 - tail], now[-1 - tail], style):
        tail += 1
    old, fresh = was[same : len(was) - tail], now[same : len(now) - tail]
    pairs = min(len(old), len(fresh))
    made: list[CueChange | HeadChange] = []
    for cue in reversed(old[pairs:]):
        made.append(CueChange(cue, None, snapshot.follows(cue.id)))
    kept = [*zip(was[:same], now[:same], strict=True), *zip(old, fresh, strict=False)]
    kept += zip(was[len(was) - tail :], now[len(now) - tail :], strict=True)
    made += [CueChange(a, b.with_(id=a.id)) for a, b in kept if not (_says(a, b, style) and _leads(a, b))]
    follows = old[pairs - 1].id if pairs else was[same - 1].id if same else FIRST
    if not pairs and not same and was:
        follows = snapshot.follows(was[0].id)
    for cue in fresh[pairs:]:
        placed = cue.with_(id=new_id())
        made.append(CueChange(None, placed, follows))
        follows = placed.id
    return made


def _says(a: Cue, b: Cue, style: Style) -> bool:
    """Whether a cue comes out of the text as it is written, whatever leads to it."""
    return b.source is not None and write_cue(a, style) == b.source.block


def _leads(a: Cue, b: Cue) -> bool:
    """Whether the same leads to both. What has no lead yet is written with one."""
    return a.lead == b.lead or not a.lead


def _without_bom(head: bytes) -> bytes:
    return head.removeprefix(BOM)


def _bytes(snapshot: Snapshot, at: int, style: Style) -> bytes:
    cue = snapshot.cues[at]
    block = write_cue(cue, style)
    lead = lead_of(cue, block, style, write_head(snapshot.head)) if at == 0 else lead_of(cue, block, style)
    return lead + block


def _junk(index: BlockIndex) -> int:
    return sum(1 for block in index.others if block.kind is Kind.JUNK)
