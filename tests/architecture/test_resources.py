"""The program finds its own files, in a checkout and installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vtt_desktop.resources import ROOT, resource


def test_in_a_checkout_they_lie_beside_the_package() -> None:
    assert Path(__file__).resolve().parents[2] / "resources" == ROOT
    assert resource("sample").is_dir()


def test_installed_they_lie_in_the_package(tmp_path: Path) -> None:
    package = tmp_path / "vtt_desktop"
    (package / "_resources").mkdir(parents=True)
    for name in ("__init__.py", "resources.py"):
        shutil.copy(ROOT.parent / "vtt_desktop" / name, package)
    code = "import vtt_desktop.resources as r; print(r.ROOT)"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(result.stdout.strip()) == package / "_resources"


@pytest.mark.parametrize("parts", [("no-such-file",), ("..", "pyproject.toml"), ("sample", "../../LICENSE")])
def test_what_is_not_there_is_named(parts: tuple[str, ...]) -> None:
    with pytest.raises(FileNotFoundError):
        resource(*parts)
