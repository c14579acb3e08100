"""What the first window needs brings in nothing heavy: PySide6's widgets are the whole start-up budget."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEAVY = {"numpy", "av", "httpx", "fastapi", "uvicorn", "pydantic", "pysubs2", "ttconv"} | {
    "asyncpg",
    "charset_normalizer",
    "pymongo",
}
QT = {"PySide6"}
# QtSvg draws the icons of the first window: 3 ms to import, where QtWidgets takes 100.
LATER = {"PySide6.QtMultimedia", "PySide6.QtNetwork", "PySide6.QtOpenGL"}

# What shows the first rows comes before all that works on them.
AFTER_THE_ROWS = {"asyncio", "sqlite3", "vtt_desktop.sync.state", "vtt_desktop.ui.furnishing"}

# Module → what it must not bring in. A command that shows no window does without Qt, too.
LIGHT = {
    "vtt_desktop.app.cli": HEAVY | QT,
    "vtt_desktop.domain.document": HEAVY | QT,
    "vtt_desktop.formats.webvtt": HEAVY | QT,
    "vtt_desktop.formats.files": HEAVY | QT,
    "vtt_desktop.quality.checker": HEAVY | QT,
    "vtt_desktop.sync.state": HEAVY | QT,
    "vtt_desktop.ui.main_window": HEAVY | LATER,
    "vtt_desktop.app.start": HEAVY | LATER | AFTER_THE_ROWS,
    "vtt_desktop.ui.furnishing": HEAVY | LATER,
}


@pytest.mark.parametrize("module", LIGHT)
def test_an_import_stays_light(module: str) -> None:
    path = ROOT / module.replace(".", "/")
    if not path.with_suffix(".py").exists() and not path.is_dir():
        pytest.skip(f"{module} is not written yet")
    code = f"import sys, {module}; print(*sys.modules, sep='\\n')"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert LIGHT[module] & set(result.stdout.split()) == set()
