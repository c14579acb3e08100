"""What one edit did to several cues, by what can be seen of it: times and words."""

from __future__ import annotations

from collections import Counter

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Conflict, ConflictKind
from vtt_desktop.sync.cut_and_joined import Other
from vtt_desktop.sync.together import Around, along

BASE = Cue(1, 0, 6000, "one two three")
EDITED = BASE.with_(text="one two four")
FIRST, REST = BASE.with_(end=2000, text="one"), Cue(2, 2000, 6000, "two three")
MOST, LAST = BASE.with_(end=4000, text="one two"), Cue(3, 4000, 6000, "three")
JOINED, NEXT = BASE.with_(end=9000, text="one two three\nand four"), Cue(4, 6000, 9000, "and four")


def conflict(mine: Cue | None, theirs: Cue | None) -> Conflict:
    return Conflict(1, BASE, mine, theirs, ConflictKind.EDIT)


def made(cue: Cue, *, here: bool, now: Cue | None = None) -> Other:
    return Other(now or cue, None, cue, made=True, here=here)


@pytest.mark.parametrize(("chosen", "goes"), [(FIRST, LAST), (MOST, REST)])
def test_of_two_cuts_the_part_goes_that_belongs_to_the_other(chosen: Cue, goes: Cue) -> None:
    parts = (made(REST, here=True), made(LAST, here=False))
    found = along(conflict(FIRST, MOST), chosen, Around(parts))
    assert found.others == {goes.id: None}
    assert found.cue is not None and found.cue.end == chosen.end


def test_of_two_cuts_no_word_goes_that_is_in_no_other_place() -> None:
    parts = (made(REST, here=True), made(LAST, here=False))
    composed = FIRST.with_(text="one three")
    found = along(conflict(FIRST, MOST), composed, Around(parts))
    assert REST.id not in found.others, "“two” is nowhere else"


@pytest.mark.parametrize("mine", [True, False])
def test_what_is_composed_of_all_words_needs_no_part_of_them(mine: bool) -> None:
    sides = (FIRST, EDITED) if mine else (EDITED, FIRST)
    composed = BASE.with_(text="one, two three, four", end=FIRST.end)
    found = along(conflict(*sides), composed, Around((made(REST, here=mine),)))
    assert found.others == {REST.id: None}
    assert found.cue == composed.with_(end=BASE.end), "it lasts as long as what was not cut"


def test_what_is_composed_of_the_other_sides_words_needs_no_part_of_the_old() -> None:
    other = BASE.with_(text="one two four")
    composed = FIRST.with_(text="one two four!")
    found = along(conflict(other, FIRST), composed, Around((made(REST, here=False),)))
    assert found.others == {REST.id: None}


def test_what_is_composed_of_the_first_part_leaves_the_other() -> None:
    composed = FIRST.with_(text="one!")
    found = along(conflict(FIRST, EDITED), composed, Around((made(REST, here=True),)))
    assert found.others == {} and found.cue == composed and found.twice == ()


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("typed", "left"),
    [("two three and more", "and more"), ("two and three and more", None), ("one two three", "one")],
)
def test_what_was_typed_in_a_part_stays(before: bool, typed: str, left: str | None) -> None:
    """Before or after it came to be known. Where it stands among the other words, all of it stays."""
    more = REST.with_(text=typed)
    part = made(more, here=True) if before else made(REST, here=True, now=more)
    kept = EDITED.with_(end=FIRST.end)  # as the merge by fields has it
    found = along(conflict(FIRST, EDITED), kept, Around((part,)))
    assert found.others == ({REST.id: more.with_(text=left)} if left else {})
    assert found.twice == (() if left else (more,))
    assert found.cue == EDITED, "and what has all the words again has all its time"


def test_a_part_whose_rest_was_typed_over_is_told_by_its_times() -> None:
    """All that was typed since leaves nothing to tell by but where both stand."""
    part = made(REST.with_(text="two THREE"), here=False)
    found = along(conflict(EDITED, FIRST), EDITED.with_(end=FIRST.end), Around((part,)))
    assert found.twice == (part.now,) and found.cue == EDITED


