"""Edits go in whole or not at all, are announced once, and can be taken back."""

import sys
from types import TracebackType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.documents import changed, consistent, edits, plain, snapshots
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Change, Document, Snapshot, applied
from vtt_desktop.domain.edit import FIRST, CueChange, Edit, Head, HeadChange
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.errors import StaleEditError

THREE = Snapshot(Head(b"WEBVTT"), CueList.of(Cue(i, i * 100, i * 100 + 50, f"cue {i}") for i in (1, 2, 3)))


@given(st.data(), snapshots())
def test_the_inverse_takes_an_edit_back(data: st.DataObject, snapshot: Snapshot) -> None:
    edit = data.draw(edits(Document(snapshot)))
    after = applied(snapshot, edit)
    assert consistent(after)
    assert plain(applied(after, edit.inverse())) == plain(snapshot)
    assert plain(applied(snapshot, edit.inverse().inverse())) == plain(after)


@given(st.data(), snapshots())
def test_an_edit_made_from_an_older_document_is_refused_whole(
    data: st.DataObject, snapshot: Snapshot
) -> None:
    document = Document(snapshot)
    edit = data.draw(edits(document))
    document.apply(data.draw(edits(document)))
    before = document.snapshot
    try:
        change = document.apply(edit)
    except StaleEditError:
        assert document.snapshot is before
    else:
        assert consistent(change.new)
        assert {*applied(change.new, edit.inverse()).cues} == {*before.cues}


@pytest.mark.parametrize(
    "change",
    [
        CueChange(Cue(1, 0, 1, "other"), Cue(1, 0, 2, "x")),
        CueChange(Cue(9, 0, 1, ""), Cue(9, 0, 2, "")),
        CueChange(THREE.cues[0], THREE.cues[0].with_(id=7)),
        CueChange(None, Cue(2, 0, 1, "taken")),
        CueChange(Cue(9, 0, 1, ""), None),
        CueChange(Cue(1, 0, 1, "other"), None),
        HeadChange(Head(b"other"), Head(b"x")),
    ],
)
def test_what_does_not_fit_is_stale(change: CueChange | HeadChange) -> None:
    with pytest.raises(StaleEditError):
        applied(THREE, Edit("Odd", (changed(THREE, 3, text="first this"), change)))


def test_a_cue_is_put_behind_the_one_it_follows_or_where_its_time_is() -> None:
    new = Cue(9, 250, 260, "new")
    for follows, order in ((FIRST, [9, 1, 2, 3]), (1, [1, 9, 2, 3]), (3, [1, 2, 3, 9]), (77, [1, 2, 9, 3])):
        after = applied(THREE, insert_cue(new, follows))
        assert [cue.id for cue in after.cues] == order


def test_one_edit_is_one_announcement_with_both_snapshots() -> None:
    document = Document(THREE)
    heard: list[Change] = []
    document.changed.connect(heard.append)
    document.apply(remove_cues(THREE, [1, 3]))
    assert [(c.old is THREE, c.new is document.snapshot, c.edit.ids) for c in heard] == [
        (True, True, frozenset({1, 3}))
    ]


def test_an_observer_must_not_edit(monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[BaseException] = []

    def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        reported.append(error)

    monkeypatch.setattr(sys, "excepthook", report)
    document = Document(THREE)
    later: list[Change] = []
    stop = document.changed.connect(lambda change: document.apply(set_text(change.new, 1, "again")))
    document.changed.connect(later.append)
    document.apply(set_text(THREE, 1, "once"))
    assert document.snapshot.cues[0].text == "once"
    assert [type(error) for error in reported] == [RuntimeError]
    assert len(later) == 1, "one that fails must not keep the others from hearing"
    stop()
    stop()
    document.apply(set_text(document.snapshot, 1, "twice"))
    assert len(reported) == 1


def test_an_id_is_never_given_twice() -> None:
    document = Document(THREE)
    assert [document.new_id(), document.new_id()] == [4, 5]
    document.apply(insert_cue(Cue(11, 0, 1, "a colleague's")))
    document.apply(remove_cues(document.snapshot, [11]))
    assert (document.new_id(), document.next_id) == (12, 13)


@given(st.data(), snapshots())
def test_what_an_edit_says_of_itself_is_so(data: st.DataObject, snapshot: Snapshot) -> None:
    edit = data.draw(edits(Document(snapshot)))
    before, after = ({cue.id: cue for cue in s.cues} for s in (snapshot, applied(snapshot, edit)))
    different = {i for i in {*before, *after} if before.get(i) != after.get(i)}
    assert different <= edit.ids
    assert edit.structural or list(before) == list(after)
