"""Segments of several cues: which is which, and what becomes of both sides."""

from __future__ import annotations

from itertools import count

import pytest

from tests.sync.segments import CODEC, body, cue
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Body, ConflictKind, identified, merge_bodies

ONE = cue("one", 1000, 1500, id=1)
TWO = cue("two", 2000, 2500, id=2)
THREE = cue("three", 3000, 3500, id=3)
NEW = cue("new", 2600, 2900, id=7)
BASE = body(ONE, TWO, THREE)


def from_wire(
    *cues: Cue, base: tuple[Cue, ...] = (ONE, TWO, THREE), added: tuple[Cue, ...] = ()
) -> list[int]:
    """Ids that cues get which come without any; new ones count from 100."""
    ids = count(100)
    return [one.id for one in identified([c.with_(id=0) for c in cues], base, added, lambda: next(ids))]


def merged(mine: Body, theirs: Body, base: Body = BASE) -> tuple[list[str], dict[int, ConflictKind]]:
    result = merge_bodies(base, mine, theirs, CODEC.make)
    return [one.text for one in result.body.cues], {c.id: c.kind for c in result.conflicts}


def test_the_same_cues_are_known_again() -> None:
    assert from_wire(ONE, TWO, THREE) == [1, 2, 3]


def test_a_cue_is_known_by_any_of_its_parts() -> None:
    assert from_wire(ONE.with_(text="other"), TWO.with_(start=2100, end=2600), THREE) == [1, 2, 3]
    assert from_wire(ONE, TWO.with_(text="other", start=2100), THREE) == [1, 2, 3]


def test_a_shift_onto_the_times_of_the_next_cue_is_a_shift() -> None:
    back_to_back = [
        cue(text, 2000 * i, 2000 * i + 2000, id=i) for i, text in ((1, "one"), (2, "two"), (3, "three"))
    ]
    shifted = [one.at(one.start + 2000, one.end + 2000) for one in back_to_back]
    assert from_wire(*shifted, base=tuple(back_to_back)) == [1, 2, 3]
    alike = [one.with_(text="yes") for one in back_to_back]
    assert from_wire(*(one.at(one.start + 2000, one.end + 2000) for one in alike), base=tuple(alike)) == [
        1,
        2,
        3,
    ]
    edited = [shifted[0], shifted[1].with_(text="two, better"), shifted[2]]
    assert from_wire(*edited, base=tuple(back_to_back)) == [1, 2, 3]


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [({"text": "two, better"}, "two, better"), ({"settings": "line:0"}, "two")],
)
def test_what_was_done_to_one_cue_stays_with_it_when_they_shift_all(
    edit: dict[str, str], wanted: str
) -> None:
    base = [cue(text, 2000 * i, 2000 * i + 2000, id=i) for i, text in ((1, "one"), (2, "two"), (3, "three"))]
    read = identified([one.at(one.start + 2000, one.end + 2000) for one in base], base, (), lambda: 100)
    mine = body(base[0], base[1].with_(**edit), base[2])
    result = merge_bodies(body(*base), mine, body(*read), CODEC.make)
    assert result.clean
    assert [(c.start, c.text) for c in result.body.cues] == [(4000, "one"), (6000, wanted), (8000, "three")]
    assert [c.settings for c in result.body.cues] == ["", edit.get("settings", ""), ""]


def test_numbers_that_moved_on_for_an_insertion_do_not_make_other_cues() -> None:
    numbered = [one.with_(identifier=str(one.id)) for one in (ONE, TWO, THREE)]
    later = [one.with_(identifier=str(one.id + 1)) for one in numbered]
    first = cue("first", 100, 900, identifier="1")
    assert from_wire(first, *later, base=tuple(numbered)) == [100, 1, 2, 3]


def test_a_cue_that_took_the_place_of_a_removed_one_is_another() -> None:
    """Neither its words nor its times speak for it: what was done to the removed one is asked about."""
    assert from_wire(ONE, cue("somebody else", 5000, 5500), THREE) == [1, 100, 3]


