"""Putting back what was: only what differs, on top of what is there now."""

import pytest

from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot, applied
from vtt_desktop.domain.edit import Head
from vtt_desktop.domain.edits_back import put_back
from vtt_desktop.domain.errors import UserError

ONE, TWO = Cue(1, 1000, 2000, "one"), Cue(2, 3000, 4000, "two")


def document(*cues: Cue) -> Snapshot:
    return Snapshot(Head(b"WEBVTT"), CueList.of(cues))


def after(snapshot: Snapshot, before: Cue | None, now: Cue | None) -> list[Cue]:
    return list(applied(snapshot, put_back(snapshot, before, now)).cues)


def test_what_nobody_touched_since_is_as_before() -> None:
    theirs = ONE.with_(text="uno", start=900)
    assert after(document(theirs, TWO), ONE, theirs) == [ONE, TWO]


def test_what_was_done_since_in_other_fields_stays() -> None:
    theirs = ONE.with_(text="uno")
    now = theirs.with_(end=2500, identifier="a")
    assert after(document(now, TWO), ONE, theirs) == [ONE.with_(end=2500, identifier="a"), TWO]


def test_the_same_field_is_put_back_all_the_same() -> None:
    theirs = ONE.with_(text="uno")
    assert after(document(theirs.with_(text="eins"), TWO), ONE, theirs) == [ONE, TWO]


def test_times_that_no_longer_fit_go_back_both() -> None:
    theirs = ONE.with_(start=5000, end=6000)
    now = theirs.with_(end=900)
    assert after(document(now), ONE, theirs.with_(end=900)) == [ONE]


def test_a_removed_cue_comes_back_at_its_time() -> None:
    middle = Cue(3, 2500, 2900, "between")
    assert after(document(ONE, TWO), middle, None) == [ONE, middle, TWO]
    first = Cue(3, 0, 500, "before")
    assert after(document(ONE, TWO), first, None) == [first, ONE, TWO]


def test_a_cue_that_came_goes() -> None:
    assert after(document(ONE, TWO), None, TWO) == [ONE]


def test_the_header_too() -> None:
    snapshot = document(ONE)
    back = applied(snapshot, put_back(snapshot, Head(b"WEBVTT - old"), snapshot.head))
    assert back.head == Head(b"WEBVTT - old") and list(back.cues) == [ONE]


@pytest.mark.parametrize(
    ("before", "now"),
    [(ONE, ONE.with_(text="uno")), (None, TWO), (None, None), (Head(b"WEBVTT"), Head(b"x"))],
)
def test_where_there_is_nothing_to_do_it_says_so(before: Cue | Head | None, now: Cue | Head | None) -> None:
    with pytest.raises(UserError):
        put_back(document(ONE), before, now)
