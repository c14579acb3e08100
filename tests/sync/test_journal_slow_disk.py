"""A disk that takes its time for an fsync: no edit waits for it, and nothing is called durable before it.

A power cut is played by keeping what the files were at the last fsync.
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.sync.journal_typing import PATIENCE, begun, typed
from tests.sync.test_journal import exact, no_error
from vtt_desktop.sync import journal as journal_module
from vtt_desktop.sync import journal_wal
from vtt_desktop.sync.journal import Journal, Recovered
from vtt_desktop.sync.journal_looking import looked_at

ROOT = Path(__file__).resolve().parents[2]


def texts(found: Recovered | None) -> list[str]:
    return [cue.text for cue in found.snapshot.cues] if found is not None else []


def comes_true(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline


class SlowDisk:
    """The journal's own fsyncs: each waits in the disk until it is let go, or fails."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: SimpleQueue[None] = SimpleQueue()
        self.goes = threading.Event()
        self.goes.set()
        self.fails = False
        self.synced: Callable[[], object] = lambda: None
        monkeypatch.setattr(journal_wal, "_sync", self._sync)

    def _sync(self, descriptor: int) -> None:
        self.asked.put(None)
        assert self.goes.wait(PATIENCE)
        if self.fails:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fsync(descriptor)
        self.synced()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SlowDisk:
    return SlowDisk(monkeypatch)


def test_edits_leave_the_program_while_the_disk_is_busy(tmp_path: Path, disk: SlowDisk) -> None:
    desk = begun(path := tmp_path / "film.vttproj")
    disk.goes.clear()
    typed(desk, "first")
    waiting = desk.journal.flush()
    comes_true(lambda: texts(looked_at(path))[:1] == ["first"])
    typed(desk, "second")
    comes_true(lambda: texts(looked_at(path))[:1] == ["second"])
    assert not waiting.done(), "nobody is told that the disk has it"
    disk.goes.set()
    waiting.result(PATIENCE)
    desk.journal.close()


def test_what_was_waited_for_outlives_a_power_cut(tmp_path: Path, disk: SlowDisk) -> None:
    """I1, I5: whoever sends something has it on disk, whatever else was written meanwhile."""
    desk = begun(path := tmp_path / "film.vttproj")
    durable = tmp_path / "durable"
    durable.mkdir()

    def power_cut_now() -> None:
        for file in (path, path.with_name(path.name + "-wal")):
            shutil.copyfile(file, durable / file.name)

    disk.synced = power_cut_now
    for number in range(20):
        typed(desk, str(number))
        desk.journal.flush().result(PATIENCE)
        assert texts(looked_at(durable / path.name))[:1] == [str(number)]
        typed(desk, f"{number} and nobody waits")
    desk.journal.close()


@pytest.mark.parametrize("ends", [False, True])
def test_a_failed_fsync_is_met_with_another_file(tmp_path: Path, disk: SlowDisk, ends: bool) -> None:
    """One that succeeds after it says nothing of the pages that the kernel gave up (fsync(2), "EIO")."""
    desk = begun(path := tmp_path / "film.vttproj")
    was = os.stat(path).st_ino
    disk.fails = True
    typed(desk, "on a bad disk")
    waiting = desk.journal.flush()
    if ends:
        desk.journal.close()
    waiting.result(PATIENCE)  # by the new file, which SQLite synced itself
    assert os.stat(path).st_ino != was
    disk.fails = False
    if not ends:
        typed(desk, "on a good one", 2)
        desk.journal.close()
    assert not [*tmp_path.glob("*-[0-9]*")], "the old one had nothing that is not in this one"
    after = Journal.open(path, no_error)
    after.close()
    assert after.recovered is not None and exact(after.recovered.snapshot) == exact(desk.snapshot)


def test_a_long_log_is_folded_when_nobody_types(
    tmp_path: Path, disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "QUIET", 0.01)
    monkeypatch.setattr(journal_module, "CALM", PATIENCE)
    monkeypatch.setattr(journal_wal, "FOLDED_AFTER", 5)
    desk = begun(path := tmp_path / "film.vttproj")

    def whole() -> bool:
        """Whether the file has all without its log."""
        shutil.copyfile(path, tmp_path / "alone")
        return texts(looked_at(tmp_path / "alone"))[:1] == ["9"]

    for number in range(10):
        typed(desk, str(number))
        desk.journal.flush().result(PATIENCE)
    comes_true(whole)
    typed(desk, "on a log that began anew", 2)
    desk.journal.flush().result(PATIENCE)
    assert texts(looked_at(path))[:2] == ["9", "on a log that began anew"]
    desk.journal.close()


TYPIST = """
import sys
from pathlib import Path
from tests.sync.journal_typing import typed
from tests.sync.test_journal import Desk, no_error, snapshot_of
from vtt_desktop.sync.journal import Journal

desk = Desk(Journal.open(Path(sys.argv[1]), no_error), snapshot_of(3))
print("ready", flush=True)
desk.checkpoint()
number = 0
while sys.stdin.readline():  # from the first edit on the disk hangs
    for number in range(number + 1, number + 101):
        typed(desk, str(number))
    desk.checkpoint()
    desk.journal.put_meta("typed", str(number))
    desk.journal.flush().add_done_callback(lambda done: print("durable", flush=True))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are preloaded in Linux's way")
def test_no_fsync_of_the_whole_program_keeps_an_edit_from_a_kill(tmp_path: Path) -> None:
    """I3: neither the journal's own nor one of SQLite's, in a commit, a checkpoint or a folded log."""
    if (compiler := shutil.which("cc")) is None:
        pytest.skip("there is no C compiler to make the slow disk with")
    library, hangs = tmp_path / "hanging_disk.so", tmp_path / "hangs"
    source = Path(__file__).with_name("hanging_disk.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    path = tmp_path / "film.vttproj"
    with subprocess.Popen(
        [sys.executable, "-c", TYPIST, path],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(library), "HANGING_DISK": str(hangs)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        hangs.touch()
        try:
            for number in ("100", "200", "300"):
                process.stdin.write("type\n")
                process.stdin.flush()
                comes_true(lambda number=number: texts(looked_at(path))[:1] == [number])
        finally:
            process.send_signal(signal.SIGKILL)
        assert process.stdout.read() == "", "nothing is durable on a disk that hangs"
    after = Journal.open(path, no_error)
    after.close()
    assert after.set_aside is None and after.recovered is not None
    assert texts(after.recovered)[:1] == ["300"] and after.recovered.meta["typed"] == "300"
    assert len(after.recovered.events) == 300
