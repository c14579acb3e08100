"""A journal's file or folder that is deleted or moved while it is written."""

import os
import shutil
from pathlib import Path
from queue import Queue

import pytest

from tests.sync.journal_typing import PATIENCE, typed
from tests.sync.test_journal import Desk, exact, no_error, snapshot_of
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.journal import Journal
from vtt_desktop.sync.journal_file import JournalFile
from vtt_desktop.sync.journal_lock import JournalLock
from vtt_desktop.sync.journal_place import JournalPlace
from vtt_desktop.sync.journal_replay import Contents, PutMeta
from vtt_desktop.sync.segment import Segment


@pytest.mark.parametrize("what", ["the file", "file and sidecars", "the folder", "another file in its place"])
def test_a_file_that_goes_under_us_is_written_again(tmp_path: Path, what: str) -> None:
    path = tmp_path / "sub" / "film.vttproj"
    journal = Journal.open(path, no_error)
    journal.put_meta("source", "film.vtt")
    journal.put_segments([Segment("a"), Segment("b")])
    desk = Desk(journal, snapshot_of(400))
    typed(desk, "before the checkpoint")
    desk.checkpoint()
    typed(desk, "after it")
    journal.flush().result(PATIENCE)
    if what == "the folder":
        shutil.rmtree(path.parent)
    elif what == "file and sidecars":
        for file in path.parent.iterdir():
            file.unlink()
    else:
        path.unlink()
    if what == "another file in its place":
        path.write_bytes(b"somebody's")
    typed(desk, "typed on")
    journal.flush().result(PATIENCE)
    with pytest.raises(UserError, match=rf"open in another program \(process {os.getpid()} "):
        Journal.open(path, no_error)
    typed(desk, "and on", 2)
    desk.leave()
    journal.close()
    assert (journal.set_aside is not None) == (what == "another file in its place")
    if journal.set_aside is not None:
        assert journal.set_aside.read_bytes() == b"somebody's"
    after = Journal.open(path, no_error)
    after.close()
    assert after.set_aside is None
    assert after.recovered is not None
    assert exact(after.recovered.snapshot) == exact(desk.snapshot)
    assert (len(after.recovered.events), after.recovered.meta) == (4, {"source": "film.vtt"})
    assert {segment.key for segment in after.recovered.segments} == {"a", "b"}


def test_a_folder_that_is_moved_is_written_on_where_it_is_and_that_is_said(tmp_path: Path) -> None:
    told: Queue[str] = Queue()
    path = tmp_path / "sub" / "film.vttproj"
    there = tmp_path / "moved" / "film.vttproj"
    journal = Journal.open(path, told.put)
    desk = Desk(journal, snapshot_of(400))
    desk.checkpoint()
    journal.flush().result(PATIENCE)
    path.parent.rename(there.parent)
    typed(desk, "typed on")
    assert "film.vttproj was moved while it was open" in told.get(timeout=PATIENCE)
    journal.flush().result(PATIENCE)
    assert not path.parent.exists(), "no folder comes back"
    with pytest.raises(UserError, match=rf"open in another program \(process {os.getpid()} "):
        Journal.open(there, no_error)
    copy = tmp_path / "copy"
    shutil.copytree(there.parent, copy)  # as after a kill
    path.parent.mkdir()
    other = Journal.open(path, no_error)  # another project of that name, and of that path
    another = Desk(other, snapshot_of(3))
    another.checkpoint()
    other.flush().result(PATIENCE)
    typed(desk, "and on", 2)
    desk.leave()
    journal.close()
    typed(another, "beside it")
    another.leave()
    other.close()
    for place, which, steps in ((there, desk, 2), (path, another, 1)):
        after = Journal.open(place, no_error)
        after.close()
        assert after.set_aside is None and after.recovered is not None
        assert exact(after.recovered.snapshot) == exact(which.snapshot)
        assert len(after.recovered.events) == steps
    killed = Journal.open(copy / "film.vttproj", no_error)
    killed.close()
    assert killed.recovered is not None and len(killed.recovered.events) == 1


def test_a_file_that_is_moved_away_alone_is_made_again_and_that_is_said(tmp_path: Path) -> None:
    told: Queue[str] = Queue()
    path = tmp_path / "film.vttproj"
    journal = Journal.open(path, told.put)
    desk = Desk(journal, snapshot_of(3))
    desk.checkpoint()
    journal.flush().result(PATIENCE)
    path.rename(tmp_path / "other.vttproj")
    typed(desk, "typed on")
    assert "moved away while it was open; it was made again" in told.get(timeout=PATIENCE)
    desk.leave()
    journal.close()
    after = Journal.open(path, no_error)
    after.close()
    assert after.recovered is not None and exact(after.recovered.snapshot) == exact(desk.snapshot)


def test_a_folder_that_is_back_between_two_looks_was_never_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    path = home / "film.vttproj"
    lock = JournalLock(path)
    file, _ = JournalFile.create(path)
    place = JournalPlace(path, lock, file, None)
    file_of_then = os.stat(path).st_ino
    home.rename(away)
    look = JournalLock.moved.fget
    assert look is not None

    def back_by_now(one: JournalLock) -> bool:
        away.rename(home)
        monkeypatch.undo()
        return bool(look(one))

    monkeypatch.setattr(JournalLock, "moved", property(back_by_now))
    place.write(Contents(), [PutMeta("source", "film.vtt")], path)
    place.close()
    assert not place.notice
    assert os.stat(path).st_ino == file_of_then, "it is written on, and not made again"
    assert sorted(one.name for one in home.iterdir()) == ["film.vttproj", "film.vttproj.lock"]