def test_a_part_goes_though_it_was_moved_since() -> None:
    late = REST.with_(start=6500, end=8000)
    found = along(conflict(FIRST, EDITED), EDITED, Around((made(late, here=True),)))
    assert found.others == {REST.id: None}


def test_a_cue_that_stood_there_before_is_no_part() -> None:
    """Though it stands where a part would, and says what it would."""
    found = along(conflict(FIRST, EDITED), EDITED, Around(beside=(REST,)))
    assert found.others == {} and found.twice == ()


def test_a_new_cue_far_away_is_no_part_for_its_word() -> None:
    far = Cue(2, 60_000, 61_000, "three")
    found = along(conflict(MOST.with_(end=6000), EDITED), EDITED, Around((made(far, here=False),)))
    assert found.others == {}


def test_what_was_joined_comes_back_and_the_cue_ends_where_it_did() -> None:
    chosen = EDITED.with_(end=JOINED.end)  # as the merge by fields has it
    around = Around(gone=(NEXT, LAST.with_(text="another")))
    found = along(conflict(EDITED, JOINED), chosen, around)
    assert found.back == (NEXT,) and found.cue == EDITED


def test_of_two_that_said_the_same_the_one_comes_back_that_was_joined() -> None:
    far = NEXT.with_(id=11, start=60_000, end=63_000, text="and four more")
    near = NEXT.with_(text=far.text)
    theirs = JOINED.with_(text=f"{BASE.text}\n{far.text}")
    found = along(conflict(EDITED, theirs), EDITED.with_(end=JOINED.end), Around(gone=(far, near)))
    assert found.back == (near,)
    moved = theirs.with_(end=BASE.end)  # which of them it was is not to be told then
    assert along(conflict(EDITED, moved), EDITED, Around(gone=(far,))).back == (far,)


def test_of_two_that_were_joined_both_come_back_though_one_is_not_in_its_time_any_more() -> None:
    """A colleague joined two cues to one and shifted that: it covers the later of them only."""
    first, second = NEXT.with_(text="and so four"), Cue(5, 9000, 12_000, "and so five")
    theirs = BASE.with_(start=7000, end=12_000, text=f"{BASE.text}\n{first.text}\n{second.text}")
    around = Around(gone=(first, second))
    assert along(conflict(EDITED, theirs), EDITED, around).back == (first, second)


def test_of_a_refrain_that_is_not_in_its_time_any_more_the_nearest_comes_back() -> None:
    gone = [Cue(10 + n, 20_000 - 1000 * n, 20_900 - 1000 * n, "the old refrain") for n in range(3)]
    theirs = BASE.with_(text=f"{BASE.text} the old refrain")
    assert along(conflict(EDITED, theirs), EDITED, Around(gone=tuple(gone))).back == (gone[2],)


def test_what_was_joined_and_is_composed_with_it_does_not_come_back() -> None:
    composed = JOINED.with_(text="one two four\nand four")
    assert along(conflict(EDITED, JOINED), composed, Around(gone=(NEXT,))).back == ()


def test_a_short_cue_that_went_long_ago_does_not_come_back_for_its_word() -> None:
    yes = Cue(6, 90_000, 91_000, "Yes.")
    theirs = BASE.with_(text="one two three. Yes.")
    assert along(conflict(EDITED, theirs), EDITED, Around(gone=(yes,))).back == ()


def test_a_cue_does_not_last_over_one_that_stays_beside_it() -> None:
    """Theirs joined both; here the other was edited, and is decided by itself."""
    chosen = EDITED.with_(end=JOINED.end)
    found = along(conflict(EDITED, JOINED), chosen, Around(beside=(NEXT.with_(text="and five"),)))
    assert found.cue == EDITED


