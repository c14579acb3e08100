"""The selection holds ids: it says when it changes, only then, and survives what others do to the rows."""

from tests.ui.desk_session import DeskSession, some_cues
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.edits_text import insert_cue, remove_cues, set_text
from vtt_desktop.ui.selection import Selection


def followed(number: int) -> tuple[DeskSession, Selection]:
    session, selection = DeskSession(some_cues(number)), Selection()
    session.document.changed.connect(selection.follow)
    return session, selection


def remove(session: DeskSession, *ids: int) -> None:
    session.remote(remove_cues(session.document.snapshot, ids))


def test_it_tells_of_each_change_once_and_of_nothing_else() -> None:
    selection = Selection()
    told: list[tuple[int | None, tuple[int, ...]]] = []
    selection.changed.connect(lambda s: told.append((s.current, s.selected)))
    selection.select((3, 4, 4), 4)
    selection.select((3, 4), 4)
    selection.select((3, 4))
    selection.clear()
    assert told == [(4, (3, 4)), (3, (3, 4)), (None, ())]


def test_a_removed_current_cue_hands_over_to_the_next_then_to_the_one_before() -> None:
    session, selection = followed(4)
    selection.select_one(2)
    remove(session, 2, 3)
    assert (selection.current, selection.selected) == (4, (4,))
    remove(session, 4)
    assert (selection.current, selection.selected) == (1, (1,))
    remove(session, 1)
    assert (selection.current, selection.selected) == (None, ())


def test_the_rest_of_a_selection_stays_when_a_part_is_removed() -> None:
    session, selection = followed(6)
    selection.select((2, 4, 5), 5)
    remove(session, 2)
    assert (selection.current, selection.selected) == (5, (4, 5))


def test_inserts_and_texts_of_others_change_nothing() -> None:
    session, selection = followed(3)
    selection.select((2, 3), 2)
    told: list[object] = []
    selection.changed.connect(told.append)
    session.remote(insert_cue(Cue(9, 0, 1, "new")))
    session.remote(set_text(session.document.snapshot, 2, "theirs"))
    assert not told
