"""Other people's servers, installed for tests alone: pinned, once, into `.cache/interop`.

They are no part of the program's environment, neither for development nor for use: one of them is GPL, and
none is needed to work on the program.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.server_process import ROOT

CACHE = ROOT / ".cache" / "interop"
EVE = ("Eve==2.3.1", "SecantusDB==0.7.0b3")
_PATIENCE_S = 300


def python_packages(name: str, requirements: Sequence[str]) -> Path:
    """A folder for PYTHONPATH with these packages. Skips the test where they cannot be had."""

    def install(folder: Path) -> list[str]:
        pip = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", "--quiet"]
        return [*pip, "--target", str(folder), *requirements]

    return _installed(
        f"python-{sys.version_info.major}.{sys.version_info.minor}-{name}", requirements, install
    )


def node_packages(name: str, requirements: Sequence[str]) -> Path:
    """A folder with `node_modules`. Skips the test where there is no npm, or it cannot fetch them."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("npm is not installed")

    def install(folder: Path) -> list[str]:
        quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        return [npm, "install", "--prefix", str(folder), *quiet, *requirements]

    return _installed(f"node-{name}", requirements, install)


def _installed(name: str, requirements: Sequence[str], command: Callable[[Path], list[str]]) -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    folder, done = CACHE / name, CACHE / name / "installed.txt"
    wanted = "\n".join(requirements)
    with (CACHE / f"{name}.lock").open("w") as lock:  # two test runs may want it at once
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and done.read_text() == wanted:
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            subprocess.run(command(folder), check=True, capture_output=True, timeout=_PATIENCE_S)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
            said = getattr(error, "stderr", b"") or b""
            words = said.decode(errors="replace").strip().splitlines()[-1:] or [str(error)]
            pytest.skip(f"{', '.join(requirements)} cannot be installed here: {words[0][:200]}")
        done.write_text(wanted)
    return folder
