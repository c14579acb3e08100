"""A file that somebody else wrote while it was open: merged like a 412, or a conflict that waits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vtt_desktop.app.opening import Source, open_source
from vtt_desktop.app.session import Session
from vtt_desktop.app.tasks import Tasks
from vtt_desktop.domain.edit import Edit, HeadChange
from vtt_desktop.domain.edits_text import remove_cues, set_text
from vtt_desktop.domain.errors import NotSavedError, UserError
from vtt_desktop.sync.segment import Phase

FILM = b"""WEBVTT

00:01.000 --> 00:02.000
One

NOTE kept

00:03.000  -->  00:04.000 line:0
Two

00:05.000 --> 00:06.000
Three
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.vtt"
    path.write_bytes(FILM)
    return path


async def opened(path: Path, journal: Path | None = None) -> Session:
    return await open_source(Source(str(path), journal=journal), Tasks())


def type_into(session: Session, number: int, text: str) -> int:
    cue = session.document.snapshot.cues[number]
    session.submit(set_text(session.document.snapshot, cue.id, text))
    return cue.id


async def test_changes_to_different_cues_are_both_in_the_saved_file(film: Path) -> None:
    session = await opened(film)
    type_into(session, 0, "Mine")
    film.write_bytes(FILM.replace(b"Three", b"Theirs"))
    await session.save()
    assert film.read_bytes() == FILM.replace(b"One", b"Mine").replace(b"Three", b"Theirs")


async def test_different_fields_of_one_cue_merge_without_a_question(film: Path) -> None:
    session = await opened(film)
    type_into(session, 1, "Mine")
    film.write_bytes(FILM.replace(b"00:04.000 line:0", b"00:04.500 line:0"))
    await session.save()
    assert b"00:04.500 line:0\nMine\n" in film.read_bytes()


async def test_the_same_text_changed_twice_waits_and_nothing_is_written_over(film: Path) -> None:
    session = await opened(film)
    cue_id = type_into(session, 0, "Mine")
    theirs = FILM.replace(b"One", b"Theirs")
    film.write_bytes(theirs)
    with pytest.raises(UserError, match="1 cue was changed both here and in film.vtt on disk"):
        await session.save()
    assert film.read_bytes() == theirs
    assert session.sync.phase(cue_id) is Phase.CONFLICT
    (conflict,) = session.sync.conflicts
    assert conflict.base and conflict.mine and conflict.theirs
    assert [conflict.base.text, conflict.mine.text, conflict.theirs.text] == ["One", "Mine", "Theirs"]
    with pytest.raises(UserError, match="Decide the conflicts|changed both here"):
        session.save_now()  # asking again does not make it less of a conflict
    session.resolve(cue_id, conflict.keep_mine)
    await session.save()
    assert film.read_bytes() == FILM.replace(b"One", b"Mine")
    assert not session.sync.conflicts


async def test_theirs_can_be_taken_and_undone(film: Path) -> None:
    session = await opened(film)
    cue_id = type_into(session, 0, "Mine")
    film.write_bytes(FILM.replace(b"One", b"Theirs"))
    await session.look_at_disk()
    session.resolve(cue_id, session.sync.conflicts[0].take_theirs)
    assert session.document.snapshot.cues[0].text == "Theirs"
    session.undo()
    assert session.document.snapshot.cues[0].text == "Mine"


async def test_a_cue_removed_here_and_changed_there_is_a_conflict(film: Path) -> None:
    session = await opened(film)
    gone = session.document.snapshot.cues[2]
    session.submit(remove_cues(session.document.snapshot, [gone.id]))
    film.write_bytes(FILM.replace(b"Three", b"Theirs"))
    await session.look_at_disk()
    (conflict,) = session.sync.conflicts
    session.resolve(conflict.id, conflict.theirs)
    await session.save()
    assert film.read_bytes() == FILM.replace(b"Three", b"Theirs")


async def test_an_untouched_document_just_follows_the_file(film: Path) -> None:
    session = await opened(film)
    theirs = (
        FILM.replace(b"NOTE kept\n\n", b"").replace(b"WEBVTT", b"WEBVTT - new head")
        + b"\n00:07.000 --> 00:08.000\nFour\n"
    )
    film.write_bytes(theirs)
    await session.look_at_disk()
    assert not session.unsaved
    assert [cue.text for cue in session.document.snapshot.cues] == ["One", "Two", "Three", "Four"]
    type_into(session, 3, "4")
    await session.save()
    assert film.read_bytes() == theirs.replace(b"Four", b"4")


