"""Which cue is which in another version of a file, and the edit that leads from one version to another."""

from __future__ import annotations

from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Document, Snapshot
from vtt_desktop.domain.edit import Head, Origin
from vtt_desktop.domain.matching import matched
from vtt_desktop.domain.rearrange import edit_to

BASE = tuple(Cue(i, i * 1000, i * 1000 + 900, f"line {i}") for i in range(1, 6))


def ids(theirs: list[Cue], base: tuple[Cue, ...] = BASE) -> list[int]:
    new = count(100)
    return [cue.id for cue in matched([c.with_(id=0) for c in theirs], base, lambda: next(new))]


def test_what_was_not_touched_keeps_its_id() -> None:
    assert ids(list(BASE)) == [1, 2, 3, 4, 5]


def test_a_cue_that_was_retimed_or_reworded_is_still_the_same() -> None:
    theirs = [BASE[0], BASE[1].with_(start=1990, end=2950), BASE[2].with_(text="other"), *BASE[3:]]
    assert ids(theirs) == [1, 2, 3, 4, 5]


def test_a_cue_with_everything_changed_is_known_by_its_neighbours() -> None:
    theirs = [*BASE[:2], Cue(0, 3100, 3500, "all new"), *BASE[3:]]
    assert ids(theirs) == [1, 2, 3, 4, 5]


def test_an_insertion_gets_a_new_id_and_shifts_nobody() -> None:
    assert ids([BASE[0], Cue(0, 1950, 1990, "between"), *BASE[1:]]) == [1, 100, 2, 3, 4, 5]


def test_a_removal_leaves_a_gap() -> None:
    assert ids([*BASE[:2], *BASE[3:]]) == [1, 2, 4, 5]


def test_the_identifier_counts_more_than_times() -> None:
    base = (Cue(1, 0, 1, "a", identifier="x"), Cue(2, 5, 6, "b", identifier="y"))
    theirs = [Cue(0, 5, 6, "new", identifier="x"), Cue(0, 0, 1, "newer", identifier="y")]
    assert ids(theirs, base) == [1, 2]


cue_lists = st.lists(st.integers(1, 12), unique=True, max_size=12).map(
    lambda order: [Cue(i, i * 10, i * 10 + 5, f"t{i}") for i in order]
)


@given(cue_lists, cue_lists, st.lists(st.integers(1, 12)))
def test_the_edit_leads_exactly_there_and_its_inverse_back(
    now: list[Cue], wanted: list[Cue], changed: list[int]
) -> None:
    wanted = [cue.with_(text="changed") if cue.id in changed else cue for cue in wanted]
    document = Document(Snapshot(Head(b"a"), CueList.of(now)), 100)
    edit = edit_to(document.snapshot, Head(b"b"), wanted, "there", Origin.DISK)
    document.apply(edit)
    assert list(document.snapshot.cues) == wanted
    assert document.snapshot.head == Head(b"b")
    document.apply(edit.inverse())
    assert list(document.snapshot.cues) == now


def test_one_moved_cue_is_all_that_moves() -> None:
    snapshot = Snapshot(cues=CueList.of(BASE))
    order = [BASE[0], BASE[3], BASE[1], BASE[2], BASE[4]]
    edit = edit_to(snapshot, snapshot.head, order, "move", Origin.DISK)
    assert edit.ids == {4}
