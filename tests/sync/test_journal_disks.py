"""Full disks, and disks that can only be read: nothing typed is lost, and it is said in a sentence."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import pytest

from tests.sync.journal_typing import PATIENCE, begun, typed
from tests.sync.test_journal import Desk, exact, no_error, snapshot_of
from vtt_desktop.domain.cue import Cue
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync import journal as journal_module
from vtt_desktop.sync.journal import Journal, Recovered

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk; the limit on a file's size is tested anyway")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def left_and_found(path: Path, desk: Desk) -> Recovered:
    """What a start finds after the desk was left: the document to the byte, and its steps."""
    desk.leave()
    desk.journal.close()
    after = Journal.open(path, no_error)
    after.close()
    assert after.recovered is not None
    assert exact(after.recovered.snapshot) == exact(desk.snapshot)
    return after.recovered


def test_a_full_disk_is_said_and_everything_is_written_when_there_is_room(small_disk: Path) -> None:
    told: Queue[str] = Queue()
    path = small_disk / "film.vttproj"
    desk = begun(path, told.put)
    journal = desk.journal
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="No space left"), ballast.open("wb", 0) as file:
        while True:
            file.write(bytes(4096))
    for i in range(50):
        typed(desk, f"{i} " + random.Random(i).randbytes(2000).hex())
    with pytest.raises(UserError, match="kept in memory only: the disk is full"):
        journal.flush().result(PATIENCE)
    assert told.get(timeout=PATIENCE) == "Edits are kept in memory only: the disk is full."
    typed(desk, "typed while the disk was full", 2)
    ballast.unlink()
    assert told.get(timeout=PATIENCE) == ""  # by itself: nobody asked again
    journal.flush().result(PATIENCE)
    assert len(left_and_found(path, desk).events) == 51


def test_an_edit_tries_at_once_whether_there_is_room_again(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the wait until the next attempt has become."""
    monkeypatch.setattr(journal_module, "RETRY_FIRST", 3600.0)
    monkeypatch.setattr(journal_module, "RETRY_LONGEST", 3600.0)
    told: Queue[str] = Queue()
    desk = begun(small_disk / "film.vttproj", told.put)
    journal = desk.journal
    ballast = small_disk / "ballast"
    with pytest.raises(OSError, match="No space left"), ballast.open("wb", 0) as file:
        while True:
            file.write(bytes(4096))
    typed(desk, random.Random(0).randbytes(200_000).hex())
    assert told.get(timeout=PATIENCE) == "Edits are kept in memory only: the disk is full."
    ballast.unlink()
    typed(desk, "typed when there was room", 2)
    assert told.get(timeout=PATIENCE) == ""
    desk.leave()
    journal.close()


def test_a_disk_that_is_full_from_the_start(small_disk: Path) -> None:
    with pytest.raises(OSError), (small_disk / "ballast").open("wb", 0) as file:
        while True:
            file.write(bytes(4096))
    with pytest.raises(UserError, match=r"film.vttproj cannot be opened: the disk is full"):
        Journal.open(small_disk / "film.vttproj", no_error)


def test_a_disk_that_becomes_read_only(small_disk: Path) -> None:
    path = small_disk / "film.vttproj"
    Journal.open(path, no_error).close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(UserError, match=r"Read-only file system. Choose a folder"):
        Journal.open(path, no_error)


def test_a_file_that_is_made_again_takes_its_place_when_all_of_it_fits(small_disk: Path) -> None:
    """There is room for its write-ahead log, and none to bring that into the file."""
    path = small_disk / "film.vttproj"
    desk = begun(path, lambda sentence: None)
    journal = desk.journal
    typed(desk, random.Random(0).randbytes(200_000).hex())
    journal.flush().result(PATIENCE)
    path.unlink()
    room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
    (small_disk / "ballast").write_bytes(bytes(room - 450_000))
    with pytest.raises(UserError, match="kept in memory only: the disk is full"):
        journal.flush().result(PATIENCE)
    (small_disk / "ballast").unlink()
    left_and_found(path, desk)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from queue import Queue
from tests.sync.journal_typing import PATIENCE, typed
from tests.sync.test_journal import Desk, exact, snapshot_of
from tests.sync.journal_typing import typed
from vtt_desktop.domain.errors import UserError
from vtt_desktop.sync.journal import Journal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
told = Queue()
journal = Journal.open(Path(sys.argv[1]), told.put)
desk = Desk(journal, snapshot_of(3))
desk.checkpoint()
journal.flush().result(30)
limit = 60_000
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
try:
    for i in range(200):
        typed(desk, f"{i} " + "word " * 200)
        journal.flush().result(30)
    raise SystemExit("the limit was not met")
except UserError:
    print(told.get(timeout=30))
typed(desk, "the last word", 2)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert told.get(timeout=30) == ""
desk.leave()
journal.close()
after = Journal.open(Path(sys.argv[1]), told.put)
after.close()
assert exact(after.recovered.snapshot) == exact(desk.snapshot)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits on a process's files")
def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "film.vttproj")],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Edits are kept in memory only: the disk ")


@pytest.mark.parametrize("place", ["/proc/film.vttproj", "{tmp}/file/film.vttproj", "{tmp}/folder.vttproj"])
def test_a_place_where_nothing_can_be_kept(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.vttproj").mkdir()
    with pytest.raises(UserError, match=r"The project \w+\.vttproj cannot be "):
        Journal.open(Path(place.format(tmp=tmp_path)), no_error)


def test_a_value_that_cannot_be_written_does_not_keep_others_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", reported.append)
    path = tmp_path / "film.vttproj"

    def broken_report(sentence: str) -> None:
        raise RuntimeError(sentence)

    journal = Journal.open(path, broken_report)
    desk = Desk(journal, snapshot_of(2))
    desk.checkpoint()
    journal.put_meta("bug", object())  # type: ignore[arg-type]
    typed(desk, "after the bug")
    journal.flush().result(PATIENCE)
    desk.leave()
    journal.close()
    assert len(reported) == 1
    after = Journal.open(path, no_error)
    after.close()
    assert after.recovered is not None
    assert exact(after.recovered.snapshot) == exact(desk.snapshot)
    assert isinstance(after.recovered.snapshot.cues[0], Cue)
