"""What was put aside by a decision is put back whole: in one step it is as it would have been decided
otherwise. No line stands twice, and none is nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop import test_text_that_moved as text_that_moved
from tests.interop.desks import Screen
from tests.interop.record_backends import FilterShape
from tests.interop.shapes import place_on
from tests.interop.test_decided_together import BOTH, JOINED, TIMES, splits
from tests.interop.test_order_in_a_segment import Scenes
from tests.interop.test_text_that_moved import (
    FIRST,
    OTHERS,
    SECOND,
    THIRD,
    Act,
    merge,
    removes,
    says,
)
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.body import Conflict
from vtt_desktop.sync.sync_log import THEIRS_ASIDE, YOURS_ASIDE, LogLine, Replaced

DECIDED = {"mine": f"Decided: yours; {THEIRS_ASIDE}", "theirs": f"Decided: theirs; {YOURS_ASIDE}"}
SPANS = {BOTH: (1000, 4000), JOINED: (3000, 6000), SECOND: TIMES[1], THIRD: TIMES[2]}


@pytest.fixture
def shelf() -> Iterator[FilterShape]:
    yield from closing(FilterShape())


class OneScene(Scenes):
    """The same three cues, in one document."""

    def first(self, cue: tuple[int, int, str]) -> Any:
        texts = (FIRST, SECOND, THIRD)
        blocks = (
            f"00:0{n}.000 --> 00:0{n + 1}.000\n{text}\n" for n, text in zip((1, 3, 5), texts, strict=True)
        )
        return {"vtt": "WEBVTT\n\n" + "\n".join(blocks)}


def lines(at: Screen, part: str) -> list[LogLine]:
    """Of the last decision, where something can be put back from them."""
    return [line for line in at.session.sync.log if part in line.words and line.replaced is not None]


def said(at: Screen) -> list[str]:
    """What the log tells of decisions."""
    return [line.words for line in at.session.sync.log if "put aside" in line.words]


def merges_and_places(at: Screen) -> None:
    merge(1, 2)(at)
    at.desk.set_settings(at.id(1), "line:0")


def put_back(at: Screen, line: LogLine) -> None:
    edit, stays = line.put_back(at.session.document.snapshot, "Put back")
    assert not stays
    at.session.submit(edit)


def after(at: Screen, one: Conflict, choice: Cue | None) -> dict[int, Cue]:
    """All cues as that choice is said to make them."""
    preview = at.session.preview(one, choice)
    cues = {cue.id: cue for cue in at.desk.cues}
    for was in (Replaced(one.base, preview.cue), *preview.others):
        cue = was.after or was.before
        assert isinstance(cue, Cue)
        cues[cue.id] = cue
        if was.after is None:
            del cues[cue.id]
    return cues


CASES = {
    "edit against merge": (says(1, OTHERS), merge(1, 2), [FIRST, OTHERS, THIRD], [FIRST, JOINED]),
    "removal against merge": (removes(1), merge(1, 2), [FIRST, THIRD], [FIRST, JOINED]),
    "merge against merge": (merge(0, 1), merge(1, 2), [BOTH, THIRD], [FIRST, JOINED]),
    "merge against edit": (merge(1, 2), says(1, OTHERS), [FIRST, JOINED], [FIRST, OTHERS, THIRD]),
    "merge of three against edit": (
        merge(0, 1, 2),
        says(0, OTHERS),
        ["\n".join((FIRST, SECOND, THIRD))],
        [OTHERS, SECOND, THIRD],
    ),
    "merge against removal": (merge(1, 2), removes(1), [FIRST, JOINED], [FIRST, THIRD]),
    "edit against split": (
        says(1, OTHERS),
        splits(1, 6),
        [FIRST, OTHERS, THIRD],
        [FIRST, "second", "words", THIRD],
    ),
    "split against edit": (
        splits(1, 6),
        says(1, OTHERS),
        [FIRST, "second", "words", THIRD],
        [FIRST, OTHERS, THIRD],
    ),
    "split against removal": (splits(1, 6), removes(1), [FIRST, "second", "words", THIRD], [FIRST, THIRD]),
}


@pytest.mark.parametrize("choice", ["mine", "theirs"])
@pytest.mark.parametrize(("here", "there", "mine", "theirs"), CASES.values(), ids=CASES)
async def test_it_is_as_it_would_have_been_decided_otherwise(
    here: Act, there: Act, mine: list[str], theirs: list[str], choice: str, shelf: FilterShape, tmp_path: Path
) -> None:
    decided, other = (mine, theirs) if choice == "mine" else (theirs, mine)
    async with text_that_moved.in_conflict(shelf, tmp_path, here, there) as (at, yours):
        (one,) = at.desk.conflicts
        foretold = after(at, one, one.keep_mine if choice == "mine" else one.take_theirs)
        at.desk.resolve(one.id, choice)
        assert at.texts == decided
        assert {cue.id: cue for cue in at.desk.cues} == foretold, "times and all"
        about = lines(at, THEIRS_ASIDE if choice == "mine" else YOURS_ASIDE)
        whose = f"yours; {THEIRS_ASIDE}" if choice == "mine" else f"theirs; {YOURS_ASIDE}"
        assert [line.words for line in at.session.sync.log if "put aside" in line.words] == [
            f"Decided: {whose}"
        ]
        beside = [*lines(at, "came back"), *lines(at, "It went"), *lines(at, "part of it went")]
        for line in (*about, *beside):
            put_back(at, line)
            assert at.texts == other, f"by the line “{line.words}”"
            at.desk.undo()
            assert at.texts == decided, "one step back"
        put_back(at, about[0])
        assert [(c.start, c.end) for c in at.desk.cues if c.text in SPANS] == [
            SPANS[text] for text in other if text in SPANS
        ]
        await at.sync()
        await yours.sync()
        assert text_that_moved.words(shelf) == sorted(other) and yours.texts == other
        assert at.desk.conflicts == yours.desk.conflicts == []


async def test_of_something_composed_each_side_can_be_put_back_whole(
    shelf: FilterShape, tmp_path: Path
) -> None:
    async with text_that_moved.in_conflict(shelf, tmp_path, merge(0, 1), merge(1, 2)) as (at, _):
        (one,) = at.desk.conflicts
        assert one.theirs is not None
        composed = one.theirs.with_(text="composed")
        foretold = after(at, one, composed)
        at.desk.resolve(one.id, composed)
        assert {cue.id: cue for cue in at.desk.cues} == foretold
        before = at.texts
        for part, left in ((YOURS_ASIDE, [BOTH, THIRD]), (THEIRS_ASIDE, [FIRST, JOINED])):
            for line in lines(at, part):
                put_back(at, line)
                assert at.texts == left
                at.desk.undo()
                assert at.texts == before


async def test_what_was_changed_since_stays_and_is_named(shelf: FilterShape, tmp_path: Path) -> None:
    async with text_that_moved.in_conflict(shelf, tmp_path, merge(1, 2), says(1, OTHERS)) as (at, _):
        at.desk.resolve(at.desk.conflicts[0].id, "theirs")
        at.desk.set_text(at.id(2), "third things")
        (line,) = lines(at, YOURS_ASIDE)
        edit, stays = line.put_back(at.session.document.snapshot, "Put back")
        assert [cue.text for cue in stays] == ["third things"]
        at.session.submit(edit)
        assert at.texts == [FIRST, JOINED, "third things"]


async def test_it_is_known_over_a_restart(shelf: FilterShape, tmp_path: Path) -> None:
    async with text_that_moved.in_conflict(shelf, tmp_path, merge(1, 2), says(1, OTHERS)) as (at, _):
        at.desk.resolve(at.desk.conflicts[0].id, "theirs")
        (line,) = lines(at, YOURS_ASIDE)
        assert line.others
        await at.sync()
    async with place_on(shelf, tmp_path).desk(journal=tmp_path / "film.vttproj") as again:
        assert lines(again, YOURS_ASIDE) == [line]
        put_back(again, line)
        assert again.texts == [FIRST, JOINED]


@pytest.mark.parametrize("choice", ["mine", "theirs"])
@pytest.mark.parametrize(
    ("here", "there"),
    [
        (splits(1, 6), says(1, OTHERS)),
        (says(1, OTHERS), merge(1, 2)),
        (merge(1, 2), says(1, OTHERS)),
    ],
    ids=["split against edit", "edit against merge", "merge against edit"],
)
async def test_in_a_segment_of_several_it_is_told_and_put_back_alike(
    here: Act, there: Act, choice: str, tmp_path: Path
) -> None:
    scenes = OneScene()
    try:
        async with text_that_moved.in_conflict(scenes, tmp_path, here, there) as (at, _):
            (one,) = at.desk.conflicts
            sides = {"mine": one.keep_mine, "theirs": one.take_theirs}
            foretold = {name: after(at, one, side) for name, side in sides.items()}
            at.desk.resolve(one.id, choice)
            assert {cue.id: cue for cue in at.desk.cues} == foretold[choice]
            assert said(at) == [DECIDED[choice]]
            (line,) = lines(at, THEIRS_ASIDE if choice == "mine" else YOURS_ASIDE)
            put_back(at, line)
            other = foretold["theirs" if choice == "mine" else "mine"]
            assert sorted(at.texts) == sorted(cue.text for cue in other.values())
    finally:
        scenes.close()


class WithSettings(FilterShape):
    PROFILE = FilterShape.PROFILE.replace('end = "/finish"', 'end = "/finish", settings = "/how"')


async def test_a_choice_is_called_what_was_pressed_though_more_followed_from_it(tmp_path: Path) -> None:
    shelf = WithSettings()
    try:
        async with text_that_moved.in_conflict(shelf, tmp_path, says(1, OTHERS), merges_and_places) as (
            at,
            _,
        ):
            (one,) = at.desk.conflicts
            at.desk.resolve(one.id, "mine")
            cue = at.desk.cue(one.id)
            assert cue is not None and (cue.end, cue.settings) == (4000, "line:0")
            assert cue not in (one.mine, one.keep_mine) and said(at) == [DECIDED["mine"]]
    finally:
        shelf.close()


def edits_all(*texts: str) -> Act:
    def act(at: Screen) -> None:
        for row, text in enumerate(texts):
            at.desk.set_text(at.id(row), text)

    return act


@pytest.mark.parametrize("first", ["mine", "theirs"])
@pytest.mark.parametrize("last", ["mine", "theirs"])
@pytest.mark.parametrize(
    ("here", "there"),
    [
        (edits_all(FIRST, OTHERS, "third things"), merge(1, 2)),
        (merge(1, 2), edits_all(FIRST, OTHERS, "third things")),
        (edits_all("first A", "second A", "third A"), edits_all("first B", "second B", THIRD)),
    ],
    ids=["edits against merge", "merge against edits", "edits against edits"],
)
async def test_of_several_choices_in_a_segment_the_last_is_told_with_those_before(
    here: Act, there: Act, first: str, last: str, tmp_path: Path
) -> None:
    """As it is told, so it is; and a side that was put aside leaves the others as if it had been chosen."""
    scenes = OneScene()
    try:
        async with text_that_moved.in_conflict(scenes, tmp_path, here, there) as (at, _):
            one, other = at.desk.conflicts
            at.desk.resolve(one.id, first)
            chosen = one.keep_mine if first == "mine" else one.take_theirs
            sides = {"mine": other.keep_mine, "theirs": other.take_theirs}
            foretold = {name: after(at, other, side) for name, side in sides.items()}
            for told in foretold.values():
                if told.get(one.id) == at.desk.cue(one.id):  # what was chosen need not be told again
                    told |= {one.id: chosen} if chosen is not None else {}
                    if chosen is None:
                        told.pop(one.id, None)
            at.desk.resolve(other.id, last)
            assert {cue.id: cue for cue in at.desk.cues} == foretold[last]
            part = THEIRS_ASIDE if last == "mine" else YOURS_ASIDE
            aside = foretold["theirs" if last == "mine" else "mine"]
            for line in (line for line in lines(at, part) if line.cue_id == other.id):
                put_back(at, line)
                left = {cue.id: cue.text for cue in at.desk.cues}
                assert left | {other.id: ""} == {i: cue.text for i, cue in aside.items()} | {other.id: ""}
    finally:
        scenes.close()


async def test_who_lets_the_own_side_stand_brings_nothing_back(shelf: FilterShape, tmp_path: Path) -> None:
    """Though of what went on from the removed cue a word was corrected."""

    def joins_all_and_corrects(at: Screen) -> None:
        merge(1, 2)(at)
        merge(0, 1)(at)
        at.desk.set_text(at.id(0), f"{FIRST}\n{SECOND}\nTHIRD words")

    def moves(at: Screen) -> None:
        at.desk.set_times(at.id(1), 3100, 3900)

    async with text_that_moved.in_conflict(shelf, tmp_path, joins_all_and_corrects, moves) as (at, _):
        (one,) = at.desk.conflicts
        foretold = after(at, one, one.keep_mine)
        at.desk.resolve(one.id, "mine")
        assert {cue.id: cue for cue in at.desk.cues} == foretold
        assert len(at.texts) == 1
