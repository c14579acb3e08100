"""Conflicts that an edit of several cues is part of, on backends of one cue a record and of several cues in
one file: whatever is chosen, in whatever order, no text is nowhere and none stands twice."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.interop.desks import Screen
from tests.interop.odd_backends import Shelf
from tests.interop.record_backends import FilterShape
from tests.interop.test_order_in_a_segment import Scenes
from tests.interop.test_text_that_moved import Act, in_conflict, merge, says

FIRST, MIDDLE, LAST = "first words here", "alpha beta gamma delta", "third words there"
TEXTS = (FIRST, MIDDLE, LAST)
TIMES = ((1000, 2000), (3000, 4000), (5000, 6000))
EDITED = "alpha beta gamma OMEGA"
CORRECTED = "alpha beta gamma delta\nthird word there"
"""Joined with the last, of which a word is another then."""


class Records(FilterShape):
    def first(self, cue: tuple[int, int, str]) -> Any:
        at = len(self.log)
        begin, finish = TIMES[at]
        return {"words": TEXTS[at], "begin": begin, "finish": finish, "author": "A"}


class File(Scenes):
    def first(self, cue: tuple[int, int, str]) -> Any:
        if self.log:
            return super().first(cue)
        blocks = (
            f"00:0{begin // 1000}.000 --> 00:0{finish // 1000}.000\n{text}\n"
            for (begin, finish), text in zip(TIMES, TEXTS, strict=True)
        )
        return {"vtt": "WEBVTT\n\n" + "\n".join(blocks)}


SHAPES = {"records": Records, "one file": File}
both_shapes = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def splits(row: int, at_char: int) -> Act:
    return lambda at: at.desk.split(at.id(row), at_char=at_char)


def moves(row: int, start: int, end: int) -> Act:
    return lambda at: at.desk.set_times(at.id(row), start, end)


def all_of(*acts: Act) -> Act:
    def act(at: Screen) -> None:
        for one in acts:
            one(at)

    return act


def carries(at: Screen) -> None:
    with at.desk.group("Carry"):
        at.desk.set_text(at.id(1), "alpha beta")
        at.desk.set_text(at.id(2), f"gamma delta {LAST}")


def cues(at: Screen) -> list[tuple[int, int, str]]:
    return [(cue.start, cue.end, cue.text) for cue in at.desk.cues if cue.text != "other"]


@contextlib.asynccontextmanager
async def decided(
    shape: type[Shelf],
    folder: Path,
    here: Act,
    there: Act,
    choices: Sequence[str],
    *,
    restarted: bool = False,
) -> AsyncIterator[Screen]:
    """The desk that decided, when all desks and the server agree."""
    with contextlib.closing(shape()) as shelf:
        async with in_conflict(shelf, folder, here, there, restarted=restarted) as (mine, yours):
            for choice in choices:
                mine.desk.resolve(mine.desk.conflicts[0].id, choice)
            assert mine.desk.conflicts == []
            await mine.sync()
            await yours.sync()
            await mine.sync()
            assert cues(yours) == cues(mine)
            assert mine.session.sync.summary.waiting == yours.session.sync.summary.waiting == 0
            yield mine


@pytest.mark.parametrize(
    ("here", "there", "mine", "theirs"),
    [
        (
            says(1, "alpha BETA"),
            merge(0, 1, 2),
            None,
            [f"{FIRST}\n{MIDDLE}\n{LAST}"],
        ),
        (
            merge(0, 1, 2),
            says(1, "alpha BETA"),
            [f"{FIRST}\n{MIDDLE}\n{LAST}"],
            [f"{FIRST}\n{LAST}", "alpha BETA"],
        ),
        (
            splits(1, 11),
            merge(1, 2),
            [FIRST, "alpha beta", "gamma delta", LAST],
            [FIRST, f"{MIDDLE}\n{LAST}"],
        ),
        (splits(1, 11), merge(0, 1), [FIRST, "alpha beta", "gamma delta", LAST], None),
        (
            merge(1, 2),
            splits(1, 11),
            [FIRST, f"{MIDDLE}\n{LAST}"],
            [FIRST, "alpha beta", "gamma delta", LAST],
        ),
        (splits(1, 6), splits(1, 11), [FIRST, "alpha", "beta gamma delta", LAST], None),
        (
            all_of(splits(1, 11), moves(2, 4200, 4900)),
            says(1, EDITED),
            [FIRST, "alpha beta", "gamma delta", LAST],
            [FIRST, EDITED, LAST],
        ),
        (
            says(1, EDITED),
            all_of(splits(1, 11), moves(2, 4200, 4900)),
            [FIRST, EDITED, LAST],
            [FIRST, "alpha beta", "gamma delta", LAST],
        ),
        (
            all_of(splits(1, 11), says(2, "gamma delta extra")),
            says(1, EDITED),
            [FIRST, "alpha beta", "gamma delta extra", LAST],
            [FIRST, EDITED, "extra", LAST],
        ),
        (
            says(1, EDITED),
            all_of(splits(1, 11), says(1, "alpha BB")),
            None,
            [FIRST, "alpha BB", "gamma delta", LAST],
        ),
        (
            says(1, EDITED),
            all_of(splits(1, 11), merge(2, 3)),
            [FIRST, EDITED, LAST],
            [FIRST, "alpha beta", f"gamma delta\n{LAST}"],
        ),
        (
            all_of(splits(1, 11), merge(2, 3)),
            says(1, EDITED),
            [FIRST, "alpha beta", f"gamma delta\n{LAST}"],
            [FIRST, EDITED, LAST],
        ),
        (
            says(1, EDITED),
            all_of(merge(1, 2), says(1, CORRECTED)),
            [FIRST, EDITED, LAST],
            [FIRST, CORRECTED],
        ),
        (
            all_of(merge(1, 2), says(1, CORRECTED)),
            says(1, EDITED),
            [FIRST, CORRECTED],
            [FIRST, EDITED, LAST],
        ),
        (
            all_of(splits(2, 11), merge(1, 2)),
            says(1, EDITED),
            [FIRST, f"{MIDDLE}\nthird words", "there"],
            [FIRST, EDITED, "third words", "there"],
        ),
        (says(1, EDITED), carries, [FIRST, EDITED, LAST], [FIRST, "alpha beta", f"gamma delta {LAST}"]),
        (carries, says(1, EDITED), [FIRST, "alpha beta", f"gamma delta {LAST}"], [FIRST, EDITED, LAST]),
    ],
    ids=[
        "edit against merge of three",
        "merge of three against edit",
        "split against merge with the next",
        "split against merge with the one before",
        "merge against split",
        "split against another split",
        "split and moved against edit",
        "edit against split and moved",
        "split and typed against edit",
        "edit against split and typed",
        "edit against split and joined to the next",
        "split and joined to the next against edit",
        "edit against merge with a word corrected",
        "merge with a word corrected against edit",
        "merge with a part of the next against edit",
        "edit against words that were carried over",
        "words that were carried over against edit",
    ],
)
@pytest.mark.parametrize("restarted", [False, True], ids=["at once", "after a restart"])
@both_shapes
async def test_what_one_side_did_to_all_is_kept_or_goes(
    here: Act,
    there: Act,
    mine: list[str] | None,
    theirs: list[str] | None,
    restarted: bool,
    shape: type[Shelf],
    tmp_path: Path,
) -> None:
    """None: another shape shows other conflicts, and another test tells."""
    for choice, left in (("mine", mine), ("theirs", theirs)):
        if left is None:
            continue
        folder = tmp_path / choice
        folder.mkdir()
        async with decided(shape, folder, here, there, [choice], restarted=restarted) as desk:
            assert [text for _, _, text in cues(desk)] == left
            whole = {FIRST: TIMES[0], MIDDLE: TIMES[1], EDITED: TIMES[1], LAST: TIMES[2]}
            known = [cue for cue in cues(desk) if cue[2] in whole]
            assert all(end == whole[text][1] for _, end, text in known), "each ends where it did"
            assert all(one[1] <= other[0] for one, other in pairwise(known)), "and none lasts over another"


@pytest.mark.parametrize(
    ("here", "there", "choices", "left"),
    [
        (0, 1, "mine mine", [FIRST, "alpha OMEGA", "third things"]),
        (0, 1, "theirs theirs", [FIRST, f"{MIDDLE}\n{LAST}"]),
        (0, 1, "mine theirs", [FIRST, "alpha OMEGA"]),
        (0, 1, "theirs mine", [FIRST, MIDDLE, "third things"]),
        (1, 0, "mine mine", [FIRST, f"{MIDDLE}\n{LAST}"]),
        (1, 0, "theirs theirs", [FIRST, "alpha OMEGA", "third things"]),
        (1, 0, "mine theirs", [FIRST, MIDDLE, "third things"]),
    ],
)
@both_shapes
async def test_two_conflicts_of_one_merge_are_decided_one_after_the_other(
    here: int, there: int, choices: str, left: list[str], shape: type[Shelf], tmp_path: Path
) -> None:
    """The merged cue's first, then that of the one which it was joined to."""
    acts = (all_of(says(1, "alpha OMEGA"), says(2, "third things")), merge(1, 2))
    every = choices.split()
    if shape is Records and (here, choices) == (1, "theirs theirs"):
        every.pop()  # it was removed for the merge alone: once that is decided against, nothing is left of it
    async with decided(shape, tmp_path, acts[here], acts[there], every) as desk:
        assert [text for _, _, text in cues(desk)] == left
        known = cues(desk)
        assert all(one[1] <= other[0] for one, other in pairwise(known)), "none lasts over another"