async def test_a_file_sorted_by_somebody_else_is_sorted_here(film: Path) -> None:
    session = await opened(film)
    type_into(session, 0, "Mine")
    theirs = (
        b"WEBVTT\n\n00:05.000 --> 00:06.000\nThree\n\n00:01.000 --> 00:02.000\nOne\n"
        b"\nNOTE kept\n\n00:03.000  -->  00:04.000 line:0\nTwo\n"
    )
    film.write_bytes(theirs)
    await session.save()
    assert film.read_bytes() == theirs.replace(b"One", b"Mine")


async def test_what_was_not_saved_is_there_after_a_restart_and_meets_the_changed_file(
    film: Path, tmp_path: Path
) -> None:
    journal = tmp_path / "film.vttproj"
    session = await opened(film, journal)
    type_into(session, 0, "Mine, not saved")
    type_into(session, 2, "Mine too")
    await session.close()
    film.write_bytes(FILM.replace(b"Two", b"Theirs").replace(b"Three", b"Theirs too"))
    again = await opened(film, journal)
    assert [cue.text for cue in again.document.snapshot.cues] == ["Mine, not saved", "Theirs", "Mine too"]
    assert again.unsaved
    assert len(again.sync.conflicts) == 1
    await again.close()
    third = await opened(film, journal)
    assert len(third.sync.conflicts) == 1, "the conflict waits over a restart"
    third.resolve(third.sync.conflicts[0].id, third.sync.conflicts[0].keep_mine)
    await third.save()
    assert film.read_bytes() == FILM.replace(b"One", b"Mine, not saved").replace(b"Two", b"Theirs").replace(
        b"Three", b"Mine too"
    )
    await third.close()


async def test_undoing_back_to_what_was_saved_counts_as_saved(film: Path) -> None:
    session = await opened(film)
    assert not session.unsaved
    type_into(session, 0, "Mine")
    assert session.unsaved
    session.undo()
    assert not session.unsaved
    type_into(session, 0, "Mine again")
    await session.save()
    assert not session.unsaved
    session.undo()
    assert session.unsaved
    await session.save()
    assert film.read_bytes() == FILM


async def conflicted(path: Path, theirs: bytes, journal: Path | None = None) -> tuple[Session, Tasks]:
    """Cue 2 says “Two mine” here, and what they wrote to the file is met."""
    tasks = Tasks()
    session = await open_source(Source(str(path), journal=journal), tasks)
    type_into(session, 1, "Two mine")
    path.write_bytes(theirs)
    await session.look_at_disk()
    assert len(session.sync.conflicts) == 1
    return session, tasks


@pytest.mark.parametrize("how", ["undo", "typed back"])
async def test_taking_mine_back_takes_theirs(film: Path, how: str) -> None:
    theirs = FILM.replace(b"Two", b"Theirs").replace(b"00:04.000 line:0", b"00:04.500")
    session, tasks = await conflicted(film, theirs)
    if how == "undo":
        session.undo()
    else:
        type_into(session, 1, "Two")
    await tasks.until_idle()
    assert session.document.snapshot.cues[1].text == "Theirs"
    assert not session.sync.conflicts and not session.unsaved
    type_into(session, 1, "Theirs!")
    await session.save()
    assert film.read_bytes() == theirs.replace(b"Theirs", b"Theirs!")


async def test_a_save_at_once_after_the_undo_does_not_write_over_theirs(film: Path) -> None:
    theirs = FILM.replace(b"Two", b"Theirs")
    session, _ = await conflicted(film, theirs)
    session.undo()
    session.save_now()
    assert film.read_bytes() == theirs


async def test_a_removal_taken_back_takes_theirs(film: Path) -> None:
    tasks = Tasks()
    session = await open_source(Source(str(film)), tasks)
    gone = session.document.snapshot.cues[1]
    session.submit(remove_cues(session.document.snapshot, [gone.id]))
    theirs = FILM.replace(b"Two", b"Theirs")
    film.write_bytes(theirs)
    await session.look_at_disk()
    session.undo()
    await tasks.until_idle()
    assert [cue.text for cue in session.document.snapshot.cues] == ["One", "Theirs", "Three"]
    type_into(session, 0, "1")
    await session.save()
    assert film.read_bytes() == theirs.replace(b"One", b"1")