def test_a_removal_there_leaves_the_others_as_they_are() -> None:
    assert from_wire(ONE, THREE) == [1, 3]


def test_identifiers_come_first() -> None:
    a, b = ONE.with_(identifier="a"), TWO.with_(identifier="b")
    swapped = (b.with_(start=1000, end=1500), a.with_(start=2000, end=2500))
    assert from_wire(*swapped, base=(a, b)) == [2, 1]


def test_one_cue_is_that_one_whatever_it_says() -> None:
    assert from_wire(NEW, base=(ONE,)) == [1]
    assert from_wire(NEW, base=(), added=(ONE,)) == [1]


def test_a_cue_inserted_here_is_not_taken_for_one_inserted_there() -> None:
    there = cue("inserted there", 5000, 5500)
    assert from_wire(ONE, TWO, THREE, there, added=(NEW,)) == [1, 2, 3, 100]


def test_a_cue_inserted_here_is_known_when_it_comes_back() -> None:
    assert from_wire(ONE, TWO, NEW, THREE, added=(NEW,)) == [1, 2, 7, 3]


def test_a_cue_removed_here_is_known_when_it_changed_there() -> None:
    mine, theirs = body(ONE, THREE), body(ONE, TWO.with_(text="two, better"), THREE)
    assert from_wire(*theirs.cues) == [1, 2, 3]
    assert merged(mine, theirs) == (["one", "three"], {2: ConflictKind.REMOVED_HERE})


def test_an_insertion_here_and_an_edit_there_are_no_conflict() -> None:
    theirs = body(ONE, TWO, THREE.with_(text="three, better"))
    assert merged(body(ONE, TWO, NEW, THREE), theirs) == (["one", "two", "new", "three, better"], {})


def test_insertions_on_both_sides_are_both_kept() -> None:
    theirs = body(ONE, TWO, cue("theirs", 2700, 2800, id=8), THREE)
    texts, conflicts = merged(body(ONE, TWO, NEW, THREE), theirs)
    assert sorted(texts) == ["new", "one", "theirs", "three", "two"] and conflicts == {}


def test_edits_of_different_cues_are_no_conflict_of_one_cue_are() -> None:
    mine = body(ONE.with_(text="mine"), TWO, THREE)
    assert merged(mine, body(ONE, TWO.with_(text="theirs"), THREE)) == (["mine", "theirs", "three"], {})
    texts, conflicts = merged(mine, body(ONE.with_(text="theirs"), TWO, THREE))
    assert texts[0] == "mine" and conflicts == {1: ConflictKind.EDIT}


@pytest.mark.parametrize("direction", [1, -1])
def test_edit_against_removal_in_both_directions(direction: int) -> None:
    sides = [body(ONE.with_(text="edited"), TWO, THREE), body(TWO, THREE)][::direction]
    _, conflicts = merged(sides[0], sides[1])
    kind = ConflictKind.REMOVED_THERE if direction == 1 else ConflictKind.REMOVED_HERE
    assert conflicts == {1: kind}


def test_removals_on_both_sides_are_none() -> None:
    assert merged(body(ONE), body(ONE, THREE)) == (["one"], {})
    assert merged(body(ONE, TWO), body(TWO, THREE)) == (["two"], {})


def test_times_that_would_end_before_they_start_are_a_conflict() -> None:
    mine, theirs = body(ONE.with_(start=1400)), body(ONE.with_(end=1200))
    result = merge_bodies(body(ONE), mine, theirs, CODEC.make)
    assert {one.field for one in result.conflicts[0].fields} == {"start", "end"}


def test_the_same_on_both_sides_is_mine_with_its_ids() -> None:
    mine = body(ONE, TWO, NEW, THREE)
    assert merge_bodies(BASE, mine, mine, CODEC.make).body is mine
    assert merge_bodies(BASE, mine, BASE, CODEC.make).body is mine


def test_a_place_that_only_they_changed_is_taken() -> None:
    result = merge_bodies(body(ONE), body(ONE.with_(text="mine")), body(ONE, order="c"), CODEC.make)
    assert result.clean and result.body.order == "c" and "its place" in result.took
