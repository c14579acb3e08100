"""What is taken to belong to a conflict: each rule alone, on two cues that stand one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from tests.sync.segments import T1, T2, body, cue, dirty, synced, version
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.cue_list import CueList
from vtt_desktop.domain.document import Snapshot
from vtt_desktop.domain.edit import Head
from vtt_desktop.sync.around import around
from vtt_desktop.sync.body import Body, Conflict, ConflictKind
from vtt_desktop.sync.cut_and_joined import Other
from vtt_desktop.sync.segment import Given, Segment
from vtt_desktop.sync.state import SyncState
from vtt_desktop.sync.sync_log import TOOK_THEIRS, LogKind, LogLine, Replaced
from vtt_desktop.sync.together import Around

WAS, MINE, THEIRS = cue("one two"), cue("mine"), cue("theirs")
NEXT = cue("three four", 2000, 3000, id=2)
FAR = cue("far", 60_000, 61_000, id=3)


def waits(was: Body, mine: Body | None, theirs: Body | None) -> Segment:
    """A segment that a person has to decide on; all that both edited in it is in conflict."""
    one = dirty(was, mine)
    cues: list[dict[int, Cue]] = [
        {c.id: c for c in side.cues} if side else {} for side in (was, mine, theirs)
    ]
    b, m, t = cues
    found = [
        Conflict(i, b.get(i), m.get(i), t.get(i), ConflictKind.EDIT)
        for i in b
        if m.get(i) != b[i] != t.get(i) and m.get(i) != t.get(i)
    ]
    return replace(one, theirs=version(theirs, T2), conflicts=tuple(found))


ONE = waits(body(WAS), body(MINE), body(THEIRS))


def found(
    one: Segment = ONE,
    *others: Segment,
    inside: Iterable[Cue] = (MINE,),
    shown: Iterable[Cue] = (),
    lines: Iterable[LogLine] = (),
) -> Around:
    """Around the first conflict of a segment, when it holds the cues `inside`; others are in the document as
    they say, and the document shows more."""
    state = SyncState()
    every = [replace(each, key=f"k{at}") for at, each in enumerate((one, *others))]
    state.put(every)
    for line in lines:
        state.diary.tell(line)
    cues = [c for each in every if each.mine is not None for c in each.mine.cues]
    snapshot = Snapshot(Head(), CueList.of(sorted([*cues, *shown], key=lambda c: c.start)))
    return around(one.conflicts[0], every[0], {c.id: c for c in inside}, snapshot, state)


def told(before: Cue | None, after: Cue | None, kind: LogKind = LogKind.TAKEN, words: str = "") -> LogLine:
    of = before or after
    assert of is not None
    return LogLine(of.id, words, T2, kind, Replaced(before, after))


def test_what_goes_with_the_decision_is_not_beside_it() -> None:
    both = body(WAS, NEXT)
    one = waits(both, body(MINE, NEXT), body(THEIRS))
    assert found(one, inside=(MINE,)).beside == (MINE,)
    assert found(one, inside=(MINE, NEXT)).beside == (MINE, NEXT)
    assert found(ONE, synced(body(NEXT)), synced(body(FAR))).beside == (MINE,)
    close = NEXT.with_(start=1500)
    assert found(ONE, synced(body(close))).beside == (close, MINE)


def test_a_cue_that_others_removed_from_its_segment_is_gone_unless_it_is_decided_itself() -> None:
    both, typed = body(WAS, NEXT), NEXT.with_(text="three typed")
    assert found(waits(both, body(MINE, NEXT), body(THEIRS))).gone == (NEXT,)
    assert found(waits(both, body(MINE, typed), body(THEIRS))).gone == ()
    assert found(waits(both, body(MINE), body(THEIRS))).gone == (), "here it was removed, too"


def test_a_cue_that_is_shown_again_did_not_go() -> None:
    line = told(NEXT, None)
    assert found(lines=(line,)).gone == (NEXT,)
    again = found(ONE, synced(body(NEXT)), lines=(line,))
    assert again.gone == again.others == ()


def test_what_others_changed_and_was_removed_here_did_not_go_by_them() -> None:
    assert found(lines=(told(NEXT, NEXT.with_(text="four")),)).gone == ()


def test_a_cue_that_others_changed_belongs_to_it_unless_it_waits_for_a_decision_itself() -> None:
    now = NEXT.with_(text="two three four")
    line = told(NEXT, now)
    (other,) = found(ONE, synced(body(now)), lines=(line,)).others
    assert other == Other(now, NEXT, now, made=False, here=False)
    itself = waits(body(now), body(now.with_(text="typed")), body(now.with_(text="theirs again")))
    assert found(ONE, itself, lines=(line,)).others == ()


def test_what_a_decision_for_theirs_made_of_another_is_by_others() -> None:
    mine, theirs = NEXT.with_(text="mine"), NEXT.with_(text="one two three four")
    line = told(mine, theirs, LogKind.DECIDED, TOOK_THEIRS)
    (other,) = found(ONE, synced(body(theirs)), lines=(line,)).others
    assert other == Other(theirs, None, theirs, made=False, here=False, told=True), "what it was is not known"


@pytest.mark.parametrize(
    ("third", "doubtful"),
    [
        (FAR.with_(start=3000, end=4000), True),
        (FAR.with_(start=3001, end=4000), False),
        (FAR.with_(start=1000, end=2000), True),
        (FAR.with_(start=1000, end=1999), False),
        (FAR, False),
    ],
    ids=["right behind", "a moment behind", "right before", "a moment before", "far away"],
)
@pytest.mark.parametrize("within", [True, False])
def test_what_others_made_may_be_a_part_of_what_stands_right_beside_it(
    within: bool, third: Cue, doubtful: bool
) -> None:
    """In a segment with the conflict, or in one of its own. Of the cue in conflict it is no question."""
    if within:
        was = body(WAS, third)
        one = waits(was, body(MINE, third), body(THEIRS, third, NEXT))
        others = found(one, inside=(MINE, third, NEXT)).others
    else:
        others = found(ONE, synced(body(NEXT)), synced(body(third)), lines=(told(None, NEXT),)).others
    assert others == (Other(NEXT, None, NEXT, made=True, here=False, doubtful=doubtful),)


def test_what_both_did_to_a_cue_of_the_segment_is_told_of_none() -> None:
    alike = NEXT.with_(text="four")
    one = waits(body(WAS, NEXT), body(MINE, alike), body(THEIRS, alike))
    assert found(one, inside=(MINE, alike)).others == ()


def test_a_cue_that_nobody_else_knows_was_made_here() -> None:
    unknown = Segment("", mine=body(NEXT.with_(start=1500)))
    (cue_made,) = unknown.mine.cues if unknown.mine is not None else ()
    assert found(ONE, unknown).others == (Other(cue_made, None, cue_made, made=True, here=True),)
    assert found(ONE, synced(body(cue_made))).others == ()


KEPT = pytest.mark.parametrize(
    ("was", "now", "base", "into", "left"),
    [
        ("three four", "three", "one", "mine four", "three"),
        ("<i>three four</i>", "<i>three four</i>!", "one", "mine four", "<i>three four</i>"),
        ("three four", "three", "one", "mine", "three four"),
        ("three four", "three", "one four", "mine four", "three four"),
    ],
    ids=["carried over", "not from it", "cut off", "said there before"],
)


@KEPT
def test_a_cue_that_others_removed_and_a_person_decided_to_keep(
    was: str, now: str, base: str, into: str, left: str
) -> None:
    """It is as it was, but for words that went from there into what is in conflict."""
    one, second = waits(body(cue(base)), body(cue(into)), body(THEIRS)), NEXT.with_(text=was)
    stays = Segment("", mine=body(second.with_(text=now, start=1500)), was=body(second))
    assert found(one, stays).kept_here == (second.with_(text=left),)
    assert found(one, replace(stays, theirs=version(None, None))).kept_here == (), "that waits itself"


@KEPT
@pytest.mark.parametrize("here", [True, False])
def test_a_cue_of_the_segment_that_one_side_removed_and_is_decided_to_stay(
    here: bool, was: str, now: str, base: str, into: str, left: str
) -> None:
    first, second = cue(into), NEXT.with_(text=now)
    sides = body(first, second), body(THEIRS)
    one = waits(body(cue(base), NEXT.with_(text=was)), *(sides if here else reversed(sides)))
    around_it = found(one, inside=(first, second))
    kept = (NEXT.with_(text=left),)
    assert (around_it.kept_here, around_it.kept_there) == ((kept, ()) if here else ((), kept))
    assert found(one, inside=(first,)).kept_here == found(one, inside=(first,)).kept_there == ()


def test_a_cue_that_both_sides_edited_is_none_that_one_removed() -> None:
    typed, other = NEXT.with_(text="three typed"), NEXT.with_(text="three other")
    around_it = found(waits(body(WAS, NEXT), body(MINE, typed), body(THEIRS, other)), inside=(MINE, typed))
    assert around_it.kept_here == around_it.kept_there == ()


GAVE = replace(ONE, gave=(Given("k1", None, ("three",)),))
GOT = NEXT.with_(text="three four five")


@pytest.mark.parametrize(
    ("taker", "other"),
    [
        (
            dirty(body(NEXT.with_(text="four")), body(GOT)),
            Other(GOT, NEXT.with_(text="four"), GOT, False, True, True),
        ),
        (Segment("", mine=body(GOT)), Other(GOT, None, GOT, True, True, True)),
        (replace(synced(body(GOT)), saved=(T1,)), Other(GOT, None, GOT, False, True, True)),
        (replace(synced(body(GOT), T2), saved=(T2,), past=(T1,)), Other(GOT, None, GOT, False, True, True)),
        (synced(body(GOT)), None),
    ],
    ids=["not saved", "a new one", "saved", "saved over theirs", "theirs again"],
)
def test_where_text_went_that_an_edit_took_here(taker: Segment, other: Other | None) -> None:
    assert found(GAVE, taker).others == ((other,) if other is not None else ())


def test_a_cue_that_was_made_here_of_what_it_got_was_made_though_it_is_saved() -> None:
    just = NEXT.with_(text="three")
    taker = replace(synced(body(just)), saved=(T1,))
    (other,) = found(GAVE, taker).others
    assert other == Other(just, None, just, made=True, here=True, told=True)
    (other,) = found(GAVE, replace(taker, past=(T2,))).others
    assert not other.made, "others had it before"


@pytest.mark.parametrize(
    ("cues", "got"),
    [
        ((GOT, FAR), (GOT,)),
        ((GOT, FAR.with_(text="three")), ()),
        ((FAR, NEXT.with_(text="x")), (FAR, NEXT.with_(text="x"))),
    ],
    ids=["one says it", "two say it", "none says it any more"],
)
def test_which_of_several_that_are_saved_got_it(cues: tuple[Cue, ...], got: tuple[Cue, ...]) -> None:
    taker = replace(synced(body(*cues)), saved=(T1,))
    assert {each.now for each in found(GAVE, taker).others} == {*got}


def test_where_one_has_it_that_is_not_saved_none_that_is_got_it() -> None:
    taker = replace(dirty(body(GOT, FAR), body(GOT, FAR.with_(text="far three"))), saved=(T1,))
    assert [each.now.id for each in found(GAVE, taker).others] == [FAR.id]
