"""Words that one side moved, and a decision on the cue that they came to or went from: none is nowhere that
nobody decided on, and none stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.desks import Screen
from tests.interop.record_backends import FilterShape
from tests.interop.test_text_that_moved import (
    FIRST,
    OTHERS,
    SECOND,
    THIRD,
    Act,
    in_conflict,
    merge,
    says,
    words,
)


@pytest.fixture
def shelf() -> Iterator[FilterShape]:
    yield from closing(FilterShape())


def carries(row: int, to: int) -> Act:
    """The last word of a cue to the beginning of the next, or its first one to the end of the
    one before."""

    def act(at: Screen) -> None:
        one, other = at.desk.cues[row], at.desk.cues[to]
        first, last = one.text.split()
        with at.desk.group("Carry"):
            if to > row:
                at.desk.set_text(one.id, first)
                at.desk.set_text(other.id, f"{last} {other.text}")
            else:
                at.desk.set_text(one.id, last)
                at.desk.set_text(other.id, f"{other.text} {first}")

    return act


def carried_and_typed(at: Screen) -> None:
    carries(0, 1)(at)
    at.desk.set_text(at.id(0), "TYPED first")


@pytest.mark.parametrize(
    ("here", "there", "choice", "left"),
    [
        (says(1, OTHERS), carries(0, 1), "mine", [FIRST, OTHERS, THIRD]),
        (says(1, OTHERS), carries(2, 1), "mine", [FIRST, OTHERS, THIRD]),
        (says(1, "SECOND words"), carries(1, 2), "mine", [FIRST, "SECOND words", THIRD]),
        (carries(1, 2), says(1, "SECOND words"), "theirs", [FIRST, "SECOND words", THIRD]),
        (says(1, OTHERS), carried_and_typed, "mine", ["TYPED first words", OTHERS, THIRD]),
        (carries(1, 0), merge(0, 1), "theirs theirs", [f"{FIRST}\n{SECOND}", THIRD]),
        (says(1, OTHERS), merge(0, 1), "mine", [FIRST, OTHERS, THIRD]),
        (says(1, OTHERS), merge(0, 1), "theirs", [f"{FIRST}\n{SECOND}", THIRD]),
    ],
    ids=[
        "edit against a word that came: it is where it was",
        "edit against a word that came back: it is where it was",
        "edit against a word that went: it stands once",
        "a word that went against an edit: it stands once",
        "edit against a word that came from where more was typed",
        "a word that went against being joined, theirs",
        "edit against being joined: it stands once",
        "edit against being joined, theirs",
    ],
)
async def test_words_stand_once(
    here: Act, there: Act, choice: str, left: list[str], shelf: FilterShape, tmp_path: Path
) -> None:
    async with in_conflict(shelf, tmp_path, here, there) as (mine, yours):
        for one in choice.split():
            mine.desk.resolve(mine.desk.conflicts[0].id, one)
        await mine.sync()
        await yours.sync()
        assert mine.texts == yours.texts == left
        assert words(shelf) == sorted(left)