async def test_a_change_taken_back_of_a_cue_they_removed_removes_it(film: Path) -> None:
    session, tasks = await conflicted(film, FILM.replace(b"00:03.000  -->  00:04.000 line:0\nTwo\n\n", b""))
    session.undo()
    await tasks.until_idle()
    assert [cue.text for cue in session.document.snapshot.cues] == ["One", "Three"]
    assert not session.unsaved


async def test_saying_their_words_takes_their_times_too(film: Path) -> None:
    theirs = FILM.replace(b"Two", b"Theirs").replace(b"00:04.000 line:0", b"00:04.500")
    session, tasks = await conflicted(film, theirs)
    type_into(session, 1, "Theirs")
    await tasks.until_idle()
    await session.save()
    assert film.read_bytes() == theirs and not session.sync.conflicts


async def test_the_header_taken_back_is_theirs(film: Path) -> None:
    tasks = Tasks()
    session = await open_source(Source(str(film)), tasks)
    head = session.document.snapshot.head
    session.submit(
        Edit("Header", (HeadChange(head, replace(head, text=head.text.replace(b"WEBVTT", b"WEBVTT mine"))),))
    )
    theirs = FILM.replace(b"WEBVTT", b"WEBVTT theirs")
    film.write_bytes(theirs)
    await session.look_at_disk()
    assert len(session.sync.conflicts) == 1
    session.undo()
    await tasks.until_idle()
    assert not session.sync.conflicts and not session.unsaved
    type_into(session, 0, "1")
    await session.save()
    assert film.read_bytes() == theirs.replace(b"One", b"1")


async def test_they_write_again_while_a_conflict_waits(film: Path) -> None:
    """The second version is held against what both began with, not against the first."""
    theirs = FILM.replace(b"Two", b"Theirs")
    session, _ = await conflicted(film, theirs)
    film.write_bytes(theirs.replace(b"00:04.000 line:0", b"00:04.500 line:0"))
    await session.look_at_disk()
    (conflict,) = session.sync.conflicts
    assert conflict.base and conflict.mine and conflict.theirs
    assert [conflict.base.text, conflict.mine.text, conflict.theirs.text] == ["Two", "Two mine", "Theirs"]
    assert conflict.theirs.end == 4500
    film.write_bytes(FILM)
    await session.look_at_disk()
    assert not session.sync.conflicts, "they took theirs back"
    await session.save()
    assert film.read_bytes() == FILM.replace(b"Two", b"Two mine")


async def test_undone_past_the_decision_is_not_called_saved(film: Path) -> None:
    theirs = FILM.replace(b"Two", b"Theirs")
    session, _ = await conflicted(film, theirs)
    session.resolve(session.sync.conflicts[0].id, session.sync.conflicts[0].take_theirs)
    session.undo()
    session.undo()
    assert session.document.snapshot.cues[1].text == "Two"
    assert session.unsaved, "the file holds theirs"


async def test_mine_taken_back_before_a_restart_is_theirs_after_it(film: Path, tmp_path: Path) -> None:
    theirs = FILM.replace(b"Two", b"Theirs")
    session, _ = await conflicted(film, theirs, tmp_path / "film.vttproj")
    session.undo()
    await session.close()
    again = await opened(film, tmp_path / "film.vttproj")
    assert again.document.snapshot.cues[1].text == "Theirs"
    assert not again.sync.conflicts and not again.unsaved
    await again.close()


async def test_a_file_that_became_something_else_is_not_called_saved(film: Path) -> None:
    session = await opened(film)
    film.write_bytes(b"no subtitles at all")
    await session.look_at_disk()
    assert session.unsaved
    with pytest.raises(NotSavedError, match="cannot be merged"):
        await session.save()
    assert film.read_bytes() == b"no subtitles at all"
    film.write_bytes(FILM)
    await session.look_at_disk()
    assert not session.unsaved, "it is what it was again"


async def test_an_undone_edit_is_no_reason_to_call_their_file_unsaved(film: Path) -> None:
    session = await opened(film)
    type_into(session, 0, "Mine")
    session.undo()
    film.write_bytes(FILM.replace(b"Two", b"Theirs"))
    await session.look_at_disk()
    assert not session.unsaved
