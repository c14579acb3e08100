"""Segments' bodies to documents on the wire and back, as a profile's `content` says."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.many import replace
from vtt_desktop.domain.timecode import format_time, parse_time
from vtt_desktop.sync import pointer
from vtt_desktop.sync.body import Body, identified, made_body
from vtt_desktop.sync.ports import Frame, SegmentText
from vtt_desktop.sync.profile import Content, FieldAt
from vtt_desktop.sync.segment import Segment

PAYLOAD_MS = 3000
"""How long a cue is shown for whose backend keeps no times."""
SIGNATURE = "WEBVTT"
_UNITS = {"ms": 1, "s": 1000}
_TIMES = ("start", "end", "duration")
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@lru_cache(maxsize=8)
def _places(wire: str) -> tuple[tuple[str, Any], ...]:
    """Where in a document a body stands, and what there: texts and numbers. Of one segment it is asked for
    several times in a row."""
    return tuple(json.loads(wire).items())


class Codec:
    """Reads and writes what a backend holds of a segment. Raises UserError for what has no place there."""

    def __init__(self, content: Content, text: SegmentText, bookkeeping: Collection[str] = ()) -> None:
        """`bookkeeping`: pointers into a document to what is the backend's own affair."""
        self._content = content
        self._text = text
        owned = (content.order, content.head, content.tail)
        fields = (
            [content.pointer] if content.kind == "webvtt" else [at.pointer for at in content.fields.values()]
        )
        self._owned = [at for at in (*fields, *owned) if at]
        self._order, self._head, self._text_of = map(
            pointer.getter, (content.order, content.head, content.pointer)
        )
        self._wire_name = _encode(content.pointer)
        self._bookkeeping = frozenset(bookkeeping)
        ours = [at for at in (*self._bookkeeping, *self._owned) if at]
        self._inner = [at for at in ours if len(pointer.steps(at)) > 1]
        """Places of ours and of the backend that are not members of the document itself, as most are."""
        self._usual = {pointer.steps(at)[0] for at in ours if len(pointer.steps(at)) == 1}
        self._with_bookkeeping = frozenset(pointer.steps(at)[0] for at in self._bookkeeping if at)

    @property
    def new_frame(self) -> Frame:
        """What stands around the cues of a segment that is made here. Where segments make up a file without
        loss, blank lines between two cues belong to the second one's; elsewhere to none."""
        content = self._content
        if content.kind != "webvtt" or content.head:
            return Frame()
        return Frame(f"{SIGNATURE}\n\n" if content.signature else "", leadless=True)

    def make(
        self, cues: tuple[Cue, ...], head: Head | None, order: str, frame: Frame, others: str | None = None
    ) -> Body:
        """A body as the backend would hold it: a `MakeBody`."""
        owned: dict[str, Any] = {}
        if head is not None:
            text, tail = self._text.write_head(head)
            owned[self._content.pointer] = text
            if self._content.tail:
                owned[self._content.tail] = tail
        elif self._content.kind == "webvtt":
            if frame.leadless and cues and cues[0].lead and not cues[0].lead.strip(b"\r\n"):
                written = (cues[0].with_(lead=b""), *cues[1:])
            else:
                written = cues
            wire = self._wire(self._text.write(written, frame))
            return made_body(wire, order, cues, head, frame, others)
        elif cues:
            if len(cues) > 1:
                raise UserError("This backend keeps one cue in a segment.")
            for name, at in self._content.fields.items():
                owned[at.pointer] = _field(cues[0], name, at)
        return made_body(_encode(owned), order, cues, head, frame, others)

    def _wire(self, text: str) -> str:
        """How the backend holds a text, where that is all."""
        return f"{{{self._wire_name}: {_encode(text)}}}"

    def read(
        self,
        document: Any,
        known: Iterable[Cue],
        new_id: Callable[[], int],
        place: int = 0,
        *,
        added: Iterable[Cue] = (),
    ) -> Body:
        """The body that a document holds, its cues under our ids: those that the server had (`known`) and
        those made here since (`added`). `place` gives times to new cues where the backend keeps none.

        UserError where the document is not as the profile says.
        """
        content = self._content
        order = str(self._order(document) or "") if content.order else ""
        others = self.others(document)
        if content.head and self._head(document) == "head":
            tail = pointer.get(document, content.tail) or "" if content.tail else ""
            head = self._text.read_head(self._text_in(document), str(tail))
            return self.make((), head, order, Frame(), others)
        text = ""
        if content.kind == "webvtt":
            text = self._text_in(document)
            cues, frame = self._text.read(text)
            if frame.payload_only:
                start = place * PAYLOAD_MS
                cues = tuple(cue.at(start, start + PAYLOAD_MS) for cue in cues)
        else:
            cues, frame = (self._cue_of_fields(document, place),), Frame()
        known, added = tuple(known), tuple(added)
        if known or added:
            cues = identified(cues, known, added, new_id)
            if frame.payload_only or (content.kind == "fields" and "start" not in content.fields):
                ours = {cue.id: cue for cue in (*added, *known)}  # a backend without times: ours stay
                cues = tuple(c.at(ours[c.id].start, ours[c.id].end) if c.id in ours else c for c in cues)
        else:
            cues = tuple([cue.called(new_id()) for cue in cues])
        if content.kind == "webvtt":
            # What `make` would write out again: text that nobody touched is written as it was read.
            return made_body(self._wire(text), order, cues, None, frame, others)
        return self.make(cues, None, order, frame, others)

    def read_segment(self, document: Any, one: Segment | None, new_id: Callable[[], int], place: int) -> Body:
        """A document as what is known of its segment, where it says the same; else as `read`."""
        if one is not None:
            sent = one.sent.body if one.sent is not None else None
            for known in (sent, one.base):
                if known is not None and self.says(document, known):
                    others = self.others(document)
                    return known if (known.others or "") == others else replace(known, others=others)
        base = one.base.cues if one is not None and one.base is not None else ()
        mine = one.mine.cues if one is not None and one.mine is not None else ()
        had = {cue.id for cue in base}
        added = tuple(cue for cue in mine if cue.id not in had)
        return self.read(document, base, new_id, place, added=added)

    def tells_times(self, body: Body) -> bool:
        """Whether the times of a body that was read come from the backend, and none from its `place`."""
        if self._content.kind == "fields":
            told = self._content.fields.keys()
            return "start" in told and not told.isdisjoint(("end", "duration"))
        return not body.frame.payload_only

    def others(self, document: Any) -> str:
        """What a document holds beside our places and the backend's bookkeeping, as JSON; empty: nothing."""
        if not isinstance(document, dict) or document.keys() <= self._usual:
            return ""
        kept = {n: value for n, value in document.items() if n not in self._usual and not n.startswith("_")}
        if self._inner:
            kept = json.loads(json.dumps(kept))  # what they stand in is the answer's
            for at in self._inner:
                pointer.drop_out(kept, at)
        return _encode(kept) if kept else ""

    def apart(self, others: dict[str, Any]) -> dict[str, Any]:
        """What of `others` does not stand in one object with the backend's bookkeeping."""
        return {name: value for name, value in others.items() if name not in self._with_bookkeeping}

    def says(self, document: Any, body: Body) -> bool:
        """Whether a document holds exactly what a body does, seen without reading it."""
        content = self._content
        if content.order and pointer.get(document, content.order) != body.order:
            return False
        if content.head and (pointer.get(document, content.head) == "head") != (body.head is not None):
            return False
        return all(pointer.get(document, at) == value for at, value in _places(body.wire))

    def document(self, body: Body, base: Body | None) -> dict[str, Any]:
        """What to send: the places of the document that differ from `base`; all that we own without one."""
        before = dict(_places(base.wire)) if base is not None else {}
        changed: dict[str, Any] = {}
        for at, value in _places(body.wire):
            if base is None or at not in before or before[at] != value:
                pointer.put(changed, at, value)
        if self._content.order and body.order and (base is None or base.order != body.order):
            pointer.put(changed, self._content.order, body.order)
        if self._content.head and base is None:
            pointer.put(changed, self._content.head, "head" if body.head is not None else "cues")
        return changed

    def merged(self, document: dict[str, Any], body: Body) -> dict[str, Any]:
        """A whole document with our places in it and all others as they were (unknown fields survive).

        A place that says the same already stays as the server spelt it.
        """
        whole: dict[str, Any] = json.loads(json.dumps(document))
        said = self._said(document)
        for at, value in json.loads(body.wire).items():
            if at not in said or said[at] != value:
                pointer.put(whole, at, value)
        if self._content.order and body.order:
            pointer.put(whole, self._content.order, body.order)
        return whole

    def _said(self, document: Any) -> dict[str, Any]:
        """What the document says at our places, as we would write it."""
        if self._content.kind == "webvtt":
            return {}
        try:
            body = self.make((self._cue_of_fields(document, 0),), None, "", Frame())
        except UserError:
            return {}
        said: dict[str, Any] = json.loads(body.wire)
        return {at: value for at, value in said.items() if pointer.has(document, at)}

    def _text_in(self, document: Any) -> str:
        value = self._text_of(document)
        if not isinstance(value, str):
            raise UserError(f"The server's document has no text at “{self._content.pointer}”.")
        return value

    def _cue_of_fields(self, document: Any, place: int) -> Cue:
        values: dict[str, Any] = {"start": place * PAYLOAD_MS, "end": (place + 1) * PAYLOAD_MS}
        for name, at in self._content.fields.items():
            value = pointer.get(document, at.pointer)
            if name in _TIMES:
                values[name] = _milliseconds(value, at)
            elif name == "text" and not pointer.has(document, at.pointer):
                raise UserError(f"The server's document has no text at “{at.pointer}”.")
            else:
                values[name] = str(value if value is not None else "")
        if "duration" in values:
            values["end"] = values["start"] + values.pop("duration")
        return Cue(0, **values)


def _field(cue: Cue, name: str, at: FieldAt) -> Any:
    value = getattr(cue, name)
    if name not in _TIMES or at.unit == "ms":
        return value
    if at.unit == "s":
        return value / 1000
    stamp = format_time(value)
    return stamp.replace(".", ",") if at.unit == "srt-timestamp" else stamp


def _milliseconds(value: Any, at: FieldAt) -> int:
    ms: int | None = None
    if at.unit == "timestamp":
        ms = parse_time(str(value))
    elif at.unit == "srt-timestamp":
        ms = parse_time(str(value).replace(",", "."))
    elif isinstance(value, (int, float, str)) and not isinstance(value, bool):
        with suppress(ValueError, OverflowError):  # a decimal in quotes is usual where numbers are exact
            ms = round(float(value) * _UNITS[at.unit])
    if ms is None or ms < 0:
        raise UserError(f"The server's document has no time at “{at.pointer}”: {str(value)[:40]!r}.")
    return ms
