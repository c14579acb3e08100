"""What one edit did to several cues, by what can be seen of it: times and words."""

from __future__ import annotations

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.together import along

BASE = Cue(1, 0, 6000, "one two three")
EDITED = BASE.with_(text="one two four")
FIRST, REST = BASE.with_(end=2000, text="one"), Cue(2, 2000, 6000, "two three")
MOST, LAST = BASE.with_(end=4000, text="one two"), Cue(3, 4000, 6000, "three")
JOINED, NEXT = BASE.with_(end=9000, text="one two three\nand four"), Cue(4, 6000, 9000, "and four")


def conflict(mine: Cue | None, theirs: Cue | None) -> Conflict:
    return Conflict(1, BASE, mine, theirs, ConflictKind.EDIT)


@pytest.mark.parametrize(("chosen", "goes"), [(FIRST, LAST), (MOST, REST)])
def test_of_two_cuts_the_part_goes_that_belongs_to_the_other(chosen: Cue, goes: Cue) -> None:
    found = along(conflict(FIRST, MOST), chosen, (REST, LAST), ())
    assert found.others == {goes.id: None}
    assert found.cue is not None and found.cue.end == chosen.end


@pytest.mark.parametrize("mine", [True, False])
def test_what_is_composed_of_all_words_needs_no_part_of_them(mine: bool) -> None:
    sides = (FIRST, EDITED) if mine else (EDITED, FIRST)
    composed = BASE.with_(text="one, two three, four", end=FIRST.end)
    found = along(conflict(*sides), composed, (REST,), ())
    assert found.others == {REST.id: None}
    assert found.cue == composed.with_(end=BASE.end), "it lasts as long as what was not cut"


def test_what_is_composed_of_the_other_sides_words_needs_no_part_of_the_old() -> None:
    other = BASE.with_(text="one two four")
    composed = FIRST.with_(text="one two four!")
    assert along(conflict(other, FIRST), composed, (REST,), ()).others == {REST.id: None}


def test_what_is_composed_of_the_first_part_leaves_the_other() -> None:
    composed = FIRST.with_(text="one!")
    found = along(conflict(FIRST, EDITED), composed, (REST,), ())
    assert found.others == {} and found.cue == composed


def test_a_part_that_says_more_by_now_stays() -> None:
    more = REST.with_(text="two three and more")
    assert along(conflict(FIRST, EDITED), EDITED, (more,), ()).others == {}


def test_a_cue_that_always_stood_beside_it_stays() -> None:
    """Two voices at one time: neither is a part of the other."""
    other = Cue(5, 1000, 5000, "two three")
    assert along(conflict(BASE.with_(text="one"), EDITED), EDITED, (other,), ()).others == {}


def test_what_was_joined_comes_back_and_the_cue_ends_where_it_did() -> None:
    chosen = EDITED.with_(end=JOINED.end)  # as the merge by fields has it
    found = along(conflict(EDITED, JOINED), chosen, (), (NEXT, LAST.with_(text="another")))
    assert found.back == (NEXT,) and found.cue == EDITED


def test_what_was_joined_and_is_composed_with_it_does_not_come_back() -> None:
    composed = JOINED.with_(text="one two four\nand four")
    assert along(conflict(EDITED, JOINED), composed, (), (NEXT,)).back == ()


def test_a_short_cue_that_went_long_ago_does_not_come_back_for_its_word() -> None:
    yes = Cue(6, 90_000, 91_000, "Yes.")
    theirs = BASE.with_(text="one two three. Yes.")
    assert along(conflict(EDITED, theirs), EDITED, (), (yes,)).back == ()


def test_a_cue_that_was_joined_here_and_is_to_stay_is_not_said_twice() -> None:
    before = Cue(7, -2000, 6000, "zero\none two three")
    found = along(conflict(None, EDITED), EDITED, (before,), ())
    assert found.others == {7: before.with_(text="zero", end=0)}
    assert along(conflict(None, EDITED), None, (before,), ()).others == {}


def test_what_is_no_edit_of_cues_concerns_no_other() -> None:
    reverted = Conflict(1, BASE, EDITED, BASE, ConflictKind.REVERTED)
    assert along(reverted, EDITED, (REST,), (NEXT,)).others == {}
