"""Small documents and any edit of them, for the laws that hold for all."""

from __future__ import annotations

from hypothesis import strategies as st

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange, Origin
from vtt_desktop.domain.edits_text import (
    insert_cue,
    merge_cues,
    remove_cues,
    set_settings,
    set_text,
    split_cue,
)
from vtt_desktop.domain.edits_timing import set_times, shift

TEXTS = st.sampled_from(["", "one", "one two", "<v Ann>one", "<v Bob>two\nlines", "日本 é &amp; 𝄞"])
SETTINGS = st.sampled_from(["", "line:0", "align:start line:0", "align:end position:10%"])
LEADS = st.sampled_from([b"\n\n", b"\r\n\r\n", b"\n\nNOTE x\n\n", b"\xff"])


@st.composite
def cues(draw: st.DrawFn, cue_id: int = 1) -> Cue:
    start = draw(st.integers(0, 9_000))
    return Cue(
        cue_id,
        start,
        start + draw(st.integers(1, 3_000)),
        draw(TEXTS),
        draw(st.sampled_from(["", "a", "b"])),
        draw(SETTINGS),
        draw(LEADS),
    )


@st.composite
def snapshots(draw: st.DrawFn, most: int = 8) -> Snapshot:
    count = draw(st.integers(0, most))
    return Snapshot(Head(b"WEBVTT"), CueList.of([draw(cues(i + 1)) for i in range(count)]))


@st.composite
def edits(draw: st.DrawFn, document: Document, origin: Origin = Origin.USER) -> Edit:
    """Any edit that a person could make now, perhaps one without changes."""
    snapshot = document.snapshot
    ids = [cue.id for cue in snapshot.cues]
    kinds = ["insert", "head"] + ["text", "times", "settings", "shift", "remove", "split", "merge"] * bool(
        ids
    )
    kind = draw(st.sampled_from(kinds))
    cue_id = draw(st.sampled_from(ids)) if ids else 0
    cue = snapshot.cues.get(cue_id)
    if kind == "insert":
        return insert_cue(draw(cues(document.new_id())), draw(st.sampled_from([FIRST, *ids])))
    if kind == "head":
        head = Head(draw(st.sampled_from([b"WEBVTT", b"WEBVTT x", b"\xff"])))
        changes = (HeadChange(snapshot.head, head),) if head != snapshot.head else ()
        return Edit("Header", changes, origin)
    assert cue is not None
    if kind == "text":
        return set_text(snapshot, cue_id, draw(TEXTS))
    if kind == "times":
        start = draw(st.integers(0, 9_000))
        return set_times(snapshot, cue_id, start, start + draw(st.integers(1, 3_000)))
    if kind == "settings":
        return set_settings(snapshot, cue_id, draw(SETTINGS))
    some = draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))
    if kind == "shift":
        return shift(snapshot, some, draw(st.integers(-5_000, 5_000)))
    if kind == "remove":
        return remove_cues(snapshot, some)
    if kind == "split" and cue.duration > 1:
        return split_cue(snapshot, cue_id, document.new_id(), at_char=draw(st.integers(0, 9)), at_ms=None)
    at = snapshot.cues.index_of(cue_id)
    if kind == "merge" and at + 1 < len(ids):
        return merge_cues(snapshot, ids[at : at + 3])
    return Edit("Nothing", ())


def by_others(edit: Edit) -> Edit:
    return Edit(edit.label, edit.changes, Origin.REMOTE)


def plain(snapshot: Snapshot) -> tuple[Head, tuple[Cue, ...]]:
    """A snapshot as a value that can be compared and read in a failure."""
    return snapshot.head, tuple(snapshot.cues)


def consistent(snapshot: Snapshot) -> bool:
    """Whether look-up by id, by place and in order say the same."""
    order = list(snapshot.cues)
    return len(snapshot.cues) == len(order) and all(
        snapshot.cues[i] is cue
        and snapshot.cues.get(cue.id) is cue
        and snapshot.cues.index_of(cue.id) == i
        and snapshot.cues.has(cue.id)
        for i, cue in enumerate(order)
    )


def changed(snapshot: Snapshot, cue_id: int, **fields: object) -> CueChange:
    """A change of one cue's fields, as somebody else makes it."""
    cue = snapshot.cues.get(cue_id)
    assert cue is not None
    return CueChange(cue, cue.with_(**fields))
