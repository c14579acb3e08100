"""Every edit survives being written as differences; the log is cut only where undo allows it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.documents import by_others, edits, plain, snapshots
from tests.sync.test_journal import Desk, exact, no_error, snapshot_of, stacks
from vtt_desktop.domain.cue import Cue, Source
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot, applied
from vtt_desktop.domain.edit import CueChange, Edit, Head, HeadChange, Origin
from vtt_desktop.domain.edits_text import set_text
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History, HistoryEvent, Step
from vtt_desktop.sync import journal_file
from vtt_desktop.sync.journal import Journal
from vtt_desktop.sync.journal_replay import Walk, cut
from vtt_desktop.sync.journal_rows import (
    DamagedRow,
    pack_cues,
    pack_edit,
    pack_segment,
    seal,
    unpack_cues,
    unpack_edit,
    unpack_segment,
    unseal,
)
from vtt_desktop.sync.segment import Chosen, Given, Segment

ANY_TEXT = st.text(max_size=12)
ANY_BYTES = st.binary(max_size=12)
ANY_TIME = st.integers(-(2**40), 2**40)
SOURCES = st.none() | st.builds(Source, ANY_TEXT, ANY_TIME, ANY_TIME, ANY_TEXT, ANY_TEXT, ANY_BYTES)
ANY_CUES = st.builds(
    Cue, st.integers(1, 5), ANY_TIME, ANY_TIME, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_BYTES, SOURCES
)
ANY_HEADS = st.builds(Head, ANY_BYTES, ANY_BYTES)


def whole(edit: Edit) -> list[object]:
    """All that an edit holds, sources too."""
    found: list[object] = [edit]
    for change in edit.cue_changes:
        found += [side.source for side in (change.before, change.after) if side is not None]
    return found


@given(st.lists(ANY_CUES, max_size=4))
def test_any_cue_comes_back(cues: list[Cue]) -> None:
    back = unpack_cues(pack_cues(tuple(cues)))
    assert back == tuple(cues)
    assert [cue.source for cue in back] == [cue.source for cue in cues]


@given(ANY_CUES, ANY_CUES, ANY_HEADS, ANY_HEADS, ANY_TEXT, st.sampled_from(Origin), st.integers(0, 9))
def test_any_edit_comes_back_in_both_directions(
    before: Cue, after: Cue, old: Head, new: Head, label: str, origin: Origin, follows: int
) -> None:
    after = after.with_(id=before.id)
    third = before.with_(text="third")
    changes = (
        CueChange(before, after, follows),
        HeadChange(old, new),
        CueChange(after, third),
        CueChange(third, None, follows),
        CueChange(None, before, follows),
    )
    edit = Edit(label, changes, origin, label)
    packed = unpack_edit(pack_edit(edit))
    start = Snapshot(old, CueList.of([before]))
    end = Snapshot(new, CueList.of([before]))
    assert whole(Walk(start).forward(packed)) == whole(edit)
    backward = Walk(end).backward(packed)
    assert backward is not None and whole(backward) == whole(edit)


@given(st.data(), snapshots(), st.integers(1, 5))
def test_a_walk_along_the_log_is_exact(data: st.DataObject, snapshot: Snapshot, count: int) -> None:
    document = Document(snapshot)
    made = []
    for _ in range(count):
        edit = data.draw(edits(document))
        document.apply(edit)
        made.append(edit)
    rows = [unpack_edit(pack_edit(edit)) for edit in made]
    there = Walk(snapshot)
    assert [there.forward(row) for row in rows] == made
    back = Walk(document.snapshot)
    assert [back.backward(row) for row in reversed(rows)] == made[::-1]


def test_a_log_that_does_not_fit_keeps_what_a_person_wrote() -> None:
    was, now = Cue(1, 0, 9, "was"), Cue(1, 0, 9, "typed")
    row = unpack_edit(pack_edit(Edit("Edit", (CueChange(was, now), CueChange(None, Cue(2, 0, 1, "new"))))))
    other = Snapshot(cues=CueList.of([Cue(1, 5, 6, "else"), Cue(2, 7, 8, "taken")]))
    edit = Walk(other).forward(row)
    assert list(applied(other, edit).cues) == [Cue(1, 5, 6, "typed"), Cue(2, 0, 1, "new")]
    assert Walk(other).backward(row) is None
    assert Walk(Snapshot()).forward(row).changes == (CueChange(None, Cue(2, 0, 1, "new")),)


@given(st.binary(max_size=2000), st.data())
def test_a_sealed_row_is_believed_only_where_it_was_written(payload: bytes, data: st.DataObject) -> None:
    blob = seal(payload, "log:1:did")
    assert unseal(blob, "log:1:did") == payload
    at = data.draw(st.integers(0, len(blob) - 1))
    flipped = bytearray(blob)
    flipped[at] ^= data.draw(st.integers(1, 255))
    for wrong, place in (
        (blob, "log:2:did"),
        (bytes(flipped), "log:1:did"),
        (blob[:4], "log:1:did"),
        (None, "x"),
    ):
        with pytest.raises(DamagedRow):
            unseal(wrong, place)


@given(st.data(), snapshots(4), st.integers(1, 25), st.integers(0, 12))
def test_a_cut_log_restores_the_newest_part_of_the_stacks(
    data: st.DataObject, snapshot: Snapshot, count: int, keep: int
) -> None:
    document = Document(snapshot)
    history = History(document, lambda: 0.0)
    steps: list[HistoryEvent | None] = []
    history.changed.connect(steps.append)
    for _ in range(count):
        what = data.draw(st.sampled_from(["do", "do", "type", "undo", "redo", "theirs"]))
        try:
            if what == "undo":
                history.undo()
            elif what == "redo":
                history.redo()
            elif what == "theirs":
                document.apply(by_others(data.draw(edits(document))))
                steps.append(None)
            elif what == "type" and document.snapshot.cues:
                first = document.snapshot.cues[0]
                history.do(set_text(document.snapshot, first.id, first.text + "x"))
            else:
                history.do(data.draw(edits(document)))
        except UserError:
            continue
    start = cut([event.step if event else None for event in steps], keep)
    assert start >= len(steps) - keep
    back = History(Document(document.snapshot), lambda: 0.0)
    for event in steps[start:]:
        if event is not None:
            back.restore(event)
    for full, part in zip(stacks(history), stacks(back), strict=True):
        assert full[len(full) - len(part) :] == part


def test_a_cut_keeps_as_much_as_it_may() -> None:
    did, joined, undid, redid = Step.DID, Step.JOINED, Step.UNDID, Step.REDID
    assert cut([did, did, did], 2) == 1
    assert cut([did, joined, joined, did], 3) == 3
    assert cut([did, undid, redid, did], 3) == 3
    assert cut([did, None, did, undid], 3) == 1
    assert cut([did, did], 9) == 0
    assert cut([did, joined], 1) == 2


def test_old_steps_are_forgotten_at_a_checkpoint_and_the_rest_can_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_file, "STEPS_KEPT", 20)
    path = tmp_path / "film.vttproj"
    journal = Journal.open(path, no_error)
    desk = Desk(journal, snapshot_of(3))
    desk.checkpoint()
    states = []
    for i in range(90):
        states.append(plain(desk.snapshot))
        desk.do(set_text(desk.snapshot, i % 3 + 1, f"edit {i}"))
        if i == 79:
            desk.checkpoint()
            journal.flush().result(20)
    desk.leave()
    journal.close()
    journal = Journal.open(path, no_error)
    assert journal.recovered is not None
    assert len(journal.recovered.events) == 30  # 20 before the checkpoint and all that are not in it
    back = Desk.recovered(journal)
    assert exact(back.snapshot) == exact(desk.snapshot)
    while back.history.undo():
        assert plain(back.snapshot) == states.pop()
    back.leave()
    journal.close()


def test_what_is_decided_of_a_segment_comes_back() -> None:
    one, two = Cue(1, 0, 1000, "one"), Cue(1, 0, 1000, "two")
    segment = Segment("k", chosen=(Chosen(1, one, two, one.with_(text="both")), Chosen(2, None, two, None)))
    assert unpack_segment(pack_segment(segment)) == segment


def test_what_a_segment_gave_comes_back_as_an_earlier_version_wrote_it_too() -> None:
    gave = Given("taker", None, ("words", "moved"), there=True)
    packed = pack_segment(Segment("giver", gave=(gave,)))
    assert unpack_segment(packed).gave == (gave,)
    earlier = packed.replace(b'["words","moved"],true]', b'["words","moved"]]')
    assert earlier != packed
    assert unpack_segment(earlier).gave == (replace(gave, there=False),)
