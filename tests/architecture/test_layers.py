"""The layers hold, and every contract that says so can fail: for each, one violation is planted in a copy."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

with (ROOT / "pyproject.toml").open("rb") as file:
    _LINTER = tomllib.load(file)["tool"]["importlinter"]
CONTRACTS: dict[str, str] = {contract["id"]: contract["name"] for contract in _LINTER["contracts"]}

# (contract, module that breaks it, its text). Modules are new ones, so that no real file has to be known.
PLANTS = [
    ("layers", "domain/planted.py", "import vtt_desktop.formats"),
    ("layers", "formats/planted.py", "import vtt_desktop.quality"),
    ("layers", "quality/planted.py", "import vtt_desktop.sync"),
    ("layers", "media/planted.py", "import vtt_desktop.formats"),
    ("layers", "sync/planted.py", "import vtt_desktop.app"),
    ("layers", "server/planted.py", "import vtt_desktop.ui"),
    ("layers", "ui/planted.py", "import vtt_desktop.server"),
    ("layers", "domain/planted.py", "import vtt_desktop.resources"),
    ("layers", "ui/planted.py", "def late():\n    import vtt_desktop.app"),
    ("layers", "helpers/__init__.py", "import vtt_desktop.domain"),
    ("domain-is-pure", "domain/planted.py", "import time"),
    ("domain-is-pure", "domain/planted.py", "from pathlib import Path"),
    ("domain-is-pure", "domain/planted.py", "import asyncio.events"),
    ("domain-is-pure", "domain/planted.py", "import vtt_desktop.resources"),
    ("qt", "sync/planted.py", "from PySide6.QtCore import QObject"),
    ("qt", "domain/planted.py", "import qasync"),
    ("http-client", "ui/planted.py", "import httpx"),
    ("http-client", "app/planted.py", "import httpx"),
    ("web-server", "app/planted.py", "from fastapi import FastAPI"),
    ("web-server", "sync/planted.py", "import uvicorn"),
    ("foreign-formats", "quality/planted.py", "import pysubs2"),
    ("arrays-and-codecs", "ui/planted.py", "import numpy"),
    ("arrays-and-codecs", "app/planted.py", "import av.container"),
    ("segment-is-pure", "sync/segment.py", "import time"),
    ("segment-is-pure", "sync/segment_step.py", "import random"),
    ("segment-is-pure", "sync/segment_events.py", "import logging"),
    ("segment-is-pure", "sync/state.py", "from asyncio import Task"),
    ("ui-reads-sync-state", "ui/planted.py", "import vtt_desktop.sync.planted_engine"),
]


def lint_imports(where: Path) -> subprocess.CompletedProcess[str]:
    """Runs import-linter on the package found in a folder, with the contracts found there."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as main; main()",
            "--no-cache",
        ],
        cwd=where,
        env={"PYTHONPATH": str(where), "COLUMNS": "500", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "vtt_desktop", tmp_path / "vtt_desktop", ignore=shutil.ignore_patterns("__pycache__")
    )
    # Where plants stand and what they point to.
    for name in ("app", "ui", "server", "sync", "formats", "media", "quality", "domain"):
        (tmp_path / "vtt_desktop" / name).mkdir(exist_ok=True)
        (tmp_path / "vtt_desktop" / name / "__init__.py").touch()
    (tmp_path / "vtt_desktop/sync/planted_engine.py").touch()
    return tmp_path


def test_the_program_keeps_its_layers() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_has_a_plant() -> None:
    assert {contract for contract, _, _ in PLANTS} == set(CONTRACTS)


@pytest.mark.parametrize(("contract", "module", "text"), PLANTS)
def test_a_violation_is_found(copy: Path, contract: str, module: str, text: str) -> None:
    path = copy / "vtt_desktop" / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + "\n")
    result = lint_imports(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"{CONTRACTS[contract]} BROKEN" in result.stdout
