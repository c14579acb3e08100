"""A real process is killed in the middle of writing: all that was acknowledged is there (I3)."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from vtt_desktop.domain.document import Document
from vtt_desktop.domain.errors import UserError
from vtt_desktop.domain.history import History
from vtt_desktop.sync.journal import Journal, Recovered

ROOT = Path(__file__).resolve().parents[2]


def writer(path: Path, first: int = 0, cues: int = 40) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.sync.journal_writer", str(path), str(first), str(cues)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def killed(process: subprocess.Popen[str]) -> int:
    """Kills it where it stands; the last number that it said was on disk."""
    process.kill()
    assert process.stdout is not None
    with process.stdout:
        lines = process.stdout.read().splitlines(keepends=True)
    assert process.wait(20) == -signal.SIGKILL
    whole = [line for line in lines if line.endswith("\n")]
    assert not [line for line in whole if line.startswith("error")]
    return int(whole[-1]) if whole else -1


def reopened(path: Path) -> Recovered:
    journal = Journal.open(path, lambda sentence: None)
    assert journal.set_aside is None
    journal.close()
    assert journal.recovered is not None
    return journal.recovered


def test_all_that_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    path, cues, acknowledged = tmp_path / "film.vttproj", 40, -1
    chance = random.Random(20)
    for _ in range(10):
        process = writer(path, acknowledged + 1, cues)
        assert process.stdout is not None
        for _ in range(chance.randrange(60)):
            acknowledged = int(process.stdout.readline())
        acknowledged = max(acknowledged, killed(process))
        found = reopened(path)
        texts = {cue.id: cue.text for cue in found.snapshot.cues}
        for number in range(max(0, acknowledged - cues + 1), acknowledged + 1):
            # At most the one after was written without being acknowledged.
            assert texts[number % cues + 1] in (str(number), str(acknowledged + 1))
        segments = {segment.key: segment for segment in found.segments}
        for number in range(max(0, acknowledged - cues + 1), acknowledged + 1):
            mine = segments[str(number % cues + 1)].mine
            assert mine is not None and mine.wire in (str(number), str(acknowledged + 1))
        history = History(Document(found.snapshot, found.next_id), lambda: 0.0)
        for event in found.events:
            history.restore(event)
        while history.undo():
            pass
    assert acknowledged > 0
    assert {cue.text for cue in history._document.snapshot.cues} == {"-"}, "undo reaches the beginning"


def test_the_holder_is_named_and_its_death_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "film.vttproj"
    process = writer(path)
    assert process.stdout is not None
    assert process.stdout.readline() == "0\n"
    with pytest.raises(UserError) as refused:
        Journal.open(path, lambda sentence: None)
    said = str(refused.value)
    assert f"process {process.pid} on {os.uname().nodename}, since 20" in said
    assert "film.vttproj is open in another program" in said
    killed(process)
    reopened(path)


def test_the_same_process_does_not_open_twice(tmp_path: Path) -> None:
    first = Journal.open(tmp_path / "film.vttproj", lambda sentence: None)
    with pytest.raises(UserError, match=f"process {os.getpid()} "):
        Journal.open(tmp_path / "film.vttproj", lambda sentence: None)
    first.close()
    Journal.open(tmp_path / "film.vttproj", lambda sentence: None).close()
