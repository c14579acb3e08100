"""What a decision becomes is worked out once: who decides was told of it just before. Anew where anything
changed since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.program import closing
from tests.interop.desks import Screen
from tests.interop.record_backends import FilterShape
from tests.interop.test_text_that_moved import in_conflict, says
from vtt_desktop.domain.cue import Source
from vtt_desktop.domain.edits_text import remove_cues
from vtt_desktop.sync import deciding
from vtt_desktop.sync.sync_log import LogLine

THEIRS = "second things"


@pytest.fixture
def shelf() -> Iterator[FilterShape]:
    yield from closing(FilterShape())


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One entry a time that it was looked what is around a conflict."""
    looked, around = list[int](), deciding.around

    def counted(*what: object) -> object:
        looked.append(1)
        return around(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(deciding, "around", counted)
    return looked


def cuts(at: Screen) -> None:
    at.desk.split(at.id(1), at_char=7)


async def test_each_side_is_worked_out_once(shelf: FilterShape, times: list[int], tmp_path: Path) -> None:
    async with in_conflict(shelf, tmp_path, cuts, says(1, THEIRS)) as (mine, _):
        conflict = mine.desk.conflicts[0]
        told = mine.session.preview(conflict, conflict.take_theirs)
        assert len(times) == 1
        mine.session.resolve(conflict.id, conflict.take_theirs)
        assert len(times) == 2  # what is put aside is the other side
        gone = [one.before for one in told.others if one.after is None]
        assert told.cue in mine.desk.cues and gone and not set(gone) & set(mine.desk.cues)


async def test_what_changed_since_counts(shelf: FilterShape, times: list[int], tmp_path: Path) -> None:
    async with in_conflict(shelf, tmp_path, cuts, says(1, THEIRS)) as (mine, _):
        conflict = mine.desk.conflicts[0]
        assert mine.session.preview(conflict, conflict.take_theirs).others
        mine.session.submit(
            remove_cues(mine.session.document.snapshot, [mine.id(2)])
        )  # the part that was cut off
        assert not mine.session.preview(conflict, conflict.take_theirs).others and len(times) == 2
        mine.session.sync.tell(LogLine(2, "A line."))
        mine.session.preview(conflict, conflict.take_theirs)
        assert len(times) == 3
        mine.session.sync.put([next(iter(mine.session.sync.segments.values()))])  # any one, as it may be now
        mine.session.preview(conflict, conflict.take_theirs)
        assert len(times) == 4


async def test_the_bytes_of_the_very_choice_are_kept(shelf: FilterShape, tmp_path: Path) -> None:
    """Two cues that say the same are equal whatever they were read from."""
    async with in_conflict(shelf, tmp_path, says(1, "second of all"), says(1, THEIRS)) as (mine, _):
        conflict = mine.desk.conflicts[0]
        choice = conflict.take_theirs
        assert choice is not None
        first, second = (choice.with_(source=Source(name, 0, 1, "", name, b"")) for name in "ab")
        mine.session.preview(conflict, first)
        mine.session.resolve(conflict.id, second)
        assert mine.desk.cues[1].source is second.source