def test_what_theirs_joined_is_left_out_where_it_stays_by_itself() -> None:
    found = along(conflict(EDITED, JOINED), JOINED, Around(kept_here=(NEXT,)))
    assert found.cue == BASE


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("zero\none two three", ("zero", -2000, 0)),
        ("zero\none two three\nlast", ("zero\nlast", -2000, 6000)),
        ("zero one two three", ("zero", -2000, 0)),
        ("zero one two three last", ("zero last", -2000, 6000)),
        ("zeroone two three last", None),
        ("one two three", None),
    ],
    ids=["at the end", "in the middle", "in one line", "in its middle", "in a word", "all of it"],
)
def test_a_cue_that_was_joined_here_and_is_to_stay_is_not_said_twice(
    text: str, left: tuple[str, int, int] | None
) -> None:
    before = Cue(7, -2000, 6000, text)
    taker = Other(before, None, before, made=False, here=True, told=True)
    found = along(conflict(None, EDITED), EDITED, Around((taker,)))
    words = {one.id: (one.text, one.start, one.end) for one in found.others.values() if one is not None}
    assert words == ({7: left} if left is not None else {})
    assert along(conflict(None, EDITED), None, Around((taker,))).others == {}


@pytest.mark.parametrize("here", [True, False])
def test_a_word_that_was_carried_over_is_not_said_twice(here: bool) -> None:
    was, became = Cue(8, 6000, 9000, "and"), Cue(8, 6000, 9000, "three and")
    taker = Other(became, was, became, made=False, here=here)
    short = BASE.with_(text="one two")
    sides = (short, EDITED) if here else (EDITED, short)
    found = along(conflict(*sides), EDITED, Around((taker,)))
    assert found.others == {8: was}
    typed = became.with_(text="three and more")
    stays = Other(typed, was, became, made=False, here=here)
    assert along(conflict(*sides), EDITED, Around((stays,))).others == {8: typed.with_(text="and more")}


BEFORE = Cue(9, -4000, -1000, "x y z")
GOT = BASE.with_(text="y one two three")


@pytest.mark.parametrize(
    ("became", "now", "again"),
    [
        ("x z", "x z", "x y z"),
        ("x", "x", "x y"),  # “z” was cut off
        ("x z", "x z!", "x y z!"),
        ("x new z", "x new z", "x new y z"),
    ],
    ids=["just that", "the rest was cut off", "typed in since", "typed in before"],
)
def test_words_that_theirs_took_from_another_go_back_to_it(became: str, now: str, again: str) -> None:
    given = Other(BEFORE.with_(text=now), BEFORE, BEFORE.with_(text=became), made=False, here=False)
    part = made(Cue(10, -2000, -1000, "z"), here=False)
    found = along(conflict(EDITED, GOT), EDITED, Around((given, part) if became == "x" else (given,)))
    assert found.others[9] is not None and Counter(found.others[9].text.split()) == Counter(again.split())


def test_words_that_theirs_took_to_both_sides_of_a_cue_go_back_from_the_one_that_is_decided() -> None:
    """“y” came to the conflict's, “z” to a cue that stood there before, and stays."""
    given = Other(BEFORE.with_(text="x"), BEFORE, BEFORE.with_(text="x"), made=False, here=False)
    was = Cue(10, -6000, -4000, "w")
    taker = Other(was.with_(text="w z"), was, was.with_(text="w z"), made=False, here=False)
    found = along(conflict(EDITED, GOT), EDITED, Around((given, taker)))
    assert found.others == {9: BEFORE.with_(text="x y")}


def test_a_cue_that_went_into_one_comes_back_where_a_word_of_it_was_corrected_then() -> None:
    corrected = JOINED.with_(text="one two three\nand five")
    found = along(conflict(EDITED, corrected), EDITED, Around(gone=(NEXT,)))
    assert found.back == (NEXT,) and found.cue == EDITED
    inside = NEXT.with_(start=5000, end=6000)  # nobody made the other last longer for it
    assert along(conflict(EDITED, corrected), EDITED, Around(gone=(inside,))).back == ()