REFRAIN = "all that we have is here"


@pytest.mark.parametrize("restarted", [False, True], ids=["at once", "after a restart"])
@both_shapes
async def test_of_parts_that_say_the_same_only_its_own_goes(
    restarted: bool, shape: type[Shelf], tmp_path: Path
) -> None:
    """A refrain, each time cut off by a colleague; each cue was edited here and is decided by itself."""

    def here(at: Screen) -> None:
        for row in range(3):
            at.desk.set_text(at.id(row), f"{row} MORE {REFRAIN}")

    def there(at: Screen) -> None:
        for row in (0, 2, 4):
            at.desk.split(at.id(row), at_char=2)

    class Song(shape):  # type: ignore[misc, valid-type]  # of either shape
        def first(self, cue: tuple[int, int, str]) -> Any:
            found = super().first(cue)
            for row, text in enumerate(TEXTS):
                found = _with(found, text, f"{row} {REFRAIN}")
            return found

    with contextlib.closing(Song()) as shelf:
        async with in_conflict(shelf, tmp_path, here, there, restarted=restarted) as (mine, yours):
            first, *others = sorted(mine.desk.conflicts, key=lambda one: mine.desk.cue(one.id).start)
            mine.desk.resolve(first.id, "mine")
            for conflict in others:
                mine.desk.resolve(conflict.id, "theirs")
            await mine.sync()
            await yours.sync()
            left = [f"0 MORE {REFRAIN}", "1", REFRAIN, "2", REFRAIN]
            assert [text for _, _, text in cues(mine)] == left
            assert cues(yours) == cues(mine)


def _with(document: dict[str, Any], text: str, other: str) -> dict[str, Any]:
    return {
        key: value.replace(text, other) if isinstance(value, str) else value
        for key, value in document.items()
    }
