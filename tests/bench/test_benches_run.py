"""Each bench of the window runs, on a few cues: what it measures is for a quiet machine to judge."""

import os
import re
from pathlib import Path

import pytest

from tests.bench import bench_conflicts, bench_open, bench_quality, bench_window
from tests.bench.__main__ import BENCHES

ACTS = {"first key", "key", "seek", "find", "select all", "shift all", "undo that"}


@pytest.fixture(autouse=True)
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    monkeypatch.setitem(os.environ, "QT_QPA_PLATFORM", "offscreen")


def test_the_bench_of_opening(capsys: pytest.CaptureFixture[str]) -> None:
    bench_open.main([20], runs=1)
    said = capsys.readouterr().out
    assert re.search(r"20 cues, first time: \d+\.\d+ s .* floor; \d+ MB; .*longest gap \d+ ms", said)
    assert "20 cues, again: " in said and "empty window: " in said


def test_the_bench_of_the_window(capsys: pytest.CaptureFixture[str]) -> None:
    bench_window.main([20], runs=1)
    said = capsys.readouterr().out
    assert set(re.findall(r"cues, ([a-z ]+): longest gap \d+ ms", said)) >= ACTS


def test_the_bench_of_the_checks(capsys: pytest.CaptureFixture[str]) -> None:
    bench_quality.main(300)
    said = capsys.readouterr().out
    assert len(re.findall(r"\(budget 1\); ratio \d+\.\d\d", said)) == 3


def test_the_bench_of_conflicts(capsys: pytest.CaptureFixture[str]) -> None:
    bench_conflicts.main(4, {"changed": bench_conflicts.THEIRS["changed"]})
    said = capsys.readouterr().out
    assert (
        len(re.findall(r"changed, \w+: 4 decided in .* longest hold \d+ ms of CPU .*; ratio \d", said)) == 2
    )


def test_all_benches_are_run_by_one_command() -> None:
    here = {path.stem.removeprefix("bench_") for path in Path(bench_open.__file__).parent.glob("bench_*.py")}
    assert set(BENCHES) == here
