"""packaging/bootstrap.sh: what was set up is not set up again, what was cut off or has changed is."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="packaging/run is a shell script")


def shell(checkout: Path, script: str, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], **variables}
    command = ["bash", "-c", script, "bash", *args]
    return subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def ready(checkout: Path, kind: str) -> bool:
    result = shell(checkout, f"source packaging/bootstrap.sh; set_up_already {kind}")
    assert result.stderr == ""
    return result.returncode == 0


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that was set up, with a Python that only tells how it was called."""
    root = tmp_path / "a check out"
    shutil.copytree(ROOT / "packaging", root / "packaging")
    python = root / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\necho "${QT_QPA_PLATFORM:-on a screen}"\nexit 7\n')
    python.chmod(0o755)
    stamp = 'source packaging/bootstrap.sh; wanted_stamp run >"$STAMPS.run"'
    assert shell(root, stamp).returncode == 0
    return root


def test_a_second_start_only_starts(checkout: Path) -> None:
    result = shell(checkout, './packaging/run "$@"', "check", "a b.vtt", DISPLAY=":0")
    assert result.stdout == "-m vtt_desktop check a b.vtt\non a screen\n"
    assert (result.stderr, result.returncode) == ("", 7)


def test_it_runs_from_any_folder_and_through_a_path(checkout: Path, tmp_path: Path) -> None:
    result = shell(tmp_path, '"a check out/packaging/run" x', DISPLAY=":0")
    assert result.stdout.startswith("-m vtt_desktop x\n")


def test_the_program_alone_is_not_enough_for_its_tests(checkout: Path) -> None:
    assert ready(checkout, "run")
    assert not ready(checkout, "test")


def test_what_serves_the_tests_serves_the_program(checkout: Path) -> None:
    shell(checkout, 'source packaging/bootstrap.sh; wanted_stamp test >"$STAMPS.test"; rm "$STAMPS.run"')
    assert ready(checkout, "test")
    assert ready(checkout, "run")


def test_a_set_up_that_was_cut_off_is_none(checkout: Path) -> None:
    shell(checkout, 'source packaging/bootstrap.sh; : >"$BUSY"')
    assert not ready(checkout, "run")


def test_another_lock_asks_for_another_set_up(checkout: Path) -> None:
    with (checkout / "packaging/requirements.lock").open("a") as lock:
        lock.write("one-more==1\n")
    assert not ready(checkout, "run")


def test_a_moved_checkout_asks_for_another_set_up(checkout: Path) -> None:
    moved = checkout.rename(checkout.with_name("elsewhere"))
    assert not ready(moved, "run")


def test_no_python_in_the_environment_asks_for_another_set_up(checkout: Path) -> None:
    (checkout / ".venv/bin/python").unlink()
    assert not ready(checkout, "run")
