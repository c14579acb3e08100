"""A journal's folder that is moved while it is written: what happens between two looks at it."""

import os
from pathlib import Path

import pytest

from vtt_desktop.sync.journal_file import JournalFile
from vtt_desktop.sync.journal_lock import JournalLock
from vtt_desktop.sync.journal_place import JournalPlace
from vtt_desktop.sync.journal_replay import Contents, PutMeta


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