@pytest.mark.parametrize(
    ("start", "was", "became", "theirs", "again"),
    [
        (6000, "x y z", "y b", "one two three x", "x y b"),
        (-4000, "x y z", "b y", "z one two three", "b y z"),
        (6000, "x y z", "y b", "x one two three", None),  # not where it would come to
        (6000, "x y z", "x b", "one two three y", None),  # not from where it would go
        (6000, "x y z", "x b", "one two three z", None),
    ],
)
def test_a_word_went_over_though_the_rest_of_it_was_typed_over(
    start: int, was: str, became: str, theirs: str, again: str | None
) -> None:
    cue = Cue(9, start, start + 3000, was)
    now = cue.with_(text=became)
    found = along(
        conflict(EDITED, BASE.with_(text=theirs)),
        EDITED,
        Around((Other(now, cue, now, made=False, here=False),)),
    )
    assert found.others == ({9: now.with_(text=again)} if again is not None else {})


def test_a_word_that_both_happen_to_have_is_not_put_anywhere() -> None:
    """“y” stood in the middle of theirs: nobody carried it there."""
    given = Other(BEFORE.with_(text="x z"), BEFORE, BEFORE.with_(text="x z"), made=False, here=False)
    found = along(conflict(EDITED, BASE.with_(text="one y two three")), EDITED, Around((given,)))
    assert found.others == {}


def test_who_lets_a_removal_stand_takes_no_word_from_another() -> None:
    """It was carried there here; by now it may stand there by what others did."""
    taker = Other(Cue(8, 6000, 9000, "three and"), None, Cue(8, 6000, 9000, "three and"), False, True, True)
    removed = Conflict(1, BASE, BASE.with_(text="one two"), None, ConflictKind.REMOVED_THERE)
    assert along(removed, None, Around((taker,))).others == {}


def test_what_comes_back_as_a_cue_is_no_part_any_more() -> None:
    """Two were joined to it there, and the last was cut off again."""
    third = Cue(5, 9000, 12_000, "and five")
    part = made(Cue(6, 9000, 12_000, "and five"), here=False)
    found = along(conflict(EDITED, JOINED), EDITED, Around((part,), gone=(NEXT, third)))
    assert found.back == (NEXT, third) and found.others == {6: None}


def test_what_was_joined_here_brings_nothing_back_that_others_removed() -> None:
    """They removed it on purpose; what gave its text to a cue here is asked elsewhere (`moved_text`)."""
    for chosen in (EDITED, BASE.with_(text="one new")):
        found = along(conflict(JOINED, EDITED), chosen, Around(gone=(NEXT,)))
        assert found.back == () and found.cue == chosen


def test_of_two_that_were_joined_there_the_one_is_left_out_that_stays_by_itself() -> None:
    """With the comment before it; what else was joined stays, and its time."""
    noted = JOINED.with_(lead=b"NOTE of the next\n\n")
    assert along(conflict(EDITED, noted), noted, Around(kept_here=(NEXT,))).cue == BASE
    third = Cue(5, 9000, 12_000, "and five")
    both = JOINED.with_(end=third.end, text=f"{JOINED.text}\n{third.text}")
    found = along(conflict(EDITED, both), both, Around(kept_here=(NEXT,)))
    assert found.cue == both.with_(text=f"{BASE.text}\n{third.text}")


@pytest.mark.parametrize("kind", [ConflictKind.REVERTED, ConflictKind.TAKEN_BACK])
def test_what_was_sent_or_saved_and_is_not_there_is_decided_with_its_parts(kind: ConflictKind) -> None:
    """Cut here, of which the shortened half is not there any more."""
    asked = Conflict(1, BASE, FIRST, BASE.with_(start=-500), kind)
    found = along(asked, asked.take_theirs, Around((made(REST, here=True),)))
    assert found.others == {REST.id: None} and found.cue == asked.theirs
