"""Cues that were joined or cut on one side and edited on the other: what belongs together is decided
together. No text is nowhere that nobody decided on, and none stands twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.program import closing
from tests.interop.odd_backends import Said, say
from tests.interop.record_backends import FilterShape
from tests.interop.test_text_that_moved import (
    FIRST,
    OTHERS,
    THIRD,
    Act,
    in_conflict,
    merge,
    removes,
    says,
    words,
)
from vtt_desktop.domain.cue import Cue
from vtt_desktop.sync.sync_log import Replaced

TIMES = [(1000, 2000), (3000, 4000), (5000, 6000)]


class Shelf(FilterShape):
    """Can be told not to remove anything for now."""

    keeps = False

    def route(
        self, method: str, path: str, query: dict[str, str], headers: dict[str, str], body: Any
    ) -> Said:
        if method == "DELETE" and self.keeps:
            return say(503, {"message": "later"})
        return super().route(method, path, query, headers, body)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    yield from closing(Shelf())


def splits(row: int, at_char: int) -> Act:
    return lambda at: at.desk.split(at.id(row), at_char=at_char)


BOTH = "first words\nsecond words"
JOINED = "second words\nthird words"


@pytest.mark.parametrize(
    ("here", "there", "choice", "left"),
    [
        (says(1, OTHERS), merge(1, 2), "mine", [FIRST, OTHERS, THIRD]),
        (says(1, OTHERS), merge(1, 2), "theirs", [FIRST, JOINED]),
        (removes(1), merge(1, 2), "mine", [FIRST, THIRD]),
        (removes(1), merge(1, 2), "theirs", [FIRST, JOINED]),
        (merge(0, 1), merge(1, 2), "mine", [BOTH, THIRD]),
        (merge(0, 1), merge(1, 2), "theirs", [FIRST, JOINED]),
        (says(1, OTHERS), splits(1, 6), "mine", [FIRST, OTHERS, THIRD]),
        (says(1, OTHERS), splits(1, 6), "theirs", [FIRST, "second", "words", THIRD]),
        (splits(1, 6), says(1, OTHERS), "mine", [FIRST, "second", "words", THIRD]),
        (splits(1, 6), says(1, OTHERS), "theirs", [FIRST, OTHERS, THIRD]),
        (splits(1, 6), removes(1), "mine", [FIRST, "second", "words", THIRD]),
        (splits(1, 6), removes(1), "theirs", [FIRST, THIRD]),
        (removes(1), splits(1, 6), "mine", [FIRST, THIRD]),
        (removes(1), splits(1, 6), "theirs", [FIRST, "second", "words", THIRD]),
    ],
    ids=[
        f"{what}, {choice}"
        for what in (
            "edit against merge",
            "removal against merge",
            "merge against merge",
            "edit against split",
            "split against edit",
            "split against removal",
            "removal against split",
        )
        for choice in ("mine", "theirs")
    ],
)
@pytest.mark.parametrize("restarted", [False, True])
async def test_all_that_one_edit_did_is_kept_or_goes(
    here: Act, there: Act, choice: str, left: list[str], restarted: bool, shelf: Shelf, tmp_path: Path
) -> None:
    async with in_conflict(shelf, tmp_path, here, there, restarted=restarted) as (mine, yours):
        before, (conflict,) = mine.texts, mine.desk.conflicts
        side = conflict.keep_mine if choice == "mine" else conflict.take_theirs
        preview = mine.session.preview(conflict, side)
        told = {cue.id: cue.text for cue in mine.desk.cues if cue.id != conflict.id}
        for one in (Replaced(conflict.mine, preview.cue), *preview.others):
            cue = one.after or one.before
            if isinstance(cue, Cue):
                told[cue.id] = cue.text if one.after is not None else ""
        mine.desk.resolve(conflict.id, choice)
        assert mine.texts == left
        assert sorted(filter(None, told.values())) == sorted(left), "as it was told before"
        if left[0::2] == [FIRST, THIRD]:
            assert [(cue.start, cue.end) for cue in mine.desk.cues] == TIMES
        assert mine.desk.conflicts == []
        await mine.sync()
        await yours.sync()
        assert words(shelf) == sorted(left)
        assert yours.texts == left
        assert mine.session.sync.summary.waiting == yours.session.sync.summary.waiting == 0
        if choice == "mine" and len(mine.texts) > len(before):
            mine.desk.undo()
            assert any(THIRD in text for text in mine.texts), "what they had joined is not taken away again"
        elif mine.texts != before:
            mine.desk.undo()
            assert mine.texts == before, "one step back"
