"""Where the files that come with the program are: icons, profiles, presets, samples.

In a checkout `resources/` lies beside the package, so that it can be seen and edited; a wheel (and a frozen
program) carries it inside the package as `_resources`. Asking costs one look at the disk, at import.
"""

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_INSTALLED: Final = _PACKAGE / "_resources"

ROOT: Final = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "resources"


def resource(*parts: str) -> Path:
    """The path of one resource, e.g. `resource("profiles", "vtt-desktop.toml")`.

    The parts are names, below `ROOT` only. Raises FileNotFoundError, naming the path, when it is not there:
    a program without its own files is broken, which no person can repair from inside.
    """
    path = ROOT.joinpath(*parts).resolve()
    if not path.is_relative_to(ROOT):
        raise FileNotFoundError(f"{path} is outside the program's resources")
    if not path.exists():
        raise FileNotFoundError(f"the program's own file {path} is missing")
    return path
