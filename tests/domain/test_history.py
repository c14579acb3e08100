"""Undo and redo: each step there and back, over colleagues' changes, or refused whole with a reason."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.documents import TEXTS, by_others, changed, consistent, edits, plain, snapshots
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edit import Edit, Head, HeadChange, Origin
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.domain.edits_timing import set_times, shift
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import PAUSE, History, HistoryEvent, Step

THREE = Snapshot(Head(b"WEBVTT"), CueList.of(Cue(i, i * 100, i * 100 + 50, f"cue {i}") for i in (1, 2, 3)))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def far_apart(document: Document) -> History:
    """A history in which every edit is a step of its own."""
    ticks = itertools.count()
    return History(document, lambda: next(ticks) * (PAUSE + 1))


def theirs(document: Document, cue_id: int, **fields: object) -> None:
    change = changed(document.snapshot, cue_id, **fields)
    document.apply(Edit("Theirs", (change,), Origin.REMOTE))


@given(st.data(), snapshots(), st.integers(1, 6))
def test_undo_and_redo_are_exact(data: st.DataObject, snapshot: Snapshot, count: int) -> None:
    document = Document(snapshot)
    history = far_apart(document)
    states = [plain(snapshot)]
    labels: list[str] = []
    for _ in range(count):
        edit = data.draw(edits(document))
        if history.do(edit) is not None:
            states.append(plain(document.snapshot))
            labels.append(edit.label)
    assert history.labels == tuple(labels)
    for _ in range(2):
        for i in reversed(range(len(labels))):
            assert history.undo_label == labels[i]
            history.undo()
            assert plain(document.snapshot) == states[i]
        assert history.undo() is None
        for i in range(len(labels)):
            assert history.redo_label == labels[i]
            history.redo()
            assert plain(document.snapshot) == states[i + 1]
        assert history.redo() is None


@given(st.data(), snapshots(5), st.integers(1, 4), st.integers(1, 4))
def test_undo_never_takes_back_what_others_did(
    data: st.DataObject, snapshot: Snapshot, mine: int, others: int
) -> None:
    document = Document(snapshot)
    history = far_apart(document)
    ours: set[tuple[int, str, object]] = set()
    for _ in range(mine):
        edit = data.draw(edits(document))
        history.do(edit)
        for change in edit.cue_changes:
            for side in (change.before, change.after):
                if side is not None:
                    ours |= {(side.id, name, getattr(side, name)) for name in ("text", "start", "end")}
    touched: dict[tuple[int, str], object] = {}
    gone: set[int] = set()
    for _ in range(others):
        edit = by_others(data.draw(edits(document)))
        document.apply(edit)
        for change in edit.cue_changes:
            if change.after is None:
                gone.add(change.id)
                touched = {key: value for key, value in touched.items() if key[0] != change.id}
                continue
            for name in ("text", "start", "end"):
                value = getattr(change.after, name)
                if change.before is None or getattr(change.before, name) != value:
                    touched[change.id, name] = value
    # Undo goes by values: what they set to a value that we had there ourselves cannot be told from ours.
    touched = {key: value for key, value in touched.items() if (*key, value) not in ours}
    steps = 0
    while history.undo_label is not None:
        before, label = document.snapshot, history.undo_label
        try:
            history.undo()
        except UserError as error:
            assert label in error.message
            assert document.snapshot is before
            assert history.undo_label == label, "a step that is refused stays to be taken back later"
            break
        steps += 1
        assert consistent(document.snapshot)
        for (cue_id, name), value in touched.items():
            cue = document.snapshot.cues.get(cue_id)
            # Text is an atom with its speaker apart: the voice may come from us, the words from them.
            assert cue is not None and (name == "text" or getattr(cue, name) == value)
        assert not any(document.snapshot.cues.has(cue_id) for cue_id in gone)
    for _ in range(steps):
        history.redo()
        assert consistent(document.snapshot)


@given(st.data(), snapshots(5), st.integers(1, 12))
def test_the_events_bring_the_stacks_back(data: st.DataObject, snapshot: Snapshot, count: int) -> None:
    document, clock = Document(snapshot), Clock()
    history = History(document, clock)
    events: list[HistoryEvent] = []
    history.changed.connect(events.append)
    for _ in range(count):
        what = data.draw(st.sampled_from(["do", "do", "type", "undo", "redo", "theirs"]))
        clock.now += data.draw(st.sampled_from([0.1, PAUSE + 1]))
        try:
            if what == "do":
                history.do(data.draw(edits(document)))
            elif what == "theirs":
                document.apply(by_others(data.draw(edits(document))))
            elif what == "type" and document.snapshot.cues:
                history.do(set_text(document.snapshot, document.snapshot.cues[0].id, data.draw(TEXTS)))
            elif what in ("undo", "redo"):
                history.undo() if what == "undo" else history.redo()
        except UserError:
            continue
    back = History(Document(document.snapshot), clock)
    for event in events:
        back.restore(event)
    assert (back._undo, back._redo) == (history._undo, history._redo)


def test_typing_joins_until_a_pause_another_cue_or_a_seal() -> None:
    document, clock = Document(THREE), Clock()
    history = History(document, clock)
    steps: list[Step] = []
    history.changed.connect(lambda event: steps.append(event.step))
    for now, cue_id, text in ((0, 1, "a"), (PAUSE, 1, "ab"), (2 * PAUSE + 0.1, 1, "abc"), (2.2, 2, "x")):
        clock.now = now
        history.do(set_text(document.snapshot, cue_id, text))
    history.seal()
    history.do(set_text(document.snapshot, 2, "xy"))
    assert steps == [Step.DID, Step.JOINED, Step.DID, Step.DID, Step.DID]
    history.undo()
    assert document.snapshot.cues[1].text == "x"
    history.undo(), history.undo(), history.undo()
    assert plain(document.snapshot) == plain(THREE)


def test_a_group_is_one_step_also_when_it_fails_half_way() -> None:
    document = Document(THREE)
    history = far_apart(document)
    with pytest.raises(ZeroDivisionError), history.group("Macro"):
        history.do(set_text(document.snapshot, 1, "one"))
        with history.group("Inner"):
            history.do(shift(document.snapshot, [1, 2, 3], 10))
        raise ZeroDivisionError
    history.do(set_text(document.snapshot, 2, "after"))
    assert history.labels == ("Macro", "Edit text")
    history.undo(), history.undo()
    assert plain(document.snapshot) == plain(THREE)


def test_a_group_goes_on_where_nothing_was_done_since() -> None:
    document = Document(THREE)
    history = far_apart(document)
    with history.group("Many"):
        history.do(set_text(document.snapshot, 1, "one"))
    with history.group("Many", onto=history.position):
        history.do(set_text(document.snapshot, 2, "two"))
    assert history.labels == ("Many",)
    ended = history.position
    history.do(set_text(document.snapshot, 3, "of another"))
    with history.group("Many", onto=ended):
        history.do(set_text(document.snapshot, 2, "again"))
    assert history.labels == ("Many", "Edit text", "Many")
    history.undo(), history.undo()
    with history.group("Many", onto=history.position):  # what was done since could still be redone
        history.do(set_text(document.snapshot, 2, "another"))
    assert history.labels == ("Many", "Many") and history.redo_label is None


def test_a_new_edit_forgets_what_could_be_redone() -> None:
    document = Document(THREE)
    history = far_apart(document)
    history.do(set_text(THREE, 1, "one"))
    history.undo()
    history.do(set_text(document.snapshot, 2, "two"))
    assert (history.redo_label, history.redo()) == (None, None)


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    history = far_apart(Document(THREE))
    assert history.do(set_text(THREE, 1, "cue 1")) is None
    assert history.labels == ()


def test_undo_keeps_a_colleagues_other_field() -> None:
    document = Document(THREE)
    history = far_apart(document)
    history.do(set_text(THREE, 1, "mine"))
    theirs(document, 1, start=7, settings="line:0")
    history.undo()
    assert document.snapshot.cues[0] == THREE.cues[0].with_(start=7, settings="line:0")
    theirs(document, 1, end=500)
    history.redo()
    assert document.snapshot.cues[0] == THREE.cues[0].with_(text="mine", start=7, end=500, settings="line:0")


def test_undo_says_what_is_in_the_way_and_changes_nothing() -> None:
    document = Document(THREE)
    history = far_apart(document)
    history.do(shift(THREE, [1, 2, 3], 10))
    theirs(document, 2, start=111)
    before = document.snapshot
    with pytest.raises(
        UserError, match=r"Cannot undo “Shift times”: someone changed the start of cue 2 since"
    ):
        history.undo()
    assert document.snapshot is before
    assert (history.undo_label, history.redo_label) == ("Shift times", None)


IN_THE_WAY = {
    "removed": "someone removed the cue “mine” at 00:00:",
    "changed, then removed here": "someone changed cue 2 since",
    "inserted here, changed there": r"someone changed cue \d since",
}


@pytest.mark.parametrize("what", IN_THE_WAY)
def test_undo_does_not_bring_back_or_take_away_over_a_colleague(what: str) -> None:
    document = Document(THREE)
    history = far_apart(document)
    if what == "removed":
        history.do(set_text(THREE, 2, "mine"))
        document.apply(by_others(remove_cues(document.snapshot, [2])))
    elif what == "inserted here, changed there":
        history.do(insert_cue(Cue(4, 0, 1, "new")))
        theirs(document, 4, text="theirs")
    else:
        history.do(remove_cues(THREE, [2]))
        document.apply(by_others(insert_cue(THREE.cues[1].with_(text="back"), 1)))
    before = document.snapshot
    with pytest.raises(UserError, match=f"Cannot undo “.*”: {IN_THE_WAY[what]}"):
        history.undo()
    assert document.snapshot is before


def test_undo_of_the_header_is_refused_when_others_changed_it() -> None:
    document = Document(THREE)
    history = far_apart(document)
    history.do(Edit("Header", (HeadChange(THREE.head, Head(b"mine")),)))
    document.apply(Edit("Theirs", (HeadChange(Head(b"mine"), Head(b"theirs")),), Origin.REMOTE))
    with pytest.raises(UserError, match="the header"):
        history.undo()


def test_undo_after_a_burst_joins_nothing_of_the_next() -> None:
    document, clock = Document(THREE), Clock()
    history = History(document, clock)
    history.do(set_times(THREE, 1, 1, 2))
    history.undo()
    history.redo()
    history.do(set_times(document.snapshot, 1, 1, 3))
    assert len(history.labels) == 2


def test_what_was_done_last_is_taken_back_without_a_look_at_any_cue() -> None:
    document = Document(THREE)
    history = far_apart(document)
    heard: list[Edit] = []
    document.changed.connect(lambda change: heard.append(change.edit))
    history.do(shift(document.snapshot, [1, 2, 3], 10))
    shifted = document.snapshot
    history.undo()
    assert document.snapshot is THREE
    history.redo()
    assert document.snapshot is shifted
    assert [one.origin for one in heard] == [Origin.USER, Origin.HISTORY, Origin.HISTORY]
    assert heard[1] == heard[0].inverse() and heard[2] == heard[1].inverse()


def test_nothing_but_the_last_edit_is_taken_back_so() -> None:
    document = Document(THREE)
    first = document.apply(set_text(document.snapshot, 1, "mine")).edit
    theirs(document, 1, settings="line:0")
    assert document.take_back(first) is None and document.snapshot.cues[0].settings == "line:0"
    inserted = document.apply(insert_cue(Cue(9, 0, 10, "new"))).edit
    assert document.take_back(inserted) is None and document.snapshot.cues.has(9)
