"""How the journal writes values down: JSON lines, checked by a CRC, exact to the byte.

Bytes become text by UTF-8 with `surrogateescape` (PEP 383), which every byte string survives. JSON and
not pickle: a project file that somebody sends must not be able to run anything.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange, Origin
from vtt_desktop.domain.many import replace
from vtt_desktop.sync.body import Body
from vtt_desktop.sync.ports import Frame
from vtt_desktop.sync.segment import Chosen, Given, Segment, Sent, Version
from vtt_desktop.sync.sync_log import LogKind, LogLine, Replaced

Row = list[Any]
"""What JSON gives back; its shape is checked by the CRC, not again by hand."""

LINE = 500
"""Changes in one JSON line. The encoder holds the interpreter for a line, and typing must not wait for it."""

_COMPRESSED_FROM = 512
_HEAD, _INSERTED, _REMOVED = "h", "+", "-"
_FIELDS = ("start", "end", "text", "identifier", "settings", "lead", "source")
_TIMES = ("start", "end")
_NAMES = [tuple(name for i, name in enumerate(_FIELDS) if mask & (1 << i)) for mask in range(256)]
_LEAD, _SOURCE, _FOLLOWS = 32, 64, 128
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class DamagedRow(Exception):
    """A row that does not say what was written into it."""


def seal(payload: bytes, place: str) -> bytes:
    """The payload as a blob: compressed where that pays, with a CRC over it and the place it belongs to."""
    long = len(payload) >= _COMPRESSED_FROM
    body = zlib.compress(payload, 1) if long else payload
    crc = zlib.crc32(body, zlib.crc32(place.encode()))
    return (b"z" if long else b"j") + crc.to_bytes(4, "big") + body


def unseal(blob: object, place: str) -> bytes:
    """The payload of a sealed blob; DamagedRow where it is not what was written at this place."""
    if not isinstance(blob, bytes) or len(blob) < 5 or blob[:1] not in (b"z", b"j"):
        raise DamagedRow(place)
    body = blob[5:]
    if zlib.crc32(body, zlib.crc32(place.encode())) != int.from_bytes(blob[1:5], "big"):
        raise DamagedRow(place)
    try:
        return zlib.decompress(body) if blob[:1] == b"z" else body
    except zlib.error as error:  # the mark in front is not under the CRC
        raise DamagedRow(place) from error


def pack(value: Any) -> bytes:
    """One line of JSON."""
    return _encode(value).encode("utf-8", "surrogatepass")


def unpack(line: bytes) -> Any:
    return json.loads(line.decode("utf-8", "surrogatepass"))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


# Cues and heads -----------------------------------------------------------------------------------


def cue_row(cue: Cue) -> Row:
    source: Any = None
    if (s := cue.source) is not None:
        as_read = (s.identifier, s.start, s.end, s.settings, s.text)
        untouched = as_read == (cue.identifier, cue.start, cue.end, cue.settings, cue.text)
        source = _text(s.block) if untouched else _source_row(s)
    row = [cue.id, cue.start, cue.end, cue.text, cue.identifier, cue.settings, _text(cue.lead), source]
    return row if source is not None else row[:7]


def row_cue(row: Row) -> Cue:
    number, start, end, text, identifier, settings, lead = row[:7]
    source = None
    if len(row) > 7:
        packed = row[7]
        if isinstance(packed, str):
            source = Source(identifier, start, end, settings, text, _bytes(packed))
        else:
            source = _row_source(packed)
    return Cue(number, start, end, text, identifier, settings, _bytes(lead), source)


def _source_row(source: Source | None) -> Row | None:
    if source is None:
        return None
    return [source.identifier, source.start, source.end, source.settings, source.text, _text(source.block)]


def _row_source(row: Row | None) -> Source | None:
    if row is None:
        return None
    identifier, start, end, settings, text, block = row
    return Source(identifier, start, end, settings, text, _bytes(block))


def pack_cues(cues: tuple[Cue, ...]) -> bytes:
    """A run of cues."""
    return pack([cue_row(cue) for cue in cues])


def unpack_cues(payload: bytes) -> tuple[Cue, ...]:
    return tuple(map(row_cue, unpack(payload)))


def head_row(head: Head) -> Row:
    return [_text(head.text), _text(head.tail)]


def row_head(row: Row) -> Head:
    return Head(_bytes(row[0]), _bytes(row[1]))


# Edits --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """A changed cue as the log has it: the fields that differ. The rest is in the document."""

    id: int
    names: tuple[str, ...]
    was: tuple[Any, ...]
    now: tuple[Any, ...]
    follows: int = FIRST

    def before(self, after: Cue) -> Cue | None:
        """The cue before the change; None where `after` is not what it became."""
        return self._exchanged(after, self.now, self.was)

    def after(self, before: Cue) -> Cue:
        """The cue after the change, also of one that has other values now than the change was made from."""
        return self._exchanged(before, None, self.now) or before

    def _exchanged(self, cue: Cue, old: tuple[Any, ...] | None, new: tuple[Any, ...]) -> Cue | None:
        if self.names == _TIMES:  # all cues at once, in a shift: no time for anything general
            fits = old is None or (cue.start, cue.end) == old
            return cue.at(*new) if fits else None
        if old is not None and any(getattr(cue, n) != v for n, v in zip(self.names, old, strict=True)):
            return None
        return cue.with_(**dict(zip(self.names, new, strict=True)))


@dataclass(frozen=True, slots=True)
class PackedEdit:
    """An edit whose changed cues are not whole yet."""

    label: str
    origin: Origin
    group: str
    changes: tuple[CueChange | HeadChange | Difference, ...]


def pack_edit(edit: Edit) -> bytes:
    """An edit as JSON lines: what it is, then its changes, of changed cues the differences only."""
    lines = [pack([edit.label, edit.origin.value, edit.group])]
    rows = map(_change_row, edit.changes)
    while part := list(islice(rows, LINE)):
        lines.append(pack(part))
    return b"\n".join(lines)


def unpack_edit(payload: bytes) -> PackedEdit:
    first, *lines = payload.split(b"\n")
    label, origin, group = unpack(first)
    changes = tuple(_row_change(row) for line in lines for row in unpack(line))
    return PackedEdit(label, Origin(origin), group, changes)


def _change_row(change: CueChange | HeadChange) -> Row:
    if isinstance(change, HeadChange):
        return [_HEAD, *head_row(change.before), *head_row(change.after)]
    before, after = change.before, change.after
    if before is None or after is None:
        cue = after or before
        assert cue is not None
        return [_INSERTED if before is None else _REMOVED, cue_row(cue), change.follows]
    mask, was, now, bit = 0, [], [], 1
    for a, b in (
        (before.start, after.start),
        (before.end, after.end),
        (before.text, after.text),
        (before.identifier, after.identifier),
        (before.settings, after.settings),
    ):
        if a is not b and a != b:
            mask |= bit
            was.append(a)
            now.append(b)
        bit <<= 1
    if before.lead != after.lead:
        mask |= _LEAD
        was.append(_text(before.lead))
        now.append(_text(after.lead))
    if before.source is not after.source and before.source != after.source:
        mask |= _SOURCE
        was.append(_source_row(before.source))  # type: ignore[arg-type]
        now.append(_source_row(after.source))  # type: ignore[arg-type]
    if change.follows != FIRST:
        return [after.id, mask | _FOLLOWS, *was, *now, change.follows]
    return [after.id, mask, *was, *now]


def _row_change(row: Row) -> CueChange | HeadChange | Difference:
    kind = row[0]
    if kind == _HEAD:
        return HeadChange(row_head(row[1:3]), row_head(row[3:5]))
    if kind == _INSERTED:
        return CueChange(None, row_cue(row[1]), row[2])
    if kind == _REMOVED:
        return CueChange(row_cue(row[1]), None, row[2])
    mask = row[1]
    names = _NAMES[mask]
    middle, end = 2 + len(names), 2 + 2 * len(names)
    was, now = row[2:middle], row[middle:end]
    if mask & (_LEAD | _SOURCE):
        was, now = ([_value(n, v) for n, v in zip(names, side, strict=True)] for side in (was, now))
    return Difference(kind, names, tuple(was), tuple(now), row[end] if mask & _FOLLOWS else FIRST)


def _value(name: str, packed: Any) -> Any:
    if name == "lead":
        return _bytes(packed)
    return _row_source(packed) if name == "source" else packed


# Segments -----------------------------------------------------------------------------------------


def pack_segment(segment: Segment) -> bytes:
    """A segment without what is worked out anew: its conflicts, what was seen meanwhile, a request under way,
    a version that is in doubt.

    Bodies that are one object (base and mine of a segment in step) are written once.
    """
    bodies: dict[int, tuple[int, Body]] = {}

    def index(body: Body | None) -> int | None:
        return bodies.setdefault(id(body), (len(bodies), body))[0] if body is not None else None

    sent, theirs = segment.sent, segment.theirs
    row: dict[str, Any] = {
        "key": segment.key,
        "base": index(segment.base),
        "etag": segment.etag,
        "mine": index(segment.mine),
        "sent": [index(sent.body), sent.etag, sent.write_id] if sent is not None else None,
        "theirs": [index(theirs.body), theirs.etag] if theirs is not None else None,
        "refused": segment.refused,
        "read_only": segment.read_only,
        "fetch": _to_be_read(segment),
        "cache_bust": segment.confirming,
        "stale_tag": segment.stale_tag,
        "past": segment.past,
        "unproven": [index(body) for body in segment.unproven],
    }
    if segment.was is not None:
        row["was"] = index(segment.was)
    if segment.saved:
        row["saved"] = segment.saved
    if segment.chosen:
        row["chosen"] = [_chosen_row(one) for one in segment.chosen]
    if segment.after:
        row["after"] = tuple(sorted(segment.after))
    if segment.gave:
        row["gave"] = [(one.taker, index(one.before), one.words, one.there) for one in segment.gave]
    if (unseen := segment.unseen) is not None:
        row["unseen"] = [index(unseen.body), unseen.etag, unseen.write_id]
    return pack([row, *(_body_row(body) for _, body in bodies.values())])


def unpack_segment(payload: bytes) -> Segment:
    """The segment as the next start finds it: a write that was under way is one whose answer nobody saw."""
    row, *rows = unpack(payload)
    bodies = [_row_body(packed) for packed in rows]

    def body(index: int | None) -> Body | None:
        return bodies[index] if index is not None else None

    sent, theirs, unseen = row["sent"], row["theirs"], row.get("unseen")
    return Segment(
        key=row["key"],
        base=body(row["base"]),
        etag=row["etag"],
        mine=body(row["mine"]),
        sent=Sent(body(sent[0]), sent[1], sent[2]) if sent is not None else None,
        theirs=Version(body(theirs[0]), theirs[1]) if theirs is not None else None,
        refused=row["refused"],
        read_only=row["read_only"],
        fetch=row["fetch"],
        confirming=row["cache_bust"],
        stale_tag=row["stale_tag"],
        past=tuple(row["past"]),
        saved=tuple(row.get("saved", ())),
        unproven=tuple(bodies[i] for i in row["unproven"]),
        was=body(row.get("was")),
        unseen=Sent(body(unseen[0]), unseen[1], unseen[2]) if unseen is not None else None,
        chosen=tuple(map(_row_chosen, row.get("chosen", ()))),
        after=frozenset(row.get("after", ())),
        gave=tuple(
            Given(taker, body(i), tuple(words), *there) for taker, i, words, *there in row.get("gave", ())
        ),
    )


def kept(segment: Segment) -> Segment:
    """A segment as the journal will give it back."""
    return replace(segment, out=False, fetch=_to_be_read(segment), seen=None, doubt=None, conflicts=())


def _to_be_read(segment: Segment) -> bool:
    """A version that was told of and not taken yet is read again after a start: the feed tells it once."""
    return segment.fetch or segment.doubt is not None or segment.seen is not None


def cue_ids(segment: Segment) -> Iterator[int]:
    """Ids of all cues that any of its bodies knows."""
    bodies = [segment.base, segment.mine, segment.was, *segment.unproven]
    bodies += [side.body for side in (segment.sent, segment.theirs, segment.unseen) if side is not None]
    return (cue.id for body in bodies if body is not None for cue in body.cues)


def _chosen_row(one: Chosen) -> Row:
    return [one.id, *map(_side_row, (one.mine, one.theirs, one.choice))]


def _row_chosen(row: Row) -> Chosen:
    return Chosen(row[0], *(row_cue(side[1]) if side is not None else None for side in row[1:]))


def _body_row(body: Body) -> Row:
    head = head_row(body.head) if body.head is not None else None
    frame = [body.frame.before, body.frame.after, body.frame.payload_only, body.frame.leadless]
    row = [body.wire, body.order, [cue_row(cue) for cue in body.cues], head, frame]
    return row if body.others is None else [*row, body.others]


def _row_body(row: Row) -> Body:
    wire, order, cues, head, frame = row[:5]
    whole = row_head(head) if head is not None else None
    others = row[5] if len(row) > 5 else None
    return Body(wire, order, tuple(map(row_cue, cues)), whole, Frame(*frame), others)


# The sync log -------------------------------------------------------------------------------------


def pack_line(line: LogLine) -> bytes:
    """A line of the sync log, without its number."""
    sides = _sides_row(line.replaced) if line.replaced is not None else None
    row = [line.cue_id, line.words, line.etag, line.kind.value, sides, line.at]
    return pack([*row, [_sides_row(one) for one in line.others]] if line.others else row)


def unpack_line(payload: bytes, number: int) -> LogLine:
    cue_id, words, etag, kind, sides, at, *more = unpack(payload)
    replaced = Replaced(*map(_row_side, sides)) if sides is not None else None
    others = tuple(Replaced(*map(_row_side, other)) for other in (more[0] if more else ()))
    return LogLine(cue_id, words, etag, LogKind(kind), replaced, number, at, others)


def _sides_row(one: Replaced) -> Row:
    return [_side_row(one.before), _side_row(one.after)]


def _side_row(side: Cue | Head | None) -> Row | None:
    if side is None:
        return None
    return [_HEAD, head_row(side)] if isinstance(side, Head) else ["c", cue_row(side)]


def _row_side(row: Row | None) -> Cue | Head | None:
    if row is None:
        return None
    return row_head(row[1]) if row[0] == _HEAD else row_cue(row[1])
